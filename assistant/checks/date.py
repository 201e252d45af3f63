"""Are the claim's dates those of the aligned words or of the article itself?

Relative dates of the source ("on Thursday", "yesterday") are read against the day of its publication; a claim
may give the day they mean. Relative words in the claim itself must stand in the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.checks.finding import Finding, join_findings
from assistant.dates import DateMention, agrees, fits, read_dates

if TYPE_CHECKING:
    from datetime import date

    from assistant.alignment import Comparison, Window


_TOGETHER = 5
"""Code points between two days of one month that are named together."""


def check_date(comparison: Comparison) -> Finding:
    """Checks every date of the claim against its aligned windows and the dates of the cited articles."""
    claimed = [unit.value for unit in comparison.units if isinstance(unit.value, DateMention)]
    credited = _check_credit(comparison)
    if not claimed and not credited:
        return Finding(name="date", passed=None, detail="no date")
    replaced = {
        own.value: theirs.value
        for own, theirs in comparison.pairs
        if isinstance(own.value, DateMention) and isinstance(theirs.value, DateMention)
    }
    findings = [_check_one(mention, comparison, replaced.get(mention)) for mention in claimed]
    return join_findings("date", [*findings, *credited], "no date")


def _check_credit(comparison: Comparison) -> list[Finding]:
    """``The Harbour Post reported on 4 March that``: the day must be that of a cited article, where known."""
    days = [source.evidence.published for source in comparison.cited if source.evidence.published]
    if not days or comparison.body == comparison.plain or comparison.body not in comparison.plain:
        return []
    findings = []
    for mention in read_dates(comparison.plain.replace(comparison.body, " ", 1)):
        if mention.relative is not None:
            continue
        passed = any(fits(mention, day.date()) for day in days)
        published = f"the cited article is of {days[0].date().isoformat()}"
        detail = f"“{mention.text}” is the day of publication" if passed else f"“{mention.text}”: {published}"
        findings.append(Finding(name="date", passed=passed, detail=detail, contradicts=not passed))
    return findings


def _check_one(claimed: DateMention, comparison: Comparison, counterpart: DateMention | None) -> Finding:
    if counterpart is not None and not _is_there(claimed, counterpart, comparison.windows[0]):
        return Finding(
            name="date",
            passed=False,
            detail=f"“{claimed.text}” stands where the source has “{counterpart.text}”",
            contradicts=True,
        )
    present = []
    for window in comparison.windows:
        for mention in read_dates(window.text):
            if agrees(claimed, mention, _published(window)):
                return Finding(name="date", passed=True, detail=f"“{claimed.text}” found as “{mention.text}”")
            present.append(mention.text)
    for text in comparison.related:
        for mention in read_dates(text):
            if agrees(claimed, mention, None):
                return Finding(name="date", passed=True, detail=f"“{claimed.text}” found as “{mention.text}”")
    days = [source.evidence.published for source in comparison.cited if source.evidence.published]
    if any(fits(claimed, day.date()) for day in days):
        return Finding(name="date", passed=True, detail=f"“{claimed.text}” is the day of publication")
    has = f"; it has “{present[0]}”" if present else ""
    return Finding(
        name="date",
        passed=False,
        detail=f"“{claimed.text}” does not stand where the cited text speaks of this{has}",
        contradicts=bool(present),
    )


def _is_there(claimed: DateMention, counterpart: DateMention, window: Window) -> bool:
    """Whether the claim's date is the one at its place, or written with it: ``28 and 29 January``."""
    together = [
        mention
        for mention in read_dates(window.text)
        if counterpart.day is not None
        and mention.month == counterpart.month
        and 0 <= max(mention.start - counterpart.end, counterpart.start - mention.end) <= _TOGETHER
    ]
    return any(agrees(claimed, mention, _published(window)) for mention in (counterpart, *together))


def _published(window: Window) -> date | None:
    published = window.source.evidence.published
    return published.date() if published else None
