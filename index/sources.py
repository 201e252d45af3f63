"""The way in: whatever a user names becomes articles, one `SourceItem` at a time.

Reading goes in two steps, because an archive mostly sees what it knows. `read_sources` finds the
items, each with an `identity` and a `raw_digest` that cost no parsing; only for an item that is new
or changed does the archive call `SourceItem.read`, which extracts, cleans and detects the language::

    for item in read_sources(["articles/", "dump.jsonl", "https://example.org/feed.xml"]):
        if not known(item.identity, item.raw_digest):
            article = item.read()      # may raise SourceError: this one source failed

What is on the web is fetched when it is found. One bad source never ends the iteration: what cannot
be opened becomes an item whose `read` raises. Items come in the order of the sources, a folder's
files sorted by path, a feed's entries in its order.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TypeAlias, cast
from urllib.parse import urlsplit

from index.addresses import address_key, canonical_url, host_name, is_web_address
from index.cleaning import CLEANING_VERSION, clean_line, clean_text, split_title
from index.config import IndexConfig
from index.dates import as_aware
from index.errors import FetchError, SourceError
from index.extract import extract_page, find_canonical_url
from index.feeds import Entry, is_feed, read_feed
from index.fetch import Page, fetch
from index.fields import (
    OPTIONAL_FIELDS,
    authors_field,
    id_field,
    language_field,
    line_field,
    text_field,
    time_field,
    url_field,
)
from index.languages import detect_language
from index.markdown import read_markdown, split_front_matter
from index.types import Article
from index.worker import shared_worker

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode

Source: TypeAlias = "str | os.PathLike[str] | Article | BaseNode"
"""A file, a folder, ``-`` (standard input), an http(s) address, an article, a llama-index document."""

Format = Literal["text", "markdown", "html", "feed", "jsonl"]

SUFFIXES: Mapping[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".xml": "feed",
    ".rss": "feed",
    ".atom": "feed",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonl.gz": "jsonl",
    ".ndjson.gz": "jsonl",
}
"""What is taken from a folder; other files there (pictures, style sheets) are passed over."""

LONGEST_LINE = 20_000_000
"""Bytes of one JSONL line; a longer one is no article."""

_HEAD_BYTES = 4_096
_RANDOM_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceItem:
    """One article to be, found but not yet read."""

    source: str
    """Where it was found, for a person: a path, an address, "dump.jsonl line 12"."""
    identity: str
    """The article's id (see `article_id`), which `read` keeps; empty where the source cannot be opened."""
    raw_digest: str
    """Digest of the item as found, with its metadata and the `CLEANING_VERSION`: equal digests read
    to equal articles. Empty where the source cannot be opened."""
    reader: Callable[[], Article]
    """Does the reading; call `read`."""
    is_excerpt: bool = False
    """The article's page could not be fetched, and this is what its feed says of it: often a teaser.
    It may serve for a new article, but should not replace the text of a known one."""

    def read(self) -> Article:
        """Extract and clean the article.

        Raises:
            SourceError: The source holds no article, or cannot be read.
        """
        return self.reader()


def article_id(
    *, given: str | None = None, url: str | None = None, path: Path | None = None, text: str | bytes
) -> str:
    """Name an article so that it keeps its name when it is read again.

    Args:
        given: An explicit id; kept as it is.
        url: The canonical address (see `canonical_url`).
        path: The file that holds this article and nothing else.
        text: The raw text, which names an article that has nothing else.

    Returns:
        The first of them that there is: the id itself, or 16 hexadecimal digits made from the rest.
    """
    if given:
        return given
    if url:
        return _short_digest(f"url:{address_key(url)}")
    if path is not None:
        return _short_digest(f"file:{path.resolve()}")
    return _short_digest(b"text:" + _as_bytes(text).strip())


