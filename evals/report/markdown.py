"""The report for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.comparison import compare_runs
from evals.metrics import BY_NAME
from evals.report.figures import (
    failing_cases,
    findings_of,
    format_counts,
    format_interval,
    format_value,
    unscored_metrics,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.gate import GateCheck, GateReport
    from evals.record import CaseResult, RunRecord

SHOWN_FAILURES = 25
"""Failing cases written out; the HTML report has all of them."""


def render_markdown(
    record: RunRecord, *, previous: RunRecord | None = None, gate: GateReport | None = None
) -> str:
    """The run as GitHub-flavoured Markdown."""
    parts = [f"# Grounding of {_cell(record.system)}", "", _about(record), ""]
    if gate is not None:
        parts += _gate_table(gate)
    if previous is not None:
        parts += _change_table(previous, record)
    parts += _failures(failing_cases(record))
    parts += _metric_table(record)
    return "\n".join(parts).rstrip() + "\n"


def _about(record: RunRecord) -> str:
    failed = sum(result.error is not None for result in record.results)
    judge = f" and {_cell(record.judge)}" if record.judge else ""
    return (
        f"{len(record.results)} cases, {failed} failed. Intervals are 95 %, clustered by gold article."
        f" Cases `{record.cases_digest[:12]}`, settings `{record.settings_digest[:12]}`,"
        f" code `{record.code.source_digest[:12]}`. Judged by exact checks{judge}."
    )


def _gate_table(gate: GateReport) -> list[str]:
    """The verdict: what needs a look in the open, the limits that were kept folded away."""
    kept = [check for check in gate.checks if check.outcome == "pass"]
    open_ones = sorted((check for check in gate.checks if check.outcome != "pass"), key=lambda c: c.outcome)
    rows = [f"## Gate: {gate.outcome}", ""]
    if open_ones:
        rows += [*_limit_table(open_ones), ""]
    if kept:
        rows += _folded(f"{len(kept)} of {len(gate.checks)} limits kept", _limit_table(kept))
    return rows


def _folded(title: str, lines: list[str]) -> list[str]:
    return [f"<details><summary>{title}</summary>", "", *lines, "", "</details>", ""]


def _limit_table(checks: Sequence[GateCheck]) -> list[str]:
    rows = ["| metric | verdict | value | limit | why |", "|---|---|---|---|---|"]
    rows += [
        f"| {check.metric} | {check.outcome} |"
        f" {format_value(check.estimate.mean if check.estimate else None)} |"
        f" {check.limit.value:.4f} | {_cell(check.reason)} |"
        for check in checks
    ]
    return rows


def _metric_table(record: RunRecord) -> list[str]:
    names = list(record.baselines)
    rows = [
        "## Metrics",
        "",
        _row("metric", _cell(record.system), "95 %", "scored", *names),
        "|---" * (4 + len(names)) + "|",
    ]
    for metric, found in record.summary.items():
        if found.mean is None:
            continue
        arrow = " (lower is better)" if BY_NAME[metric].lower_is_better else ""
        others = [
            format_value(record.baselines[name][metric].mean if metric in record.baselines[name] else None)
            for name in names
        ]
        value, interval = format_value(found.mean), format_interval(found.interval)
        rows.append(_row(metric + arrow, value, interval, format_counts(found), *others))
    rows += [
        _row(name, format_value(value), "", "", *("" for _ in names))
        for name, value in sorted(record.derived.items())
    ]
    unscored = unscored_metrics(record)
    return [*rows, "", *([f"Scored on no case: {', '.join(unscored)}.", ""] if unscored else [])]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _change_table(previous: RunRecord, record: RunRecord) -> list[str]:
    comparison = compare_runs(previous, record)
    rows = [
        "## Change from the last run",
        "",
        f"{len(comparison.cases)} cases changed between right and wrong.",
        f"Cases that left: {comparison.only_before}, new ones: {comparison.only_after}.",
        "",
        "| metric | change | 95 % | better / worse | p (Holm) | |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {change.metric} | {change.difference.mean:+.3f} | {format_interval(change.difference.interval)} |"
        f" {change.difference.better} / {change.difference.worse} | {change.p_adjusted:.4f} |"
        f" {change.verdict} |"
        for change in comparison.metrics
        if change.difference.better or change.difference.worse
    ]
    rows += [""]
    rows += [
        f"- `{_cell(change.case_id)}` {format_value(change.before)} to {format_value(change.after)}:"
        f" {_cell(change.question)}"
        for change in comparison.cases
    ]
    return [*rows, ""]


def _failures(results: list[CaseResult]) -> list[str]:
    if not results:
        return ["## Failures", "", "None.", ""]
    rows = [f"## Failures ({len(results)} cases)", ""]
    for result in results[:SHOWN_FAILURES]:
        rows.append(f"- `{_cell(result.case.id)}` ({_cell(result.case.kind)}): {_cell(result.case.question)}")
        if result.error:
            rows.append(f"  - no answer: {_cell(result.error)}")
        elif result.answer is not None:
            rows.append(f"  - answered: {_cell(result.answer.text)}")
        rows += [
            f"  - **{finding.check}** {_cell(finding.detail)}: “{_cell(finding.sentence)}”"
            for finding in findings_of(result)
        ]
    if len(results) > SHOWN_FAILURES:
        rows.append(f"- and {len(results) - SHOWN_FAILURES} more, in the HTML report")
    return [*rows, ""]


def _cell(text: str) -> str:
    """One line that neither ends a table cell nor starts markup of its own."""
    flat = " ".join(text.split())
    shortened = flat if len(flat) <= 300 else flat[:299] + "…"
    for sign in "\\`*_[]<>|":
        shortened = shortened.replace(sign, f"\\{sign}")
    return shortened
