"""Who did it to whom: ``Hale beat Ward`` and ``Ward was beaten by Hale`` say one thing, with names exchanged.

A verb between two names is read with its voice. Only an active and a passive of the same verb are compared:
of two actives the names are compared place by place (`name`).
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
    """Compares who does it to whom where one side has an active and the other a passive.

    Returns:
        The names of the claim that stand on the right side though at another place, and what is wrong
        where two names have changed sides.
    """
    own = read_deeds(claim)
    right: set[str] = set()
    for theirs in [deed for text in texts for deed in read_deeds(text)]:
        for deed in own:
            if deed.verb != theirs.verb or deed.passive == theirs.passive:
                continue
            if same_name(deed.agent, theirs.agent) and same_name(deed.patient, theirs.patient):
                right.update((deed.agent, deed.patient))
            elif same_name(deed.agent, theirs.patient) and same_name(deed.patient, theirs.agent):
                detail = f"in the claim “{deed.agent}” does it to “{deed.patient}”, in the source the reverse"
                return frozenset(right), detail
    return frozenset(right), None
