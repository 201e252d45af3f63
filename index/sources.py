"""The way in: whatever a user names becomes articles, one `SourceItem` at a time.

Reading goes in two steps, because an archive mostly sees what it knows. `read_sources` finds the
items, each with an `identity` and a `raw_digest` that cost no parsing; only for an item that is new
or changed does the archive call `SourceItem.read`, which cleans, extracts and detects the language::

    for item in read_sources(["articles/", "dump.jsonl"]):
        if not known(item.identity, item.raw_digest):
            article = item.read()      # may raise SourceError: this one source failed

One bad source never ends the iteration: what cannot even be opened becomes an item whose `read`
raises. Items come in the order of the sources, a folder's files sorted by path.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from index.addresses import address_key, canonical_url, host_name
from index.cleaning import CLEANING_VERSION, clean_line, clean_text, split_title
from index.config import ExtractLimits, IndexConfig
from index.dates import parse_time
from index.errors import SourceError
from index.languages import detect_language
from index.types import Article

if TYPE_CHECKING:
    from llama_index.core.schema import Document

Source: TypeAlias = "str | os.PathLike[str] | Article | Document"
"""A file, a folder, ``-`` (standard input), an http(s) address, an article, a llama-index document."""

TEXT_SUFFIXES = (".txt", ".text")
MARKDOWN_SUFFIXES = (".md", ".markdown")
JSONL_SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
READABLE_SUFFIXES = TEXT_SUFFIXES + MARKDOWN_SUFFIXES + JSONL_SUFFIXES
"""What is taken from a folder; other files there (pictures, style sheets) are passed over."""

LONGEST_ID = 200
"""Characters of an explicit article id."""
LONGEST_LINE = 20_000_000
"""Bytes of one JSONL line; a longer one is no article."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceItem:
    """One article to be, found but not yet read."""

    source: str
    """Where it was found, for a person: a path, an address, "dump.jsonl line 12"."""
    identity: str
    """The article's id (see `article_id`); empty where the source cannot be opened."""
    raw_digest: str
    """Digest of the item as found, with its metadata and the `CLEANING_VERSION`: equal digests read
    to equal articles. Empty where the source cannot be opened."""
    reader: Callable[[], Article]
    """Does the reading; call `read`."""

    def read(self) -> Article:
        """Clean and extract the article.

        Raises:
            SourceError: The source holds no article, or cannot be read.
        """
        return self.reader()


