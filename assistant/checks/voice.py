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
    from collections.abc import Iterable, Sequence

    from assistant.words import Word

_PASSIVE = re.compile(
    r"\s*(?:(?:has|have|had|will|would)\s+)?(?:was|were|is|are|be|been|being|got)\s+(?:\w+ly\s+)?([a-z]+)\s+by"
    r"\s+(?:[\w.'’-]+\s+){0,4}"
)
_MUTUAL = frozenset(
    fold(word)
    for word in "meet talk speak discuss debate face play fight marry divorce join rival agree differ".split()
)
"""Verbs of what two do to each other: ``Hale met Ward`` and ``Ward met Hale`` say the same."""
_BE = fold("be")
_NEXT_TO = 4
"""Words before and after a verb among which its subject and object stand."""
_BETWEEN_WORDS = frozenset(
    fold(word)
    for word in "the a an his her its their this that mr mrs ms have had has also then later".split()
)
"""Words that may stand between a verb and its subject or object."""
_PAST = frozenset(
    "told gave sent met beat sold bought paid hit shot sued led left took brought caught".split()
)
"""Past forms without the usual ending that news is full of."""
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


def find_turned_roles(claim: Sequence[Word], source: Sequence[Word]) -> str | None:
    """Who does it to whom by the words next to a verb, where a side has no name but a noun or a pronoun.

    ``The companies accused the department`` is turned round where the source has ``accused the companies``,
    ``Hale told Ward`` where it has ``Ward had told him``, and nothing in it says it the claim's way.
    """
    theirs = _read_roles(source)
    for own in _read_roles(claim):
        same = [role for role in theirs if role.verb == own.verb]
        if own.verb in _MUTUAL or not own.subject or not own.object or own.subject == own.object:
            continue
        if any(role.subject == own.subject or role.object == own.object for role in same):
            continue
        if any(own.subject == role.object or own.object == role.subject for role in same):
            return f"in the claim “{own.subject}” does it to “{own.object}”, in the source the reverse"
    return None


class _Role(NamedTuple):
    """A verb in the active with the words beside it, each by its stem or empty."""

    verb: str
    subject: str
    object: str


def _read_roles(words: Sequence[Word]) -> list[_Role]:
    roles = []
    for place, word in enumerate(words):
        if not word.content or word.capital or (not word.text.endswith("ed") and word.text not in _PAST):
            continue
        if any(other.stem == _BE for other in words[max(0, place - 2) : place]):
            continue  # a passive
        before = _beside(words[max(0, place - _NEXT_TO) : place])
        after = _beside(words[place + 1 : place + 1 + _NEXT_TO])
        subject = before[-1].stem if before and before[-1].content else ""
        target = after[0].stem if after and after[0].content else ""
        roles.append(_Role(word.stem, subject, target))
    return roles


def _beside(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if word.stem not in _BETWEEN_WORDS]
