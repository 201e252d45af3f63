"""Whatever a user names becomes articles; what is bad fails alone and says why."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.schema import Document, TextNode

from index.config import ExtractLimits, FetchLimits, IndexConfig
from index.errors import SourceError
from index.sources import SourceItem, article_id, read_sources
from index.types import Article

TITLE = "Harbour reopens"
PARAGRAPHS = (
    "The harbour of Velmora reopened on Tuesday after three weeks of repairs, a month later than planned.",
    "“We lost two ferries, not our nerve,” mayor Ilse Brandt said on the quay before some 400 people.",
)
BODY = "\n\n".join(PARAGRAPHS)
HTML = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harbour reopens</title>{head}</head>'
    f"<body><article><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article></body></html>"
)


def only(items: Iterator[SourceItem]) -> SourceItem:
    (item,) = items
    return item


def reason(item: SourceItem) -> str:
    with pytest.raises(SourceError) as error:
        item.read()
    return str(error.value)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def line(**fields: object) -> str:
    return json.dumps({"text": BODY} | fields, ensure_ascii=False) + "\n"


# Formats


def test_a_text_file_gives_its_title_and_its_body(tmp_path: Path) -> None:
    raw = f"{TITLE}\n\n{TITLE}\n{BODY}\n\n-\n\nPREV Bakers win prize\nNEXT Marathon: results\n"
    article = only(read_sources(write(tmp_path / "a.txt", raw))).read()
    assert (article.title, article.text, article.language) == (TITLE, BODY, "en")
    assert (article.url, article.published, article.published_from) == (None, None, "unknown")


def test_markdown_gives_its_front_matter_and_plain_paragraphs(tmp_path: Path) -> None:
    raw = f"""---
id: velmora-1
outlet: The Velmora Post
url: https://post.example/a?utm_source=x
published: 2024-11-05T08:30:00+01:00
authors: [Jan Holt, Mira Solano]
language: en-GB
---
# Harbour *reopens*

