"""Ranking metrics over the gold facts of one question.

All take `found_at`: for each gold item the 1-based rank at which it was first retrieved, or None.
`locate_facts` (a fact is a substring of a passage) and `locate_articles` (by id) make it, so that
each metric exists for passages and for documents.

Definitions: MRR Voorhees 1999; AP Buckley and Voorhees 2000; nDCG Jarvelin and Kekalainen 2002,
binary gains; the script-faithful AP from `retrieval_evaluate.py` of MultiHop-RAG (Tang and Yang
2024, arXiv 2401.15391), which is not average precision but is what published rows report.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from evals.types import Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.judging import Judged

DEPTH = 10
"""Ranks that count, as in all published MultiHop-RAG rows."""


def locate_facts(facts: Sequence[str], passages: Sequence[str]) -> list[int | None]:
    """Rank of the first passage that holds each fact, all white space removed (the script's rule)."""
    squeezed = ["".join(passage.split()) for passage in passages]
    needles = ["".join(fact.split()) for fact in facts]
    return [
        next((rank for rank, passage in enumerate(squeezed, start=1) if needle in passage), None)
        for needle in needles
    ]


def locate_articles(gold_ids: Sequence[str], ranked_ids: Sequence[str | None]) -> list[int | None]:
    """Rank of each gold article in the ranking of distinct articles: further passages of one count once."""
    rank_of: dict[str, int] = {}
    for article_id in ranked_ids:
        if article_id is not None:
            rank_of.setdefault(article_id, len(rank_of) + 1)
    return [rank_of.get(article_id) for article_id in gold_ids]


def hits_any(found_at: Sequence[int | None], k: int) -> float:
    """1 if any gold item stands in the first k (what MultiHop-RAG's script calls Hits@k)."""
    return float(any(rank is not None and rank <= k for rank in found_at))


def hits_all(found_at: Sequence[int | None], k: int) -> float:
    """1 if every gold item stands in the first k."""
    return float(all(rank is not None and rank <= k for rank in found_at))


def evidence_recall(found_at: Sequence[int | None], k: int) -> float:
    """Share of the gold items in the first k."""
    return sum(rank is not None and rank <= k for rank in found_at) / len(found_at)


def reciprocal_rank(found_at: Sequence[int | None], k: int = DEPTH) -> float:
    """1 / rank of the first gold item, 0 if none is in the first k."""
    ranks = [rank for rank in found_at if rank is not None and rank <= k]
    return 1 / min(ranks) if ranks else 0.0


def average_precision(found_at: Sequence[int | None], k: int = DEPTH) -> float:
    """Standard AP at k: sum over ranks r with a new gold item of (gold items found by r) / r.

    Divided by min(number of gold items, k). Where one passage holds several gold items the sum can
    pass its ideal; it is cut at 1.
    """
    ranks = [rank for rank in found_at if rank is not None and rank <= k]
    total = sum(sum(found <= rank for found in ranks) / rank for rank in sorted(set(ranks)))
    return min(1.0, total / min(len(found_at), k))


def average_precision_script(found_at: Sequence[int | None], k: int = DEPTH) -> float:
    """MultiHop-RAG's "MAP": sum of (newly found at rank r) / r over min(number of gold items, k).

    Faithful to the script, which also counts rank k + 1. A perfect ranking of two golds scores 0.75.
    """
    ranks = [rank for rank in found_at if rank is not None and rank <= k + 1]
    return sum(1 / rank for rank in ranks) / min(len(found_at), k)


def ndcg(found_at: Sequence[int | None], k: int = DEPTH) -> float:
    """Binary nDCG at k: discounts 1 / log2(rank + 1), ideal = all gold items first."""
    gain = sum(1 / math.log2(rank + 1) for rank in found_at if rank is not None and rank <= k)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(found_at), k) + 1))
    return gain / ideal


def reachable_share(facts: Sequence[str], chunks: Sequence[str]) -> float:
    """Share of facts that stand whole in any chunk: what the best ranking of these chunks can reach."""
    squeezed = "\x00".join("".join(chunk.split()) for chunk in chunks)
    return sum("".join(fact.split()) in squeezed for fact in facts) / len(facts)


def score_retrieval(judged: Judged) -> list[Score]:
    """Every ranking metric of one answer's retrieved passages, by gold span and by gold article."""
    names = (
        "retrieval_hit@1",
        "retrieval_hit@4",
        "retrieval_hit@10",
        "evidence_recall@10",
        "hits_all@10",
        "mrr@10",
        "map@10",
        "ndcg@10",
        "document_hit@1",
        "document_hit@10",
        "document_mrr@10",
    )
    case, answer = judged.case, judged.answer
    if not case.gold or not answer.retrieved:
        reason = "the case names no gold" if not case.gold else "the system shows no retrieved passages"
        return [Score(metric=name, value=None, reason=reason) for name in names]
    spans = locate_facts([span.quote for span in case.gold], [source.text for source in answer.retrieved])
    articles = locate_articles(
        list(dict.fromkeys(span.article_id for span in case.gold)),
        [source.article_id for source in answer.retrieved],
    )
    values = (
        hits_any(spans, 1),
        hits_any(spans, 4),
        hits_any(spans, 10),
        evidence_recall(spans, 10),
        hits_all(spans, 10),
        reciprocal_rank(spans),
        average_precision(spans),
        ndcg(spans),
        hits_any(articles, 1),
        hits_any(articles, 10),
        reciprocal_rank(articles),
    )
    reason = f"gold spans at ranks {spans}, gold articles at {articles}"
    return [Score(metric=name, value=value, reason=reason) for name, value in zip(names, values, strict=True)]
