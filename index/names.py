"""Which names mean one person or organisation, within an article and across the archive.

Names are compared by parts (titles off, given names, surname) after folding: accents, doubled letters
and the common transliterations of Slavic and Arabic names become one spelling. Two given names that
differ keep two people apart; a missing one leaves the question open, and `NameIndex` decides it by who
else bears the surname.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from index.mentions import GENDERS, TITLES, Gender, find_title_gender, is_organisation_word
from index.word_lists import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTICLES = word_set("""de del della di da das dos du la le van von der den ter bin ibn abu ben zu al el""")
_SUFFIXES = word_set("jr sr ii iii iv")
_SMALL_WORDS = word_set("of the and for on in to a an & de")
_APOSTROPHES = re.compile(r"['’‘`ʼ]s?\b(?=\s|$)|['’‘`ʼ.]")
_SEPARATORS = re.compile(r"[\s\u00a0,–_/]+")

_TRANSLITERATIONS = (
    (re.compile(r"(?:yy|iy|yi|ii|ij|yj|y|i)$"), "i"),  # Zelensky, Zelenskyy, Zelenskiy, Zelenskyj
    (re.compile(r"(?:ey|ei|ej|ay|ai|aj)(?=[^aeiou]|$)"), "ei"),  # Sergei, Sergey; Nikolai, Nikolay
    (re.compile(r"kh"), "h"),  # Mikhail, Mihail
    (re.compile(r"ou"), "u"),  # Soleimani, Souleimani
    (re.compile(r"(?:ks|x)"), "ks"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"w"), "v"),
    (re.compile(r"(?:yo|jo|io)"), "io"),
    (re.compile(r"(?:yu|ju|iu)"), "iu"),
    (re.compile(r"(?:ya|ja|ia)"), "ia"),
    (re.compile(r"(?:ye|je|ie)"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
)
"""Rewritings that bring the romanisations in use by news outlets together, applied in order."""

_SHORT_FORMS = """
    alexander alex sasha alexandr aleksandr aleksander oleksandr alexandre
    alexei alexey aleksei oleksiy | andrew andy drew | andrei andrey andrej andriy | anthony tony antony
    barack barry | benjamin ben benny benyamin binyamin bibi | bernard bernie
    william bill billy will willie | robert bob bobby rob robby | richard rick ricky dick rich
    charles charlie chuck | christopher chris | daniel dan danny | david dave | donald don donnie
    dmitry dmitri dmitrii dmytro dimitri | edward ed eddie ted | elizabeth liz beth betsy betty
    eugene gene | gerald gerry jerry | gregory greg | james jim jimmy jamie | jeffrey jeff geoffrey
    john johnny jon jack | joseph joe joey | katherine kate kathy katie catherine cathy
    kenneth ken kenny | lawrence larry | matthew matt | michael mike mick mickey
    mikhail mykhailo mihail | mohammed mohamed muhammad mohammad muhammed mohamad
    nicholas nick nicolas | nicola nikki | patricia pat patty trish | patrick pat paddy
    peter pete petro pyotr | philip phil phillip | raymond ray | ronald ron ronnie | rudolph rudy
    samuel sam sammy | samantha sam | sergei sergey serhiy serhii sergej
    stephen steve steven stephanie steph | susan sue suzy | theodore ted teddy | thomas tom tommy
    timothy tim | vladimir volodymyr vladimyr | viktor victor | vladislav vladyslav | walter walt
    zachary zach | vadim vadym | yury yuri yuriy iurii | andrew andriy | nikolai nikolay mykola nicolai
    olena elena yelena | oleg oleh | yevgeny evgeny yevhen evgenii | hilary hillary | abdullah abdallah
    hussein husayn husein hossein | yousef youssef yusuf joseph | deborah debbie deb | barbara barb
    margaret maggie meg peggy | jennifer jen jenny | rebecca becky | pamela pam | victoria vicky vicki
    kimberly kim | frederick fred | franklin frank francis | leonard leo len | mitchell mitch
    nathaniel nathan nate | douglas doug | arthur art | albert al bert | alan allen allan al
"""
_SAME_GIVEN: Mapping[str, frozenset[int]]


def _group_given_names() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    number = 0
    for line in _SHORT_FORMS.strip().splitlines():
        for group in line.strip().split("|"):
            number += 1
            for name in group.split():
                groups.setdefault(fold(name), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Folds one word of a name: lower case, no accents, one romanisation, no doubled letters."""
    plain = unicodedata.normalize(
        "NFKD", word.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    )
    folded = "".join(character for character in plain if character.isalnum())
    for pattern, replacement in _TRANSLITERATIONS:
        folded = pattern.sub(replacement, folded)
    return folded


_SAME_GIVEN = MappingProxyType(_group_given_names())


@dataclass(frozen=True, slots=True)
class ParsedName:
    """The parts of a name, folded."""

    given: tuple[str, ...]
    """Given names and initials; empty where only a surname is known."""
    surname: str
    """The last name with its particles ("vonderleyen"); for an organisation all its words."""
    gender: Gender | None
    """Told by a title or the given name."""
    organisation: bool
    """Named by a word for a kind of organisation, or by capitals."""
    suffix: str
    """Generation ("jr", "iii"), or empty. "Jr." parts a son from his father; a number is often left out."""
    words: tuple[str, ...]
    """All words but titles and small words, folded."""


