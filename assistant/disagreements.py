"""Where articles disagree with one another, or with what they said before, on what an answer says.

    the answer's sentences -> other articles of these days -> the same statement with another value
                           -> their own earlier versions and notices of correction -> what was changed

Sources that disagree on a number, date or name stand side by side, the newest first; a corrected sentence
says that it is one. Copies of one text (wire) count once: only a copy that gives another value is heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from assistant.answer_kinds import WantedAnswer, answering_numbers, wanted_answer
from assistant.dates import DateMention, agrees, fits, read_dates
from assistant.extractive import MOST_SENTENCES, date_in_words
from assistant.numbers import Number, matches, read_numbers
from assistant.relevance import RankedSentence
from assistant.terms import asked_names, asked_terms, terms_of
from assistant.words import Word, fold, split_words
from index.sentences import split_sentences

if TYPE_CHECKING:
    from index.archive import Archive
    from index.types import Article

_Value = TypeVar("_Value", Number, DateMention)

DAYS_APART = 3
"""Articles further apart tell of different states of affairs: monthly figures, the next match."""
SAME_SENTENCE = 0.75
"""Share of words in common (twice the common ones by all of both) from which two sentences of different
articles say the same, but for a value."""
SAME_SENTENCE_REVISED = 0.6
"""The same for a sentence and its counterpart in another version of the article."""
SHORTEST = 6
"""Words of a sentence that can be told again: shorter ones are alike by chance."""
COVERS_AS_MUCH = 0.5
"""Share of what the answering sentence covers of the question that one with another number must cover."""
SHARES_ASKED = 0.7
"""Share of the question's words in the answering sentence that one with another sum or measure must hold."""
MOST_VALUES = 3
"""Values that are set side by side."""
SHARED_WITH_NOTICE = 2
"""Content words that a notice of correction shares with a sentence that it is about."""

_NOTICE = re.compile(
    r"^\W*(?:correct(?:ion|ed)|clarification|clarified)\b\s*(?:[:(–—-]|on\b|\d)"
    r"|\b(?:earlier|previous|original|first)\s+version\s+of\s+(?:this|the)\s+(?:article|story|report)\b"
    r"|\b(?:this|the)\s+(?:article|story|report|headline)\s+(?:was|has\s+been|is)\s+(?:since\s+)?"
    r"(?:corrected|amended|clarified|updated\s+to\s+correct)\b"
    r"|\bthis\s+(?:article|story|report)\s+(?:first|originally|previously|earlier|initially|incorrectly|wrongly)\s+"
    r"(?:said|stated|gave|reported|named|referred|misstated|included)\b",
    re.IGNORECASE,
)
_ROUNDING = re.compile(
    r"\b(?:(?:more|less|fewer)\s+than|at\s+(?:least|most)|up\s+to|about|over|under|around|nearly|almost|some"
    r"|roughly|approximately)\s+$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:]\s|\s(?:and|but|while)\s", re.IGNORECASE)
_ABOUT_TEXT = frozenset(map(fold, "article story report version correction corrected first earlier".split()))
_OUTCOMES = tuple(
    frozenset(map(fold, words.split()))
    for words in (
        "die kill dead death deaths fatal fatality fatalities toll perish lives",
        "injure injured injury hurt wound wounded",
        "miss missing unaccounted",
        "arrest detain arrested detained",
    )
)
"""Words for one outcome of an event, whose number changes from one report to the next."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedSources:
    """The sentences of an answer after other articles and earlier versions were heard."""

    sentences: tuple[RankedSentence, ...]
    """What the answer is made of; those that disagree first, the newest of them at the head."""
    disagreeing: tuple[RankedSentence, ...] = ()
    """Those that give different values for one thing; empty where nothing disagrees."""
    note: str | None = None
    """What disagrees or was corrected, for a reader."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A value with the sentence that gives it."""

    value: str
    sentence: RankedSentence


