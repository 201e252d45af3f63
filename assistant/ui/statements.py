"""The room "Who said what": a person's statements in time order, and what they are not quoted on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

from assistant.ui.html import render
from assistant.ui.script import html_part
from assistant.ui.suggestions import count_topics

if TYPE_CHECKING:
    from markupsafe import Markup

    from index.archive import Archive
    from index.types import Article, Quote

STATEMENTS_SHOWN = 100
SPEAKERS_OFFERED = 1000

Wording = Literal["all", "quoted", "reported"]
"""All statements, those with quoted words, or those told in the article's words alone."""

WORDINGS: tuple[tuple[str, Wording], ...] = (
    ("All", "all"),
    ("In their words", "quoted"),
    ("As reported", "reported"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementFilter:
    """What a reader asked the room for; empty values do not narrow."""

    speaker: str = ""
    about: str = ""
    outlet: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """End of the window, exclusive."""
    wording: Wording = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """One bar of the timeline."""

    name: str
    """``March 2026``, or ``3 March 2026``."""
    statements: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementInPlace:
    """A statement with the sentences it stands in: its own words alone can read as their opposite."""

    quote: Quote
    title: str
    before: str
    after: str


def put_in_place(quote: Quote, article: Article) -> StatementInPlace:
    """The statement with what its sentences hold before and after it."""
    from index.sentences import split_sentences

    around = [
        span
        for span in split_sentences(article.text, article.language)
        if span.start < quote.end and span.end > quote.start
    ]
    start, end = min(quote.start, around[0].start), max(quote.end, around[-1].end)
    return StatementInPlace(
        quote=quote,
        title=article.title,
        before=article.text[start : quote.start],
        after=article.text[quote.end : end],
    )


def find_statements(archive: Archive, wanted: StatementFilter) -> list[Quote]:
    """The statements that fit, oldest first, undated last."""
    found = archive.quotes(
        speaker=wanted.speaker or None,
        about=wanted.about or None,
        outlet=wanted.outlet or None,
        since=wanted.since,
        until=wanted.until,
        limit=None,
    )
    worded = [
        quote
        for quote in found
        if wanted.wording == "all" or (quote.kind == "indirect") == (wanted.wording == "reported")
    ]
    return sorted(
        worded, key=lambda quote: (quote.published is None, quote.published, quote.article_id, quote.start)
    )


def count_months(quotes: Sequence[Quote]) -> list[Period]:
    """Statements by month of publication, without gaps; empty where no two months differ."""
    dated = [quote.published.astimezone(UTC) for quote in quotes if quote.published]
    if not dated:
        return []
    counts = Counter(moment.year * 12 + moment.month - 1 for moment in dated)
    span = range(min(counts), max(counts) + 1)
    if len(span) < 2:
        return []
    return [
        Period(
            name=f"{datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC):%B %Y}", statements=counts[number]
        )
        for number in span
    ]


MOST_DAYS = 62
"""Days that are shown one by one; over a longer time months tell more."""


def count_days(quotes: Sequence[Quote]) -> list[Period]:
    """Statements by day of publication, without gaps; empty where no two days differ or they are too many."""
    dated = [quote.published.astimezone(UTC).date() for quote in quotes if quote.published]
    counts = Counter(dated)
    if len(counts) < 2 or (max(dated) - min(dated)).days >= MOST_DAYS:
        return []
    days = [min(dated) + timedelta(days=number) for number in range((max(dated) - min(dated)).days + 1)]
    return [Period(name=f"{day.day} {day:%B} {day.year}", statements=counts[day]) for day in days]


def render_statements(archive: Archive, wanted: StatementFilter) -> Markup:
    """What was said, or why there is nothing to show."""
    if not wanted.speaker and not wanted.about:
        return render("statements.html", invited=True)
    people = archive.speaker_names().people(wanted.speaker) if wanted.speaker else []
    quotes = find_statements(archive, wanted)
    periods = count_days(quotes) or count_months(quotes)
    return render(
        "statements.html",
        invited=False,
        wanted=wanted,
        statements=[
            put_in_place(quote, archive.article(quote.article_id, quote.version))
            for quote in quotes[:STATEMENTS_SHOWN]
        ],
        total=len(quotes),
        periods=periods,
        most=max((period.statements for period in periods), default=0),
        people=[names[0] for names in people] if len(people) > 1 else [],
        topics=count_topics(archive, wanted.speaker).most_common(12) if wanted.speaker else [],
    )


def read_filter(*filters: str | None) -> StatementFilter:
    """What the room's fields say: speaker, about, outlet, first day, last day, wording.

    Raises:
        ValueError: A day is not written as ``2026-03-31``.
    """
    speaker, about, outlet, first, last, wording = ((value or "").strip() for value in filters)
    last_day = _read_day(last)
    return StatementFilter(
        speaker=speaker,
        about=about,
        outlet=outlet,
        since=_read_day(first),
        until=last_day + timedelta(days=1) if last_day else None,
        wording=cast("Wording", wording or "all"),
    )


def _read_day(text: str) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if text else None


class StatementsRoom:
    """The Gradio components of the room and their events."""

    def __init__(self, archive: Archive) -> None:
        """Show the statements of this archive."""
        self._archive = archive

    def build(self, private: Mapping[str, Any]) -> None:
        """Lay the room out inside the current Gradio context."""
        import gradio as gr

        with gr.Column(elem_id="who-room"):
            html_part("who-title", "<h2>Who said what</h2>")
            with gr.Row():
                speaker = gr.Dropdown(
                    label="Speaker",
                    choices=[],
                    value=None,
                    allow_custom_value=True,
                    elem_id="who-speaker",
                    min_width=200,
                )
                about = gr.Textbox(
                    label="About", placeholder="a name or a topic", elem_id="who-about", min_width=200
                )
            with gr.Row():
                outlet = gr.Dropdown(label="Outlet", choices=[("All outlets", "")], value="", min_width=140)
                day: dict[str, Any] = {"max_lines": 1, "max_length": 10, "min_width": 130}
                since = gr.Textbox(label="From", elem_id="who-since", **day)
                until = gr.Textbox(label="Until", elem_id="who-until", **day)
            wording = gr.Radio(
                list(WORDINGS), value="all", label="Wording", show_label=False, elem_id="who-wording"
            )
            found = html_part("statements")

        def show(*filters: str | None) -> str:
            try:
                wanted = read_filter(*filters)
            except ValueError:
                return str(render("statements.html", invited=False, wrong_day=True))
            return str(render_statements(self._archive, wanted))

        async def refresh(*filters: str) -> tuple[Any, Any, str]:
            speakers = [name for name, _ in self._archive.speakers()[:SPEAKERS_OFFERED]]
            outlets = [("All outlets", ""), *((name, name) for name, _ in self._archive.outlets())]
            shown = await asyncio.to_thread(show, *filters)
            return gr.update(choices=speakers), gr.update(choices=outlets), shown

        self.inputs = [speaker, about, outlet, since, until, wording]
        self.shown = [speaker, outlet, found]
        self.refresh = refresh
        gr.on(
            [
                speaker.input,
                outlet.input,
                wording.input,
                about.submit,
                about.blur,
                since.submit,
                since.blur,
                until.submit,
                until.blur,
            ],
            show,
            self.inputs,
            [found],
            trigger_mode="always_last",
            **private,
        )