@lru_cache(maxsize=65_536)
def parse_name(name: str) -> ParsedName:
    """Parses a name as printed, with or without titles, comma order ("Lavrov, Sergei") included."""
    last, comma, first = name.partition(",")
    if comma and first.strip() and first.strip().split()[0].strip(".").lower() not in _SUFFIXES:
        name = f"{first.strip()} {last.strip()}"
    raw = [part for part in _SEPARATORS.split(_APOSTROPHES.sub("", _open_initials(name))) if fold(part)]
    lowered = [part.lower() for part in raw]
    gender: Gender | None = None
    begin = 1 if lowered and lowered[0] == "the" else 0
    for index, word in enumerate(lowered[:-1]):
        if word in TITLES or word + "." in TITLES:
            gender = gender or find_title_gender(word)
            begin = index + 1
    parts = raw[begin:]
    lowered = lowered[begin:]
    suffix = ""
    while len(parts) > 1 and lowered[-1] in _SUFFIXES:
        suffix = lowered[-1]
        parts, lowered = parts[:-1], lowered[:-1]
    if not parts:
        return ParsedName((), "", None, False, "", ())
    acronym = len(parts) == 1 and len(parts[0]) <= 6 and parts[0].isupper() and len(parts[0]) > 1
    organisation = acronym or any(is_organisation_word(word) for word in lowered[-1:] + lowered[1:])
    words = tuple(fold(part) for part in parts if part.lower() not in _SMALL_WORDS)
    if organisation or len(parts) == 1:
        return ParsedName((), "".join(words) or fold(parts[0]), gender, organisation, suffix, words)
    cut = len(parts) - 1
    while cut > 1 and lowered[cut - 1] in _PARTICLES:
        cut -= 1
    if cut == 1 and parts[0] in _PARTICLES:
        cut = 0
    given = tuple(fold(part) for part in parts[:cut])
    surname = "".join(fold(part) for part in parts[cut:])
    gender = gender or (GENDERS.get(lowered[0]) if given else None)
    return ParsedName(given, surname, gender, False, suffix, words)


def same_name(a: str, b: str) -> bool:
    """Whether two names can mean one person or organisation.

    A missing given name, an initial, a title or another romanisation does not part two names; a
    different given name, or titles of different gender, does. ``same_name("Clinton", "Bill Clinton")``
    is true: which Clinton is meant is a question for `NameIndex`.
    """
    return _compatible(parse_name(a), parse_name(b))


def _compatible(  # noqa: PLR0911  # one for each kind of evidence, the surest first
    a: ParsedName, b: ParsedName, *, strict: bool = True
) -> bool:
    """Whether two names fit one person; not strict: although one of them has "Jr." or a middle name."""
    if not a.surname or not b.surname:
        return False
    if a.organisation or b.organisation:
        return a.surname == b.surname or _is_acronym(a, b) or _is_acronym(b, a)
    if a.gender and b.gender and a.gender != b.gender:
        return False
    if a.surname != b.surname:
        return (bool(a.given) and a.words[::-1] == b.words) or _nested_surname(a, b) or _nested_surname(b, a)
    if not a.given or not b.given:
        return True
    if strict and (a.suffix == "jr") != (b.suffix == "jr"):
        return False
    middles_differ = (
        len(a.given) > 1 and len(b.given) > 1 and not same_given("".join(a.given[1:]), b.given[1])
    )
    return same_given(a.given[0], b.given[0]) and not (strict and middles_differ)


def _nested_surname(long: ParsedName, short: ParsedName) -> bool:
    """A bare name that opens a full one whose surname stands first ("Xi", "Xi Jinping")."""
    return (
        not short.given
        and len(long.words) == 2
        and len(short.words) == 1
        and (short.words[0] == long.words[0] and len(long.words[0]) <= 3)
    )


def _is_acronym(short: ParsedName, long: ParsedName) -> bool:
    """Whether `short` is made of the initials of `long` ("FBI")."""
    return (
        len(short.words) == 1
        and len(long.words) > 1
        and short.words[0] == fold("".join(w[0] for w in long.words if w))
    )


def same_given(a: str, b: str) -> bool:
    """Whether two folded given names can be one person's: equal, an initial, or a known short form."""
    if a == b or not a or not b:
        return True
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return not _SAME_GIVEN.get(a, frozenset()).isdisjoint(_SAME_GIVEN.get(b, frozenset()))


_DOMINANT_SHARE = 0.8
"""From this share of a surname's statements on, the bare surname means that one person. In news an
outlet drops the given name for the protagonist. Set by judgement, not tuned."""


