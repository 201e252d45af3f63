"""Lies: true sentences of an article with one thing changed, seeded and the same on every run.

Each mutation turns a true sentence into one that its passage does not say, in the ways that models are seen
to get news wrong (BBC 2025, EBU 2025): the wrong speaker, a quotation altered, joined or made up, a changed
number, name, date or direction, a negation lost or put in, the wrong outlet, a marker that leads elsewhere or
nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from evals.exchanges import (
    change_amount,
    change_certainty,
    change_title,
    change_unit,
    exchange_names,
    move_number,
)
from evals.specimens import SAID, Material, Specimen

if TYPE_CHECKING:
    from random import Random

Mutation = Callable[[Material, "Random"], str | None]
"""Makes a false sentence, marker included, of a true one; None where it offers nothing to change."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DIRECTIONS = {
    word: opposite
    for pair in [
        "rose/fell",
        "rise/fall",
        "rises/falls",
        "rising/falling",
        "increased/decreased",
        "increase/decrease",
        "up/down",
        "higher/lower",
        "more/less",
        "before/after",
        "won/lost",
        "win/lose",
        "winning/losing",
        "gained/lost",
        "above/below",
        "first/last",
        "largest/smallest",
        "highest/lowest",
        "biggest/smallest",
        "best/worst",
        "better/worse",
        "support/oppose",
        "supported/opposed",
        "supports/opposes",
        "accepted/rejected",
        "accept/reject",
        "approved/rejected",
        "agreed/refused",
        "began/ended",
        "start/end",
        "started/ended",
        "opened/closed",
        "open/close",
        "bought/sold",
        "buy/sell",
        "joined/left",
        "early/late",
        "earlier/later",
        "strong/weak",
        "stronger/weaker",
        "positive/negative",
        "success/failure",
        "allowed/banned",
        "allow/ban",
        "praised/criticised",
        "praise/criticise",
        "most/least",
        "majority/minority",
    ]
    for word, opposite in (pair.split("/"), pair.split("/")[::-1])
}
_SMALL = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "twenty",
    "thirty",
    "forty",
    "fifty",
]
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|did|does|do|may|might|must)\b"
    r"(?!\s+not\b|n[’']t)"
)
_NEGATION = re.compile(
    r"\b(is|are|was|were|has|have|had|would|could|should|did|does|do)(?:\s+not\b|n[’']t\b)"
    r"|\b(will|can) not\b|\bnever\s|\bnot\s"
)
_OUTLETS = (
    "Reuters",
    "The Associated Press",
    "CNN",
    "The Guardian",
    "Fox News",
    "The New York Times",
    "Bloomberg",
    "Le Monde",
)
_FIRST_MARKER = " [1]"


def swap_speaker(material: Material, random: Random) -> str | None:
    """Credits what was said to somebody else, if possible to one who stands in the same passage."""
    said = material.statement
    if said is None:
        return None
    others = [name for name in material.names if _differ(name, said.speaker) and " " in name]
    speaking = [
        name for name in others if re.search(rf"{re.escape(name)}\s+{SAID}", material.passages[0].text)
    ]
    pool = speaking or others or [n for n in material.other_names if _differ(n, said.speaker) and " " in n]
    if not pool:
        return None
    other = random.choice(pool)
    if said.direct:
        forms = (
            f"{other} said: “{said.words}.”",
            f"“{said.words},” said {other}.",
            material.sentence.replace(said.speaker, other),
        )
    else:
        forms = (
            f"{other} said {said.words}.",
            f"According to {other}, {said.words}.",
            material.sentence.replace(said.speaker, other),
        )
    return random.choice(forms) + _FIRST_MARKER


def alter_quotation(material: Material, random: Random) -> str | None:
    """Changes, drops or adds one word inside a quotation."""
    said = material.statement
    if said is None or not said.direct:
        return None
    words = said.words.split(" ")
    places = [
        index for index, word in enumerate(words) if word.isalpha() and word.islower() and len(word) > 3
    ]
    if len(words) < 5 or not places:
        return None
    place = random.choice(places)
    way = random.choice(("replace", "drop", "add"))
    new = random.choice([word for word in material.words if word != words[place]])
    changed = (
        words[:place] + {"replace": [new], "drop": [], "add": [new, words[place]]}[way] + words[place + 1 :]
    )
    return f"{said.speaker} said: “{' '.join(changed)}.”{_FIRST_MARKER}"


