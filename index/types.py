"""What travels through the index: `Article` -> `Chunk`, `Quote` -> `Passage`.

Every value is immutable. Offsets are 0-based, end-exclusive and count Unicode code points of
`Article.text`, so that ``article.text[x.start:x.end] == x.text`` holds for chunks, passages and
quotes alike. Times are aware datetimes; unknown is ``None``, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

PublishedFrom = Literal["given", "feed", "json-ld", "meta", "url", "page", "unknown"]
"""Where a publication time was read: the caller, a feed entry, JSON-LD, a meta tag, the URL, or
the visible page; ``unknown`` exactly when `Article.published` is None."""

QuoteKind = Literal["direct", "indirect", "mixed"]
"""Direct: all in quotation marks. Indirect: none of it. Mixed: reported with quoted words in it."""

QuotePolarity = Literal["asserted", "denied", "doubted", "predicted", "asked"]
"""How the speaker stands to the content according to the cue ("denied that ...", "expects ...")."""


class Span(NamedTuple):
    """A stretch of a text: 0-based, end-exclusive, in code points."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One version of one news article.

    Only `text` must be given. The archive fills in `id` and `version` when it stores the article,
    and whatever else stays unknown is None.
    """

    text: str
    """The article's body, NFC, paragraphs parted by a blank line. Immutable once stored."""
    id: str = ""
    """Stable across versions. Given by the caller, else made from the URL, the file or the text."""
    version: int = 1
    """1 for the first text stored under `id`, then 2, 3, ... for each changed one."""
    title: str = ""
    """The headline, without the outlet's name; empty where there is none."""
    outlet: str | None = None
    """The publisher as a reader knows it ("Le Monde"), or the host name where only that is known."""
    authors: tuple[str, ...] = ()
    """Bylines as printed, in order."""
    url: str | None = None
    """The canonical address, http or https."""
    published: datetime | None = None
    """First publication."""
    published_from: PublishedFrom = "unknown"
    """Where `published` was read."""
    updated: datetime | None = None
    """The publisher's last change, where the page or feed says one."""
    ingested: datetime | None = None
    """When the archive first stored this version."""
    language: str | None = None
    """ISO 639-1 code of the text ("en")."""
    cluster: str | None = None
    """Shared by near-duplicates (wire copy): the id of the earliest article among them. Set by the
    archive when an article is read from it; an article without near-duplicates is its own cluster."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """Consecutive whole sentences of one article version: the unit that is indexed and embedded."""

    id: str
    """Made from article id, version, start and end; the same in every index."""
    article_id: str
    version: int
    start: int
    end: int
    text: str
    """Exactly ``article.text[start:end]``; title, outlet and date are added only for embedding."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryPart:
    """One of several things that a query asks for, each of which another passage may hold."""

    text: str
    """Plain words."""
    outlets: tuple[str, ...] = ()
    """Only from these; empty for any that the query allows."""
    since: datetime | None = None
    """Only published at this time or later."""
    until: datetime | None = None
    """Only published before this time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A chunk found by a search, with what a reader needs to judge it."""

    article_id: str
    version: int
    start: int
    end: int
    text: str
    title: str
    outlet: str | None
    url: str | None
    published: datetime | None
    score: float
    """Higher is better; comparable within one search only."""
    rank: int
    """1-based position in its search."""
    found_by: tuple[str, ...]
    """Which retrievers found it: ``keyword``, ``dense``, ``quotes``; sorted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """One statement that an article credits to somebody, or that stands in quotation marks."""

    article_id: str
    version: int
    start: int
    end: int
    text: str
    """The content of the statement, exactly ``article.text[start:end]``; for direct speech without
    the outer marks. An interrupted quotation runs from its first to its last word."""
    kind: QuoteKind
    speaker: str | None
    """Canonical name in this article ("Sergei Lavrov"), or None where the article does not say or
    the parser is not sure. An unnamed source keeps the article's words ("a senior official")."""
    speaker_start: int | None
    """Span of the words that name the speaker at this statement (a name, a title, a pronoun)."""
    speaker_end: int | None
    cue: str | None
    """The words that report it ("said", "according to"), or None."""
    cue_start: int | None
    cue_end: int | None
    polarity: QuotePolarity
    about: tuple[str, ...]
    """Canonical names of the people, organisations and places that the statement speaks of, with
    pronouns resolved from the article's context; sorted."""
    published: datetime | None
    outlet: str | None


@dataclass(frozen=True, slots=True)
class Ingested:
    """One source that became an article."""

    source: str
    """The file, URL or other name the article came from."""
    article_id: str
    version: int


@dataclass(frozen=True, slots=True)
class Failure:
    """One source that did not become an article."""

    source: str
    reason: str
    """What happened and with which value, for a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestReport:
    """What became of every source of one `Archive.add`."""

    added: tuple[Ingested, ...] = ()
    """New articles that resemble none in the archive."""
    updated: tuple[Ingested, ...] = ()
    """Known articles whose content changed; the old version stays citable."""
    unchanged: tuple[Ingested, ...] = ()
    """Known articles with the same content as stored."""
    duplicates: tuple[Ingested, ...] = ()
    """New articles, stored too, that are near-duplicates of one in the archive (same cluster)."""
    failed: tuple[Failure, ...] = ()
    seconds: float = 0.0
    """Wall time of the call."""
