"""Agreement with people: hand-worked values, and a second implementation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, cohen_kappa_score, roc_auc_score

from evals.agreement import area_under_roc, balanced_accuracy, balanced_accuracy_interval, cohen_kappa

SAID = [True, True, False, False, True]
TRUTH = [True, True, True, False, False]


def test_balanced_accuracy_is_the_mean_of_both_shares() -> None:
    assert balanced_accuracy(SAID, TRUTH) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_kappa_takes_off_what_chance_gives() -> None:
    # agreement 3/5; chance 3/5 x 3/5 + 2/5 x 2/5 = 13/25
    assert cohen_kappa(SAID, TRUTH) == pytest.approx((0.6 - 0.52) / 0.48)


def test_ties_count_half_in_the_area() -> None:
    # pairs (supported, not): 0.9>0.5, 0.9>0.1, 0.5=0.5, 0.5>0.1
    assert area_under_roc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == pytest.approx(3.5 / 4)


@pytest.mark.parametrize("truth", [[True, True], [False, False]])
def test_one_label_alone_tells_nothing(truth: list[bool]) -> None:
    assert balanced_accuracy([True, False], truth) is None
    assert area_under_roc([1.0, 0.0], truth) is None
    assert balanced_accuracy_interval([True, False], truth, ["a", "b"]) is None


def test_kappa_is_undefined_where_chance_is_certain() -> None:
    assert cohen_kappa([True, True], [True, True]) is None


def test_the_interval_is_seeded_and_holds_the_value() -> None:
    said, truth = SAID * 8, TRUTH * 8
    clusters = [str(at // 5) for at in range(40)]
    first = balanced_accuracy_interval(said, truth, clusters)
    assert first == balanced_accuracy_interval(said, truth, clusters)
    assert first is not None
    # every cluster is the same five items, so that resampling clusters changes nothing
    assert (first.low, first.high) == pytest.approx((7 / 12, 7 / 12))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 4)), min_size=2, max_size=40))
def test_a_second_implementation_agrees(rows: list[tuple[bool, bool, int]]) -> None:
    said, truth, scores = (list(column) for column in zip(*rows, strict=True))
    if len(set(truth)) == 2:
        assert balanced_accuracy(said, truth) == pytest.approx(balanced_accuracy_score(truth, said))
        assert area_under_roc(scores, truth) == pytest.approx(roc_auc_score(truth, scores))
        if len(set(said)) == 2:
            assert cohen_kappa(said, truth) == pytest.approx(cohen_kappa_score(truth, said))
