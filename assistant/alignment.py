"""A claim beside the text it cites: the best-aligned two sentences, word by word, and how well they fit.

Exact checks look only into the window that speaks of the same thing, because a name or number that stands
somewhere in a long passage proves nothing.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from assistant.dates import DateMention, read_dates
from assistant.numbers import Number, read_numbers
from assistant.outlets import strip_credit
from assistant.words import Word, fold, split_words
from index.mentions import NameMention, find_names
from index.quotation_marks import Quotation, find_quotations
from index.sentences import split_sentences
from index.types import Article, Quote, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.types import Evidence

_ACCORDING_FIRST = re.compile(r"\A\W*According to [^,:“\"]{2,80}[,:]\s*(?=\S)")
_ACCORDING_LAST = re.compile(r",[”\"]?\s+according to [^,“\"]{2,80}\Z")
_LOWER_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_WINDOW_SENTENCES = 2
_SECOND_WINDOW_GAIN = 0.12
"""Share of a claim's weight that a further window must add to count as one of its windows: a sentence that
sums up two places of an article needs both. Chosen on QAGS (shared half)."""
_MOST_WINDOWS = 3
_RELATED_SHARE = 0.25
"""Share of a claim's weight that a sentence has at least to speak of the same thing. Summaries draw a number
or name from a sentence that adds little else: with it 0.05 fewer of the supported QAGS and CLIFF summaries
(shared halves) fail a check."""
_CLOSELY = 0.85
"""Share of a claim's content words, names and numbers left out, that one sentence must have to be the one
that the claim tells."""
_FEWEST_FOLLOWED = 4
"""Such words of a claim from which that can be told."""
_REPORTING = frozenset(
    fold(word)
    for word in (
        "tell state add explain note argue claim announce declare report reporter journalist write according"
        " insist interview statement quote put describe"
    ).split()
)
_LONGEST_ALIGNED = 400
"""Units of a sentence that are aligned: the time grows with their square."""
_STRAY_LENGTH = 2
_STRAY_DISTANCE = 5
"""Units that an aligned stretch may be long, and lie ahead of the stretch before it, to be taken for a chance
match of common words."""


class Source:
    """One cited piece of text with its words and sentences, read on first use."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words of the text, in order."""
        return tuple(split_words(self.evidence.text))

    @cached_property
    def row(self) -> str:
        """The stems of all words with a blank before and after each, for finding words in a row."""
        return f" {' '.join(word.stem for word in self.words)} "

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Spans of the sentences, in characters of the evidence's text."""
        return tuple(split_sentences(self.evidence.text))

    @cached_property
    def sentence_words(self) -> tuple[tuple[int, int], ...]:
        """For each sentence the range of its words in `words`."""
        ranges, position = [], 0
        for sentence in self.sentences:
            first = position
            while position < len(self.words) and self.words[position].start < sentence.end:
                position += 1
            ranges.append((first, position))
        return tuple(ranges)

    @cached_property
    def sentence_stems(self) -> tuple[frozenset[str], ...]:
        """For each sentence its distinct word stems."""
        return tuple(frozenset(word.stem for word in self.words[a:b]) for a, b in self.sentence_words)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The distinct word stems of the whole text."""
        return frozenset(word.stem for word in self.words)

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """What stands in quotation marks."""
        return tuple(find_quotations(self.evidence.text))

    @cached_property
    def quotes(self) -> tuple[Quote, ...]:
        """The statements of the text: those the archive knows, else what can be read from it alone.

        Offsets count in the article, as in `Evidence.quotes`.
        """
        evidence = self.evidence
        if evidence.quotes:
            return evidence.quotes
        from index.quotes import extract_quotes

        found = extract_quotes(Article(text=evidence.text, id=evidence.article_id, title=evidence.title))
        if evidence.speaker is None:
            return found
        return (
            *(replace(quote, speaker=quote.speaker or evidence.speaker) for quote in found),
            self._whole(),
        )

    def _whole(self) -> Quote:
        """The whole text as the statement of the speaker that the evidence names."""
        evidence = self.evidence
        return Quote(
            article_id=evidence.article_id,
            version=evidence.version,
            start=0,
            end=len(evidence.text),
            text=evidence.text,
            kind="mixed",
            speaker=evidence.speaker,
            speaker_start=None,
            speaker_end=None,
            cue=None,
            cue_start=None,
            cue_end=None,
            polarity="asserted",
            about=(),
            published=evidence.published,
            outlet=evidence.outlet,
        )

    @cached_property
    def quote_stems(self) -> tuple[frozenset[str], ...]:
        """For each of `quotes` its distinct word stems."""
        starts = [word.start for word in self.words]
        found = []
        for quote in self.quotes:
            start, end = quote.start - self.quotes_offset, quote.end - self.quotes_offset
            if start < 0 or end > len(self.evidence.text):  # it goes on outside the cited words
                found.append(frozenset(word.stem for word in split_words(quote.text)))
                continue
            inside = self.words[bisect_left(starts, start) : bisect_left(starts, end)]
            found.append(frozenset(word.stem for word in inside))
        return tuple(found)

    @property
    def quotes_offset(self) -> int:
        """What to subtract from an offset of `quotes` to get one of the evidence's text."""
        return self.evidence.start if self.evidence.quotes else 0