def stitch_quotations(material: Material, random: Random) -> str | None:
    """Joins the beginning of one quotation of the passage with the end of another."""
    said = material.statement
    quotations = re.findall(r"[“\"]([^“”\"\n]{30,300})[”\"]", material.passages[0].text)
    others = [other for other in quotations if said and said.words not in other and other not in said.words]
    if said is None or not said.direct or not others or "…" in said.words or "..." in said.words:
        return None
    first, second = said.words.rstrip(",").split(), random.choice(others).rstrip(",.").split()
    if random.random() < 0.5:
        first = first[: max(3, len(first) // 2)]
    joined = " ".join([*first, *second[-max(3, len(second) // 2) :]])
    return f"{said.speaker} said: “{joined}.”{_FIRST_MARKER}"


def fabricate_quotation(material: Material, random: Random) -> str | None:
    """Puts words in the speaker's mouth that the article does not have."""
    said = material.statement
    foreign = re.findall(r"[^.!?\n]{40,160}[.!?]", material.passages[2].text)
    if said is None or not foreign:
        return None
    return f"{said.speaker} said: “{random.choice(foreign).strip()}”{_FIRST_MARKER}"


def change_number(material: Material, random: Random) -> str | None:
    """Puts another number in the place of one, years left alone."""
    found = [
        match
        for match in re.finditer(rf"\b\d[\d,]*(?:\.\d+)?\b|\b(?:{'|'.join(_SMALL)})\b", material.sentence)
        if not re.fullmatch(r"(?:19|20)\d\d", match[0])
    ]
    if not found:
        return None
    match = random.choice(found)
    return _replace(material.sentence, match, _other_number(match[0], random)) + _FIRST_MARKER


def swap_entity(material: Material, random: Random) -> str | None:
    """Puts another name in the place of one, if possible one that stands in the passage, too."""
    own = [
        name
        for name in material.names
        if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.]|['’])", material.sentence[1:])
    ]
    if not own:
        return None
    name = random.choice(own)
    others = [other for other in material.names if _differ(other, name) and other not in material.sentence]
    pool = others or [other for other in material.other_names if _differ(other, name)]
    if not pool:
        return None
    return material.sentence.replace(name, random.choice(pool), 1) + _FIRST_MARKER


def turn_negation(material: Material, random: Random) -> str | None:
    """Takes a negation out or puts one in, outside quotation marks."""
    outside = re.sub(r"[“\"][^“”\"]*[”\"]", lambda quoted: "§" * len(quoted[0]), material.sentence)
    negated = list(_NEGATION.finditer(outside))
    if negated:
        match = random.choice(negated)
        return (
            _replace(material.sentence, match, match[1] or match[2] or "").replace("  ", " ") + _FIRST_MARKER
        )
    auxiliaries = list(_AUXILIARY.finditer(outside))
    if not auxiliaries:
        return None
    match = random.choice(auxiliaries)
    return _replace(material.sentence, match, f"{match[0]} not") + _FIRST_MARKER


def change_outlet(material: Material, random: Random) -> str | None:
    """Credits the report to an outlet that did not publish it."""
    own = re.sub(r"\W", "", (material.article.outlet or "").casefold())
    pool = [
        outlet
        for outlet in _OUTLETS
        if outlet not in material.passages[0].text
        and outlet.removeprefix("The ") not in material.passages[0].text
        and re.sub(r"\W|^the ", "", outlet.casefold())[:6] not in own
    ]
    if not own or not pool:
        return None
    outlet, sentence = random.choice(pool), _inside(material.sentence)
    forms = (
        f"According to {outlet}, {sentence}",
        f"{outlet} reported that {sentence}",
        f"{outlet} reports: {material.sentence}",
    )
    return random.choice(forms) + _FIRST_MARKER


def change_date(material: Material, random: Random) -> str | None:
    """Puts another weekday, month, day or year in the place of one."""
    pattern = (
        rf"\b(?:{'|'.join(_WEEKDAYS)})\b"
        rf"|\b(?:{'|'.join(_MONTHS)})\b(?=\s+\d|[,.]|\s+(?:and|to|when|after|in)\b)"
        r"|\b(?:19|20)\d\d\b(?!s)"
    )
    found = list(re.finditer(pattern, material.sentence))
    if not found:
        return None
    match = random.choice(found)
    if match[0] in _WEEKDAYS:
        new = random.choice([day for day in _WEEKDAYS if day != match[0]])
    elif match[0] in _MONTHS:
        new = random.choice([month for month in _MONTHS if month != match[0]])
    else:
        new = str(int(match[0]) + random.choice((-3, -2, -1, 1, 2)))
    return _replace(material.sentence, match, new) + _FIRST_MARKER


def turn_direction(material: Material, random: Random) -> str | None:
    """Turns a word of direction into its opposite, outside quotation marks."""
    outside = re.sub(r"[“\"][^“”\"]*[”\"]", lambda quoted: "§" * len(quoted[0]), material.sentence)
    found = [match for match in re.finditer(r"\b[a-z]+\b", outside) if match[0] in _DIRECTIONS]
    if not found:
        return None
    match = random.choice(found)
    return _replace(material.sentence, match, _DIRECTIONS[match[0]]) + _FIRST_MARKER


def point_elsewhere(material: Material, random: Random) -> str | None:
    """Cites a passage that does not hold the sentence: of another article, or another of the same."""
    marker = random.choice((2, 3))
    if material.sentence in material.passages[marker - 1].text:
        return None
    return f"{material.sentence} [{marker}]"


def point_nowhere(material: Material, random: Random) -> str | None:
    """Cites a source that does not exist."""
    return f"{material.sentence} [{random.choice((0, 4, 7, 12, 99))}]"


MUTATIONS: dict[str, Mutation] = {
    "speaker_swapped": swap_speaker,
    "quotation_altered": alter_quotation,
    "quotation_stitched": stitch_quotations,
    "quotation_fabricated": fabricate_quotation,
    "number_changed": change_number,
    "entity_swapped": swap_entity,
    "negation_turned": turn_negation,
    "outlet_changed": change_outlet,
    "date_changed": change_date,
    "direction_turned": turn_direction,
    "marker_elsewhere": point_elsewhere,
    "marker_unknown": point_nowhere,
    "names_exchanged": exchange_names,
    "number_moved": move_number,
    "unit_changed": change_unit,
    "amount_changed": change_amount,
    "title_changed": change_title,
    "certainty_changed": change_certainty,
}
"""Every mutation by the name it has in reports."""


def make_lie(kind: str, material: Material, random: Random) -> Specimen | None:
    """Applies one mutation; None where it does not fit or would leave the sentence true."""
    text = MUTATIONS[kind](material, random)
    if text is None or text == material.sentence + _FIRST_MARKER:
        return None
    return Specimen(
        kind=kind,
        true=False,
        text=text,
        source=material.sentence,
        passages=material.passages,
        article_id=material.article.id,
    )


def _differ(name: str, other: str) -> bool:
    """Whether two names share no word, so that they cannot mean one person."""
    return set(name.casefold().split()).isdisjoint(other.casefold().split())


def _replace(sentence: str, match: re.Match[str], new: str) -> str:
    return sentence[: match.start()] + new + sentence[match.end() :]


def _other_number(written: str, random: Random) -> str:
    if written in _SMALL:
        return random.choice([word for word in _SMALL if word != written])
    value = float(written.replace(",", ""))
    changed = random.choice((value * 2, value + random.randint(1, 9), value * 10, max(1.0, value // 2)))
    if changed == value:
        changed += 1
    return (
        f"{changed:,.1f}"
        if "." in written
        else (f"{int(changed):,}" if "," in written else str(int(changed)))
    )


def _inside(sentence: str) -> str:
    """A sentence as it stands after "reported that": a first function word in lower case."""
    first = sentence.split(maxsplit=1)[0]
    return (
        sentence[0].lower() + sentence[1:]
        if first in {"The", "A", "An", "In", "On", "It", "He", "She", "They"}
        else sentence
    )
