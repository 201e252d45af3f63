"""Choosing among statements: which are about something, and which article a given quotation is from."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.names import fold, parse_name, same_name
from index.word_lists import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import Quote

_WORD = re.compile(r"[^\W_]+")
_LATEST = datetime.max.replace(tzinfo=UTC)
_SMALL = word_set("the a an of on in to for and or about with at by from his her its their")

_NAMED, _MEANT = 2, 1


def rank_quotes(quotes: Sequence[Quote], about: str | None) -> list[Quote]:
    """Ranks statements by how surely they are about something.

    A statement that names it stands before one that only means it ("he"); then a direct one before a
    mixed and an indirect one; then the earlier published (unknown last), then by article id and offset.

    Args:
        quotes: Statements, of any speaker.
        about: A person, organisation, place or topic; None keeps all.

    Returns:
        The statements that are about it, best first.
    """
    if about is None:
        return sorted(quotes, key=_in_time)
    graded = [(grade, quote) for quote in quotes if (grade := grade_topic(quote, about))]
    return [quote for _, quote in sorted(graded, key=lambda pair: (-pair[0], *_in_time(pair[1])))]


def grade_topic(quote: Quote, about: str) -> int:
    """Grades a statement: 2 when it names the topic, 1 when it means it by a pronoun, else 0."""
    words = [fold(word) for word in _WORD.findall(about) if word.lower() not in _SMALL]
    if not words:
        return 0
    said = {fold(word) for word in _WORD.findall(quote.text)}
    topics = [topic for topic in quote.about if same_name(topic, about)]
    if topics:
        surname = parse_name(about).words[-1:]
        return _NAMED if any(word in said for word in (*surname, *words)) else _MEANT
    if about[0].islower() or len(words) > 1:
        return _NAMED if said.issuperset(words) else 0
    return (
        _NAMED
        if words[0] in said and not any(parse_name(topic).surname == words[0] for topic in quote.about)
        else 0
    )


def _in_time(quote: Quote) -> tuple[datetime, str, int, int]:
    return (quote.published or _LATEST, quote.article_id, quote.version, quote.start)
