"""Words of a claim and of its source, folded so that they can be compared.

Inflection is folded by rule and a table of irregular verbs ("says" and "said" are one word), contractions
are taken apart ("won't" is will + not), numbers are read ("five" and "5" are one word).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(
    r"\d+(?:[.,]\d+)*"  # 1,234.5
    r"|(?:[^\W\d_]\.){2,}"  # U.S.
    r"|[^\W\d_]+(?:[’'][^\W\d_]+)*"  # don't
    r"|\d+|[^\W\d_]"
)

_STOP_WORDS = frozenset(
    """a an the this that these those and or but nor so yet if then than as at by for from in into of on onto
    to with within about over under up down out off through during between among against per via upon
    i me my mine you your yours he him his she her hers it its we us our ours they them their theirs
    who whom whose which what when where why how there here
    am is are was were be been being do does did doing done have has had having will would shall should may
    might can could must ought let just also too very such own same both each all any some more most other
    another said say says saying not no never none neither because while since until although though
    after before one ones s t mr mrs ms dr""".split()
)
"""Words that carry no content of their own for an overlap; their meaning is checked apart (negation,
direction, modality)."""

_IRREGULAR_FORMS = """
    be: am is are was were been being; say: said says saying; tell: told; do: did done does; have: has had
    having; go: went gone goes; get: got gotten; make: made; take: took taken; give: gave given; come:
    came; see: saw seen; know: knew known; think: thought; rise: rose risen; fall: fell fallen; win: won
    winning; lose: lost losing; find: found; keep: kept; leave: left leaving; feel: felt; bring: brought;
    begin: began begun; hold: held; write: wrote written; stand: stood; hear: heard; mean: meant; meet:
    met; run: ran; pay: paid; sit: sat; speak: spoke spoken; lead: led; grow: grew grown; show: shown
    showed; send: sent; build: built; draw: drew drawn; break: broke broken; spend: spent; drive: drove
    driven; buy: bought; wear: wore worn; choose: chose chosen; seek: sought; fight: fought; throw: threw
    thrown; catch: caught; deal: dealt; sell: sold; shoot: shot; steal: stole stolen; strike: struck
    stricken; teach: taught; understand: understood; withdraw: withdrew withdrawn; forget: forgot
    forgotten; forgive: forgave forgiven; freeze: froze frozen; hide: hid hidden; lay: laid; lie: lying
    lain; ride: rode ridden; ring: rang rung; shake: shook shaken; sing: sang sung; sink: sank sunk;
    sleep: slept; swear: swore sworn; swim: swam swum; tear: tore torn; wake: woke woken; eat: ate eaten;
    fly: flew flown flies; drink: drank drunk; bear: bore borne; bind: bound; bite: bit bitten; blow: blew
    blown; breed: bred; feed: fed; flee: fled; forecast: forecasted; lend: lent; light: lit; prove:
    proven; overcome: overcame; undergo: underwent undergone; man: men; woman: women; child: children;
    person: people persons; foot: feet; tooth: teeth; life: lives; wife: wives; leaf: leaves; half:
    halves; datum: data; die: died dying dies; arise: arose arisen; become: became; cost: costs costing;
    sue: sued suing; vie: vying vied; beat: beaten; overtake: overtook overtaken; forbid: forbade
    forbidden; shrink: shrank shrunk; spring: sprang sprung; sweep: swept; cling: clung; swing: swung; dig:
    dug; stick: stuck; uphold: upheld; withhold: withheld; withstand: withstood; overthrow: overthrew
    overthrown; rebuild: rebuilt; repay: repaid; mislead: misled; oversee: oversaw overseen; undertake:
    undertook undertaken; bleed: bled; hang: hung; leap: leapt; learn: learnt; burn: burnt; slide: slid;
    spin: spun; mistake: mistook mistaken; foresee: foresaw foreseen; retake: retook retaken
