"""Who did it to whom: ``Hale beat Ward`` and ``Ward was beaten by Hale`` say one thing, with names exchanged.

A verb between two names is read with its voice, and compared with every other use of it between the same two.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from assistant.words import fold, split_words
from index.mentions import find_names
from index.names import same_name

if TYPE_CHECKING:
    from collections.abc import Iterable

_PASSIVE = re.compile(
    r"\s*(?:(?:has|have|had|will|would)\s+)?(?:was|were|is|are|be|been|being|got)\s+(?:\w+ly\s+)?([a-z]+)\s+by"
    r"\s+(?:[\w.'’-]+\s+){0,4}"
)
_MUTUAL = frozenset(
    fold(word)
    for word in "meet talk speak discuss debate face play fight marry divorce join rival agree differ".split()
)
"""Verbs of what two do to each other: ``Hale met Ward`` and ``Ward met Hale`` say the same."""
_BETWEEN = re.compile(r"[^.,;:!?“”\"()]{1,60}")


class Deed(NamedTuple):
    """A verb with a name before and after it."""

    verb: str
    """Stem of the verb."""
    agent: str
    patient: str
    passive: bool


def read_deeds(text: str) -> list[Deed]:
    """Reads the verbs that stand between two names and nothing but a few words."""
    deeds = []
    for first, second in pairwise(find_names(text)):
        between = text[first.end : second.start]
        passive = _PASSIVE.fullmatch(between)
        if passive:
            deeds.append(Deed(fold(passive[1]), second.name, first.name, passive=True))
        elif _BETWEEN.fullmatch(between) and " by " not in between:
            deeds += [
                Deed(word.stem, first.name, second.name, passive=False)
                for word in split_words(between)
                if word.content and not word.capital
            ]
    return deeds


def compare_deeds(claim: str, texts: Iterable[str]) -> tuple[frozenset[str], str | None]:
    """Compares who does what to whom, in the active or the passive.

    Returns:
        The names of the claim that stand on the right side though at another place, and what is wrong
        where two names have changed sides.
    """
    theirs = [deed for text in texts for deed in read_deeds(text)]
    right: set[str] = set()
    wrong: str | None = None
    for own in read_deeds(claim):
        same = [deed for deed in theirs if deed.verb == own.verb]
        if any(_has_names(deed, own.agent, own.patient) for deed in same if deed.passive != own.passive):
            right.update((own.agent, own.patient))
        elif wrong is None and not any(_has_names(deed, own.agent, own.patient) for deed in same):
            turned = any(_has_names(deed, own.patient, own.agent) for deed in same)
            if turned and own.verb in _MUTUAL:
                right.update((own.agent, own.patient))
            elif turned:
                wrong = f"in the claim “{own.agent}” does it to “{own.patient}”, in the source the reverse"
    return frozenset(right), wrong


def _has_names(deed: Deed, agent: str, patient: str) -> bool:
    return same_name(deed.agent, agent) and same_name(deed.patient, patient)
