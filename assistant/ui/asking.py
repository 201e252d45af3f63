"""The room "Ask": the conversation and the composer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.conversations import ConversationNotFound
from assistant.reports import PROBLEMS, report_case, save_report
from assistant.types import Scope, Turn
from assistant.ui.article_view import render_column
from assistant.ui.beside import look_beside
from assistant.ui.chat import AnswerDesk, stream_turn
from assistant.ui.filters import FILTER_CHARACTERS, read_scope, render_filters
from assistant.ui.history import user_of
from assistant.ui.reading import show_first_source, whole_number
from assistant.ui.render import render_stopped, render_turn
from assistant.ui.script import html_part
from assistant.ui.suggestions import follow_up_questions, starter_questions
from assistant.ui.welcome import render_welcome
from index.errors import BylineError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.conversations import ConversationStore
    from assistant.types import Answer
    from assistant.ui.history import HistoryRoom
    from index.archive import Archive, ArchiveStats

ANSWERS_AT_ONCE = 8
"""Answers worked on at the same time. Without a model they are short and the work is the processor's;
with one they wait for the endpoint."""

READERS_AT_ONCE = 200
"""Questions that Gradio takes at once; those beyond `ANSWERS_AT_ONCE` are told their place in the line."""

QUESTION_CHARACTERS = 4000

TURNS_SHOWN = 20
"""Earlier turns that are shown when a conversation is opened again; its documents have them all."""

SESSION_SECONDS = 24 * 3600
"""How long an idle conversation stays in memory; in the store it stays until it is deleted."""

Updates = dict[Any, Any]
"""New values by Gradio component."""


class AskRoom:
    """The Gradio components of the room and their events."""

    def __init__(self, archive: Archive, assistant: Assistant, store: ConversationStore) -> None:
        """Ask this assistant and keep the conversations in this store."""
        self._archive = archive
        self._assistant = assistant
        self._store = store
        self._desk = AnswerDesk(ANSWERS_AT_ONCE)
        self._starters: tuple[ArchiveStats, list[str]] | None = None

    def build(self) -> None:
        """Lay the room out inside the current Gradio context."""

        def load_sample(_request: Mapping[str, Any]) -> str:
            try:
                self._archive.add([str(files("index") / "sample")], wait=False)
            except BylineError as error:
                return self._welcome(str(error))
            return self._welcome()

        def report(request: Mapping[str, Any], reader: gr.Request) -> str:
            return save_problem(self._archive, self._store, user_of(reader), request)

        self.turns = gr.State([], time_to_live=SESSION_SECONDS)
        self.conversation = gr.State(None, time_to_live=SESSION_SECONDS)
        self.asked = gr.State("")
        with gr.Column(elem_id="ask-room"):
            with gr.Column(elem_id="turns"):
                self.welcome = html_part("welcome", functions=[load_sample])
                self.past = html_part("past", functions=[report])
                self.live = html_part("live", functions=[report], events=["new_conversation"])
            with gr.Row(elem_id="composer"):
                self.filters = html_part("filters")
                self.scope = gr.Textbox(
                    label="Filters", elem_id="scope", visible="hidden", max_length=FILTER_CHARACTERS
                )
                self.question = gr.Textbox(
                    label="Your question",
                    elem_id="question",
                    show_label=False,
                    placeholder="Ask a question",
                    lines=1,
                    max_lines=6,
                    max_length=QUESTION_CHARACTERS,
                    autofocus=True,
                    scale=8,
                    min_width=0,
                    container=False,
                )
                self.ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=72)
                self.stop = gr.Button("Stop", elem_id="stop", scale=0, min_width=72, visible=False)

    def connect(
        self, column: gr.HTML, rooms: gr.Tabs, history: HistoryRoom, private: Mapping[str, Any]
    ) -> None:
        """Join the room's events with the column and the other rooms."""
        self._column, self._rooms, self._history = column, rooms, history
        shown = [self.welcome, self.past, self.live, self.turns, self.conversation, column]
        answering = gr.on(
            [self.question.submit, self.ask.click],
            self._answer,
            [self.question, self.scope, self.turns, self.conversation],
            [*shown, self.question, self.asked, self.ask, self.stop],
            concurrency_limit=READERS_AT_ONCE,
            concurrency_id="answers",
            **private,
        )
        self.stop.click(
            lambda text: (str(render_stopped(text)), gr.update(visible=True), gr.update(visible=False)),
            [self.asked],
            [self.live, self.ask, self.stop],
            cancels=[answering],
            queue=False,
            **private,
        )
        # an answer under way would be written into the conversation that takes its place
        elsewhere: dict[str, Any] = {"cancels": [answering], "queue": False, **private}
        changed: list[Any] = [*shown, rooms, self.ask, self.stop]
        history.list.open_conversation(self._open, None, [*changed, history.list], **elsewhere)
        self.live.new_conversation(self._begin_anew, None, changed, **elsewhere)

    def greet(self, earlier: list[Turn]) -> tuple[Updates, str]:
        """The welcome, as long as nothing has been asked, and the filters for the archive as it is now."""
        return gr.update(value=self._welcome(), visible=not earlier), str(render_filters(self._archive))

    def _welcome(self, problem: str | None = None) -> str:
        stats = self._archive.stats()
        return str(
            render_welcome(
                stats,
                self._starter_questions(stats),
                model=self._assistant.model_name,
                sent_to=self._assistant.model_address,
                problem=problem,
            )
        )

    def _starter_questions(self, stats: ArchiveStats) -> list[str]:
        """The archive's first questions, made again only when the archive has changed."""
        if self._starters is None or self._starters[0] != stats:
            self._starters = (stats, starter_questions(self._archive))
        return self._starters[1]

    async def _answer(
        self, text: str, filters: str, earlier: list[Turn], kept_as: str | None, request: gr.Request
    ) -> AsyncIterator[Updates]:
        text = text.strip()
        if not text:
            yield {self.question: gr.skip()}
            return
        yield {
            self.welcome: gr.update(visible=False),
            self.question: gr.update(value="", placeholder="Ask a follow-up"),
            self.asked: text,
            self.ask: gr.update(visible=False),
            self.stop: gr.update(visible=True),
        }
        scope = read_scope(filters or "")
        assistant = self._assistant if scope == Scope() else self._assistant.within(scope)
        async for state in stream_turn(assistant, text, earlier, self._desk):
            if state.answer is None:
                yield {self.live: str(state.html)}
                continue
            turn = Turn(text, state.answer)
            yield {
                **self._show_newest(turn.answer, len(earlier)),
                self.turns: [*earlier, turn],
                self.conversation: self._store.record(user_of(request), kept_as, turn),
            }
        yield self._ready()

    def _open(self, event: gr.EventData, request: gr.Request) -> Updates:
        chosen = str(event._data.get("conversation", ""))  # noqa: SLF001 - Gradio gives it in no other way
        try:
            turns = self._store.turns(user_of(request), chosen)
        except ConversationNotFound:
            return {self._history.list: self._history.refresh("", request)}
        return {
            self.welcome: gr.update(visible=False),
            self.past: self._show_past(turns[:-1]),
            **self._show_newest(turns[-1].answer, len(turns) - 1),
            self.turns: turns,
            self.conversation: chosen,
            self._rooms: gr.Tabs(selected="ask"),
            **self._ready(),
        }

    def _begin_anew(self) -> Updates:
        return {
            self.welcome: gr.update(value=self._welcome(), visible=True),
            self.past: "",
            self.live: "",
            self._column: str(render_column()),
            self.turns: [],
            self.conversation: None,
            self._rooms: gr.Tabs(selected="ask"),
            **self._ready(),
        }

    def _ready(self) -> Updates:
        """The buttons as they are while nothing is being answered."""
        return {self.ask: gr.update(visible=True), self.stop: gr.update(visible=False)}

    def _show_newest(self, answer: Answer, number: int) -> Updates:
        if answer.abstained:
            follow_ups = self._starter_questions(self._archive.stats())[:3]
        else:
            follow_ups = follow_up_questions(self._archive, answer)
        return {
            self.live: str(
                render_turn(answer, f"turn-{number}", look_beside(self._archive, answer, follow_ups))
            ),
            self._column: show_first_source(self._archive, answer.citations),
        }

    def _show_past(self, turns: Sequence[Turn]) -> str:
        """The turns before the newest, as many as are kept on the page."""
        numbered = list(enumerate(turns))[-TURNS_SHOWN:]
        return "".join(
            render_turn(
                turn.answer, f"turn-{number}", look_beside(self._archive, turn.answer), is_newest=False
            )
            for number, turn in numbered
        )


def save_problem(archive: Archive, store: ConversationStore, user: str, request: Mapping[str, Any]) -> str:
    """Keep a reader's report of a wrong sentence as an eval case; says what became of it.

    Args:
        archive: Where the articles are frozen from, and beside which the case is kept.
        store: Where the answer is.
        user: Who reports; only their own answers can be reported.
        request: ``answer`` (id), ``sentence`` (index) and ``problem``. Nothing in it is trusted.
    """
    problem, sentence = request.get("problem"), whole_number(request.get("sentence"))
    if problem not in PROBLEMS or sentence is None or sentence < 0:
        return "This cannot be reported."
    try:
        reported = store.answer(user, str(request.get("answer", "")))
        case = report_case(reported, sentence, problem, archive.article)
    except (ConversationNotFound, IndexError):
        return "This answer is not kept any more."
    return "Saved. Thank you." if save_report(archive.folder, case) else "It was reported before."
