"""The layout of the page: the bar, the rooms, and the reading column beside them.

Gradio keeps the session and carries the events; what is shown comes as HTML from the modules beside
this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.ui.article_view import render_column
from assistant.ui.asking import READERS_AT_ONCE, AskRoom
from assistant.ui.evals import EvalsRoom
from assistant.ui.history import HistoryRoom
from assistant.ui.library import LibraryRoom
from assistant.ui.reading import show_article
from assistant.ui.script import html_part
from assistant.ui.statements import StatementsRoom

if TYPE_CHECKING:
    from gradio.data_classes import BlocksConfigDict

    from assistant.answering import Assistant
    from assistant.conversations import ConversationStore
    from index.archive import Archive

HEADER = """
<header class="bar">
  <a class="skip" href="#composer">Skip to the question</a>
  <h1 class="wordmark">byline</h1>
  <p id="told" class="unseen" role="status"></p>
  <div class="bar-tools">
    <button type="button" class="quiet" data-act="new">New</button>
    <button type="button" id="theme-toggle" class="quiet" data-act="theme" aria-pressed="false">
      <span class="for-light">Dark</span><span class="for-dark">Light</span>
    </button>
  </div>
</header>
"""

COLUMN_BAR = """
<div class="column-bar">
  <button type="button" id="back" class="quiet" data-act="close-column">← Back</button>
</div>
"""


class Page(gr.Blocks):
    """Blocks whose tabs hold no connection while they are only looked at.

    With any `gr.State` Gradio keeps a stream open from each tab, and browsers allow six connections to a
    server without HTTP/2: the sixth tab hung for good. What a session left behind is found by its age.
    """

    def get_config_file(self) -> BlocksConfigDict:
        """The description of the page for its script."""
        return {**super().get_config_file(), "connect_heartbeat": False}


def theme() -> gr.themes.Base:
    """Gradio's plain theme with system fonts, so that no font is fetched."""
    fonts = ["ui-sans-serif", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    mono = ["ui-monospace", "monospace"]
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=fonts, font_mono=mono)


def build_page(archive: Archive, assistant: Assistant, store: ConversationStore, runs: Path) -> gr.Blocks:
    """The page over one archive and the eval runs in a folder; nothing is read before a browser asks."""
    asking = AskRoom(archive, assistant, store)
    statements, library, history = StatementsRoom(archive), LibraryRoom(archive), HistoryRoom(store)
    evals = EvalsRoom(runs, archive.folder)
    private: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def open_article(request: Mapping[str, Any]) -> str:
        return show_article(archive, request)

    page = Page(title="byline", fill_width=True, analytics_enabled=False, delete_cache=(3600, 3600))
    with page:
        html_part("header", HEADER)
        with gr.Row(elem_id="frame", equal_height=False):
            with gr.Column(elem_id="left", scale=6, min_width=280), gr.Tabs(elem_id="rooms") as rooms:
                with gr.Tab("Ask", id="ask") as ask_tab:
                    asking.build()
                with gr.Tab("Who said what", id="statements") as statements_tab:
                    statements.build(private)
                with gr.Tab("Library", id="library") as library_tab:
                    library.build(private)
                with gr.Tab("History", id="history") as history_tab:
                    history.build(private)
                with gr.Tab("Evals", id="evals") as evals_tab:
                    evals.build()
            with gr.Column(elem_id="column", scale=5, min_width=280):
                html_part("column-bar", COLUMN_BAR)
                with gr.Column(elem_id="column-scroll"):
                    column = html_part("article", str(render_column()), [open_article])
        asking.connect(column, rooms, history, private)
        first, greeted = [page.load, ask_tab.select], [asking.welcome, asking.filters]
        gr.on(first, asking.greet, [asking.turns], greeted, queue=False, **private)
        rooms_by_tab: tuple[tuple[gr.Tab, Any], ...] = (
            (statements_tab, statements),
            (library_tab, library),
            (history_tab, history),
            (evals_tab, evals),
        )
        for tab, room in rooms_by_tab:
            tab.select(room.refresh, room.inputs, room.shown, queue=False, **private)
    page.queue(max_size=READERS_AT_ONCE, api_open=False)
    return page
