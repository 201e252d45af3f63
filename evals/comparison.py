"""What changed between two runs over the same cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.metrics import BY_NAME, METRICS
from evals.statistics import Difference, adjust_holm, compare_paired

if TYPE_CHECKING:
    from evals.record import RunRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricChange:
    """One metric over the cases that both runs scored."""

    metric: str
    difference: Difference
    """After minus before."""
    p_adjusted: float
    """Holm over all compared metrics."""

    @property
    def verdict(self) -> str:
        """``better``, ``worse`` (significant at 0.05) or ``no clear change``."""
        if self.p_adjusted >= 0.05:
            return "no clear change"
        sign = -1 if BY_NAME[self.metric].lower_is_better else 1
        return "better" if sign * self.difference.mean > 0 else "worse"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseChange:
    """One case whose `right` score changed."""

    case_id: str
    question: str
    before: float | None
    after: float | None
    """None where the run failed on the case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two runs side by side."""

    metrics: tuple[MetricChange, ...]
    """In the order of the catalogue."""
    cases: tuple[CaseChange, ...]
    """In the order of the later run."""
    only_before: int
    """Cases that the later run does not have."""
    only_after: int


def compare_runs(before: RunRecord, after: RunRecord) -> Comparison:
    """The changes from one run to another, over the cases that are word for word in both."""
    earlier = {result.case.id: result for result in before.results}
    common = [
        result
        for result in after.results
        if result.case.id in earlier and earlier[result.case.id].case == result.case
    ]
    ids = {result.case.id for result in common}
    clusters = {result.case.id: result.cluster for result in common}
    differences: dict[str, Difference] = {}
    for metric in METRICS:
        old, new = (
            {case_id: value for case_id, value in run.values(metric.name).items() if case_id in ids}
            for run in (before, after)
        )
        difference = compare_paired(old, new, clusters)
        if difference is not None:
            differences[metric.name] = difference
    adjusted = adjust_holm({name: difference.p_value for name, difference in differences.items()})
    was, now = before.values("right"), after.values("right")
    return Comparison(
        metrics=tuple(
            MetricChange(metric=name, difference=difference, p_adjusted=adjusted[name])
            for name, difference in differences.items()
        ),
        cases=tuple(
            CaseChange(
                case_id=result.case.id,
                question=result.case.question,
                before=was.get(result.case.id),
                after=now.get(result.case.id),
            )
            for result in common
            if was.get(result.case.id) != now.get(result.case.id)
        ),
        only_before=len(before.results) - len(common),
        only_after=len(after.results) - len(common),
    )
