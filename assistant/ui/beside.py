"""What the archive knows about an answer beside its text: what became of its sources, who else was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import ArticleNotFound

if TYPE_CHECKING:
    from assistant.types import Answer
    from index.archive import Archive
    from index.types import Article

_OPINION_TITLE = re.compile(
    r"^(?:opinion|editorial|comment|op-ed|column|viewpoint|letters?)\s*[:|–—-]", re.IGNORECASE
)
_OPINION_SECTIONS = frozenset(
    "opinion opinions editorial editorials commentisfree comment commentary columnists column columns "
    "op-ed oped voices viewpoints letters".split()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceNote:
    """What a reader should know of a cited article before trusting it."""

    labels: tuple[str, ...] = ()
    """``Opinion``, ``Corrected since``, ..."""
    carried_by: tuple[str, ...] = ()
    """Other outlets with the same text; they count as one source."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """What stands beside one answer."""

    follow_ups: Sequence[str] = ()
    """Questions to offer next."""
    notes: Mapping[tuple[str, int], SourceNote] = field(default_factory=dict)
    """By article id and version."""
    people: Sequence[str] = ()
    """The several people whom the asked name may mean."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Titles of the articles that the reader left out, by id."""


def look_beside(archive: Archive, answer: Answer, follow_ups: Sequence[str] = ()) -> Beside:
    """What the archive knows about an answer now."""
    cited = dict.fromkeys((citation.article_id, citation.version) for citation in answer.citations)
    return Beside(
        follow_ups=follow_ups,
        notes={key: note_source(archive, *key) for key in cited},
        people=_people_meant(archive, answer) if answer.abstained else (),
        titles={article_id: _title(archive, article_id) for article_id in answer.understood.scope.without},
    )


def note_source(archive: Archive, article_id: str, version: int) -> SourceNote:
    """What became of a cited version: opinion, corrected, removed, carried by others."""
    try:
        cited, newest = archive.article(article_id, version), archive.article(article_id)
    except ArticleNotFound:
        return SourceNote(labels=("Removed from the archive since",))
    labels = []
    if is_opinion(cited):
        labels.append("Opinion")
    if newest.version > version:
        labels.append("Corrected since")
    elif version > 1:
        labels.append("Corrected version")
    outlets = [copy.outlet or "Unknown outlet" for copy in archive.copies(article_id)]
    return SourceNote(labels=tuple(labels), carried_by=tuple(dict.fromkeys(outlets)))


def is_opinion(article: Article) -> bool:
    """Whether the title or the section in the address says that somebody gives a view."""
    try:
        sections = urlsplit(article.url or "").path.casefold().split("/")[1:-1]
    except ValueError:
        sections = []
    return bool(_OPINION_TITLE.match(article.title)) or not _OPINION_SECTIONS.isdisjoint(sections)


def _people_meant(archive: Archive, answer: Answer) -> list[str]:
    speaker = answer.understood.speaker
    people = archive.speaker_names().people(speaker) if speaker else []
    named = [max(names, key=lambda name: (len(name), name)) for names in people]
    # where every one of them was asked for and none answers, the refusal says something else
    asks = answer.reason is not None and sum(name in answer.reason for name in named) > 1
    return named if asks else []


def _title(archive: Archive, article_id: str) -> str:
    try:
        return archive.article(article_id).title or "Untitled"
    except ArticleNotFound:
        return "a removed article"
