"""What kind of fact a question asks for, and whether a sentence holds one.

"How many boats" wants a number that counts boats, "what did it cost" an amount of money, "how old" an age.
A sentence about the right matter is the better answer if it holds a fact of that kind; `assistant.relevance`
ranks it higher.
"""

from __future__ import annotations

import re
from calendar import day_name, month_name
from dataclasses import dataclass
from typing import Literal

from assistant.dates import read_dates
from assistant.numbers import Number, read_numbers
from assistant.terms import asked_terms, terms_of
from assistant.words import Word, fold, split_words
from index.countries import is_nationality

AnswerKind = Literal[
    "count", "money", "percent", "age", "quantity", "date", "cause", "reason", "person", "any"
]
"""A number of something; an amount of money; a share; an age; any other number with its unit; a date; what
brought something about; why somebody did something; a person or body; anything else."""

STRICT: frozenset[AnswerKind] = frozenset(
    {"count", "money", "percent", "age", "quantity", "cause", "person", "date"}
)
"""Kinds that a sentence visibly holds or not; reasons are often told without any cue. A date is told by the
day of a dated article, too, where it is not of what is to come."""
_TO_COME = re.compile(r"\bwhen\s+(?:will|shall|do|does|is|are)\b", re.IGNORECASE)

_NUMBERS: frozenset[AnswerKind] = frozenset({"count", "money", "percent", "quantity"})

_PAYS = r"(?:cost|pay|paid|spend|spent|charge[ds]?|earn(?:ed)?|fined?)"
_MEASURES = (
    "magnitude|speed|temperature|height|length|weight|population|score|time|margin|turnout|toll|depth|distance"
    "|width|rate|amount|sum|size|total"
)
_KINDS: dict[AnswerKind, tuple[str, ...]] = {
    "age": (r"how\s+old", r"(?:what|which)\s+age", r"what\s+(?:is|was)\s+.{0,60}\bage$"),
    "percent": (r"(?:what|which)\s+(?:percent|percentage|share|proportion)\b", r"how\s+many\s+per\s?cent\b"),
    "money": (
        r"how\s+(?:many|much)\s+(?:\w+\s+){0,2}?(?:money|dollars?|euros?|pounds?|yen|yuan|roubles?)\b",
        rf"how\s+much\b.*\b(?:{_PAYS}|worth|price)\b",
        rf"what\s+(?:did|does|do|will|would|has|have|had)\b.*\b{_PAYS}\b(?!\s+(?:tribute|attention|respects?))",
        r"what\s+(?:is|was|were|are)\s+(?:the\s+)?(?:\w+\s+){0,2}?(?:price|cost|fee|fine|salary|budget)\b",
        r"what\s+(?:is|was|were|are)\s+.{1,60}['’]s?\s+(?:\w+\s+){0,2}?(?:revenue|profit|turnover|income)s?\b",
    ),
    "count": (r"how\s+many\b", r"(?:what|which)\s+(?:is\s+|was\s+)?(?:the\s+)?number\s+of\b"),
    "quantity": (
        r"how\s+(?:much|long|far|tall|big|large|high|fast|heavy|deep|wide|often|strong)\b",
        rf"what\s+(?:is|was|were|are)\s+(?:the\s+)?(?:\w+\s+){{0,2}}?(?:{_MEASURES})\b",
    ),
    "date": (
        r"when\b",
        r"(?:what|which)\s+(?:year|date|day|month)\b",
        r"what\s+(?:is|was)\s+(?:the\s+)?(?:\w+\s+){0,2}?date\b",
    ),
    "cause": (r"what\s+(?:caused|causes|triggered|sparked)\b", r"what\s+(?:is|was)\s+the\s+cause\b"),
    "reason": (r"why\b",),
    "person": (r"(?:who|whom)\b",),
}
"""The first that fits at the beginning of the question, of its last sentence or clause, or after its opening
phrase, is its kind."""
_OPENING = r"(?:^|[,;:.?!]\s|^(?:in|at|by|to|for|on|from|with|of|about|approximately|roughly)\s)"
_FORMS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(f"{_OPENING}(?:{'|'.join(forms)})", re.IGNORECASE)) for kind, forms in _KINDS.items()
)

_ASKED_LATER: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = (
    ("age", re.compile(r"\bhow\s+old\b", re.IGNORECASE)),
    ("count", re.compile(r"\bhow\s+many\b", re.IGNORECASE)),
    ("quantity", re.compile(r"\bhow\s+much\b|\b(?:what|which)\s+(?:amount|sum)\b", re.IGNORECASE)),
)
"""What is asked for at the end: "Fox agreed to pay Dominion how much to settle?"."""

