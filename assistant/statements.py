"""A question for words -> the statements that answer it, or why none does.

Statements come from the archive's index of who said what; nobody is guessed. Where a name fits several people
who both spoke of it, the reader is asked which one is meant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING

from assistant.described_speakers import find_described, read_articles
from assistant.evidence import whole_sentences
from assistant.nearness import IN_PARAGRAPH, IN_TITLE, look_around, read_topic, weigh_nearness
from assistant.offices import find_offices, names_by_office
from assistant.quotations import Match, match_quotation
from assistant.terms import asked_names, terms_of
from assistant.types import Question
from assistant.windows import describe_window
from index.mentions import GENDERS
from index.names import parse_name, same_name
from index.statements import is_speech, rank_quotes
from index.types import Quote, Span

if TYPE_CHECKING:
    from index.archive import Archive

CONTENT_COVERED = 0.6
"""Share of the words of "did S say that ..." that a statement and its sentence must have."""
TOPIC_COVERED = 0.5
"""Share of the words of a topic that must stand in or around a statement about it."""
NEARLY_BEST = 0.6
"""Statements around which a topic stands are kept with this share of the best one's nearness."""
DOMINANT = 4
"""A name that fits several people means the one with this many times the next one's statements."""
CONTINUES_WITHIN = 200
"""Code points after a statement within which the same speaker is taken to go on about the same."""
CANDIDATES_PER_SHOWN = 10
"""Best statements compared for repeats, for each that is shown."""
LOOKED_AT = 50
"""Statements whose sentences are read to see whether they cover given words."""
LOOKED_AROUND = 300
"""Statements of a person, the latest ones, around which a topic is looked for."""
SEARCHED = 20
"""Passages whose statements are compared with given words."""

_DENIAL = re.compile(r"\b(?:deny|denies|denied|denying)\b", re.IGNORECASE)
_TOLD = re.compile(r"\b(?:tell|tells|told)\b")
_CHANGE = re.compile(r"\b(?:chang|evolv|shift|develop)\w*\b", re.IGNORECASE)
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundStatements:
    """The statements that answer a question for words."""

    quotes: tuple[Quote, ...] = ()
    """In order of time, then as in the article."""
    reason: str | None = None
    """Without statements why there are none; with them what differs from what was asked."""


def find_statements(archive: Archive, question: Question, limit: int) -> FoundStatements:
    """The statements a question asks for.

    Args:
        archive: Where they are.
        question: Of any kind but ``fact``.
        limit: How many at most.
    """
    if question.quotation is not None:
        return _find_quoted(archive, question, limit)
    if question.kind == "who_said":
        return _find_speakers(archive, question, limit)
    if question.speaker is None:
        return _find_anybody(archive, question, limit)
    people, reason = _who_is_meant(archive, question)
    if reason:
        return FoundStatements(reason=reason)
    found = [_statements_of(archive, question, person) for person in people]
    quotes = [quote for turn in zip_longest(*found) for quote in turn if quote is not None]
    if not quotes:
        return FoundStatements(reason=_not_quoted(archive, question, people))
    return FoundStatements(quotes=_pick(archive, quotes, question, limit))


# Whose words


def _who_is_meant(archive: Archive, question: Question) -> tuple[list[str], str | None]:
    """One stored name for each person asked for, or why that cannot be told."""
    asked = question.speaker or ""
    people = []
    for name in _named_people(archive, asked):
        groups = archive.speaker_names().people(name)
        if len(groups) > 1:
            groups = _only_those_who_spoke(archive, question, groups)
        if len(groups) > 1:
            listed = " or ".join(max(group, key=len) for group in groups[:4])
            return [], f"“{name}” may be {listed} in these articles. Ask again with the full name."
        people.append(max(groups[0], key=lambda one: (len(one), one)) if groups else name)
    return people, None


def _named_people(archive: Archive, asked: str) -> list[str]:
    """The names in "Lavrov and Zelensky", where the archive knows each of them; else the one name."""
    parts = [part for part in re.split(r",\s*(?:and\s+)?|\s+and\s+|\s+or\s+", asked) if part]
    names = archive.speaker_names()
    if len(set(parts)) == len(parts) > 1 and all(names.people(part) for part in parts):
        return parts
    return [asked]


