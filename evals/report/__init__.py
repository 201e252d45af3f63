"""A run as something to read: Markdown for a pull request, JUnit XML for a CI, one HTML page.

All are made from the `RunRecord` alone, so that equal runs give equal bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.canonical import canonical_json, write_atomically
from evals.record import write_record
from evals.report.html import render_html
from evals.report.junit import render_junit
from evals.report.markdown import render_markdown

if TYPE_CHECKING:
    from pathlib import Path

    from evals.gate import GateReport
    from evals.record import RunRecord, Timings

__all__ = ["render_html", "render_junit", "render_markdown", "write_reports"]


def write_reports(
    folder: Path,
    record: RunRecord,
    *,
    timings: Timings | None = None,
    previous: RunRecord | None = None,
    gate: GateReport | None = None,
) -> None:
    """Write ``run.json``, ``report.md``, ``report.html``, ``junit.xml`` and, apart, ``timings.json``.

    Args:
        folder: Made if missing; files of an earlier run in it are replaced.
        record: The run.
        timings: Wall times; the only file that differs between equal runs.
        previous: An earlier run to show the changes from.
        gate: The verdict to show.
    """
    write_record(folder / "run.json", record)
    write_atomically(folder / "report.md", render_markdown(record, previous=previous, gate=gate))
    write_atomically(folder / "report.html", render_html(record, previous=previous, gate=gate))
    write_atomically(folder / "junit.xml", render_junit(record, gate=gate))
    if timings is not None:
        write_atomically(folder / "timings.json", canonical_json(timings, indent=1))
