"""Statistics with numbers worked by hand or taken from the sources."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.statistics import (
    Interval,
    adjust_holm,
    compare_paired,
    estimate,
    mean_interval,
    wilson_interval,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # (p + z2/2n +- z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n), z = 1.959964
        pytest.param(9, 10, 0.5958, 0.9821, id="9 of 10"),
        pytest.param(0, 10, 0.0, 0.2775, id="none of 10: z2/(n+z2) = 3.8415/13.8415"),
        pytest.param(180, 200, 0.8506, 0.9343, id="0.9 of 200: half-width about 4 points"),
    ],
)
def test_wilson_interval_by_hand(successes: int, n: int, low: float, high: float) -> None:
    found = wilson_interval(successes, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_equal_values_do_not_claim_certainty() -> None:
    assert mean_interval([1.0] * 10, [str(n) for n in range(10)]) == wilson_interval(10, 10)


def test_equal_values_of_one_cluster_count_once() -> None:
    assert mean_interval([1.0] * 10, ["same"] * 10) == wilson_interval(1, 1)


def test_an_interval_of_different_values_in_one_cluster_is_undefined() -> None:
    assert mean_interval([0.2, 0.8], ["same", "same"]) is None


def test_no_values_have_no_interval() -> None:
    assert mean_interval([], []) is None


def test_clustering_widens_the_interval_when_clusters_agree() -> None:
    values = [1.0] * 20 + [0.0] * 20
    alone = mean_interval(values, [str(n) for n in range(40)])
    pairs = mean_interval(values, [str(n // 10) for n in range(40)])
    assert alone is not None
    assert pairs is not None
    assert pairs.high - pairs.low > alone.high - alone.low


def test_the_bootstrap_is_the_same_every_time() -> None:
    values, clusters = [0.1, 0.4, 0.5, 0.9, 0.3], list("abcde")
    assert mean_interval(values, clusters) == mean_interval(values, clusters)


def test_failed_cases_bound_the_mean() -> None:
    # three scored 1, 1, 0; one not applicable; one failed: mean 2/3, bounds 2/4 and 3/4
    found = estimate({"a": 1.0, "b": 1.0, "c": 0.0, "d": None}, {key: key for key in "abcd"}, failed=1)
    assert found.mean == pytest.approx(2 / 3)
    assert found.bounds == Interval(0.5, 0.75)
    assert (found.n_total, found.n_scored, found.n_not_applicable, found.n_failed) == (5, 3, 1, 1)


def test_nothing_scored_has_no_mean() -> None:
    found = estimate({"a": None}, {"a": "a"}, failed=0)
    assert (found.mean, found.interval, found.bounds) == (None, None, None)


def test_mcnemar_on_independent_rates() -> None:
    # 1 better, 8 worse of 20: 2 * (C(9,0) + C(9,1)) / 2^9 = 20/512
    before = {str(n): float(n >= 1) for n in range(20)}
    after = {str(n): float(n == 0 or n > 8) for n in range(20)}
    found = compare_paired(before, after, {key: key for key in before})
    assert found is not None
    assert (found.better, found.worse) == (1, 8)
    assert found.mean == pytest.approx(-7 / 20)
    assert found.p_value == pytest.approx(20 / 512)


def test_sign_flips_of_clusters_are_exact_when_few() -> None:
    # five clusters, each worse by the same: 2 of 32 sign patterns are as extreme
    before = {str(n): 0.5 for n in range(5)}
    after = {str(n): 0.25 for n in range(5)}
    found = compare_paired(before, after, {key: key for key in before})
    assert found is not None
    assert found.p_value == pytest.approx(2 / 32)


def test_one_changed_cluster_proves_nothing() -> None:
    before = {"a": 1.0, "b": 1.0, "c": 1.0}
    found = compare_paired(before, {"a": 0.0, "b": 0.0, "c": 1.0}, {"a": "x", "b": "x", "c": "y"})
    assert found is not None
    assert found.p_value == 1.0


def test_runs_without_common_cases_are_not_compared() -> None:
    assert compare_paired({"a": 1.0}, {"b": 1.0}, {"a": "a", "b": "b"}) is None


def test_holm_by_hand() -> None:
    # sorted 0.01 0.02 0.04: x3 = 0.03, x2 = 0.04, x1 = 0.04
    found = adjust_holm({"b": 0.04, "a": 0.01, "c": 0.02})
    assert found == {"a": pytest.approx(0.03), "c": pytest.approx(0.04), "b": pytest.approx(0.04)}


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.floats(0, 1), min_size=1))
def test_holm_never_lowers_and_keeps_the_order(p_values: dict[str, float]) -> None:
    adjusted = adjust_holm(p_values)
    assert all(p_values[name] <= adjusted[name] <= 1 for name in p_values)
    in_order = [adjusted[name] for name in sorted(p_values, key=lambda name: (p_values[name], name))]
    assert in_order == sorted(in_order)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4)), min_size=2, max_size=20))
def test_the_mean_lies_in_its_interval_or_there_is_none(rows: list[tuple[float, int]]) -> None:
    values, clusters = [value for value, _ in rows], [str(group) for _, group in rows]
    found = mean_interval(values, clusters)
    if found is not None and len(set(clusters)) == len(clusters) and set(values) <= {0.0, 1.0}:
        assert found.low - 1e-9 <= sum(values) / len(values) <= found.high + 1e-9
