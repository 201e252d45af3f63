"""How answers, passages, statements and reports look in a terminal.

Article text is hostile here as elsewhere: whatever is printed loses its control characters first, so that
no article can move the cursor, rename the window or hide what stands beside it.
"""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.types import Answer, Citation, Claim
    from index.archive import ArchiveStats
    from index.health import CheckReport
    from index.progress import Progress as IngestProgress
    from index.types import Article, IngestReport, Passage, Quote

OUT = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
ERR = Console(highlight=False, markup=False, emoji=False, stderr=True)

EXCERPT_CHARACTERS = 280
"""Of a passage in a list: about three lines."""

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that change the direction of what follows them."""


def plain(text: str) -> str:
    """`text` without control and direction characters, line ends kept."""
    return "".join(c for c in text if c == "\n" or (unicodedata.category(c) != "Cc" and c not in BIDI))


def excerpt(text: str) -> str:
    """The beginning of `text` on one line, at most `EXCERPT_CHARACTERS` long."""
    line = " ".join(plain(text).split())
    return line if len(line) <= EXCERPT_CHARACTERS else f"{line[: EXCERPT_CHARACTERS - 1].rstrip()}…"


def day(moment: datetime | None) -> str:
    """A date as "2 Mar 2025"; "undated" for None."""
    return "undated" if moment is None else f"{moment.day} {moment:%b %Y}"


def credit(outlet: str | None, published: datetime | None, title: str) -> Text:
    """Outlet, date and title on one line."""
    line = Text().append(plain(outlet or "unknown outlet"), style="bold").append(f", {day(published)}")
    return line.append(f", {plain(title)}") if title else line


def place(article_id: str, version: int, start: int, end: int) -> Text:
    """Where exactly something stands: article, version where it is not the first, and characters."""
    name = article_id if version == 1 else f"{article_id} v{version}"
    return Text(f"{plain(name)}:{start}-{end}", style="dim")


def show(text: Text | str, *, indent: int = 0, mark: str = "") -> None:
    """Print lines at `indent`, the first with `mark` in front; they are wrapped in a terminal only."""
    lines = text if isinstance(text, Text) else Text(text)
    width = OUT.width if OUT.is_terminal else 1_000_000
    before = Text(f"{mark} ".ljust(indent)[:indent], style="cyan")
    for line in lines.wrap(OUT, width - indent):
        OUT.print(before + line, soft_wrap=True)
        before = Text(" " * indent)


# ---------------------------------------------------------------- answers


def show_answer(answer: Answer) -> None:
    """Print an answer: its sentences, then each source with the exact words that are cited."""
    if answer.abstained:
        _show_abstention(answer)
    else:
        _show_text(answer)
    if answer.withheld:
        show("")
        show(Text("Withheld, because a check failed", style="yellow"))
        for claim in answer.withheld:
            show(_withheld(claim), indent=2)


def _show_text(answer: Answer) -> None:
    if answer.reason:
        show(Text(f"{plain(answer.reason)}\n", style="yellow"))
    show(plain(answer.text))
    for claim in answer.claims:
        if claim.verdict != "supported":
            show(Text(f"not verified: {plain(claim.text)}", style="yellow"), indent=2)
    if answer.citations:
        show(Text("\nSources", style="bold"))
    for citation in answer.citations:
        mark = f"[{citation.marker}]"
        show(_source(citation), indent=len(mark) + 1, mark=mark)


def _source(citation: Citation) -> Text:
    """Where it stands, who said it, and the exact words as they stand there."""
    lines = [credit(citation.outlet, citation.published, citation.title)]
    if citation.speaker:
        lines.append(Text(f"Speaker: {plain(citation.speaker)}"))
    lines.append(Text(plain(citation.quote), style="green"))
    lines.append(place(citation.article_id, citation.version, citation.start, citation.end))
    return Text("\n").join(lines)


def _withheld(claim: Claim) -> Text:
    failed = [f"{check.name}: {plain(check.detail)}" for check in claim.checks if check.passed is False]
    line = Text(plain(claim.text))
    line.append(f"\n{'; '.join(failed) or claim.verdict}", style="dim")
    return line


def _show_abstention(answer: Answer) -> None:
    show(Text(plain(answer.text), style="bold"))
    if answer.reason and answer.reason not in answer.text:
        show(plain(answer.reason))
    if answer.standalone_question != answer.question:
        show(Text(f"Searched for: {plain(answer.standalone_question)}", style="dim"))
    if answer.passages:
        show(Text("\nNearest passages, which do not answer it", style="dim"))
    for passage in answer.passages[:3]:
        line = credit(passage.outlet, passage.published, passage.title)
        where = place(passage.article_id, passage.version, passage.start, passage.end)
        show(line.append("  ").append_text(where), indent=2)


# ---------------------------------------------------------------- lists


def show_passages(passages: Sequence[Passage]) -> None:
    """Print the hits of a search, best first."""
    if not passages:
        show("No passage fits.")
    for passage in passages:
        where = place(passage.article_id, passage.version, passage.start, passage.end)
        where.append(f"  found by {' and '.join(passage.found_by)}", style="dim")
        lines = (
            credit(passage.outlet, passage.published, passage.title),
            Text(excerpt(passage.text)),
            where,
        )
        show(Text("\n").join(lines), indent=4, mark=str(passage.rank))


def show_quotes(quotes: Sequence[Quote]) -> None:
    """Print statements, each with who made it."""
    if not quotes:
        show("No such statement.")
    for quote in quotes:
        marks = "“{}”" if quote.kind == "direct" else "{}"
        line = Text().append(plain(quote.speaker or "not credited"), style="bold")
        if quote.polarity != "asserted":
            line.append(f" ({quote.polarity})", style="yellow")
        show(line.append(": ").append(marks.format(excerpt(quote.text))))
        source = Text(f"{plain(quote.outlet or 'unknown outlet')}, {day(quote.published)}  ", style="dim")
        show(source + place(quote.article_id, quote.version, quote.start, quote.end), indent=2)


def show_articles(articles: Sequence[Article]) -> None:
    """Print one line for each article."""
    if not articles:
        show("No articles.")
    for article in articles:
        name = article.id if article.version == 1 else f"{article.id} v{article.version}"
        line = credit(article.outlet, article.published, article.title)
        show(line.append(f"  {plain(name)}", style="dim"))


def show_pairs(pairs: Sequence[tuple[str, object]]) -> None:
    """Print names with their values, aligned."""
    width = max(len(name) for name, _value in pairs) + 2
    for name, value in pairs:
        show(Text(name.ljust(width)).append(plain(str(value)), style="bold"))


def show_stats(stats: ArchiveStats) -> None:
    """Print how much an archive holds."""
    show_pairs(
        (
            ("articles", f"{stats.articles:,}"),
            ("without near-duplicates", f"{stats.clusters:,}"),
            ("versions", f"{stats.versions:,}"),
            ("passages", f"{stats.chunks:,}"),
            ("statements", f"{stats.quotes:,}"),
            ("speakers", f"{stats.speakers:,}"),
            ("outlets", f"{stats.outlets:,}"),
            ("articles still to embed", f"{stats.to_embed:,}"),
            ("first", day(stats.oldest)),
            ("last", day(stats.newest)),
        )
    )


def show_check(report: CheckReport) -> None:
    """Print what a check looked at and each finding with what to run."""
    recall = "not measured" if report.recall is None else f"{report.recall:.3f}"
    show_pairs(
        (
            ("articles", f"{report.articles:,}"),
            ("passages", f"{report.chunks:,}"),
            ("statements", f"{report.quotes:,}"),
            ("vectors", f"{report.vectors:,}"),
            ("recall against exact search", recall),
        )
    )
    for finding in report.findings:
        show(Text(f"{finding.what}: {plain(finding.detail)}", style="red"))
        show(f"run: {plain(finding.command)}", indent=2)
    if report.healthy:
        show(Text("Nothing found.", style="green"))


def show_report(report: IngestReport) -> None:
    """Print what became of the sources, and each failure with its reason."""
    counts = [
        f"{len(report.added):,} added",
        f"{len(report.updated):,} updated",
        f"{len(report.unchanged):,} unchanged",
        f"{len(report.duplicates):,} near-duplicates",
        f"{len(report.failed):,} failed",
    ]
    show(f"{', '.join(counts)} in {report.seconds:.1f} s")
    for failure in report.failed:
        show(Text(f"{plain(failure.source)}: {plain(failure.reason)}", style="red"))


# ---------------------------------------------------------------- progress


class IngestBar:
    """Shows an ingest while it runs, on standard error; a context manager and an `index` progress hook."""

    def __init__(self) -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.completed:.0f}{task.fields[of]}", markup=False),
            TimeElapsedColumn(),
            console=ERR,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._read = self._bar.add_task("reading", total=None, of="")
        self._embedded = self._bar.add_task("embedding", total=None, of="", visible=False)

    def __enter__(self) -> IngestBar:
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def __call__(self, progress: IngestProgress) -> None:
        """Take one step of the ingest."""
        task = self._embedded if progress.outcome == "embedded" else self._read
        of = "" if progress.total is None else f" of {progress.total}"
        self._bar.update(task, completed=progress.done, total=progress.total, of=of, visible=True)
