"""Numbers as texts write them, read as quantities.

Read are digits with separators, number words, scales (million, bn), percent, currencies, ordinals, fractions
and rounding words ("about", "more than").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from assistant.words import fold

Rounding = Literal["exact", "about", "over", "under"]

_UNIT_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_UNITS = {word: value for value, word in enumerate(_UNIT_WORDS)}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS, start=1)}
_SCALES = {
    "hundred": 1e2, "hundreds": 1e2, "thousand": 1e3, "thousands": 1e3, "k": 1e3, "million": 1e6,
    "millions": 1e6, "mln": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "billions": 1e9, "bn": 1e9, "b":
    1e9, "trillion": 1e12, "trillions": 1e12, "tn": 1e12, "dozen": 12.0, "dozens": 12.0,
}  # fmt: skip
_FRACTIONS = {
    "half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1, "thirds": 1 / 3, "quarters":
    0.25, "fifths": 0.2, "tenths": 0.1,
}  # fmt: skip
_FIXED = {word: (float(value), 1.0, "ordinal") for word, value in _ORDINALS.items() if word != "second"} | {
    "half": (0.5, 0.01, "fraction"),
    **{
        word: (_SCALES[word], _SCALES[word], "many")
        for word in ("dozens", "hundreds", "thousands", "millions", "billions")
    },
}
"""Words that are a number alone: value, precision and unit. "Second" is mostly one of time."""
_DOZEN = 12.0
"""The smallest scale that "a" or a number word can stand before."""
_CURRENCIES = {
    "$": "dollar", "us$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₽": "rouble", "₴": "hryvnia",
    "₹": "rupee", "dollar": "dollar", "dollars": "dollar", "usd": "dollar", "euro": "euro", "euros":
    "euro", "eur": "euro", "pound": "pound", "pounds": "pound", "gbp": "pound", "yen": "yen", "yuan":
    "yuan", "rouble": "rouble", "roubles": "rouble", "ruble": "rouble", "rubles": "rouble", "hryvnia":
    "hryvnia", "rupee": "rupee", "rupees": "rupee", "cent": "cent", "cents": "cent", "pence": "cent",
    "crowns": "crown", "krona": "crown", "kronor": "crown", "krone": "crown", "kroner": "crown", "koruna":
    "crown", "zloty": "zloty", "zlotys": "zloty", "forint": "forint", "forints": "forint", "lira": "lira",
    "liras": "lira", "peso": "peso", "pesos": "peso", "franc": "franc", "francs": "franc", "rand": "rand",
    "shekel": "shekel", "shekels": "shekel", "dirham": "dirham", "dirhams": "dirham", "riyal": "riyal",
    "riyals": "riyal", "baht": "baht", "rupiah": "rupiah", "ringgit": "ringgit", "naira": "naira",
}  # fmt: skip
_MEASURES = frozenset(
    fold(word)
    for word in (
        "mile kilometer kilometre km meter metre foot inch yard centimeter acre hectare pound kilogram kilo"
        " kg ton tonne ounce gram gallon liter litre barrel second minute hour day night week weekend month"
        " year decade century degree"
    ).split()
)
"""Nouns of measure: the same value with another of them is another amount."""
_ABOUT = frozenset("about around approximately roughly nearly almost some circa estimated close".split())
_OVER = frozenset({"more than", "over", "at least", "above", "exceeding", "upwards of"})
_UNDER = frozenset({"less than", "under", "fewer than", "at most", "up to", "below", "nearly", "almost"})

_ABOUT_TOLERANCE = 0.1
"""How far, as a share, a source's value may lie from one that the claim calls about or nearly so much."""
_OVER_TOLERANCE = 0.5
"""How far above (below) the claim's value the source's may lie where the claim says more (less) than."""

_TOKEN = re.compile(
    r"(?P<currency>(?:US)?\$|[€£¥₽₴₹])?\s?(?P<digits>\d++(?:,\d{3})++(?:\.\d++)?|\d++(?:\.\d++)?)"
    r"(?:(?P<suffix>st|nd|rd|th|bn|tn|mn|m|k|b)(?![^\W\d_]))?"  # "205lb" is 205 and then a word
    r"|(?P<percent>%|percent\b|per\s+cent\b|percentage\s+points?\b)"
    r"|(?P<word>[^\W\d_]+)",
    re.IGNORECASE,
)


_PART_OF_POINT = re.compile(
    r"\b(?:(?P<count>a|one|two|three)[\s-]+)?(?P<part>half|quarters?|fifths?|tenths?)"
    r"[\s-]+(?:of\s+)?(?:an?\s+)?(?:percentage[\s-]+)?point\b",
    re.IGNORECASE,
)
_SHARED_UNITS = frozenset({"percent", "point"})
_TOGETHER = re.compile(r"\s*(?:to|and|or|[-–—])\s*")


