"""Which articles a question may be answered from, where the reader narrows them beside the question.

The narrowing is of what is read, before anything is ranked: an answer from a narrowed archive is the answer
that an archive without the other articles would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from assistant.types import Scope
    from index.archive import Archive
    from index.types import Article, Passage, Quote

MOST_PLACES_LEFT_OUT = 4
"""Articles left out are searched and dropped; for each of them, up to so many, as many passages as asked for
are looked at in addition."""


def narrow_archive(archive: Archive, scope: Scope) -> Archive:
    """The archive as if it held only the articles in the scope; for reading."""
    return cast("Archive", _NarrowedArchive(archive, scope))


class _NarrowedArchive:
    """Stands where an `Archive` is read from: what finds articles is narrowed, the rest is the archive's."""

    def __init__(self, archive: Archive, scope: Scope) -> None:
        self._archive = archive
        self._scope = scope

    def __getattr__(self, name: str) -> Any:
        return getattr(self._archive, name)

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        outlet: str | Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        **how: Any,
    ) -> list[Passage]:
        """`Archive.search` within the scope."""
        looked_at = k * (1 + min(len(self._scope.without), MOST_PLACES_LEFT_OUT))
        found = self._archive.search(query, k=looked_at, **self._within(outlet, since, until), **how)
        kept = [passage for passage in found if passage.article_id not in self._scope.without]
        return [replace(passage, rank=rank) for rank, passage in enumerate(kept[:k], start=1)]

    def quotes(
        self,
        *,
        outlet: str | Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = 50,
        **wanted: Any,
    ) -> list[Quote]:
        """`Archive.quotes` within the scope."""
        found = self._archive.quotes(limit=None, **self._within(outlet, since, until), **wanted)
        return [quote for quote in found if quote.article_id not in self._scope.without][:limit]

    def articles(
        self,
        *,
        outlet: str | Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Article]:
        """`Archive.articles` within the scope."""
        enough = None if limit is None else offset + limit + len(self._scope.without)
        found = self._archive.articles(**self._within(outlet, since, until), limit=enough)
        kept = [article for article in found if article.id not in self._scope.without]
        return kept[offset : None if limit is None else offset + limit]

    def copies(self, article_id: str) -> list[Article]:
        """`Archive.copies` within the scope."""
        kept = {article.id for article in self.articles()}
        return [copy for copy in self._archive.copies(article_id) if copy.id in kept]

    def _within(
        self, outlet: str | Sequence[str] | None, since: datetime | None, until: datetime | None
    ) -> dict[str, Any]:
        asked = (outlet,) if isinstance(outlet, str) else outlet
        chosen = self._scope.outlets or None
        if asked is not None and chosen is not None:
            chosen = tuple(name for name in asked if name in chosen)
        return {
            "outlet": asked if chosen is None else chosen,
            "since": max(_given(since, self._scope.since), default=None),
            "until": min(_given(until, self._scope.until), default=None),
        }


def _given(*moments: datetime | None) -> Iterable[datetime]:
    return (moment for moment in moments if moment is not None)