def compare_sources(
    question: str, chosen: Sequence[RankedSentence], ranked: Sequence[RankedSentence], archive: Archive
) -> ComparedSources:
    """Hears the other sources on what the chosen sentences say.

    Args:
        question: Standalone.
        chosen: The sentences of an answer, best first.
        ranked: All sentences that were found, best first.
        archive: Where copies and earlier versions are.
    """
    told = _find_other_values(question, chosen, ranked, archive)
    told.sort(key=lambda one: _moment(one.sentence), reverse=True)
    disagreeing = tuple(one.sentence for one in told)
    places = {_place(sentence) for sentence in disagreeing}
    rest = [sentence for sentence in chosen if _place(sentence) not in places]
    sentences = (*disagreeing, *rest[: max(0, MOST_SENTENCES - len(disagreeing))])
    notes = [_describe_disagreement(told)] if told else []
    notices: list[RankedSentence] = []
    for sentence in sentences:
        article = archive.article(sentence.passage.article_id, sentence.passage.version)
        notices += (one for one in _notices(question, sentence, article) if one not in notices)
        change = _describe_change(sentence, archive.versions(article.id))
        notes += [change] if change and change not in notes else []
    return ComparedSources(
        sentences=_after_their_articles(sentences, notices),
        disagreeing=disagreeing,
        note=" ".join(notes) or None,
    )


def is_notice(text: str) -> bool:
    """Whether a sentence speaks of a correction of its own article: it answers nothing itself."""
    return bool(_NOTICE.search(text))


