"""`Answer` -> HTML: the question, what was understood, the checked text, its sources, what was withheld."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from assistant.ui.beside import Beside
from assistant.ui.html import last_day, long_date, render
from assistant.ui.sentences import render_text

if TYPE_CHECKING:
    from assistant.reports import Problem
    from assistant.types import Answer, Citation, Claim, Question, QuestionKind, Scope, Turn, Verdict
    from index.types import Passage

VERDICT_WORDS: dict[Verdict, tuple[str, str]] = {
    "supported": ("✓", "Checked"),
    "not_judged": ("?", "Not verified"),
    "unsupported": ("✗", "Not supported"),
    "contradicted": ("✗", "Contradicted"),
}
"""Sign and words of a verdict: the sign differs wherever the colour does."""

PROBLEM_WORDS: dict[Problem, str] = {
    "quotation": "Wrong quotation",
    "speaker": "Wrong speaker",
    "date": "Wrong date",
    "unsupported": "Not supported by the source",
    "outdated": "Out of date",
}
"""What a reader can report about a sentence."""

KIND_WORDS: dict[QuestionKind, str] = {
    "said_about": "somebody’s statements",
    "did_say": "whether somebody said it",
    "who_said": "who said it",
    "find_quotation": "where words are quoted",
    "fact": "a fact",
}
"""What a question asks for."""

_SPACED_MARKER = re.compile(r"[ \t]*\[\d{1,4}\]")


def render_turn(answer: Answer, key: str, beside: Beside | None = None, *, is_newest: bool = True) -> Markup:
    """One question with its finished answer.

    Args:
        answer: What to show.
        key: Prefix of the element ids, unique on the page.
        beside: What the archive knows about it now.
        is_newest: Whether to list all that was read; of a conversation that is opened again only the last
            turn does.
    """
    beside = beside or Beside()
    citations = {citation.marker: citation for citation in answer.citations}

    def marker(number: int) -> Markup:
        return render_marker(citations.get(number), number, key)

    def verdict(index: int) -> Markup:
        return render_verdict(answer.claims[index], f"{key}-checks-{index}")

    return render(
        "turn.html",
        answer=answer,
        key=key,
        text=render_text(answer.text, answer.claims, marker=marker, verdict=verdict),
        marker=marker,
        chips=understood_chips(answer.understood),
        scope_chips=scope_chips(answer.understood.scope, beside.titles),
        searched_for=answer.standalone_question if answer.standalone_question != answer.question else None,
        summary=summarise_checks(answer),
        sources=citations_by_article(answer.citations),
        model_failed=bool(
            answer.model and answer.reason and answer.mode == "extractive" and not answer.abstained
        ),
        written_by=describe_writer(answer),
        timings=describe_timings(answer),
        with_sources=text_with_sources(answer),
        without_markers=without_markers,
        nearest=_one_per_article(answer.passages)[:4],
        problems=PROBLEM_WORDS,
        beside=beside,
        asked_for=KIND_WORDS[answer.understood.kind],
        verdict_words=VERDICT_WORDS,
        is_newest=is_newest,
    )


def render_document(turns: Sequence[Turn], title: str) -> str:
    """Turns as a page of its own, readable without this server: every source with its words."""
    return str(
        render(
            "document.html",
            title=title,
            turns=[(turn.answer, citations_by_article(turn.answer.citations)) for turn in turns],
            text_of=lambda answer: render_text(
                answer.text, marker=lambda number: Markup("<sup>[{}]</sup>").format(number)
            ),
            style=_document_style(),
        )
    )


def markdown_document(turns: Sequence[Turn], title: str) -> str:
    """Turns as Markdown, with their sources."""
    parts = [f"# {title}"]
    for turn in turns:
        parts += [f"## {turn.question}", text_with_sources(turn.answer).replace("\n[", "\n\n[")]
    return "\n\n".join(parts) + "\n"


def render_api(described: Mapping[str, Any]) -> str:
    """The HTTP interface for a person, from its OpenAPI description."""
    schemas = described["components"]["schemas"]
    return str(render("api.html", paths=described["paths"], schemas=schemas, style=_document_style()))


@cache
def _document_style() -> Markup:
    return Markup(files("assistant.ui").joinpath("templates", "document.css").read_text())  # noqa: S704 - our file


def render_marker(citation: Citation | None, number: int, key: str) -> Markup:
    """The button of a marker; for a number that names no source, the number struck out."""
    line = _credit_line(citation) if citation else ""
    return render("marker.html", citation=citation, number=number, key=key, credit_line=line)


def render_verdict(claim: Claim, element_id: str) -> Markup:
    """The sign of a claim's verdict, with its checks for the card."""
    sign, words = VERDICT_WORDS[claim.verdict]
    return render("verdict.html", claim=claim, id=element_id, sign=sign, words=words)