@dataclass(frozen=True, slots=True)
class Window:
    """Up to two consecutive sentences of a source."""

    source: Source
    first_sentence: int
    """Index of the first sentence in the source."""
    end_sentence: int
    """Index after the last sentence."""

    @property
    def span(self) -> Span:
        """Characters of the evidence's text."""
        sentences = self.source.sentences[self.first_sentence : self.end_sentence]
        return Span(sentences[0].start, sentences[-1].end)

    @property
    def text(self) -> str:
        """The sentences as written."""
        return self.source.evidence.text[self.span.start : self.span.end]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of the sentences, offsets as in the evidence's text."""
        ranges = self.source.sentence_words
        return self.source.words[ranges[self.first_sentence][0] : ranges[self.end_sentence - 1][1]]

    @property
    def stems(self) -> frozenset[str]:
        """The distinct word stems of the sentences."""
        return frozenset().union(*self.source.sentence_stems[self.first_sentence : self.end_sentence])


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or a whole name, number or date, of a text that is aligned with another."""

    key: str
    """What must be equal for two units to be aligned: a word's stem; for a name, number or date its kind,
    so that "Hale met Ward" is aligned with "Ward met Hale" and the names can be compared pair by pair."""
    text: str
    """As written."""
    content: bool
    """False for words of grammar."""
    value: NameMention | Number | DateMention | Word


class Gap(NamedTuple):
    """A place where a claim's words and a window's words part, between words that both have."""

    claim: tuple[Unit, ...]
    """What the claim has there; empty where it only leaves something out."""
    window: tuple[Unit, ...]
    """What the window has there; empty where the claim only adds something."""
    claim_start: int
    """Index of the gap in the claim's units."""
    window_start: int
    """Index of the gap in the window's units."""


