"""Hits of several indexes fused into one ranking of passages, with near-duplicates collapsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from index.search_index import Hit, total_order
from index.types import Article, Chunk, Passage

if TYPE_CHECKING:
    from index.store import Store

FUSION_WEIGHTS = {"keyword": 0.6, "dense": 0.4}
"""Weights of the min-max normalised scores. Measured with `python -m evals.bench.retrieval`."""

CANDIDATES = 100
"""Hits taken from each index; at least three for each passage asked for."""


def candidates_for(k: int) -> int:
    """How many hits to ask of each index for `k` passages."""
    return max(CANDIDATES, 3 * k)


def fuse(found: Mapping[str, Sequence[Hit]]) -> list[tuple[Hit, tuple[str, ...]]]:
    """Weighted sum of min-max normalised scores; what an index did not find counts 0 there.

    Args:
        found: For each index its hits, by name of `FUSION_WEIGHTS`.

    Returns:
        Each chunk once, with the names of the indexes that found it, by falling score, then by id.
    """
    scores: dict[str, float] = {}
    finders: dict[str, list[str]] = {}
    for name in sorted(found):
        hits = found[name]
        if not hits:
            continue
        lowest, highest = hits[-1].score, hits[0].score
        spread = highest - lowest
        for hit in hits:
            share = (hit.score - lowest) / spread if spread else 1.0
            scores[hit.chunk_id] = scores.get(hit.chunk_id, 0.0) + FUSION_WEIGHTS[name] * share
            finders.setdefault(hit.chunk_id, []).append(name)
    ranked = total_order(Hit(chunk_id, score) for chunk_id, score in scores.items())
    return [(hit, tuple(finders[hit.chunk_id])) for hit in ranked]


def to_passages(store: Store, ranked: Sequence[tuple[Hit, tuple[str, ...]]], k: int) -> list[Passage]:
    """The best `k` hits as passages; of near-duplicate articles only the earliest found is kept."""
    chunks = store.chunks_by_id(hit.chunk_id for hit, _finders in ranked)
    articles = {
        article.id: article for article in store.articles(ids={c.article_id for c in chunks.values()})
    }
    kept = _representatives(articles.values())
    passages: list[Passage] = []
    for hit, finders in ranked:
        chunk = chunks.get(hit.chunk_id)  # the index may be a moment behind the store
        if chunk is None or chunk.article_id not in kept:
            continue
        passages.append(_passage(chunk, articles[chunk.article_id], hit.score, len(passages) + 1, finders))
        if len(passages) == k:
            break
    return passages


def _representatives(articles: Iterable[Article]) -> set[str]:
    """Of each cluster the earliest of these articles, undated last, then by id."""
    earliest: dict[str, tuple[bool, float, str]] = {}
    for article in articles:
        time = article.published.timestamp() if article.published else 0.0
        place = (article.published is None, time, article.id)
        cluster = article.cluster or article.id
        earliest[cluster] = min(earliest.get(cluster, place), place)
    return {article_id for _undated, _time, article_id in earliest.values()}


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
