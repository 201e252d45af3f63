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

_WORD_BEFORE = r"(?:sources?|passages?|documents?|docs?|refs?|references?|articles?|ids?|evidence|note)"
_NUMBER = rf"(?:{_WORD_BEFORE}[\s:.#]{{0,3}})?[\^#]?\d{{1,9}}"
_NUMBERS = rf"{_NUMBER}(?:\s{{0,3}}(?:,|;|&|and|to|[-–—])\s{{0,3}}{_NUMBER})*"
_MARKER = re.compile(
    rf"""
    `?\[{{1,2}}\s?(?P<square>{_NUMBERS})\s?\]{{1,2}}(?:\([^()\s]{{0,500}}\))?`?   # [1], [[1]], [1](address)
    | 【\s?(?P<lens>{_NUMBERS})(?:†[^】\n]{{0,80}})?\s?】                          # 【1】, 【1†source】
    | (?:(?<=[.,;:!?"”’')\]»])|(?<=[^\W\d_]{{4}}))
      (?:\^(?P<caret>\d{{1,3}})\b\^? | (?P<superscript>[⁰¹²³⁴-⁹]{{1,3}}))         # said.^1  said.¹
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNFINISHED_MARKER = re.compile(r"`?[\[【][^\]】\n]{0,80}\Z")
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
_CLOSERS = re.compile(r"[\"'”’»)\]*_]*")
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
    return [
        (match.start(), match.end(), numbers) for match in _MARKER.finditer(text) if (numbers := _read(match))
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


_OPEN_QUOTATION = -1
"""What `_next_boundary` returns when a quotation mark is never closed."""


def _next_boundary(
    text: str, start: int, *, markers_first: bool, mind_quotations: bool, final: bool
) -> int | None:
    prefix = _BLOCK_PREFIX.match(text, start)
    position = prefix.end() if prefix else start
    first_word = position
    depth, straight = 0, False
    while event := _EVENT.search(text, position):
        sign, position = event[0], event.end()
        is_open = mind_quotations and (depth > 0 or straight)
        if is_open and event.start() - start > _LONGEST_QUOTATION:
            return _OPEN_QUOTATION
        if sign == "\n":
            boundary = _boundary_at_newline(text, start, event.start(), is_open=is_open, final=final)
            if boundary is None:
                return None
            if boundary:
                return _OPEN_QUOTATION if is_open else _trim_end(text, start, event.start())
            line_start = _skip_blanks(text, position)
            if "\n" in text[position:line_start]:
                depth, straight = 0, False  # the next paragraph opens the quotation anew
            position = line_start
        elif sign == '"':
            straight = not straight and not text[event.start() - 1 : event.start()].isdigit()
        elif sign in "“„«":
            depth += 1
        elif sign in "”»":
            depth = max(0, depth - 1)
        elif event.start() > first_word:
            after = _skip_closers(text, position)
            run_end = _skip_closers(text, _run_of_markers(text, after))
            if is_open and _still_open(text[position:run_end], depth, straight=straight):
                continue
            boundary_end = _boundary_at_terminal(
                text, start, sign, after, markers_first=markers_first, final=final
            )
            if boundary_end is None:
                return None
            if boundary_end > 0:
                return boundary_end
    if not final:
        return None
    if mind_quotations and (depth > 0 or straight):
        return _OPEN_QUOTATION
    return len(text.rstrip())


def _still_open(closers: str, depth: int, *, straight: bool) -> bool:
    if '"' in closers:
        straight = not straight
    return straight or depth > sum(sign in "”»" for sign in closers)


def _boundary_at_newline(text: str, start: int, newline: int, *, is_open: bool, final: bool) -> bool | None:
    """Whether the line break at `newline` ends the claim; None when the next line is not known yet."""
    following = _NEXT_WORD.match(text, newline)
    if following is None:
        return True if final else None
    between = text[newline : following.start(1)]
    if between.count("\n") > 1 and not is_open:
        return True
    line_start = following.start(1) - (len(between) - between.rfind("\n") - 1)
    if _STARTS_BLOCK.match(text, line_start):
        return True
    if between.count("\n") > 1:
        # A quotation of several paragraphs opens each of them anew.
        return following[1][0] not in '"“„«'
    if _run_of_markers(text, following.start(1)) > following.start(1):
        return True
    if is_open:
        return False
    line = text[max(start, text.rfind("\n", start, newline) + 1) : newline].rstrip()
    if _ENDS_LINE.search(line) or _ends_with_marker(line):
        return True
    return len(line) < _WRAPPED_LINE and not following[1][0].islower()


def _boundary_at_terminal(
    text: str, start: int, sign: str, after: int, *, markers_first: bool, final: bool
) -> int | None:
    """Where the claim ends if the full stop before `after` ends it, 0 if it does not, None if unknown."""
    run_end = after if markers_first else _run_of_markers(text, after)
    if run_end > after:  # he left [1]." and he left.[1]"
        run_end = _skip_closers(text, run_end)
    rest = text[run_end : run_end + 1]
    if not rest:
        return len(text.rstrip()) if final else None
    if not final and _UNFINISHED_MARKER.search(text, max(run_end, len(text) - _LONGEST_MARKER)):
        return None
    if not rest.isspace() and sign[-1] not in _SELF_CONTAINED_TERMINAL and run_end == after:
        return 0
    if "\n" in text[run_end : _skip_blanks(text, run_end)]:
        return 0 if _NEXT_WORD.match(text, run_end) else (run_end if final else None)
    following = _NEXT_WORD.match(text, _run_of_markers(text, run_end))
    if following is None:
        return len(text.rstrip()) if final else None
    before = _remove_markers(text[max(start, after - _LONGEST_CONTEXT) : after], None)
    word = following[1]
    return run_end if _is_boundary(before, word) else 0


def _is_boundary(before: str, word: str) -> bool:
    """Whether the sentence splitter ends a sentence between `before` and the next word."""
    before = before.rstrip()
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
    written = match["square"] or match["lens"] or match["caret"] or match["superscript"] or ""
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
