"""A question that asks for several things at once -> its parts, each with the outlets it names.

"Which company, sued by a publisher according to TechCrunch, paid Apple as reported by The Verge?" is answered
by several articles, none of which speaks of all of it. Parts are cut where a clause begins: at punctuation,
and before "and", "while", "who" and their like. A cut that leaves too few words to search with is undone, and
none is made within an outlet's name or a date, or between two names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from assistant.question import find_outlet_names, named_outlets, without_outlets
from assistant.terms import asked_terms
from index.types import QueryPart, Span

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
    r"\b(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+(?P<day>\d{1,2})(?:,?\s*(?P<year>\d{4}))?\b"
)
_JOINS = re.compile(r"\s+and\s+", re.IGNORECASE)
_NAME_ENDS = re.compile(r"\b[A-Z][\w’'-]*$")
"""Of two names joined by "and" each would be a part without the other."""
_ONE_DAY = timedelta(days=1)
"""A date as a reader writes it and the archive's, in UTC, may differ by this much."""


def split_question(text: str, outlets: Iterable[str]) -> tuple[str, tuple[QueryPart, ...]]:
    """What to search for, and the parts of it; no parts where the question is about one thing.

    Args:
        text: A standalone question.
        outlets: Names of the archive's outlets.

    Returns:
        The question, and its parts. Where there are parts, outlets and calendar dates are taken out of the
        words: they say where to look, not what for. A date with its year narrows its part to the articles
        of that day, as an outlet does.
    """
    outlets = tuple(outlets)
    if len(asked_terms(text)) <= SHORTEST_QUESTION:
        return text, ()
    parts = [
        _read_part(piece, outlets) for piece in _pieces(text, outlets) if asked_terms(_bare(piece, outlets))
    ]
    return (_bare(text, outlets), tuple(parts[:MOST_PARTS])) if len(parts) > 1 else (text, ())


def _bare(text: str, outlets: Iterable[str]) -> str:
    """A text without outlets and calendar dates."""
    return without_outlets(_CALENDAR_DATE.sub(" ", text), outlets)


def _read_part(piece: str, outlets: Iterable[str]) -> QueryPart:
    days = list(_days(piece))
    return QueryPart(
        text=_bare(piece, outlets),
        outlets=named_outlets(piece, outlets),
        since=min(days) - _ONE_DAY if days else None,
        until=max(days) + 2 * _ONE_DAY if days else None,
    )


def _days(text: str) -> Iterator[datetime]:
    """The beginnings of the days that a text names with their year, in UTC."""
    for date in _CALENDAR_DATE.finditer(text):
        if date["year"]:
            with suppress(ValueError):  # 31 June
                yield datetime.strptime(f"{date['day']} {date['month']} {date['year']} +0000", "%d %B %Y %z")


def _pieces(text: str, outlets: Iterable[str]) -> list[str]:
    """The clauses, in order; what is too short stays with the clause before or after it."""
    pieces: list[str] = []
    held = ""
    start = 0
    for cut in [*_cuts(text, outlets), Span(len(text), len(text))]:
        held = f"{held} {text[start : cut.start]}".strip()
        start = cut.end
        if len(asked_terms(_bare(held, outlets))) >= FEWEST_TERMS:
            pieces.append(held)
            held = ""
    if held and pieces:
        pieces[-1] = f"{pieces[-1]} {held}"
    return pieces


def _cuts(text: str, outlets: Iterable[str]) -> Iterator[Span]:
    """What parts two clauses: not within an outlet's name or a date, nor between two names."""
    whole = [
        *find_outlet_names(text, outlets),
        *(Span(*date.span()) for date in _CALENDAR_DATE.finditer(text)),
    ]
    for cut in _CUT.finditer(text):
        inside = any(span.start < cut.end() and cut.start() < span.end for span in whole)
        joins = (
            _JOINS.fullmatch(cut[0]) and _NAME_ENDS.search(text[: cut.start()]) and text[cut.end()].isupper()
        )
        if not inside and not joins:
            yield Span(*cut.span())
