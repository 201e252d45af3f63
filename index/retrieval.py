"""Hits of several indexes fused into one ranking of passages, with near-duplicates collapsed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from index.search_index import Hit, total_order
from index.types import Article, Chunk, Passage

if TYPE_CHECKING:
    from index.store import ChunkPlace, Store

FUSION_WEIGHTS = {"keyword": 0.6, "dense": 0.4}
"""Weights of the min-max normalised scores."""

NEARNESS = 0.3
NEARNESS_DAYS = 30.0
"""What an article of the wanted time gains, falling with the days between by a factor of e each 30."""

SUPPORT = 0.3
"""Share of the score of an article's second best chunk that its best one gains."""

PARTS = 1.0
"""Weight of the part of a query that a chunk fits best, beside the whole query.

The first four were chosen on the development half of RealTime QA, the last on that of MultiHop-RAG. Between
0.2 and 0.6 for nearness, 0.1 and 0.4 for support, 0.5 and 2 for parts and 0.5 and 0.8 for keywords, hit@1 and
the facts found change by 0.03 at most. Measured by `python -m evals.bench.retrieval`; the figures stand in
`docs/figures/retrieval.md`."""

CANDIDATES = 100
"""Hits taken from each index; at least three for each passage asked for."""

Found = tuple[Hit, tuple[str, ...]]
"""A hit with the names of the indexes that found it."""


def candidates_for(k: int) -> int:
    """How many hits to ask of each index for `k` passages."""
    return max(CANDIDATES, 3 * k)


def fuse(found: Mapping[str, Sequence[Hit]]) -> list[Found]:
    """Weighted sum of min-max normalised scores; what an index did not find counts 0 there.

    Args:
        found: For each index its hits, by name of `FUSION_WEIGHTS`.

    Returns:
        Each chunk once, with the names of the indexes that found it, by falling score, then by id.
    """
    scores: dict[str, float] = {}
    finders: dict[str, tuple[str, ...]] = {}
    whole = sum(FUSION_WEIGHTS[name] for name in found)
    for name in sorted(found):
        hits = found[name]
        if not hits:
            continue
        lowest, highest = hits[-1].score, hits[0].score
        spread = highest - lowest
        for hit in hits:
            share = (hit.score - lowest) / spread if spread else 1.0
            scores[hit.chunk_id] = scores.get(hit.chunk_id, 0.0) + FUSION_WEIGHTS[name] / whole * share
            finders[hit.chunk_id] = (*finders.get(hit.chunk_id, ()), name)
    return _ranked(scores, finders)


def add_parts(whole: Sequence[Found], parts: Sequence[Sequence[Found]]) -> list[Found]:
    """What fits the whole query, and what fits any one of its parts, in one ranking.

    Each chunk gains its score for the part that it fits best.

    Args:
        whole: Fused hits of the query.
        parts: Fused hits of each part.
    """
    scores = {hit.chunk_id: hit.score for hit, _finders in whole}
    finders = {hit.chunk_id: names for hit, names in whole}
    best: dict[str, float] = {}
    for part in parts:
        for hit, names in part:
            best[hit.chunk_id] = max(hit.score, best.get(hit.chunk_id, 0.0))
            finders[hit.chunk_id] = tuple(sorted({*names, *finders.get(hit.chunk_id, ())}))
    for chunk_id, score in best.items():
        scores[chunk_id] = scores.get(chunk_id, 0.0) + PARTS * score
    return _ranked(scores, finders)


def _ranked(scores: Mapping[str, float], finders: Mapping[str, tuple[str, ...]]) -> list[Found]:
    hits = total_order(Hit(chunk_id, score) for chunk_id, score in scores.items())
    return [(hit, finders[hit.chunk_id]) for hit in hits]


def to_passages(store: Store, ranked: Sequence[Found], k: int, near: datetime | None = None) -> list[Passage]:
    """The best `k` hits as passages; of near-duplicate articles only the earliest found is kept.

    Args:
        store: Where the chunks are.
        ranked: Fused hits.
        k: How many passages at most.
        near: Articles of this time are preferred.
    """
    places = store.chunk_places(hit.chunk_id for hit, _finders in ranked)
    kept = _representatives(places.values())
    finders = {
        hit.chunk_id: names
        for hit, names in ranked
        if (place := places.get(hit.chunk_id))
        and place.article_id in kept  # the index may be a moment behind
    }
    scores = _with_support(
        {hit.chunk_id: hit.score for hit, _names in ranked if hit.chunk_id in finders}, places
    )
    if near is not None:
        for chunk_id in scores:
            scores[chunk_id] += NEARNESS * _nearness(places[chunk_id], near)
    best = _ranked(scores, finders)[:k]
    chunks = store.chunks_by_id(hit.chunk_id for hit, _names in best)
    articles = {one.id: one for one in store.articles(ids={chunk.article_id for chunk in chunks.values()})}
    return [
        _passage(chunks[hit.chunk_id], articles[chunks[hit.chunk_id].article_id], hit.score, rank, names)
        for rank, (hit, names) in enumerate(best, 1)
    ]


def _with_support(scores: Mapping[str, float], places: Mapping[str, ChunkPlace]) -> dict[str, float]:
    """The scores, that of each article's best chunk raised by a share of its second best one's."""
    of_article: dict[str, list[str]] = {}
    for chunk_id in scores:  # by falling score
        of_article.setdefault(places[chunk_id].article_id, []).append(chunk_id)
    raised = dict(scores)
    for best, *others in of_article.values():
        if others:
            raised[best] += SUPPORT * scores[others[0]]
    return raised


def _nearness(place: ChunkPlace, near: datetime) -> float:
    """1 for an article of that moment, falling with the days between; 0 for an undated one."""
    if place.published is None:
        return 0.0
    return math.exp(-abs(near.timestamp() - place.published) / 86_400 / NEARNESS_DAYS)


def _representatives(places: Iterable[ChunkPlace]) -> set[str]:
    """Of each cluster the earliest of these articles, undated last, then by id."""
    earliest: dict[str, tuple[float, str]] = {}
    for place in places:
        first = (math.inf if place.published is None else place.published, place.article_id)
        cluster = place.cluster or place.article_id
        earliest[cluster] = min(earliest.get(cluster, first), first)
    return {article_id for _time, article_id in earliest.values()}


def _passage(chunk: Chunk, article: Article, score: float, rank: int, found_by: tuple[str, ...]) -> Passage:
    return Passage(
        article_id=chunk.article_id,
        version=chunk.version,
        start=chunk.start,
        end=chunk.end,
        text=chunk.text,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published=article.published,
        score=score,
        rank=rank,
        found_by=found_by,
    )
