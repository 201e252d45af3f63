"""Choosing among statements: which are about something, and which article a given quotation is from."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.names import fold, parse_name, same_name
from index.speech_verbs import CUES
from index.word_lists import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import Quote

_WORD = re.compile(r"[^\W_]+")
_LATEST = datetime.max.replace(tzinfo=UTC)
_SMALL = word_set("the a an of on in to for and or about with at by from his her its their")

_NAMED, _MEANT = 2, 1
_FEWEST_WORDS = 4
_BEST_FIRST = (
    (_NAMED, "quoted"), (_NAMED, "said"), (_NAMED, "held"),
    (_MEANT, "quoted"), (_MEANT, "said"), (_MEANT, "held"),
)  # fmt: skip
"""Statements about somebody by how surely they are and by how they are told. By judgement, not tuned."""


def rank_quotes(quotes: Sequence[Quote], about: str | None) -> list[Quote]:
    """Ranks statements by how surely they are about something.

    A statement that names it stands before one that only means it ("he"); then quoted words before said ones,
    and these before what is believed, planned or done about it; then the earlier published (unknown last),
    then by article id and offset.

    Args:
        quotes: Statements, of any speaker.
        about: A person, organisation, place or topic; None keeps all.

    Returns:
        The statements that are about it, best first.
    """
    if about is None:
        return sorted(quotes, key=_in_time)
    graded = [(grade, quote) for quote in quotes if (grade := grade_topic(quote, about))]
    order = {one: place for place, one in enumerate(_BEST_FIRST)}
    graded.sort(key=lambda pair: (order[pair[0], _tell_manner(pair[1])], *_in_time(pair[1])))
    return [quote for _, quote in graded]


def is_speech(quote: Quote) -> bool:
    """Whether a statement is told as said: in quotation marks, or after a verb that can stand with them."""
    if quote.kind != "indirect":
        return True
    words = (quote.cue or "").lower().split()
    return any(word in CUES and not CUES[word].frames.isdisjoint(("speech", "listener")) for word in words)


def _tell_manner(quote: Quote) -> str:
    """How a statement is told; a few quoted words alone are no more than reported ones."""
    if quote.kind == "mixed" or (quote.kind == "direct" and len(quote.text.split()) >= _FEWEST_WORDS):
        return "quoted"
    return "said" if is_speech(quote) else "held"


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