{PARAGRAPHS[0].replace("Velmora", "[Velmora](https://evil.example)")}
![picture](https://tracker.example/x.png) <span style="display:none">x</span>

> {PARAGRAPHS[1]}
"""
    article = only(read_sources(write(tmp_path / "a.md", raw))).read()
    assert article.id == "velmora-1"
    assert (article.title, article.outlet, article.url) == (
        TITLE,
        "The Velmora Post",
        "https://post.example/a",
    )
    assert article.published == datetime(2024, 11, 5, 7, 30, tzinfo=UTC)
    assert article.published_from == "given"
    assert article.authors == ("Jan Holt", "Mira Solano")
    assert article.language == "en"
    assert "evil" not in article.text
    assert "tracker" not in article.text
    assert article.text.startswith(PARAGRAPHS[0])
    assert article.text.endswith(PARAGRAPHS[1])


@pytest.mark.parametrize(
    "front_matter",
    [
        "title: [",
        "- a\n- b",
        "text",
        "a: &a [x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)},*{chr(97 + n)}]\n" for n in range(20)),
        "title: " + "[" * 3_900,
        "title: " + "x" * 5_000,
        "title: !!python/object/apply:os.system ['touch canary']",
        "published: soon",
        "url: javascript:alert(1)",
        "authors: {a: b}",
    ],
    ids=[
        "broken",
        "list",
        "scalar",
        "alias_bomb",
        "nesting_bomb",
        "too_long",
        "python_object",
        "no_time",
        "no_url",
        "no_names",
    ],
)
def test_bad_front_matter_fails_or_is_left_alone_but_never_runs(
    front_matter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    item = only(read_sources(write(tmp_path / "a.md", f"---\n{front_matter}\n---\n{BODY}\n")))
    try:
        assert BODY in item.read().text
    except SourceError as error:
        assert "a.md" in str(error)  # noqa: PT017  # either outcome is right
    assert not (tmp_path / "canary").exists()


def test_an_html_file_is_named_by_its_canonical_address(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://post.example/a"><meta name="date" content="2024-11-05">'
    item = only(read_sources(write(tmp_path / "a.html", HTML.format(head=head))))
    article = item.read()
    assert item.identity == article.id == article_id(url="https://post.example/a", text="")
    assert (article.title, article.text, article.outlet) == (TITLE, BODY, "post.example")


@pytest.mark.parametrize("compress", [False, True], ids=["plain", "gzip"])
def test_json_lines_are_read_one_by_one(compress: bool, tmp_path: Path) -> None:
    lines = (
        line(id=7, title=TITLE, published="2024-11-05", outlet="Post", authors="Jan Holt")
        + "\n"
        + line(id="b")
    )
    path = tmp_path / ("a.jsonl.gz" if compress else "a.jsonl")
    write(path, gzip.compress(lines.encode()) if compress else lines)
    first, second = [item.read() for item in read_sources(path)]
    assert (first.id, first.title, first.outlet, first.authors) == ("7", TITLE, "Post", ("Jan Holt",))
    assert first.published == datetime(2024, 11, 5, tzinfo=UTC)
    assert second.id == "b"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"{broken", "no JSON"),
        (b"[1, 2]", "no JSON object"),
        (b"\xff\xfe\xff", "no JSON"),
        (b"[" * 200_000, "no JSON"),
        (b'{"title": "x"}', "field `text` is missing"),
        (b'{"text": "  "}', "field `text` is '  '"),
        (b'{"text": 5}', "field `text` is 5"),
        (line(url="ftp://post.example/a").encode(), "field `url` is 'ftp://post.example/a'"),
        (line(published="last week").encode(), "field `published` is 'last week'"),
        (line(updated=17).encode(), "field `updated` is 17"),
        (line(authors=[1]).encode(), "field `authors` is [1]"),
        (line(id="x" * 300).encode(), "field `id`"),
        (line(id="a\nb").encode(), "field `id`"),
        (line(language="english language").encode(), "field `language`"),
        (line(outlet=["x"]).encode(), "field `outlet`"),
    ],
)
def test_a_bad_line_names_file_line_and_field_and_the_next_one_is_read(
    raw: bytes, said: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "dump.jsonl", line(id="a").encode() + raw.strip() + b"\n" + line(id="c").encode())
    first, bad, last = read_sources(path)
    assert (first.read().id, last.read().id) == ("a", "c")
    assert said in reason(bad)
    assert f"{path} line 2" in reason(bad)


def test_a_damaged_gzip_file_gives_the_lines_before_the_damage(tmp_path: Path) -> None:
    whole = gzip.compress("".join(line(id=str(n), title=str(n) * 50) for n in range(2_000)).encode())
    *good, last = read_sources(write(tmp_path / "a.jsonl.gz", whole[: len(whole) // 2]))
    assert len(good) > 10
    assert all(item.read().id == str(n) for n, item in enumerate(good))
    assert "gzip data is damaged" in reason(last)


def test_a_line_that_never_ends_ends_the_file_in_bounded_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", gzip.compress(b"x" * 30_000_000))
    assert "longer than 20,000,000 bytes" in reason(only(read_sources(path)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no article text"),
        (b"\n \n", "no article text"),
        (b"\x7fELF\x00\x01\x02", "no text file"),
        (b"a" * 2_001, "larger than 2,000 bytes"),
        (b"a b " * 400, "more than 1,000"),
    ],
    ids=["empty", "blank", "binary", "large_file", "long_text"],
)
def test_a_file_without_a_readable_article_says_so(content: bytes, said: str, tmp_path: Path) -> None:
    limits = IndexConfig(extract=ExtractLimits(file_bytes=2_000, text_characters=1_000))
    assert said in reason(only(read_sources(write(tmp_path / "a.txt", content), limits)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_files_in_other_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    assert only(read_sources(write(tmp_path / "a.txt", BODY.encode(encoding)))).read().text == BODY


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (f"{TITLE}\n\n{BODY}", TITLE),
        (line(title="From JSON"), "From JSON"),
        (f"---\ntitle: From Markdown\n---\n{BODY}", "From Markdown"),
        (HTML.format(head=""), TITLE),
        (
            f"<rss><item><title>From RSS</title><description>{BODY}</description></item></rss>",
            "From RSS",
        ),
    ],
    ids=["text", "json_lines", "markdown", "html", "feed"],
)
def test_standard_input_is_told_by_its_content(
    content: str, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content.encode())))  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "stdin", stdin)
    item = only(read_sources("-"))
    assert item.read().title == title


# Folders


def test_a_folder_is_read_to_its_depth_and_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c.jsonl", "photo.jpg", ".hidden.txt", ".git/x.txt", "c.HTM"):
        write(tmp_path / name, line(id="c") if name.endswith("jsonl") else BODY)
    names = [
        Path(item.source.removesuffix(" line 1")).relative_to(tmp_path) for item in read_sources(tmp_path)
    ]
    assert [str(name) for name in names] == ["a/b/c.jsonl", "a/z.md", "b.txt", "c.HTM"]


def test_links_out_of_a_folder_and_loops_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt", BODY)
    folder = write(tmp_path / "folder" / "a.txt", BODY).parent
    (folder / "b.txt").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    assert [item.source for item in read_sources(folder)] == [str(folder / "a.txt")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere.txt", "no file or folder"),
        ("a\x00b", "cannot be read"),
        ("", "no article file"),
        (5, "is no source"),
    ],
    ids=["missing", "nul", "empty_folder", "number"],
)
def test_what_is_no_source_says_so(
    source: object, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in reason(only(read_sources([source])))  # type: ignore[list-item]


def test_one_bad_source_never_stops_the_others(tmp_path: Path) -> None:
    good = write(tmp_path / "a.txt", BODY)
    bad = write(tmp_path / "b.txt", b"\x00")
    items = list(read_sources([bad, "http://127.0.0.1/", good, tmp_path / "none", Article(text=BODY)]))
    assert [bool(item.identity) for item in items] == [True, False, True, False, True]
    assert items[2].read().text == items[4].read().text == BODY


# Identity and digests


def test_the_id_comes_from_the_first_of_id_address_file_and_text(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    full = {"given": "x", "url": "https://post.example/a", "path": path, "text": BODY}
    ids = [article_id(**dict(list(full.items())[start:])) for start in range(4)]  # type: ignore[arg-type]
    assert ids[0] == "x"
    assert len(set(ids)) == 4
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in ids[1:])
    assert article_id(path=Path(os.path.relpath(path)), text="other") == ids[2]
    assert article_id(text=f"\n{BODY} ") == ids[3]


@pytest.mark.parametrize(
    "url",
    [
        "http://post.example/a",
        "https://www.post.example/a",
        "HTTPS://Post.Example:443/a/",
        "https://post.example/a?utm_source=feed&utm_medium=rss#comments",
    ],
)
def test_spellings_of_one_address_are_one_article(url: str) -> None:
    wanted = only(read_sources(Article(text=BODY, url="https://post.example/a"))).identity
    assert only(read_sources(Article(text="Another text.", url=url))).identity == wanted


def test_the_digest_changes_with_text_and_metadata_and_with_nothing_else(tmp_path: Path) -> None:
    first, again, other_text, other_title = (
        only(read_sources(Article(**fields)))  # type: ignore[arg-type]
        for fields in (
            {"text": BODY, "title": "a"},
            {"text": BODY, "title": "a", "version": 3, "cluster": "c", "ingested": datetime.now(UTC)},
            {"text": BODY + ".", "title": "a"},
            {"text": BODY, "title": "b"},
        )
    )
    assert first.raw_digest == again.raw_digest
    assert len({first.raw_digest, other_text.raw_digest, other_title.raw_digest}) == 3


def test_finding_items_reads_none_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or an unchanged archive could not be passed over at thousands of articles a second."""
    write(tmp_path / "a.html", HTML.format(head=""))
    write(tmp_path / "b.jsonl", line())
    write(tmp_path / "c.md", BODY)
    write(tmp_path / "d.txt", BODY)

    def refuse(*_: object) -> None:
        raise AssertionError("an item was read")

    for name in ("clean_text", "detect_language", "extract_page", "read_markdown"):
        monkeypatch.setattr(f"index.sources.{name}", refuse)
    assert all(item.identity and item.raw_digest for item in read_sources(tmp_path))


def test_reading_keeps_the_identity_of_every_item(tmp_path: Path) -> None:
    write(tmp_path / "a.html", HTML.format(head=""))
    write(tmp_path / "b.jsonl", line(url="https://post.example/a") + line(id="x"))
    write(tmp_path / "c.md", BODY)
    write(tmp_path / "d.txt", BODY)
    items = list(read_sources([tmp_path, Article(text=BODY), Document(text=BODY)]))
    assert [item.read().id for item in items] == [item.identity for item in items]


# Python objects


def test_an_article_is_cleaned_and_its_times_made_aware() -> None:
    raw = Article(text=f"\u200b{BODY}\n\nShare", title=f" {TITLE}\n", published=datetime(2024, 11, 5))  # noqa: DTZ001
    article = only(read_sources(raw)).read()
    assert (article.text, article.title) == (BODY, TITLE)
    assert article.published == datetime(2024, 11, 5, tzinfo=UTC)
    assert article.published_from == "given"


def test_an_article_with_a_bad_address_loses_it_and_not_its_text() -> None:
    article = only(read_sources(Article(text=BODY, url="javascript:alert(1)"))).read()
    assert (article.url, article.text) == (None, BODY)


@pytest.mark.parametrize("kind", [Document, TextNode])
def test_llama_index_documents_are_taken_with_their_metadata(kind: Callable[..., Document]) -> None:
    metadata = {"title": TITLE, "outlet": "Post", "published": "2024-11-05", "page": 3, "url": None}
    document = kind(text=BODY, metadata=metadata, id_="velmora-1")
    article = only(read_sources([document])).read()
    assert (article.id, article.title, article.outlet, article.text) == ("velmora-1", TITLE, "Post", BODY)


def test_a_random_document_id_does_not_name_an_article() -> None:
    first, second = (only(read_sources(Document(text=BODY))).identity for _ in range(2))
    assert first == second == article_id(text=BODY)


def test_a_document_with_a_bad_field_is_named() -> None:
    assert "field `published`" in reason(
        only(read_sources(Document(text=BODY, metadata={"published": "soon"})))
    )


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_is_an_article_or_a_reason(text: str, title: str) -> None:
    item = only(read_sources(Article(text=text, title=title)))
    try:
        article = item.read()
    except SourceError as error:
        assert str(error)  # noqa: PT017  # the other outcome
    else:
        assert article.text.strip()
        article.text.encode()  # no lone surrogate


# Addresses and feeds


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[Path, str, IndexConfig]]:
    """A folder, the address it is served under, and a configuration that may fetch from there."""
    root = tmp_path / "web"
    root.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(root)))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    host = f"127.0.0.1:{server.server_address[1]}"
    yield root, f"http://{host}", IndexConfig(fetch=FetchLimits(seconds=5, private_hosts=(host,)))
    server.shutdown()
    server.server_close()


