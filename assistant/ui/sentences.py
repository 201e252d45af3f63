"""Answer text -> HTML: Markdown through an allowlist, each claim marked, each marker a button.

Claims and markers are spans of the raw text, while Markdown changes it. So their places are noted in
the text with private-use characters, which pass through Markdown and the allowlist untouched, and
are exchanged for our own HTML at the end. A claim may run through several tags; every run of its
text is wrapped on its own, so that what comes out is always well nested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from assistant.types import Claim

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MARKER = re.compile(r"\[(\d{1,4})\]")
_CLAIM_BEGINS, _CLAIM_ENDS, _CITED, _NOTE_ENDS = "\ue000", "\ue001", "\ue002", "\ue003"
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_NOTE = re.compile(f"([{_CLAIM_BEGINS}{_CLAIM_ENDS}{_CITED}])(\\d+){_NOTE_ENDS}")
_TAG = re.compile(r"(<[^>]*>)")
_BLOCK_SYNTAX = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,3}[.)]|#{1,6}|>)[ \t]+)*")
_ALLOWED_TAGS = {"p", "br", "hr", "ul", "ol", "li", "strong", "em", "s", "code", "pre", "blockquote"} | {
    f"h{level}" for level in range(1, 7)
}


def render_text(
    text: str,
    claims: Sequence[Claim] = (),
    *,
    marker: Callable[[int], Markup],
    verdict: Callable[[int], Markup] = lambda _: Markup(""),
) -> Markup:
    """Render answer text.

    Args:
        text: `Answer.text`, or a draft of it. Not trusted.
        claims: Claims with spans of `text`, in order and not overlapping.
        marker: HTML for the marker of that number.
        verdict: HTML to put behind the claim of that index.

    Returns:
        HTML whose tags are those of the allowlist, ``span`` around claims, and what `marker` and
        `verdict` return.
    """
    import nh3

    noted = _note_places(_PRIVATE_USE.sub("\ufffd", text), claims)
    html = nh3.clean(_markdown().render(noted), tags=_ALLOWED_TAGS, attributes={}, link_rel=None)
    return _exchange_notes(html, claims, marker, verdict)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable(
        ["html_inline", "html_block", "image", "link", "autolink", "reference", "entity", "code"]
    )


def _note_places(text: str, claims: Sequence[Claim]) -> str:
    pieces, done = [], 0
    for number, claim in enumerate(claims):
        syntax = (
            _BLOCK_SYNTAX.match(text, claim.start, claim.end) if _starts_line(text, claim.start) else None
        )
        start = syntax.end() if syntax else claim.start
        pieces += [
            _note_markers(text[done:start]),
            f"{_CLAIM_BEGINS}{number}{_NOTE_ENDS}",
            _note_markers(text[start : claim.end]),
            f"{_CLAIM_ENDS}{number}{_NOTE_ENDS}",
        ]
        done = claim.end
    return "".join([*pieces, _note_markers(text[done:])])


def _starts_line(text: str, position: int) -> bool:
    return not text[text.rfind("\n", 0, position) + 1 : position].strip()


def _note_markers(text: str) -> str:
    return MARKER.sub(rf"{_CITED}\1{_NOTE_ENDS}", text)


def _exchange_notes(
    html: str, claims: Sequence[Claim], marker: Callable[[int], Markup], verdict: Callable[[int], Markup]
) -> Markup:
    out: list[str] = []
    inside: int | None = None
    for piece in _TAG.split(html):
        if piece.startswith("<"):
            out.append(piece)
            continue
        position, last_marker = 0, ""
        for note in _NOTE.finditer(piece):
            if note.start() > position:
                out.append(_wrap(piece[position : note.start()], inside, claims))
                last_marker = ""
            position = note.end()
            number = int(note[2])
            if note[1] == _CITED:
                last_marker = marker(number)
                out.append(last_marker)
            elif note[1] == _CLAIM_BEGINS:
                inside = number
            else:
                if last_marker:  # a line never breaks between a marker and the sign behind it
                    out[-1] = f'<span class="proof">{last_marker}{verdict(number)}</span>'
                else:
                    out.append(verdict(number))
                inside = None
        out.append(_wrap(piece[position:], inside, claims))
    return Markup("".join(out))  # noqa: S704 - each piece left the allowlist or was escaped by its maker


def _wrap(escaped_text: str, inside: int | None, claims: Sequence[Claim]) -> str:
    words = escaped_text.rstrip()
    if inside is None or not words:
        return escaped_text
    return f'<span class="claim {claims[inside].verdict}">{words}</span>{escaped_text[len(words) :]}'
