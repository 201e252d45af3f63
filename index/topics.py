"""What a statement is about: the people, organisations and places it names or means by a pronoun."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.mentions import DEMONYMS, PRONOUNS

if TYPE_CHECKING:
    from index.coreference import Cast, Person
    from index.types import QuoteKind, Span

_PRONOUN = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself)\b", re.IGNORECASE)

_CONTEXT = 400
"""Code points before a quotation in which the person a pronoun in it means is looked for: about two
sentences of news."""


def find_topics(
    text: str, content: Span, kind: QuoteKind, speaker: Person | None, cast: Cast
) -> tuple[str, ...]:
    """Finds what a statement is about.

    Args:
        text: The article.
        content: The statement's content.
        kind: Direct, indirect or mixed.
        speaker: Who makes it; a person does not talk about himself by naming himself.
        cast: The article's people.

    Returns:
        Canonical names, sorted, each once.
    """
    named = cast.within(*content)
    topics = {
        person.name for person in named if person is not speaker and person.name.lower() not in DEMONYMS
    }
    topics.update(person.name for person in _find_meant(text, content, kind, speaker, cast))
    return tuple(sorted(topics))


def _is_quoted(text: str, content: Span, at: int) -> bool:
    """Whether an offset of a partly quoted statement lies inside its quotation marks."""
    before = text[content.start : at]
    straight = before.count('"') + before.count("''")
    return straight % 2 == 1 or before.count("“") > before.count("”") or before.count("«") > before.count("»")


def _find_meant(
    text: str, content: Span, kind: QuoteKind, speaker: Person | None, cast: Cast
) -> list[Person]:
    """Finds who "he" and "she" in the content mean: the last other person of that gender named before.

    In somebody's own words "he" is not the speaker. In reported words it mostly is, so there only the
    other gender is looked for.
    """
    found: list[Person] = []
    seen: set[str] = set()
    for match in _PRONOUN.finditer(text, *content):
        gender = PRONOUNS[match[0].lower()]
        if gender is None or gender in seen:
            continue
        reported = kind == "indirect" or (kind == "mixed" and not _is_quoted(text, content, match.start()))
        if reported and (speaker is None or speaker.gender in (gender, None)):
            continue
        seen.add(gender)
        before = cast.named_between(max(0, content.start - _CONTEXT), match.start())
        for _, person in reversed(before):
            if person is not speaker and person.sort == "person" and person.gender == gender:
                found.append(person)
                break
    return found
