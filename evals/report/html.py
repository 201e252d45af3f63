"""One self-contained page: no script from elsewhere, no font, no picture, nothing to load."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from evals.comparison import compare_runs
from evals.metrics import BY_NAME, METRICS
from evals.report.figures import (
    failing_cases,
    findings_of,
    format_counts,
    format_interval,
    format_value,
    unscored_metrics,
)
from evals.report.plots import draw_estimates, draw_legend

if TYPE_CHECKING:
    from jinja2 import Template

    from evals.gate import GateReport
    from evals.record import RunRecord


HEADLINES = ("right", "supported", "citation_recall", "quote_exact", "false_answer", "over_abstain")
"""Metrics at the top of the page."""


def render_html(
    record: RunRecord, *, previous: RunRecord | None = None, gate: GateReport | None = None
) -> str:
    """The run as one HTML page: plots, tables, every case with its sources, changes from `previous`.

    All text of articles and answers is escaped; the page's own policy forbids loading anything.
    """
    failing = {result.case.id for result in failing_cases(record)}
    limits = {check.metric: check.limit.value for check in gate.checks} if gate else {}
    return _template().render(
        record=record,
        gate=gate,
        comparison=previous and compare_runs(previous, record),
        plots=[
            (group, draw_estimates(record.summary, record.baselines, [one.name for one in metrics], limits))
            for group, metrics in groupby(METRICS, key=lambda metric: metric.group)
        ],
        legend=draw_legend(list(record.baselines), limits=bool(limits)),
        tiles=[name for name in HEADLINES if name in record.summary],
        unscored=unscored_metrics(record),
        n_failing=len(failing),
        n_errors=sum(result.error is not None for result in record.results),
        cases=[(result, findings_of(result), result.case.id in failing) for result in record.results],
        described=BY_NAME,
        format_value=format_value,
        format_interval=format_interval,
        format_counts=format_counts,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    source = (Path(__file__).parent / "report.html.jinja").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
