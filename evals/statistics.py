"""Intervals and comparisons. Seeded: the same values give the same numbers in every process.

Sources: Wilson 1927 (score interval), Efron and Tibshirani 1993 (bootstrap), Field and Welsh 2007
(resampling whole clusters), Holm 1979 (several tests at once), McNemar 1947 (paired rates).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

SEED = 20_240_101
"""Of every resampling; any fixed number would do."""

RESAMPLES = 10_000
"""Bootstrap resamples. The bounds then move by about 0.001 between seeds at n = 200."""

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % confidence interval, in the unit of the values."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """A mean with everything needed to judge it."""

    n_total: int
    """Cases that were to be scored."""
    n_scored: int
    n_not_applicable: int
    n_failed: int
    """Cases without an answer: the system or the scorer failed. Never dropped in silence."""
    n_clusters: int
    """Independent groups among the scored."""
    mean: float | None
    """Over the scored; None where nothing was scored."""
    interval: Interval | None
    """Of `mean`; None where fewer than two clusters leave it undefined."""
    bounds: Interval | None
    """The mean if every failed case had scored the worst, and the best."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One metric of two runs over the same cases: `after` minus `before`."""

    n: int
    """Cases scored in both."""
    mean: float
    interval: Interval | None
    p_value: float
    """Two-sided, of no difference: exact McNemar for independent 0/1 values, else by flipping the
    signs of whole clusters."""
    better: int
    worse: int


def wilson_interval(successes: int, n: int) -> Interval:
    """Wilson's 95 % score interval of a rate; sensible also at 0 and 1, where the normal one collapses."""
    from scipy.stats import binomtest

    found = binomtest(successes, n).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return Interval(float(found.low), float(found.high))


def mean_interval(values: Sequence[float], clusters: Sequence[str]) -> Interval | None:
    """95 % interval of the mean of `values`, of which those with the same cluster are not independent.

    Independent 0/1 values get Wilson's interval; so do values that are all 0 or all 1, with the
    number of clusters as n, because resampling equal values would claim certainty. All else is a
    percentile bootstrap of whole clusters. None with fewer than two clusters.
    """
    sums, counts = _cluster_sums(values, clusters)
    if not values or (len(sums) < 2 and not _is_constant_rate(values)):
        return None
    if _is_constant_rate(values):
        return wilson_interval(len(sums) if values[0] == 1 else 0, len(sums))
    if len(sums) == len(values) and set(values) <= {0.0, 1.0}:
        return wilson_interval(round(sum(values)), len(values))
    return _bootstrap_ratio(sums, counts)


def _is_constant_rate(values: Sequence[float]) -> bool:
    return bool(values) and values[0] in (0.0, 1.0) and all(value == values[0] for value in values)


def _cluster_sums(
    values: Sequence[float], clusters: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum and number of values for each cluster, in order of cluster name; two arrays of (n_clusters,)."""
    import numpy as np

    grouped: dict[str, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        grouped.setdefault(cluster, []).append(value)
    ordered = [grouped[name] for name in sorted(grouped)]
    return (
        np.array([sum(group) for group in ordered], dtype=np.float64),
        np.array([len(group) for group in ordered], dtype=np.float64),
    )


def _bootstrap_ratio(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> Interval:
    import numpy as np
    from scipy.stats import bootstrap

    def ratio(
        some_sums: NDArray[np.float64], some_counts: NDArray[np.float64], axis: int = -1
    ) -> NDArray[np.float64]:
        mean: NDArray[np.float64] = some_sums.sum(axis=axis) / some_counts.sum(axis=axis)
        return mean

    found = bootstrap(
        (sums, counts),
        ratio,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=500,  # keeps memory at 500 x n_clusters numbers
        method="percentile",
        confidence_level=CONFIDENCE,
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return Interval(float(found.low), float(found.high))


def estimate(
    scores: Mapping[str, float | None],
    clusters: Mapping[str, str],
    *,
    failed: int,
    worst: float = 0.0,
    best: float = 1.0,
) -> Estimate:
    """The mean of a metric over cases.

    Args:
        scores: Case id to value, None where the metric does not apply.
        clusters: Case id to cluster, at least for every case in `scores`.
        failed: Cases that have no score because something broke.
        worst: The value a failed case could have had at worst.
        best: And at best.
    """
    scored = {case_id: value for case_id, value in sorted(scores.items()) if value is not None}
    values = list(scored.values())
    groups = [clusters[case_id] for case_id in scored]
    total, n = sum(values), len(values)
    possible = n + failed
    return Estimate(
        n_total=len(scores) + failed,
        n_scored=n,
        n_not_applicable=len(scores) - n,
        n_failed=failed,
        n_clusters=len(set(groups)),
        mean=total / n if n else None,
        interval=mean_interval(values, groups),
        bounds=Interval((total + failed * worst) / possible, (total + failed * best) / possible)
        if possible
        else None,
    )


def compare_paired(
    before: Mapping[str, float | None], after: Mapping[str, float | None], clusters: Mapping[str, str]
) -> Difference | None:
    """The difference between two runs over the cases that both scored; None where there are none."""
    pairs = [
        (clusters[case_id], new - old)
        for case_id, old in sorted(before.items())
        if old is not None and (new := after.get(case_id)) is not None
    ]
    if not pairs:
        return None
    groups, differences = [group for group, _ in pairs], [change for _, change in pairs]
    sums, counts = _cluster_sums(differences, groups)
    better, worse = sum(change > 0 for change in differences), sum(change < 0 for change in differences)
    independent_rates = len(sums) == len(differences) and set(differences) <= {-1.0, 0.0, 1.0}
    return Difference(
        n=len(differences),
        mean=sum(differences) / len(differences),
        interval=_bootstrap_ratio(sums, counts) if len(sums) > 1 else None,
        p_value=_mcnemar(better, worse) if independent_rates else _sign_flip(sums),
        better=better,
        worse=worse,
    )


def _mcnemar(better: int, worse: int) -> float:
    """Exact two-sided p of `better` against `worse` discordant pairs under a fair coin."""
    from scipy.stats import binomtest

    return float(binomtest(better, better + worse).pvalue) if better + worse else 1.0


def _sign_flip(sums: NDArray[np.float64]) -> float:
    """Two-sided p that the sum over clusters is 0, by flipping the signs of whole clusters."""
    import numpy as np
    from scipy.stats import permutation_test

    changed = sums[sums != 0]
    if not len(changed):
        return 1.0

    def total(values: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
        summed: NDArray[np.float64] = values.sum(axis=axis)
        return summed

    if len(changed) == 1:
        return 1.0  # either sign is as likely
    return float(
        permutation_test(
            (changed,),
            total,
            permutation_type="samples",
            vectorized=True,
            n_resamples=RESAMPLES,
            batch=500,
            rng=np.random.default_rng(SEED),
        ).pvalue
    )


def adjust_holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Holm's step-down adjustment: compare each result with 0.05 whatever the number of tests.

    Sorted upwards, the i-th (0-based) of m is multiplied by m - i, kept monotone and at most 1.
    """
    adjusted: dict[str, float] = {}
    highest = 0.0
    for position, name in enumerate(sorted(p_values, key=lambda name: (p_values[name], name))):
        highest = max(highest, min(1.0, p_values[name] * (len(p_values) - position)))
        adjusted[name] = highest
    return adjusted
