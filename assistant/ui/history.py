"""The room "History": conversations listed, searched, renamed, deleted, exported; and their documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi import APIRouter, HTTPException, Request, Response

from assistant.conversations import ConversationNotFound
from assistant.ui.html import render
from assistant.ui.render import markdown_document, render_document
from assistant.ui.script import html_part

if TYPE_CHECKING:
    from markupsafe import Markup

    from assistant.conversations import ConversationStore

_MEDIA_TYPES = {"md": "text/markdown", "json": "application/json", "html": "text/html"}


def user_of(request: Request | gr.Request | None) -> str:
    """Who sent a request: the name that the gate has checked, or nobody where there are no users."""
    inner = getattr(request, "request", request)  # Gradio wraps the request of an event
    return str(inner.scope.get("byline_user", "")) if inner is not None else ""


def render_history(store: ConversationStore, user: str, containing: str = "") -> Markup:
    """The user's conversations, or those that hold some words."""
    return render("history.html", conversations=store.conversations(user, containing), containing=containing)


class HistoryRoom:
    """The Gradio components of the room and their events."""

    def __init__(self, store: ConversationStore) -> None:
        """Show the conversations of this store."""
        self._store = store

    def build(self, private: Mapping[str, Any]) -> None:
        """Lay the room out inside the current Gradio context."""

        def delete_conversation(payload: Mapping[str, Any], request: gr.Request) -> str:
            with suppress(ConversationNotFound):  # deleted in another window
                self._store.delete(user_of(request), str(payload.get("conversation", "")))
            return str(render_history(self._store, user_of(request), str(payload.get("containing") or "")))

        def rename_conversation(payload: Mapping[str, Any], request: gr.Request) -> str:
            with suppress(ConversationNotFound):
                self._store.rename(
                    user_of(request), str(payload.get("conversation", "")), str(payload.get("title", ""))
                )
            return str(render_history(self._store, user_of(request)))

        with gr.Column(elem_id="history-room"):
            html_part("history-title", "<h2>Earlier conversations</h2>")
            containing = gr.Textbox(
                label="Find", placeholder="words in a question or an answer", max_length=200
            )
            self.list = html_part(
                "history", functions=[delete_conversation, rename_conversation], events=["open_conversation"]
            )

        def refresh(words: str | None, request: gr.Request) -> str:
            return str(render_history(self._store, user_of(request), (words or "").strip()))

        self.refresh = refresh
        self.inputs = [containing]
        self.shown = [self.list]
        containing.submit(refresh, [containing], [self.list], **private)


def document_routes(store: ConversationStore) -> APIRouter:
    """Addresses of conversations and answers as documents of their own."""
    router = APIRouter()

    @router.get("/answers/{answer_id}", include_in_schema=False)
    def show_answer(answer_id: str, request: Request) -> Response:
        from assistant.types import Turn

        try:
            answer = store.answer(user_of(request), answer_id)
        except ConversationNotFound as error:
            raise HTTPException(404, str(error)) from error
        return Response(
            render_document([Turn(answer.question, answer)], "One answer"), media_type="text/html"
        )

    @router.get("/conversations/{conversation}.{kind}", include_in_schema=False)
    def export_conversation(conversation: str, kind: str, request: Request) -> Response:
        if kind not in _MEDIA_TYPES:
            raise HTTPException(404, f"no document of kind {kind!r}; there are {', '.join(_MEDIA_TYPES)}")
        try:
            title = store.conversation(user_of(request), conversation).title
            turns = store.turns(user_of(request), conversation)
        except ConversationNotFound as error:
            raise HTTPException(404, str(error)) from error
        if kind == "md":
            content = markdown_document(turns, title)
        elif kind == "html":
            content = render_document(turns, title)
        else:
            rows = [{"question": turn.question, "answer": turn.answer.to_dict()} for turn in turns]
            content = json.dumps({"title": title, "turns": rows}, ensure_ascii=False, indent=1)
        name = {"Content-Disposition": f'attachment; filename="conversation.{kind}"'}
        return Response(content, media_type=_MEDIA_TYPES[kind], headers=name)

    return router
