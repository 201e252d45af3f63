"""Plots without a script or a picture: a row for each metric, which a narrow screen breaks in two.

The system is a dot on its interval, the baselines are hollow signs, a pinned limit is a bar.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from evals.metrics import BY_NAME
from evals.report.figures import format_interval, format_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evals.statistics import Estimate

_SIGNS = (
    "M-4,-4L4,4M-4,4L4,-4", "M0,-5L5,4L-5,4Z", "M-4,-4H4V4H-4Z", "M0,-5L5,0L0,5L-5,0Z", "M-5,0H5M0,-5V5",
)  # fmt: skip
"""One hollow shape for each baseline, so that they differ without colour."""


def draw_estimates(
    summary: Mapping[str, Estimate],
    baselines: Mapping[str, Mapping[str, Estimate]],
    metrics: Sequence[str],
    limits: Mapping[str, float],
) -> str:
    """The given metrics as HTML; metrics that nothing was scored on are left out."""
    rows = [
        _draw_row(name, summary[name], baselines, limits.get(name))
        for name in metrics
        if name in summary and summary[name].mean is not None
    ]
    return "".join(rows)


def draw_legend(baselines: Sequence[str], *, limits: bool) -> str:
    """What the signs mean."""
    items = ['<span><i class="dot"></i>system, 95 %</span>']
    if limits:
        items.append('<span><i class="limit"></i>limit</span>')
    items += [f"<span>{_sign(position)}{escape(name)}</span>" for position, name in enumerate(baselines)]
    return "".join(items)


def _draw_row(
    name: str, found: Estimate, baselines: Mapping[str, Mapping[str, Estimate]], limit: float | None
) -> str:
    marks = []
    if found.interval is not None:
        low, high = _percent(found.interval.low), _percent(found.interval.high)
        marks.append(f'<i class="interval" style="left:{low:.2f}%;width:{high - low:.2f}%"></i>')
    if limit is not None:
        marks.append(f'<i class="limit" style="left:{_percent(limit):.2f}%" title="limit {limit:.4f}"></i>')
    marks += [
        f'<i class="at" style="left:{_percent(mean):.2f}%" title="{escape(label)} {mean:.3f}">'
        f"{_sign(position)}</i>"
        for position, (label, values) in enumerate(baselines.items())
        if name in values and (mean := values[name].mean) is not None
    ]
    if found.mean is not None:
        marks.append(f'<i class="dot" style="left:{_percent(found.mean):.2f}%"></i>')
    described = BY_NAME[name]
    arrow = " ↓" if described.lower_is_better else ""
    return (
        f'<div class="row"><abbr title="{escape(described.meaning)}">{escape(name)}{arrow}</abbr>'
        f'<span class="track">{"".join(marks)}</span>'
        f"<span><b>{format_value(found.mean)}</b>"
        f" <small>{escape(format_interval(found.interval))}</small></span></div>"
    )


def _sign(position: int) -> str:
    return f'<svg viewBox="-6 -6 12 12"><path d="{_SIGNS[position % len(_SIGNS)]}"/></svg>'


def _percent(value: float) -> float:
    """Place on the scale from 0 to 1; what lies outside (a negative CRAG score) is drawn at the border."""
    return 100 * min(1.0, max(0.0, value))
