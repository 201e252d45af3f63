"""The seam behind which every search index lives: keyword, vectors, or another one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    FloatVector = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexEntry:
    """One chunk as the search indexes see it."""

    chunk_id: str
    article_id: str
    title: str
    text: str
    outlet: str | None
    published: int | None
    """Epoch seconds, None where unknown."""
    speakers: tuple[str, ...]
    """Canonical names of those whose statements stand in the chunk."""
    vector: FloatVector | None = None
    """Shape (dimension,), unit length; None for an index that needs none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchFilter:
    """What a hit must satisfy; None means anything, an empty tuple nothing."""

    outlets: tuple[str, ...] | None = None
    since: int | None = None
    """Epoch seconds, inclusive. With a bound, undated chunks are no hits."""
    until: int | None = None
    """Epoch seconds, exclusive."""
    speakers: tuple[str, ...] | None = None
    """Any of these has a statement in the chunk."""

    @property
    def excludes_everything(self) -> bool:
        """Whether no chunk can satisfy it."""
        empty_window = self.since is not None and self.until is not None and self.since >= self.until
        return self.outlets == () or self.speakers == () or empty_window


class Hit(NamedTuple):
    """A chunk that a search found."""

    chunk_id: str
    score: float
    """Higher is better; comparable within one search only."""


QueryT_contra = TypeVar("QueryT_contra", contravariant=True)


class SearchIndex(Protocol[QueryT_contra]):
    """A derived, disposable index over chunks. Back ends pass `tests/test_index_search_index.py`."""

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add the chunks, replacing those with the same id. Durable when it returns."""

    def delete(self, article_ids: Iterable[str]) -> None:
        """Forget every chunk of the articles; unknown ids are no error."""

    def search(self, query: QueryT_contra, k: int, where: SearchFilter) -> list[Hit]:
        """At most `k` hits, by falling score, then by id."""

    def ids(self) -> set[str]:
        """The ids of all chunks in the index."""

    def close(self) -> None:
        """Let go of files and threads."""


def total_order(hits: Iterable[Hit]) -> list[Hit]:
    """The hits by falling score, then by id: the same order in every process."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))
