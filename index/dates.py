"""When an article was published and updated, and where that was read.

A page tells its time in up to four places, which differ in how far they can be trusted. They are
tried in this order: JSON-LD, meta tags (with ``<time>`` elements marked up as the publication), the
address, the visible page (by htmldate). What a feed or a caller says comes before all of them.
Every time is aware; UTC is assumed where a source names no zone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from index.types import PublishedFrom

EARLIEST_YEAR = 1600
"""The first newspapers; an earlier year is a placeholder of a content system ("0001-01-01")."""

_ARTICLE_KINDS = ("Article", "BlogPosting", "Report", "WebPage")
"""Ends of the schema.org types whose dates are an article's; before those of other objects."""
_PUBLISHED_NAMES = frozenset(  # names in running lines read better than one a line
    """
    article:published_time og:published_time og:article:published_time bt:pubdate datepublished
    date.published publish-date publish_date publishdate published_date pubdate parsely-pub-date
    sailthru.date originalpublicationdate dc.date dc.date.issued dc.date.created dcterms.created
    dcterms.date dcterms.issued article.published date cxenseparse:recs:publishtime
    """.split()
)
_UPDATED_NAMES = frozenset(  # names in running lines read better than one a line
    """
    article:modified_time og:modified_time og:updated_time og:article:modified_time datemodified
    date.modified last-modified lastmod modified_date dc.date.modified dcterms.modified
    article.updated revision_date
    """.split()
)
_MOST_JSON_OBJECTS = 10_000
_URL_DAY = re.compile(r"\D((?:19|20)\d\d)[/_-]?(0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?:\D|$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTimes:
    """What a page says of its own age."""

    published: datetime | None
    published_from: PublishedFrom
    updated: datetime | None
    """Only where it is later than `published`."""


def parse_time(text: str) -> datetime | None:
    """Read an ISO 8601 or RFC 2822 time (the forms of JSON, HTML meta tags and feeds).

    A day without a time is its midnight. Returns None where the text is neither form, or where it
    is a placeholder: the Unix epoch or a year before the first newspaper.
    """
    text = text.strip()
    time = _parse_iso(text) or _parse_mail(text)
    if time is None:
        return None
    aware = as_aware(time)
    if aware.year < EARLIEST_YEAR or aware == datetime(1970, 1, 1, tzinfo=UTC):
        return None
    return aware


def as_aware(time: datetime) -> datetime:
    """Give a time without a zone the zone UTC."""
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def find_times(tree: HtmlElement, url: str | None) -> PageTimes:
    """Find when a page was published and updated.

    Args:
        tree: The whole page, scripts included.
        url: Its address, which may hold the day.
    """
    json_published, json_updated = _find_in_json_ld(tree)
    meta_published, meta_updated = _find_in_meta(tree)
    candidates: tuple[tuple[PublishedFrom, datetime | None], ...] = (
        ("json-ld", json_published),
        ("meta", meta_published),
        ("url", _find_in_url(url)),
    )
    published_from, published = next(
        (candidate for candidate in candidates if candidate[1] is not None), ("page", _find_in_text(tree))
    )
    updated = json_updated or meta_updated
    if updated is not None and published is not None and updated <= published:
        updated = None
    return PageTimes(
        published=published, published_from=published_from if published else "unknown", updated=updated
    )


def _find_in_json_ld(tree: HtmlElement) -> tuple[datetime | None, datetime | None]:
    """Times of the first article-like object that has a publication time, else of any object."""
    found: list[tuple[int, datetime, datetime | None]] = []
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue  # broken JSON-LD is common, and the page has other places
        for item in _objects(data):
            published = _time_of(item.get("datePublished"))
            if published is not None:
                found.append((_kind_rank(item.get("@type")), published, _time_of(item.get("dateModified"))))
    if not found:
        return None, None
    best = min(found, key=lambda candidate: candidate[0])
    return best[1], best[2]


def _objects(data: object) -> Iterator[dict[str, object]]:
    """All JSON objects in a value, outer before inner."""
    waiting = [data]
    for _ in range(_MOST_JSON_OBJECTS):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
        elif isinstance(value, list):
            waiting.extend(inner for inner in value if isinstance(inner, dict | list))


def _kind_rank(kind: object) -> int:
    kinds = kind if isinstance(kind, list) else [kind]
    ranks = [rank for rank, end in enumerate(_ARTICLE_KINDS) if any(str(one).endswith(end) for one in kinds)]
    return min(ranks, default=len(_ARTICLE_KINDS))


def _find_in_meta(tree: HtmlElement) -> tuple[datetime | None, datetime | None]:
    published: datetime | None = None
    updated: datetime | None = None
    for element in tree.iter("meta", "time"):
        names = {(element.get(name) or "").strip().lower() for name in ("property", "name", "itemprop")}
        value = element.get("content") or element.get("datetime")
        if names & _PUBLISHED_NAMES:
            published = published or _time_of(value)
        elif names & _UPDATED_NAMES:
            updated = updated or _time_of(value)
    return published, updated


def _find_in_url(url: str | None) -> datetime | None:
    """The day in an address such as ``/2024/11/07/``; a month alone is no day."""
    match = _URL_DAY.search(url or "")
    return _time_of(f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}") if match else None


def _find_in_text(tree: HtmlElement) -> datetime | None:
    from htmldate import find_date

    return _time_of(find_date(tree, original_date=True, extensive_search=False, url=""))


def _time_of(value: object) -> datetime | None:
    return parse_time(value) if isinstance(value, str) else None


def _parse_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parse_mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
