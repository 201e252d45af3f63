"""Ranking metrics: worked by hand, and equal to ir-measures wherever it has the metric."""

from __future__ import annotations

import math

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.bench.metric_agreement import walk_multihop_rag
from evals.judging import judge_answer
from evals.scorers.retrieval import (
    average_precision,
    average_precision_script,
    evidence_recall,
    hits_all,
    hits_any,
    locate_articles,
    locate_facts,
    ndcg,
    reachable_share,
    reciprocal_rank,
    score_retrieval,
)
from evals.types import EvalCase, GoldSpan, Source, SystemAnswer

found_at_ranks = st.lists(st.integers(1, 14), unique=True, min_size=1, max_size=6).flatmap(
    lambda ranks: st.lists(st.none(), max_size=3).map(lambda missing: [*ranks, *missing])
)


def by_ir_measures(found_at: list[int | None], measure: object) -> float:
    """The same ranking as a TREC run: gold item g at its rank, everything else not relevant."""
    qrels = [ir_measures.Qrel("q", f"gold{n}", 1) for n in range(len(found_at))]
    at_rank = {rank: f"gold{n}" for n, rank in enumerate(found_at) if rank is not None}
    run = [
        ir_measures.ScoredDoc("q", at_rank.get(rank, f"other{rank}"), -float(rank)) for rank in range(1, 15)
    ]
    return float(ir_measures.calc_aggregate([measure], qrels, run)[measure])


@settings(deadline=None)
@given(found_at_ranks)
def test_ranking_metrics_equal_ir_measures(found_at: list[int | None]) -> None:
    golds = len(found_at)
    assert reciprocal_rank(found_at) == pytest.approx(by_ir_measures(found_at, ir_measures.RR @ 10))
    assert ndcg(found_at) == pytest.approx(by_ir_measures(found_at, ir_measures.nDCG @ 10))
    assert evidence_recall(found_at, 10) == pytest.approx(by_ir_measures(found_at, ir_measures.R @ 10))
    assert hits_any(found_at, 4) == pytest.approx(by_ir_measures(found_at, ir_measures.Success @ 4))
    # trec_eval divides by |G|, the definition here by min(|G|, 10): the same up to ten golds
    assert golds <= 10
    assert average_precision(found_at) == pytest.approx(by_ir_measures(found_at, ir_measures.AP @ 10))


@pytest.mark.parametrize(
    ("golds", "score"),
    [(2, 0.75), (3, 0.611), (4, 0.521)],
)
def test_the_scripts_map_of_a_perfect_ranking_is_below_one(golds: int, score: float) -> None:
    perfect = list(range(1, golds + 1))
    assert average_precision_script(perfect) == pytest.approx(score, abs=0.001)
    assert average_precision(perfect) == 1.0


def test_the_script_also_counts_the_rank_after_the_last() -> None:
    assert average_precision_script([11]) == pytest.approx(1 / 11)
    assert average_precision([11]) == 0.0


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True),
    st.lists(st.text(alphabet="abcdefxyz ", max_size=3), max_size=14),
)
def test_script_faithful_metrics_equal_a_second_implementation(
    facts: list[str], retrieved: list[str]
) -> None:
    found_at = locate_facts(facts, retrieved)
    expected = walk_multihop_rag(facts, retrieved)
    assert average_precision_script(found_at) == pytest.approx(expected["map"])
    assert hits_any(found_at, 10) == expected["hits10"]
    assert hits_any(found_at, 4) == expected["hits4"]
    assert reciprocal_rank(found_at) == pytest.approx(expected["mrr"])


def test_standard_average_precision_by_hand() -> None:
    # golds at 2 and 5 of three: (1/2 + 2/5) / 3
    assert average_precision([2, 5, None]) == pytest.approx(0.3)


def test_average_precision_with_several_golds_in_one_passage_is_at_most_one() -> None:
    assert average_precision([1, 1, 2]) == 1.0
    assert average_precision([3, 3]) == pytest.approx(1 / 3)


def test_ndcg_by_hand() -> None:
    # gain 1/log2(3), ideal 1/log2(2) + 1/log2(3)
    assert ndcg([2, None]) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


def test_any_all_and_share_part_where_one_of_two_is_found() -> None:
    found_at = [3, None]
    assert (hits_any(found_at, 4), hits_all(found_at, 4), evidence_recall(found_at, 4)) == (1.0, 0.0, 0.5)
    assert hits_any(found_at, 2) == 0.0


def test_a_fact_matches_across_white_space_only() -> None:
    assert locate_facts(["one two", "One two"], ["nothing", "has one\n  two in it"]) == [2, None]


def test_a_fact_cut_by_a_chunk_border_cannot_be_reached() -> None:
    assert reachable_share(["a b c", "d e"], ["x a b", "c d e"]) == 0.5


def test_further_passages_of_one_article_do_not_push_the_next_down() -> None:
    assert locate_articles(["b", "z"], ["a", "a", None, "b"]) == [2, None]


def test_a_case_without_gold_has_no_retrieval_score() -> None:
    answer = SystemAnswer(text="x", abstained=False, retrieved=(Source(text="x"),))
    scores = score_retrieval(judge_answer(EvalCase(id="a", question="q"), answer))
    assert all(score.value is None and score.reason == "the case names no gold" for score in scores)


def test_a_case_is_scored_by_span_and_by_article() -> None:
    case = EvalCase(id="a", question="q", gold=(GoldSpan(article_id="n1", quote="the dam held"),))
    answer = SystemAnswer(
        text="x",
        abstained=False,
        retrieved=(
            Source(text="elsewhere in it", article_id="n1"),
            Source(text="On Monday the dam held.", article_id="n1"),
        ),
    )
    scores = {score.metric: score.value for score in score_retrieval(judge_answer(case, answer))}
    assert scores["mrr@10"] == 0.5
    assert scores["document_mrr@10"] == 1.0