@dataclass(frozen=True, slots=True)
class Number:
    """One quantity in a text."""

    start: int
    end: int
    text: str
    """As written, with its unit."""
    value: float
    """Scales multiplied in ("1.2 million" is 1200000)."""
    unit: str
    """``percent``, ``point`` (of percent), a currency, ``ordinal``, ``fraction``, or empty."""
    noun: str
    """Stem of the word that follows ("12 soldiers"), or empty."""
    rounding: Rounding
    precision: float
    """The step that the way of writing can show: 100000 for "1.2 million", 1 for "1,200"."""


def read_numbers(text: str) -> list[Number]:
    """Reads the quantities of a text, in text order. Linear time."""
    parts = [_read_part(match) for match in _PART_OF_POINT.finditer(text)]
    tokens = [
        match
        for match in _TOKEN.finditer(text)
        if match[0].strip() and not any(part.start <= match.start() < part.end for part in parts)
    ]
    numbers: list[Number] = []
    position = 0
    while position < len(tokens):
        number, following = _read_number(text, tokens, position)
        if number is not None:
            numbers.append(number)
        position = following
    numbers = sorted([*numbers, *parts], key=lambda number: number.start) if parts else numbers
    return [_share_unit(text, number, after) for number, after in pairwise([*numbers, None]) if number]


def _read_part(match: re.Match[str]) -> Number:
    """``a quarter of a percentage point`` as 0.25 points, ``three tenths of a point`` as 0.3."""
    count = _UNITS.get((match["count"] or "one").lower(), 1)
    value = count * _FRACTIONS[match["part"].lower()]
    return Number(
        start=match.start(), end=match.end(), text=match[0], value=value, unit="point", noun="",
        rounding="exact", precision=0.01,
    )  # fmt: skip


def _share_unit(text: str, number: Number, after: Number | None) -> Number:
    """The first number of ``4.25 to 4.5 per cent`` with the unit of the second."""
    if number.unit or after is None or after.unit not in _SHARED_UNITS:
        return number
    together = _TOGETHER.fullmatch(text, number.end, after.start) is not None
    return replace(number, unit=after.unit, noun=after.noun) if together else number


def matches(claimed: Number, source: Number) -> bool:
    """Whether the source's number supports the claimed one."""
    if claimed.unit != source.unit and not _compatible(claimed, source):
        return False
    if claimed.noun != source.noun and {claimed.noun, source.noun} <= _MEASURES:
        return False
    if claimed.value == source.value:
        return {claimed.rounding, source.rounding} != {"over", "under"}
    if claimed.rounding == "exact":
        rounds = claimed.precision > source.precision and claimed.value >= 10 * claimed.precision
        return rounds and abs(claimed.value - source.value) <= claimed.precision / 2
    return claimed.rounding != source.rounding and _is_rounded(claimed, source.value)


def _is_rounded(claimed: Number, value: float) -> bool:
    """Whether a value may be told as about, more or less than the claimed one."""
    if claimed.rounding == "about":
        near = abs(claimed.value - value) <= _ABOUT_TOLERANCE * abs(value)
        return near and _roundness(claimed.value) >= _roundness(value)
    above = value - claimed.value if claimed.rounding == "over" else claimed.value - value
    return 0 < above <= _OVER_TOLERANCE * abs(claimed.value)


def _roundness(value: float) -> int:
    """How many zeros end a whole number; -1 for one with decimals."""
    if value != int(value) or value == 0:
        return -1
    digits = str(int(value))
    return len(digits) - len(digits.rstrip("0"))


def _compatible(claimed: Number, source: Number) -> bool:
    """Whether units differ only because one side leaves it out or writes it as a noun."""
    units = {claimed.unit, source.unit}
    if units == {"", "ordinal"}:
        return True
    return "" in units and not units & {"percent"} and claimed.value == source.value


def _read_number(text: str, tokens: list[re.Match[str]], position: int) -> tuple[Number | None, int]:
    """Reads the number that starts at token `position`; the token after it, or after what was skipped."""
    first = tokens[position]
    unit, following = "", position + 1
    if first["digits"]:
        value, precision, unit = _read_digits(first)
        while following < len(tokens) and _adjacent(text, tokens, following) and _scale(tokens[following]):
            scale = _scale(tokens[following])
            value, precision, following = value * scale, precision * scale, following + 1
        part = _word(tokens, following)
        if part in _FRACTIONS and part.endswith("s") and _adjacent(text, tokens, following):
            value, precision, unit, following = value * _FRACTIONS[part], 0.01, "fraction", following + 1
    else:
        read = _read_words(text, tokens, position)
        if read is None:
            return None, following
        value, precision, unit, following = read
    unit, following = _read_unit(text, tokens, following, unit)
    start = first.start() + len(first[0]) - len(first[0].lstrip())
    end = tokens[following - 1].end()
    return (
        Number(
            start=start,
            end=end,
            text=text[start:end],
            value=value,
            unit=unit,
            noun=_noun(text, tokens, following),
            rounding=_rounding(tokens, position),
            precision=precision,
        ),
        following,
    )