class Comparison:
    """One claim beside the sources it cites; what the checks read.

    Attributes:
        plain: The claim without markers.
        body: `plain` without a credit to the outlet that published the cited article, names in capitals.
        cited: The sources that the claim cites.
        others: The other sources of the answer.
        read_article: Gives an article by id and version, where there is an archive.
    """

    def __init__(
        self,
        plain: str,
        cited: Sequence[Source],
        others: Sequence[Source] = (),
        read_article: Callable[[str, int], Article] | None = None,
    ) -> None:
        self.plain = plain
        self.cited = tuple(cited)
        outlets = [source.evidence.outlet for source in cited if source.evidence.outlet]
        self.body = restore_capitals(strip_credit(plain, outlets), cited)
        self.others = tuple(others)
        self.read_article = read_article

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of the claim's body."""
        return tuple(split_words(self.body))

    @cached_property
    def told(self) -> tuple[Word, ...]:
        """The words that must be covered by the source.

        Left out are dates, because a claim may write one out where the source says "Tuesday", and what the
        source does not have of words of reporting ("told reporters") and of the names of those who speak
        in it ("Ned Cole said" where it goes on with "he said"): who said it is checked apart.
        """
        dated = {position for date in read_dates(self.body) for position in range(date.start, date.end)}
        credit = _REPORTING | {
            word.stem
            for speaker in {
                quote.speaker for source in self.cited for quote in source.quotes if quote.speaker
            }
            for word in split_words(speaker)
        }
        return tuple(
            word
            for word in self.words
            if word.start not in dated
            and (word.stem not in credit or any(word.stem in source.stems for source in self.cited))
        )

    @cached_property
    def sentence(self) -> str | None:
        """The one sentence of the cited text that the claim follows closely; None where there is none.

        Names and numbers are left out of the comparison: it is they that are then compared.
        """
        taken = {
            position
            for unit in self.units
            if not isinstance(unit.value, Word)
            for position in range(unit.value.start, unit.value.end)
        }
        stems = {word.stem for word in self.told if word.content and word.start not in taken}
        if len(stems) < _FEWEST_FOLLOWED:
            return None
        best, covered = None, _CLOSELY * len(stems)
        for source in self.cited:
            for span, present in zip(source.sentences, source.sentence_stems, strict=True):
                shared = len(stems & present)
                if shared >= covered and (best is None or shared > covered):
                    best, covered = source.evidence.text[span.start : span.end], float(shared)
        return best

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """What the claim puts in quotation marks."""
        return tuple(find_quotations(self.plain))

    @cached_property
    def weights(self) -> dict[str, float]:
        """Weight of each distinct content stem of the claim: rarer in the cited text is heavier."""
        total = sum(len(source.sentences) for source in self.cited)
        weights = {}
        for stem in dict.fromkeys(word.stem for word in self.told if word.content):
            found = sum(stem in stems for source in self.cited for stems in source.sentence_stems)
            weights[stem] = math.log(1 + (total + 1) / (found + 1))
        return weights

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """The windows that cover the claim's content words, the best first; empty without any overlap."""
        missing = dict(self.weights)
        whole = sum(missing.values())
        chosen: list[Window] = []
        while len(chosen) < _MOST_WINDOWS:
            gain, window = self._best_window(missing)
            if window is None or (chosen and gain < _SECOND_WINDOW_GAIN * whole):
                break
            chosen.append(window)
            missing = {stem: weight for stem, weight in missing.items() if stem not in window.stems}
        return tuple(chosen)

    @cached_property
    def related(self) -> tuple[str, ...]:
        """Further sentences of the cited text that share enough of the claim's content words."""
        whole = sum(self.weights.values())
        in_windows = {
            (id(window.source), number)
            for window in self.windows
            for number in range(window.first_sentence, window.end_sentence)
        }
        return tuple(
            source.evidence.text[span.start : span.end]
            for source in self.cited
            for number, span in enumerate(source.sentences)
            if (id(source), number) not in in_windows
            and sum(w for stem, w in self.weights.items() if stem in source.sentence_stems[number])
            >= _RELATED_SHARE * whole
            > 0
        )

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The words that are aligned, with names, numbers and dates as one unit each.

        Left out is ``According to Hale,`` where the source credits in other words: such words have no
        counterpart, and what they are aligned with would be chance.
        """
        if any("according to" in source.evidence.text.casefold() for source in self.cited):
            return split_units(self.body)
        return split_units(_ACCORDING_LAST.sub("", _ACCORDING_FIRST.sub("", self.body)) or self.body)

    @cached_property
    def window_units(self) -> tuple[Unit, ...]:
        """The units of the best window; empty without one."""
        return split_units(self.windows[0].text) if self.windows else ()

    @cached_property
    def blocks(self) -> tuple[tuple[int, int, int], ...]:
        """Aligned stretches as (index in the window's units, index in the claim's, length)."""
        return align(self.window_units, self.units)

    @cached_property
    def pairs(self) -> tuple[tuple[Unit, Unit], ...]:
        """Names, numbers and dates of the claim with those at the same place of the window.

        A place is the same when the aligned stretch has a content word, two words of grammar, or a name,
        number or date besides that is the same; or when such a stretch follows after a word of grammar.
        """
        found = []
        fixed = [self._is_fixed(block) for block in self.blocks]
        for place, (window_start, claim_start, length) in enumerate(self.blocks):
            stretch = self.units[claim_start : claim_start + length]
            if fixed[place] or (fixed[place + 1 : place + 2] == [True] and self._is_joined(place)):
                found += [
                    (self.units[claim_start + step], self.window_units[window_start + step])
                    for step in range(length)
                    if not isinstance(stretch[step].value, Word)
                ]
        return tuple(found)

    def _is_fixed(self, block: tuple[int, int, int]) -> bool:
        """Whether an aligned stretch says by itself that it tells the same place."""
        window_start, claim_start, length = block
        stretch = self.units[claim_start : claim_start + length]
        context = [unit for unit in stretch if isinstance(unit.value, Word)]
        equal = any(
            self.units[claim_start + step].text == self.window_units[window_start + step].text
            for step in range(length)
            if not isinstance(stretch[step].value, Word)
        )
        return len(context) >= 2 or any(unit.content for unit in context) or equal

    def _is_joined(self, place: int) -> bool:
        """Whether a stretch of more than one unit is parted from the next one by a word of grammar only."""
        window_start, claim_start, length = self.blocks[place]
        next_window, next_claim, _ = self.blocks[place + 1]
        between = [
            *self.window_units[window_start + length : next_window],
            *self.units[claim_start + length : next_claim],
        ]
        return length > 1 and len(between) == 1 and not between[0].content

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Where the claim parts from its best window."""
        gaps, window_end, claim_end = [], 0, 0
        for window_start, claim_start, length in (
            *self.blocks,
            (len(self.window_units), len(self.units), 0),
        ):
            if window_start > window_end or claim_start > claim_end:
                gaps.append(
                    Gap(
                        self.units[claim_end:claim_start],
                        self.window_units[window_end:window_start],
                        claim_end,
                        window_end,
                    )
                )
            window_end, claim_end = window_start + length, claim_start + length
        return tuple(gaps)

    @cached_property
    def score(self) -> float:
        """How well the cited text covers the claim's words, 0 to 1 (see `alignment_score`)."""
        return alignment_score(self)

    def _best_window(self, weights: dict[str, float]) -> tuple[float, Window | None]:
        """The window of greatest weight; of equals the one whose word pairs fit, the shorter, the first.

        Pairs of content words first, then those of all words, which part "did not go" from "was to go".
        """
        pairs, told = _pairs(self.told), frozenset(pairwise(word.stem for word in self.told))
        best: tuple[tuple[float, int, int, int], Window] | None = None
        for source in self.cited:
            stems = source.sentence_stems
            shared = [frozenset(weights) & sentence for sentence in stems]
            for first in range(len(stems)):
                for end in range(first + 1, min(first + _WINDOW_SENTENCES, len(stems)) + 1):
                    if not shared[first] or not shared[end - 1]:
                        continue
                    gain = round(sum(weights[stem] for stem in sorted(shared[first] | shared[end - 1])), 9)
                    if best is not None and gain < best[0][0]:
                        continue
                    window = Window(source, first, end)
                    in_row = frozenset(pairwise(word.stem for word in window.words))
                    rank = (gain, len(pairs & _pairs(window.words)), len(told & in_row), -len(window.words))
                    if best is None or rank > best[0]:
                        best = (rank, window)
        return (best[0][0], best[1]) if best else (0.0, None)


