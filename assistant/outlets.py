"""Outlets by name in a text: which are named, whether two names mean one, and what credits a claim to one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREDIT = (
    r"(?:according\s+to|reported\s+by|as\s+reported\s+in|writes?\s+in|published\s+(?:by|in)|told|from|in|by|via)"
    r"\s+(?:the\s+)?"
)
_REPORTS = (
    r"(?:'s|’s)?\s+(?:(?:has|had|also|newspaper|news\s+agency|first)\s+)*"
    r"(?:reports?|reported|reporting|writes?|wrote|says?|said|notes?|noted|quotes?|quoted|cites?|cited|published"
    r"|article|story|report)\b"
)
_NOT_A_NAME_ALONE = frozenset(
    {"time", "vox", "guardian", "sun", "times", "week", "hill", "independent", "telegraph"}
)
"""One-word outlets that are common words: only credited ones ("Time reported") are taken for the outlet."""


def find_outlets(text: str, known: Iterable[str]) -> list[str]:
    """The outlets that a text names, longest names first found, each once, in text order."""
    found: dict[str, int] = {}
    taken: list[tuple[int, int]] = []
    for name in sorted(_spellings(tuple(known)), key=lambda name: (-len(name), name)):
        for match in re.finditer(rf"(?<![\w@.]){re.escape(name)}(?![\w@]|\.\w)", text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            if name.casefold().removeprefix("the ") in _NOT_A_NAME_ALONE and not _is_credited(text, match):
                continue
            taken.append(match.span())
            found.setdefault(name, match.start())
    return sorted(found, key=lambda name: found[name])


def strip_credit(text: str, outlets: Iterable[str]) -> str:
    """A claim without the words that credit it to one of the outlets that published what it cites.

    ``According to Reuters, prices rose`` and ``Prices rose, Reuters reported.`` both leave ``prices rose``.
    """
    for name in sorted(_spellings(tuple(dict.fromkeys(outlets))), key=lambda name: (-len(name), name)):
        if name.casefold().removeprefix("the ") not in text.casefold():
            continue
        for pattern in _credit_patterns(name):
            stripped = pattern.sub("", text, count=1).strip()
            if stripped != text and stripped:
                return stripped
    return text


@lru_cache(maxsize=1024)
def _credit_patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """Where the credit to an outlet stands: before the claim, after it, or in brackets."""
    outlet, reported = (
        rf"(?:[Tt]he\s+)?{re.escape(name)}",
        r"(?:reports|reported|says|said|writes|wrote|notes|noted)",
    )
    when = r"(?:\s+on\s+[\w\s,]{2,29}?\w(?=\s+that\b|[:,.;]|\Z)|\s*\([\w\s,.-]{4,40}\))?"
    return (
        re.compile(rf"\A(?:According\s+to|As\s+reported\s+by|In)\s+{outlet}{when},\s*"),
        re.compile(rf"\A{outlet}\s+(?:has\s+|also\s+)?{reported}{when}(?:\s+that\b|[:,])?\s*"),
        re.compile(rf",?\s+(?:according\s+to|reported\s+by|as\s+reported\s+by)\s+{outlet}{when}(?=[.,;]?\Z)"),
        re.compile(rf",\s+{outlet}\s+(?:has\s+)?{reported}{when}(?=[.]?\Z)"),
        re.compile(rf"\s*[(\[]{outlet}(?:,\s*[\w\s,.-]{{3,30}})?[)\]]"),
    )


def same_outlet(a: str, b: str) -> bool:
    """Whether two names mean one outlet: "The New York Times", "nytimes.com" and "NYT" do."""
    first, second = _key(a), _key(b)
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    if len(short) >= 3 and short == long.removesuffix("news"):
        return True
    return first in _abbreviations(b) or second in _abbreviations(a)


def _is_credited(text: str, match: re.Match[str]) -> bool:
    before = re.search(
        rf"(?<!\w){_CREDIT}\Z", text[max(0, match.start() - 40) : match.start()], re.IGNORECASE
    )
    after = re.compile(_REPORTS).match(text, match.end())
    return match[0][0].isupper() and (
        after is not None or (before is not None and match[0].startswith("The"))
    )


@lru_cache(maxsize=256)
def _spellings(known: tuple[str, ...]) -> tuple[str, ...]:
    """The known names with and without "The"."""
    names = dict.fromkeys(known)
    names.update(dict.fromkeys(name.removeprefix("The ") for name in known))
    return tuple(names)


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    """A name as one lower-case word: no "the", no "www." and no top-level domain."""
    folded = name.casefold().strip()
    if "." in folded and " " not in folded:
        host = folded.removeprefix("www.").split(".")
        folded = max(host[:-1], key=len) if len(host) > 1 else folded
    return re.sub(r"[\W_]+", "", folded.removeprefix("the "))


@lru_cache(maxsize=4096)
def _abbreviations(name: str) -> frozenset[str]:
    """What outlets make of their names: "nyt" and "nytimes" of "The New York Times"."""
    words = [word.casefold() for word in re.findall(r"[^\W_]+", name.removeprefix("The "))]
    if len(words) < 2:
        return frozenset()
    initials = "".join(word[0] for word in words)
    return frozenset(initials[:cut] + "".join(words[cut:]) for cut in range(1, len(words) + 1))
