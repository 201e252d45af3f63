"""Passages -> their sentences, those first that are most likely to answer a question of fact.

A sentence is scored by how much of the question it covers, itself or through its neighbours, its passage
and its headline; by whether it holds the kind of thing that is asked for; and by how well, how early in
the article and how near to the asked time it stands. No model is involved, so the order is always the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from assistant.answer_kinds import WantedAnswer, holds_answer, wanted_answer
from assistant.question import named_outlets, without_outlets
from assistant.terms import SAME_STEM, asked_names, asked_numbers, asked_terms, holds_name, terms_of
from index.sentences import split_sentences
from index.types import Passage, Span

NEAR = 0.3
TITLE = 0.5
PASSAGE = 0.2
"""How much of a term's weight counts when not the sentence but its neighbour, its headline or another
sentence of its passage holds it."""
WHOLE_PASSAGE = 0.15
RETRIEVAL = 0.3
LEAD = 0.2
RECENCY = 0.5
RECENCY_DAYS = 30.0
ANSWER_TYPE = 0.15
ANSWER_TYPE_AT_PLACE = 0.2
TOO_SHORT = 0.3
TOO_LONG_PER_TEN_WORDS = 0.1
FURNITURE = 0.4
"""What the other signs add to or take from a coverage between 0 and 1. Chosen on the development half of
RealTime QA (289 questions, keyword search): the answer stood in 60 words for 0.51 and in the first 60 words
of the first passage for 0.49. Of most, half or twice as much changed that by less than 0.03; without
`RECENCY` it was 0.06 less.
Measure again with `python -m evals.bench.short_answers` after a change."""

BEST_SENTENCE = 0.7
"""Weight of the best sentence in the order of passages, beside the search's score. On the development half of
RealTime QA a linked or silver article came first for 0.75 of 289 questions, by the search for 0.71."""

_EXACT_DATE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:19|20)\d\d\b"
)
_LOOSE_DATE = re.compile(r"\b\w+day\b|\b(?:week|month|year)s?\b", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=[\w,“”\"(]\s)[A-Z][\w’'-]+|(?<=[“\"(])[A-Z]\w+|\b[A-Z]{2,}\b")
SUBJECT_NEAR = 0.5
"""Weighted share of the question's words other than names that must stand with an answer."""
IN_SENTENCE = 0.15
"""Weighted share of all the question's words that must stand in the answering sentence itself."""

