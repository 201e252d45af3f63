"""The gate: pass, fail or inconclusive against pinned limits and pinned data.

A baseline file pins the digests of cases and articles, a limit for each gated metric, and the pinned
run's value for every case. A changed digest is no verdict but a set-up error: the numbers would not
be comparable. A limit moves towards worse only when that is asked for by name.

Two rules. ``point``: these very cases must not score below the limit; for a deterministic system
that is exact. ``interval``: questions like these; it fails when the whole 95 % interval is beyond the
limit and passes when the whole interval is within it. Under either rule a paired drop against the
pinned run fails if it is significant over all gated metrics (Holm) and larger than `min_effect`.
Failed cases count as the worst value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from evals.canonical import canonical_json, write_atomically
from evals.errors import PinError, RecordError
from evals.metrics import BY_NAME
from evals.statistics import Difference, Estimate, adjust_holm, compare_paired, estimate

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import TypeAdapter

    from evals.record import RunRecord

Outcome = Literal["pass", "fail", "inconclusive"]
Rule = Literal["point", "interval"]

SIGNIFICANCE = 0.05
"""Of a paired drop, after Holm's adjustment."""

GATED: tuple[str, ...] = (
    "right",
    "expected_stated",
    "forbidden_absent",
    "gold_cited",
    "speaker_named",
    "marker_valid",
    "cited_share",
    "citation_recall",
    "citation_precision",
    "quote_exact",
    "quote_fabricated",
    "speaker_ok",
    "outlet_match",
    "date_match",
    "supported",
    "literal_support",
    "false_answer",
    "over_abstain",
    "document_hit@10",
)
"""What a new baseline pins. Left out are metrics that follow from these, and `lexical_grounding`,
which is not accurate enough to decide anything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How far a metric may go."""

    value: float
    """The lowest allowed value, or the highest where lower is better."""
    rule: Rule = "point"


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """What a gate compares with."""

    format: int = 1
    cases_digest: str
    articles_digest: str | None
    """Of the articles that were asked; None where the system does not tell."""
    limits: dict[str, Limit]
    judge: str | None = None
    """Who judged meaning in the pinned run; another judge's scores do not compare."""
    min_effect: float = 0.02
    """A paired drop of at most this much never fails."""
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    """Metric to case id to value in the pinned run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GateCheck:
    """The verdict on one metric."""

    metric: str
    outcome: Outcome
    estimate: Estimate | None
    """With failed cases counted as worst; None where nothing was scored."""
    limit: Limit
    drop: Difference | None
    """Against the pinned run; None where no case is in both."""
    p_adjusted: float | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GateReport:
    """The verdict: fail if any metric fails, else inconclusive if any is, else pass."""

    outcome: Outcome
    checks: tuple[GateCheck, ...]


def judge_gate(record: RunRecord, baseline: Baseline) -> GateReport:
    """Hold a run against a baseline.

    Raises:
        PinError: The run was made on other cases or articles than are pinned.
    """
    _require_same_data(record, baseline)
    clusters = {result.case.id: result.cluster for result in record.results}
    values = {metric: _values_with_failures(record, metric) for metric in baseline.limits}
    drops = {
        metric: compare_paired(baseline.scores.get(metric, {}), values[metric], clusters)
        for metric in baseline.limits
    }
    adjusted = adjust_holm({metric: drop.p_value for metric, drop in drops.items() if drop is not None})
    checks = tuple(
        _check(
            metric,
            limit,
            estimate(values[metric], clusters, failed=0),
            drop=drops[metric],
            p_adjusted=adjusted.get(metric),
            min_effect=baseline.min_effect,
        )
        for metric, limit in sorted(baseline.limits.items())
    )
    found = {check.outcome for check in checks}
    outcome: Outcome = "fail" if "fail" in found else "inconclusive" if "inconclusive" in found else "pass"
    return GateReport(outcome=outcome, checks=checks)


def _require_same_data(record: RunRecord, baseline: Baseline) -> None:
    for what, seen, pinned in (
        ("cases", record.cases_digest, baseline.cases_digest),
        ("articles", record.settings.get("articles_digest"), baseline.articles_digest),
        ("judges", record.judge, baseline.judge),
    ):
        if seen != pinned:
            raise PinError(
                f"the {what} are not those of the baseline: {seen}, pinned {pinned}; if the change is"
                " meant, pin it with `byline eval gate --update` and commit the baseline"
            )


def _values_with_failures(record: RunRecord, metric: str) -> dict[str, float | None]:
    described = BY_NAME[metric]
    worst = described.highest if described.lower_is_better else described.lowest
    failed = {result.case.id: worst for result in record.results if result.error is not None}
    return {**record.values(metric), **failed}


def _check(
    metric: str,
    limit: Limit,
    found: Estimate,
    *,
    drop: Difference | None,
    p_adjusted: float | None,
    min_effect: float,
) -> GateCheck:
    outcome, reason = _hold_against(limit, found, metric)
    sign, _ = _direction(metric)
    significant = p_adjusted is not None and p_adjusted < SIGNIFICANCE
    if drop is not None and significant and sign * drop.mean < -min_effect:
        outcome = "fail"
        reason = f"worse than the pinned run by {abs(drop.mean):.3f} (Holm p {p_adjusted:.4f})"
    return GateCheck(
        metric=metric,
        outcome=outcome,
        estimate=found if found.mean is not None else None,
        limit=limit,
        drop=drop,
        p_adjusted=p_adjusted,
        reason=reason,
    )


def _hold_against(limit: Limit, found: Estimate, metric: str) -> tuple[Outcome, str]:
    if found.mean is None:
        return "inconclusive", "no case was scored"
    hold = _hold_point if limit.rule == "point" else _hold_interval
    return hold(limit, found, metric)


def _hold_point(limit: Limit, found: Estimate, metric: str) -> tuple[Outcome, str]:
    sign, beyond = _direction(metric)
    if found.mean is not None and sign * found.mean < sign * limit.value - 1e-9:
        return "fail", f"{found.mean:.4f} is {beyond} the limit {limit.value:.4f}"
    return "pass", f"{found.mean:.4f}, limit {limit.value:.4f}"


def _hold_interval(limit: Limit, found: Estimate, metric: str) -> tuple[Outcome, str]:
    if found.interval is None:
        return "inconclusive", "one cluster has no interval"
    sign, beyond = _direction(metric)
    low, high = sorted((sign * found.interval.low, sign * found.interval.high))
    interval = f"[{found.interval.low:.3f}, {found.interval.high:.3f}]"
    if high < sign * limit.value:
        return "fail", f"the whole interval {interval} is {beyond} the limit {limit.value:.4f}"
    if low >= sign * limit.value:
        return "pass", f"the whole interval {interval} keeps the limit {limit.value:.4f}"
    return "inconclusive", f"the interval {interval} holds the limit {limit.value:.4f}"


def _direction(metric: str) -> tuple[int, str]:
    """1 and "below" where higher is better, else -1 and "above": the side that is out of bounds."""
    return (-1, "above") if BY_NAME[metric].lower_is_better else (1, "below")


def pin_baseline(record: RunRecord, previous: Baseline | None, *, allow_regression: bool = False) -> Baseline:
    """The baseline of a run: digests and scores of this run, and limits that only tighten.

    Args:
        record: The run to pin.
        previous: The baseline it replaces; its gated metrics, rules and `min_effect` are kept. None
            pins every metric of `GATED` that the run scored.
        allow_regression: Let limits move towards worse.

    Raises:
        PinError: A limit would move towards worse, also where the data changed with it.
    """
    clusters = {result.case.id: result.cluster for result in record.results}
    old = previous.limits if previous else {name: None for name in GATED if name in record.summary}
    limits: dict[str, Limit] = {}
    lowered: list[str] = []
    for metric, limit in sorted(old.items()):
        found = estimate(_values_with_failures(record, metric), clusters, failed=0)
        new = _limit_of(found, metric, limit.rule if limit else "point")
        if limit is None:
            if new is not None:
                limits[metric] = new
            continue
        sign, _ = _direction(metric)
        if new is None or sign * new.value < sign * limit.value:
            seen = "nothing scored" if new is None else f"{new.value:.4f}"
            lowered.append(f"{metric}: {seen}, pinned {limit.value:.4f}")
        limits[metric] = new or limit
    if lowered and not allow_regression:
        raise PinError(
            "these limits would move towards worse:\n  "
            + "\n  ".join(lowered)
            + "\nnothing was written; repair the regression, or accept it with --allow-regression"
        )
    pinned = Baseline(
        cases_digest=record.cases_digest,
        articles_digest=record.settings.get("articles_digest"),
        limits=limits,
        judge=record.judge,
        scores={
            metric: {
                case_id: value
                for case_id, value in _values_with_failures(record, metric).items()
                if value is not None
            }
            for metric in limits
        },
    )
    return replace(pinned, min_effect=previous.min_effect) if previous else pinned


def _limit_of(found: Estimate, metric: str, rule: Rule) -> Limit | None:
    """What a run reached, rounded to four digits towards worse; None where nothing was scored."""
    if found.mean is None:
        return None
    lower_is_better = BY_NAME[metric].lower_is_better
    reached = found.mean
    if rule == "interval":
        if found.interval is None:
            return None
        reached = found.interval.high if lower_is_better else found.interval.low
    scaled = round(reached * 10_000, 6)
    return Limit(value=(math.ceil(scaled) if lower_is_better else math.floor(scaled)) / 10_000, rule=rule)


def read_baseline(path: Path) -> Baseline:
    """The baseline that `write_baseline` wrote.

    Raises:
        RecordError: The file is missing, damaged, or limits a metric that does not exist.
    """
    from pydantic import ValidationError

    try:
        baseline = _adapter().validate_json(path.read_bytes())
    except FileNotFoundError:
        raise RecordError(
            f"no baseline at {path}; pin the present run with `byline eval gate --baseline {path} --update`"
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise RecordError(f"{path}, field {where}: {first['msg']}") from None
    unknown = sorted(set(baseline.limits) - set(BY_NAME))
    if unknown:
        raise RecordError(f"{path}, field limits: there is no metric {unknown[0]!r}")
    return baseline


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write the baseline in one step; the old file stays whole if anything goes wrong."""
    write_atomically(path, canonical_json(baseline, indent=1))


@cache
def _adapter() -> TypeAdapter[Baseline]:
    from pydantic import TypeAdapter

    return TypeAdapter(Baseline)
