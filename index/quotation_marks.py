"""Where quotation marks open and close.

News is full of marks that are none: apostrophes, inches, a mark forgotten by the typist or lost by a
page. The rules here look at a mark's neighbours and at whether a quotation is open, paragraph by
paragraph, so that one lost mark never turns the rest of an article inside out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.sentences import split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.types import Span

_MARK = re.compile(r"''|``|[\"“”„‟«»‘’‚'`]")
_ELISION = re.compile(r"(?:\d0s|\d\ds?\b|[Tt]is\b|[Tt]was\b|[Ee]m\b|[Tt]il\b|[Cc]ause\b|[Nn]\b|[Rr]ound\b)")
_SENTENCE_END = re.compile(r"[.!?…](?=\s+[A-Z\"“«])")
_OPENS_AFTER = frozenset(" \t\n\u00a0\u202f([{<—–-/:…*\u200b")
_FAMILY = {"''": "double", "``": "double", '"': "double", "“": "double", "”": "double", "„": "double"} | {
    "‟": "double", "«": "guillemet", "»": "guillemet"} | dict.fromkeys("‘’‚'`", "single")  # fmt: skip

_STRAIGHT = frozenset(('"', "''"))
_CURLY_CLOSES = frozenset("”")
_OPENS_ONLY = frozenset(("“", "«", "``", "„"))

_REACH = 60
"""How many marks ahead the close of a quotation is looked for: keeps the time linear."""

Family = Literal["double", "guillemet", "single"]


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between an opening and a closing mark, in one paragraph."""

    start: int
    """Offset of the opening mark."""
    end: int
    """Offset after the closing mark, or after the last word where the mark is missing."""
    inner_start: int
    """Offset of the first quoted character."""
    inner_end: int
    """Offset after the last quoted character; white space at both ends is left out."""
    family: Family
    closed: bool
    """False where no closing mark stands in the paragraph."""
    continues: bool
    """True where the quotation goes on from the paragraph before, which was left open for it."""


def find_quotations(text: str) -> list[Quotation]:
    """Finds the outermost quotations of a text.

    Args:
        text: Any text; paragraphs are parted by a blank line.

    Returns:
        Quotations in text order that do not overlap. Marks nested in a quotation belong to it.
    """
    found: list[Quotation] = []
    open_family: Family | None = None
    for paragraph in split_paragraphs(text):
        marks = [(m.start(), m.end(), m[0]) for m in _MARK.finditer(text, *paragraph)]
        if not marks:
            open_family = None
            continue
        quotations = list(_find_in_paragraph(text, paragraph, marks))
        if quotations:
            first = quotations[0]
            if first.start == paragraph.start and first.family == open_family:
                quotations[0] = Quotation(
                    first.start,
                    first.end,
                    first.inner_start,
                    first.inner_end,
                    first.family,
                    first.closed,
                    True,
                )
            last = quotations[-1]
            open_family = last.family if not last.closed and last.end == paragraph.end else None
            found.extend(quotations)
        else:
            open_family = None
    return found


def _find_in_paragraph(text: str, paragraph: Span, marks: list[tuple[int, int, str]]) -> Iterator[Quotation]:
    """Walks over the marks of one paragraph, from one outermost quotation to the next."""
    position = 0
    while position < len(marks):
        family = _FAMILY[marks[position][2]]
        if not _can_open(text, paragraph, marks[position]):
            position += 1
            continue
        if family == "single":
            close = _find_single_close(text, paragraph, marks, position)
            if close is None:
                position += 1
                continue
            following = close + 1
        else:
            close, following = _find_close(text, paragraph, marks, position)
        quotation = _make(text, paragraph, marks, (position, close, following))
        if quotation is not None:
            yield quotation
        position = following