"""
_IRREGULAR = {
    form: base.strip()
    for base, _, forms in (entry.partition(":") for entry in _IRREGULAR_FORMS.split(";"))
    for form in forms.split()
}
"""Base of every irregular form."""

_CONTRACTIONS = {
    "won't": ("will", "not"), "can't": ("can", "not"), "cannot": ("can", "not"), "shan't": ("shall", "not"),
    "ain't": ("be", "not"), "i'm": ("i", "be"), "let's": ("let",),
}  # fmt: skip
_CONTRACTED_ENDS = {"ll": "will", "re": "be", "ve": "have", "m": "be"}
"""``'s`` (of, is, has) and ``'d`` (would, had) are left out: they could be any of these."""

_ENDINGS = (("ies", "y", 5), ("ied", "y", 5), ("eed", "ee", 6), ("ing", "", 6), ("ed", "", 5), ("es", "e", 5))
"""Ending, what replaces it, and the shortest word that has it."""

_SMALL_NUMBERS = {
    word: value
    for value, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
            " sixteen seventeen eighteen nineteen twenty"
        ).split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, or one part of a contraction."""

    text: str
    """As written."""
    start: int
    """Offset in the text, 0-based, in code points; parts of one contraction share their span."""
    end: int
    stem: str
    """Lower case, inflection folded; digits and small number words by their value."""
    content: bool
    """False for words of grammar."""
    capital: bool
    """Whether it is written with a first capital letter."""


def split_words(text: str) -> list[Word]:
    """Splits a text into words; possessive endings are dropped. Linear time."""
    words = []
    for match in _WORD.finditer(text):
        for written in _parts(match[0]):
            stem = fold(written)
            words.append(
                Word(
                    match[0],
                    match.start(),
                    match.end(),
                    stem,
                    _is_content(written, stem),
                    match[0][0].isupper(),
                )
            )
    return words


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """The form under which a word is compared: lower case, without inflection.

    >>> fold("Denies") == fold("denied") == fold("denying")
    True
    """
    lower = word.casefold().replace("’", "'")
    if lower[0].isdigit():
        return _fold_digits(lower)
    if lower in _SMALL_NUMBERS:
        return str(_SMALL_NUMBERS[lower])
    if "." in lower:
        return lower.replace(".", "")
    base = _IRREGULAR.get(lower)
    stem = _strip_ending(base if base is not None else _strip_inflection(lower))
    if base is None and stem in _STOP_WORDS and lower not in _STOP_WORDS:
        return f"{stem}e"  # "note" and "noted" are not "not", "used" is not "us"
    return stem


def _parts(written: str) -> tuple[str, ...]:
    lower = written.casefold().replace("’", "'")
    if "'" not in lower:
        return ("can", "not") if lower == "cannot" else (written,)
    if lower in _CONTRACTIONS:
        return _CONTRACTIONS[lower]
    head, _, tail = written.replace("’", "'").rpartition("'")
    if tail.casefold() == "t" and head.casefold().endswith("n"):
        return (head[:-1], "not") if len(head) > 1 else (written,)
    if tail.casefold() in _CONTRACTED_ENDS:
        return (head, _CONTRACTED_ENDS[tail.casefold()])
    if tail.casefold() in {"s", "d"}:
        return (head,)
    return (written.replace("’", "'"),)


def _fold_digits(digits: str) -> str:
    """``1,234`` as 1234 and ``5.0`` as 5."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    if "." in digits and digits.count(".") == 1 and "," not in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits


def _strip_inflection(lower: str) -> str:
    """Drops the endings of number and tense."""
    for ending, kept, shortest in _ENDINGS:
        if lower.endswith(ending) and len(lower) >= shortest:
            return lower[: -len(ending)] + kept
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is")) and len(lower) > 3:
        return lower[:-1]
    return lower


def _strip_ending(base: str) -> str:
    """Drops what inflection adds or takes at the end of a base: a final e, a doubled consonant."""
    if len(base) > 3 and base.endswith("e"):
        base = base[:-1]
    if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "aeiou":
        base = base[:-1]
    return base


def _is_content(written: str, stem: str) -> bool:
    return stem not in _STOP_STEMS and written.casefold() not in _STOP_WORDS


_STOP_STEMS = frozenset(fold(word) for word in _STOP_WORDS) - {"1"}
