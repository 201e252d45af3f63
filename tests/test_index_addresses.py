"""One article has one address, and only web addresses are addresses."""

from __future__ import annotations

import pytest

from index.addresses import address_key, canonical_url, host_name, is_web_address


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://post.example/a", "https://post.example/a"),
        (" HTTPS://Post.Example:443/A#part ", "https://post.example/A"),
        ("http://post.example:80/a?utm_source=x&id=3&fbclid=y", "http://post.example/a?id=3"),
        ("https://post.example/?p=12", "https://post.example/?p=12"),
        ("https://post.example/a b|c", "https://post.example/a%20b%7Cc"),
        ("https://post.example/ä", "https://post.example/%C3%A4"),
        ("https://post.example:8443/a", "https://post.example:8443/a"),
    ],
)
def test_an_address_is_brought_into_its_stored_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "post.example/a",
        "//post.example/a",
        "ftp://post.example/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://user:secret@post.example/a",
        "https://post.example\\@evil.example/",
        "https://post.example/\x00a",
        "https://post.example/\na",
        'https://post.example/"onclick="x',
        "https://post.example/<script>",
        "https://post.example:99999/",
        "https://[::1/",
        "https://post.example/" + "a" * 2_000,
    ],
)
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert canonical_url(url) is None


def test_spellings_of_an_address_share_a_key_and_other_pages_do_not() -> None:
    spellings = ("http://post.example/a/", "https://www.post.example/a", "https://post.example/a")
    assert {address_key(url) for url in spellings} == {"post.example/a?"}
    assert address_key("https://post.example/?p=1") != address_key("https://post.example/?p=2")


def test_the_host_is_named_as_readers_know_it() -> None:
    assert host_name("https://www.post.example:8443/a") == "post.example"


@pytest.mark.parametrize(
    ("source", "expected"),
    [("http://x", True), ("HTTPS://x", True), ("http.txt", False), ("a/http://x", False)],
)
def test_an_address_is_told_from_a_path(source: str, expected: bool) -> None:
    assert is_web_address(source) == expected
