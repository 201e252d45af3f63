"""Do the words in quotation marks stand in the cited text, exactly?

Compared are words in their order; white space, letter case, dashes and the form of quotation marks do not
count. "..." and "[...]" stand for words left out, within one statement. "[the president]" stands for up to
`_LONGEST_INSERTION` words put in or replaced by the writer. A quotation that its article interrupts inside a
sentence to name the speaker may be joined; two quotations may not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.checks.finding import Finding, join_findings
from assistant.checks.negation import NEGATIONS
from assistant.words import fold
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.alignment import Comparison, Source
    from index.quotation_marks import Quotation

Outcome = Literal["exact", "joined", "cut", "elsewhere", "other_article", "stitched", "altered", "absent"]

_TOKEN = re.compile(r"[^\W_]+(?:[.,:](?=\d)[^\W_]+)*")
_OMISSION = re.compile(r"\[\s*(?:\.\s?\.\s?\.|…)\s*\]|\(\s*(?:\.\s?\.\s?\.|…)\s*\)|\.\s?\.\s?\.(?:\s?\.)?|…")
_INSERTION = re.compile(r"\[([^\[\]\n]{0,120})\]")
_SIC = re.compile(r"\[\s*sic\s*\]", re.IGNORECASE)
_CHANGED_CAPITAL = re.compile(r"\[(\w)\](?=\w)")

_LONGEST_INSERTION = 8
"""Words of the source that one pair of square brackets may stand for."""
_LONGEST_OMISSION = 60
"""Words of the source that one ellipsis may stand for: about two sentences; a wider gap joins statements."""
_LONGEST_INTERRUPTION = 12
"""Words of the source between the parts of an interrupted quotation: ``he told reporters on Monday``."""
_ALTERED = 0.8
"""Share of a quotation's words, in order, that a passage must have for the quotation to be called an
altered one rather than an absent one. It names the failure and does not decide it."""
_WHOLE_SENTENCE = 4
"""Words from which a quotation can be given as a whole sentence; fewer are exclamations."""
_LONGEST_EXPLAINED = 400
"""Words of a failed quotation that are compared to say how it differs."""
_STITCHED_PART = 3
"""Words that a part of a stitched quotation has at least."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of quoted words without a gap, and what may stand before it in the source."""

    words: tuple[str, ...]
    widest_gap: int
    """Words of the source that may lie between the piece before and this one."""


def check_quotation(comparison: Comparison) -> Finding:
    """Checks every quotation of the claim; one that is not exact in a cited span fails."""
    findings = [
        _check_one(quotation, comparison)
        for quotation in comparison.quotations
        if _words(_inner(quotation, comparison.plain))
    ]
    return join_findings("quote", findings, "nothing in quotation marks")


def _check_one(quotation: Quotation, comparison: Comparison) -> Finding:
    quoted = _inner(quotation, comparison.plain)
    pieces = _read_pieces(quoted, [source.evidence.text for source in comparison.cited])
    outcome, where = _look_up(pieces, comparison, whole=_is_whole_sentence(quotation, comparison.plain))
    shown = f"“{quoted}”"
    details = {
        "exact": f"{shown} stands in {where}",
        "joined": f"{shown} stands in {where}, where the speaker is named in between",
        "cut": f"{shown} is given as a whole sentence, which goes on in {where}",
        "elsewhere": f"{shown} stands elsewhere in the article, not in the cited words ({where})",
        "other_article": f"{shown} stands in another source ({where}), not in the cited one",
        "stitched": f"{shown} is put together from parts that do not stand together: {where}",
        "altered": f"{shown} is not what the source says: {where}",
        "absent": f"{shown} does not stand in the cited text",
    }
    passed = outcome in {"exact", "joined"}
    return Finding(
        name="quote",
        passed=passed,
        detail=details[outcome],
        contradicts=outcome in {"cut", "stitched", "altered"},
    )


