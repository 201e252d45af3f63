"""The search indexes follow the store: they read its journal and apply what changed.

Applying a change twice is the same as applying it once, so an index that was interrupted goes on from
its cursor. One whose files are not as they were sealed is thrown away and made anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.chunking import text_to_embed
from index.embedding import Embedder, checked_vectors
from index.keyword import FIELDS, KeywordIndex
from index.seal import SealedFolder
from index.search_index import Hit, IndexEntry, SearchFilter, total_order
from index.types import Article, Chunk, Quote
from index.vectors import ChromaVectors, ExactVectors

if TYPE_CHECKING:
    from index.lock import WriterLock
    from index.search_index import FloatVector
    from index.store import Store

KEYWORD = "keyword"
DENSE = "dense"

KEYWORD_SLICE = 2_000
"""Articles in one commit of the keyword index."""

DENSE_SLICE = 256
"""Articles embedded before the next are looked at: about 2,000 chunks, enough to sort by length so that a
batch pads little, few enough that a stop loses little."""


BATCH_TEXTS = 256
"""Texts embedded between two commits of vectors, and between two looks at `stopped`."""


class KeywordFollower:
    """The keyword index of an archive, kept level with its store."""

    def __init__(self, folder: Path, store: Store, lock: WriterLock) -> None:
        self._folder = SealedFolder(folder / KEYWORD)
        self._index = KeywordIndex(self._folder.path)
        self._store = store
        self._lock = lock
        self._sound = False

    def damage(self) -> str | None:
        """What is wrong with the files, for a person; None when they are as they were sealed."""
        return _damage(self._folder, self._store, KEYWORD)

    def search(
        self, query: str, k: int, where: SearchFilter, *, fields: Mapping[str, float] = FIELDS
    ) -> list[Hit]:
        """At most `k` chunks by BM25 over the weighted fields, then by id."""
        if not self._sound and self.damage() and self._lock.try_acquire():
            self.follow()
        # Where the lock is another's, that process is writing: its index is unsealed, not damaged.
        self._sound = True
        return self._index.search(query, k, where, fields=fields)

    def ids(self) -> set[str]:
        """The ids of all chunks in the index."""
        return self._index.ids()

    def follow(self) -> None:
        """Apply what changed; the caller holds the writer lock."""
        with self.following() as follow:
            follow()

    @contextmanager
    def following(self) -> Iterator[Callable[[], None]]:
        """Apply changes as often as the given function is called; the caller holds the writer lock."""
        if not self._sound and self.damage():
            self.discard()
        self._sound = True
        with self._folder.changing():
            yield self._apply
            self._index.close()  # waits for merges, so that the sealed files are the final ones

    def _apply(self) -> None:
        while True:
            cursor, article_ids = self._store.changes(KEYWORD, KEYWORD_SLICE)
            if not article_ids:
                return
            self._index.delete(article_ids)
            self._index.upsert(entries(self._store, article_ids))
            self._store.advance(KEYWORD, cursor)

    def discard(self) -> None:
        """Throw the index away; the next `follow` makes it anew."""
        self._index.close()
        self._folder.discard()
        self._store.rewind(KEYWORD)

    def close(self) -> None:
        """Let go of files and threads."""
        self._index.close()


class DenseFollower:
    """The vectors of an archive: Chroma kept level with the store, or exact search over the store."""

    def __init__(self, folder: Path, store: Store, lock: WriterLock, embedder: Embedder) -> None:
        self._folder = SealedFolder(folder / DENSE)
        self._chroma = ChromaVectors(self._folder.path)
        self._chroma_use = threading.RLock()  # one thread at a time opens or discards it
        self._chroma_open = False
        self._store = store
        self._lock = lock
        self._embedder = embedder
        self._exact: tuple[tuple[int, int], ExactVectors] | None = None

    @property
    def path(self) -> Path:
        """Chroma's folder."""
        return self._folder.path

    def damage(self) -> str | None:
        """What is wrong with the files, for a person; None when they are as they were sealed."""
        return _damage(self._folder, self._store, DENSE)

    def encode(self, queries: Sequence[str]) -> list[FloatVector]:
        """Vectors of queries, shape (dimension,) each; one call of the model for all of them."""
        return list(self._embedder.encode_query(queries))

    def search(self, vector: FloatVector, k: int, where: SearchFilter) -> list[Hit]:
        """At most `k` chunks by cosine similarity to the vector of a query, then by id."""
        index = self._chroma if self._lock.held and self._try_open() else self.exact()
        return self._score_exactly(vector, index.search(vector, k, where))

    def _score_exactly(self, query: FloatVector, hits: Sequence[Hit]) -> list[Hit]:
        """The hits with their cosine similarity to six places, from the stored vectors.

        Chroma and a product of matrices differ in the last bits; an answer must not depend on which of
        them was asked.
        """
        vectors = self._store.chunk_vectors(hit.chunk_id for hit in hits)
        wide = query.astype(np.float64)
        return total_order(
            Hit(chunk_id, round(float(np.frombuffer(stored, dtype="<f4").astype(np.float64) @ wide), 6))
            for chunk_id, stored in vectors.items()
        )

    def exact(self) -> ExactVectors:
        """Exact search over the vectors that the store holds now."""
        state = (self._store.state(), self._store.counts()["embeddings"])
        if self._exact is None or self._exact[0] != state:
            ids = self._store.article_ids()
            self._exact = (state, ExactVectors(lambda: entries(self._store, ids, with_vectors=True)))
        return self._exact[1]

    def follow(self, stopped: Callable[[], bool], embedded: Callable[[int], None]) -> None:
        """Embed what has no vector and apply what changed to Chroma; the caller holds the writer lock.

        Args:
            stopped: Asked between batches; what was embedded until then is kept.
            embedded: Told the number of articles of each finished slice.
        """
        if not self._try_open():
            self.discard()
        if not self._store.pending(DENSE):
            return
        with self._folder.changing():
            self._chroma_open = True
            while not stopped():
                cursor, article_ids = self._store.changes(DENSE, DENSE_SLICE)
                if not article_ids or not self._embed_missing(article_ids, stopped):
                    return
                self._chroma.delete(article_ids)
                self._chroma.upsert(entries(self._store, article_ids, with_vectors=True))
                self._store.advance(DENSE, cursor)
                embedded(len(article_ids))

    def _embed_missing(self, article_ids: Sequence[str], stopped: Callable[[], bool]) -> bool:
        """Embed the texts of these articles that have no vector, longest first; False if stopped."""
        articles = {article.id: article for article in self._store.articles(ids=article_ids)}
        texts = {
            key: text_to_embed(articles[chunk.article_id], chunk)
            for chunk, key in self._store.chunks(article_ids)
        }
        for key in self._store.vectors(texts):
            del texts[key]
        by_length = sorted(texts.items(), key=lambda item: (-len(item[1]), item[0]))
        for start in range(0, len(by_length), BATCH_TEXTS):
            if stopped():
                return False
            batch = by_length[start : start + BATCH_TEXTS]
            batch_texts = [text for _key, text in batch]
            vectors = checked_vectors(
                self._embedder.encode_document(batch_texts), batch_texts, self._embedder.name
            )
            self._store.put_vectors(
                {key: vector.tobytes() for (key, _text), vector in zip(batch, vectors, strict=True)}
            )
        return True

    def _try_open(self) -> bool:
        """Whether Chroma may be asked: it is open, or its seal holds, or there is nothing yet."""
        with self._chroma_use:
            if not self._chroma_open and not self.damage():
                self._chroma.open()
                self._folder.set()  # opening alone makes Chroma write
                self._chroma_open = True
            return self._chroma_open

    def discard(self) -> None:
        """Throw the index away; the next `follow` makes it anew from the stored vectors."""
        self.close()
        self._folder.discard()
        self._store.rewind(DENSE)

    def close(self) -> None:
        """Let go of files and threads."""
        with self._chroma_use:
            self._chroma.close()
            self._chroma_open = False


