"""Sources into the store: read, parse, keep. Idempotent, and safe to interrupt at any moment.

Articles are committed in small batches, each with everything parsed from it, so a reader sees an
article whole or not at all. What the report or the progress hook names is on disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.chunking import embedding_key, split_chunks, text_to_embed
from index.clusters import join_cluster, leave_cluster
from index.digest import content_digest
from index.errors import SourceError
from index.progress import Outcome, Progress, ProgressHook
from index.quotes import QUOTE_PARSER_VERSION, extract_quotes
from index.sources import SourceItem
from index.store import Edition, Known, ParsedArticle, Store
from index.syndication import bands, signature
from index.types import Article, Failure, Ingested, IngestReport

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOOKUP_BATCH = 256
"""Items whose ids are looked up in one query: known items are passed over thousands a second."""

PARSER_FACT = "quote parser"
"""Name under which the store keeps the version of the parser that read its statements; where articles were
added after a change of the parser, the oldest one."""

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

    def parse(self, article: Article) -> ParsedArticle:
        """Chunks, statements and the near-duplicate signature of one article version."""
        chunks = split_chunks(article, self._chunk_characters)
        texts = (text_to_embed(article, chunk) for chunk in chunks)
        marks = signature(article.text)
        return ParsedArticle(
            article=article,
            chunks=chunks,
            embedding_keys=tuple(embedding_key(self._embedder, text) for text in texts),
            quotes=extract_quotes(article),
            signature=marks,
            bands=bands(marks),
        )


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
    if store.state() == 0:
        store.set_fact(PARSER_FACT, str(QUOTE_PARSER_VERSION))
    run = _Run(store, parser, _Tally(hook), committed, clock)
    for batch in _batches(items, LOOKUP_BATCH):
        known = store.known(item.identity for item in batch)
        met: set[str] = set()
        for item in batch:
            if item.identity in met:  # the same article again: compare it with what came just before
                run.commit()
                known |= store.known([item.identity])
            met.add(item.identity)
            run.take(item, known.get(item.identity, Known()))
        run.commit()
    return run.tally.report(time.perf_counter() - began)


@dataclass(slots=True)
class _Run:
    """One ingest: what it has read but not yet committed, and what has become of the rest."""

    store: Store
    parser: Parser
    tally: _Tally
    committed: Callable[[], None]
    clock: Callable[[], datetime]
    pending: dict[str, tuple[Edition, ParsedArticle | None]] = field(default_factory=dict)
    last_commit: float = field(default_factory=time.monotonic)

    def take(self, item: SourceItem, known: Known) -> None:
        """Read an item, unless its raw form is known, and note it if its content is new."""
        if item.raw_digest in known.raw:
            self.tally.ingest("unchanged", item.source, item.identity, known.raw[item.raw_digest])
            return
        if item.is_excerpt and known.versions:  # a page out of reach must not turn an article into its teaser
            self.tally.ingest("unchanged", item.source, item.identity, known.versions)
            return
        try:
            article = item.read()
        except SourceError as error:
            self.tally.fail(item.source, str(error))
            return
        digest = content_digest(article)
        if digest in known.content:
            with self.store.transaction() as connection:
                version = known.content[digest]
                self.store.remember_source(connection, item.identity, version, item.raw_digest)
            self.tally.ingest("unchanged", item.source, item.identity, version)
            return
        article = replace(article, id=item.identity, version=known.versions + 1, ingested=self.clock())
        edition = Edition(
            article=article, source=item.source, raw_digest=item.raw_digest, content_digest=digest
        )
        superseded = _is_older(article, known)
        self.pending[item.identity] = edition, None if superseded else self.parser.parse(article)
        if len(self.pending) >= COMMIT_ARTICLES or time.monotonic() - self.last_commit > COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Put what is pending on disk, let the indexes follow, and only then tell."""
        self.last_commit = time.monotonic()
        if not self.pending:
            return
        with self.store.transaction() as connection:
            outcomes = [_put(self.store, connection, *each) for each in self.pending.values()]
        self.committed()
        for (edition, _parsed), outcome in zip(self.pending.values(), outcomes, strict=True):
            self.tally.ingest(outcome, edition.source, edition.article.id, edition.article.version)
        self.pending.clear()


def _is_older(article: Article, known: Known) -> bool:
    """Whether the publisher has changed the article since; it is kept, but not made current."""
    edited = article.updated or article.published
    return edited is not None and known.edited is not None and edited.timestamp() < known.edited


def _put(store: Store, connection: Connection, edition: Edition, parsed: ParsedArticle | None) -> Outcome:
    article = edition.article
    store.put_edition(connection, edition)
    if parsed is None:
        return "updated"
    if article.version > 1:
        leave_cluster(store, connection, article.id)
    store.put_parsed(connection, parsed)
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