def read_sources(
    sources: Source | Iterable[Source], config: IndexConfig | None = None
) -> Iterator[SourceItem]:
    """Find the articles in files, folders, standard input, addresses, articles and documents.

    Args:
        sources: One source or several; see `Source`.
        config: Limits for fetching and extraction.

    Yields:
        Items in the order of the sources.
    """
    is_one = isinstance(sources, str | os.PathLike | Article) or _is_document(sources)
    reader = _Reader(config or IndexConfig())
    for source in [sources] if is_one else cast("Iterable[object]", sources):
        yield from reader.find(source)


class _Reader:
    """Finds and reads sources within limits; what it found keeps it, to be read later."""

    def __init__(self, config: IndexConfig) -> None:
        self._config = config
        self._worker = shared_worker(config.extract)

    def find(self, source: object) -> Iterator[SourceItem]:
        """Items of one source."""
        if isinstance(source, Article):
            yield self._article_item(source)
        elif source == "-":
            yield from self._find_in_stream(sys.stdin.buffer, "standard input", None)
        elif isinstance(source, str) and is_web_address(source.strip()):
            yield from self._find_at_address(source.strip())
        elif isinstance(source, str | os.PathLike):
            yield from self._find_at_path(Path(source))
        elif _is_document(source):
            yield self._document_item(source)
        else:
            kind = type(source).__name__
            yield _failed(
                kind, f"a {kind} is no source; give a path, an address, `-`, an Article or a Document"
            )

    # Where a source is

    def _find_at_path(self, path: Path) -> Iterator[SourceItem]:
        try:
            if path.is_dir():
                yield from self._find_in_folder(path)
                return
            with path.open("rb") as file:
                yield from self._find_in_stream(file, str(path), path)
        except FileNotFoundError:
            reason = f"there is no file or folder {path}; give a path, an http(s) address, or `-`"
            yield _failed(str(path), reason)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            yield _failed(str(path), f"{path!s} cannot be read: {error}")

    def _find_in_folder(self, folder: Path) -> Iterator[SourceItem]:
        found = False
        for path in _files_below(folder):
            found = True
            yield from self._find_at_path(path)
        if not found:
            kinds = ", ".join(SUFFIXES)
            yield _failed(str(folder), f"the folder {folder} holds no article file ({kinds}); name another")

    def _find_at_address(self, url: str) -> Iterator[SourceItem]:
        try:
            page = fetch(url, self._config.fetch)
        except FetchError as error:
            yield _failed(url, str(error))
            return
        name = "" if "html" in page.content_type else urlsplit(page.final_url).path
        yield from self._find_in_content(page.content, _format_of(name, page.content), url, page=page)

    def _find_in_stream(self, file: IO[bytes], source: str, path: Path | None) -> Iterator[SourceItem]:
        """Items of an open file; `path` is None for standard input."""
        name = path.name if path else ""
        head = file.peek(_HEAD_BYTES) if isinstance(file, io.BufferedReader) else b""
        kind = _format_of(name, head)
        if kind == "jsonl":
            lines = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if head.startswith(b"\x1f\x8b") else file
            yield from self._find_in_lines(lines, source)
            return
        limit = self._config.extract.file_bytes
        content = file.read(limit + 1)
        if len(content) > limit:
            yield _failed(source, f"{source} is larger than {limit:,} bytes; split it, or use JSON Lines")
        else:
            yield from self._find_in_content(content, kind, source, path=path)

    # What a source holds

    def _find_in_content(
        self, content: bytes, kind: Format, source: str, *, path: Path | None = None, page: Page | None = None
    ) -> Iterator[SourceItem]:
        """Items of a whole document, from a file or from the web."""
        if kind == "feed" and not is_feed(content):
            kind = "html"
        url = canonical_url(page.final_url) if page else None
        if kind == "jsonl":
            yield from self._find_in_lines(io.BytesIO(content), source)
        elif kind == "feed":
            yield from self._find_in_feed(content, source, page)
        elif kind == "html":
            yield self._page_item(content, source, path, page)
        elif kind == "markdown":
            yield self._markdown_item(content, source, path, url)
        else:
            yield self._text_item(content, source, path, url)

    def _find_in_lines(self, file: IO[bytes], source: str) -> Iterator[SourceItem]:
        number = 0
        try:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                where = f"{source} line {number}"
                if len(line) > LONGEST_LINE:
                    yield _failed(
                        where, f"{where} is longer than {LONGEST_LINE:,} bytes; the rest was not read"
                    )
                    return
                if not line.isspace():
                    yield self._line_item(line, where)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            where = f"{source} line {number + 1}"
            yield _failed(
                where, f"{where}: the gzip data is damaged ({error}); the lines before it were read"
            )

    def _find_in_feed(self, content: bytes, source: str, page: Page | None) -> Iterator[SourceItem]:
        base = page.final_url if page else None
        most = self._config.fetch.feed_entries
        try:
            feed = read_feed(content, base, most, self._worker)
        except SourceError as error:
            yield _failed(source, f"{source}: {error}")
            return
        for entry in feed.entries:
            yield self._entry_item(entry, feed.title, source)
        if feed.left_out:
            yield _failed(
                source, f"{source} has {feed.left_out:,} entries beyond the first {most:,}, which were read"
            )

    # Items

    def _text_item(self, content: bytes, source: str, path: Path | None, url: str | None) -> SourceItem:
        identity = article_id(url=url, path=path, text=content)

        def read() -> Article:
            title, text = split_title(_decode(content, source))
            return self._finish(Article(id=identity, url=url, title=title, text=text), source)

        return SourceItem(source=source, identity=identity, raw_digest=_raw_digest(content), reader=read)

    def _markdown_item(self, content: bytes, source: str, path: Path | None, url: str | None) -> SourceItem:
        try:
            fields, body = split_front_matter(_decode(content, source))
            fields = {"url": url, **fields}
            identity = article_id(given=id_field(fields), url=url_field(fields), path=path, text=body)
        except SourceError as error:
            return _failed(source, f"{source}: {error}")

        def read() -> Article:
            title, text = read_markdown(body, self._worker)
            return self._article_of({"title": title, **fields, "text": text}, identity, source)

        return SourceItem(source=source, identity=identity, raw_digest=_raw_digest(content), reader=read)

    def _line_item(self, line: bytes, where: str) -> SourceItem:
        try:
            fields = json.loads(line)
            if not isinstance(fields, dict):
                return _failed(where, f"{where} is no JSON object; each line needs one with at least `text`")
            identity = article_id(given=id_field(fields), url=url_field(fields), text=text_field(fields))
        except (ValueError, RecursionError) as error:
            return _failed(
                where, f"{where} is no JSON ({error}); each line needs one object with at least `text`"
            )
        except SourceError as error:
            return _failed(where, f"{where}: {error}")
        read = partial(self._article_of, fields, identity, where)
        return SourceItem(source=where, identity=identity, raw_digest=_raw_digest(line.strip()), reader=read)

    def _page_item(self, content: bytes, source: str, path: Path | None, page: Page | None) -> SourceItem:
        url = _page_url(content, page)
        identity = article_id(url=url, path=path, text=content)
        read = partial(self._read_page, content, url, identity, source)
        return SourceItem(source=source, identity=identity, raw_digest=_raw_digest(content), reader=read)

    def _entry_item(self, entry: Entry, feed_title: str, feed: str) -> SourceItem:
        """An entry of a feed by its article's page, or by its own text where the page does not come."""
        source = entry.url or f"{feed}: {entry.title}"
        refusal: FetchError | None = None
        page: Page | None = None
        try:
            page = fetch(entry.url, self._config.fetch) if entry.url else None
        except FetchError as error:
            refusal = error
        url = _page_url(page.content, page) if page else entry.url
        identity = article_id(url=url, text=f"{entry.title}\n{entry.text}")
        own = Article(
            id=identity,
            title=entry.title,
            text=entry.text,
            outlet=(host_name(url) if url else None) or feed_title,
            authors=entry.authors,
            url=url,
            published=entry.published,
            published_from="feed" if entry.published else "unknown",
            updated=entry.updated if entry.published and entry.updated != entry.published else None,
        )

        def read() -> Article:
            if page is not None:
                try:
                    return self._read_page(page.content, url, identity, source, own)
                except SourceError:
                    if not entry.text.strip():
                        raise
            elif refusal is not None and not entry.text.strip():
                raise refusal
            return self._finish(own, source)

        raw = _as_bytes(repr(own)) + (page.content if page else b"")
        return SourceItem(
            source=source,
            identity=identity,
            raw_digest=_raw_digest(raw),
            reader=read,
            is_excerpt=page is None,
        )

    def _article_item(self, article: Article) -> SourceItem:
        source = article.url or article.id or article.title or article.text[:60]
        url = canonical_url(article.url) if article.url else None
        published = as_aware(article.published) if article.published else None
        is_from_caller = published is not None and article.published_from == "unknown"
        given = Article(  # version, ingested and cluster are the archive's to say
            id=article_id(given=article.id, url=url, text=article.text),
            title=article.title,
            text=article.text,
            outlet=article.outlet,
            authors=tuple(article.authors),
            url=url,
            published=published,
            published_from="given" if is_from_caller else article.published_from,
            updated=as_aware(article.updated) if article.updated else None,
            language=article.language,
        )
        read = partial(self._finish, given, source)
        return SourceItem(source=source, identity=given.id, raw_digest=_raw_digest(repr(given)), reader=read)

    def _document_item(self, document: Any) -> SourceItem:  # llama-index is not imported to name the type
        text = document.get_content()
        metadata = {str(name): value for name, value in document.metadata.items()}
        fields = {name: metadata[name] for name in OPTIONAL_FIELDS if name in metadata} | {"text": text}
        if not _RANDOM_ID.fullmatch(
            document.node_id
        ):  # a random id would make a new article at every reading
            fields.setdefault("id", document.node_id)
        source = str(fields.get("url") or fields.get("id") or fields.get("title") or text[:60])
        try:
            identity = article_id(given=id_field(fields), url=url_field(fields), text=text_field(fields))
        except SourceError as error:
            return _failed(source, f"document {source}: {error}")
        raw = json.dumps(fields, sort_keys=True, default=str)
        read = partial(self._article_of, fields, identity, source)
        return SourceItem(source=source, identity=identity, raw_digest=_raw_digest(raw), reader=read)

    # Reading

    def _read_page(
        self, content: bytes, url: str | None, identity: str, source: str, entry: Article | None = None
    ) -> Article:
        """Read a page; what the feed says of it comes before what it says of itself."""
        try:
            page = extract_page(content, url, self._worker)
        except SourceError as error:
            raise SourceError(f"{source}: {error}") from error
        from_page = Article(
            id=identity,
            title=page.title,
            text=page.text,
            outlet=page.outlet,
            authors=page.authors,
            url=url,
            published=page.published,
            published_from=page.published_from,
            updated=page.updated,
            language=page.language,
        )
        if entry is None:
            return self._finish(from_page, source)
        merged = dataclasses.replace(
            from_page,
            title=entry.title or page.title,
            outlet=page.outlet or entry.outlet,
            authors=page.authors or entry.authors,
            published=entry.published or page.published,
            published_from="feed" if entry.published else page.published_from,
            updated=page.updated or entry.updated,
        )
        return self._finish(merged, source)

    def _article_of(self, fields: Mapping[str, object], identity: str, source: str) -> Article:
        try:
            published = time_field(fields, "published")
            article = Article(
                id=identity,
                title=line_field(fields, "title") or "",
                text=text_field(fields),
                outlet=line_field(fields, "outlet"),
                authors=authors_field(fields),
                url=url_field(fields),
                published=published,
                published_from="given" if published else "unknown",
                updated=time_field(fields, "updated"),
                language=language_field(fields),
            )
        except SourceError as error:
            raise SourceError(f"{source}: {error}") from error
        return self._finish(article, source)

    def _finish(self, article: Article, source: str) -> Article:
        """Clean an article's text and fill in what the text and the address tell."""
        limit = self._config.extract.text_characters
        if len(article.text) > limit:
            raise SourceError(f"{source} has {len(article.text):,} characters, more than {limit:,}; split it")
        title = clean_line(article.title)
        text = clean_text(article.text, title)
        if not text:
            raise SourceError(f"{source} holds no article text")
        return dataclasses.replace(
            article,
            title=title,
            text=text,
            outlet=clean_line(article.outlet or "") or (host_name(article.url) if article.url else None),
            authors=tuple(name for name in map(clean_line, article.authors) if name),
            language=article.language or detect_language(text),
        )


