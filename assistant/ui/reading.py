"""The reading column: the article that a marker, a passage or a statement names, lit at its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.ui.article_view import LitSpan, render_article, render_column
from index.errors import ArticleNotFound

if TYPE_CHECKING:
    from assistant.types import Citation
    from index.archive import Archive


def show_article(archive: Archive, request: Mapping[str, Any]) -> str:
    """The article that the script asks for, as HTML.

    Args:
        archive: Where the article is.
        request: ``article``, ``version``, ``start``, ``end``, ``marker`` (number or None), and
            ``others``, a list of ``start``, ``end``, ``marker`` of the answer's other citations of it.
            It comes from a browser: nothing in it is trusted.
    """
    article_id = str(request.get("article", ""))
    try:
        article = archive.article(article_id, whole_number(request.get("version")))
    except ArticleNotFound:
        return str(render_column(missing=article_id))
    wanted = _lit_span(request, active=True)
    others = [_lit_span(other) for other in request.get("others") or () if isinstance(other, Mapping)]
    lit = [wanted, *(other for other in others if (other.start, other.end) != (wanted.start, wanted.end))]
    versions, copies = archive.versions(article_id), archive.copies(article_id)
    return str(render_article(article, lit, versions=versions, copies=copies))


def show_first_source(archive: Archive, citations: Sequence[Citation]) -> str:
    """The article of the first citation, or what an empty column says."""
    if not citations:
        return str(render_column())
    first = citations[0]
    same_article = [
        citation
        for citation in citations
        if (citation.article_id, citation.version) == (first.article_id, first.version)
    ]
    request = {
        "article": first.article_id,
        "version": first.version,
        "others": [*map(_as_request, same_article)],
    }
    return show_article(archive, request | _as_request(first))


def whole_number(value: object) -> int | None:
    """The value where a browser sent a whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _as_request(citation: Citation) -> dict[str, Any]:
    return {"start": citation.start, "end": citation.end, "marker": citation.marker}


def _lit_span(request: Mapping[str, Any], *, active: bool = False) -> LitSpan:
    return LitSpan(
        start=whole_number(request.get("start")) or 0,
        end=whole_number(request.get("end")) or 0,
        marker=whole_number(request.get("marker")),
        active=active,
    )
