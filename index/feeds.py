"""RSS and Atom: the entries of a feed.

`parse_feed` runs in the worker process (see `index.worker`), `read_feed` asks for it. feedparser gets a
stream of bytes only: given text it would open an address or a file of that name.
"""

from __future__ import annotations

import calendar
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from index.addresses import canonical_url
from index.errors import ExtractError
from index.extract import html_to_text

if TYPE_CHECKING:
    import time

    from index.worker import Reply, Worker

SNIFFED_BYTES = 2_000
"""A feed shows itself at its start, after an XML declaration and comments."""

_FEED_START = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_HTML_START = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of a feed, before cleaning; unknown is None or empty."""

    title: str
    text: str
    """The longest of the entry's own texts as plain paragraphs: often only a teaser."""
    url: str | None
    """Canonical address of the article."""
    published: datetime | None
    updated: datetime | None
    authors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What a feed holds."""

    title: str
    """Its name, mostly the outlet's."""
    entries: tuple[Entry, ...]
    """In the feed's order, at most as many as were asked for."""
    left_out: int
    """Entries beyond that number."""


def is_feed(content: bytes) -> bool:
    """Whether bytes begin like an RSS or Atom feed (a page that talks of feeds is none)."""
    start = content[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    found = _FEED_START.search(start)
    return found is not None and start.startswith(b"<") and not _HTML_START.search(start, 0, found.start())


def read_feed(content: bytes, base: str | None, most: int, worker: Worker) -> Feed:
    """Read a feed.

    Args:
        content: Its bytes.
        base: Its own address, for relative links.
        most: How many entries to read; counting the others costs next to nothing.
        worker: Runs the parser.

    Raises:
        ExtractError: It is no feed, or takes too much time or memory.
    """
    shortened, left_out = _first_entries(content, most)
    reply = worker.run("feed", shortened, base=base)
    return Feed(
        title=reply["title"],
        entries=tuple(
            Entry(
                title=entry["title"],
                text=entry["text"],
                url=entry["url"],
                published=_time(entry["published"]),
                updated=_time(entry["updated"]),
                authors=tuple(entry["authors"]),
            )
            for entry in reply["entries"]
        ),
        left_out=left_out,
    )


def parse_feed(content: bytes, *, base: str | None) -> Reply:
    """Parse a feed; runs in the worker process.

    Raises:
        ExtractError: It has no entries.
    """
    import feedparser

    # Resolving and sanitising are done here and by html_to_text, on what is used and on nothing else.
    parsed = feedparser.parse(io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries:
        problem = parsed.get("bozo_exception")
        raise ExtractError(f"the feed has no entries{f' ({problem})' if problem else ''}")
    return {
        "title": html_to_text(parsed.feed.get("title", "")).strip(),
        "entries": [_entry_fields(entry, base) for entry in parsed.entries],
    }


def _entry_fields(entry: Any, base: str | None) -> Reply:
    texts = [part.get("value", "") for part in entry.get("content", [])] + [entry.get("summary", "")]
    names = [author.get("name", "") for author in entry.get("authors", [])] or [entry.get("author", "")]
    return {
        "title": html_to_text(entry.get("title", "")).strip(),
        "text": max((html_to_text(text) for text in texts), key=len),
        "url": canonical_url(urljoin(base or "", entry.get("link", ""))),
        "published": _isoformat(entry.get("published_parsed")),
        "updated": _isoformat(entry.get("updated_parsed")),
        "authors": [html_to_text(name).strip() for name in names if name],
    }


def _first_entries(content: bytes, most: int) -> tuple[bytes, int]:
    """Cut entries out of the end of a feed; return the shortened feed and how many were cut."""
    ends = [match.end() for match in _ENTRY_END.finditer(content)]
    if len(ends) <= most:
        return content, 0
    return content[: ends[most - 1]] + content[ends[-1] :], len(ends) - most


def _isoformat(utc: time.struct_time | None) -> str | None:
    """The time that feedparser read, which is in UTC."""
    if utc is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(utc), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
