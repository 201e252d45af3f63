"""Who said what in an article: every statement with its exact span, cue, speaker and subject matter.

    quotation marks -> sentences -> attributions -> speakers -> statements

Rules only, linear in the length of the text. A speaker the rules are not sure of stays None.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from index.attribution import Attribution, extend, find_attributions, find_colon_speaker, find_first_subject
from index.clauses import QUOTE, Words, mask_quotations, read_words
from index.coreference import Cast, Focus
from index.mentions import find_names
from index.names import same_name
from index.quotation_marks import Quotation, find_quotations
from index.sentences import split_sentences
from index.speakers import Speaker, resolve_speaker
from index.topics import find_topics
from index.types import Quote, Span

if TYPE_CHECKING:
    from collections.abc import Collection

    from index.coreference import Person
    from index.types import Article, QuoteKind

QUOTE_PARSER_VERSION = 6
"""Raised with every change that alters what is found; the archive parses articles again then."""

_FEWEST_WORDS = 4
"""Quoted words from which a quotation without a cue counts as a statement; fewer are mostly scare quotes,
names and titles. Of spans of four words and more 97.7 % are attributed speech (PolNeAR, test part)."""

_NEAR = 3
"""Sentences back within which "it" and "they" look for who spoke."""

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_TURN = re.compile(
    r"^[^\S\n]*(?:Q|A|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3})(?: \([^)\n]{1,30}\))?:(?=\s)", re.MULTILINE
)
"""The label of a turn in an interview or a debate: a name or Q or A, and a colon."""

_FEWEST_TURNS = 4
"""Labelled paragraphs from which an article is an interview; fewer are headlines, addresses and lists."""

_DOCUMENT_SUBJECT = re.compile(
    r"((?:An?|The|This)\s(?:[\w-]+\s){0,3}(?:decree|statement|report|letter|document|ruling|order|memo|communiqué|"
    r"communique|declaration|study|survey|notice|verdict|complaint|lawsuit|indictment|filing|petition|manifesto))\b",
)
"""A sentence that opens with a document as its subject."""

_DATELINE = re.compile(r"[A-Z][A-Z .’'-]{2,40}(?:, [^()\n]{1,30})?(?: \([^()\n]{1,40}\))? ?[-–—] ")
"""Where and when a report was written, before its first words: "LONDON, May 3 (Wire) - "."""

_START = attrgetter("start")
_TRAILING = " \t\n\u00a0,;:—–-"


@dataclass(slots=True)
class _Statement:
    """A statement being put together."""

    attribution: Attribution
    speaker: Speaker | None
    sentence: int


class _Reader:
    """Walks through one article, sentence by sentence."""

    def __init__(self, article: Article) -> None:
        self.text = article.text
        self.quotations = find_quotations(self.text)
        self._by_start = {quotation.start: quotation for quotation in self.quotations}
        self._chain_end = _find_chain_ends(self.quotations)
        self.masked = mask_quotations(self.text, self.quotations)
        self.sentences = split_sentences(self.masked, article.language)
        self.cast = Cast(self.text, find_names(self.text), find_names(article.title))
        self.focus = Focus(self.cast)
        self.statements: list[_Statement] = []
        self._number = 0
        self._introduced: Speaker | None = None
        self._last: _Statement | None = None
        self._is_transcript = len(_TURN.findall(self.text)) >= _FEWEST_TURNS
        self._turn_end = 0
        self._outlet = article.outlet
        self._label_initials = {
            "".join(word[0] for word in label[0].split())
            for label in _TURN.finditer(self.text)
            if " " in label[0]
        }
        self._interviewee = self._find_interviewee() if self._is_transcript else None

    def read(self) -> list[_Statement]:
        """Reads all sentences."""
        for number, sentence in enumerate(self.sentences):
            self._number = number
            self._read_sentence(sentence)
        return self.statements

    def _read_sentence(self, sentence: Span) -> None:
        words = read_words(self.masked, sentence, self._by_start)
        if not words.lower:
            return
        paragraph_start = self._starts_paragraph(sentence)
        if sentence.start < self._turn_end or (paragraph_start and self._read_turn(sentence)):
            return
        if self._read_quotation_alone(words, paragraph_start):
            return
        attributions = find_attributions(words)
        colon = find_colon_speaker(words) if paragraph_start and not attributions else None
        speaker: Speaker | None = None
        before: list[_Statement] = []
        resolved: dict[Span, Speaker | None] = {}  # what shares a subject shares its speaker
        for attribution in attributions:
            phrase = attribution.speaker
            if phrase is None:
                found = speaker
            elif phrase in resolved:
                found = resolved[phrase]
            else:
                found = resolved[phrase] = self._resolve_of(attribution, sentence)
            if attribution.order == "noun" and any(_reports(one, attribution, found) for one in before):
                continue
            speaker = found or speaker
            statement = self._add(attribution, found)
            before.append(statement)
        if colon is not None:
            speaker = self._read_colon(words, sentence, colon)
        self._read_fragments(words, sentence, before, paragraph_start=paragraph_start)
        self._update_focus(words, sentence, before, speaker)

    def _read_turn(self, sentence: Span) -> bool:
        """Reads a turn of an interview: all of its paragraph are its speaker's words."""
        label = _TURN.match(self.text, sentence.start) if self._is_transcript else None
        if label is None:
            return False
        end = self.text.find("\n", label.end())
        end = len(self.text) if end < 0 else end
        colon = label.end() - 1
        phrase = Span(sentence.start, colon)
        start = colon + 1 + len(self.text[colon + 1 : end]) - len(self.text[colon + 1 : end].lstrip())
        speaker = self._resolve_label(phrase, sentence)
        self._turn_end = end
        if start < end and speaker is not None:
            self._add(
                Attribution(
                    start=start, end=end, cue=Span(colon, colon + 1), speaker=phrase,
                    polarity="asserted", order="turn",
                ),
                speaker,
            )  # fmt: skip
        return True

    def _resolve_label(self, phrase: Span, sentence: Span) -> Speaker | None:
        """Resolves the label of a turn; the one who asks, Q or the outlet, states nothing."""
        label = self.text[phrase.start : phrase.end]
        if label == "A":
            person = self._interviewee
            return Speaker(person.name, person, phrase) if person is not None else None
        if label == "Q" or self._is_outlet(label):
            return None
        speaker = self._resolve(phrase, sentence.start)
        return speaker if speaker is not None and speaker.person is not None else None

    def _is_outlet(self, label: str) -> bool:
        """Whether a label is the outlet's name, or the initials of the outlet or of another label."""
        return (self._outlet is not None and same_name(label, self._outlet)) or label in self._label_initials

    def _find_interviewee(self) -> Person | None:
        """Finds who answers: the one person named in full, or the one named most, before the first turn."""
        first = _TURN.search(self.text)
        assert first is not None
        named = [
            person
            for _at, person in self.cast.named_between(0, first.start())
            if person.sort in ("person", "unknown") and " " in person.name
        ]
        return max(named, key=lambda person: (named.count(person), -named.index(person)), default=None)

    def _starts_paragraph(self, sentence: Span) -> bool:
        return sentence.start == 0 or "\n" in self.text[self.sentences[self._number - 1].end : sentence.start]

    def _resolve_of(self, attribution: Attribution, sentence: Span) -> Speaker | None:
        """Resolves the speaker of a statement; a pronoun after it means nobody named in it."""
        assert attribution.speaker is not None
        phrase = attribution.speaker
        return self._resolve(
            phrase,
            phrase.start if attribution.order == "after" else sentence.start,
            not_meant=self._named_in_quotations(attribution),
        )

    def _named_in_quotations(self, attribution: Attribution) -> list[Person]:
        """People named in the quoted words of a statement, none of whom is taken for its speaker."""
        return [
            person
            for quotation in _quotations_between(self.quotations, attribution.start, attribution.end)
            for person in self.cast.within(quotation.inner_start, quotation.inner_end)
        ]

    def _resolve(
        self, phrase: Span, names_from: int, *, not_meant: Collection[Person] = ()
    ) -> Speaker | None:
        if self.text[phrase.start : phrase.end].lower() in ("it", "they"):
            in_clause = len(self.text[names_from : phrase.start].split()) > _FEWEST_WORDS
            return None if in_clause else self._resolve_body(phrase)
        return resolve_speaker(
            self.text,
            phrase,
            sentence=self._number,
            names_from=names_from,
            cast=self.cast,
            focus=self.focus,
            not_meant=not_meant,
        )

    def _resolve_body(self, phrase: Span) -> Speaker | None:
        """Resolves "it" and "they": the group, body or document that made the last statement."""
        document = self._find_document(phrase)
        if document is not None:
            return document
        last = self._last
        if last is None or last.speaker is None or self._number - last.sentence > _NEAR:
            return None
        speaker = last.speaker
        if speaker.person is not None and speaker.person.sort != "organisation":
            return None
        return Speaker(speaker.name, speaker.person, phrase)

    def _find_document(self, phrase: Span) -> Speaker | None:
        """Finds the document that the sentence before opens with: "A decree followed. ..., it said."."""
        if self._number == 0:
            return None
        before = self.sentences[self._number - 1]
        subject = _DOCUMENT_SUBJECT.match(self.text, *before)
        return Speaker(subject[1], None, phrase) if subject is not None else None

    def _add(self, attribution: Attribution, speaker: Speaker | None) -> _Statement:
        chain_end = self._chain_end.get(attribution.end)
        if chain_end is not None:
            attribution = extend(attribution, chain_end)
        statement = _Statement(attribution, speaker, self._number)
        self.statements.append(statement)
        self._last = statement
        return statement

    def _read_quotation_alone(self, words: Words, paragraph_start: bool) -> bool:
        """Reads a sentence that is one quotation and nothing else."""
        if words.lower[0] != QUOTE or any(word not in (QUOTE, ".") for word in words.lower):
            return False
        first = words.quotations.get(0)
        if first is None:
            return False
        end = words.ends[-1]
        last = self._last
        if last is not None and last.attribution.end >= end:
            last.sentence = self._number
            return True
        last = self._last_quoted(last)
        if last is not None and not paragraph_start and self._goes_on(last):
            last.attribution = extend(last.attribution, self._chain_end.get(end, end))
            last.sentence = self._number
            return True
        speaker = self._introduced if self._introduced is not None else self._carried(last)
        if speaker is None and not self._counts(first):
            return True
        self._add(
            Attribution(
                start=words.starts[0], end=end, cue=None, speaker=speaker.mention if speaker else None,
                polarity="asserted", order="fragment",
            ),
            speaker,
        )  # fmt: skip
        return True

    def _last_quoted(self, last: _Statement | None) -> _Statement | None:
        """Of the statements of the last one's sentence the last that holds quoted words, else the last."""
        if last is None:
            return None
        same = list(itertools.takewhile(lambda one: one.sentence == last.sentence, reversed(self.statements)))
        quoted = next((one for one in same if self._holds_quotation(one.attribution)), None)
        return quoted or next((one for one in reversed(same) if _holds(one, last)), last)

    def _goes_on(self, last: _Statement) -> bool:
        """Whether a quotation goes on with the one of the sentence before: "...", he said. "..."."""
        if last.sentence < self._number - 1 and last.attribution.end < self.sentences[self._number - 1].start:
            return False
        return self._holds_quotation(last.attribution)

    def _holds_quotation(self, attribution: Attribution) -> bool:
        return QUOTE in self.masked[attribution.start : attribution.end]

    def _carried(self, last: _Statement | None) -> Speaker | None:
        """Speaker of the statement in the sentence right before, when that too was in his own words."""
        if last is None or last.sentence < self._number - 1:
            return None
        return last.speaker

    def _carried_quotation(self) -> Speaker | None:
        """Speaker of the quotation in the sentence right before: "...", he said. But "the cost is" high."""
        last = self._last_quoted(self._last)
        if last is None or last.sentence != self._number - 1 or not self._holds_quotation(last.attribution):
            return None
        return last.speaker

    def _counts(self, quotation: Quotation) -> bool:
        """Whether a quotation without a cue is speech: long enough, and no title of a work."""
        words = _WORD.findall(self.text, quotation.inner_start, quotation.inner_end)
        if len(words) < _FEWEST_WORDS:
            return False
        long_words = [word for word in words if len(word) > 3]
        return any(word[0].islower() for word in long_words) or self.text[quotation.inner_end - 1] in ".?!"

    def _read_colon(self, words: Words, sentence: Span, colon: tuple[Span, int]) -> Speaker | None:
        phrase, index = colon
        speaker = self._resolve(phrase, sentence.start)
        if speaker is None or (speaker.person is None and words.lower[index] != QUOTE):
            return None
        if speaker.person is not None and speaker.person.sort == "place":
            return None
        last = len(words) - 1
        while last > index and words.lower[last] in (".", "?", "!"):
            last -= 1
        self._add(
            Attribution(
                start=words.starts[index], end=words.ends[last],
                cue=Span(words.starts[index - 1], words.ends[index - 1]),
                speaker=phrase, polarity="asserted", order="colon",
            ),
            speaker,
        )  # fmt: skip
        return speaker

    def _read_fragments(
        self, words: Words, sentence: Span, before: list[_Statement], *, paragraph_start: bool
    ) -> None:
        """Adds quoted words that no reporting verb of the sentence covers."""
        for index, quotation in words.quotations.items():
            covered = any(
                s.attribution.start <= quotation.start and quotation.end <= s.attribution.end
                for s in self.statements[-6:]
            )
            introduced = index > 0 and words.lower[index - 1] == ":"
            if covered or not (introduced or self._counts(quotation)):
                continue
            phrase = find_first_subject(words)
            speaker = self._resolve(phrase, sentence.start) if phrase is not None else None
            if (
                speaker is not None
                and not introduced
                and (speaker.person is None or speaker.person.sort != "person")
            ):
                speaker = None
            if speaker is None and before:
                speaker = before[0].speaker
            if speaker is None and phrase is None and not before and not paragraph_start:
                speaker = self._carried_quotation()
            self._add(
                Attribution(
                    start=quotation.start, end=words.ends[index], cue=None,
                    speaker=speaker.mention if speaker else None,
                    polarity="asserted", order="fragment",
                ),
                speaker,
            )  # fmt: skip

    def _update_focus(
        self, words: Words, sentence: Span, before: list[_Statement], speaker: Speaker | None
    ) -> None:
        """Notes who the next sentence's pronouns can mean, and who a following quotation belongs to."""
        subject = speaker
        for statement in before:
            if statement.speaker is not None and statement.speaker.person is not None:
                self.focus.enter(self._number, statement.speaker.person, prominent=True)
        if subject is None:
            phrase = find_first_subject(words)
            subject = self._resolve(phrase, sentence.start) if phrase is not None else None
            if subject is not None and subject.person is not None:
                self.focus.enter(self._number, subject.person, prominent=True)
        quoted = [(q.start, q.end) for q in words.quotations.values()]
        for at, person in self.cast.named_between(*sentence):
            if not any(start <= at < end for start, end in quoted):
                self.focus.enter(self._number, person, prominent=False)
        opens = words.lower[-1] in (":", ",") or (
            not before and subject is not None and subject.person is not None
        )
        self._introduced = subject if opens else None


