"""A text's sentences with exact offsets.

sentencex finds the boundaries inside a paragraph; this module owns what sentencex does not promise:
sentences never run over a blank line or a deliberate line break, every non-blank character lies in
exactly one of them, offsets are checked against the text, and the time is linear on any input.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n(?![^\S\n]*(?:\n|\Z))[^\n]*)*")
_LINE = re.compile(r"[^\n]+")
_FIRST_WORD = re.compile(r"\s*(\S+)")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*\s*\Z")
_STARTS_ITEM = re.compile(r"\s*(?:[-–—*•·▪‣]\s|\d{1,3}[.)]\s|[“\"«„])")

_ABBREVIATION = re.compile(r"(?:^|[\s(“\"])(?:Ms|Messrs|Ft|Mt|Mass|Md|Wash|Ph\.D|Atty|Govs|approx)\.\s*\Z")
"""Abbreviations before a name or in a dateline of English news at which sentencex 1.0.32 ends a sentence."""

_SHORTEST_WRAPPED_LINE = 40
_LONGEST_WRAPPED_LINE = 120
"""Plain text is wrapped at 60 to 100 columns; narrower lines are lists or verse, wider ones paragraphs."""

_LONGEST_STRETCH = 4_000
"""Code points given to sentencex at once. Its time grows with the square of a stretch of unclosed
quotation marks (1.1 s for 160,000 characters, measured with 1.0.32), so a stretch is bounded; of 252,000
news paragraphs (PolNeAR, RealTime QA) 14 are longer."""


def split_sentences(text: str, language: str | None = "en") -> list[Span]:
    """Splits a text into sentences.

    Args:
        text: Any text; paragraphs are parted by a blank line.
        language: ISO 639-1 code; None is read as English.

    Returns:
        Spans in text order, without white space at their ends. They never overlap, and every
        non-blank character lies in exactly one.
    """
    sentences: list[Span] = []
    for block in split_paragraphs(text):
        for start, end in _cut_lines(text, block):
            for stretch in _bound(text, start, end):
                sentences.extend(_split_stretch(text, stretch, language or "en"))
    return sentences


def split_paragraphs(text: str) -> list[Span]:
    """Splits a text at blank lines; spans carry no white space at their ends."""
    spans = (_trim(text, *match.span()) for match in _PARAGRAPH.finditer(text))
    return [span for span in spans if span is not None]


def _cut_lines(text: str, block: Span) -> Iterator[Span]:
    """Cuts a paragraph at the line breaks that somebody meant, keeping those that only wrap a line."""
    lines = [match.span() for match in _LINE.finditer(text, *block)]
    widest = max(end - start for start, end in lines)
    start = lines[0][0]
    for line, following in itertools.pairwise(lines):
        if not _wraps(text, line, following, widest) or (len(lines) == 2 and not _continues(text, following)):
            yield Span(start, line[1])
            start = following[0]
    yield Span(start, lines[-1][1])


def _wraps(text: str, line: tuple[int, int], following: tuple[int, int], widest: int) -> bool:
    """Whether the break after `line` is only there because the next word did not fit."""
    if not _SHORTEST_WRAPPED_LINE <= widest <= _LONGEST_WRAPPED_LINE:
        return False
    if _ENDS_SENTENCE.search(text, max(line[0], line[1] - 8), line[1]) or _STARTS_ITEM.match(
        text, *following
    ):
        return False
    word = _FIRST_WORD.match(text, *following)
    return word is not None and line[1] - line[0] + 1 + len(word[1]) > widest


def _continues(text: str, line: tuple[int, int]) -> bool:
    """Whether a line starts in lower case, as the rest of a wrapped sentence mostly does."""
    word = _FIRST_WORD.match(text, *line)
    return word is not None and word[1][0].islower()


def _bound(text: str, start: int, end: int) -> Iterator[Span]:
    """Cuts an overlong stretch at white space (or anywhere, where there is none)."""
    while end - start > _LONGEST_STRETCH:
        cut = start + _LONGEST_STRETCH
        space = max(text.rfind(" ", start + _LONGEST_STRETCH // 2, cut), text.rfind(". ", start, cut) + 1)
        cut = space if space > start else cut
        yield Span(start, cut)
        start = cut
    yield Span(start, end)


_INITIALS = re.compile(r"[A-Z]\.(?=[A-Z]\.)")
"""An initial with another one right after it: R-S.C."""


def _split_stretch(text: str, stretch: Span, language: str) -> Iterator[Span]:
    """Splits one stretch with sentencex and checks what it returns against the text."""
    from sentencex import get_sentence_boundaries

    piece = text[stretch.start : stretch.end]
    done = 0
    first = 0
    for boundary in get_sentence_boundaries(language, piece):
        start, end = boundary["start_index"], boundary["end_index"]
        if start != done or piece[start:end] != boundary["text"]:
            break
        done = end
        if _ABBREVIATION.search(piece, max(first, end - 12), end) or _INITIALS.match(piece, max(0, end - 2)):
            continue
        span = _trim(text, stretch.start + first, stretch.start + end)
        first = end
        if span is not None:
            yield span
    rest = _trim(text, stretch.start + first, stretch.end)
    if rest is not None:
        yield rest


def _trim(text: str, start: int, end: int) -> Span | None:
    """Drops white space at both ends; None when nothing is left."""
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + len(stripped))