def _read_digits(token: re.Match[str]) -> tuple[float, float, str]:
    """Value, precision and unit of a token of digits."""
    digits = token["digits"].replace(",", "")
    value = float(digits)
    precision = 10.0 ** -len(digits.partition(".")[2])
    suffix = (token["suffix"] or "").lower()
    if suffix in {"st", "nd", "rd", "th"}:
        return value, 1.0, "ordinal"
    scale = _SCALES.get(suffix, 1.0)
    unit = _CURRENCIES.get((token["currency"] or "").strip().lower(), "")
    return value * scale, precision * scale, unit


def _read_words(
    text: str, tokens: list[re.Match[str]], position: int
) -> tuple[float, float, str, int] | None:
    """Value, precision, unit and following token of a number in words."""
    word = _word(tokens, position)
    following = position + 1
    fixed = _FIXED.get(word)
    if fixed is not None:
        value, precision, unit = fixed
        return value, precision, unit, following
    scale = _scale(tokens[following]) if word == "a" and following < len(tokens) else 0.0
    if scale >= _DOZEN:
        return scale, scale, "", following + 1
    if not _is_small(word) or (word == "one" and not _counts(text, tokens, position)):
        return None
    return _compose(text, tokens, position)


def _compose(text: str, tokens: list[re.Match[str]], position: int) -> tuple[float, float, str, int]:
    """Adds up number words: ``two hundred and five thousand``."""
    total, current, following = 0.0, 0.0, position
    while following < len(tokens) and (following == position or _adjacent(text, tokens, following)):
        part = _word(tokens, following)
        if part in _FRACTIONS and current and following == position + 1:
            return current * _FRACTIONS[part], 0.01, "fraction", following + 1
        if _fits_after(part, current):
            current += _UNITS.get(part, _TENS.get(part, 0))
        elif part == "hundred" and current:
            current *= 100
        elif _scale(tokens[following]) >= _DOZEN and current:
            total, current = total + current * _scale(tokens[following]), 0.0
        elif part != "and" or current < 100 or not _is_small(_word(tokens, following + 1)):
            break
        following += 1
    return total + current, 1.0, "", following


def _fits_after(part: str, current: float) -> bool:
    """Whether a small number word goes on a number: ``five`` after twenty or two hundred, not after six."""
    if part in _TENS:
        return current % 100 == 0
    if part not in _UNITS:
        return False
    after_ten = current % 10 == 0 and current % 100 >= 20 and _UNITS[part] < 10
    return current == 0 or after_ten or (current >= 100 and current % 100 == 0)


def _is_small(word: str) -> bool:
    return word in _UNITS or word in _TENS


def _word(tokens: list[re.Match[str]], position: int) -> str:
    """The token in lower case; empty after the last one."""
    return tokens[position][0].strip().lower() if position < len(tokens) else ""


def _counts(text: str, tokens: list[re.Match[str]], position: int) -> bool:
    """Whether "one" is a count here ("one million", "one in five", "one person") rather than a pronoun."""
    if position + 1 >= len(tokens) or not _adjacent(text, tokens, position + 1):
        return False
    following = tokens[position + 1][0].strip().lower()
    return bool(_scale(tokens[position + 1])) or following in {"percent", "%", "third", "quarter", "fifth"}


def _read_unit(text: str, tokens: list[re.Match[str]], following: int, unit: str) -> tuple[str, int]:
    """The unit after a number, and the token after it."""
    if following >= len(tokens) or not _adjacent(text, tokens, following):
        return unit, following
    token = tokens[following]
    if token["percent"]:
        return "point" if token[0].lower().startswith("percentage") else "percent", following + 1
    currency = _CURRENCIES.get(token[0].strip().lower())
    if currency and token["word"]:
        return currency, following + 1
    return unit, following


def _adjacent(text: str, tokens: list[re.Match[str]], position: int) -> bool:
    """Whether only a blank or a hyphen lies between a token and the one before it."""
    return text[tokens[position - 1].end() : tokens[position].start()].strip() in {"", "-", "‑"}


def _scale(token: re.Match[str]) -> float:
    """What a scale word multiplies by, 0 for any other token. Single letters only stick to digits."""
    word = (token["word"] or "").lower()
    return _SCALES.get(word, 0.0) if len(word) > 1 else 0.0


def _noun(text: str, tokens: list[re.Match[str]], position: int) -> str:
    if position < len(tokens) and tokens[position]["word"] and _adjacent(text, tokens, position):
        return fold(tokens[position]["word"])
    return ""


def _rounding(tokens: list[re.Match[str]], position: int) -> Rounding:
    """What the words before a number say of its exactness."""
    before = [tokens[index][0].strip().lower() for index in range(max(0, position - 2), position)]
    pair = " ".join(before)
    last = before[-1] if before else ""
    if last in _ABOUT:
        return "about"
    if pair in _OVER or last in _OVER:
        return "over"
    if pair in _UNDER or last in _UNDER:
        return "under"
    return "exact"
