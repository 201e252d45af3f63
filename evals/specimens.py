"""What lies and true sentences are made from: a sentence of an article with the passage around it.

Names, quotations and reporting verbs are found here with a few plain patterns of their own, not with the
parser of `index.quotes`: what that parser cannot read would otherwise never be tested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sentences import split_sentences
from index.types import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from index.types import Article, Span

NAME = r"[A-Z][\w’'-]+(?:\s(?:[A-Z]\.|(?:de|van|von|bin|al|el)\s[A-Z][\w’'-]+|[A-Z][\w’'-]+)){0,3}"
SAID = (
    r"(?:said|says|added|told\s+[\w\s]{3,24}?|explained|argued|insisted|wrote|tweeted|warned|noted|stated"
    r"|claimed)"
)
_DIRECT_AFTER = re.compile(
    rf"[“\"](?P<quote>[^“”\"\n]{{25,300}}?),?[”\"],?\s+(?:(?P<a>{NAME})\s+{SAID}|said\s+(?P<b>{NAME})(?=[,.;:]|\s+(?:in|on|at|after|during|to|who|of|as)\b|\s*\Z))"
)
_DIRECT_BEFORE = re.compile(rf"(?P<a>{NAME})\s+{SAID}[,:]\s*[“\"](?P<quote>[^“”\"\n]{{25,300}}?)[”\"]")
_INDIRECT = re.compile(
    rf"(?:\A|(?<=[.!?”\"]\s))(?P<a>{NAME})\s+(?:said|says)\s+(?:that\s+)?"
    r"(?P<content>[a-z][^“”\"\n]{30,220})[.!]\Z"
)
_NAMES = re.compile(rf"(?<![.!?“\"]\s)(?<!\A){NAME}")
_NO_PERSON = frozenset(
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "The",
        "This",
        "That",
        "These",
        "Those",
        "He",
        "She",
        "It",
        "They",
        "We",
        "You",
        "But",
        "And",
        "In",
        "On",
        "At",
        "When",
        "If",
        "For",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Sen",
        "Rep",
        "Gov",
        "Sept",
        "Jan",
        "Feb",
        "Aug",
        "Oct",
        "Nov",
        "Dec",
        "What",
        "How",
        "Why",
        "Who",
        "As",
        "Earlier",
        "Later",
        "Meanwhile",
        "However",
        "Yes",
        "No",
        "So",
        "Then",
        "There",
        "My",
        "Our",
        "Your",
        "More",
        "Well",
        "Not",
        "Now",
        "First",
        "Only",
        "Despite",
        "Even",
        "Former",
        "Just",
        "One",
        "Two",
        "Three",
        "New",
    ]
)
_SENTENCES_AROUND = 2
_SHORTEST, _LONGEST = 40, 320
"""Code points of a sentence to be used: shorter ones are headings and captions, longer ones lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """Something a sentence credits to a named speaker."""

    speaker: str
    """The name as written."""
    words: str
    """What was said, without quotation marks."""
    direct: bool
    """Whether the words stand in quotation marks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """One true sentence with what surrounds it."""

    article: Article
    sentence: str
    passages: tuple[Passage, ...]
    """First the passage the sentence stands in, then another one of the article, then one of another."""
    statement: Statement | None
    """What the sentence credits to somebody by name, where the patterns here can tell."""
    names: tuple[str, ...]
    """Names in the first passage, each once."""
    other_names: tuple[str, ...]
    """Names in the rest of the article and in the other article."""
    words: tuple[str, ...]
    """Lower-case words of four letters and more of the article, for putting a wrong one in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Specimen:
    """One sentence to be judged, true or false."""

    kind: str
    """The mutation, or ``verbatim`` or ``paraphrase``."""
    true: bool
    text: str
    """The sentence with its marker."""
    source: str
    """The true sentence it was made from."""
    passages: tuple[Passage, ...]
    article_id: str


