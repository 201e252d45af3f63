"""`Article` -> HTML for the reading column, with the cited spans lit where they stand.

The text is cut at paragraph breaks and at the ends of spans only, never changed: the texts of the
``mark`` elements of a span, put together, are exactly ``article.text[start:end]``, less the blank
lines between paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.ui.html import render
from index.sentences import split_paragraphs, split_sentences

if TYPE_CHECKING:
    from markupsafe import Markup

    from index.types import Article, Span


@dataclass(frozen=True, kw_only=True, slots=True)
class LitSpan:
    """A stretch of an article to light."""

    start: int
    end: int
    marker: int | None = None
    """The number under which the answer cites it; None for a passage or a statement."""
    active: bool = False
    """Whether this is the one that was asked for: lit strongest and scrolled to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A stretch of a paragraph in which the same spans are lit."""

    start: int
    text: str
    covering: tuple[LitSpan, ...]

    @property
    def is_active(self) -> bool:
        """Whether the span that was asked for runs through it."""
        return any(span.active for span in self.covering)

    @property
    def numbers(self) -> str:
        """Markers of the spans that begin here."""
        begins = {
            span.marker for span in self.covering if span.start == self.start and span.marker is not None
        }
        return " ".join(map(str, sorted(begins)))


def render_article(
    article: Article,
    lit: Sequence[LitSpan] = (),
    *,
    versions: Sequence[Article] = (),
    copies: Sequence[Article] = (),
) -> Markup:
    """The article as a reading page.

    Args:
        article: The version to show.
        lit: Spans of its text to light. What lies outside the text is ignored.
        versions: All versions of the article, oldest first.
        copies: Near-duplicates of it.
    """
    spans = [span for span in lit if 0 <= span.start < span.end <= len(article.text)]
    return render(
        "article.html",
        article=article,
        paragraphs=[
            cut_paragraph(article.text, paragraph, spans) for paragraph in split_paragraphs(article.text)
        ],
        versions=versions,
        changes=find_changes(article, versions),
        fragment=text_fragment(article.text, spans),
        copies=copies,
    )


FRAGMENT_WORDS = 5
"""Words at each end of the lit span by which the publisher's page is searched for it."""


def text_fragment(text: str, spans: Sequence[LitSpan]) -> str:
    """What to add to the article's address so that a browser scrolls to the span that was asked for.

    https://wicg.github.io/scroll-to-text-fragment/: ``#:~:text=first words,last words``, percent-encoded with
    the dash, which parts the fields there. Empty where nothing was asked for.
    """
    active = next((span for span in spans if span.active), None)
    words = text[active.start : active.end].split() if active else []
    if not words:
        return ""
    if len(words) <= 2 * FRAGMENT_WORDS:
        ends = [" ".join(words)]
    else:
        ends = [" ".join(words[:FRAGMENT_WORDS]), " ".join(words[-FRAGMENT_WORDS:])]
    return ":~:text=" + ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)


def render_column(missing: str | None = None) -> Markup:
    """The column without an article: before the first, or when the article has been removed since.

    Args:
        missing: Id of the removed article.
    """
    return render("column.html", missing=missing)


def cut_paragraph(text: str, paragraph: Span, lit: Sequence[LitSpan]) -> list[Piece]:
    """Cut a paragraph wherever a lit span begins or ends."""
    inside = [span for span in lit if span.start < paragraph.end and span.end > paragraph.start]
    cuts = {paragraph.start, paragraph.end}
    for span in inside:
        cuts |= {max(span.start, paragraph.start), min(span.end, paragraph.end)}
    return [
        Piece(
            start=start,
            text=text[start:end],
            covering=tuple(span for span in inside if span.start <= start and end <= span.end),
        )
        for start, end in pairwise(sorted(cuts))
    ]


LONGEST_COMPARED = 2_000
"""Sentences of a version beyond which differences are not looked for: the search takes quadratic time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A place where a version differs from the one before it."""

    removed: str
    added: str


def find_changes(article: Article, versions: Sequence[Article]) -> list[Change]:
    """The sentences in which a version differs from the one before it; none for the first version."""
    before = [version for version in versions if version.version < article.version]
    if not before:
        return []
    old, new = _sentences(max(before, key=lambda version: version.version)), _sentences(article)
    if max(len(old), len(new)) > LONGEST_COMPARED:
        return []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Change(removed=" ".join(old[old_from:old_to]), added=" ".join(new[new_from:new_to]))
        for kind, old_from, old_to, new_from, new_to in blocks
        if kind != "equal"
    ]


def _sentences(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in split_sentences(article.text, article.language)]
