"""The room "Evals": the last run of the evals, the runs before it, and the sentences that failed.

The evals stand above the assistant and write their runs as files, so the room reads those (``run.json`` in
the folder of ``byline eval run --out``, or in folders inside it) and imports nothing of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.reports import FILE_NAME as REPORTS
from assistant.ui.html import render
from assistant.ui.script import html_part

if TYPE_CHECKING:
    from markupsafe import Markup

READABLE_FORMAT = 1
"""``format`` of the runs that this room can read."""
RUNS_SHOWN = 20
FAILURES_SHOWN = 30

HEADLINES = {
    "right": "Right answers, refusals included",
    "supported": "Sentences that their source supports",
    "quote_exact": "Quotations word for word",
    "speaker_ok": "Statements credited to who made them",
    "false_answer": "Answered where no article answers (lower is better)",
    "over_abstain": "Refused where an article answers (lower is better)",
}
"""Metrics shown first, in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """One case that did not go well."""

    question: str
    answer: str
    """What was answered, or the error."""
    findings: tuple[tuple[str, str, str], ...]
    """Sentence, failed check, what was found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of the evals, as far as it is shown."""

    name: str
    """Folder of the run."""
    made: datetime
    system: str
    cases: int
    summary: Mapping[str, Mapping[str, Any]]
    """Metric to its estimate: ``mean``, ``interval``, ``n_scored``."""
    failures: tuple[Failure, ...]

    def mean(self, metric: str) -> float | None:
        """The mean of a metric; None where no case has one."""
        value = self.summary.get(metric, {}).get("mean")
        return float(value) if value is not None else None


def find_runs(folder: Path) -> list[Run]:
    """The runs in a folder and in the folders inside it, oldest first; unreadable ones are left out."""
    files = [*folder.glob("run.json"), *folder.glob("*/run.json")]
    latest = sorted(files, key=lambda file: (file.stat().st_mtime, file))[-RUNS_SHOWN:]
    return [run for file in latest if (run := read_run(file)) is not None]


def read_run(file: Path) -> Run | None:
    """One run; None where the file is no run of a known format."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["format"] != READABLE_FORMAT:
            return None
        return Run(
            name=file.parent.name,
            made=datetime.fromtimestamp(file.stat().st_mtime, UTC),
            system=str(data["system"]),
            cases=len(data["results"]),
            summary=data["summary"],
            failures=tuple(_failure(result) for result in data["results"] if _has_failed(result)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _has_failed(result: Mapping[str, Any]) -> bool:
    right = next((score["value"] for score in result["scores"] if score["metric"] == "right"), None)
    return bool(result["error"]) or right != 1.0 or any(score["findings"] for score in result["scores"])


def _failure(result: Mapping[str, Any]) -> Failure:
    found = dict.fromkeys(
        (finding["sentence"], finding["check"], finding["detail"])
        for score in result["scores"]
        for finding in score["findings"]
    )
    answer = result["error"] or result["answer"]["text"]
    return Failure(question=result["case"]["question"], answer=answer, findings=tuple(found))


def render_evals(runs: Sequence[Run], folder: Path, reports: int = 0) -> Markup:
    """The room: the last run, how `right` went over the runs, the failures.

    Args:
        runs: Oldest first.
        folder: Where runs are looked for.
        reports: How many sentences readers have reported.
    """
    last = runs[-1] if runs else None
    return render(
        "evals.html",
        run=last,
        trend=[(run, run.mean("right")) for run in runs if run.mean("right") is not None],
        headlines=[(metric, words) for metric, words in HEADLINES.items() if last and metric in last.summary],
        failures=last.failures[:FAILURES_SHOWN] if last else (),
        folder=folder,
        reports=reports,
    )


class EvalsRoom:
    """The Gradio components of the room."""

    def __init__(self, folder: Path, archive_folder: Path) -> None:
        """Show the runs in `folder`, and the reports beside the archive."""
        self._folder = folder
        self._reports = archive_folder / REPORTS

    def build(self) -> None:
        """Lay the room out inside the current Gradio context."""
        import gradio as gr

        with gr.Column(elem_id="evals-room"):
            html_part("evals-title", "<h2>Evals</h2>")
            shown = html_part("evals")
        self.inputs: list[Any] = []
        self.shown = [shown]

    def refresh(self) -> str:
        """The room as the files are now."""
        try:
            with self._reports.open(encoding="utf-8") as lines:
                reports = sum(bool(line.strip()) for line in lines)
        except FileNotFoundError:
            reports = 0
        return str(render_evals(find_runs(self._folder), self._folder, reports))
