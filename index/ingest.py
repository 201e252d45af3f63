"""Sources into the store: read, parse, keep. Idempotent, and safe to interrupt at any moment.

Articles are committed in small batches, each with everything parsed from it, so a reader sees an
article whole or not at all. What the report or the progress hook names is on disk.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.chunking import embedding_key, split_chunks, text_to_embed
from index.clusters import join_cluster, leave_cluster
from index.errors import SourceError
from index.progress import Outcome, Progress, ProgressHook
from index.quotes import extract_quotes
from index.sources import SourceItem
from index.store import Known, ParsedArticle, Store
from index.syndication import bands, signature
from index.types import Article, Failure, Ingested, IngestReport

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOOKUP_BATCH = 256
"""Items whose ids are looked up in one query: known items are passed over thousands a second."""

COMMIT_ARTICLES = 32
COMMIT_SECONDS = 1.0
"""A batch is committed after so many articles or so much time, whichever comes first: one sync to
disk for each article would cost more than reading it, and a slow feed must not keep what it has."""


@dataclass(slots=True)
class _Tally:
    """What has become of the sources so far."""

    hook: ProgressHook
    ingested: dict[Outcome, list[Ingested]] = field(default_factory=dict)
    failed: list[Failure] = field(default_factory=list)
    done: int = 0

    def ingest(self, outcome: Outcome, source: str, article_id: str, version: int) -> None:
        self.ingested.setdefault(outcome, []).append(Ingested(source, article_id, version))
        self._tell(outcome, source, article_id)

    def fail(self, source: str, reason: str) -> None:
        self.failed.append(Failure(source, reason))
        self._tell("failed", source, reason)

    def _tell(self, outcome: Outcome, source: str, detail: str) -> None:
        self.done += 1
        self.hook(Progress(outcome, source, self.done, None, detail))

    def report(self, seconds: float) -> IngestReport:
        return IngestReport(
            added=tuple(self.ingested.get("added", ())),
            updated=tuple(self.ingested.get("updated", ())),
            unchanged=tuple(self.ingested.get("unchanged", ())),
            duplicates=tuple(self.ingested.get("duplicate", ())),
            failed=tuple(self.failed),
            seconds=seconds,
        )


class Parser:
    """An article to all that is derived from its text."""

    def __init__(self, chunk_characters: int, embedder: str) -> None:
        """Fix what chunks and embedding keys depend on.

        Args:
            chunk_characters: Longest chunk in code points.
            embedder: Name of the embedding model.
        """
        self._chunk_characters = chunk_characters
        self._embedder = embedder

    def parse(self, article: Article, source: str = "", raw_digest: str = "") -> ParsedArticle:
        """Chunks, statements and the near-duplicate signature of one article version."""
        chunks = split_chunks(article, self._chunk_characters)
        marks = signature(article.text)
        return ParsedArticle(
            article=article,
            source=source,
            raw_digest=raw_digest,
            content_digest=content_digest(article),
            chunks=chunks,
            embedding_keys=tuple(
                embedding_key(self._embedder, text_to_embed(article, chunk)) for chunk in chunks
            ),
            quotes=extract_quotes(article),
            signature=marks,
            bands=bands(marks),
        )


def content_digest(article: Article) -> str:
    """Digest of what a reader sees of an article; a new version is one where it differs."""
    seen = [
        article.title,
        article.text,
        article.outlet,
        article.authors,
        article.url,
        article.published.isoformat() if article.published else None,
        article.updated.isoformat() if article.updated else None,
    ]
    return hashlib.blake2b(json.dumps(seen, ensure_ascii=False).encode(), digest_size=16).hexdigest()


def ingest(
    store: Store,
    parser: Parser,
    items: Iterable[SourceItem],
    *,
    hook: ProgressHook,
    committed: Callable[[], None],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> IngestReport:
    """Store what is new or changed.

    Args:
        store: Where to; the caller holds the writer lock.
        parser: What to derive from a text.
        items: Found, not yet read.
        hook: Told of every article once it is on disk, and of every failure.
        committed: Called after each commit, for the search indexes to follow.
        clock: Gives `Article.ingested`.

    Returns:
        What became of every source.
    """
    began = time.perf_counter()
    tally = _Tally(hook)
    pending: dict[str, ParsedArticle] = {}
    last_commit = time.monotonic()

    def commit() -> None:
        nonlocal last_commit
        if pending:
            outcomes = _commit(store, pending.values())
            committed()
            for parsed, outcome in zip(pending.values(), outcomes, strict=True):
                tally.ingest(outcome, parsed.source, parsed.article.id, parsed.article.version)
            pending.clear()
        last_commit = time.monotonic()

    for batch in _batches(items, LOOKUP_BATCH):
        known = store.known(item.identity for item in batch)
        for item in batch:
            if item.identity in pending:  # the same article again: compare it with what came just before
                commit()
                known |= store.known([item.identity])
            before = known.get(item.identity)
            if before and item.raw_digest and before.raw_digest == item.raw_digest:
                tally.ingest("unchanged", item.source, item.identity, before.version)
                continue
            try:
                parsed = _read(item, before, parser, clock())
            except SourceError as error:
                tally.fail(item.source, str(error))
                continue
            if before and before.content_digest == parsed.content_digest:
                with store.transaction() as connection:
                    store.remember_source(connection, item.identity, item.raw_digest)
                tally.ingest("unchanged", item.source, item.identity, before.version)
                continue
            pending[item.identity] = parsed
            if len(pending) >= COMMIT_ARTICLES or time.monotonic() - last_commit > COMMIT_SECONDS:
                commit()
                known |= store.known(item.identity for item in batch)
    commit()
    return tally.report(time.perf_counter() - began)


def _read(item: SourceItem, before: Known | None, parser: Parser, now: datetime) -> ParsedArticle:
    article = item.read()
    version = before.version + 1 if before else 1
    stored = replace(article, id=item.identity, version=version, ingested=now)
    return parser.parse(stored, item.source, item.raw_digest)


def _commit(store: Store, batch: Iterable[ParsedArticle]) -> list[Outcome]:
    with store.transaction() as connection:
        return [_put(store, connection, parsed) for parsed in batch]


def _put(store: Store, connection: Connection, parsed: ParsedArticle) -> Outcome:
    article = parsed.article
    if article.version > 1:
        leave_cluster(store, connection, article.id)
    store.put(connection, parsed)
    resembles = join_cluster(store, connection, article.id)
    if article.version > 1:
        return "updated"
    return "duplicate" if resembles else "added"


def _batches(items: Iterable[SourceItem], size: int) -> Iterator[list[SourceItem]]:
    """Items in lists of up to `size`; a short wait for the next one ends a list early."""
    batch: list[SourceItem] = []
    began = time.monotonic()
    for item in items:
        batch.append(item)
        if len(batch) >= size or time.monotonic() - began > COMMIT_SECONDS:
            yield batch
            batch, began = [], time.monotonic()
    if batch:
        yield batch
