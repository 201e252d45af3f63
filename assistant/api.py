"""The archive and the assistant over HTTP: JSON in, the same `Answer` out.

    POST /api/ask            a question, its answer
    POST /api/ask/stream     the same as server-sent events: step, sources, text, claim, answer
    GET  /api/search         passages
    GET  /api/quotes         statements
    GET  /api/speakers       names with the number of their statements
    GET  /api/articles       articles without their text; /api/articles/{id} with it
    POST /v1/chat/completions  the form of OpenAI's API, with the citations beside the text

Reading only: nothing here changes the archive. ``/api`` shows all of it, ``/api/openapi.json`` describes it.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from assistant.answer import mark_unproved
from assistant.errors import QuestionError
from assistant.requests import LONGEST_QUERY, MOST_RESULTS, MOST_TURNS, answer, replay, within
from assistant.types import Answer, AnswerEvent, Event
from index.errors import ArticleNotFound
from index.types import Article, Passage, Quote

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.archive import Archive

Text = Annotated[str, Query(max_length=LONGEST_QUERY)]
Limit = Annotated[int, Query(ge=1, le=MOST_RESULTS)]


class AskRequest(BaseModel):
    """A question, on its own or at the end of a conversation."""

    question: str = Field(min_length=1, max_length=LONGEST_QUERY)
    history: list[Annotated[str, Field(max_length=LONGEST_QUERY)]] = Field(default=[], max_length=MOST_TURNS)
    """Questions asked before, oldest first."""
    outlet: list[Annotated[str, Field(max_length=LONGEST_QUERY)]] = Field(default=[], max_length=MOST_RESULTS)
    """Only from these outlets; none for all."""
    since: AwareDatetime | None = None
    """Only from articles published at this time or later."""
    until: AwareDatetime | None = None
    """Only from articles published before this time."""


class ChatMessage(BaseModel):
    """One message in the form of OpenAI's API."""

    role: Literal["system", "user", "assistant"]
    content: str = Field(max_length=100_000)


class ChatRequest(BaseModel):
    """A chat in the form of OpenAI's API. What a model would need beside the messages is ignored."""

    messages: list[ChatMessage] = Field(min_length=1, max_length=200)
    model: str = "byline"
    stream: bool = False


class Counted(BaseModel):
    """A name and how often it occurs."""

    name: str
    count: int


def create_router(archive: Archive, assistant: Assistant) -> APIRouter:
    """The routes over one archive."""
    router = APIRouter()
    _add_asking(router, assistant)
    _add_reading(router, archive)
    return router


def _add_asking(router: APIRouter, assistant: Assistant) -> None:
    @router.post("/api/ask", tags=["ask"])
    async def ask(request: AskRequest) -> Answer:
        """Answer a question; every sentence carries its verdict and its citations."""
        try:
            return await answer(
                assistant,
                request.question,
                request.history,
                outlets=request.outlet,
                since=request.since,
                until=request.until,
            )
        except QuestionError as error:
            raise HTTPException(422, str(error)) from error

    @router.post("/api/ask/stream", tags=["ask"], response_class=StreamingResponse)
    async def stream(request: AskRequest) -> StreamingResponse:
        """Answer as server-sent events. Closing the connection stops the answer."""
        asked = within(assistant, request.outlet, request.since, request.until)
        try:
            history = await replay(asked, request.history)
        except QuestionError as error:
            raise HTTPException(422, str(error)) from error
        events = _server_sent(asked.astream(request.question, history))
        return StreamingResponse(events, media_type="text/event-stream")

    @router.post("/v1/chat/completions", tags=["ask"])
    async def chat_completions(request: ChatRequest) -> Any:
        """Answer the last user message; ``citations``, ``claims`` and ``abstained`` stand beside the text."""
        asked = [message.content for message in request.messages if message.role == "user"]
        if not asked:
            raise HTTPException(422, "no message has the role user; the last one of them is the question")
        try:
            found = await answer(assistant, asked[-1], asked[:-1][-MOST_TURNS:])
        except QuestionError as error:
            raise HTTPException(422, str(error)) from error
        if request.stream:
            return StreamingResponse(_chat_chunks(found), media_type="text/event-stream")
        return _chat_completion(found)


