"""Vector search: Chroma for the process that may write, exact search for every other.

Chroma is derived from the store and disposable. Two processes with one Chroma folder open lose vectors
without an error, so only the holder of the writer lock opens it; `ExactVectors` reads the store instead
and is also what Chroma's answers are compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from index.search_index import Hit, IndexEntry, SearchFilter, total_order

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

    from index.search_index import FloatVector

COLLECTION = "chunks"

HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 800, "max_neighbors": 32, "num_threads": 1}
"""Twice Chroma's own graph, searched eight times as hard: an answer must not depend on whether Chroma or
exact search was asked. Of the first hundred among 26,116 news chunks it finds 0.999, and all of them for 57
of 60 queries, in 5.1 ms; Chroma's own graph searched with 200 finds 0.982, and all for 34 of 60, in 4.2 ms.
`byline check` measures the first ten. Fewer differences with one thread: it keeps the order of insertion."""


class ChromaVectors:
    """A `SearchIndex` whose query is a unit vector."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _client(self) -> Client:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False, is_persistent=True)
        client: Any = chromadb.PersistentClient(str(self._folder), settings=settings)
        return cast("Client", client)

    @cached_property
    def _collection(self) -> Collection:
        # Without embedding_function=None Chroma would download a model, or run what a collection names.
        configuration: Any = {"hnsw": HNSW}
        return self._client.get_or_create_collection(
            COLLECTION, embedding_function=None, configuration=configuration
        )

    def open(self) -> None:
        """Read or create the files now instead of at the first use."""
        self._collection.count()

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add the chunks, replacing those with the same id."""
        import numpy as np

        for batch in self._batches(entries):
            self._collection.upsert(
                ids=[entry.chunk_id for entry in batch],
                embeddings=np.stack([entry.vector for entry in batch if entry.vector is not None]),
                metadatas=[_metadata(entry) for entry in batch],
            )

    def delete(self, article_ids: Iterable[str]) -> None:
        """Forget every chunk of the articles."""
        for batch in self._batches(sorted(set(article_ids))):
            any_of: Any = {"article_id": {"$in": list(batch)}}
            stale = self._collection.get(where=any_of, include=[])["ids"]
            for part in self._batches(stale):
                self._collection.delete(ids=list(part))

    def search(self, query: FloatVector, k: int, where: SearchFilter) -> list[Hit]:
        """At most `k` chunks by cosine similarity (in -1 to 1), then by id."""
        if where.excludes_everything or k < 1 or not self._collection.count():
            return []
        found = self._collection.query(
            query_embeddings=query[None, :], n_results=k, where=_where(where), include=["distances"]
        )
        assert found["distances"] is not None
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return total_order(Hit(chunk_id, 1.0 - float(distance)) for chunk_id, distance in pairs)

    def ids(self) -> set[str]:
        """The ids of all chunks in the index."""
        return set(self._collection.get(include=[])["ids"])

    def vectors(self) -> Iterator[tuple[str, FloatVector]]:
        """Every chunk id with the vector that Chroma holds for it; raises where one is unreadable."""
        for batch in self._batches(sorted(self.ids())):
            found = self._collection.get(ids=list(batch), include=["embeddings"])
            assert found["embeddings"] is not None
            yield from zip(found["ids"], found["embeddings"], strict=True)

    def _batches(self, items: Sequence[Any]) -> Iterator[Sequence[Any]]:
        size = self._client.get_max_batch_size()
        for start in range(0, len(items), size):
            yield items[start : start + size]

    def close(self) -> None:
        """Let go of files and threads."""
        if "_client" in self.__dict__:
            self._client.close()
        for name in ("_collection", "_client"):
            self.__dict__.pop(name, None)


def _metadata(entry: IndexEntry) -> dict[str, Any]:
    values: dict[str, Any] = {"article_id": entry.article_id}
    if entry.outlet is not None:
        values["outlet"] = entry.outlet
    if entry.published is not None:
        values["published"] = entry.published
    if entry.speakers:
        values["speakers"] = list(entry.speakers)
    return values


def _where(where: SearchFilter) -> Any:
    clauses: list[dict[str, Any]] = []
    if where.outlets is not None:
        clauses.append({"outlet": {"$in": list(where.outlets)}})
    if where.since is not None:
        clauses.append({"published": {"$gte": where.since}})
    if where.until is not None:
        clauses.append({"published": {"$lt": where.until}})
    if where.speakers is not None:
        spoken = [{"speakers": {"$contains": speaker}} for speaker in where.speakers]
        clauses.append(spoken[0] if len(spoken) == 1 else {"$or": spoken})
    if not clauses:
        return None
    return clauses[0] if len(clauses) == 1 else {"$and": clauses}


class ExactVectors:
    """A `SearchIndex` in memory that compares a query with every vector: slower, never wrong.

    100,000 vectors of 384 numbers take 150 MB and about 10 ms a query.
    """

    def __init__(self, load: Callable[[], Iterable[IndexEntry]] = tuple) -> None:
        """Name where the entries come from.

        Args:
            load: Called once, at the first use.
        """
        self._load = load

    @cached_property
    def _entries(self) -> dict[str, IndexEntry]:
        return {entry.chunk_id: entry for entry in self._load()}

    @cached_property
    def _matrix(self) -> tuple[list[IndexEntry], NDArray[np.float32]]:
        import numpy as np

        entries = [self._entries[chunk_id] for chunk_id in sorted(self._entries)]
        vectors = [entry.vector for entry in entries if entry.vector is not None]
        return entries, np.stack(vectors) if vectors else np.empty((0, 0), dtype=np.float32)

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add the chunks, replacing those with the same id."""
        self._entries.update({entry.chunk_id: entry for entry in entries})
        self.__dict__.pop("_matrix", None)

    def delete(self, article_ids: Iterable[str]) -> None:
        """Forget every chunk of the articles."""
        gone = set(article_ids)
        for chunk_id in [key for key, entry in self._entries.items() if entry.article_id in gone]:
            del self._entries[chunk_id]
        self.__dict__.pop("_matrix", None)

    def search(self, query: FloatVector, k: int, where: SearchFilter) -> list[Hit]:
        """At most `k` chunks by cosine similarity (in -1 to 1), then by id."""
        entries, matrix = self._matrix
        if where.excludes_everything or not entries:
            return []
        import numpy as np

        scores = matrix @ query
        among = np.arange(len(scores))
        if where == SearchFilter() and k < len(scores):
            among = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
        best_first = among[np.argsort(-scores[among], kind="stable")]  # entries stand by id: so do ties
        satisfying = (number for number in best_first if _satisfies(entries[number], where))
        return [Hit(entries[number].chunk_id, float(scores[number])) for number in islice(satisfying, k)]

    def ids(self) -> set[str]:
        """The ids of all chunks in the index."""
        return set(self._entries)

    def close(self) -> None:
        """Let go of the vectors."""
        for name in ("_matrix", "_entries"):
            self.__dict__.pop(name, None)


def _satisfies(entry: IndexEntry, where: SearchFilter) -> bool:
    dated = where.since is None and where.until is None
    if entry.published is not None:
        dated = (where.since is None or entry.published >= where.since) and (
            where.until is None or entry.published < where.until
        )
    return (
        dated
        and (where.outlets is None or entry.outlet in where.outlets)
        and (where.speakers is None or not set(entry.speakers).isdisjoint(where.speakers))
    )
