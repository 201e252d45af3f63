"""Whether given words stand in a statement, also slightly altered, and what was altered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.types import Quote

ALIKE = 82.0
"""Similarity (0 to 100, Indel ratio of the folded words against the best stretch of the statement) from which
altered words are still the same quotation. One changed word of eight gives about 88."""

_SHORT, _SHORT_SHARE = 8, 5
"""Under so many words at most one in so many may differ: of four words one is the matter itself."""

_WORD = re.compile(r"\w+(?:[’']\w+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A statement that holds the given words."""

    quote: Quote
    score: float
    """0 to 100; 100 for word by word."""
    difference: str | None
    """What differs, for a reader; None where nothing does but marks and case."""


def match_quotation(words: str, quote: Quote) -> Match | None:
    """The statement as a match for given words, or None if it does not hold them.

    Args:
        words: The words of the question.
        quote: The statement; may be much longer.
    """
    from rapidfuzz import fuzz

    asked, said = _words(words), _words(quote.text)
    if not asked or not said:
        return None
    alignment = fuzz.partial_ratio_alignment(_folded(asked), _folded(said), score_cutoff=ALIKE)
    if alignment is None or len(said) * 2 < len(asked):
        return None
    stretch = _words_between(said, alignment.dest_start, alignment.dest_end)
    if len(asked) < _SHORT and _count_altered(asked, stretch) * _SHORT_SHARE > len(asked):
        return None
    return Match(quote=quote, score=alignment.score, difference=_difference(asked, stretch))


def _count_altered(asked: list[str], printed: list[str]) -> int:
    """Words of the longer side of every place where the two differ."""
    folded = [word.casefold() for word in asked], [word.casefold() for word in printed]
    changes = SequenceMatcher(None, *folded, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for kind, a, b, c, d in changes if kind != "equal")


def _difference(asked: list[str], printed: list[str]) -> str | None:
    """The words that differ, side by side."""
    folded = [word.casefold() for word in asked], [word.casefold() for word in printed]
    notes = []
    for kind, start, end, other_start, other_end in SequenceMatcher(
        None, *folded, autojunk=False
    ).get_opcodes():
        ours, theirs = " ".join(asked[start:end]), " ".join(printed[other_start:other_end])
        if kind == "replace":
            notes.append(f"“{ours}” instead of “{theirs}”")
        elif kind == "delete":
            notes.append(f"“{ours}” added")
        elif kind == "insert":
            notes.append(f"“{theirs}” left out")
    return f"The question alters the words: {', '.join(notes)}." if notes else None


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text)]


def _folded(words: list[str]) -> str:
    return " ".join(words).casefold()


def _words_between(words: list[str], start: int, end: int) -> list[str]:
    """The words of the joined text of which any letter lies between two offsets."""
    chosen, place = [], 0
    for word in words:
        if place < end and place + len(word) > start:
            chosen.append(word)
        place += len(word) + 1
    return chosen