def _only_those_who_spoke(
    archive: Archive, question: Question, groups: Sequence[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Of several people with the name, those with statements that answer; one who has most of them."""
    total = dict(archive.speakers())
    weights = {group: sum(total.get(name, 0) for name in group) for group in groups}
    groups = sorted(groups, key=lambda group: (-weights[group], group))
    if weights[groups[0]] >= DOMINANT * weights[groups[1]]:
        return [groups[0]]
    counted = []
    for group in groups:
        statements = _statements_of(archive, question, max(group, key=len))
        own = sum(quote.speaker in group for quote in statements)
        counted.append((own, group))
    spoke = sorted((pair for pair in counted if pair[0]), key=lambda pair: (-pair[0], pair[1]))
    if not spoke:
        return [groups[0]]
    if len(spoke) == 1 or spoke[0][0] >= DOMINANT * spoke[1][0]:
        return [spoke[0][1]]
    return [group for _count, group in spoke]


# What they said


def _quotes(
    archive: Archive, question: Question, *, speaker: str | None = None, about: str | None = None
) -> list[Quote]:
    """All statements in the window and the outlets of the question."""
    return archive.quotes(
        speaker=speaker,
        about=about,
        since=question.since,
        until=question.until,
        outlet=question.outlets or None,
        limit=None,
    )


def _statements_of(archive: Archive, question: Question, speaker: str) -> list[Quote]:
    """The person's statements that the question asks for, best first."""
    everything = _quotes(archive, question, speaker=speaker)
    found = _about_topic(archive, question, everything)
    is_person = everything and not parse_name(speaker).organisation and " " in speaker
    if found or (is_person and not _is_first_word(question.speaker or "", speaker)):
        return found
    near = _articles_near(archive, question, f"{speaker} {question.about or ''}")
    return _about_topic(archive, question, find_described(archive, speaker, near))


def _is_first_word(asked: str, name: str) -> bool:
    """Whether a name is asked for by its first word, as bodies are ("Brightwater"), and people are not."""
    return name.startswith(f"{asked} ") and asked.lower() not in GENDERS


def _about_topic(archive: Archive, question: Question, everything: Sequence[Quote]) -> list[Quote]:
    """Of somebody's statements those that the question asks for, the most direct first."""
    if question.about is None:
        latest = everything[::-1]
        return sorted(latest, key=lambda quote: not is_speech(quote))
    if question.kind == "did_say":
        denials = _denials(archive, question, everything) if _DENIAL.search(question.text) else []
        return (
            denials
            or _covering(archive, everything, question.about, CONTENT_COVERED)
            or _around(archive, everything, question.about, CONTENT_COVERED, IN_PARAGRAPH)
        )
    if _is_addressee(question):
        return _addressed(archive, everything, question.about)
    named = rank_quotes(everything, question.about)
    if named:
        return [*named, *_continuations(named, everything)]
    return _by_office(archive, everything, question.about) or _around(
        archive, everything, question.about, TOPIC_COVERED
    )


def _by_office(archive: Archive, quotes: Sequence[Quote], name: str) -> list[Quote]:
    """Statements about the bearer of an office that other articles give the one asked about.

    Their own article must name him, or the office may have been somebody else's then.
    """
    offices = find_offices(archive, name) if quotes else frozenset()
    meant = [quote for quote in quotes if names_by_office(quote.text, offices)]
    surname = name.rpartition(" ")[2]
    articles = read_articles(archive, meant)
    return [quote for quote in meant if surname in articles[quote.article_id, quote.version].text]


def _around(
    archive: Archive, quotes: Sequence[Quote], words: str, share: float, furthest: int = IN_TITLE
) -> list[Quote]:
    """Statements in or around which the asked words stand, not beyond a place; the nearest first."""
    topic = read_topic(words)
    graded = []
    articles = read_articles(archive, quotes[-LOOKED_AROUND:])
    for quote in quotes[-LOOKED_AROUND:]:
        around = look_around(quote, articles[quote.article_id, quote.version])
        weight = weigh_nearness(topic, around, share, furthest)
        if weight:
            graded.append((weight, quote))
    best = max((weight for weight, _quote in graded), default=0.0)
    graded.sort(key=lambda pair: (-pair[0], *_in_time(pair[1])))
    return [quote for weight, quote in graded if weight >= NEARLY_BEST * best]


def _is_addressee(question: Question) -> bool:
    """Whether the question names whom something was told instead of a topic: "What did S tell T?"."""
    told = rf"\b(?:tell|told)\s+{re.escape(question.about or '')}[\s?.!]*$"
    return re.search(told, question.text, re.IGNORECASE) is not None


def _addressed(archive: Archive, quotes: Sequence[Quote], addressee: str) -> list[Quote]:
    """Statements to somebody: whoever it is stands in their sentence or in the one before."""
    wanted = terms_of(addressee)
    names = read_topic(addressee).names
    found = []
    articles = read_articles(archive, quotes)
    for quote in quotes:
        around = look_around(quote, articles[quote.article_id, quote.version])
        near = around.sentence | around.before
        told = _TOLD.search(quote.cue or "") is not None
        inside = around.statement if not told else frozenset()
        general = wanted.difference(*names)
        addressed = bool(names) and all(
            len(name & (near - inside)) >= max(1, len(name) - 1) for name in names
        )
        if addressed or general & around.sentence:
            found.append(quote)
    return found or _by_office(archive, quotes, addressee)


def _denials(archive: Archive, question: Question, quotes: Sequence[Quote]) -> list[Quote]:
    """Of statements those that deny the asked, else words quoted where an article has it denied."""
    assert question.about is not None
    covering = [
        quote
        for quote in _covering(archive, quotes, question.about, CONTENT_COVERED)
        if quote.polarity == "denied"
    ]
    if covering:
        return covering
    near = {
        article_id: archive.quotes(article_id=article_id, limit=None)
        for article_id in dict.fromkeys(quote.article_id for quote in quotes)
    }
    denied = {
        article_id
        for article_id, others in near.items()
        if _covering(
            archive, [one for one in others if one.polarity == "denied"], question.about, CONTENT_COVERED
        )
    }
    return [quote for quote in quotes if quote.kind == "direct" and quote.article_id in denied]


def _covering(archive: Archive, quotes: Sequence[Quote], words: str, share: float) -> list[Quote]:
    """Statements that, with the sentence around them, have a share of the asked words and all asked names."""
    wanted = terms_of(words)
    if not wanted:
        return []
    names = [terms_of(name) for name in asked_names(f"x {words}")]
    near = [quote for quote in quotes if wanted & _said(quote)]
    near.sort(key=lambda quote: (-len(wanted & _said(quote)), *_in_time(quote)))
    graded = []
    for quote in near[:LOOKED_AT]:
        said = _said(quote) | terms_of(_sentence_of(archive, quote))
        if len(wanted & said) >= share * len(wanted) and all(name & said for name in names):
            graded.append((len(wanted & said), quote))
    graded.sort(key=lambda pair: (-pair[0], *_in_time(pair[1])))
    return [quote for _count, quote in graded]


def _said(quote: Quote) -> frozenset[str]:
    return terms_of(quote.text) | terms_of(" ".join(quote.about))


def _sentence_of(archive: Archive, quote: Quote) -> str:
    article = archive.article(quote.article_id, quote.version)
    span = whole_sentences(article, Span(quote.start, quote.end))
    return article.text[span.start : span.end]


def _continuations(named: Sequence[Quote], everything: Sequence[Quote]) -> list[Quote]:
    """Quoted words of the same speaker that follow at once: one utterance, parted by "he said"."""
    ends = {(quote.article_id, quote.end) for quote in named}
    return [
        quote
        for quote in everything
        if quote.kind != "indirect"
        and quote not in named
        and any(a == quote.article_id and 0 <= quote.start - end <= CONTINUES_WITHIN for a, end in ends)
    ]


def _find_anybody(archive: Archive, question: Question, limit: int) -> FoundStatements:
    """What was said about a topic, by whomever."""
    if question.about is None:
        return FoundStatements(reason="The question does not say whose words it asks for.")
    quotes = _quotes(archive, question, about=question.about)
    credited = [quote for quote in quotes if quote.speaker]
    if not credited:
        return FoundStatements(reason=f"Nobody is quoted on {question.about} in these articles.")
    return FoundStatements(quotes=_pick(archive, credited, question, limit))


def _find_speakers(archive: Archive, question: Question, limit: int) -> FoundStatements:
    """Who said what the question puts in its own words."""
    if question.about is None:
        return FoundStatements(reason="The question does not say which words it asks about.")
    near = [
        quote
        for article_id in _articles_near(archive, question, question.about)
        for quote in archive.quotes(article_id=article_id, limit=None)
        if quote.speaker
    ]
    is_denial = _DENIAL.search(question.text) is not None
    quotes = _denials(archive, question, near) if is_denial else []
    quotes = [quote for quote in quotes if quote.polarity == "denied"] or _covering(
        archive, near, question.about, CONTENT_COVERED
    )
    if not quotes:
        quotes = [quote for quote in _quotes(archive, question, about=question.about) if quote.speaker]
    quotes = [quote for quote in quotes if not _is_excepted(quote, question)]
    if not quotes:
        besides = f" besides {question.except_speaker}" if question.except_speaker else ""
        return FoundStatements(reason=f"Nobody{besides} is quoted on that in these articles.")
    return FoundStatements(quotes=_pick(archive, quotes, question, limit))


def _is_excepted(quote: Quote, question: Question) -> bool:
    excepted = question.except_speaker
    return excepted is not None and quote.speaker is not None and same_name(quote.speaker, excepted)


def _articles_near(archive: Archive, question: Question, words: str) -> list[str]:
    """Ids of the articles that fit the words best, by keyword search alone."""
    passages = archive.search(
        words,
        k=SEARCHED,
        outlet=question.outlets or None,
        since=question.since,
        until=question.until,
        retrievers=("keyword",),
    )
    return list(dict.fromkeys(passage.article_id for passage in passages))


# Given words


def _find_quoted(archive: Archive, question: Question, limit: int) -> FoundStatements:
    """The statement that holds the quoted words, also where these are slightly altered."""
    assert question.quotation is not None
    matches = _matches(archive, question)
    if question.speaker is not None:
        own = [
            match
            for match in matches
            if match.quote.speaker and same_name(match.quote.speaker, question.speaker)
        ]
        if matches and not own:
            return FoundStatements(reason=_said_by_another(question.speaker, matches[0].quote))
        matches = own
    matches = [match for match in matches if not _is_excepted(match.quote, question)]
    if not matches and question.speaker is None and question.except_speaker is None:
        printed = _find_printed(archive, question)
        if printed is not None:
            return FoundStatements(quotes=(printed,), reason=_CREDITED_TO_NOBODY)
    if not matches:
        besides = f" besides {question.except_speaker}" if question.except_speaker else ""
        return FoundStatements(reason=f"Nobody{besides} is quoted with these words in these articles.")
    best = matches[0]
    same = [match.quote for match in matches if match.score >= best.score - 2]
    return FoundStatements(quotes=_pick(archive, same, question, limit), reason=best.difference)


def _matches(archive: Archive, question: Question) -> list[Match]:
    """Statements that hold the words, the most alike first."""
    assert question.quotation is not None
    found = []
    for article_id in _articles_near(archive, question, question.quotation):
        for quote in archive.quotes(article_id=article_id, limit=None):
            match = match_quotation(question.quotation, quote)
            if match is not None:
                found.append(match)
    found.sort(key=lambda match: (-match.score, match.quote.speaker is None, *_in_time(match.quote)))
    return found


_CREDITED_TO_NOBODY = "The article prints these words, but credits them to nobody."
_FEWEST_PRINTED = 4
"""Words from which a stretch of an article that is nobody's statement is found again."""


def _find_printed(archive: Archive, question: Question) -> Quote | None:
    """The given words where an article prints them outside any statement, marks and case aside."""
    assert question.quotation is not None
    words = re.findall(r"\w+", question.quotation)
    if len(words) < _FEWEST_PRINTED:
        return None
    pattern = re.compile(r"\W+".join(map(re.escape, words)), re.IGNORECASE)
    for article_id in _articles_near(archive, question, question.quotation):
        article = archive.article(article_id)
        match = pattern.search(article.text)
        if match is not None:
            return Quote(
                article_id=article.id,
                version=article.version,
                start=match.start(),
                end=match.end(),
                text=match[0],
                kind="indirect",
                speaker=None,
                speaker_start=None,
                speaker_end=None,
                cue=None,
                cue_start=None,
                cue_end=None,
                polarity="asserted",
                about=(),
                published=article.published,
                outlet=article.outlet,
            )
    return None


def _said_by_another(asked: str, quote: Quote) -> str:
    if quote.speaker is None:
        return f"The articles do not say that these words are {asked}’s."
    return f"The articles give these words to {quote.speaker}, not to {asked}."


# Which of them, in which order


def _without_repeats(quotes: Iterable[Quote]) -> list[Quote]:
    """Statements without overlapping ones and without the same words from another article."""
    from rapidfuzz import fuzz

    kept: list[Quote] = []
    for quote in quotes:
        repeated = any(
            (quote.article_id == other.article_id and quote.start < other.end and quote.end > other.start)
            or (quote.speaker == other.speaker and fuzz.ratio(_plain(quote), _plain(other)) >= 90)
            for other in kept
        )
        if not repeated:
            kept.append(quote)
    return kept


def _once_a_sentence(archive: Archive, quotes: Sequence[Quote]) -> list[Quote]:
    """Of statements shown by the same whole sentences only the first; words in marks are shown alone."""
    shown: set[tuple[str, int, Span]] = set()
    kept = []
    articles = read_articles(archive, quotes)
    for quote in quotes:
        article = articles[quote.article_id, quote.version]
        key = (quote.article_id, quote.version, whole_sentences(article, Span(quote.start, quote.end)))
        if quote.kind == "direct" or key not in shown:
            kept.append(quote)
        shown.add(key)
    return kept


def _pick(archive: Archive, quotes: Sequence[Quote], question: Question, limit: int) -> tuple[Quote, ...]:
    """The best statements without repeats, or those spread over time where a change is asked for."""
    choose = _spread if _CHANGE.search(question.text) else _first
    kept = _once_a_sentence(archive, _without_repeats(choose(quotes, CANDIDATES_PER_SHOWN * limit)))
    return tuple(sorted(choose(kept, limit), key=_in_time))


def _first(quotes: Sequence[Quote], count: int) -> Sequence[Quote]:
    return quotes[:count]


def _spread(quotes: Sequence[Quote], count: int) -> Sequence[Quote]:
    """So many of them, evenly spaced in time, the first and the last included."""
    if len(quotes) <= count:
        return quotes
    dated = sorted(quotes, key=_in_time)
    places = sorted({round(step * (len(dated) - 1) / max(1, count - 1)) for step in range(count)})
    return [dated[place] for place in places]


def _in_time(quote: Quote) -> tuple[datetime, str, int, int]:
    return (quote.published or _LATEST, quote.article_id, quote.version, quote.start)


def _plain(quote: Quote) -> str:
    return " ".join(re.findall(r"\w+", quote.text.casefold()))


# Why not


def _not_quoted(archive: Archive, question: Question, people: Sequence[str]) -> str:
    """Why the asked people have no statement to show, with what they are quoted on."""
    who = " and ".join(people)
    who = f"{who[0].upper()}{who[1:]}" if who else who
    verb = "is" if len(people) == 1 else "are"
    everything = [quote for person in people for quote in archive.quotes(speaker=person, limit=None)]
    if not everything:
        if question.about and who.split()[-1].islower():
            return f"No statement by {' and '.join(people)} on {question.about} was found in these articles."
        return f"{who} {verb} not quoted in these articles."
    within = [quote for person in people for quote in _quotes(archive, question, speaker=person)]
    if not within:
        return f"{who} {verb} not quoted {_where(question)} in these articles."
    topics = Counter(topic for quote in within for topic in quote.about if topic not in people)
    known = sorted(topics, key=lambda topic: (-topics[topic], topic))[:4]
    quoted_on = f" Statements here are about: {', '.join(known)}." if known else ""
    what = question.about if question.kind == "said_about" else "that"
    where = f" {_where(question)}" if _where(question) else ""
    return f"{who} {verb} not quoted on {what}{where} in these articles.{quoted_on}"


def _where(question: Question) -> str:
    """Outlets and window of the question in words: "by the BBC on 3 May 2024"."""
    outlets = f"by {' or '.join(question.outlets)}" if question.outlets else ""
    return " ".join(part for part in (outlets, describe_window(question.since, question.until)) if part)
