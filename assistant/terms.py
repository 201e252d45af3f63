"""What a question asks for, word by word: its terms, its names and its numbers.

Words are folded by `assistant.words`, so that "resigned" in an article answers "resign" in a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from assistant.words import fold, split_words

AnswerType = Literal["number", "date", "name", "any"]
"""What kind of thing a question wants: how many, when, who or which, or anything else."""

_UNSPECIFIC_WORDS = """
    according article articles author based became become called consider considered considering describe
    described discuss discussed discussing end feel following former get go happen happened happening include
    included including information kind know known like likely make mention mentioned name named news option
    people person possible previous previously probable probably recent recently refer referred report
    reported reporting source start statement story suggest suggested take text thing think today told true
    false type use used using want week weekend month year day time new first last main many much
"""
_UNSPECIFIC = frozenset(fold(word) for word in _UNSPECIFIC_WORDS.split())
"""Words that questions are made of but that an answering sentence need not repeat."""

_NAME_WORD = r"(?:(?:[A-Z]\.){2,}|[A-Z]\.|[A-Z](?:[\w’'&-]|\.(?=\w))*)"
_NAME = re.compile(
    rf"(?<!\w){_NAME_WORD}(?:\s+(?:(?:of|the|de|van|von|and|&|for)\s+){{0,2}}(?:{_NAME_WORD}|\d+(?=\s|$)))*"
)
_NOT_NAME_WORDS = """
    a according after an and are as at based because before between but by can considering could despite did
    do does during following for from given had has have how if in is it of on or since should that the there
    these they this those to true was were what when where which while who whom whose why will with would
"""
_NOT_NAMES = frozenset(_NOT_NAME_WORDS.split())
"""Words that open a question with a capital letter and belong to no name."""

_HOW_MANY = re.compile(
    r"\bhow\s+(?:many|much|old|far|long|tall|big|large|often|high)\b"
    r"|\b(?:what|which)\s+(?:percent|percentage|share|proportion|number|amount|age|sum)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\bwhen\b|\b(?:what|which)\s+(?:year|date|day|month)\b", re.IGNORECASE)
_WHO = re.compile(r"\b(?:who|whom|whose|which|what|where)\b", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def terms_of(text: str) -> frozenset[str]:
    """The folded content words of a text."""
    return frozenset(word.stem for word in split_words(text) if word.content)


def asked_terms(question: str) -> tuple[str, ...]:
    """The folded words that an answer has to be about, in order, each once.

    A question made of unspecific words only ("What happened?") keeps them all.
    """
    words = tuple(dict.fromkeys(word.stem for word in split_words(question) if word.content))
    return tuple(word for word in words if word not in _UNSPECIFIC) or words


def asked_names(question: str) -> tuple[str, ...]:
    """The names in a question as written, each once; a capital that only opens a sentence is no name."""
    names = []
    for match in _NAME.finditer(question):
        parts = match[0].split()
        opens_sentence = question[: match.start()].rstrip()[-1:] in ("", ".", "?", "!", ":", "“", '"')
        while parts and parts[0].casefold().rstrip("’'") in _NOT_NAMES:
            parts.pop(0)
            opens_sentence = False
        if opens_sentence and len(parts) == 1 and parts[0][1:].islower():
            continue
        name = " ".join(parts).rstrip("’'")
        if any(not word[0].isdigit() for word in terms_of(name)):
            names.append(name)
    return tuple(dict.fromkeys(names))


def asked_numbers(terms: Iterable[str]) -> tuple[str, ...]:
    """Those of the terms that are numbers."""
    return tuple(term for term in terms if term[0].isdigit())


def answer_type(question: str) -> AnswerType:
    """What kind of thing the question wants."""
    if _HOW_MANY.search(question):
        return "number"
    if _WHEN.search(question):
        return "date"
    return "name" if _WHO.search(question) else "any"
