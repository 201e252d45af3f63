"""Inline SVG: one row for each metric, the system with its interval, the baselines as hollow signs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from evals.metrics import BY_NAME
from evals.report.figures import format_interval, format_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evals.statistics import Estimate

_LEFT, _WIDTH, _RIGHT, _ROW = 190, 460, 150, 24
"""Pixels: room for names, the scale from 0 to 1, room for numbers, height of a row."""

_SIGNS = ("M-4,-4L4,4M-4,4L4,-4", "M0,-5L5,4L-5,4Z", "M-4,-4H4V4H-4Z", "M0,-5L5,0L0,5L-5,0Z")
"""One hollow shape for each baseline, so that they differ without colour."""


def draw_estimates(
    summary: Mapping[str, Estimate], baselines: Mapping[str, Mapping[str, Estimate]], metrics: Sequence[str]
) -> str:
    """The given metrics as an SVG element; metrics that nothing was scored on are left out."""
    shown = [name for name in metrics if name in summary and summary[name].mean is not None]
    height = _ROW * len(shown) + 26
    body = [_axis(height)]
    for position, name in enumerate(shown):
        body.append(_row(name, summary[name], baselines, 14 + position * _ROW))
    return (
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" role="img"'
        f' aria-label="Metrics with 95 % intervals">{"".join(body)}</svg>'
    )


def draw_legend(baselines: Sequence[str]) -> str:
    """What the signs mean."""
    items = [
        '<span><svg viewBox="-6 -6 12 12" class="sign"><circle r="4" class="dot"/></svg>system, 95 %</span>'
    ]
    items += [
        f'<span><svg viewBox="-6 -6 12 12" class="sign"><path d="{_SIGNS[position % len(_SIGNS)]}"'
        f' class="hollow"/></svg>{escape(name)}</span>'
        for position, name in enumerate(baselines)
    ]
    return "".join(items)


def _axis(height: int) -> str:
    return "".join(
        f'<line x1="{_x(tick):.1f}" x2="{_x(tick):.1f}" y1="4" y2="{height - 18}" class="grid"/>'
        f'<text x="{_x(tick):.1f}" y="{height - 4}" class="tick">{tick:g}</text>'
        for tick in (0, 0.25, 0.5, 0.75, 1)
    )


def _row(name: str, found: Estimate, baselines: Mapping[str, Mapping[str, Estimate]], y: int) -> str:
    marks = [f'<text x="{_LEFT - 10}" y="{y + 4}" class="name">{escape(name)}</text>']
    marks += [
        f'<path d="{_SIGNS[position % len(_SIGNS)]}" class="hollow"'
        f' transform="translate({_x(mean):.1f},{y})"><title>{escape(label)} {mean:.3f}</title></path>'
        for position, (label, values) in enumerate(baselines.items())
        if name in values and (mean := values[name].mean) is not None
    ]
    if found.interval is not None:
        marks.append(
            f'<line x1="{_x(found.interval.low):.1f}" x2="{_x(found.interval.high):.1f}"'
            f' y1="{y}" y2="{y}" class="interval"/>'
        )
    if found.mean is not None:
        marks.append(f'<circle cx="{_x(found.mean):.1f}" cy="{y}" r="4" class="dot"/>')
    arrow = " ↓" if BY_NAME[name].lower_is_better else ""
    marks.append(
        f'<text x="{_LEFT + _WIDTH + 12}" y="{y + 4}" class="value">{format_value(found.mean)}{arrow}'
        f" {escape(format_interval(found.interval))}</text>"
    )
    return "".join(marks)


def _x(value: float) -> float:
    """Pixel of a value; what lies outside 0 to 1 (a negative CRAG score) is drawn at the border."""
    return _LEFT + _WIDTH * min(1.0, max(0.0, value))