_STARTS_WELL = re.compile(r"[\"“‘'(\[]?[A-Z0-9$£€]")
_FURNITURE = re.compile(
    r"(?:RELATED|MORE|More|READ|Read more|SEE ALSO|WATCH|Sign up|Subscribe|Editor['’]s note|Follow us|"
    r"Click here|Photo|Image|Contributing)\b"
    r"|.*\?[\"”’]?$",
    re.DOTALL,
)
"""Links to other stories, and questions."""
_DATELINE = re.compile(
    r"\s*[A-Z][A-Z.’'-]{2,}(?:,?\s[A-Z][A-Z.’'-]*){0,3}(?:,\s[A-Z][\w.]*){0,2}(?:,?\s[A-Z][a-z]+\.?\s\d{1,2})?"
    r"(?:,?\s\([^()]{2,30}\))?\s[-–—]{1,2}\s+(?=\S)"
)
"""Place, day and agency before the first sentence: "PARIS, Dec. 6 (Reuters) - "."""
_ENDS_SENTENCE = re.compile(r"[.!…][\"”’)]*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class RankedSentence:
    """One sentence of a passage with its fitness to answer."""

    passage: Passage
    start: int
    """Offsets into the article, like those of the passage."""
    end: int
    text: str
    """Exactly ``article.text[start:end]``."""
    score: float
    """Higher is better; comparable within one ranking only."""
    terms: frozenset[str]
    """Its folded content words."""
    covered: float = 0.0
    """Weighted share of the question's words that stand in it or with it, from 0 to 1."""
    answers: bool = False
    """Whether it holds the kind of fact asked for, and what the question is about stands with it."""
    demanded: bool = False
    """Whether the question demands that kind of fact visibly."""
    misleads: bool = False
    """Whether it visibly holds that kind of fact, but of another matter: the price of something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A question, prepared for scoring many sentences."""

    terms: tuple[str, ...]
    weights: Mapping[str, float]
    total: float
    wanted: WantedAnswer
    names: tuple[str, ...]
    numbers: frozenset[str]
    subject: Mapping[str, float]
    """Weights of the words that are neither names nor numbers nor state the kind: the noun and the verb."""
    now: datetime


def rank_sentences(question: str, passages: Sequence[Passage], *, now: datetime) -> list[RankedSentence]:
    """Every sentence of the passages, by falling score, then by article and place.

    Args:
        question: A standalone question.
        passages: What a search found for it.
        now: The time the question is about; articles near it are preferred.
    """
    weights = term_weights(asked_terms(question), passages)
    asked = _prepare(question, weights, now)
    best = max((passage.score for passage in passages), default=0.0) or 1.0
    ranked = [sentence for passage in passages for sentence in _score_passage(asked, passage, best)]
    ranked.sort(key=lambda one: (-one.score, one.passage.article_id, one.start))
    return ranked


def _prepare(question: str, weights: Mapping[str, float], now: datetime) -> _Asked:
    names, numbers = asked_names(question), frozenset(asked_numbers(weights))
    wanted = wanted_answer(question)
    known = numbers.union(wanted.stating, *map(terms_of, names))
    return _Asked(
        terms=tuple(weights),
        weights=weights,
        total=sum(weights.values()) or 1.0,
        wanted=wanted,
        names=names,
        numbers=numbers,
        subject={term: weight for term, weight in weights.items() if term not in known},
        now=now,
    )


def order_passages(ranked: Sequence[RankedSentence]) -> tuple[Passage, ...]:
    """The passages of ranked sentences, those of further articles before further ones of the same article.

    Score and rank are those of the passage's best sentence together with the search's own score.
    """
    best: dict[tuple[str, int], RankedSentence] = {}
    for sentence in ranked:
        best.setdefault((sentence.passage.article_id, sentence.passage.start), sentence)
    found = max((sentence.passage.score for sentence in best.values()), default=0.0) or 1.0
    said = max((sentence.score for sentence in best.values()), default=0.0) or 1.0
    scored = [
        replace(
            one.passage,
            score=BEST_SENTENCE * one.score / said + (1 - BEST_SENTENCE) * one.passage.score / found,
        )
        for one in best.values()
    ]
    scored.sort(key=lambda passage: (-passage.score, passage.article_id, passage.start))
    articles: Counter[str] = Counter()
    turns = []
    for passage in scored:
        turns.append((articles[passage.article_id] > 0, passage))
        articles[passage.article_id] += 1
    turns.sort(key=lambda turn: turn[0])
    return tuple(replace(passage, rank=rank) for rank, (_further, passage) in enumerate(turns, 1))


def term_weights(terms: Sequence[str], passages: Sequence[Passage]) -> dict[str, float]:
    """Each term's weight: 1 for one that every passage has, more the fewer have it (the idf of BM25)."""
    count = len(passages)
    holders: Counter[str] = Counter()
    for passage in passages:
        holders.update(passage_terms(passage).intersection(terms))
    return {term: 1 + math.log(1 + (count - holders[term] + 0.5) / (holders[term] + 0.5)) for term in terms}


@lru_cache(maxsize=512)  # the gap and the rank of one question ask for each passage's several times
def passage_terms(passage: Passage) -> frozenset[str]:
    """The words of a passage's text and headline; the name of its own outlet ("told the Ledger") is none."""
    text = passage.text
    own = [outlet for outlet in (passage.outlet,) if outlet and named_outlets(text, (outlet,))]
    sentences = (
        without_outlets(text[start:end], own) if own else text[start:end] for start, end in _split(text)
    )
    return terms_of(passage.title).union(*map(terms_of, sentences))


@lru_cache(maxsize=512)
def _split(text: str) -> tuple[Span, ...]:
    return tuple(split_sentences(text))


def source_terms(passage: Passage) -> frozenset[str]:
    """The words of its outlet and date: they say where and when it was told, not what it is about."""
    day = f"{passage.published.day} {passage.published:%B %Y}" if passage.published else ""
    return terms_of(f"{passage.outlet or ''} {day}")


def _score_passage(asked: _Asked, passage: Passage, best: float) -> list[RankedSentence]:
    spans = _without_dateline(passage, _split(passage.text))
    texts = [passage.text[start:end] for start, end in spans]
    words = [terms_of(text) for text in texts]
    title, whole = terms_of(passage.title), passage_terms(passage)
    source = source_terms(passage)
    placed = whole | source
    shared = sum(asked.weights[term] for term in asked.terms if term in whole) / asked.total
    place = (
        WHOLE_PASSAGE * shared + RETRIEVAL * passage.score / best + RECENCY * _nearness(passage, asked.now)
    )
    told_by_day = asked.wanted.told_by_day and passage.published is not None
    sentences = []
    for number, (span, text) in enumerate(zip(spans, texts, strict=True)):
        near = frozenset().union(*words[max(0, number - 1) : number + 2])
        if len(words[number]) < 4 and not _ENDS_SENTENCE.search(text):  # a byline, a dateline, a rubric
            continue
        covered = sum(
            asked.weights[term] * _share(term, words[number], near, title, whole) for term in asked.terms
        )
        lead = LEAD if passage.start == 0 and number <= 1 and not asked.wanted.strict else 0.0
        holds = told_by_day or holds_answer(asked.wanted, text)
        about = _is_about(asked, words[number], near | title | source, placed)
        score = covered / asked.total + place + lead + _fits_kind(asked, text, holds=holds) - _flaws(text)
        sentences.append(
            RankedSentence(
                passage=passage,
                start=passage.start + span.start,
                end=passage.start + span.end,
                text=text,
                score=score,
                terms=words[number],
                covered=covered / asked.total,
                answers=holds and about,
                demanded=asked.wanted.strict,
                misleads=holds and not about and asked.wanted.strict,
            )
        )
    return sentences


def _without_dateline(passage: Passage, spans: Sequence[Span]) -> Sequence[Span]:
    """The sentences, the first of an article without its dateline: an answer is credited and dated itself."""
    dateline = _DATELINE.match(passage.text) if passage.start == 0 and spans else None
    if dateline is None or dateline.end() >= spans[0].end:
        return spans
    return [Span(dateline.end(), spans[0].end), *spans[1:]]


def _share(
    term: str, own: frozenset[str], near: frozenset[str], title: frozenset[str], whole: frozenset[str]
) -> float:
    if term in own:
        return 1.0
    if term in title:
        return TITLE
    if term in near:
        return NEAR
    return PASSAGE if term in whole else 0.0


def _nearness(passage: Passage, now: datetime) -> float:
    """1 for an article of the time asked about, falling with the days between."""
    if passage.published is None:
        return 0.0
    days = abs((now - passage.published).total_seconds()) / 86_400
    return math.exp(-days / RECENCY_DAYS)


def _covered(weights: Mapping[str, float], found: frozenset[str]) -> float:
    """Weighted share of terms that were found; 1 where there are none."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 1.0


def _is_about(asked: _Asked, own: frozenset[str], near: frozenset[str], whole: frozenset[str]) -> bool:
    """Whether a sentence is about what is asked.

    Its passage has to hold the names and numbers of the question, its neighbours and headline enough of the
    other words, and it a few of them itself.
    """
    return (
        all(holds_name(name, whole) for name in asked.names)
        and asked.numbers <= whole
        and _covered(asked.subject, _with_kin(asked.subject, near)) >= SUBJECT_NEAR
        and _covered(asked.weights, own) >= IN_SENTENCE
    )


def _with_kin(terms: Iterable[str], found: frozenset[str]) -> frozenset[str]:
    """What was found, and the terms of one family with some of it: "settlement" where "settle" stands."""
    stems = {word[:SAME_STEM] for word in found if len(word) >= SAME_STEM}
    return found.union(term for term in terms if term[:SAME_STEM] in stems)


def _fits_kind(asked: _Asked, text: str, *, holds: bool) -> float:
    """Reward for holding something new of the kind asked for."""
    kind = asked.wanted.kind
    if kind == "date":
        exact = bool(_EXACT_DATE.search(text))
        return (ANSWER_TYPE + ANSWER_TYPE_AT_PLACE) * (1.0 if exact else 0.5 * bool(_LOOSE_DATE.search(text)))
    if kind in {"any", "person"}:
        new = {name for name in _CAPITAL.findall(text) if not terms_of(name) <= asked.weights.keys()}
        return ANSWER_TYPE * bool(new) + ANSWER_TYPE_AT_PLACE * min(len(new), 3) / 3
    if kind == "reason":  # most are told without any cue
        return 0.0
    return (ANSWER_TYPE + ANSWER_TYPE_AT_PLACE) * holds


def _flaws(text: str) -> float:
    length = text.count(" ") + 1
    flaws = TOO_SHORT if length < 6 else 0.0
    flaws += TOO_LONG_PER_TEN_WORDS * max(0, length - 15) / 10
    if _FURNITURE.match(text) or not _STARTS_WELL.match(text):
        flaws += FURNITURE
    return flaws