def _look_up(pieces: list[_Piece], comparison: Comparison, *, whole: bool) -> tuple[Outcome, str]:
    """Where the quotation stands, best case first."""
    for source in comparison.cited:
        place = f"[{source.evidence.marker}]"
        tokens = _Tokens(source.evidence.text)
        spans = tokens.find(pieces)
        if spans is not None:
            if _joins_speakers(source, spans):
                return "stitched", f"the omission in {place} hides that another speaker begins"
            return ("cut" if whole and not tokens.ends_clause(pieces[-1]) else "exact"), place
        if _Tokens(_close_interruptions(source)).find(pieces) is not None:
            return "joined", place
    cited_articles = {source.evidence.article_id for source in comparison.cited}
    for text, place in _rest_of_articles(comparison):
        if _Tokens(text).find(pieces) is not None:
            return "elsewhere", place
    for source in comparison.others:
        if _Tokens(source.evidence.text).find(pieces) is not None:
            same = source.evidence.article_id in cited_articles
            return "elsewhere" if same else "other_article", f"[{source.evidence.marker}]"
    return _explain_failure(pieces, comparison.cited)


def _joins_speakers(source: Source, spans: list[Span]) -> bool:
    """Whether the parts of a quotation with omissions come from statements of different speakers."""
    if len(spans) < 2:
        return False
    offset = source.quotes_offset
    speakers = {
        quote.speaker
        for span in spans
        for quote in source.quotes
        if quote.speaker
        and quote.kind != "indirect"
        and quote.start - offset <= span.start < quote.end - offset
    }
    return len(speakers) > 1


def _is_whole_sentence(quotation: Quotation, text: str) -> bool:
    """Whether a quotation is given as a whole: after a colon, or with a capital, up to a full stop."""
    inner = _inner(quotation, text)
    before = text[: quotation.start].rstrip()
    after = text[quotation.end :].lstrip()[:1]
    introduced = not before or before[-1] in ":,.!?"
    ends = inner[-1:] in ".!?," or after in (".", ",")
    begins = before.endswith(":") or (introduced and inner[:1].isupper())
    return len(inner.split()) >= _WHOLE_SENTENCE and begins and ends


