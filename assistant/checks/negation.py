"""Is what the claim denies also denied in the source, and the other way round?

Negating words are compared where they stand: between the same aligned words of the claim and of its window. A
negation that only moved ("said it did not", "denied that it did") is the same one. Verbs of refusal count
("refused to attend" for "did not attend").
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.alignment import split_units
from assistant.checks.finding import Finding
from assistant.words import Word, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.alignment import Comparison, Gap, Unit

NEGATIONS = frozenset(
    fold(word)
    for word in [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "without",
        "cannot",
        "hardly",
        "scarcely",
        "barely",
        "nowhere",
        "deny",
        "refuse",
        "decline",
        "reject",
        "fail",
        "lack",
        "unable",
        "unlikely",
    ]
)
"""Stems of the words that turn a statement round."""

_BARE = frozenset(fold(word) for word in "not no never".split())
_CONTRASTED = 4
"""Units around a ``not`` among which the two things stand that it contrasts."""
_PREFIXES = ("un", "in", "im", "ir", "dis", "non", "il")
_LONGEST_GAP = 5
"""Units of the source that a claim may leave out around a negation and still speak of the same clause; a
longer stretch left out is a clause of its own."""
_FEWEST_ALIGNED = 3
"""Units in a row that show that the claim tells a sentence at all."""
_SUBORDINATES = re.compile(
    r"(?:if|when|while|although|though|because|since|unless|as|after|before|whether|until|despite|even)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)]*(?=\s|\Z)")


def check_negation(comparison: Comparison) -> Finding:
    """Compares the negations of the claim with those of its aligned window."""
    if not comparison.blocks:
        return Finding(name="negation", passed=None, detail="no aligned words")
    turned = _prefix_conflict(comparison) or _find_turned_contrast(comparison)
    if turned:
        return Finding(name="negation", passed=False, detail=turned, contradicts=True)
    added = [gap for gap in comparison.gaps if _count(gap.claim) % 2 and not _count(gap.window) % 2]
    dropped = [gap for gap in comparison.gaps if _is_dropped(gap)]
    for gap in added:
        moved = any(_is_same_sentence(comparison, gap, other) for other in dropped)
        if not moved and not _is_denied_elsewhere(comparison, gap):
            return _fail(comparison, gap, "the claim denies it, the source does not")
    for gap in dropped:
        moved = any(_is_same_sentence(comparison, other, gap) for other in added)
        if not moved and _is_close(comparison, gap):
            return _fail(comparison, gap, "the source denies it, the claim does not")
    if _count(comparison.units):
        return Finding(name="negation", passed=True, detail="the same is denied")
    return Finding(name="negation", passed=None, detail="nothing denied")


def _is_dropped(gap: Gap) -> bool:
    """Whether the source denies what the claim does not: an odd number of times, or right before it.

    In ``admitted no fault, and that no`` before ``damages`` the last word denies the damages alone.
    """
    if _count(gap.claim):
        return not _count(gap.claim) % 2 and _count(gap.window) % 2 == 1
    return _count(gap.window) % 2 == 1 or any(unit.key in _BARE for unit in gap.window[-2:])


def _find_turned_contrast(comparison: Comparison) -> str | None:
    """``borne by the taxpayer and not by the companies`` where the source has them the other way round."""
    own, theirs = _read_contrast(comparison.units), _read_contrast(comparison.window_units)
    if own is None or theirs is None or own[1].key == theirs[1].key:
        return None
    if own[1].key in {unit.key for unit in theirs[0]} and theirs[1].key in {unit.key for unit in own[0]}:
        return f"the claim denies “{own[1].text}”, the source “{theirs[1].text}”"
    return None


def _read_contrast(units: Sequence[Unit]) -> tuple[Sequence[Unit], Unit] | None:
    """The few content words before a ``not``, and the one after it."""
    place = next((step for step, unit in enumerate(units) if unit.key in _BARE), None)
    if place is None:
        return None
    before = [unit for unit in units[:place] if unit.content][-_CONTRASTED:]
    after = next((unit for unit in units[place + 1 : place + 1 + _CONTRASTED] if unit.content), None)
    return None if after is None else (before, after)


def _count(units: Sequence[Unit]) -> int:
    return sum(unit.key in NEGATIONS for unit in units)


def _is_denied_elsewhere(comparison: Comparison, gap: Gap) -> bool:
    """Whether another sentence that the claim tells denies the same word: ``no warning``.

    The best window may tell what happened elsewhere or before, in the same words.
    """
    first = next(step for step, unit in enumerate(gap.claim) if unit.key in NEGATIONS)
    denied = comparison.units[gap.claim_start + first :]
    following = next((unit for unit in denied[1:] if unit.content), None)
    if following is None or not isinstance(following.value, Word):
        return False
    texts = (*(window.text for window in comparison.windows[1:]), *comparison.related)
    return any(
        (denied[0].key, following.key) in pairwise(unit.key for unit in split_units(text)) for text in texts
    )


def _is_same_sentence(comparison: Comparison, place: Gap, gap: Gap) -> bool:
    """Whether a gap's negation stands in the sentence of the source that `place` lies in."""
    units = comparison.window_units
    here = units[min(place.window_start, len(units) - 1)].value.start
    there = next(unit.value.start for unit in gap.window if unit.key in NEGATIONS)
    return not _SENTENCE_END.search(comparison.windows[0].text, min(here, there), max(here, there))