def _damage(folder: SealedFolder, store: Store, name: str) -> str | None:
    never_made = not folder.exists and not store.has_followed(name)
    return None if never_made else folder.damage()


def entries(store: Store, article_ids: Iterable[str], *, with_vectors: bool = False) -> list[IndexEntry]:
    """The articles' chunks as the indexes see them, in order of id; removed articles have none.

    With vectors, a chunk that has none yet is left out.
    """
    ids = list(article_ids)
    articles = {article.id: article for article in store.articles(ids=ids)}
    chunks = store.chunks(ids)
    quotes: dict[str, list[Quote]] = {}
    for quote in store.quotes(article_ids=ids):
        quotes.setdefault(quote.article_id, []).append(quote)
    vectors = store.vectors(key for _chunk, key in chunks) if with_vectors else {}
    return [
        _entry(articles[chunk.article_id], chunk, quotes.get(chunk.article_id, ()), vectors.get(key))
        for chunk, key in chunks
        if not with_vectors or key in vectors
    ]


def _entry(article: Article, chunk: Chunk, quotes: Sequence[Quote], vector: bytes | None) -> IndexEntry:
    speakers = {
        quote.speaker
        for quote in quotes
        if quote.speaker is not None and quote.start < chunk.end and quote.end > chunk.start
    }
    return IndexEntry(
        chunk_id=chunk.id,
        article_id=article.id,
        title=article.title,
        text=chunk.text,
        outlet=article.outlet,
        published=int(article.published.timestamp()) if article.published else None,
        speakers=tuple(sorted(speakers)),
        vector=None if vector is None else np.frombuffer(vector, dtype="<f4"),
    )