def _files_below(folder: Path) -> list[Path]:
    """Article files in a folder, by path; hidden ones and links that lead out of it are passed over."""
    root = folder.resolve()
    paths: list[Path] = []
    for directory, subdirectories, names in os.walk(folder):
        subdirectories[:] = [name for name in subdirectories if not name.startswith(".")]
        paths.extend(
            Path(directory, name) for name in names if not name.startswith(".") and _suffix_format(name)
        )
    return [path for path in sorted(paths) if path.resolve().is_relative_to(root)]


def _suffix_format(name: str) -> Format | None:
    lowered = name.lower()
    return next((kind for suffix, kind in SUFFIXES.items() if lowered.endswith(suffix)), None)


def _format_of(name: str, head: bytes) -> Format:
    """Tell a document's format by its name, or else by its first bytes."""
    known = _suffix_format(name)
    if known is not None:
        return known
    start = head[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    if is_feed(start):
        return "feed"
    if start.startswith(b"<"):
        return "html"
    if start.startswith(b"{"):
        return "jsonl"
    return "markdown" if start.startswith((b"---\n", b"---\r\n")) else "text"


def _page_url(content: bytes, page: Page | None) -> str | None:
    """The canonical address of a page, of which `page` tells where it came from."""
    if page is None:
        return find_canonical_url(content)
    return find_canonical_url(content, page.final_url) or canonical_url(page.final_url)


def _is_document(source: object) -> bool:
    """Whether this is a llama-index document or node, without importing llama-index to find out."""
    kinds = type(source).__mro__
    return any(kind.__name__ == "BaseNode" and kind.__module__.startswith("llama_index.") for kind in kinds)


def _decode(content: bytes, source: str) -> str:
    """Decode a text file: UTF-8, UTF-16 with its mark, or what its bytes look like."""
    from charset_normalizer import from_bytes

    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content:
        raise SourceError(f"{source} is no text file; give text, Markdown, HTML, a feed or JSON Lines")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        match = from_bytes(content).best()
        return str(match) if match else content.decode("cp1252", errors="replace")


def _as_bytes(raw: str | bytes) -> bytes:
    return raw.encode(errors="surrogatepass") if isinstance(raw, str) else raw


def _short_digest(name: str | bytes) -> str:
    """16 hexadecimal digits: among a million articles, two share one with a chance of 3 in 10^8."""
    return hashlib.blake2b(_as_bytes(name), digest_size=8).hexdigest()


def _raw_digest(raw: str | bytes) -> str:
    """32 hexadecimal digits of a raw item and the cleaning version."""
    return hashlib.blake2b(_as_bytes(raw), digest_size=16, salt=b"cleaning%d" % CLEANING_VERSION).hexdigest()


def _failed(source: str, reason: str) -> SourceItem:
    def read() -> Article:
        raise SourceError(reason)

    return SourceItem(source=source, identity="", raw_digest="", reader=read)
