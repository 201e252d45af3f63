"""The layout of the page and the events that join its parts.

Gradio keeps the session and carries the events; what is shown comes as HTML from the modules beside
this one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.types import Citation, Turn
from assistant.ui.article_view import LitSpan, render_article, render_column
from assistant.ui.chat import AnswerDesk, stream_turn
from assistant.ui.library import LibraryRoom
from assistant.ui.render import render_stopped, render_turn
from assistant.ui.script import html_part
from assistant.ui.suggestions import follow_up_questions
from assistant.ui.welcome import render_welcome
from index.errors import ArticleNotFound

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.archive import Archive

ANSWERS_AT_ONCE = 8
"""Answers worked on at the same time. Without a model they are short and the work is the
processor's; with one they wait for the endpoint."""

READERS_AT_ONCE = 200
"""Questions that Gradio accepts at once; those beyond `ANSWERS_AT_ONCE` are shown their place."""

QUESTION_LIMIT = 4000
"""Characters of a question."""

SESSION_SECONDS = 24 * 3600
"""How long an idle conversation is kept in memory."""

HEADER = """
<header class="bar">
  <a class="skip" href="#composer">Skip to the question</a>
  <h1 class="wordmark">byline</h1>
  <button type="button" id="theme-toggle" class="quiet" data-act="theme" aria-pressed="false">
    <span class="for-light">Dark</span><span class="for-dark">Light</span>
  </button>
</header>
"""

COLUMN_BAR = """
<div class="column-bar">
  <button type="button" id="back" class="quiet" data-act="close-column">← Back to the answer</button>
</div>
"""


def theme() -> gr.themes.Base:
    """Gradio's plain theme with system fonts, so that no font is fetched."""
    fonts = ["ui-sans-serif", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    return gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=fonts, font_mono=["ui-monospace", "monospace"]
    )


def build_page(archive: Archive, assistant: Assistant) -> gr.Blocks:
    """The page over one archive; nothing is read before a browser asks for it."""
    library = LibraryRoom(archive)
    desk = AnswerDesk(ANSWERS_AT_ONCE)
    private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def welcome_html(_request: object = None) -> str:
        return str(render_welcome(archive, model_name(assistant)))

    def load_sample(_request: object) -> str:
        archive.add([sample_folder()], wait=False)
        return welcome_html()

    def open_article(request: Mapping[str, Any]) -> str:
        return show_article(archive, request)

    with gr.Blocks(
        title="byline", fill_width=True, analytics_enabled=False, delete_cache=(3600, 3600)
    ) as page:
        turns = gr.State([], time_to_live=SESSION_SECONDS)
        asked = gr.State("")
        html_part("header", HEADER)
        with gr.Row(elem_id="frame", equal_height=False):
            with gr.Column(elem_id="left", scale=6, min_width=280), gr.Tabs(elem_id="rooms"):
                with gr.Tab("Ask", id="ask") as ask_tab, gr.Column(elem_id="ask-room"):
                    with gr.Column(elem_id="turns"):
                        welcome = html_part("welcome", functions=[load_sample])
                        past = html_part("past")
                        live = html_part("live")
                    with gr.Row(elem_id="composer"):
                        question = gr.Textbox(
                            label="Your question",
                            show_label=False,
                            placeholder="Ask what somebody said, or what happened",
                            lines=1,
                            max_lines=6,
                            max_length=QUESTION_LIMIT,
                            autofocus=True,
                            scale=8,
                            min_width=0,
                            container=False,
                        )
                        ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=72)
                        stop = gr.Button("Stop", elem_id="stop", scale=0, min_width=72, visible=False)
                with gr.Tab("Library", id="library") as library_tab:
                    library.build(private)
            with gr.Column(elem_id="column", scale=5, min_width=280):
                html_part("column-bar", COLUMN_BAR)
                with gr.Column(elem_id="column-scroll"):
                    column = html_part("article", str(render_column()), [open_article])

        async def answer(text: str, earlier: list[Turn]) -> AsyncIterator[dict[Any, Any]]:
            text = text.strip()
            if not text:
                yield {question: gr.skip()}
                return
            yield {
                welcome: gr.update(visible=False),
                past: render_past(earlier),
                question: gr.update(value="", placeholder="Ask a follow-up"),
                asked: text,
                ask: gr.update(visible=False),
                stop: gr.update(visible=True),
            }
            async for state in stream_turn(assistant, text, earlier, desk):
                if state.answer is None:
                    yield {live: str(state.html)}
                    continue
                follow_ups = follow_up_questions(archive, state.answer)
                yield {
                    live: str(render_turn(state.answer, f"turn-{len(earlier)}", follow_ups)),
                    column: show_first_source(archive, state.answer.citations),
                    turns: [*earlier, Turn(question=text, answer=state.answer)],
                }
            yield {ask: gr.update(visible=True), stop: gr.update(visible=False)}

        answering = gr.on(
            [question.submit, ask.click],
            answer,
            [question, turns],
            [welcome, past, live, column, question, asked, turns, ask, stop],
            concurrency_limit=READERS_AT_ONCE,
            concurrency_id="answers",
            **private,
        )
        stop.click(
            lambda text: (str(render_stopped(text)), gr.update(visible=True), gr.update(visible=False)),
            [asked],
            [live, ask, stop],
            cancels=[answering],
            queue=False,
            **private,
        )
        gr.on(
            [page.load, ask_tab.select],
            lambda earlier: gr.update(value=welcome_html(), visible=not earlier),
            [turns],
            [welcome],
            queue=False,
            **private,
        )
        gr.on(
            [page.load, library_tab.select],
            library.view,
            library.inputs,
            library.shown,
            queue=False,
            **private,
        )
    page.queue(max_size=READERS_AT_ONCE, api_open=False)
    return page