def read_material(articles: Sequence[Article], random: Random) -> Iterator[Material]:
    """Yields the usable sentences of the articles, one article after the other in a shuffled order."""
    order = sorted(range(len(articles)), key=lambda index: articles[index].id)
    random.shuffle(order)
    for position, index in enumerate(order):
        article, other = articles[index], articles[order[position - 1]]
        spans = split_sentences(article.text)
        usable = [number for number, (start, end) in enumerate(spans) if _is_usable(article.text[start:end])]
        random.shuffle(usable)
        for number in usable:
            yield _make_material(article, other, spans, number)


def find_names(text: str) -> tuple[str, ...]:
    """Capitalised runs inside sentences, each once, in text order.

    Left out are months, weekdays, pronouns, contractions, headings in capitals and words that the text also
    writes in lower case.
    """
    found = (re.sub(r"['’]s?\Z", "", match[0]) for match in _NAMES.finditer(text))
    lower = set(re.findall(r"\b[a-z]+\b", text))
    return tuple(
        dict.fromkeys(
            name
            for name in found
            if _NO_PERSON.isdisjoint(name.split())
            and len(name) > 2
            and not re.search(r"['’]|\b[A-Z]{3,}\b.*\s", name)
            and (" " in name or (name.casefold() not in lower and not name.isupper()))
        )
    )


def find_statement(sentence: str) -> Statement | None:
    """What a sentence credits to a name, by three plain patterns; None where none fits."""
    for pattern in (_DIRECT_AFTER, _DIRECT_BEFORE):
        match = pattern.search(sentence)
        if match:
            speaker = match["a"] or match["b"]
            if speaker.split()[0] not in _NO_PERSON:
                return Statement(speaker=speaker, words=match["quote"].strip(" ,"), direct=True)
    match = _INDIRECT.search(sentence)
    if match and match["a"].split()[0] not in _NO_PERSON:
        return Statement(speaker=match["a"], words=match["content"], direct=False)
    return None


def _is_usable(sentence: str) -> bool:
    """Whether a sentence is a whole one of ordinary length, no heading and without brackets like markers."""
    whole = sentence[-1] in '.!?”"' and (sentence[0].isupper() or sentence[0] in '“"')
    ordinary = _SHORTEST <= len(sentence) <= _LONGEST and "\n" not in sentence
    return whole and ordinary and re.search(r"\[\d", sentence) is None and not _is_heading(sentence)


def _is_heading(sentence: str) -> bool:
    """Whether most of the longer words have a capital, as in headings."""
    words = [word for word in re.findall(r"[^\W\d_]+", sentence) if len(word) > 3]
    return sum(1 for word in words if word[0].isupper()) > len(words) / 2


def _make_material(article: Article, other: Article, spans: Sequence[Span], number: int) -> Material:
    first, last = max(0, number - _SENTENCES_AROUND), min(len(spans), number + _SENTENCES_AROUND + 1)
    elsewhere = 0 if first > 4 else min(last + 1, len(spans) - 1)
    passages = (
        _make_passage(article, spans[first].start, spans[last - 1].end, 1),
        _make_passage(article, spans[elsewhere].start, spans[min(elsewhere + 3, len(spans)) - 1].end, 2),
        _make_passage(other, 0, min(len(other.text), 700), 3),
    )
    sentence = article.text[spans[number].start : spans[number].end]
    names = find_names(" ".join(text for text in _sentences(passages[0].text) if not _is_heading(text)))
    return Material(
        article=article,
        sentence=sentence,
        passages=passages,
        statement=find_statement(sentence),
        names=names,
        other_names=tuple(
            name for name in find_names(article.text) + find_names(other.text) if name not in names
        ),
        words=tuple(dict.fromkeys(re.findall(r"\b[a-z]{4,}\b", article.text))),
    )


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def _make_passage(article: Article, start: int, end: int, rank: int) -> Passage:
    return Passage(
        article_id=article.id,
        version=article.version,
        start=start,
        end=end,
        text=article.text[start:end],
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published=article.published,
        score=1.0 / rank,
        rank=rank,
        found_by=("keyword",),
    )
