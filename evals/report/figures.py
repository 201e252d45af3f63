"""Numbers as every report prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.record import CaseResult, RunRecord
    from evals.statistics import Estimate, Interval
    from evals.types import Finding


def format_value(value: float | None) -> str:
    """Three digits after the point; a dash where there is no value."""
    return "–" if value is None else f"{value:.3f}"


def format_interval(interval: Interval | None) -> str:
    """``[0.812, 0.934]``; empty where it is undefined."""
    return "" if interval is None else f"[{interval.low:.3f}, {interval.high:.3f}]"


def format_counts(found: Estimate) -> str:
    """``38 of 44, 6 n/a, 0 failed``: how many cases stand behind a mean."""
    return f"{found.n_scored} of {found.n_total}, {found.n_not_applicable} n/a, {found.n_failed} failed"


def unscored_metrics(record: RunRecord) -> list[str]:
    """The metrics that applied to no case."""
    return [metric for metric, found in record.summary.items() if found.mean is None]


def failing_cases(record: RunRecord) -> list[CaseResult]:
    """The cases that failed, were answered wrong, or hold a sentence that fails a check; in order."""
    return [result for result in record.results if result.error or not _is_clean(result)]


def findings_of(result: CaseResult) -> list[Finding]:
    """Every failed check of a case once, though several metrics count it."""
    found: dict[tuple[str, str, str], Finding] = {}
    for score in result.scores:
        for finding in score.findings:
            found.setdefault((finding.sentence, finding.check, finding.detail), finding)
    return list(found.values())


def _is_clean(result: CaseResult) -> bool:
    right = next((score.value for score in result.scores if score.metric == "right"), None)
    return right == 1.0 and not findings_of(result)
