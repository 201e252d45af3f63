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
)

if TYPE_CHECKING:
    from evals.gate import GateReport
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
    parts += _metric_table(record)
    if previous is not None:
        parts += _change_table(previous, record)
    parts += _failures(failing_cases(record))
    return "\n".join(parts).rstrip() + "\n"


def _about(record: RunRecord) -> str:
    failed = sum(result.error is not None for result in record.results)
    return (
        f"{len(record.results)} cases, {failed} failed. Intervals are 95 %, clustered by gold article."
        f" Cases `{record.cases_digest[:12]}`, settings `{record.settings_digest[:12]}`,"
        f" code `{record.code.source_digest[:12]}`."
    )


def _gate_table(gate: GateReport) -> list[str]:
    rows = [
        f"## Gate: {gate.outcome}",
        "",
        "| metric | verdict | value | limit | why |",
        "|---|---|---|---|---|",
    ]
    rows += [
        f"| {check.metric} | {check.outcome} |"
        f" {format_value(check.estimate.mean if check.estimate else None)} |"
        f" {check.limit.value:.4f} | {_cell(check.reason)} |"
        for check in gate.checks
    ]
    return [*rows, ""]


def _metric_table(record: RunRecord) -> list[str]:
    names = list(record.baselines)
    rows = [
        "## Metrics",
        "",
        f"| metric | {_cell(record.system)} | 95 % | scored | {' | '.join(names)} |",
        "|---" * (4 + len(names)) + "|",
    ]
    for metric, found in record.summary.items():
        arrow = " (lower is better)" if BY_NAME[metric].lower_is_better else ""
        others = [
            format_value(record.baselines[name][metric].mean if metric in record.baselines[name] else None)
            for name in names
        ]
        rows.append(
            f"| {metric}{arrow} | {format_value(found.mean)} | {format_interval(found.interval)} |"
            f" {format_counts(found)} | {' | '.join(others)} |"
        )
    rows += [f"| {name} | {value:.3f} | | | {' | '.join('' for _ in names)} |" for name, value in
             sorted(record.derived.items())]  # fmt: skip
    return [*rows, ""]


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
        return ["## Failures", "", "None."]
    rows = [f"## Failures ({len(results)})", ""]
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
    return rows


def _cell(text: str) -> str:
    """One line that neither ends a table cell nor starts markup of its own."""
    flat = " ".join(text.split())
    shortened = flat if len(flat) <= 300 else flat[:299] + "…"
    for sign in "\\`*_[]<>|":
        shortened = shortened.replace(sign, f"\\{sign}")
    return shortened
