"""Fusion, by hand: min-max normalised scores, weighted, ties broken by id."""

from __future__ import annotations

import pytest

from index.retrieval import FUSION_WEIGHTS, PARTS, add_parts, fuse
from index.search_index import Hit

KEYWORD, DENSE = FUSION_WEIGHTS["keyword"], FUSION_WEIGHTS["dense"]


def test_scores_are_normalised_within_each_index_and_weighted() -> None:
    # keyword: 12, 8, 4 -> 1, 0.5, 0; dense: 0.9, 0.5 -> 1, 0
    fused = fuse(
        {
            "keyword": [Hit("a", 12.0), Hit("b", 8.0), Hit("c", 4.0)],
            "dense": [Hit("b", 0.9), Hit("d", 0.5)],
        }
    )
    scores = {hit.chunk_id: hit.score for hit, _finders in fused}
    assert scores == pytest.approx({"a": KEYWORD, "b": 0.5 * KEYWORD + DENSE, "c": 0.0, "d": 0.0})


def test_each_chunk_comes_once_with_all_that_found_it() -> None:
    fused = fuse({"keyword": [Hit("a", 2.0), Hit("b", 1.0)], "dense": [Hit("a", 0.9)]})
    assert [(hit.chunk_id, finders) for hit, finders in fused] == [
        ("a", ("dense", "keyword")),
        ("b", ("keyword",)),
    ]


def test_equal_scores_are_ordered_by_id() -> None:
    assert [hit.chunk_id for hit, _ in fuse({"keyword": [Hit("b", 1.0), Hit("a", 1.0)]})] == ["a", "b"]


def test_nothing_found_is_nothing_fused() -> None:
    assert fuse({"keyword": [], "dense": []}) == []


def test_one_retriever_alone_uses_the_whole_scale() -> None:
    fused = fuse({"keyword": [Hit("a", 12.0), Hit("b", 4.0)]})
    assert [(hit.chunk_id, hit.score) for hit, _finders in fused] == [("a", 1.0), ("b", 0.0)]


def test_a_chunk_gains_its_score_for_the_part_that_it_fits_best() -> None:
    whole = [(Hit("a", 1.0), ("keyword",)), (Hit("b", 0.5), ("keyword",))]
    parts = [
        [(Hit("b", 0.9), ("dense",)), (Hit("c", 0.2), ("dense",))],
        [(Hit("c", 0.8), ("keyword",)), (Hit("b", 0.1), ("keyword",))],
    ]
    ranked = add_parts(whole, parts)
    scores = {hit.chunk_id: hit.score for hit, _finders in ranked}
    assert scores == pytest.approx({"a": 1.0, "b": 0.5 + 0.9 * PARTS, "c": 0.8 * PARTS})
    assert [hit.chunk_id for hit, _finders in ranked] == ["b", "a", "c"]
    assert {hit.chunk_id: finders for hit, finders in ranked}["b"] == ("dense", "keyword")