def _make(
    text: str, paragraph: Span, marks: list[tuple[int, int, str]], found: tuple[int, int | None, int]
) -> Quotation | None:
    """Builds a quotation from the indices of its opening, closing and next mark; None when it is empty."""
    opened, close, following = found
    start, inner_start, mark = marks[opened]
    if close is not None:
        inner_end, end = marks[close][0], marks[close][1]
    else:
        inner_end = end = marks[following][0] if following < len(marks) else paragraph.end
        at_start = start == paragraph.start or text[paragraph.start : start].rstrip().endswith((":", ","))
        if not at_start or following < len(marks):
            stop = _SENTENCE_END.search(text, inner_start, inner_end)
            inner_end = end = stop.end() if stop else inner_end
    inner = text[inner_start:inner_end]
    stripped = inner.strip()
    if not stripped:
        return None
    inner_start += len(inner) - len(inner.lstrip())
    inner_end = inner_start + len(stripped)
    end = end if close is not None else inner_end
    family: Family = _FAMILY[mark]  # type: ignore[assignment]  # the table's values are the Literal's
    return Quotation(start, end, inner_start, inner_end, family, close is not None, False)


def _can_open(text: str, paragraph: Span, mark: tuple[int, int, str]) -> bool:
    """Whether a mark can open a quotation, by its form and its neighbours."""
    start, end, form = mark
    if end >= paragraph.end:
        return False
    before = text[start - 1] if start > paragraph.start else " "
    spaced = text[end] in " \t\n\u00a0\u202f"
    if form in _OPENS_ONLY:
        return True
    if form in ("'", "’", "‘", "‚", "`"):
        if form == "’" or spaced or not (before in _OPENS_AFTER or before in '“"«'):
            return False
        return not _ELISION.match(text, end)
    # Straight, doubled, low-high and reversed marks open where a word begins.
    return not spaced and (
        before in _OPENS_AFTER or (form in _STRAIGHT and before in ",;.?!" and text[end].isalnum())
    )


def _find_close(
    text: str, paragraph: Span, marks: list[tuple[int, int, str]], opened: int
) -> tuple[int | None, int]:
    """Finds the mark that closes a double quotation.

    Returns:
        The index of the closing mark, or None, and the index of the mark to go on from.
    """
    opening = marks[opened][2]
    family = _FAMILY[opening]
    straight = opening in _STRAIGHT
    later = {form for _, _, form in marks[opened + 1 : opened + _REACH]}
    same_style = _STRAIGHT if straight else _CURLY_CLOSES
    depth = 0
    if straight and _holds_curly_pairs(marks, opened):
        return None, len(marks)
    for index in range(opened + 1, len(marks)):
        start, end, form = marks[index]
        if _FAMILY[form] != family:
            continue
        if family == "double" and (form in _STRAIGHT) != straight and not later.isdisjoint(same_style):
            continue
        before = text[start - 1]
        at_end = end >= paragraph.end
        if form in _OPENS_ONLY and not (opening == "„" and form == "“") and opening != "»":
            if form == "“" and not at_end and text[end].isspace() and not before.isspace():
                return index, index + 1
            if _closes_later(marks, index, family):
                depth += 1
                continue
            return None, index
        if form in _STRAIGHT and before.isspace() and not at_end and not text[end].isspace():
            return None, index
        if depth:
            depth -= 1
            continue
        return index, index + 1
    return None, len(marks)


def _holds_curly_pairs(marks: list[tuple[int, int, str]], opened: int) -> bool:
    """Whether after a straight mark come curly pairs and no straight one: a paragraph that is left open."""
    later = [form for _, _, form in marks[opened + 1 : opened + _REACH] if _FAMILY[form] == "double"]
    return bool(later) and later == ["“", "”"] * (len(later) // 2)


def _closes_later(marks: list[tuple[int, int, str]], index: int, family: str) -> bool:
    """Whether a second opening mark is nested: two closing marks follow before the next opening."""
    closes = 0
    for _, _, form in marks[index + 1 : index + 12]:
        if _FAMILY[form] != family:
            continue
        if form in _OPENS_ONLY:
            return False
        closes += 1
        if closes == 2:
            return True
    return False


def _find_single_close(
    text: str, paragraph: Span, marks: list[tuple[int, int, str]], opened: int
) -> int | None:
    """Finds the close of a single mark among apostrophes: after punctuation first, else after a word."""
    weak: int | None = None
    for index in range(opened + 1, min(len(marks), opened + 1 + _REACH)):
        start, end, form = marks[index]
        if form not in ("'", "’", "`"):
            if _FAMILY[form] != "single":
                return weak
            continue
        follows_word = end < paragraph.end and text[end].isalnum()
        if follows_word or text[start - 1].isspace():
            continue
        if text[start - 1] != "s":
            return index
        if weak is None:
            weak = index
    return weak