def _rest_of_articles(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """The full texts of the cited articles, each once, where they can be read."""
    if comparison.read_article is None:
        return
    seen = set()
    for source in comparison.cited:
        key = (source.evidence.article_id, source.evidence.version)
        if key not in seen:
            seen.add(key)
            yield comparison.read_article(*key).text, f"article {key[0]}"


def _inner(quotation: Quotation, text: str) -> str:
    return text[quotation.inner_start : quotation.inner_end]


def _words(text: str) -> list[str]:
    return [match[0].casefold() for match in _TOKEN.finditer(text)]


def _read_pieces(quoted: str, cited: Iterable[str]) -> list[_Piece]:
    """Cuts a quotation at its ellipses and its own brackets; those of the source are words like others."""
    for own in dict.fromkeys(match[0] for text in cited for match in _INSERTION.finditer(text)):
        quoted = quoted.replace(own, f" {own[1:-1]} ")
    quoted = _CHANGED_CAPITAL.sub(r"\1", quoted)
    quoted = _SIC.sub(" ", quoted)
    pieces: list[_Piece] = []
    gap = 0
    for part in re.split(r"(\x00|\x01)", _INSERTION.sub(_replace_insertion, _OMISSION.sub("\x00", quoted))):
        if part == "\x00":
            gap = _LONGEST_OMISSION
        elif part == "\x01":
            gap = max(gap, _LONGEST_INSERTION)
        elif words := _words(part):
            pieces.append(_Piece(tuple(words), gap))
            gap = 0
    return pieces


def _replace_insertion(match: re.Match[str]) -> str:
    """Marks an insertion; one that is long or turns the statement round must stand in the source."""
    words = _words(match[1])
    honest = len(words) <= _LONGEST_INSERTION and NEGATIONS.isdisjoint(fold(word) for word in words)
    return "\x01" if honest else f" {match[1]} "


class _Tokens:
    """The words of a text, prepared for finding sequences of them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._joined = " " + " ".join(_words(text)) + " "

    def find(self, pieces: list[_Piece]) -> list[Span] | None:
        """Finds the pieces in order, no further apart than they may be.

        Returns:
            Their spans in the text, or None.
        """
        if not pieces:
            return []
        for end in self._ends_of(pieces[0].words, 0, None):
            ends = self._follow(pieces[1:], end)
            if ends is not None:
                return self._locate(pieces, [end, *ends])
        return None

    def _follow(self, pieces: list[_Piece], position: int) -> list[int] | None:
        """Where the rest of the pieces ends, the nearest place taken for each; None where one is missing."""
        ends = []
        for piece in pieces:
            end = next(self._ends_of(piece.words, position, piece.widest_gap), None)
            if end is None:
                return None
            ends.append(end)
            position = end
        return ends

    def _locate(self, pieces: list[_Piece], ends: list[int]) -> list[Span]:
        tokens = list(_TOKEN.finditer(self._text))
        last_words = [self._joined.count(" ", 0, end) - 1 for end in ends]
        return [
            Span(tokens[last - len(piece.words) + 1].start(), tokens[last].end())
            for piece, last in zip(pieces, last_words, strict=True)
        ]

    def _ends_of(self, words: tuple[str, ...], start: int, widest_gap: int | None) -> Iterator[int]:
        """Positions after each occurrence of `words` from `start` on, at most `widest_gap` words later."""
        needle = " " + " ".join(words) + " "
        found = self._joined.find(needle, start)
        while found >= 0:
            if widest_gap is not None and self._joined.count(" ", start, found) > widest_gap:
                return
            yield found + len(needle) - 1
            found = self._joined.find(needle, found + 1)

    def ends_clause(self, piece: _Piece) -> bool:
        """Whether some occurrence of the piece is followed by a sign, a break or the end of the text."""
        for end in self._ends_of(piece.words, 0, None):
            (span,) = self._locate([piece], [end])
            following = self._text[span.end : span.end + 2]
            if not following[:1].isspace() or "\n" in following or not following[1:].isalnum():
                return True
        return False


def _close_interruptions(source: Source) -> str:
    """The source's text with interruptions inside a quoted sentence taken out.

    ``"I never," he said, "saw it"`` reads ``I never, saw it``; a new sentence after the interruption is a
    quotation of its own and stays apart.
    """
    text = source.evidence.text
    pieces, position = [], 0
    for before, after in zip(source.quotations, source.quotations[1:], strict=False):
        between = text[before.end : after.start]
        if (
            len(between.split()) <= _LONGEST_INTERRUPTION
            and "\n" not in between
            and "." not in between.rstrip(".")[-2:]
            and not re.search(r"[.!?]\s", between)
            and text[before.inner_start : before.inner_end].rstrip("”\"'").endswith((",", "—", "–", "-"))
            and text[after.inner_start : after.inner_start + 1].islower()
        ):
            pieces.append(text[position : before.end])
            position = after.start
    pieces.append(text[position:])
    return " ".join(pieces)


def _explain_failure(pieces: list[_Piece], cited: Iterable[Source]) -> tuple[Outcome, str]:
    """Says how a quotation that is nowhere exact differs from what the cited text has."""
    from rapidfuzz import fuzz

    words = [word for piece in pieces for word in piece.words][:_LONGEST_EXPLAINED]
    quoted = " ".join(words)
    best, nearest = 0.0, ""
    for source in cited:
        tokens = _words(source.evidence.text)
        if _covers_in_parts(words, tokens):
            return "stitched", f"all its words stand in [{source.evidence.marker}], but not in a row"
        match = fuzz.partial_ratio_alignment(quoted, " ".join(tokens))
        if match is not None and match.score > best:
            best, nearest = match.score, " ".join(tokens)[match.dest_start : match.dest_end].strip()
    if best >= 100 * _ALTERED:
        return "altered", f"the nearest words are “{nearest}”"
    return "absent", ""


def _covers_in_parts(words: list[str], tokens: list[str]) -> bool:
    """Whether a quotation is made of stretches of the text, each `_STITCHED_PART` words or more."""
    if len(words) < 2 * _STITCHED_PART:
        return False
    joined = " " + " ".join(tokens) + " "
    position = 0
    while position < len(words):
        end = position
        while end < len(words) and f" {' '.join(words[position : end + 1])} " in joined:
            end += 1
        if end - position < _STITCHED_PART:
            return False
        position = end
    return True
