"""A draft's claims: its sentences with exact spans and the evidence numbers each one cites.

Models mark a citation as ``[1]``, ``[1, 2]``, ``[1-3]``, ``【1】``, ``[^1]``, ``^1``, ``[Source 1]`` or with
a superscript, before the full stop or after it, in tables, lists and on a line of their own. All of that is
read here, and no text is lost: every non-blank character of the draft lies in exactly one claim.

The scanner decides a boundary from the text up to the next complete word and never later, so that a draft
arriving in pieces (`ClaimSplitter`) gives the same claims as the whole (`split_claims`). Its time is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD_BEFORE = (
    r"(?:sources?|passages?|documents?|docs?|refs?|references?|articles?|ids?|evidence|note|citations?|cite"
    r"|no|s)"
)
_NUMBER = rf"(?:{_WORD_BEFORE}[\s:.#_]{{0,3}})?[\^#]?\d{{1,9}}"
_NUMBERS = rf"{_NUMBER}(?:\s{{0,3}}(?:,|;|&|and|to|[-–—])\s{{0,3}}{_NUMBER})*"
_MARKER = re.compile(
    rf"""
    (?:<sup>)?`?\[{{1,2}}\s?(?P<square>{_NUMBERS})\s?\]{{1,2}}(?:\([^()\s]{{0,500}}\))?`?(?:</sup>)?
                                                                                  # [1], [[1]], [1](address)
    | ［\s?(?P<wide>{_NUMBERS})\s?］                                             # ［1］
    | \((?P<round>(?:sources?|passages?|documents?)\s\#?\d{{1,3}}(?:\s?(?:,|;|&|and)\s?\#?\d{{1,3}})*)\)
    | <sup>(?P<raised>\d{{1,3}})</sup>
    | 【\s?(?P<lens>{_NUMBERS})(?:†[^】\n]{{0,80}})?\s?】                          # 【1】, 【1†source】
    | (?:(?<=[.,;:!?"”’')\]»])|(?<=[^\W\d_]{{4}}))
      (?:\^(?P<caret>\d{{1,3}})\b\^? | (?P<superscript>[⁰¹²³⁴-⁹]{{1,3}}))         # said.^1  said.¹
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INLINE_CODE = re.compile(r"`[^`\n]{1,200}`")
_UNFINISHED_MARKER = re.compile(r"(?:<sup>)?`?[\[【［(][^\]】］)\n]{0,80}\Z|<[sup>\d]{0,8}\Z")
_BETWEEN_MARKERS = re.compile(r"\s*(?:,|;|and|&)\s*")
_RANGE = re.compile(r"(\d+)\s*(?:[-–—]|to)\s*\D{0,12}?(\d+)|(\d+)", re.IGNORECASE)
_LONGEST_MARKER = 100
"""Code points of an unfinished marker at the end of what has arrived; a longer bracket is prose."""
_WIDEST_RANGE = 50
"""A range names neighbouring passages; of a wider one only its ends are kept."""
_YEARS = range(1900, 2100)
"""``[2016]`` is a reporter's insertion, not a citation."""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_BLOCK_PREFIX = re.compile(r"[^\S\n]*(?:(?:[-*+•·–]|\d{1,3}[.)]|#{1,6}|>)[^\S\n]+)*")
_STARTS_BLOCK = re.compile(r"[^\S\n]*(?:[-*+•·–][^\S\n]|\d{1,3}[.)][^\S\n]|#{1,6}[^\S\n]|>|\||```|~~~)")
_FENCE = re.compile(r"[^\S\n]*(```|~~~)")
_EVENT = re.compile(r"[\"“”„«»\n]|[.!?…。！？؟।]+")
_CLOSERS = re.compile(r"(?:[\"'”’»)\]*_]|“(?=\s|\Z|\[)|[ \u00a0\u202f]»)*")
_ENDS_LINE = re.compile(r"[.!?…:;。！？؟।][\"'”’»)\]*_]*\Z")
_CLOSING_SIGN = re.compile(r"\s*(?:\Z|[.,;:!?”’»)]|[\"'](?!\w))")
_NEXT_WORD = re.compile(r"\s*(\S+)")
_WORD = re.compile(r"[^\W_]")
_SELF_CONTAINED_TERMINAL = frozenset("。！？")
"""Ends a sentence without a blank after it."""

_LONGEST_CONTEXT = 120
"""Code points before a possible boundary that the sentence splitter is shown."""
_LONGEST_QUOTATION = 4_000
"""Code points after which an unclosed quotation mark no longer holds a claim together."""
_WRAPPED_LINE = 60
"""A line at least this long may go on in the next one without having ended its sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftClaim:
    """One sentence of a draft, one row of a table, or one block of code."""

    start: int
    """Start of the claim in the draft, 0-based, in code points."""
    end: int
    """End of the claim, exclusive; markers that follow the full stop are inside."""
    text: str
    """Exactly ``draft[start:end]``."""
    plain: str
    """`text` without markers, list signs and the white space they leave."""
    markers: tuple[int, ...]
    """The evidence numbers cited, in order, each once."""


def split_claims(text: str) -> list[DraftClaim]:
    """Splits a draft into claims.

    Returns:
        Claims in text order that do not overlap; every non-blank character lies in exactly one. Text
        without a letter or digit of its own (a lone marker, a rule) belongs to the claim before it, or
        to the first one. A draft that is blank has no claims.
    """
    splitter = ClaimSplitter()
    return [*splitter.feed(text), *splitter.finish()]


def find_markers(text: str) -> list[tuple[int, int, tuple[int, ...]]]:
    """Finds the citation markers of a text as (start, end, evidence numbers), in text order."""
    code = [match.span() for match in _INLINE_CODE.finditer(text)] if "`" in text else []
    return [
        (match.start(), match.end(), numbers)
        for match in _MARKER.finditer(text)
        if (numbers := _read(match)) and not any(start < match.start() < end for start, end in code)
    ]


class ClaimSplitter:
    """Splits a draft that arrives in pieces; gives the same claims as `split_claims` on the whole."""

    def __init__(self) -> None:
        self._pending = ""
        self._offset = 0
        self._held: _Cut | None = None
        self._scanned = 0

    def feed(self, piece: str) -> list[DraftClaim]:
        """Takes the next piece and returns the claims that no later piece can change."""
        self._pending += piece
        # Scanning again only after some growth keeps the whole linear, however small the pieces are.
        if len(self._pending) - self._scanned < 1 + len(self._pending) // 40:
            return []
        self._scanned = len(self._pending)
        return self._take(final=False)

    def finish(self) -> list[DraftClaim]:
        """Returns the claims that are left when the draft has ended."""
        claims = self._take(final=True)
        if self._held is not None:
            claims.append(self._claim(self._held))
            self._held = None
        return claims

    def _take(self, *, final: bool) -> list[DraftClaim]:
        last_blank = max(self._pending.rfind(" "), self._pending.rfind("\n"))
        known = self._pending if final else self._pending[: last_blank + 1]
        start = 0 if self._held is None else self._held.end
        claims = []
        for cut in _cuts(known, start, final=final):
            held = self._held
            if held is not None and cut.has_words and held.has_words:
                claims.append(self._claim(held))
                self._held = cut
            elif held is not None:
                self._held = _Cut(held.start, cut.end, held.has_words or cut.has_words, held.code or cut.code)
            else:
                self._held = cut
        self._forget()
        return claims

    def _claim(self, cut: _Cut) -> DraftClaim:
        text = self._pending[cut.start : cut.end]
        found = [] if cut.code else find_markers(text)
        markers = dict.fromkeys(number for _, _, numbers in found for number in numbers)
        return DraftClaim(
            start=self._offset + cut.start,
            end=self._offset + cut.end,
            text=text,
            plain=_remove_markers(text, found),
            markers=tuple(markers),
        )

    def _forget(self) -> None:
        """Drops the text before the held claim, whose claims have been handed out."""
        if self._held is None or self._held.start == 0:
            return
        done = self._held.start
        self._pending = self._pending[done:]
        self._offset += done
        self._scanned = max(0, self._scanned - done)
        self._held = _Cut(0, self._held.end - done, self._held.has_words, self._held.code)


@dataclass(frozen=True, slots=True)
class _Cut:
    start: int
    end: int
    has_words: bool
    code: bool


def _cuts(text: str, start: int, *, final: bool) -> Iterator[_Cut]:
    """Yields the cuts of `text` from `start` on that are certain; all of them when `final`."""
    while True:
        first = _skip_blanks(text, start)
        if first >= len(text):
            return
        at_line_start = start == 0 or "\n" in text[start:first]
        code = at_line_start and _FENCE.match(text, first) is not None
        end = (
            _fence_end(text, first, final=final)
            if code
            else _sentence_end(text, first, at_line_start=at_line_start, final=final)
        )
        if end is None:
            return
        yield _Cut(first, end, _has_words(text[first:end]), code)
        start = end


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _skip_closers(text: str, position: int) -> int:
    closers = _CLOSERS.match(text, position)
    return closers.end() if closers else position


def _has_words(piece: str) -> bool:
    """Whether anything but markers and list signs is left to state something."""
    return _WORD.search(_remove_markers(piece, find_markers(piece))) is not None


def _line_end(text: str, position: int) -> int | None:
    newline = text.find("\n", position)
    return None if newline < 0 else newline


def _fence_end(text: str, start: int, *, final: bool) -> int | None:
    """End of the fenced block of code that starts at `start`, its closing line included."""
    opening = _FENCE.match(text, start)
    fence = opening[1] if opening else "```"
    closing = text.find("\n" + fence, start + len(fence))
    if closing < 0:
        return len(text.rstrip()) if final else None
    end = _line_end(text, closing + 1)
    if end is None:
        return len(text.rstrip()) if final else None
    return start + len(text[start:end].rstrip())


def _sentence_end(text: str, start: int, *, at_line_start: bool, final: bool) -> int | None:
    """End of the sentence, heading or table row that starts at `start`; None when not certain yet."""
    markers_first = False
    if at_line_start:
        starts_with_marker = _run_of_markers(text, start) > start
        if text[start] == "|" or starts_with_marker:
            end = _line_end(text, start)
            if end is None and not final:
                return None
            line = text[start : len(text) if end is None else end].rstrip()
            if text[start] == "|" or not _has_words(line):
                return start + len(line)
            markers_first = not _ends_with_marker(line)
    holds_quotation = True
    while True:
        end = _next_boundary(
            text, start, markers_first=markers_first, mind_quotations=holds_quotation, final=final
        )
        if end != _OPEN_QUOTATION:
            return end
        holds_quotation = False


_QUOTATION_MARKS = frozenset('"“”„«»')
_OPEN_QUOTATION = -1
"""What `_next_boundary` returns when a quotation mark is never closed."""
_NO_BOUNDARY = 0


@dataclass(slots=True)
class _Marks:
    """Which quotation marks are open while a claim is read."""

    minded: bool
    depth: int = 0
    low: int = 0
    """How many of the open ones opened with a low mark, which a high one closes: ``„...“``."""
    straight: bool = False

    @property
    def open(self) -> bool:
        return self.minded and (self.depth > 0 or self.straight)

    def read(self, sign: str, *, after_digit: bool) -> None:
        """Takes note of a mark; one right after a digit stands for inches."""
        if sign == '"':
            self.straight = not self.straight and not after_digit
        elif sign in "„«" or (sign == "“" and not self.low):
            self.depth += 1
            self.low += sign == "„"
        else:
            self.depth = max(0, self.depth - 1)
            self.low = max(0, self.low - 1)

    def open_after(self, closers: str) -> bool:
        """Whether a quotation is still open after the given closing signs."""
        straight = self.straight != ('"' in closers)
        ends = "”»“" if self.low else "”»"
        return self.minded and (straight or self.depth > sum(sign in ends for sign in closers))


def _next_boundary(
    text: str, start: int, *, markers_first: bool, mind_quotations: bool, final: bool
) -> int | None:
    """End of the claim that starts at `start`; None when not certain yet."""
    prefix = _BLOCK_PREFIX.match(text, start)
    position = first_word = prefix.end() if prefix else start
    marks = _Marks(minded=mind_quotations)
    while event := _EVENT.search(text, position):
        sign, position = event[0], event.end()
        if marks.open and event.start() - start > _LONGEST_QUOTATION:
            return _OPEN_QUOTATION
        end: int | None = _NO_BOUNDARY
        if sign == "\n":
            end = _end_at_newline(text, start, event.start(), marks, final=final)
            position = _skip_blanks(text, position)
        elif sign in _QUOTATION_MARKS:
            marks.read(sign, after_digit=text[event.start() - 1 : event.start()].isdigit())
        elif event.start() > first_word:
            end = _end_at_terminal(text, start, event, marks, markers_first=markers_first, final=final)
        if end != _NO_BOUNDARY:
            return end
    if not final:
        return None
    return _OPEN_QUOTATION if marks.open else len(text.rstrip())


def _end_at_newline(text: str, start: int, newline: int, marks: _Marks, *, final: bool) -> int | None:
    """Where the claim ends if the line break at `newline` ends it."""
    ends = _is_boundary_line(text, start, newline, is_open=marks.open, final=final)
    if ends is None:
        return None
    if ends:
        return _OPEN_QUOTATION if marks.open else _trim_end(text, start, newline)
    if "\n" in text[newline + 1 : _skip_blanks(text, newline)]:
        marks.depth, marks.low, marks.straight = 0, 0, False  # the next paragraph opens the quotation anew
    return _NO_BOUNDARY


def _is_boundary_line(text: str, start: int, newline: int, *, is_open: bool, final: bool) -> bool | None:
    """Whether the line break at `newline` ends the claim; None when the next line is not known yet."""
    following = _NEXT_WORD.match(text, newline)
    if following is None:
        return True if final else None
    word = following.start(1)
    between = text[newline:word]
    new_paragraph = between.count("\n") > 1
    if new_paragraph and is_open:  # a quotation of several paragraphs opens each of them anew
        return text[word] not in '"“„«'
    starts_block = _STARTS_BLOCK.match(text, newline + between.rfind("\n") + 1) is not None
    if new_paragraph or starts_block or _run_of_markers(text, word) > word:
        return True
    line = text[max(start, text.rfind("\n", start, newline) + 1) : newline].rstrip()
    ended = _ENDS_LINE.search(line) is not None or _ends_with_marker(line)
    return not is_open and (ended or (len(line) < _WRAPPED_LINE and not text[word].islower()))


def _end_at_terminal(
    text: str, start: int, event: re.Match[str], marks: _Marks, *, markers_first: bool, final: bool
) -> int | None:
    """Where the claim ends if a full stop ends it; markers and closing signs after it belong to it."""
    after = _skip_closers(text, event.end())
    end = after if markers_first else _run_of_markers(text, after)
    if end > after:  # he left.[1]"
        end = _skip_closers(text, end)
    if marks.open and marks.open_after(text[event.end() : end]):
        return _NO_BOUNDARY
    following = _NEXT_WORD.match(text, end)
    unfinished = _UNFINISHED_MARKER.search(text, max(end, len(text) - _LONGEST_MARKER))
    if following is None or (unfinished and not final):
        return len(text.rstrip()) if final else None
    glued = following.start(1) == end and end == after
    if "\n" in text[end : following.start(1)] or (glued and event[0][-1] not in _SELF_CONTAINED_TERMINAL):
        return _NO_BOUNDARY
    following = _NEXT_WORD.match(text, _run_of_markers(text, end))
    if following is None:
        return len(text.rstrip()) if final else None
    before = _remove_markers(text[max(start, after - _LONGEST_CONTEXT) : after], None)
    return end if _is_boundary(before, following[1]) else _NO_BOUNDARY


def _is_boundary(before: str, word: str) -> bool:
    """Whether the sentence splitter ends a sentence between `before` and the next word."""
    before = before.rstrip().rstrip("*_")  # bold and italic letters end with the sentence
    word = word.lstrip("\"'“‘„«([*_") or "A"
    return any(span.end == len(before) for span in split_sentences(f"{before} {word}", None))


def _run_of_markers(text: str, position: int) -> int:
    """End of the markers that follow `position` on the same line, blanks between them allowed."""
    end = position
    while True:
        blank = end
        while blank < len(text) and text[blank] in " \t\u00a0":
            blank += 1
        match = _MARKER.match(text, blank) or _MARKER.match(text, end)
        if match is None or not _read(match):
            return end
        end = match.end()


def _ends_with_marker(line: str) -> bool:
    tail = line[-120:].rstrip(" \t.,;:!?\"”'’»)*_|")
    return any(end == len(tail) for _, end, _ in find_markers(tail))


def _trim_end(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _read(match: re.Match[str]) -> tuple[int, ...]:
    """The evidence numbers of one marker, in order; empty where it is no citation after all."""
    written = next((found for found in match.groups() if found), "")
    numbers: list[int] = []
    for first, last, single in _RANGE.findall(written.translate(_SUPERSCRIPTS)):
        if single:
            numbers.append(int(single))
            continue
        low, high = sorted((int(first), int(last)))
        numbers.extend(range(low, high + 1) if high - low <= _WIDEST_RANGE else (low, high))
    if len(numbers) == 1 and numbers[0] in _YEARS:
        return ()
    return tuple(dict.fromkeys(numbers))


def _remove_markers(text: str, found: list[tuple[int, int, tuple[int, ...]]] | None) -> str:
    """The text without its markers, the sign that opens its block and the blanks both leave behind."""
    prefix = _BLOCK_PREFIX.match(text)
    position = prefix.end() if prefix else 0
    plain: list[str] = []
    for start, end, _ in find_markers(text) if found is None else found:
        if not (plain and _BETWEEN_MARKERS.fullmatch(text, position, start)):  # [1] and [2]
            _append(plain, text[position:start])
        position = max(position, end)
    _append(plain, text[position:])
    return "".join(plain).strip()


def _append(plain: list[str], piece: str) -> None:
    """Joins what stood around a marker with one blank at most, none before a closing sign."""
    if plain and _CLOSING_SIGN.match(piece):
        plain[-1] = plain[-1].rstrip()
        piece = piece.lstrip()
    elif plain and plain[-1][-1:].isspace():
        piece = piece.lstrip()
    if piece:
        plain.append(piece)
