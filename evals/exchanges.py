"""Words of a true sentence exchanged for their neighbours: measures, amounts, titles, certainty, places.

The lists here are the generator's own. What the checks know is kept in their files: a generator that shared
their lists would only find what they look for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from evals.specimens import Material

_MARKER = " [1]"
_UNITS = {
    "million": "billion", "billion": "million", "thousand": "million", "miles": "kilometres",
    "kilometres": "miles", "metres": "feet", "feet": "metres", "pounds": "kilograms", "acres": "hectares",
    "years": "months", "months": "weeks", "weeks": "days", "days": "weeks", "hours": "minutes",
    "minutes": "hours", "dollars": "euros", "euros": "dollars",
}  # fmt: skip
_AMOUNTS = {
    "all": "some", "some": "all", "every": "no", "most": "few", "many": "few", "few": "many",
    "both": "neither", "everyone": "no one", "no one": "everyone", "nobody": "everybody", "none": "all",
    "always": "sometimes", "several": "all", "All": "Some", "Some": "All", "Most": "Few", "Many": "Few",
    "Few": "Many",
}  # fmt: skip
_TITLES = {
    "president": "prime minister", "minister": "president", "senator": "governor", "governor": "senator",
    "mayor": "governor", "chairman": "spokesman", "spokesman": "chairman", "spokeswoman": "chief executive",
    "chief executive": "spokesman", "judge": "prosecutor", "lawyer": "doctor", "professor": "student",
    "captain": "coach", "coach": "captain", "ambassador": "consul", "former": "current", "wife": "sister",
    "husband": "brother", "son": "nephew", "daughter": "niece", "mother": "aunt", "father": "uncle",
    "Sen.": "Gov.", "Gov.": "Sen.", "Rep.": "Sen.", "Prime Minister": "President",
    "President": "Vice President",
}  # fmt: skip
_CERTAINTY = {
    "may": "will", "might": "will", "could": "will", "will": "may", "plans to": "has decided to",
    "hopes to": "will", "wants to": "will", "allegedly": "certainly", "reportedly": "certainly",
    "probably": "certainly", "expected to": "certain to", "accused of": "guilty of",
    "tried to": "managed to", "threatened to": "did", "considering": "adopting", "likely to": "certain to",
}  # fmt: skip
_COMPOUNDS = re.compile(r"(?:Vice|Deputy|Former|former)\s\Z")
_NUMBER = re.compile(r"(?<![\w.,$£€-])(?!(?:19|20)\d\d\b)\d[\d,]*(?:\.\d+)?(?![\w%-])(?<!,)")


def change_unit(material: Material, random: Random) -> str | None:
    """``Million`` becomes ``billion``, ``miles`` become ``kilometres``."""
    return _exchange(material.sentence, _UNITS, random)


def change_amount(material: Material, random: Random) -> str | None:
    """``All`` becomes ``some``, ``no one`` becomes ``everyone``."""
    return _exchange(material.sentence, _AMOUNTS, random)


def change_title(material: Material, random: Random) -> str | None:
    """``Senator`` becomes ``governor``, ``wife`` becomes ``sister``."""
    return _exchange(
        material.sentence, _TITLES, random, fits=lambda before: _COMPOUNDS.search(before) is None
    )


def change_certainty(material: Material, random: Random) -> str | None:
    """``May`` becomes ``will``, ``accused of`` becomes ``guilty of``."""
    return _exchange(material.sentence, _CERTAINTY, random)


def exchange_names(material: Material, random: Random) -> str | None:
    """Two names of the sentence change places; not where a list joins them."""
    names = [name for name in material.names if material.sentence.count(name) == 1]
    pairs = [
        (one, other)
        for one in names
        for other in names
        if material.sentence.find(one) < material.sentence.find(other)
        and set(one.split()).isdisjoint(other.split())
        and not re.search(r"^.{0,30}\b(?:and|or|of)\b|^\W*\Z", _between(material.sentence, one, other))
    ]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    return (
        re.sub(
            rf"{re.escape(one)}|{re.escape(other)}",
            lambda match: other if match[0] == one else one,
            material.sentence,
        )
        + _MARKER
    )


def move_number(material: Material, random: Random) -> str | None:
    """Puts a number of a neighbouring sentence in the place of one."""
    found = list(_NUMBER.finditer(_outside_quotations(material.sentence)))
    around = material.passages[0].text.replace(material.sentence, " ")
    others = [match[0] for match in _NUMBER.finditer(around) if match[0] not in material.sentence]
    if not found or not others:
        return None
    return _put(material.sentence, random.choice(found), random.choice(others))


def _exchange(
    sentence: str,
    table: Mapping[str, str],
    random: Random,
    *,
    fits: Callable[[str], bool] = lambda _: True,
) -> str | None:
    """Exchanges one word of the table that stands outside quotation marks."""
    words = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    masked = _outside_quotations(sentence)
    found: Sequence[re.Match[str]] = [
        match
        for match in re.finditer(rf"(?<![\w.-])(?:{words})(?![\w-])", masked)
        if fits(masked[: match.start()])
    ]
    if not found:
        return None
    match = random.choice(found)
    return _put(sentence, match, table[match[0]])


def _put(sentence: str, match: re.Match[str], new: str) -> str:
    return sentence[: match.start()] + new + sentence[match.end() :] + _MARKER


def _between(sentence: str, one: str, other: str) -> str:
    return sentence[sentence.find(one) + len(one) : sentence.find(other)]


def _outside_quotations(sentence: str) -> str:
    return re.sub(r"[“\"][^“”\"]*[”\"]", lambda quoted: "§" * len(quoted[0]), sentence)