def _holds(outer: _Statement, inner: _Statement) -> bool:
    """Whether a statement is part of what another one reports."""
    return (
        outer.attribution.start <= inner.attribution.start and inner.attribution.end <= outer.attribution.end
    )


def _reports(outer: _Statement, inner: Attribution, speaker: Speaker | None) -> bool:
    """Whether another one's statement only mentions what a noun tells: Rao spoke of Lee's wish to leave."""
    other = outer.speaker is not None and (speaker is None or outer.speaker.name != speaker.name)
    within = outer.attribution.start <= inner.start and inner.end <= outer.attribution.end
    return other and within


def extract_quotes(article: Article) -> tuple[Quote, ...]:
    """Finds every statement of an article.

    Args:
        article: Any article; only `text` is needed.

    Returns:
        Statements sorted by start. ``article.text[q.start:q.end] == q.text`` holds for each.
    """
    reader = _Reader(article)
    quotes: dict[tuple[int, int], Quote] = {}
    for statement in reader.read():
        quote = _make_quote(article, reader, statement)
        if quote is not None:
            quotes.setdefault((quote.start, quote.end), quote)
    return tuple(quotes[key] for key in sorted(quotes))


def _make_quote(article: Article, reader: _Reader, statement: _Statement) -> Quote | None:
    attribution = statement.attribution
    kind, start, end = _tell_kind(reader, attribution)
    dateline = _DATELINE.match(article.text, start, end)
    if dateline is not None:
        start = dateline.end()
    if end <= start or not any(map(str.isalnum, article.text[start:end])):
        return None
    speaker = statement.speaker
    person = speaker.person if speaker is not None else None
    mention = attribution.speaker if speaker is not None else None
    if speaker is not None and mention is None:
        mention = speaker.mention
    return Quote(
        article_id=article.id,
        version=article.version,
        start=start,
        end=end,
        text=article.text[start:end],
        kind=kind,
        speaker=speaker.name if speaker is not None else None,
        speaker_start=mention.start if mention is not None else None,
        speaker_end=mention.end if mention is not None else None,
        cue=article.text[attribution.cue.start : attribution.cue.end] if attribution.cue else None,
        cue_start=attribution.cue.start if attribution.cue else None,
        cue_end=attribution.cue.end if attribution.cue else None,
        polarity=attribution.polarity,
        about=find_topics(article.text, Span(start, end), kind, person, reader.cast),
        published=article.published,
        outlet=article.outlet,
    )