def _is_close(comparison: Comparison, gap: Gap) -> bool:
    """Whether the source's words left out stand in one clause with aligned words after them."""
    text = comparison.windows[0].text
    first = next(step for step, unit in enumerate(gap.window) if unit.key in NEGATIONS)
    if _is_elsewhere(comparison, gap, first):
        return False
    if first == 0 and gap.window_start > 0 and _SENTENCE_END.match(text, gap.window[0].value.end):
        return True  # "..., but has not."
    following = gap.window_start + len(gap.window)
    if following >= len(comparison.window_units) or gap.claim_start + len(gap.claim) >= len(comparison.units):
        return False
    last = max(step for step, unit in enumerate(gap.window) if unit.key in NEGATIONS)
    if len(gap.window) - last > _LONGEST_GAP:
        return False
    return not _SENTENCE_END.search(
        text, gap.window[last].value.start, comparison.window_units[following].value.start
    )


def _is_elsewhere(comparison: Comparison, gap: Gap, first: int) -> bool:
    """Whether the negation stands in an opening clause, or in a sentence that the claim hardly has.

    ``If he does not succeed, Hale said he will go on`` told as ``Hale will go on`` leaves out a clause. Where
    a sentence ends between the negation and the aligned words before it, a name or two after it are chance.
    """
    text = comparison.windows[0].text
    units = comparison.window_units
    following = gap.window_start + len(gap.window)
    if following >= len(units):
        return False
    negation = gap.window[first].value.start
    opens = gap.window_start == 0 or _SENTENCE_END.search(
        text, units[gap.window_start - 1].value.start, gap.window[0].value.start
    )
    if not opens:
        return gap.window_start > 0 and _starts_sentence(comparison, gap, negation, following)
    clause = text[gap.window[0].value.start : units[following].value.start]
    return "," in clause[negation - gap.window[0].value.start :] and _SUBORDINATES.match(clause) is not None


def _starts_sentence(comparison: Comparison, gap: Gap, negation: int, following: int) -> bool:
    """Whether a sentence ends between a negation and the aligned words before it, with few aligned after."""
    before = comparison.window_units[gap.window_start - 1].value.start
    if not _SENTENCE_END.search(comparison.windows[0].text, before, negation):
        return False
    length = next((length for start, _, length in comparison.blocks if start == following), 0)
    return length < _FEWEST_ALIGNED


def _fail(comparison: Comparison, gap: Gap, what: str) -> Finding:
    words = comparison.window_units[max(0, gap.window_start - 3) : gap.window_start + len(gap.window) + 3]
    shown = " ".join(unit.text for unit in words)
    return Finding(name="negation", passed=False, detail=f"{what}: “{shown}”", contradicts=True)


def _prefix_conflict(comparison: Comparison) -> str | None:
    """A word on one side that is the other's with a negating prefix ("acceptable", "unacceptable")."""
    for gap in comparison.gaps:
        for own in gap.claim:
            for theirs in gap.window:
                short, long = sorted((own.key, theirs.key), key=len)
                if len(short) >= 4 and any(long == prefix + short for prefix in _PREFIXES):
                    return f"the claim says “{own.text}”, the source “{theirs.text}”"
    return None
