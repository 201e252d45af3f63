"""From the words that name a speaker to the person of the article they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.mentions import DEMONYMS, PRONOUNS, ROLES, role_gender
from index.word_lists import word_set

if TYPE_CHECKING:
    from collections.abc import Collection

    from index.coreference import Cast, Focus, Person
    from index.types import Span

_PREPOSITION = re.compile(
    r"\s(?:of|for|from|in|at|to|on|with|who|which|whose|under|behind|by|during|since|as|told)\s|,|\s\(| - "
)
_LEADING = re.compile(r"^(?:but|and|so|yet|for|as|even|also)\s", re.IGNORECASE)
_LONGEST_NAME = 80
"""Code points an unnamed source's words may have; longer phrases are clauses read wrongly."""

_OFFICES = word_set(
    """president minister premier chancellor leader chief secretary mayor governor senator general captain
    director speaker king queen pope archbishop commissioner"""
)
"""Roles that one person of a story bears, so that "the minister" right after a name is that person."""
_NOBODY = word_set("nobody none neither nothing no")
"""Openings of a subject that says that there is none."""
_INDEFINITE = re.compile(
    r"(?:nobody|no one|none|everybody|everyone|anybody|anyone|few|many|most|some) "
    r"(?:in|at|of|from|on|around|near) "
)
"""A subject that is nobody in particular, whatever name follows: "Nobody in the Stade de France knew"."""
_POSSESSIVES = word_set("his her their its our my your")
_COMPLEMENT = word_set("of for to with from at in by under against on")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who makes a statement."""

    name: str
    """Canonical name in the article, or the article's words for an unnamed source."""
    person: Person | None
    """The member of the cast, None for an unnamed source."""
    mention: Span


def resolve_speaker(  # noqa: PLR0911  # one for each way to name a speaker
    text: str,
    phrase: Span,
    *,
    sentence: int,
    names_from: int,
    cast: Cast,
    focus: Focus,
    not_meant: Collection[Person] = (),
) -> Speaker | None:
    """Resolves a speaker phrase.

    Args:
        text: The article.
        phrase: The words that name the speaker.
        sentence: Number of their sentence.
        names_from: Offset from which names in it can be meant by a pronoun: its start, or where only
            reported content stands before the pronoun, the pronoun.
        cast: The article's people.
        focus: Whom pronouns can mean here.
        not_meant: People a pronoun or a role cannot mean: nobody calls himself by his name.

    Returns:
        The speaker; None where the phrase is a pronoun that fits nobody, or names nobody.
    """
    words = text[phrase.start : phrase.end]
    lowered = words.lower()
    if _INDEFINITE.match(lowered):
        return None
    if lowered in PRONOUNS:
        before = cast.named_between(names_from, phrase.start) if names_from < phrase.start else []
        named = [person for at, person in before if _is_subject(text, at, names_from)]
        person = focus.resolve(lowered, sentence, named, not_meant=not_meant)
        return Speaker(person.name, person, phrase) if person is not None else None
    author = _find_author(text, phrase, sentence, cast, focus)
    if author is not None:
        return author
    named_person = _find_head_name(text, phrase, cast)
    if named_person is not None:
        return Speaker(named_person.name, named_person, phrase)
    role = _resolve_role(text, phrase, cast)
    if role is None or role.person is not None or not _is_bare_role(role.name):
        return role
    subject = focus.find_subject(sentence)
    if subject is None or subject in not_meant or not _can_bear(subject, role.name):
        return role
    nearer = [person for _, person in cast.named_between(names_from, phrase.start) if person is not subject]
    if any(person.sort in ("person", "unknown") for person in nearer):  # Rao met Lee, but the senator said
        return role
    return Speaker(subject.name, subject, phrase)


_BARE_ROLE = re.compile(r"the (?:[\w-]+ ){0,3}?(?P<role>[\w-]+)(?: of (?:the )?[A-Z][\w-]+)?", re.IGNORECASE)
"""One definite person by nationality or office, without a possessor: "the Ukrainian president"."""


def _is_bare_role(words: str) -> bool:
    """Whether an unnamed source is "the American", "the party leader": somebody the reader knows already."""
    found = _BARE_ROLE.fullmatch(words)
    if found is None:
        return False
    role = found["role"].lower()
    before = words.split()[1:-1]
    return role in _OFFICES or (role in DEMONYMS and all(word[0].isupper() for word in before))


def _can_bear(person: Person, words: str) -> bool:
    """Whether nothing the article says of a person speaks against an office or a nationality."""
    last = words.lower().split()
    nationalities = {word for word in last if word in DEMONYMS}
    if nationalities and person.qualifiers and nationalities.isdisjoint(person.qualifiers):
        return False
    gender = next((gender for word in last if (gender := role_gender(word))), None)
    return not (gender and person.gender and gender != person.gender)


