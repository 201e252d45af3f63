"""Other articles that give another figure for the same thing than the sentence an answer cites.

Reports of one event differ in their figures, mostly because one is later. A reader should see both with their
dates instead of trusting the one that was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.numbers import Number, matches, read_numbers
from assistant.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.types import Answer, Citation
    from index.types import Passage

SAME_MATTER = 0.5
"""Share of the shorter of two sentences' content words, figures left out, that the other must have too."""

FEWEST_SHARED = 3
"""Content words that two sentences of the same matter share at least."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """One figure of a cited sentence that another article gives otherwise."""

    cited: Citation
    figure: str
    """As the cited sentence has it, with the noun: "ten people"."""
    other: Passage
    """The sentence of the other article, with its offsets."""
    other_figure: str


def find_conflicts(answer: Answer) -> list[Conflict]:
    """The first other figure for each cited sentence of an answer about facts, in order of the citations.

    What persons are quoted with is theirs, so answers about statements are left alone.
    """
    if answer.understood.kind != "fact":
        return []
    sentences = [sentence for passage in answer.passages for sentence in _sentences(passage)]
    cited_articles = {citation.article_id for citation in answer.citations}
    conflicts = []
    for citation in answer.citations:
        found = next(
            (
                conflict
                for sentence in sentences
                if sentence.article_id not in cited_articles
                and (conflict := _compare(citation, sentence)) is not None
            ),
            None,
        )
        if found is not None:
            conflicts.append(found)
    return conflicts


def _sentences(passage: Passage) -> Iterator[Passage]:
    from index.sentences import split_sentences

    for start, end in split_sentences(passage.text, None):
        yield replace(
            passage, start=passage.start + start, end=passage.start + end, text=passage.text[start:end]
        )


def _compare(citation: Citation, other: Passage) -> Conflict | None:
    ours, theirs = read_numbers(citation.quote), read_numbers(other.text)
    pairs = [
        (own, their)
        for own in ours
        for their in theirs
        if own.noun and own.noun == their.noun and own.unit == their.unit
    ]
    if not pairs or any(_agree(own, their) for own, their in pairs):
        return None
    if not _same_matter(citation.quote, other.text):
        return None
    own, their = pairs[0]
    return Conflict(
        cited=citation,
        figure=_with_noun(own, citation.quote),
        other=other,
        other_figure=_with_noun(their, other.text),
    )


def _agree(one: Number, another: Number) -> bool:
    return matches(one, another) or matches(another, one)


def _same_matter(one: str, another: str) -> bool:
    first, second = _words(one), _words(another)
    shared = len(first & second)
    return shared >= FEWEST_SHARED and shared >= SAME_MATTER * min(len(first), len(second))


def _words(text: str) -> frozenset[str]:
    return frozenset(term for term in terms_of(text) if not term[0].isdigit())


def _with_noun(number: Number, text: str) -> str:
    following = [] if number.unit else text[number.end :].split(maxsplit=1)
    return f"{number.text} {following[0].strip('.,;:”“’‘()')}" if following else number.text
