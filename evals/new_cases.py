"""Cases written from an archive: the same archive and seed give the same cases.

Every kind asks for something that can be looked up exactly, so that no model has to judge the
answer. They are a draft for a person: a near miss, above all, rests on the statements that the
quotation parser found, and one it overlooked would make the case wrong.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from assistant.types import Answer
from evals.canonical import digest
from evals.errors import CaseError
from evals.scorers.facts import states, tokens_of
from evals.types import EvalCase, FrozenArticle, GoldSpan
from index.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.archive import Archive
    from index.types import Article, Quote

_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:[.,]\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d)")
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?)"
)
_PART_OF_DATE = re.compile(rf"\b{_MONTH}\.? \d{{1,2}}\b|\b\d{{1,2}} {_MONTH}\b")
_MARKUP = re.compile(r"<[^>]*>|https?:|[{}|]")
_MARK = re.compile(r"[“”\"«»„]")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_SHORTEST_SENTENCE = 8
"""Words that a sentence with a gap has at least: a shorter one fits many numbers."""
_SMALL_WORDS = frozenset("of the for and de la le du van von der den bin al el da di".split())
_LOWER = re.compile(r"\b[^\W\d_A-Z]+\b")
_CONFLICT_OVERLAP = 0.4
"""Share of the shorter sentence's content words that the other one has, too, when both tell of one thing. Of
the seven pairs at 0.35 and above in 169 articles on 31 events, read by hand, six told of one thing; 0.6 of
all words of both found none."""
_CONTENT_LETTERS = 4
"""Letters from which a word is taken for a content word."""
_CONFLICT_DAYS = 7
_SHORTEST_QUOTATION, _LONGEST_QUOTATION = 5, 30
"""Words of a quotation that a question repeats."""

UNHEARD_TOPICS = (
    "beekeeping", "chess boxing", "lighthouse keepers", "the harpsichord", "truffle hunting", "curling",
    "vinyl records", "origami", "glass blowing", "sled dogs", "mushroom foraging", "puppet theatre",
    "sundials", "bagpipes", "crossword puzzles", "kite flying",
)  # fmt: skip
"""Asked for where no article of the archive holds their words."""


class _Count(NamedTuple):
    """What a sentence says of how many."""

    number: str
    counted: str
    """The word after the number."""
    words: frozenset[str]
    names: frozenset[str]


_Item = TypeVar("_Item")
Maker = Callable[["Archive", Random], Iterator[EvalCase]]


def write_new_cases(
    archive: Archive, *, seed: int, per_kind: int, kinds: Sequence[str] | None = None
) -> list[EvalCase]:
    """Up to `per_kind` cases of each kind, in the order of `MAKERS`; ids hold kind and content.

    Args:
        archive: Where the answers stand.
        seed: Another seed picks other cases.
        per_kind: How many of each; fewer where the archive does not hold as many.
        kinds: Which kinds; all by default.
    """
    cases: dict[str, EvalCase] = {}
    for kind, make in MAKERS.items():
        if kinds is not None and kind not in kinds:
            continue
        made = 0
        for draft in make(archive, Random(f"{seed} {kind}")):  # noqa: S311  sampling, not secrecy
            if made == per_kind:
                break
            case = replace(draft, id=f"{kind}-{digest([draft.question, draft.history])[:8]}", kind=kind)
            if case.id not in cases:
                cases[case.id] = case
                made += 1
    return list(cases.values())


def case_from_report(
    answer: Answer, sentence: str, archive: Archive, *, history: Sequence[str] = (), due: str = ""
) -> EvalCase:
    """A case from a reader's report that a sentence of an answer is wrong; its articles are frozen in it.

    Args:
        answer: The answer that was shown.
        sentence: The reported sentence; a right answer does not state it.
        archive: Read once, for the articles that the answer cites or read.
        history: Questions asked before it.
        due: What the reader says is right; empty where unknown.
    """
    from assistant.citations import split_claims

    shown = {(item.article_id, item.version) for item in answer.citations}
    shown |= {(item.article_id, item.version) for item in answer.passages}
    articles = [archive.article(article_id, version) for article_id, version in sorted(shown)]
    wrong = " ".join(claim.plain for claim in split_claims(sentence))
    return EvalCase(
        id=f"reported-{digest([answer.id, wrong])[:8]}",
        kind="reported",
        question=answer.question,
        history=tuple(history),
        expected=(due,) if due else (),
        forbidden=(wrong,),
        now=max((article.published for article in articles if article.published), default=None),
        evidence=tuple(
            FrozenArticle(
                id=article.id,
                text=article.text,
                title=article.title,
                outlet=article.outlet,
                url=article.url,
                published=article.published,
            )
            for article in articles
        ),
    )


def read_report(path: Path, archive: Archive) -> EvalCase:
    """The case of a report file: ``{"answer": {...}, "sentence": "...", "history": [], "due": ""}``.

    ``answer`` is what `Answer.to_dict` gives, and what ``byline ask --json`` prints.

    Raises:
        CaseError: The file is missing or is no report.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return case_from_report(
            Answer.from_dict(report["answer"]),
            report["sentence"],
            archive,
            history=report.get("history", ()),
            due=report.get("due", ""),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(f"{path} is no report with an answer and a sentence: {error!r}") from error


def make_who_said(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """Who said these words?"""
    for quote in _quotations(archive, random):
        if quote.speaker is not None and _is_full_name(quote.speaker):
            yield EvalCase(
                id="",
                question=f"Who said “{_flat(quote.text)}”?",
                expected=(quote.speaker.split()[-1],),
                speaker=quote.speaker,
                gold=(_gold(quote),),
                now=quote.published,
            )


def make_said_about(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """What did this person say about that one?"""
    for speaker, topic in _speaker_topics(archive, random):
        quotes = archive.quotes(speaker=speaker, about=topic, limit=None)
        yield EvalCase(
            id="",
            question=f"What did {speaker} say about {topic}?",
            speaker=speaker,
            gold=tuple(_gold(quote) for quote in quotes),
        )


def make_quotation(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """Which outlet printed these words?"""
    for quote in _quotations(archive, random):
        if quote.outlet is not None:
            yield EvalCase(
                id="",
                question=f"Which outlet quoted the words “{_flat(quote.text)}”?",
                expected=(quote.outlet,),
                gold=(_gold(quote),),
            )


def make_number(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """Which number stands in this sentence?"""
    for article, sentence in _sentences_with_number(archive, random):
        numbers = _NUMBER.findall(sentence)
        if len(numbers) == 1:
            yield EvalCase(
                id="",
                question=f"Which number belongs in the gap: “{_gap(sentence)}”?",
                expected=(numbers[0],),
                gold=(GoldSpan(article_id=article.id, quote=sentence),),
            )


def make_date(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """When was this article published?"""
    printed = Counter(article.title for article in archive.articles())
    articles = [
        article
        for article in archive.articles()
        if article.published and article.title and printed[article.title] == 1
    ]
    for article in _shuffled(articles, random, lambda article: article.id):
        assert article.published is not None
        day = article.published
        yield EvalCase(
            id="",
            question=f"When did {article.outlet or 'the paper'} publish “{article.title}”?",
            expected=(f"{day.day} {day:%B %Y} | {day:%B} {day.day}, {day.year} | {day:%Y-%m-%d}",),
        )


def make_unanswerable(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """What did this person say about something that no article mentions?"""
    texts = [f"{article.title} {article.text}" for article in archive.articles()]
    topics = [
        topic for topic in UNHEARD_TOPICS if not any(states(text, tokens_of(topic)[-1]) for text in texts)
    ]
    speakers = [name for name, _ in archive.speakers() if _is_full_name(name)]
    for name in _shuffled(speakers, random, str) if topics else ():
        yield EvalCase(
            id="", question=f"What did {name} say about {random.choice(topics)}?", unanswerable=True
        )


def make_near_miss(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """What did this person say about what only somebody else in the same article speaks of?"""
    lower = _lower_case_words(archive)
    for quote in _shuffled(archive.quotes(limit=None), random, _place):
        if quote.speaker is None or not _is_full_name(quote.speaker):
            continue
        in_article = archive.quotes(article_id=quote.article_id, limit=None)
        others = {topic for other in in_article for topic in other.about} - set(quote.about)
        text = archive.article(quote.article_id, quote.version).text
        topics = sorted(topic for topic in others if _is_name(topic, lower) and _stands_in(topic, text))
        topic = random.choice(topics) if topics else None
        if topic and not (
            archive.quotes(speaker=quote.speaker, about=topic) or _meet(archive, quote.speaker, topic)
        ):
            yield EvalCase(id="", question=f"What did {quote.speaker} say about {topic}?", unanswerable=True)


def make_follow_up(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """After a question about one topic: and about another?"""
    topics_of: dict[str, list[str]] = {}
    for speaker, topic in _speaker_topics(archive, random):
        topics_of.setdefault(speaker, []).append(topic)
    for speaker, topics in topics_of.items():
        if len(topics) > 1:
            first, second = topics[:2]
            quotes = archive.quotes(speaker=speaker, about=second, limit=None)
            yield EvalCase(
                id="",
                question=f"And about {second}?",
                history=(f"What did {speaker} say about {first}?",),
                speaker=speaker,
                gold=tuple(_gold(quote) for quote in quotes),
            )


def make_conflict(archive: Archive, random: Random) -> Iterator[EvalCase]:
    """Two outlets count the same thing in one week and give different figures: a right answer has both."""
    seen: list[tuple[Article, str, _Count]] = []
    for article, sentence in _sentences_with_number(archive, random):
        count = _read_count(sentence)
        if count is None:
            continue
        for other, told, earlier in seen:
            if _tell_alike(article, other) and _is_conflict(count, earlier):
                yield EvalCase(
                    id="",
                    question=f"Which figures do the articles give for the gap: “{_gap(sentence)}”?",
                    expected=(count.number, earlier.number),
                    gold=(
                        GoldSpan(article_id=article.id, quote=sentence),
                        GoldSpan(article_id=other.id, quote=told),
                    ),
                )
        seen.append((article, sentence, count))


MAKERS: dict[str, Maker] = {
    "who_said": make_who_said,
    "said_about": make_said_about,
    "quotation": make_quotation,
    "number": make_number,
    "date": make_date,
    "unanswerable": make_unanswerable,
    "near_miss": make_near_miss,
    "follow_up": make_follow_up,
    "conflict": make_conflict,
}


def _quotations(archive: Archive, random: Random) -> Iterator[Quote]:
    """Direct quotations of middling length, not interrupted, whose words stand in one article only."""
    quotes = [
        quote
        for quote in archive.quotes(limit=None)
        if quote.kind == "direct"
        and not _MARK.search(quote.text.strip(' ,.“”"«»„'))
        and _SHORTEST_QUOTATION <= len(quote.text.split()) <= _LONGEST_QUOTATION
    ]
    articles_of: dict[str, set[str]] = {}
    for quote in quotes:
        articles_of.setdefault(" ".join(tokens_of(quote.text)), set()).add(quote.article_id)
    for quote in _shuffled(quotes, random, _place):
        if len(articles_of[" ".join(tokens_of(quote.text))]) == 1:
            yield quote


def _speaker_topics(archive: Archive, random: Random) -> Iterator[tuple[str, str]]:
    """Pairs of a speaker and somebody or something the speaker speaks of."""
    lower = _lower_case_words(archive)
    pairs = {
        (quote.speaker, topic)
        for quote in archive.quotes(limit=None)
        if quote.speaker and _is_full_name(quote.speaker)
        for topic in quote.about
        if _is_name(topic, lower)
        and _stands_in(topic.rsplit(maxsplit=1)[-1], quote.text)
        and not states(topic, quote.speaker.split()[-1])
    }
    yield from _shuffled(sorted(pairs), random, lambda pair: pair)


def _is_full_name(name: str) -> bool:
    """Whether a speaker has two names or more: one word may be a common one at a sentence's start."""
    words = name.split()
    return len(words) > 1 and words[0][0].isupper() and words[-1][0].isupper()


def _is_name(topic: str, lower: frozenset[str]) -> bool:
    """Whether a topic is a name: its words have capitals, the last one in every article."""
    words = topic.replace("-", " ").split()
    capitals = all(word[0].isupper() or word in _SMALL_WORDS for word in words)
    return capitals and topic.rsplit(maxsplit=1)[-1].lower() not in lower


def _stands_in(name: str, text: str) -> bool:
    """Whether a text holds the name as a word of its own, not as a part of a compound ("anti-Semitic")."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _lower_case_words(archive: Archive) -> frozenset[str]:
    return frozenset(word for article in archive.articles() for word in _LOWER.findall(article.text))


def _sentences_with_number(archive: Archive, random: Random) -> Iterator[tuple[Article, str]]:
    """Sentences of one paragraph that hold a number written in digits and name somebody or something.

    Left out are dates, which are asked for by their own kind, what a page left of its markup, and
    sentences so short that they fit many numbers.
    """
    sentences = [
        (article, sentence)
        for article in archive.articles()
        for start, end in split_sentences(article.text, article.language)
        if _is_telling(sentence := article.text[start:end])
    ]
    yield from _shuffled(sentences, random, lambda pair: (pair[0].id, pair[1]))


def _is_telling(sentence: str) -> bool:
    return (
        "\n" not in sentence
        and _NUMBER.search(sentence) is not None
        and not _PART_OF_DATE.search(sentence)
        and not _MARKUP.search(sentence)
        and len(sentence.split()) >= _SHORTEST_SENTENCE
        and _NAME.search(sentence) is not None
    )


def _read_count(sentence: str) -> _Count | None:
    """The one number of a sentence with the word it counts; None where there are several, or no word."""
    found = _NUMBER.findall(sentence)
    counted = re.search(rf"{re.escape(found[0])}[ -]([^\W\d_]+)", sentence)
    if len(found) != 1 or counted is None:
        return None
    words = frozenset(word for word in tokens_of(_NUMBER.sub(" ", sentence)) if len(word) >= _CONTENT_LETTERS)
    return _Count(found[0], counted[1].casefold(), words, frozenset(_NAME.findall(sentence)))


def _is_conflict(count: _Count, other: _Count) -> bool:
    """Whether two sentences give different numbers of one thing: same counted word, a name, shared words."""
    if count.number == other.number or count.counted != other.counted or not count.names & other.names:
        return False
    return len(count.words & other.words) >= _CONFLICT_OVERLAP * min(len(count.words), len(other.words))


def _tell_alike(article: Article, other: Article) -> bool:
    """Whether two articles are of different outlets and of about the same time."""
    if article.outlet == other.outlet or article.published is None or other.published is None:
        return False
    return abs((article.published - other.published).days) <= _CONFLICT_DAYS


def _meet(archive: Archive, speaker: str, topic: str) -> bool:
    """Whether any sentence of the archive holds both the speaker's surname and the topic."""
    surname = speaker.rsplit(maxsplit=1)[-1]
    return any(
        states(article.text[start:end], surname) and states(article.text[start:end], topic)
        for article in archive.articles()
        if states(article.text, surname) and states(article.text, topic)
        for start, end in split_sentences(article.text, article.language)
    )


def _shuffled(items: Sequence[_Item], random: Random, key: Callable[[_Item], Any]) -> list[_Item]:
    """The items in an order that depends on their keys and the seed alone."""
    ordered = sorted(items, key=key)
    random.shuffle(ordered)
    return ordered


def _place(quote: Quote) -> tuple[str, int, int]:
    return quote.article_id, quote.start, quote.end


def _gold(quote: Quote) -> GoldSpan:
    return GoldSpan(article_id=quote.article_id, quote=quote.text)


def _gap(sentence: str) -> str:
    return _flat(_NUMBER.sub("___", sentence))


def _flat(text: str) -> str:
    return " ".join(text.split()).strip(' ,.“”"')
