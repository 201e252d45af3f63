"""What a question asks for, word by word: its terms, its names and its numbers.

Words are folded by `assistant.words`, so that "resigned" in an article answers "resign" in a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.words import fold, split_words

SAME_STEM = 5
"""Letters that a country and its people have in common at the beginning of their names."""

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


def share_of_name(name: str, found: Iterable[str]) -> float:
    """Share of a name's words that stand among the folded words found, as they are or as in "Japanese".

    Args:
        name: As `asked_names` gives it.
        found: Folded words of a text.
    """
    words, seen = terms_of(name), frozenset(found)
    stems = {word[:SAME_STEM] for word in seen if len(word) >= SAME_STEM}
    return sum(word in seen or word[:SAME_STEM] in stems for word in words) / len(words)


def holds_name(name: str, found: Iterable[str]) -> bool:
    """Whether a text names what the question names; of a longer name one word may be left out."""
    count = len(terms_of(name))
    return share_of_name(name, found) * count >= max(1, count - 1)
