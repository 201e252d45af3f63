"""Who stands beside some words of a sentence with a verb of saying: ``"...," said union leader Tom Ward``.

A second reading of credits, from where name and verb stand alone: it needs no parse of the clause, and so
reads what the parser of statements leaves open. It says nothing where a pronoun or a role stands there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.mentions import ROLES, find_names
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.mentions import NameMention

SPEECH = re.compile(
    r"\b(?:said|says|saying|told|tells?|telling|adds|added|stated?|states|wrote|writes|tweeted|asked|asks"
    r"|declares?|declared|announces?|announced|claims?|claimed|denies|denied|insists?|insisted|argues?|argued"
    r"|warns?|warned|explains?|explained|notes?|noted|confirms?|confirmed|calls|called|describes|described"
    r"|accuses|accused|praises|praised|promises|promised|vows|vowed|predicts|predicted|according|replied"
    r"|responded|continued|recalled|observed|remarked|concluded|acknowledged|admitted|testified)\b",
    re.IGNORECASE,
)
"""Words of saying, not of thinking or wanting."""

_CREDIT_TO = re.compile(
    r"(?:according\s+to|in\s+the\s+words\s+of|(?:was\s+|were\s+)?(?:said|stated|asked|told|warned|written|made|spoken)\s+by)\s+",
    re.IGNORECASE,
)
_OPENS_CLAUSE = re.compile(
    r"[\W_]*(?:and|but|while|as|although|though|which|who|when|after|before|because|that|so|or|than|if"
    r"|whether|where)\b",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"\W*(?:in|on|at|after|when|if|while|during|as|since|despite|following|with|before|for|by|from|under"
    r"|asked|speaking|until|though|although|because|amid|later|earlier|meanwhile|who|which|whose)\b",
    re.IGNORECASE,
)
_APPOSITION = re.compile(r"[,;:]\s|\s[-–—]+\s|—|\s\(")
_NAME_ENDS = re.compile(
    r"\s*(?:\Z|[^\w\s'’]|(?:and|or|of|from|who|in|at|for|on|has|had|have|is|was|will|would|later|also|then"
    r"|reportedly|recently|earlier|to|with|via|during|after|before|as|when|while|last|this)\b)"
    r"|\s+[\w’']+ly\b"
)
_PREPOSITION = re.compile(r"\s+(?:of|from|at|for|in|with|who|whose|to|on|as|after|during|when|while)\s")
_ACRONYM = re.compile(r"[A-Z&.]{2,6}\Z")
_LONGEST_SUBJECT = 30
"""Words between credited words and their verb: a name with a long apposition."""
_LONGEST_LISTENER = 8
"""Words between a verb and the words it introduces: ``told reporters in the capital on Monday that``."""


def find_names_beside(text: str, content: Span, sentence: Span) -> tuple[str, ...]:
    """Whom the rest of a sentence credits with some words in it.

    Args:
        text: The text that both spans count in.
        content: The words said.
        sentence: The sentence that `content` lies in.

    Returns:
        The names of one subject, in order; empty where none can be told.
    """
    names = [
        replace(mention, start=mention.start + sentence.start, end=mention.end + sentence.start)
        for mention in find_names(text[sentence.start : sentence.end])
    ]
    for found in (
        _read_before(text, Span(sentence.start, content.start), names),
        _read_after(text, Span(content.end, sentence.end), names),
    ):
        if found:
            return tuple(mention.name for mention in found)
    return ()


def _read_before(text: str, before: Span, names: Sequence[NameMention]) -> list[NameMention]:
    """Reads ``Hale told reporters on Monday that``, ``According to Hale,`` and ``Hale:``."""
    part = text[before.start : before.end]
    credit, speech = _last(_CREDIT_TO, part), _last(SPEECH, part)
    if credit is not None and (speech is None or speech.start() < credit.end()):
        return _head(text, Span(before.start + credit.end(), before.end), names)
    if speech is None:
        label = re.search(r":\W*\Z", part)
        return _head(text, Span(before.start, before.start + label.start()), names) if label else []
    if len(part[speech.end() :].split()) > _LONGEST_LISTENER:
        return []
    return _head(text, Span(before.start, before.start + speech.start()), names)


def _read_after(text: str, after: Span, names: Sequence[NameMention]) -> list[NameMention]:
    """Reads ``, said union leader Tom Ward``, ``, Tom Ward, the union leader, said`` and ``— Tom Ward``."""
    part = text[after.start : after.end]
    credit = _CREDIT_TO.match(part.lstrip(" ,.;:”\"’'»—–-"))
    if credit is not None:
        start = after.end - len(part.lstrip(" ,.;:”\"’'»—–-")) + credit.end()
        return _head(text, Span(start, after.end), names)
    if _OPENS_CLAUSE.match(part):
        return []
    speech = SPEECH.search(part)
    if speech is None:
        signed = re.match(r"[\s”\"’'»,.]*[—–-]+\s*(?=[A-Z])", part)
        return _head(text, Span(after.start + signed.end(), after.end), names) if signed else []
    subject = part[: speech.start()]
    if re.search(r"\w", subject) is None:
        return _head(text, Span(after.start + speech.end(), after.end), names)
    if len(subject.split()) > _LONGEST_SUBJECT or re.search(r"[.!?]\s+[a-z]", subject):
        return []
    return _head(text, Span(after.start, after.start + speech.start()), names)


def _head(text: str, phrase: Span, names: Sequence[NameMention]) -> list[NameMention]:
    """The people that a phrase is headed by: those of its first part that has one."""
    for part in _parts(text, phrase):
        found: list[NameMention] = []
        for mention in names:
            if not (part.start <= mention.start and mention.end <= part.end) or not _is_person(text, mention):
                continue
            if found and _PREPOSITION.search(text, found[-1].end, mention.start):
                break
            found.append(mention)
        if found:
            return found
    return []


def _parts(text: str, phrase: Span) -> Iterator[Span]:
    """A phrase cut at its appositions; an opening adverbial is left out."""
    start = phrase.start
    for cut in [*_APPOSITION.finditer(text, phrase.start, phrase.end), None]:
        end = phrase.end if cut is None else cut.start()
        if not _ADVERBIAL.match(text, start, end) or (start > phrase.start and cut is None):
            yield Span(start, end)
        start = end if cut is None else cut.end()


def _is_person(text: str, mention: NameMention) -> bool:
    """Whether a mention may be a speaker: no acronym, no owner and no part of a longer phrase."""
    if mention.sort == "place" or _ACRONYM.match(mention.name):
        return False
    if mention.name.split()[-1].casefold() in ROLES:
        return False
    return _NAME_ENDS.match(text, mention.end) is not None or SPEECH.match(text, mention.end + 1) is not None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007  the last one is wanted
        pass
    return found