def feed_of(*entries: str) -> str:
    return f"<rss version='2.0'><channel><title>Velmora Post feed</title>{''.join(entries)}</channel></rss>"


def entry(link: str, text: str = "A teaser of the harbour story.") -> str:
    date = "<pubDate>Tue, 05 Nov 2024 08:30:00 +0100</pubDate>"
    return f"<item><title>{TITLE}</title><link>{link}</link><description>{text}</description>{date}</item>"


def test_a_page_is_fetched_and_named_by_its_address(web: tuple[Path, str, IndexConfig]) -> None:
    root, base, config = web
    write(root / "a.html", HTML.format(head='<link rel="canonical" href="https://other.example/a">'))
    article = only(read_sources(f"{base}/a.html", config)).read()
    assert (article.title, article.text) == (TITLE, BODY)
    assert article.url == f"{base}/a.html", "a page may not speak for another outlet"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.html"])
def test_every_format_is_read_from_the_web(name: str, web: tuple[Path, str, IndexConfig]) -> None:
    root, base, config = web
    write(root / name, {"a.jsonl": line(), "a.html": HTML.format(head="")}.get(name, BODY))
    assert only(read_sources(f"{base}/{name}", config)).read().text == BODY


def test_a_feed_brings_the_pages_of_its_entries(web: tuple[Path, str, IndexConfig]) -> None:
    root, base, config = web
    write(root / "a.html", HTML.format(head=""))
    write(root / "feed.xml", feed_of(entry(f"{base}/a.html"), entry(f"{base}/gone.html")))
    full, teaser = read_sources(f"{base}/feed.xml", config)

    article = full.read()
    assert (article.text, article.title) == (BODY, TITLE)
    assert article.published == datetime(2024, 11, 5, 7, 30, tzinfo=UTC)
    assert article.published_from == "feed"
    assert not full.is_excerpt

    assert teaser.is_excerpt
    assert teaser.read().text == "A teaser of the harbour story."
    assert teaser.read().url == f"{base}/gone.html"


