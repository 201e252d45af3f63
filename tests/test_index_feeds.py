"""Feeds are hostile text: entries come out plain, in order and counted, and nothing is opened."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.errors import ExtractError
from index.feeds import is_feed, parse_feed, read_feed
from index.worker import Worker

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
  <title>The Velmora Post</title><link>https://post.example/</link>
  <item><title>Harbour &amp;amp; ferries: “open again”</title><link>https://post.example/a?utm_source=rss#top</link>
    <pubDate>Tue, 05 Nov 2024 08:30:00 +0100</pubDate><dc:creator>Jan Holt</dc:creator>
    <description>A teaser.</description>
    <content:encoded><![CDATA[<p>The harbour reopened.</p><p>Ferries <b>sail</b> on Monday.</p>
      <img src="https://tracker.example/x"><script>alert(1)</script><p style="display:none">Planted.</p>]]>
    </content:encoded></item>
  <item><title>No link</title><description>Only this text.</description></item>
</channel></rss>""".encode()

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Oster Courier</title>
  <entry><title type="html">&lt;b&gt;Bridge&lt;/b&gt; opens</title><link href="/b"/><id>tag:b</id>
    <published>2024-11-05T08:30:00Z</published><updated>2024-11-06T08:30:00Z</updated>
    <author><name>Mira Solano</name></author><summary>The bridge opened.</summary></entry></feed>"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def test_rss_entries_are_read_as_plain_text(worker: Worker) -> None:
    feed = read_feed(RSS, None, 10, worker)
    first, second = feed.entries
    assert feed.title == "The Velmora Post"
    assert first.title == "Harbour & ferries: “open again”"
    assert first.url == "https://post.example/a"
    assert first.published == datetime(2024, 11, 5, 7, 30, tzinfo=UTC)
    assert first.authors == ("Jan Holt",)
    assert "The harbour reopened." in first.text
    assert "Ferries sail on Monday." in first.text
    assert not any(planted in first.text for planted in ("alert", "Planted", "tracker"))
    assert (second.url, second.published, second.text.strip()) == (None, None, "Only this text.")


def test_atom_entries_are_read_with_links_relative_to_the_feed(worker: Worker) -> None:
    (entry,) = read_feed(ATOM, "https://courier.example/feed", 10, worker).entries
    assert (entry.title, entry.url) == ("Bridge opens", "https://courier.example/b")
    assert entry.published == datetime(2024, 11, 5, 8, 30, tzinfo=UTC)
    assert entry.updated == datetime(2024, 11, 6, 8, 30, tzinfo=UTC)


def test_entries_beyond_the_limit_are_counted_and_left_out(worker: Worker) -> None:
    items = "".join(
        f"<item><title>{n}</title><link>https://post.example/{n}</link></item>" for n in range(12)
    )
    feed = read_feed(f"<rss><channel><title>x</title>{items}</channel></rss>".encode(), None, 5, worker)
    assert [entry.title for entry in feed.entries] == ["0", "1", "2", "3", "4"]
    assert feed.left_out == 7


def test_a_feed_of_a_million_items_costs_what_its_first_ones_cost(worker: Worker) -> None:
    items = b"<item><title>t</title></item>" * 1_000_000
    began = time.monotonic()
    feed = read_feed(b"<rss><channel><title>x</title>" + items + b"</channel></rss>", None, 100, worker)
    assert (len(feed.entries), feed.left_out) == (100, 999_900)
    assert time.monotonic() - began < 5


def billion_laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "{"ha" * 50}">{levels}]>'
        "<rss><channel><title>x</title><item><title>&l9;</title></item></channel></rss>"
    ).encode()


def test_entities_are_not_expanded_without_end(worker: Worker) -> None:
    began = time.monotonic()
    try:
        entries = read_feed(billion_laughs(), None, 10, worker).entries
    except ExtractError:
        entries = ()
    assert sum(len(entry.title) for entry in entries) < 100_000
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("kind", ["entity", "parameter_entity", "external_dtd"])
def test_no_file_is_opened_for_a_feed(worker: Worker, kind: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY x "canary">')
    doctype = {
        "entity": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        "parameter_entity": f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{secret.as_uri()}"> %p;]>',
        "external_dtd": f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}">',
    }[kind]
    content = f"{doctype}<rss><channel><item><title>A &x; B</title></item></channel></rss>".encode()
    try:
        entries = read_feed(content, None, 10, worker).entries
    except ExtractError:
        entries = ()
    assert all("canary" not in entry.title + entry.text for entry in entries)


def test_bytes_that_name_a_file_or_an_address_are_not_opened(tmp_path: Path) -> None:
    """feedparser opens such text when it is given as text; pytest-socket would stop the address."""
    file = tmp_path / "feed.xml"
    file.write_bytes(RSS)
    for name in (str(file), file.as_uri(), "http://192.0.2.1/feed.xml"):
        with pytest.raises(ExtractError, match="no entries"):
            parse_feed(name.encode(), base=None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<rss>",
        b"<rss><channel></channel></rss>",
        RSS[:200],
        b"\xff\xfe<rss>",
        b"<rss><item><title>" * 1000,
    ],
    ids=["empty", "open_tag", "no_items", "cut_off", "wrong_mark", "unclosed"],
)
def test_a_damaged_feed_is_an_error_or_some_entries_but_never_more(worker: Worker, content: bytes) -> None:
    try:
        feed = read_feed(content, None, 10, worker)
    except ExtractError as error:
        assert "feed" in str(error)  # noqa: PT017  # either outcome is right, silence is not
    else:
        assert feed.entries


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (RSS, True),
        (ATOM, True),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- made by x -->\n<rss version='2.0'>", True),
        (b"<?xml version='1.0'?><rdf:RDF xmlns='http://purl.org/rss/1.0/'>", True),
        (b"<!DOCTYPE html><html><body><rss> in a page</rss></body></html>", False),
        (b"<html><head></head>", False),
        (b"Text about <rss> feeds is a text", False),
        (b"", False),
    ],
    ids=["rss", "atom", "comment_first", "rdf", "page_about_feeds", "page", "text_with_a_tag", "empty"],
)
def test_a_feed_is_told_from_a_page(content: bytes, expected: bool) -> None:
    assert is_feed(content) == expected
