"""The benchmark of near-duplicates counts pairs right."""

from __future__ import annotations

from evals.bench.near_duplicates import clusters_of, compare_pairs, pairs_in
from index import Article

ORIGINAL = (
    "The harbour board closed the northern pier on Monday after divers found cracks in eleven of its forty "
    "piles. Repairs will take six weeks and cost two million crowns, the board said. Ferries to the islands "
    "leave from the fish market until then, and lorries are sent round by the ring road."
)
OTHER = (
    "A jury in the capital acquitted the former mayor of taking bribes from a paving company, two years "
    "after he resigned. The prosecutor said that she would not appeal."
)


def test_a_group_of_three_is_three_pairs() -> None:
    assert pairs_in({"a": "x", "b": "x", "c": "x", "d": "y"}) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_precision_is_of_the_found_pairs_and_recall_of_the_wanted_ones() -> None:
    """Found ab and ac, wanted ab and de: one of two either way."""
    groups = {"a": "1", "b": "1", "c": "2", "d": "3", "e": "3"}
    compared = compare_pairs({("a", "b"), ("a", "c")}, {("a", "b"), ("d", "e")}, groups)
    assert compared["precision"].startswith("1 of 2 = 0.5000")
    assert compared["recall"].startswith("1 of 2 = 0.5000")


def test_no_pair_at_all_is_no_figure() -> None:
    assert compare_pairs(set(), set(), {}) == {"precision": "no cases", "recall": "no cases"}


def test_the_clusters_are_those_of_an_archive() -> None:
    articles = [
        Article(id="wire", text=ORIGINAL),
        Article(id="copy", text=ORIGINAL.replace("Monday", "Tuesday")),
        Article(id="court", text=OTHER),
    ]
    assert pairs_in(clusters_of(articles)) == {("copy", "wire")}