_COUNTED = re.compile(r"\b(?:how\s+many|number\s+of)\s+(.*)", re.IGNORECASE | re.DOTALL)
_ENDS_NOUN = frozenset(
    """did does do was were is are has have had will would can could should of in on at to from for by with
    that who which this the a an there it he she they we you i""".split()
)
_LONGEST_NOUN = 3
_AFTER_NUMBER = 4
"""Words after a number among which the thing it counts is looked for: "two quarter-point rate cuts"."""
_PEOPLE = frozenset(
    map(
        fold,
        """people person man woman child passenger worker member victim soldier crew civilian student resident
        employee migrant refugee patient voter lawmaker officer protester fan athlete survivor body dead death
        casualty injured missing killed wounded lives girl boy player sailor fisherman villager""".split(),
    )
)
"""Who is counted where "how many people" is asked."""
_BEFORE_NOUN = frozenset({"other", "more", "such", "same", "most", "own"})
"""Words of grammar that stand between a number and what it counts."""
_TIMES = frozenset(map(fold, ("once", "twice", "thrice")))
_UNIT_NOUNS = frozenset(
    map(
        fold,
        """year month week day hour minute second metre meter kilometre kilometer km mile foot inch tonne ton
        kilogram kg gram litre degree point knot""".split(),
    )
)
"""A number before one of these measures; it counts only where that unit is asked for."""
_YEARS = range(1900, 2100)