def changed_value(
    ours: str, theirs: str, published: tuple[datetime | None, datetime | None], least: float = SAME_SENTENCE
) -> tuple[str, str] | None:
    """What one sentence gives and another that says the same gives otherwise; None where they agree.

    Args:
        ours: One sentence.
        theirs: The other.
        published: When each was published, for dates like "Monday".
        least: Share of words in common from which they say the same.
    """
    first, second = split_words(ours), split_words(theirs)
    if min(len(first), len(second)) < SHORTEST:
        return None
    matcher = SequenceMatcher(None, [w.stem for w in first], [w.stem for w in second], autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least or matcher.ratio() < least:
        return None
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "replace":
            continue
        dates = _touched(read_dates(ours), first[a:b]), _touched(read_dates(theirs), second[c:d])
        if dates[0] and dates[1]:
            change = _changed_date(dates[0][0], dates[1][0], published)
        else:
            change = _changed_word(ours, theirs, first, second, (a, b, c, d))
        if change:
            return change
    return None


def _find_other_values(
    question: str, chosen: Sequence[RankedSentence], ranked: Sequence[RankedSentence], archive: Archive
) -> list[_Told]:
    """The first chosen sentence that others contradict, with those; one for each value, best ranked first."""
    wanted = wanted_answer(question)
    for base in chosen:
        own = base.passage
        others = [
            other
            for other in ranked
            if other.passage.article_id != own.article_id and _of_same_days(base, other)
        ]
        told = _told_in_answer(question, wanted, base, others) or _told_in_same_words(base, others)
        told += _told_in_copies(base, archive)
        if told:
            return _one_of_each_value(told)
    return []


def _told_in_answer(
    question: str, wanted: WantedAnswer, base: RankedSentence, others: Sequence[RankedSentence]
) -> list[_Told]:
    """Sentences that answer a question for a number nearly as well as `base` does, with another number."""
    events = _asked_events(question, wanted)
    ours = _asked_number(wanted, events, base)
    if ours is None:
        return []
    named = base.terms & _name_terms(question)
    asked = base.terms.intersection(asked_terms(question))
    told = []
    for other in others:
        if not named <= other.terms:  # of another film, firm or place
            continue
        if not _is_outcome(events) and len(asked & other.terms) < SHARES_ASKED * len(asked):
            continue
        if other.covered < COVERS_AS_MUCH * base.covered or not (other.answers or _is_outcome(events)):
            continue
        theirs = _asked_number(wanted, events, other)
        if theirs is not None and ours.unit == theirs.unit and not _agree(ours, theirs):
            told.append(_Told(_as_written(theirs, other.text), other))
    return [_Told(_as_written(ours, base.text), base), *told] if told else []


def _as_written(number: Number, text: str) -> str:
    """A number with the words that round it."""
    before = _ROUNDING.search(text[: number.start])
    return f"{before[0]}{number.text}" if before else number.text


def _asked_events(question: str, wanted: WantedAnswer) -> list[frozenset[str]]:
    """What is asked about the number, each event with the words that may tell it; of outcomes only these."""
    terms = asked_terms(question)
    outcomes = [group for group in _OUTCOMES if group.intersection(terms)]
    known = wanted.counted | _name_terms(question)
    return outcomes or [frozenset({term}) for term in terms if term not in known and not term[0].isdigit()]


def _name_terms(question: str) -> frozenset[str]:
    return frozenset().union(*map(terms_of, asked_names(question)))


def _is_outcome(events: Sequence[frozenset[str]]) -> bool:
    return bool(events) and all(event in _OUTCOMES for event in events)


def _asked_number(
    wanted: WantedAnswer, events: Sequence[frozenset[str]], sentence: RankedSentence
) -> Number | None:
    """The one number of the sentence that answers: of the kind asked for, in a clause of the asked event."""
    if _is_of_another_year(sentence):
        return None
    starts = [0, *(match.end() for match in _CLAUSE.finditer(sentence.text)), len(sentence.text)]
    found = [
        number
        for number in answering_numbers(wanted, sentence.text)
        if not events or any(event & _clause_terms(sentence.text, starts, number) for event in events)
    ]
    return found[0] if len({number.value for number in found}) == 1 else None


def _clause_terms(text: str, starts: Sequence[int], number: Number) -> frozenset[str]:
    start = max(position for position in starts if position <= number.start)
    end = min(position for position in starts if position >= number.end)
    return terms_of(text[start:end])


def _is_of_another_year(sentence: RankedSentence) -> bool:
    """Whether a sentence speaks of a year other than its article's: of an earlier event, for comparison."""
    published = sentence.passage.published
    return published is not None and any(
        mention.year not in (None, published.year) for mention in read_dates(sentence.text)
    )


def _agree(ours: Number, theirs: Number) -> bool:
    return matches(ours, theirs) or matches(theirs, ours)


def _told_in_same_words(base: RankedSentence, others: Sequence[RankedSentence]) -> list[_Told]:
    told = []
    for other in others:
        shared = len(base.terms & other.terms)
        if shared < 0.5 * max(len(base.terms), len(other.terms)):
            continue
        published = (base.passage.published, other.passage.published)
        change = changed_value(base.text, other.text, published)
        if change:
            told += [_Told(change[0], base), _Told(change[1], other)]
    return told


def _told_in_copies(base: RankedSentence, archive: Archive) -> list[_Told]:
    """What near-duplicates of the article give in the same sentence."""
    told = []
    own = base.passage
    for copy in archive.copies(own.article_id):
        found = _counterpart(base.text, copy, SAME_SENTENCE)
        published = (own.published, copy.published)
        change = changed_value(base.text, copy.text[found[0] : found[1]], published) if found else None
        if found and change:
            told += [_Told(change[0], base), _Told(change[1], _sentence_of(copy, *found, base))]
    return told


def _counterpart(sentence: str, article: Article, least: float) -> tuple[int, int] | None:
    """The place of the sentence of an article that is most like the given one."""
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2([word.stem for word in split_words(sentence)])
    best, place = least, None
    for start, end in split_sentences(article.text, article.language):
        matcher.set_seq1([word.stem for word in split_words(article.text[start:end])])
        if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best:
            ratio = matcher.ratio()
            if ratio >= best:
                best, place = ratio, (start, end)
    return place


def _sentence_of(article: Article, start: int, end: int, like: RankedSentence) -> RankedSentence:
    """A sentence of an article that no search found, ranked like another."""
    text = article.text[start:end]
    passage = replace(
        like.passage,
        article_id=article.id,
        version=article.version,
        start=start,
        end=end,
        text=text,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published=article.published,
    )
    return replace(like, passage=passage, start=start, end=end, text=text, terms=terms_of(text))


def _one_of_each_value(told: Sequence[_Told]) -> list[_Told]:
    kept: dict[str, _Told] = {}
    for one in told:
        kept.setdefault(" ".join(word.stem for word in split_words(one.value)), one)
    return list(kept.values())[:MOST_VALUES]


def _changed_date(
    one: DateMention, other: DateMention, published: tuple[datetime | None, datetime | None]
) -> tuple[str, str] | None:
    days = tuple(moment.date() if moment else None for moment in published)
    return None if _same_day(one, other, (days[0], days[1])) else (one.text, other.text)


def _same_day(one: DateMention, other: DateMention, days: tuple[date | None, date | None]) -> bool:
    """Whether two dates may be one: "yesterday" is as good as any, and any where an article is undated.

    Two reports that each speak of their own day tell of two days, not of one thing.
    """
    bare = one.relative or other.relative
    if bare or days[0] is None or days[1] is None:
        return True
    own = fits(one, days[0]) and fits(other, days[1])
    return own or agrees(one, other, days[1]) or agrees(other, one, days[0])


def _changed_word(
    ours: str, theirs: str, first: Sequence[Word], second: Sequence[Word], block: tuple[int, int, int, int]
) -> tuple[str, str] | None:
    """A number or a name that was replaced by another."""
    a, b, c, d = block
    one, other = (
        _touched(read_numbers(text), words) for text, words in ((ours, first[a:b]), (theirs, second[c:d]))
    )
    if one and other:
        same = any(_agree(mine, their) for mine in one for their in other)
        return None if same else (one[0].text, other[0].text)
    if one or other or a == 0 or c == 0:
        return None
    names = [
        words for words in (first[a:b], second[c:d]) if all(word.capital and word.content for word in words)
    ]
    if len(names) < 2 or {w.stem for w in names[0]} & {w.stem for w in names[1]}:
        return None
    return ours[names[0][0].start : names[0][-1].end], theirs[names[1][0].start : names[1][-1].end]


def _touched(found: Sequence[_Value], words: Sequence[Word]) -> list[_Value]:
    return [one for one in found if any(one.start < word.end and word.start < one.end for word in words)]


def _of_same_days(base: RankedSentence, other: RankedSentence) -> bool:
    first, second = base.passage.published, other.passage.published
    return first is not None and second is not None and abs(first - second) <= timedelta(days=DAYS_APART)


def _describe_disagreement(told: Sequence[_Told]) -> str:
    values = "; ".join(f"“{one.value}” ({_source(one.sentence)})" for one in told)
    return f"The articles disagree: {values}. The newest stands first."


def _source(sentence: RankedSentence) -> str:
    passage = sentence.passage
    day = date_in_words(passage.published) if passage.published else "undated"
    return f"{passage.outlet or passage.title or passage.article_id}, {day}"


def _notices(question: str, sentence: RankedSentence, article: Article) -> Iterator[RankedSentence]:
    """The notice of correction in an article, where it is about the sentence or about what is asked."""
    asked = frozenset(asked_terms(question))
    spans = split_sentences(article.text, article.language)
    for number, (start, end) in enumerate(spans):
        if not is_notice(article.text[start:end]):
            continue
        whole = [(start, end)]
        for following in spans[number + 1 :]:  # to the end of its paragraph
            if "\n" in article.text[whole[-1][1] : following[0]]:
                break
            whole.append(following)
        terms = terms_of(article.text[start : whole[-1][1]]) - _ABOUT_TEXT
        if len(terms & (sentence.terms | asked)) >= SHARED_WITH_NOTICE and terms & asked:
            yield from (_sentence_of(article, *span, sentence) for span in whole)


def _describe_change(sentence: RankedSentence, versions: Sequence[Article]) -> str | None:
    """That an earlier edition of the article gave another value in this sentence; None where none did."""
    editions = sorted(versions, key=_edited)  # they may have arrived in another order
    numbers = [edition.version for edition in editions]
    until_now = editions[: numbers.index(sentence.passage.version) + 1]
    for older, newer in reversed(list(pairwise(until_now))):
        found = _counterpart(sentence.text, older, SAME_SENTENCE_REVISED)
        published = (older.published, newer.published)
        before = older.text[found[0] : found[1]] if found else ""
        change = changed_value(before, sentence.text, published, SAME_SENTENCE_REVISED) if found else None
        if change:
            moment = newer.updated or newer.ingested
            day = f" on {date_in_words(moment)}" if moment else ""
            who = sentence.passage.outlet or sentence.passage.title or sentence.passage.article_id
            return f"{who} changed this{day}: it said “{change[0]}” before, and says “{change[1]}” now."
    return None


def _edited(article: Article) -> tuple[datetime, int]:
    moment = article.updated or article.published or article.ingested
    return moment or datetime.min.replace(tzinfo=UTC), article.version


def _after_their_articles(
    sentences: Sequence[RankedSentence], notices: Sequence[RankedSentence]
) -> tuple[RankedSentence, ...]:
    """The sentences, each article's notices after its last one."""
    ordered: list[RankedSentence] = []
    for number, sentence in enumerate(sentences):
        ordered.append(sentence)
        article = sentence.passage.article_id
        if all(later.passage.article_id != article for later in sentences[number + 1 :]):
            ordered += (notice for notice in notices if notice.passage.article_id == article)
    return tuple(ordered)


def _place(sentence: RankedSentence) -> tuple[str, int, int]:
    return sentence.passage.article_id, sentence.passage.version, sentence.start


def _moment(sentence: RankedSentence) -> datetime:
    return sentence.passage.published or datetime.min.replace(tzinfo=UTC)