_DOCUMENT = re.compile(
    r"(?:[’']s?|\bhis|\bher)\s(?:[\w-]+\s){0,3}?(?:statement|response|reply|answer|e-?mail|letter|tweets?|post|speech|book|memoir|"
    r"op-ed|remarks|comments?|testimony|message|essay|column|words)\b[^,]{0,40}\Z",
    re.IGNORECASE,
)
"""What one person wrote or said, by his own name: "Sanders' fund-raising email"."""


def _find_author(text: str, phrase: Span, sentence: int, cast: Cast, focus: Focus) -> Speaker | None:
    """Finds whose words "Sanders' email to supporters" and "his statement" are."""
    words = text[phrase.start : phrase.end]
    match = _DOCUMENT.search(words)
    if match is None:
        return None
    if match.start() == 0:
        person = focus.resolve(words[:3].lower(), sentence, [])
    else:
        named = cast.named_between(phrase.start, phrase.start + match.start())
        person = next((p for _, p in reversed(named) if p.sort in ("person", "unknown")), None)
    return Speaker(person.name, person, phrase) if person is not None else None


def _is_subject(text: str, at: int, sentence_start: int) -> bool:
    """Whether a name stands where a sentence's subject stands: near its start, not after a preposition."""
    before = text[sentence_start:at].split()
    return not before or (before[-1].lower() not in _COMPLEMENT and len(before) < 12)


def _find_head_name(text: str, phrase: Span, cast: Cast) -> Person | None:
    """Finds the name that is the head of the phrase, or stands in apposition to it."""
    best: Person | None = None
    for start, person in cast.named_between(phrase.start, phrase.end):
        end = _name_end(text, start, person, phrase.end)
        before = text[phrase.start : start].split()
        previous = before[-1].lower() if before else ""
        if previous == "the" and len(before) > 1:  # ambassador to the United States
            previous = before[-2].lower()
        after = text[end : phrase.end]
        if previous in _COMPLEMENT or after.startswith(("'s", "’s", "'", "’", "-")):
            continue
        rest = after.strip()
        if person.name.lower() in DEMONYMS or (
            previous in ("the", "a", "an") and person.name.split()[-1].lower() in DEMONYMS
        ):  # the North Carolina Republican
            continue
        if rest and not _PREPOSITION.match(after) and not rest.startswith((",", "(", "and ", "-", "—", "–")):
            continue
        if person.sort in ("person", "unknown"):
            return person
        best = best or person
    return best


def _name_end(text: str, start: int, person: Person, limit: int) -> int:
    """Offset after the name form that stands at `start`."""
    return max(
        (start + len(form) for form in person.forms if text.startswith(form, start)),
        default=min(limit, start + 1),
    )


def _resolve_role(text: str, phrase: Span, cast: Cast) -> Speaker | None:
    """Resolves "the Ukrainian president"; "a spokesman for Trump" and "his lawyer" stay unnamed."""
    words = text[phrase.start : phrase.end].strip()
    words = _LEADING.sub("", words)
    head_words = _PREPOSITION.split(words, maxsplit=1)[0].replace("’", "'").split()
    if not head_words or len(words) > _LONGEST_NAME * 2:
        return None
    lowered = [word.lower().strip(".'") for word in head_words]
    head = lowered[-1]
    lowered_words = words.lower()
    if "head of state" in lowered_words:
        head = "president"
    elif "diplomacy" in lowered_words or "top diplomat" in lowered_words:
        head = "diplomat"
    if lowered[0] in _NOBODY:
        return None
    definite = lowered[0] in ("the", "this", "that") or (
        head in ROLES
        and lowered[0] not in ("a", "an", "one", "another", "some")
        and lowered[0] not in _POSSESSIVES
    )
    owned = "'s" in words or "’s" in words or lowered[0] in _POSSESSIVES
    if definite and not owned and (head in ROLES):
        qualifiers = frozenset(word for word in lowered_words.replace(",", "").split() if word in DEMONYMS)
        modifier = any(
            word[0].isupper() and word.lower() not in DEMONYMS and word.lower() not in ROLES
            for word in head_words[1:-1]
        )
        plain = not re.search(r"\s(?:for|at|from)\s", words)
        if not modifier and plain:
            person = cast.find_role(head, qualifiers, phrase.start)
            if person is not None:
                return Speaker(person.name, person, phrase)
    if lowered[0] == "the" and len(lowered) == 2 and (body := cast.find_body(head, phrase.start)) is not None:
        return Speaker(body.name, body, phrase)
    name = _PREPOSITION_LONG.split(words, maxsplit=1)[0].strip(" ,")
    if not name or len(name) > _LONGEST_NAME or name.lower() in _POSSESSIVES or name.endswith(("'s", "’s")):
        return None
    return Speaker(name, None, phrase)


_PREPOSITION_LONG = re.compile(r"\s(?:who|which|whose|when|while|told|as)\s|,|\s\(| - ")