_AGE = re.compile(
    r"\b\d{1,3}[-\s](?:years?|months?)[-\s](?:old|of\s+age)\b|\b[a-z]+(?:-[a-z]+)?[-\s]years?[-\s]old\b"
    r"|\baged?\s+(?:of\s+)?\d{1,3}\b|,\s(?:now\s+)?\d{1,3}(?:,|[.;)]|$)|\(\d{1,3}\)"
    r"|\b(?:turn(?:s|ed)?|is|was|now|at)\s+\d{1,3}(?=[,.;]|$|\s(?:when|and|at)\b)"
    r"|\bin\s(?:his|her|their)\s(?:early\s|mid-|late\s)?(?:\d0s|teens|[a-z]+ties)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"\b(?:because|due\s+to|owing\s+to|caus(?:e[ds]?|ing)|results?\s+(?:of|from)|resulted|resulting|"
    r"led\s+to|blam(?:ed?|es|ing)|trigger(?:s|ed|ing)?|spark(?:s|ed|ing)?|stem(?:s|med|ming)?\s+from|attribut\w+|"
    r"thanks\s+to|set\s+off|brought\s+(?:about|on)|responsible\s+for|provok\w+|prompt(?:s|ed|ing)|"
    r"started\s+(?:when|after|by|with)|following|after|traced\s+to)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due\s+to|owing\s+to|reasons?|in\s+order\s+to|so\s+that|over\s+(?:his|her|its|their|the|an?|claims|"
    r"allegations)|accus\w+|charges?\s+(?:of|that)|blam(?:ed?|es|ing)|citing|cited|in\s+(?:response|protest|reaction)"
    r"\s+(?:to|at|against)|for\s+(?!example\b)[a-z]+ing|after\s+(?:he|she|it|they|[a-z]+ing)|led\s+to|as\s+a\s+result|"
    r"prompt(?:s|ed|ing)|thanks\s+to|since\s+(?:he|she|it|they))\b",
    re.IGNORECASE,
)
_SIGNS: dict[AnswerKind, re.Pattern[str]] = {"age": _AGE, "cause": _CAUSE, "reason": _REASON}
_TIME = re.compile(
    r"\b(?:(?:hour|day|week|weekend|month|year|decade)s?|spring|summer|autumn|winter|noon|midnight|morning|evening)\b"
    r"|\b\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b",
    re.IGNORECASE,
)
"""Times that are no dates: "two weeks ago", "in the autumn"."""
_CALENDAR = frozenset(map(fold, (*day_name, *month_name[1:])))
_ROLES = frozenset(
    map(
        fold,
        """president minister mayor king queen prince princess pope captain officer official spokesman
        spokeswoman judge doctor police company government team group firm court agency teacher driver
        man woman girl boy family members council workers""".split(),
    )
)
"""People and bodies that an answer to "who" may name by what they are."""


_STATES_KIND: dict[AnswerKind, frozenset[str]] = {
    "money": frozenset(
        map(fold, "cost pay paid spend spent charge earn fine price fee salary budget money worth".split())
    ),
    "age": frozenset(map(fold, ("old", "age"))),
    "cause": frozenset(map(fold, ("cause", "trigger", "spark"))),
}
"""Words of a question that only say which kind of fact it wants: what a thing cost is told by an amount."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedAnswer:
    """The kind of fact a question asks for."""

    kind: AnswerKind
    strict: bool = False
    """Whether a sentence that answers visibly holds this kind of fact; not of a question that ends with it,
    which tells so much of the matter that an article may give the fact far from it."""
    counted: frozenset[str] = frozenset()
    """Folded words of what is counted ("gold", "medal"); empty unless the kind is a count."""
    counted_text: str = ""
    """The same as written, for a reason."""
    told_by_day: bool = False
    """Whether the day of an article answers, as it does for "when did"."""
    known: frozenset[str] = frozenset()
    """Folded words of the question, which are no news in an answer."""

    @property
    def stating(self) -> frozenset[str]:
        """Folded words that only say which kind of fact is wanted; an answer need not hold them."""
        return _STATES_KIND.get(self.kind, frozenset())


def wanted_answer(question: str) -> WantedAnswer:
    """Reads from a question what kind of fact it asks for."""
    asked = question.strip().rstrip("?!. ")
    opens = next((kind for kind, form in _FORMS if form.search(asked)), None)
    later = (kind for kind, form in _ASKED_LATER if form.search(asked))
    kind: AnswerKind = opens if opens is not None else next(later, "any")
    noun = _counted_noun(asked) if kind == "count" else []
    return WantedAnswer(
        kind=kind,
        strict=opens in STRICT,
        counted=frozenset(fold(word) for word in noun),
        counted_text=" ".join(noun),
        told_by_day=kind == "date" and not _TO_COME.search(asked),
        known=frozenset(asked_terms(question)) | terms_of(question),
    )


def holds_answer(wanted: WantedAnswer, text: str) -> bool:
    """Whether a sentence holds a fact of the wanted kind that the question does not hold itself."""
    if wanted.kind in _NUMBERS:
        times = fold("times") in wanted.counted and any(word.stem in _TIMES for word in split_words(text))
        return bool(times or answering_numbers(wanted, text))
    if wanted.kind in _SIGNS:
        return bool(_SIGNS[wanted.kind].search(text))
    if wanted.kind == "date":
        return _holds_date(wanted, text)
    return wanted.kind != "person" or _holds_person(wanted, text)


def answering_numbers(wanted: WantedAnswer, text: str) -> list[Number]:
    """The numbers of a sentence that are of the wanted kind and no part of a date or of the question."""
    if wanted.kind not in _NUMBERS:
        return []
    dates = read_dates(text)
    words = split_words(text)
    return [
        number
        for number in read_numbers(text)
        if not any(date.start < number.end and number.start < date.end for date in dates)
        and not _is_year(number)
        and not terms_of(number.text) <= wanted.known
        and _is_of_kind(wanted, number, words)
    ]


def describe_kind(wanted: WantedAnswer) -> str:
    """The wanted kind in words, as what articles do not give."""
    if wanted.kind == "count":
        return f"number of {wanted.counted_text}" if wanted.counted_text else "number"
    return {
        "money": "amount of money",
        "percent": "percentage",
        "age": "age",
        "quantity": "figure",
        "cause": "cause",
        "date": "date",
        "person": "name of a person or body",
    }.get(wanted.kind, "answer")


def _counted_noun(question: str) -> list[str]:
    """The words after "how many", up to the verb that can be told from a noun."""
    counted = _COUNTED.search(question)
    words = re.findall(r"[\w’'-]+", counted[1]) if counted else []
    noun: list[str] = []
    for word in words[: _LONGEST_NOUN + 1]:
        if word.lower() in _ENDS_NOUN:
            return noun
        noun.append(word)
    return words[:1]


def _is_of_kind(wanted: WantedAnswer, number: Number, words: list[Word]) -> bool:
    if wanted.kind == "percent":
        return number.unit in {"percent", "fraction"}
    money = number.unit not in {"", "percent", "ordinal", "fraction", "many"}
    if wanted.kind == "money":
        return money
    if wanted.kind == "quantity":
        return number.unit != "ordinal"
    return not money and number.unit not in {"percent", "ordinal"} and _counts(wanted, number, words)


def _counts(wanted: WantedAnswer, number: Number, words: list[Word]) -> bool:
    """Whether a number counts the asked thing, or stands where what it counts is left out."""
    after = [word for word in words if word.start >= number.end and word.stem not in _BEFORE_NOUN]
    after = after[:_AFTER_NUMBER]
    stems = {word.stem for word in after}
    asked = wanted.counted | _PEOPLE if wanted.counted & _PEOPLE else wanted.counted
    if not asked or asked & stems:
        return True
    following = after[0] if after else None
    if following is None or following.start > number.end + 1:
        return True
    left_out = not following.content or following.stem in wanted.known  # "of the boats, 12 sank"
    return left_out and following.stem not in _UNIT_NOUNS


def _is_year(number: Number) -> bool:
    return number.text.isdigit() and len(number.text) == len("2000") and int(number.text) in _YEARS


def _holds_date(wanted: WantedAnswer, text: str) -> bool:
    return bool(_TIME.search(text)) or any(
        not terms_of(text[date.start : date.end]) <= wanted.known for date in read_dates(text)
    )


def _holds_person(wanted: WantedAnswer, text: str) -> bool:
    return any(
        (word.capital and word.content and word.stem not in wanted.known and _may_name(word))
        or word.stem in _ROLES
        for word in split_words(text)
    )


def _may_name(word: Word) -> bool:
    """Whether a capital word may name somebody: days, months and "Colombian" have one, too."""
    return word.stem not in _CALENDAR and not is_nationality(word.text)
