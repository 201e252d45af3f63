"""Evidence -> an answer in the articles' own words, without a model.

Statements are given as ``Sergei Lavrov said on 7 November 2024 (Outlet): “...” [1]``; where a statement is
not all in quotation marks, the article's whole sentence stands instead, so that nobody is quoted with a
reporter's words; its credit is left out where the sentence names the speaker itself. Facts are given as the
article's sentences after outlet and date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from assistant.citations import find_markers, split_claims
from assistant.relevance import RankedSentence
from assistant.types import Evidence
from index.sentences import split_sentences
from index.types import Quote

WORTH_SHOWING = 0.6
"""A further sentence is shown only with this share of the best one's score. Between 0.4 and 0.65 the share of
answers found on the development half of RealTime QA does not change by more than 0.01."""
SAME_WORDS = 0.75
"""Share of the shorter sentence's words from which two sentences say the same."""
LOOKED_AT = 40
"""Ranked sentences looked at for one answer."""
MOST_SENTENCES = 4
LONGEST_STATEMENT = 450
"""Code points shown of one statement; a longer one is shown up to the end of a sentence and cited whole."""

FEWEST_JOINED = 3
"""Words from which half of an interrupted quotation is joined to the other; a shorter one says too little
without the sentence it stands in."""

_CLOSING = re.compile(r"(?:[”\"»]|'')(?=[^”\"»]*$)")
_OPENING = re.compile(r"[“\"«„]|''")
_LETTER = re.compile(r"[^\W\d_]")
_MARKS = re.compile('[“”"«»„]')


def choose_sentences(ranked: Sequence[RankedSentence], words: int) -> list[RankedSentence]:
    """The sentences that answer best within a number of words, credits and markers counted.

    Args:
        ranked: Best first.
        words: Words of the whole answer.
    """
    chosen: list[RankedSentence] = []
    used = 0
    for sentence in ranked[:LOOKED_AT]:
        if chosen and not _is_worth_adding(sentence, chosen):
            continue
        passage = sentence.passage
        new_article = all(passage.article_id != other.passage.article_id for other in chosen)
        credit = credit_outlet(passage.outlet, passage.published) if new_article else ""
        cost = len(f"{credit} {sentence.text} [0]".split())
        if used + cost > words and chosen:
            continue
        chosen.append(sentence)
        used += cost
        if len(chosen) == MOST_SENTENCES or used >= words:
            break
    return _by_article(chosen)


def _is_worth_adding(sentence: RankedSentence, chosen: Sequence[RankedSentence]) -> bool:
    """Whether a further sentence is nearly as good as the first, and says something else.

    Beside a figure, a name or a cause that was asked for stands only another one, or the price of something
    else would be read as an answer.
    """
    return (
        sentence.score >= WORTH_SHOWING * chosen[0].score
        and (sentence.answers or not (chosen[0].answers and sentence.demanded))
        and not any(_says_the_same(sentence, other) for other in chosen)
    )


def word_facts(evidence: Sequence[Evidence]) -> str:
    """Sentences as an answer: a paragraph for each article, each sentence with its marker."""
    paragraphs: list[str] = []
    last = None
    for one in evidence:
        sentence = f"{_one_line(one.text)} [{one.marker}]"
        if one.article_id == last:
            paragraphs[-1] += f" {sentence}"
        else:
            paragraphs.append(f"{credit_outlet(one.outlet, one.published)} {sentence}".strip())
        last = one.article_id
    return "\n\n".join(paragraphs)


def word_statements(statements: Sequence[tuple[Quote, Evidence]]) -> str:
    """Statements as an answer: a paragraph for each, with speaker, date, outlet and marker."""
    return "\n\n".join(word_statement(quote, evidence) for quote, evidence in statements)


def word_statement(quote: Quote, evidence: Evidence) -> str:
    """One statement, credited and dated, with its marker."""
    spoken = _spoken(quote, evidence)
    named = _name_speaker(quote, evidence) if spoken == _one_line(evidence.text) else None
    if named is not None:
        return (
            f"{credit_outlet(evidence.outlet, evidence.published)} {_marked(named, evidence.marker)}".lstrip()
        )
    credits_itself = evidence.speaker is not None and evidence.speaker.split()[-1] in spoken
    credit = (
        credit_outlet(evidence.outlet, evidence.published) if credits_itself else _credit_speaker(evidence)
    )
    return f"{credit} {_marked(spoken, evidence.marker)}".lstrip()


