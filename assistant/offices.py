"""The offices that an archive's articles give a person: "the Russian president" for Vladimir Putin.

An article that has named somebody goes on with the office, and where it never sets the two side by side only
other articles tell that they are one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.described_speakers import read_articles
from index.mentions import DEMONYMS
from index.names import parse_name

if TYPE_CHECKING:
    from index.archive import Archive

SEARCHED = 20
"""Passages that are read for the offices of one person."""
LOOKED_AT = 100
"""Statements of the person whose credits are read."""
_OFFICE = (
    r"(?:(?:prime|foreign|defen[cs]e|interior|finance)\s+)?"
    r"(?:president|minister|chancellor|premier|leader|king|queen|secretary)"
)


def find_offices(archive: Archive, name: str) -> frozenset[str]:
    """The offices with their nationality that stand beside a person's name.

    Args:
        archive: Where the articles are.
        name: A name of the person; without a surname that starts with a capital nothing is found.

    Returns:
        Such as ``russian president``, in lower case, single blanks.
    """
    surname = name.rpartition(" ")[2]
    if not surname[:1].isupper() or parse_name(name).organisation:
        return frozenset()
    given = r"(?:[A-Z][\w.’'-]*\s+){0,2}"
    office = rf"(?P<nationality>[A-Z][a-z]+)\s+(?P<office>(?i:{_OFFICE}))"
    before = re.compile(rf"\b{office},?\s+{given}{re.escape(surname)}\b")
    after = re.compile(rf"\b{re.escape(surname)},\s+(?:the\s+)?{office}\b")
    found = _offices_of_speaker(archive, name, re.compile(rf"[Tt]he {office}"))
    for passage in archive.search(f"{name} president minister", k=SEARCHED, retrievers=("keyword",)):
        for pattern in (before, after):
            found.update(filter(None, map(_read_office, pattern.finditer(passage.text))))
    return frozenset(found)


def _read_office(match: re.Match[str]) -> str | None:
    """The office of a match, as `find_offices` gives it; None where no nationality stands before it."""
    if match["nationality"].lower() not in DEMONYMS:
        return None
    return " ".join(f"{match['nationality']} {match['office']}".lower().split())


def _offices_of_speaker(archive: Archive, name: str, office: re.Pattern[str]) -> set[str]:
    """The offices by which statements of the person are credited: "the Russian president praised"."""
    quotes = archive.quotes(speaker=name, limit=LOOKED_AT)
    articles = read_articles(archive, quotes)
    found = set()
    for quote in quotes:
        start, end = quote.speaker_start, quote.speaker_end
        text = articles[quote.article_id, quote.version].text
        match = office.fullmatch(text[start:end]) if start is not None else None
        if match is not None and (read := _read_office(match)) is not None:
            found.add(read)
    return found


def names_by_office(text: str, offices: frozenset[str]) -> bool:
    """Whether a text speaks of the bearer of an office: "urged the Russian president to withdraw"."""
    lowered = " ".join(text.lower().split())
    return any(re.search(rf"\bthe {re.escape(office)}\b", lowered) for office in offices)