def test_a_page_and_its_feed_entry_are_one_article(web: tuple[Path, str, IndexConfig]) -> None:
    root, base, config = web
    write(root / "a.html", HTML.format(head=""))
    write(root / "feed.xml", feed_of(entry(f"{base}/a.html?utm_source=rss")))
    items = read_sources([f"{base}/a.html", f"{base}/feed.xml"], config)
    assert len({item.identity for item in items}) == 1


def test_an_entry_whose_page_holds_no_article_falls_back_to_its_own_text(
    web: tuple[Path, str, IndexConfig],
) -> None:
    root, base, config = web
    write(root / "a.html", "<html><body><p>Scripts are needed.</p></body></html>")
    write(root / "feed.xml", feed_of(entry(f"{base}/a.html")))
    assert only(read_sources(root / "feed.xml", config)).read().text == "A teaser of the harbour story."


def test_an_entry_without_page_and_text_fails_alone(web: tuple[Path, str, IndexConfig]) -> None:
    root, base, config = web
    write(
        root / "feed.xml",
        feed_of(entry(f"{base}/gone.html", ""), entry("http://169.254.169.254/x", ""), entry("")),
    )
    gone, private, unlinked = read_sources(root / "feed.xml", config)
    assert "404" in reason(gone)
    assert "not on the public internet" in reason(private)
    assert unlinked.read().text == "A teaser of the harbour story."


def test_entries_over_the_limit_are_reported(web: tuple[Path, str, IndexConfig]) -> None:
    root, _, config = web
    write(root / "feed.xml", feed_of(*(entry("") for _ in range(5))))
    config = IndexConfig(fetch=FetchLimits(feed_entries=2))
    *read, rest = read_sources(root / "feed.xml", config)
    assert len(read) == 2
    assert "3 entries beyond the first 2" in reason(rest)


def test_an_address_that_fails_is_an_item_with_a_reason(web: tuple[Path, str, IndexConfig]) -> None:
    _, base, config = web
    assert "404" in reason(only(read_sources(f"{base}/none", config)))
