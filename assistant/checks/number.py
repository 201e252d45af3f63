"""Do the claim's numbers stand in the aligned words, with the same unit?

A rounded number ("about 1,000", "more than 1,000", "1.2 million") passes where the source's value rounds to
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.checks.finding import Finding, join_findings
from assistant.dates import DateMention
from assistant.numbers import Number, matches, read_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.alignment import Comparison, Gap


def check_number(comparison: Comparison) -> Finding:
    """Checks every number of the claim against those of its aligned windows."""
    claimed = [unit.value for unit in comparison.units if isinstance(unit.value, Number)]
    if not claimed:
        return Finding(name="number", passed=None, detail="no number")
    texts = [*(window.text for window in comparison.windows), *comparison.related]
    present = [number for text in texts for number in read_numbers(text)]
    everywhere = [number for source in comparison.cited for number in read_numbers(source.evidence.text)]
    replaced = {
        own.value: theirs.value
        for own, theirs in comparison.pairs
        if isinstance(own.value, Number) and isinstance(theirs.value, Number)
    }
    findings = [_check_one(number, present, everywhere, replaced.get(number)) for number in claimed]
    findings += [finding for gap in comparison.gaps if (finding := _check_displaced(gap)) is not None]
    findings += _check_followed(claimed, comparison)
    return join_findings("number", findings, "no number")


def _check_displaced(gap: Gap) -> Finding | None:
    """A number where the source has nothing but a date."""
    if len(gap.claim) != 1 or len(gap.window) != 1:
        return None
    own, theirs = gap.claim[0].value, gap.window[0].value
    if not isinstance(own, Number) or not isinstance(theirs, DateMention) or own.value == theirs.year:
        return None
    detail = f"“{own.text}” stands where the source has “{theirs.text}”"
    return Finding(name="number", passed=False, detail=detail, contradicts=True)


def _check_followed(claimed: Sequence[Number], comparison: Comparison) -> list[Finding]:
    """Where the claim follows one sentence closely: a number that is not in it instead of one that is."""
    if comparison.sentence is None:
        return []
    theirs = read_numbers(comparison.sentence)
    foreign = [number for number in claimed if not any(matches(number, source) for source in theirs)]
    missing = [source for source in theirs if not any(matches(number, source) for number in claimed)]
    missing = [source for source in missing if any(_is_of_one_kind(source, number) for number in foreign)]
    if not foreign or not missing:
        return []
    detail = f"“{foreign[0].text}” is not in the sentence told, which has “{missing[0].text}”"
    return [Finding(name="number", passed=False, detail=detail, contradicts=True)]


def _is_of_one_kind(a: Number, b: Number) -> bool:
    """Whether both count a place in a row ("third"), or neither does."""
    return (a.unit == "ordinal") == (b.unit == "ordinal")


def _check_one(
    number: Number, present: Sequence[Number], everywhere: Sequence[Number], counterpart: Number | None
) -> Finding:
    if counterpart is not None and not matches(number, counterpart):
        return Finding(
            name="number",
            passed=False,
            detail=f"“{number.text}” stands where the source has “{counterpart.text}”",
            contradicts=True,
        )
    found = [source for source in present if matches(number, source)]
    if found:
        nearest = next((source for source in found if source.noun == number.noun), found[0])
        return Finding(name="number", passed=True, detail=f"“{number.text}” found as “{nearest.text}”")
    same_noun = [source for source in present if number.noun and source.noun == number.noun]
    if same_noun:
        return Finding(
            name="number",
            passed=False,
            detail=f"“{number.text}” is “{same_noun[0].text}” in the source",
            contradicts=True,
        )
    if any(matches(number, source) for source in everywhere):
        detail = f"“{number.text}” stands in the cited text, but not where it speaks of this"
    else:
        detail = f"“{number.text}” does not stand in the cited text"
    return Finding(name="number", passed=False, detail=detail)