def article_id(
    *, given: str | None = None, url: str | None = None, path: Path | None = None, text: str
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
    return _short_digest(f"text:{text.strip()}")


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
    several = sources if isinstance(sources, Iterable) and not isinstance(sources, str) else [sources]
    for source in several:
        yield from _read_source(source, config or IndexConfig())


def _read_source(source: object, config: IndexConfig) -> Iterator[SourceItem]:
    if isinstance(source, Article):
        yield _item_from_article(source)
    elif source == "-":
        yield from _read_content(sys.stdin.buffer, "standard input", None, config)
    elif isinstance(source, str | os.PathLike):
        yield from _read_path(Path(source), config)
    elif _is_document(source):
        yield _item_from_document(source)
    else:
        yield _failed(
            repr(source)[:200],
            f"a {type(source).__name__} is no source; give a path, an address, "
            "`-`, an Article or a llama-index Document",
        )


# Files and folders


def _read_path(path: Path, config: IndexConfig) -> Iterator[SourceItem]:
    if path.is_dir():
        yield from _read_folder(path, config)
    elif path.is_file():
        yield from _read_file(path, config)
    else:
        yield _failed(
            str(path), f"there is no file or folder {path}; give a path, an http(s) address, or `-`"
        )


def _read_folder(folder: Path, config: IndexConfig) -> Iterator[SourceItem]:
    found = False
    for path in _files_below(folder):
        found = True
        yield from _read_file(path, config)
    if not found:
        kinds = ", ".join(READABLE_SUFFIXES)
        yield _failed(str(folder), f"the folder {folder} holds no article file ({kinds}); name another")


def _files_below(folder: Path) -> Iterator[Path]:
    """Article files in a folder, by path; hidden ones and links that lead out of it are passed over."""
    root = folder.resolve()
    paths: list[Path] = []
    for directory, subdirectories, names in os.walk(folder):
        subdirectories[:] = [name for name in subdirectories if not name.startswith(".")]
        paths.extend(
            Path(directory, name)
            for name in names
            if not name.startswith(".") and name.lower().endswith(READABLE_SUFFIXES)
        )
    return (path for path in sorted(paths) if path.resolve().is_relative_to(root))


def _read_file(path: Path, config: IndexConfig) -> Iterator[SourceItem]:
    try:
        with path.open("rb") as file:
            yield from _read_content(file, str(path), path, config)
    except OSError as error:
        yield _failed(str(path), f"{path} cannot be read: {error.strerror or error}")


def _read_content(
    file: IO[bytes], source: str, path: Path | None, config: IndexConfig
) -> Iterator[SourceItem]:
    """Items of one open file; `path` is None for standard input."""
    name = (path.name if path else "").lower()
    if name.endswith(JSONL_SUFFIXES):
        lines = cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if name.endswith(".gz") else file
        yield from _read_lines(lines, source)
        return
    content = file.read(config.extract.file_bytes + 1)
    if len(content) > config.extract.file_bytes:
        yield _failed(
            source, f"{source} is larger than {config.extract.file_bytes:,} bytes; split it, or use JSONL"
        )
    elif name.endswith(MARKDOWN_SUFFIXES):
        yield _item_from_markdown(content, source, path)
    else:
        yield _item_from_text(content, source, path)


def _item_from_text(content: bytes, source: str, path: Path | None) -> SourceItem:
    def read() -> Article:
        title, text = split_title(_decode(content, source))
        return _finish(Article(id=identity, title=title, text=text), source)

    identity = article_id(path=path, text="" if path else _decode_roughly(content))
    return SourceItem(source=source, identity=identity, raw_digest=_raw_digest(content), reader=read)


def _item_from_markdown(content: bytes, source: str, path: Path | None) -> SourceItem:
    from index.markdown import read_markdown, split_front_matter

    try:
        fields, body = split_front_matter(_decode(content, source))
        identity = _identity(fields, path, body)
    except SourceError as error:
        return _failed(source, f"{source}: {error}")

    def read() -> Article:
        title, text = read_markdown(body)
        return _article_from_fields({"title": title, **fields, "text": text}, identity, source)

    return SourceItem(source=source, identity=identity, raw_digest=_raw_digest(content), reader=read)


# JSON Lines


def _read_lines(file: IO[bytes], source: str) -> Iterator[SourceItem]:
    number = 0
    try:
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            where = f"{source} line {number}"
            if len(line) > LONGEST_LINE:
                yield _failed(
                    where, f"{where} is longer than {LONGEST_LINE:,} bytes; the rest of the file was left"
                )
                return
            if not line.isspace():
                yield _item_from_line(line, where)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        where = f"{source} line {number + 1}"
        yield _failed(where, f"{where}: the gzip data is damaged ({error}); the lines before it were read")


def _item_from_line(line: bytes, where: str) -> SourceItem:
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            return _failed(
                where, f"{where} is no JSON object: {_shown(fields)}; each line needs at least `text`"
            )
        identity = _identity(fields, None, _text_field(fields))
    except (ValueError, RecursionError) as error:
        return _failed(
            where, f"{where} is no JSON ({error}); each line needs one object with at least `text`"
        )
    except SourceError as error:
        return _failed(where, f"{where}: {error}")
    return SourceItem(
        source=where,
        identity=identity,
        raw_digest=_raw_digest(line.strip()),
        reader=partial(_article_from_fields, fields, identity, where),
    )


# Python objects


def _item_from_article(article: Article) -> SourceItem:
    source = article.url or article.id or article.title or article.text[:60]
    given = dataclasses.replace(
        article,
        published=_aware(article.published),
        published_from="given"
        if article.published and article.published_from == "unknown"
        else article.published_from,
        updated=_aware(article.updated),
        url=canonical_url(article.url) if article.url else None,
        # what only the archive knows is not part of what was given
        version=1,
        ingested=None,
        cluster=None,
    )
    identity = article_id(given=given.id, url=given.url, text=given.text)
    given = dataclasses.replace(given, id=identity)
    return SourceItem(
        source=source,
        identity=identity,
        raw_digest=_raw_digest(repr(given)),
        reader=partial(_finish, given, source),
    )


def _is_document(source: object) -> bool:
    """Whether this is a llama-index document or node, without importing llama-index to find out."""
    return any(
        kind.__name__ == "BaseNode" and kind.__module__.startswith("llama_index.")
        for kind in type(source).__mro__
    )


def _item_from_document(document: Any) -> SourceItem:  # llama-index is not imported to name the type
    text = document.get_content()
    metadata = {str(name): value for name, value in document.metadata.items()}
    fields = {name: metadata[name] for name in _FIELDS if metadata.get(name) is not None} | {"text": text}
    if not _UUID.fullmatch(document.node_id):  # a random id would make a new article of every reading
        fields.setdefault("id", document.node_id)
    source = str(fields.get("url") or fields.get("id") or fields.get("title") or text[:60])
    try:
        identity = _identity(fields, None, text)
    except SourceError as error:
        return _failed(source, f"document {source}: {error}")
    return SourceItem(
        source=source,
        identity=identity,
        raw_digest=_raw_digest(json.dumps(fields, sort_keys=True, default=str)),
        reader=partial(_article_from_fields, fields, identity, source),
    )


# Fields, as they stand in JSON Lines, front matter and document metadata

_FIELDS = ("id", "title", "outlet", "url", "published", "updated", "authors", "language")


def _identity(fields: Mapping[str, object], path: Path | None, text: str) -> str:
    return article_id(given=_id_field(fields), url=_url_field(fields), path=path, text=text)


def _article_from_fields(fields: Mapping[str, object], identity: str, source: str) -> Article:
    try:
        published = _time_field(fields, "published")
        article = Article(
            id=identity,
            title=_line_field(fields, "title") or "",
            text=_text_field(fields),
            outlet=_line_field(fields, "outlet"),
            authors=_authors_field(fields),
            url=_url_field(fields),
            published=published,
            published_from="given" if published else "unknown",
            updated=_time_field(fields, "updated"),
            language=_language_field(fields),
        )
    except SourceError as error:
        raise SourceError(f"{source}: {error}") from error
    return _finish(article, source)


def _text_field(fields: Mapping[str, object]) -> str:
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        raise SourceError(f"field `text` is {_shown(text)}; it must hold the article's text")
    return text


def _line_field(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise SourceError(f"field `{name}` is {_shown(value)}; it must be a text")
    return value.strip() or None


def _id_field(fields: Mapping[str, object]) -> str | None:
    value = fields.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    given = _line_field(fields, "id")
    if given is not None and (len(given) > LONGEST_ID or not given.isprintable()):
        raise SourceError(
            f"field `id` is {_shown(given)}; it must have at most {LONGEST_ID} printable characters"
        )
    return given


def _url_field(fields: Mapping[str, object]) -> str | None:
    value = _line_field(fields, "url")
    if value is None:
        return None
    url = canonical_url(value)
    if url is None:
        raise SourceError(f"field `url` is {_shown(value)}; it must be an http or https address")
    return url


def _time_field(fields: Mapping[str, object], name: str) -> datetime | None:
    value = _line_field(fields, name)
    if value is None:
        return None
    time = parse_time(value)
    if time is None:
        raise SourceError(
            f"field `{name}` is {_shown(value)}; it must be ISO 8601, such as 2024-11-07T18:30:00+01:00"
        )
    return time


def _authors_field(fields: Mapping[str, object]) -> tuple[str, ...]:
    value = fields.get("authors")
    names = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise SourceError(f"field `authors` is {_shown(value)}; it must be a list of names")
    return tuple(names)


def _language_field(fields: Mapping[str, object]) -> str | None:
    value = _line_field(fields, "language")
    if value is None:
        return None
    match = _LANGUAGE.fullmatch(value)
    if match is None:
        raise SourceError(f"field `language` is {_shown(value)}; it must be a code such as en")
    return match[1].lower()


def _shown(value: object) -> str:
    return repr(value)[:100] if value is not None else "missing"


# Shared steps


def _finish(article: Article, source: str) -> Article:
    """Clean an article's text and fill in what the text and the address tell."""
    limits = ExtractLimits()
    title = clean_line(article.title)
    text = clean_text(article.text, title)
    if not text:
        raise SourceError(f"{source} holds no article text")
    if len(text) > limits.text_characters:
        raise SourceError(
            f"{source} has {len(text):,} characters, over the limit of {limits.text_characters:,}; split it"
        )
    return dataclasses.replace(
        article,
        title=title,
        text=text,
        outlet=clean_line(article.outlet or "") or (host_name(article.url) if article.url else None),
        authors=tuple(name for name in map(clean_line, article.authors) if name),
        language=article.language or detect_language(text),
    )


def _decode(content: bytes, source: str) -> str:
    """Decode a text file: UTF-8 or UTF-16 by its mark, else what its bytes look like."""
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


def _decode_roughly(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _aware(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


def _short_digest(name: str) -> str:
    """16 hexadecimal digits: among a million articles, two share one with a chance of 3 in 10^8."""
    return hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=8).hexdigest()


def _raw_digest(raw: str | bytes) -> str:
    """32 hexadecimal digits of a raw item and the cleaning version."""
    content = raw.encode(errors="surrogatepass") if isinstance(raw, str) else raw
    return hashlib.blake2b(content, digest_size=16, salt=f"cleaning {CLEANING_VERSION}".encode()).hexdigest()


def _failed(source: str, reason: str) -> SourceItem:
    def read() -> Article:
        raise SourceError(reason)

    return SourceItem(source=source, identity="", raw_digest="", reader=read)
