"""How near the words of a topic stand to a statement: in it, in its sentence, beside it, or in the headline.

An article names its matter once and then speaks of "it", so a statement about the matter need not repeat the
words. A topic that is nothing but a name is stricter: who is quoted in an article about somebody has not
therefore spoken about him. For a person's full name a sentence is too wide as well: there the words that
credit the statement must say so ("Asked about Rao, he said", "said of Rao").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.terms import asked_names, terms_of
from index.names import parse_name
from index.sentences import split_sentences
from index.types import Article, Quote, Span

IN_STATEMENT, IN_SENTENCE, IN_PARAGRAPH, IN_TITLE = 4, 3, 2, 1
"""How near a word stands; by these a statement's words are weighed. Set by judgement, not tuned."""

_SPOKEN_OF = r"\b(?:[Aa]bout|[Oo]f|[Oo]n|[Rr]egarding|[Cc]oncerning)\s+(?:[\w.’'-]+\s+){0,4}"
"""What stands before the name of whom a statement is about, in the words that credit it."""
_PARAGRAPHS = "\n\n"
_SAME_FROM = 5
"""Letters from which on two words with the same beginning are forms of one name ("Ukraine", "Ukrainian")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a question wants statements about."""

    words: str
    """As asked."""
    terms: frozenset[str]
    """The folded words."""
    names: tuple[frozenset[str], ...]
    """The folded words of each name among them."""
    is_name: bool
    """Whether it is nothing but names."""
    is_person: bool
    """Whether it is one full name of a person: two words or more, none of which names a kind of body."""
    is_defined: bool
    """Whether it has an article or a figure, as events and bodies have and people have not."""


def read_topic(words: str) -> Topic:
    """Reads the words of a question that say what about."""
    names = tuple(terms for name in asked_names(f"x {words}") if (terms := terms_of(name)))
    terms = terms_of(words)
    return Topic(
        words=words,
        terms=terms,
        names=names,
        is_name=bool(terms) and terms == frozenset().union(*names),
        is_person=len(names) == 1 and terms == names[0] and bool(parse_name(words).given),
        is_defined=words.lower().startswith("the ") or any(letter.isdigit() for letter in words),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The folded words in and around one statement."""

    statement: frozenset[str]
    sentence: frozenset[str]
    before: frozenset[str]
    """Of the sentence before, in the same paragraph."""
    paragraph: frozenset[str]
    """Of its paragraph and the one before."""
    title: frozenset[str]
    credit: str
    """The rest of its sentences, as printed."""

    def place(self, term: str) -> int:
        """How near a word stands to the statement; 0 where it does not."""
        places = (
            (IN_STATEMENT, self.statement),
            (IN_SENTENCE, self.sentence),
            (IN_PARAGRAPH, self.paragraph),
            (IN_TITLE, self.title),
        )
        return next((place for place, words in places if holds(words, term)), 0)


def look_around(quote: Quote, article: Article) -> Surroundings:
    """Reads what stands in and around a statement of an article.

    Args:
        quote: The statement.
        article: The version of the article it stands in.
    """
    text = article.text
    sentences = _split(text, article.language)
    touched = [at for at, one in enumerate(sentences) if one.start < quote.end and one.end > quote.start]
    span = (
        Span(sentences[touched[0]].start, sentences[touched[-1]].end)
        if touched
        else Span(quote.start, quote.end)
    )
    opening = text.rfind(_PARAGRAPHS, 0, quote.start) + 1
    end = text.find(_PARAGRAPHS, quote.end)
    end = len(text) if end < 0 else end
    first = touched[0] if touched else 0
    before = (
        sentences[first - 1] if first and sentences[first - 1].start >= opening else Span(opening, opening)
    )
    earlier = max(0, text.rfind(_PARAGRAPHS, 0, max(0, opening - 1)))
    return Surroundings(
        statement=terms_of(quote.text) | terms_of(" ".join(quote.about)),
        sentence=terms_of(text[span.start : span.end]),
        before=terms_of(text[before.start : before.end]),
        paragraph=terms_of(text[earlier:end]),
        title=terms_of(article.title),
        credit=f"{text[span.start : max(span.start, quote.start)]} … {text[quote.end : span.end]}",
    )


@lru_cache(maxsize=32)
def _split(text: str, language: str | None) -> tuple[Span, ...]:
    return tuple(split_sentences(text, language))


def weigh_nearness(topic: Topic, around: Surroundings, share: float, furthest: int = IN_TITLE) -> float:
    """How surely a statement is about a topic: the mean place of the topic's words, 0 where it is not.

    Args:
        topic: What is asked for.
        around: The words in and around the statement.
        share: Of the topic's words that must stand near, in 0..1.
        furthest: The place beyond which a word does not count.
    """
    if not topic.terms:
        return 0.0
    if topic.is_person:
        surname = topic.words.split()[-1].strip("?.!,")
        spoken_of = _SPOKEN_OF + re.escape(surname) + r"\b"
        return float(IN_SENTENCE) if re.search(spoken_of, around.credit) else 0.0
    places = {term: around.place(term) for term in topic.terms}
    if topic.is_name and not topic.is_defined:
        furthest = IN_SENTENCE
    near = [place for place in places.values() if place >= furthest]
    named = all(
        sum(places[term] >= furthest for term in name) >= max(1, len(name) - 1) for name in topic.names
    )
    if not named or len(near) < share * len(places) or not near:
        return 0.0
    return sum(near) / len(places)


def holds(words: Iterable[str], term: str) -> bool:
    """Whether a word is among others, or a form of a name or noun that begins like it."""
    known = words if isinstance(words, frozenset) else frozenset(words)
    if term in known:
        return True
    beginning = term[:_SAME_FROM]
    return len(beginning) == _SAME_FROM and any(
        word.startswith(beginning) and abs(len(word) - len(term)) <= 3 for word in known
    )