def restore_capitals(claim: str, cited: Sequence[Source]) -> str:
    """Writes the names of a claim that is all in lower case as its sources write them."""
    if any(character.isupper() for character in claim[1:]):
        return claim
    names: dict[str, str] = {}
    common: set[str] = set()
    for source in cited:
        opening = {source.words[first].start for first, end in source.sentence_words if first < end}
        for word in source.words:
            if not word.capital:
                common.add(word.text)
            elif word.start not in opening:
                names.setdefault(word.text.casefold(), word.text)
    return _LOWER_WORD.sub(
        lambda match: match[0] if match[0] in common else names.get(match[0], match[0]), claim
    )


def split_units(text: str) -> tuple[Unit, ...]:
    """Splits a text into units: dates, numbers and names whole, and the words between them. Linear time."""
    taken = bytearray(len(text))
    units: list[tuple[int, Unit]] = []
    for key, mentions in (
        ("<date>", read_dates(text)),
        ("<number>", read_numbers(text)),
        ("<name>", find_names(text)),
    ):
        for mention in mentions:
            if 1 not in taken[mention.start : mention.end]:
                taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
                units.append((mention.start, Unit(key, text[mention.start : mention.end], True, mention)))
    units += [
        (word.start, Unit(word.stem, word.text, word.content, word))
        for word in split_words(text)
        if 1 not in taken[word.start : word.end]
    ]
    return tuple(unit for _, unit in sorted(units, key=lambda found: found[0]))


