"""Is a word of a closed class put in the place of another: how many, which measure, office or kin?

``All`` for ``some``, ``miles`` for ``kilometres``, ``governor`` for ``senator``, ``sister`` for ``wife``:
such words have few neighbours in meaning, so that another one at the same place says another thing. Words
that are told for one another ("chairman", "chairwoman", "chair") do not count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.checks.finding import Finding
from assistant.words import fold
from index.mentions import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.alignment import Comparison, Gap, Unit

_CLASSES = """
    all every each entire whole everyone everybody both | most mostly largely | many numerous countless
        | some several certain | few little
    always constantly | usually often frequently regularly commonly generally | sometimes occasionally
        | rarely seldom | never
    hundred | thousand | million | billion | trillion | dozen
    former | current incumbent sitting | future incoming
    mile | kilometer kilometre km | meter metre | foot | inch | yard | centimeter centimetre
    acre | hectare
    pound lb | kilogram kilo kg | ton tonne | ounce | gram
    gallon | liter litre | barrel
    dollar | euro | pound | yen | yuan | rouble ruble | rupee | peso | crown
    second | minute | hour | day | week | month | year | decade | century
    president | premier | minister | secretary | senator sen | governor gov | mayor | chancellor | king
        | queen | prince | princess | ambassador envoy | consul | councilman councilwoman councillor councilor
        | representative rep congressman congresswoman lawmaker | director
    chairman chairwoman chair chairperson | spokesman spokeswoman spokesperson | director | founder | owner
        | treasurer | secretary | ceo executive | editor | reporter
    coach | captain | player | referee | manager
    judge justice | prosecutor | lawyer attorney solicitor barrister | sheriff | detective | juror | witness
        | doctor physician | nurse | professor teacher | student pupil | engineer | accountant | priest
    general | colonel | major | captain | sergeant | lieutenant | admiral
    wife | husband | son | daughter | mother mom mum | father dad | brother | sister | uncle | aunt | nephew
        | niece | cousin | grandfather | grandmother | grandson | granddaughter | friend | boyfriend
        | girlfriend
    north northern | south southern | east eastern | west western | northeast northeastern
        | northwest northwestern | southeast southeastern | southwest southwestern
    black | white | red | blue | green | yellow | orange | purple | pink | brown
"""
"""One class a line: amounts, frequencies, orders of magnitude, times of an office, measures of length, area,
weight, volume and time, offices, posts, professions, ranks, kin, points of the compass, colours. Words
between bars are told for one another."""
_MODIFIERS = frozenset(fold(word) for word in "vice deputy former acting assistant interim outgoing".split())
"""Words before an office that make another one of it."""
_BEARERS = frozenset(fold(role) for role in ROLES)
_CLOSE = 5
"""Units that either side of a gap has at most for two words in it to stand at the same place."""


def _read_classes() -> dict[str, list[Mapping[str, int]]]:
    """For each stem the classes it is of, each a table from stem to group."""
    found: dict[str, list[Mapping[str, int]]] = {}
    for line in re.split(r"\n {4}(?! )", _CLASSES.strip()):
        groups = [[fold(word) for word in group.split()] for group in line.split("|")]
        table = {stem: number for number, group in enumerate(groups) for stem in group}
        for stem in table:
            found.setdefault(stem, []).append(table)
    return found


_CLASSES_OF = _read_classes()


def check_exchange(comparison: Comparison) -> Finding:
    """Compares words of closed classes at the same places of the claim and its aligned window."""
    if not comparison.blocks:
        return Finding(name="exchange", passed=None, detail="no aligned words")
    for gap in comparison.gaps:
        conflict = _find_exchange(gap) or _find_modifier(gap, comparison)
        if conflict:
            return Finding(name="exchange", passed=False, detail=conflict, contradicts=True)
    if any(_stem(unit) in _CLASSES_OF for unit in comparison.units):
        return Finding(name="exchange", passed=True, detail="the same amount, measure, office and kin")
    return Finding(name="exchange", passed=None, detail="no word of amount, measure, office or kin")


def _find_exchange(gap: Gap) -> str | None:
    if len(gap.claim) > _CLOSE or len(gap.window) > _CLOSE:
        return None
    for own in gap.claim:
        for theirs in gap.window:
            if any(_differ(_stem(own), _stem(theirs), table) for table in _CLASSES_OF.get(_stem(own), ())):
                return f"the claim says “{own.text}”, the source “{theirs.text}”"
    return None


def _differ(own: str, theirs: str, table: Mapping[str, int]) -> bool:
    return theirs in table and table[own] != table[theirs]


def _find_modifier(gap: Gap, comparison: Comparison) -> str | None:
    """``Vice president`` for ``president``, or the other way round."""
    claim_end = gap.claim_start + len(gap.claim)
    if claim_end >= len(comparison.units) or _stem(comparison.units[claim_end]) not in _BEARERS:
        return None
    bearer = comparison.units[claim_end].text
    own = gap.claim[-1:] if gap.claim and _stem(gap.claim[-1]) in _MODIFIERS else ()
    theirs = gap.window[-1:] if gap.window and _stem(gap.window[-1]) in _MODIFIERS else ()
    if bool(own) == bool(theirs):
        return None
    if own:
        return f"the claim says “{own[0].text} {bearer}”, the source “{bearer}”"
    return f"the claim says “{bearer}”, the source “{theirs[0].text} {bearer}”"


def _stem(unit: Unit) -> str:
    """The stem of a word; of a number its last word, which may be a measure."""
    return unit.key if not unit.key.startswith("<") else fold(unit.text.split()[-1])