def render_live(
    question: str, step: str, passages: Sequence[Passage] = (), draft: str = "", checked: Sequence[Claim] = ()
) -> Markup:
    """A turn that is still being answered: the step, the sources, the checked sentences, the draft."""
    written = " ".join(claim.text for claim in checked) if checked else draft
    return render(
        "live.html",
        question=question,
        step=step,
        reading=_one_per_article(passages)[:4],
        text=render_text(
            written, marker=lambda number: Markup('<span class="cite pending">{}</span>').format(number)
        ),
        is_checked=bool(checked),
    )


def render_stopped(question: str) -> Markup:
    """A turn that the reader stopped."""
    return render(
        "ended.html", kind="stopped", question=question, title="Stopped.", words="Nothing unchecked is kept."
    )


def render_failure(question: str, reason: str) -> Markup:
    """A turn that ended in an error: what happened, in the error's own words."""
    return render("ended.html", kind="failed", question=question, title="No answer.", words=reason)


def understood_chips(understood: Question) -> list[tuple[str, str]]:
    """Name and value of each part of the question that was recognised."""
    chips = [
        ("speaker", understood.speaker),
        ("but not", understood.except_speaker),
        ("about", understood.about),
        ("words", understood.quotation),
        *(("outlet", outlet) for outlet in understood.outlets),
        ("from", long_date(understood.since) if understood.since else None),
        ("until", last_day(understood.until) if understood.until else None),
    ]
    return [(name, value) for name, value in chips if value]


def scope_chips(scope: Scope, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Name and value of each way in which the reader narrowed the articles."""
    chips = [
        *(("only", outlet) for outlet in scope.outlets),
        ("published from", long_date(scope.since) if scope.since else None),
        ("published until", last_day(scope.until) if scope.until else None),
        *(("without", titles.get(article_id, article_id)) for article_id in scope.without),
    ]
    return [(name, value) for name, value in chips if value]


def summarise_checks(answer: Answer) -> list[str]:
    """How the answer's sentences fared, and how new its newest source is."""
    total = len(answer.claims)
    supported = sum(claim.verdict == "supported" for claim in answer.claims)
    if supported == total:
        facts = ["✓ Every sentence checked against its source"]
    else:
        facts = [f"✓ {supported} of {total} sentences checked", f"? {total - supported} not verified"]
    if answer.withheld:
        facts.append(f"✗ {len(answer.withheld)} withheld")
    dates = [citation.published for citation in answer.citations if citation.published]
    return [*facts, f"Newest source {long_date(max(dates))}"] if dates else facts


def citations_by_article(citations: Sequence[Citation]) -> list[list[Citation]]:
    """The citations of each article version together, in order of the first."""
    articles: dict[tuple[str, int], list[Citation]] = {}
    for citation in citations:
        articles.setdefault((citation.article_id, citation.version), []).append(citation)
    return list(articles.values())


def describe_writer(answer: Answer) -> str:
    """Who wrote the text, for a person."""
    if answer.mode == "model":
        return f"{answer.model}, each sentence checked against the articles"
    asked = f" ({answer.model} was asked)" if answer.model else ""
    return f"no model; sentences taken word for word{asked}"


def describe_timings(answer: Answer) -> str:
    """``0.45 s (searching 20 ms, writing 400 ms)``."""
    steps = [f"{name} {seconds * 1000:.0f} ms" for name, seconds in answer.timings.items() if name != "total"]
    total = f"{answer.timings['total']:.2f} s" if "total" in answer.timings else "not measured"
    return f"{total} ({', '.join(steps)})" if steps else total


def text_with_sources(answer: Answer) -> str:
    """The answer as plain text, its sources listed below."""
    sources = [
        f"[{citation.marker}] {_credit_line(citation)}: {citation.title or 'Untitled'}. “{citation.quote}”"
        + (f" {citation.url}" if citation.url else "")
        for citation in answer.citations
    ]
    return "\n".join([answer.text, "", *sources])


def without_markers(text: str) -> str:
    """Answer text as one would read it aloud."""
    return _SPACED_MARKER.sub("", text).strip()


def _credit_line(cited: Citation) -> str:
    return ", ".join(part for part in (cited.speaker, cited.outlet, long_date(cited.published)) if part)


def _one_per_article(passages: Sequence[Passage]) -> list[Passage]:
    best: dict[str, Passage] = {}
    for passage in passages:
        best.setdefault(passage.article_id, passage)
    return list(best.values())