class NameIndex:
    """Groups the names stored in an archive into people and organisations.

    Args:
        names: Canonical names of speakers; a mapping gives the number of statements of each, by which
            a bare surname is given to the person who dominates it.
    """

    def __init__(self, names: Iterable[str] | Mapping[str, int]) -> None:
        counts = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, 1)
        self._counts = {name: counts[name] for name in sorted(counts)}
        self._by_surname: dict[str, list[list[str]]] = {}
        self._bare: dict[str, list[str]] = {}
        self._by_word: dict[str, list[str]] = {}
        self._described = frozenset(name for name in self._counts if _is_description(name))
        for name in self._counts:
            if name not in self._described:
                self._insert(name)

    def _insert(self, name: str) -> None:
        parsed = parse_name(name)
        if not parsed.surname:
            return
        for word in parsed.words:
            self._by_word.setdefault(word, []).append(name)
        if not parsed.given and not parsed.organisation:
            self._bare.setdefault(parsed.surname, []).append(name)
            return
        groups = self._by_surname.setdefault(parsed.surname, [])
        for group in groups:
            if all(_compatible(parsed, parse_name(other)) for other in group):
                group.append(name)
                return
        groups.append([name])

    def matches(self, asked: str) -> frozenset[str]:
        """Finds the stored names that mean who is asked for.

        Where a bare surname fits several people and none of them dominates, the names of all of them
        come back; `people` tells them apart.
        """
        people = self.people(asked)
        if not people:
            return frozenset()
        total = sum(self._weigh(person) for person in people)
        if self._weigh(people[0]) >= _DOMINANT_SHARE * total:
            return frozenset(people[0])
        return frozenset().union(*people)

    def people(self, asked: str) -> list[tuple[str, ...]]:
        """Groups the stored names that fit `asked` by person, the most quoted first.

        More than one group means that the name is ambiguous.
        """
        if asked in self._described:
            return [(asked,)]
        wanted = parse_name(asked)
        if not wanted.surname:
            return []
        groups = [
            list(group)
            for group in self._by_surname.get(wanted.surname, [])
            if all(_compatible(wanted, parse_name(name)) for name in group)
        ]
        everyone = self._by_surname.get(wanted.surname, [])
        bare = [name for name in self._bare.get(wanted.surname, []) if _compatible(wanted, parse_name(name))]
        self._give_bare(bare, groups, everyone)
        if not groups:
            groups = self._find_otherwise(wanted) or [
                list(group)
                for group in everyone
                if all(_compatible(wanted, parse_name(n), strict=False) for n in group)
            ]
        people = [tuple(sorted(group)) for group in groups if group]
        return sorted(people, key=lambda person: (-self._weigh(person), person))

    def _give_bare(self, bare: list[str], groups: list[list[str]], everyone: list[list[str]]) -> None:
        """Gives bare surnames to the one person they fit, to the dominant one, or to nobody known."""
        for name in bare:
            parsed = parse_name(name)
            holders = [g for g in everyone if all(_compatible(parsed, parse_name(other)) for other in g)]
            total = sum(self._weigh(group) for group in holders)
            main = max(holders, key=lambda group: (self._weigh(group), group), default=None)
            if main is None:
                if groups and groups[-1] and groups[-1][0] in bare:
                    groups[-1].append(name)
                else:
                    groups.append([name])
            elif len(holders) == 1 or self._weigh(main) >= _DOMINANT_SHARE * total:
                for group in groups:
                    if group[0] == main[0]:
                        group.append(name)
            elif len(groups) != 1:
                groups.append([name])

    def _find_otherwise(self, wanted: ParsedName) -> list[list[str]]:
        """Finds an acronym's expansion, or the only person with that given name or surname-first name."""
        candidates: dict[str, None] = {}
        for word in wanted.words:
            candidates.update(dict.fromkeys(self._by_word.get(word, [])))
        if len(wanted.words) == 1:
            fitting = [
                name
                for name in candidates
                if (parsed := parse_name(name)).given
                and wanted.words[0] in (parsed.given[0], parsed.words[0])
            ]
            groups: list[list[str]] = []
            for name in fitting:
                for group in groups:
                    if same_name(group[0], name):
                        group.append(name)
                        break
                else:
                    groups.append([name])
            if groups:
                return groups
        if wanted.organisation:
            return [[name] for name in self._counts if _compatible(wanted, parse_name(name))]
        return [[name] for name in candidates if parse_name(name).words == wanted.words[::-1]]

    def _weigh(self, names: Iterable[str]) -> int:
        return sum(self._counts[name] for name in names)


def _is_description(name: str) -> bool:
    """Whether somebody is named by words of the article ("a spokesman for Rao") and not by a name."""
    words = [word for word in name.split() if word[0].isalpha()]
    known = _PARTICLES | _SMALL_WORDS
    return any(word.islower() and word not in known and word not in TITLES for word in words) or any(
        word in ("a", "an") for word in words[:1]
    )


_INITIALS = re.compile(r"\b((?:[^\W\d_]\.){2,})")


def _open_initials(name: str) -> str:
    """Sets a space between run-together initials before a surname ("J.D. Vance" is J, D, Vance)."""
    return _INITIALS.sub(
        lambda match: match[1].replace(".", ". ") if " " in name else match[1].replace(".", ""), name
    )