def _tell_kind(reader: _Reader, attribution: Attribution) -> tuple[QuoteKind, int, int]:
    """Tells direct from mixed and indirect, and sets the content's bounds inside the outer marks."""
    start, end = attribution.start, attribution.end
    inside = _quotations_between(reader.quotations, start, end)
    text = reader.text
    if attribution.order == "turn":
        return "direct", start, _trim_end(text, start, end)
    if not inside:
        return "indirect", start, _trim_end(text, start, end)
    outside = _outside_words(text, inside, attribution)
    if outside:
        return "mixed", start, _trim_end(text, start, end)
    start, end = inside[0].inner_start, inside[-1].inner_end
    return "direct", start, _trim_end(text, start, end)


def _quotations_between(quotations: list[Quotation], start: int, end: int) -> list[Quotation]:
    first = bisect_left(quotations, start, key=_START)
    found = []
    for quotation in quotations[first:]:
        if quotation.start >= end:
            break
        found.append(quotation)
    return found


def _outside_words(text: str, inside: list[Quotation], attribution: Attribution) -> bool:
    """Whether the content has words outside the marks that are not its own cue and speaker."""
    if text[attribution.start : inside[0].start].strip(_TRAILING):
        return True
    if text[inside[-1].end : attribution.end].strip(_TRAILING + "."):
        return True
    for left, right in itertools.pairwise(inside):
        gap = Span(left.end, right.start)
        interrupted = attribution.cue is not None and gap.start <= attribution.cue.start < gap.end
        if not interrupted and text[gap.start : gap.end].strip(_TRAILING + "."):
            return True
    return False


def _trim_end(text: str, start: int, end: int) -> int:
    """Drops a comma, dash or white space that ends the content."""
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    return end


def _find_chain_ends(quotations: list[Quotation]) -> dict[int, int]:
    """Maps the end of each paragraph of a quotation that runs on to the end of its last paragraph."""
    ends: dict[int, int] = {}
    for index in range(len(quotations) - 1, 0, -1):
        if quotations[index].continues:
            end = quotations[index].end
            ends[quotations[index - 1].end] = ends.get(end, end)
    return ends