def model_name(assistant: Assistant) -> str | None:
    """What the connected model is called, or None without one."""
    return assistant.model.name if assistant.model else None


def sample_folder() -> str:
    """Where the sample archive's articles were installed."""
    return str(files("index") / "sample")


def show_article(archive: Archive, request: Mapping[str, Any]) -> str:
    """The article that a marker, a passage or a statement names, lit and ready to be scrolled to.

    Args:
        archive: Where the article is.
        request: ``article``, ``version``, ``start``, ``end``, ``marker`` (number or None), and
            ``others``, a list of ``start``, ``end``, ``marker`` of the answer's other citations of it.
            It comes from a browser: nothing in it is trusted.
    """
    article_id = str(request.get("article", ""))
    try:
        article = archive.article(article_id, _whole_number(request.get("version")))
        versions = archive.versions(article_id)
    except ArticleNotFound:
        return str(render_column(missing=article_id))
    wanted = _lit_span(request, active=True)
    others = [_lit_span(other) for other in request.get("others") or () if isinstance(other, Mapping)]
    lit = [wanted, *(other for other in others if (other.start, other.end) != (wanted.start, wanted.end))]
    return str(render_article(article, lit, versions=versions))


def show_first_source(archive: Archive, citations: tuple[Citation, ...]) -> str:
    """The article of the first citation, or what an empty column says."""
    if not citations:
        return str(render_column())
    first = citations[0]
    return show_article(
        archive,
        {
            **_span_request(first),
            "article": first.article_id,
            "version": first.version,
            "others": [
                _span_request(other)
                for other in citations
                if (other.article_id, other.version) == (first.article_id, first.version)
            ],
        },
    )


def _span_request(citation: Citation) -> dict[str, int]:
    return {"start": citation.start, "end": citation.end, "marker": citation.marker}


def _lit_span(request: Mapping[str, Any], *, active: bool = False) -> LitSpan:
    return LitSpan(
        start=_whole_number(request.get("start")) or 0,
        end=_whole_number(request.get("end")) or 0,
        marker=_whole_number(request.get("marker")),
        active=active,
    )


def _whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def render_past(turns: list[Turn]) -> str:
    """The finished turns of a conversation but the newest."""
    return "".join(render_turn(turn.answer, f"turn-{number}") for number, turn in enumerate(turns))
