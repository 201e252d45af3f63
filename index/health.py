"""Is the archive what it should be? Read-only checks, each finding with the command that mends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.chroma_copy import ChromaReading, read_copy
from index.errors import ArchiveDamaged
from index.ingest import PARSER_FACT
from index.quotes import QUOTE_PARSER_VERSION
from index.search_index import SearchFilter

if TYPE_CHECKING:
    from index.follow import DenseFollower, KeywordFollower
    from index.search_index import FloatVector
    from index.store import Store

REBUILD = "byline rebuild"

RECALL_QUERIES = 200
RECALL_AT = 10
RECALL_FLOOR = 0.98
"""Share of the exact first ten that Chroma must return, over 200 stored vectors as queries."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    what: str
    """``store``, ``offsets``, ``keyword`` or ``dense``."""
    detail: str
    """What was found, with numbers and an example."""
    command: str
    """What to run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckReport:
    """What was looked at and what was found."""

    findings: tuple[Finding, ...]
    articles: int
    chunks: int
    quotes: int
    vectors: int
    """Vectors read back from Chroma; 0 where it was not opened."""
    recall: float | None
    """Share of the exact first ten that Chroma returned; None where it was not measured."""

    @property
    def healthy(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def check(store: Store, keyword: KeywordFollower, dense: DenseFollower) -> CheckReport:
    """Look at the store, the offsets and both indexes."""
    broken = store.integrity() or _altered(store)
    if broken:
        detail = f"{store.path.name}: {broken[0]} ({len(broken)} in all)"
        command = f"restore it from a backup: copy the backup over {store.path}, then {REBUILD}"
        damaged = (Finding("store", detail, command),)
        return CheckReport(findings=damaged, articles=0, chunks=0, quotes=0, vectors=0, recall=None)
    counts = store.counts()
    findings = [*_check_parser(store), *_check_offsets(store), *_check_keyword(store, keyword)]
    vectors, recall, dense_findings = _check_dense(store, dense)
    return CheckReport(
        findings=(*findings, *dense_findings),
        articles=counts["articles"],
        chunks=counts["chunks"],
        quotes=counts["quotes"],
        vectors=vectors,
        recall=recall,
    )


def _altered(store: Store) -> list[str]:
    """The first article that is not what came in."""
    try:
        store.read_all()
    except ArchiveDamaged as error:
        return [str(error)]
    return []


def _check_parser(store: Store) -> Iterator[Finding]:
    made_with = store.fact(PARSER_FACT)
    if store.state() and made_with != str(QUOTE_PARSER_VERSION):
        detail = f"statements were read by parser {made_with or 'of old'}, this is {QUOTE_PARSER_VERSION}"
        yield Finding("store", detail, REBUILD)


def _check_offsets(store: Store) -> Iterator[Finding]:
    for article in (store.article(article_id) for article_id in store.article_ids()):
        length = len(article.text)
        spans = [(chunk.start, chunk.end) for chunk, _key in store.chunks([article.id])]
        spans += [(quote.start, quote.end) for quote in store.quotes(article_ids=[article.id])]
        outside = [span for span in spans if not 0 <= span[0] < span[1] <= length]
        if outside:
            yield Finding(
                "offsets", f"article {article.id}: span {outside[0]} of {length} characters", REBUILD
            )


def _check_keyword(store: Store, keyword: KeywordFollower) -> Iterator[Finding]:
    damage = keyword.damage()
    if damage:
        yield Finding("keyword", damage, REBUILD)
        return
    try:
        yield from _compare("keyword", store.chunk_ids(), keyword.ids())
    except ArchiveDamaged as error:
        yield Finding("keyword", str(error), REBUILD)


def _compare(index: str, expected: set[str], found: set[str]) -> Iterator[Finding]:
    for kind, ids in (("missing", expected - found), ("extra", found - expected)):
        if ids:
            yield Finding(index, f"{len(ids)} of {len(expected)} chunks {kind}, such as {min(ids)}", REBUILD)


def _check_dense(store: Store, dense: DenseFollower) -> tuple[int, float | None, list[Finding]]:
    """Vectors read, recall, findings."""
    findings = []
    pending = store.pending("dense")
    if pending:
        findings.append(Finding("dense", f"{pending} articles have no vectors yet", REBUILD))
    damage = dense.damage()
    if damage:
        return 0, None, [*findings, Finding("dense", damage, REBUILD)]
    stored = store.embedded_chunks()
    if not stored:
        return 0, None, findings
    sample = sorted(stored)[:: max(1, len(stored) // RECALL_QUERIES)][:RECALL_QUERIES]
    try:
        reading = read_copy(dense.path, sample, RECALL_AT)
    except ArchiveDamaged as error:
        return 0, None, [*findings, Finding("dense", str(error), REBUILD)]
    findings += _compare("dense", set(stored), set(reading.vectors))
    shared = sorted(stored.keys() & reading.vectors.keys())
    different = [chunk_id for chunk_id in shared if not _same(stored[chunk_id], reading.vectors[chunk_id])]
    if different:
        detail = f"{len(different)} of {len(shared)} vectors differ from the store, such as {different[0]}"
        findings.append(Finding("dense", detail, REBUILD))
    recall = _recall(dense, reading)
    if recall < RECALL_FLOOR:
        detail = f"recall of the exact first {RECALL_AT} is {recall:.3f}, under {RECALL_FLOOR}"
        findings.append(Finding("dense", detail, REBUILD))
    return len(reading.vectors), recall, findings


def _same(stored: bytes, read: FloatVector) -> bool:
    vector = np.frombuffer(stored, dtype="<f4")
    return vector.shape == read.shape and bool(np.allclose(vector, read, atol=1e-5))


def _recall(dense: DenseFollower, reading: ChromaReading) -> float:
    """Mean share of the exact first ten in Chroma's first ten; a tie with the tenth counts as found."""
    exact = dense.exact()
    shares = []
    for chunk_id, found in reading.nearest.items():
        query = reading.vectors[chunk_id]
        hits = exact.search(query, RECALL_AT, SearchFilter())
        tenth = hits[-1].score - 1e-6
        good = sum(1 for other in found if float(reading.vectors[other] @ query) >= tenth)
        shares.append(min(1.0, good / len(hits)))
    return sum(shares) / len(shares) if shares else 0.0
