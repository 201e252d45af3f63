"""Questions that the archive can answer, made from the statements in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.types import Answer
    from index.archive import Archive

STATEMENTS_READ = 200
"""Statements of a speaker looked at for topics: the newest few hundred name what matters, and reading
them takes a few milliseconds."""


def starter_questions(archive: Archive, limit: int = 4) -> list[str]:
    """A question about each of the most quoted speakers, on what they speak of most."""
    named = (
        f"What did {speaker} say about {topic}?"
        for speaker, _ in archive.speakers()
        if _is_name(speaker)
        for topic in islice(topics_of(archive, speaker), 1)
    )
    return list(islice(named, limit))


def follow_up_questions(archive: Archive, answer: Answer, limit: int = 3) -> list[str]:
    """What else the quoted speakers spoke about."""
    speakers = dict.fromkeys(citation.speaker for citation in answer.citations if citation.speaker)
    asked = answer.understood.about or ""
    questions = [
        f"What did {speaker} say about {topic}?"
        for speaker in islice(speakers, 2)
        for topic in islice((topic for topic in topics_of(archive, speaker) if not _same(topic, asked)), 2)
    ]
    return questions[:limit]


def topics_of(archive: Archive, speaker: str) -> Iterator[str]:
    """What a speaker's statements are about, most often first, then by name; not the speaker."""
    statements = archive.quotes(speaker=speaker, limit=STATEMENTS_READ)
    counted = Counter(topic for statement in statements for topic in statement.about)
    for topic, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        if not _same(topic, speaker):
            yield topic


def _same(one: str, other: str) -> bool:
    """Whether one name is a part of the other ("Okoye", "Dana Okoye")."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return bool(short) and short in long


def _is_name(speaker: str) -> bool:
    """Whether the speaker is named rather than described ("a senior official")."""
    return speaker[:1].isupper() and " " in speaker