def _add_reading(router: APIRouter, archive: Archive) -> None:
    @router.get("/api/search", tags=["read"])
    def search(
        *,
        q: Text,
        k: Limit = 10,
        outlet: Annotated[list[str] | None, Query()] = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
        speaker: str | None = None,
    ) -> list[Passage]:
        """The passages that fit a query best; filters narrow, they never widen."""
        return archive.search(q, k=k, outlet=outlet, since=since, until=until, speaker=speaker)

    @router.get("/api/quotes", tags=["read"])
    def quotes(
        *,
        speaker: Text | None = None,
        about: Text | None = None,
        outlet: Annotated[list[str] | None, Query()] = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
        article_id: str | None = None,
        limit: Limit = 50,
    ) -> list[Quote]:
        """Statements with who made them, where the article says so."""
        return archive.quotes(
            speaker=speaker,
            about=about,
            outlet=outlet,
            since=since,
            until=until,
            article_id=article_id,
            limit=limit,
        )

    @router.get("/api/speakers", tags=["read"])
    def speakers(limit: Limit = 50) -> list[Counted]:
        """The most quoted speakers."""
        return [Counted(name=name, count=count) for name, count in archive.speakers()[:limit]]

    @router.get("/api/outlets", tags=["read"])
    def outlets() -> list[Counted]:
        """The outlets with the number of their articles."""
        return [Counted(name=name, count=count) for name, count in archive.outlets()]

    @router.get("/api/articles", tags=["read"])
    def articles(
        *,
        outlet: Annotated[list[str] | None, Query()] = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
        limit: Limit = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> list[Article]:
        """Articles without their text, newest first."""
        found = archive.articles(outlet=outlet, since=since, until=until, limit=limit, offset=offset)
        return [replace(article, text="") for article in found]

    @router.get("/api/articles/{article_id:path}", tags=["read"])
    def article(article_id: str, version: int | None = None) -> Article:
        """One article with its text, in its newest version or the one asked for."""
        try:
            return archive.article(article_id, version)
        except ArticleNotFound as error:
            raise HTTPException(404, str(error)) from error


async def _server_sent(events: AsyncIterator[Event]) -> AsyncIterator[str]:
    try:
        async for event in events:
            data = event.answer.to_dict() if isinstance(event, AnswerEvent) else _plain(event)
            yield f"event: {event.kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
    except QuestionError as error:
        yield f"event: error\ndata: {json.dumps(str(error), ensure_ascii=False)}\n\n"


def _plain(value: object) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(type(value)).dump_python(value, mode="json")


def _chat_completion(answer: Answer) -> dict[str, Any]:
    return {
        **_chat_head(answer, "chat.completion"),
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": mark_unproved(answer)},
            }
        ],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        **_beside(answer),
    }


def _chat_chunks(answer: Answer) -> list[str]:
    """The answer as a stream in that form: its sentences are checked before any is sent."""
    head = _chat_head(answer, "chat.completion.chunk")
    first = {
        "index": 0,
        "finish_reason": None,
        "delta": {"role": "assistant", "content": mark_unproved(answer)},
    }
    last = {"index": 0, "finish_reason": "stop", "delta": {}}
    chunks = [{**head, "choices": [first]}, {**head, "choices": [last], **_beside(answer)}]
    return [*(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in chunks), "data: [DONE]\n\n"]


def _chat_head(answer: Answer, kind: str) -> dict[str, Any]:
    return {"id": answer.id, "object": kind, "created": int(time.time()), "model": answer.model or "byline"}


def _beside(answer: Answer) -> dict[str, Any]:
    whole = answer.to_dict()
    return {name: whole[name] for name in ("citations", "claims", "withheld", "abstained", "reason")}