def align(window: Sequence[Unit], claim: Sequence[Unit]) -> tuple[tuple[int, int, int], ...]:
    """Aligns two sequences, longest common stretches first (Ratcliff and Obershelp).

    Returns:
        Stretches as (index in `window`, index in `claim`, length), in order.
    """
    window, claim = window[:_LONGEST_ALIGNED], claim[:_LONGEST_ALIGNED]
    matcher = SequenceMatcher(
        None, [unit.key for unit in window], [unit.key for unit in claim], autojunk=False
    )
    blocks = [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]
    return tuple(_drop_strays(blocks, claim))


def _drop_strays(blocks: list[tuple[int, int, int]], claim: Sequence[Unit]) -> list[tuple[int, int, int]]:
    """Drops single matches that go straight on in the claim but stand far ahead in the window.

    Where "turned it down" became "turned it up", an "up" in the next sentence is not its counterpart.
    """
    kept: list[tuple[int, int, int]] = []
    for window_start, claim_start, length in blocks:
        if kept and length <= _STRAY_LENGTH:
            last_window, last_claim, last_length = kept[-1]
            follows = claim_start - (last_claim + last_length) <= 1
            far = window_start - (last_window + last_length) > _STRAY_DISTANCE
            if follows and far and sum(u.content for u in claim[claim_start : claim_start + length]) <= 1:
                continue
        kept.append((window_start, claim_start, length))
    return kept


def alignment_score(comparison: Comparison) -> float:
    """How much of the claim's wording the cited text has, 0 to 1.

    Half of it is the share of the claim's content words that stand anywhere in the cited text, a quarter the
    weighted share that its windows have, a quarter the share of its pairs of neighbouring content words that
    they have. A claim without content words scores 1 where it stands in a source word for word, else 0.

    The shares were chosen by AUROC on the shared halves of QAGS, XSumFaith, CLIFF and HaluEval, where each
    part alone is worse: words anywhere miss what is put together wrongly, pairs miss what is told anew.
    """
    weights = comparison.weights
    total = sum(weights.values())
    if not total or not comparison.windows:
        row = f" {' '.join(word.stem for word in comparison.words)} "
        return float(any(row in source.row for source in comparison.cited))
    everywhere = frozenset().union(*(source.stems for source in comparison.cited))
    anywhere = len(everywhere.intersection(weights)) / len(weights)
    stems = frozenset().union(*(window.stems for window in comparison.windows))
    words = sum(weight for stem, weight in weights.items() if stem in stems) / total
    claim_pairs = _pairs(comparison.told)
    window_pairs = frozenset().union(*(_pairs(window.words) for window in comparison.windows))
    pairs = len(claim_pairs & window_pairs) / len(claim_pairs) if claim_pairs else words
    return (2 * anywhere + words + pairs) / 4


def _pairs(words: Sequence[Word]) -> frozenset[tuple[str, str]]:
    """Neighbouring content words, function words between them skipped."""
    content = [word.stem for word in words if word.content]
    return frozenset(pairwise(content))
