"""Ranked sentences and statements -> numbered `Evidence`: whole sentences with offsets and speakers.

Numbers run from 1 in the order given. Article text is data: `quote_for_prompt` takes away what could pass
for a delimiter, a marker or an instruction to the chat format, in the prompt only; stored text, evidence
and citations keep every character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.relevance import RankedSentence
from assistant.types import Evidence
from index.sentences import split_sentences
from index.types import Article, Quote, Span

ReadQuotes = Callable[[str], Sequence[Quote]]
"""The statements of the article with this id."""

_REACH = 300
"""Code points between a statement and the words that credit it, beyond which these are not cited with it."""
_LONGEST_IN_PROMPT = 700
"""Code points of one evidence in a prompt; of longer ones the beginning is shown."""

_BRACKETS = str.maketrans(
    {"[": "(", "]": ")", "【": "(", "】": ")", "<": "‹", ">": "›", "`": "'", "{": "(", "}": ")", "|": "/"}
)
_RUNS = re.compile(r"([#=*_~-])\1{2,}")


def evidence_of_sentences(
    sentences: Iterable[RankedSentence], read_quotes: ReadQuotes
) -> tuple[Evidence, ...]:
    """One evidence for each sentence, in the order given."""
    statements: dict[str, Sequence[Quote]] = {}
    found = []
    for number, sentence in enumerate(sentences, 1):
        passage = sentence.passage
        if passage.article_id not in statements:
            statements[passage.article_id] = read_quotes(passage.article_id)
        quotes = _overlapping(statements[passage.article_id], passage.version, sentence.start, sentence.end)
        found.append(
            Evidence(
                marker=number,
                article_id=passage.article_id,
                version=passage.version,
                start=sentence.start,
                end=sentence.end,
                text=sentence.text,
                title=passage.title,
                outlet=passage.outlet,
                url=passage.url,
                published=passage.published,
                speaker=_only_speaker(quotes),
                quotes=quotes,
            )
        )
    return tuple(found)


def evidence_of_statement(
    marker: int, quote: Quote, article: Article, statements: Sequence[Quote]
) -> Evidence:
    """The whole sentences that hold a statement and the words that credit it.

    Where somebody else's statement stands in the same sentences, only this statement's own part is taken, so
    that nobody is given another's words. Quoted words then stand alone; reported ones keep the words that
    credit them, without which they are mostly no sentence ("criticised the deal").

    Args:
        marker: Its number.
        quote: The statement.
        article: The version of the article it stands in.
        statements: All statements of that article.
    """
    own = _with_credit(quote)
    span = whole_sentences(article, own)
    if _others(statements, quote, span):
        stands_alone = quote.kind != "indirect" and _others(statements, quote, own)
        span = Span(quote.start, quote.end) if stands_alone else own
    return Evidence(
        marker=marker,
        article_id=article.id,
        version=article.version,
        start=span.start,
        end=span.end,
        text=article.text[span.start : span.end],
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published=article.published,
        speaker=quote.speaker,
        quotes=_overlapping(statements, article.version, span.start, span.end) or (quote,),
    )


def fit_evidence(evidence: Sequence[Evidence], budget: int) -> tuple[Evidence, ...]:
    """The first of them that fit in `budget` code points of prompt, in reading order, numbered anew."""
    kept, used = [], 0
    for one in evidence:
        used += min(len(one.text), _LONGEST_IN_PROMPT)
        if used > budget:
            break
        kept.append(one)
    order = {
        article_id: place for place, article_id in reversed(list(enumerate(one.article_id for one in kept)))
    }
    kept.sort(key=lambda one: (order[one.article_id], one.start))
    return tuple(replace(one, marker=number) for number, one in enumerate(kept, 1))


def quote_for_prompt(text: str, longest: int | None = _LONGEST_IN_PROMPT) -> str:
    """A text as one harmless line: no brackets, tags, fences, control or invisible characters.

    Args:
        text: Of an article, a question or a model.
        longest: Code points from which it is cut after a word; None for never.
    """
    visible = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    line = _RUNS.sub(r"\1", " ".join(visible.translate(_BRACKETS).split()))
    return line if longest is None or len(line) <= longest else f"{line[:longest].rsplit(' ', 1)[0]} …"


def _overlapping(quotes: Sequence[Quote], version: int, start: int, end: int) -> tuple[Quote, ...]:
    return tuple(
        quote for quote in quotes if quote.version == version and quote.start < end and quote.end > start
    )


def _only_speaker(quotes: Sequence[Quote]) -> str | None:
    speakers = {quote.speaker for quote in quotes}
    return speakers.pop() if len(speakers) == 1 else None


def _with_credit(quote: Quote) -> Span:
    """The statement with its cue and the mention of its speaker, where these stand near."""
    start, end = quote.start, quote.end
    for first, last in ((quote.cue_start, quote.cue_end), (quote.speaker_start, quote.speaker_end)):
        if (
            first is not None
            and last is not None
            and quote.start - last <= _REACH
            and first - quote.end <= _REACH
        ):
            start, end = min(start, first), max(end, last)
    return Span(start, end)


def whole_sentences(article: Article, span: Span) -> Span:
    """From the start of the first to the end of the last sentence that the span touches."""
    touched = [
        sentence
        for sentence in split_sentences(article.text, article.language)
        if sentence.start < span.end and sentence.end > span.start
    ]
    return Span(touched[0].start, touched[-1].end) if touched else span


def _others(statements: Sequence[Quote], quote: Quote, span: Span) -> bool:
    return any(
        other.speaker not in (None, quote.speaker)
        for other in _overlapping(statements, quote.version, span.start, span.end)
    )
