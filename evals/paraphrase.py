"""True sentences told a little differently, by rules that keep what is said.

They measure the other half of a lie detector: how often it takes a true sentence for a lie.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from evals.specimens import Material, Specimen

if TYPE_CHECKING:
    from random import Random

Rule = Callable[[Material], str | None]

_CONTRACTIONS = {
    "do not": "don’t", "does not": "doesn’t", "did not": "didn’t", "is not": "isn’t", "are not": "aren’t",
    "was not": "wasn’t", "will not": "won’t", "would not": "wouldn’t", "cannot": "can’t",
    "has not": "hasn’t", "have not": "haven’t",
}  # fmt: skip
_SYNONYMS = {
    "big": "large", "large": "big", "began": "started", "started": "began", "help": "assist",
    "buy": "purchase", "near": "close to", "about": "around", "also": "too", "many": "numerous",
    "children": "kids", "quickly": "rapidly", "however": "though", "show": "demonstrate",
    "shows": "demonstrates", "allow": "permit", "allowed": "permitted", "need": "require",
    "needs": "requires", "get": "obtain", "important": "significant", "ended": "finished",
    "nearly": "almost", "currently": "now", "often": "frequently", "police": "officers", "choose": "select",
}  # fmt: skip
_NUMBERS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "percent": "%", "per cent": "%",
}  # fmt: skip


def move_credit(material: Material) -> str | None:
    """Tells who said it first: ``Hale said: “...”`` or ``According to Hale, ...``."""
    said = material.statement
    if said is None:
        return None
    if said.direct:
        return f"{said.speaker} said: “{said.words}.”"
    return f"According to {said.speaker}, {said.words}."


def put_credit_last(material: Material) -> str | None:
    """Tells who said it last."""
    said = material.statement
    if said is None:
        return None
    if said.direct:
        return f"“{said.words},” {said.speaker} said."
    return f"{said.words[0].upper()}{said.words[1:]}, {said.speaker} said."


def change_reporting_verb(material: Material) -> str | None:
    """``said`` becomes ``stated``."""
    if material.statement is None or " said" not in material.sentence:
        return None
    return material.sentence.replace(" said", " stated", 1)


def contract(material: Material) -> str | None:
    """``did not`` becomes ``didn’t``, outside quotation marks."""
    return _substitute(material.sentence, _CONTRACTIONS)


def use_synonym(material: Material) -> str | None:
    """One word becomes another of the same meaning, outside quotation marks."""
    return _substitute(material.sentence, _SYNONYMS)


def rewrite_number(material: Material) -> str | None:
    """``five percent`` becomes ``5 %``."""
    changed = _substitute(material.sentence, _NUMBERS)
    return None if changed is None or re.search(r"[a-z] %", changed) else changed


def drop_last_clause(material: Material) -> str | None:
    """Leaves out what follows the last comma, where no quotation is cut."""
    if re.search(r"[“”\"]", material.sentence):
        return None
    head, comma, tail = material.sentence.rpartition(", ")
    fits = (
        comma
        and len(head) > 50
        and re.match(r"(?:which|who|where|including|adding|with|according|as)\b", tail)
    )
    return f"{head}." if fits else None


def drop_opening(material: Material) -> str | None:
    """Leaves out an opening phrase: ``On Monday, ...``."""
    match = re.match(
        r"(?:In|On|At|After|During|Since|Meanwhile|However|Earlier|Last)\b[^,“\"]{0,40}, (?=[A-Z])",
        material.sentence,
    )
    return material.sentence[match.end() :] if match else None


def drop_title(material: Material) -> str | None:
    """``Mr. Hale`` becomes ``Hale``."""
    changed = re.sub(r"\b(?:Mr|Mrs|Ms)\.? (?=[A-Z])", "", _mask(material.sentence), count=1)
    return _restore(changed, material.sentence) if changed != _mask(material.sentence) else None


def credit_outlet(material: Material) -> str | None:
    """Names the outlet that published it."""
    outlet = material.article.outlet
    return f"{outlet} reported: {material.sentence}" if outlet and "." not in outlet else None


def drop_adverb(material: Material) -> str | None:
    """Leaves out one adverb that only colours."""
    changed = re.sub(
        r"\s(?:also|just|really|simply|clearly|actually|very|quite|already|still)\b",
        "",
        _mask(material.sentence),
        count=1,
    )
    return _restore(changed, material.sentence) if changed != _mask(material.sentence) else None


RULES: tuple[Rule, ...] = (
    move_credit,
    put_credit_last,
    change_reporting_verb,
    contract,
    use_synonym,
    rewrite_number,
    drop_last_clause,
    drop_opening,
    drop_title,
    credit_outlet,
    drop_adverb,
)


def repeat(material: Material) -> Specimen:
    """The sentence as it stands, cited rightly."""
    return _make("verbatim", material, material.sentence)


def paraphrase(material: Material, random: Random) -> Specimen | None:
    """One of the rules that fit the sentence, by chance; None where none does."""
    told = [text for rule in RULES if (text := rule(material)) is not None and text != material.sentence]
    return _make("paraphrase", material, random.choice(told)) if told else None


def _make(kind: str, material: Material, text: str) -> Specimen:
    return Specimen(
        kind=kind,
        true=True,
        text=f"{text} [1]",
        source=material.sentence,
        passages=material.passages,
        article_id=material.article.id,
    )


_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")


def _mask(sentence: str) -> str:
    return _QUOTED.sub("\x00", sentence)


def _restore(masked: str, sentence: str) -> str:
    quoted = iter(_QUOTED.findall(sentence))
    return re.sub("\x00", lambda _: next(quoted), masked)


def _substitute(sentence: str, table: dict[str, str]) -> str | None:
    """Replaces the first word of the table that stands outside quotation marks."""
    masked = _mask(sentence)
    for word, other in table.items():
        changed = re.sub(rf"\b{word}\b", other, masked, count=1)
        if changed != masked:
            return _restore(changed, sentence)
    return None