def _name_speaker(quote: Quote, evidence: Evidence) -> str | None:
    """The article's sentence with the speaker's name after the pronoun or role that stands for it.

    "Ana Rao said: He said the deal was dead" credits the same words twice, and a deed is not said.
    None where the sentence names the speaker itself, or does not mention him.
    """
    name, start, end = evidence.speaker, quote.speaker_start, quote.speaker_end
    if name is None or start is None or end is None or name.split()[-1] in evidence.text:
        return None
    if not evidence.start <= start < end <= evidence.end or quote.start <= start < quote.end:
        return None
    at = end - evidence.start
    return _one_line(f"{evidence.text[:at]} ({name}){evidence.text[at:]}")


def _marked(spoken: str, marker: int) -> str:
    """The words with their marker after every sentence; one quotation from mark to mark is one."""
    if spoken.startswith("“") and spoken.find("”") == len(spoken) - 1:
        return f"{spoken} [{marker}]"
    ends = [claim.end for claim in split_claims(spoken) if _LETTER.search(spoken, claim.start, claim.end)]
    starts = [0, *ends[:-1]]
    return " ".join(
        f"{spoken[start:end].strip()} [{marker}]"
        for start, end in zip(starts, [*ends[:-1], len(spoken)], strict=True)
    )


def credit_outlet(outlet: str | None, published: datetime | None) -> str:
    """Gives "Outlet reported on 7 November 2024:", as much of it as is known."""
    day = f" on {date_in_words(published)}" if published else ""
    if outlet is None:
        return f"Reported{day}:" if day else ""
    return f"{outlet} reported{day}:"


def date_in_words(moment: datetime) -> str:
    """Writes a date as 7 November 2024."""
    return f"{moment.day} {moment:%B %Y}"


def _credit_speaker(evidence: Evidence) -> str:
    if evidence.speaker is None:
        return credit_outlet(evidence.outlet, evidence.published)
    day = f" on {date_in_words(evidence.published)}" if evidence.published else ""
    outlet = f" ({evidence.outlet})" if evidence.outlet else ""
    return f"{evidence.speaker[0].upper()}{evidence.speaker[1:]} said{day}{outlet}:"


def _spoken(quote: Quote, evidence: Evidence) -> str:
    """The words in quotation marks, or the article's sentence where they are not all the speaker's."""
    if quote.kind == "direct" and not _MARKS.search(quote.text):
        return f"“{_one_line(_shortened(quote.text))}”"
    halves = _halves(quote)
    if halves is not None:
        return f"“{_one_line(_shortened(halves))}”"
    whole = evidence.text if len(evidence.text) <= LONGEST_STATEMENT else quote.text
    return _one_line(_shortened(whole))


def _halves(quote: Quote) -> str | None:
    """A quotation that its own credit interrupts, with an ellipsis for the credit; None for any other."""
    if quote.kind != "direct" or quote.cue_start is None or quote.cue_end is None:
        return None
    cue, rest = quote.cue_start - quote.start, quote.cue_end - quote.start
    if not 0 < cue < rest < len(quote.text):
        return None
    closing = _CLOSING.search(quote.text[:cue])
    opening = _OPENING.search(quote.text, rest)
    if closing is None or opening is None:
        return None
    first, second = quote.text[: closing.start()].rstrip(" ,"), quote.text[opening.end() :]
    if min(len(first.split()), len(second.split())) < FEWEST_JOINED:
        return None
    return None if _MARKS.search(first + second) else f"{first} … {second}"


def _shortened(text: str) -> str:
    """Whole sentences up to the limit; the first one always."""
    if len(text) <= LONGEST_STATEMENT:
        return text
    spans = split_sentences(text)
    ends = [span.end for span in spans if span.end <= LONGEST_STATEMENT]
    return text[: ends[-1] if ends else spans[0].end]


def _one_line(text: str) -> str:
    """The text on one line; what looks like a marker in it is none of ours and loses its square brackets."""
    line = " ".join(text.split())
    for start, end, _numbers in reversed(find_markers(line)):
        line = f"{line[:start]}({line[start:end].strip('[]【】')}){line[end:]}"
    return line


def _says_the_same(sentence: RankedSentence, other: RankedSentence) -> bool:
    shared = len(sentence.terms & other.terms)
    return shared > SAME_WORDS * min(len(sentence.terms), len(other.terms))


def _by_article(chosen: Sequence[RankedSentence]) -> list[RankedSentence]:
    """The best sentence first, then the others of its article, then those of other articles, best first."""
    place: dict[str, int] = {}
    for sentence in chosen:
        place.setdefault(sentence.passage.article_id, len(place))
    return sorted(chosen, key=lambda one: place[one.passage.article_id])
