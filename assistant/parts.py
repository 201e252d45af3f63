"""A question that asks for several things at once -> its parts, each with the outlets it names.

"Which company, sued by a publisher according to TechCrunch, paid Apple as reported by The Verge?" is answered
by several articles, none of which speaks of all of it. Parts are cut where a clause begins: at punctuation,
and before "and", "while", "who" and their like. A cut that leaves too few words to search with is undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.question import named_outlets, without_outlets
from assistant.terms import asked_terms
from index.types import QueryPart

FEWEST_TERMS = 3
"""Words with a content of their own that a part must have."""
SHORTEST_QUESTION = 10
"""Words of content from which a question is taken apart; a shorter one is about one thing."""
MOST_PARTS = 6
"""Each is a search of its own."""

_CUT = re.compile(
    r"[,;:?]\s+(?:(?:and|but|while|whereas|who|which|that|or)\b)?\s*"
    r"|\s+(?:and|but|while|whereas|before|after|who|which|that)\s+",
    re.IGNORECASE,
)
_CALENDAR_DATE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+\d{1,2}(?:,\s*\d{4})?"
)


def split_question(text: str, outlets: Iterable[str]) -> tuple[str, tuple[QueryPart, ...]]:
    """What to search for, and the parts of it; no parts where the question is about one thing.

    Args:
        text: A standalone question.
        outlets: Names of the archive's outlets.

    Returns:
        The question, and its parts. Where there are parts, outlets and calendar dates are taken out of the
        words: they say where to look, not what for.
    """
    outlets = tuple(outlets)
    if len(asked_terms(text)) <= SHORTEST_QUESTION:
        return text, ()
    parts = [
        QueryPart(text=words, outlets=named_outlets(piece, outlets))
        for piece in _pieces(_CALENDAR_DATE.sub(" ", text))
        if asked_terms(words := without_outlets(piece, outlets))
    ]
    if len(parts) < 2:
        return text, ()
    return without_outlets(_CALENDAR_DATE.sub(" ", text), outlets), tuple(parts[:MOST_PARTS])


def _pieces(text: str) -> list[str]:
    """The clauses, in order; what is too short stays with the clause before or after it."""
    pieces: list[str] = []
    held = ""
    for clause in _CUT.split(text):
        held = f"{held} {clause}".strip()
        if len(asked_terms(held)) >= FEWEST_TERMS:
            pieces.append(held)
            held = ""
    if held and pieces:
        pieces[-1] = f"{pieces[-1]} {held}"
    return pieces
