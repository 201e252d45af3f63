"""Reads a chat completion in the OpenAI form, streamed or whole, and believes nothing of it.

A completion counts as finished only when its `finish_reason` says so: an HTTP body that just ends looks the
same whether the model was done or the connection was lost. Errors repeat nothing that the endpoint sent, for
it could be the key.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from assistant.errors import ModelMalformed, ModelRefused, ModelTruncated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

COMPLETE = frozenset({"stop", "end_turn", "stop_sequence", "eos", "eos_token"})
"""Finish reasons that mean "I have said all": OpenAI's, and what gateways to Anthropic and TGI pass on."""

MAX_LINE_BYTES = 1_000_000
"""Longest line of a stream. A chunk carries one token in about 300 bytes; whole answers in one chunk stay
under 50 kB."""

MAX_BODY_BYTES = 32_000_000
"""Longest body: 100,000 tokens in one chunk each, thinking included."""


class CompletionReader:
    """Turns the chunks of one completion into text and remembers whether it was finished."""

    def __init__(self) -> None:
        self.finished = False
        """A finish reason was seen that means the text is whole."""
        self._any_text = False

    def read_data(self, data: str) -> str | None:
        """The text of one server-sent event; see `read_chunk`."""
        try:
            chunk = json.loads(data)
        except (ValueError, RecursionError):
            raise ModelMalformed(f"The model sent {len(data):,} characters that are not JSON.") from None
        return self.read_chunk(chunk)

    def read_chunk(self, chunk: object) -> str | None:
        """The text of one chunk; empty for a sign of life without text, None where there is neither.

        Raises:
            ModelMalformed: the chunk is no part of a text completion.
            ModelRefused: it carries an error, or the text was filtered.
            ModelTruncated: the model says it was cut off.
        """
        if not isinstance(chunk, dict):
            raise ModelMalformed(f"The model sent a JSON {type(chunk).__name__} instead of a completion.")
        if chunk.get("error"):
            raise ModelRefused("The endpoint reported an error instead of a completion. Its log says which.")
        choices = chunk.get("choices")
        if not choices:
            return None  # usage and content-filter chunks have no choice
        if not isinstance(choices, list) or not isinstance(choices[0], dict):
            raise ModelMalformed("The model sent a completion whose choices are no list of objects.")
        choice = choices[0]
        piece = self._read_delta(choice.get("delta") or choice.get("message") or {})
        self._read_finish(choice.get("finish_reason"))
        return piece

    def end(self) -> None:
        """The body ended; raises unless a whole text was read."""
        if not self.finished:
            raise ModelTruncated("The model's answer ended without a finish reason: it was cut off.")
        if not self._any_text:
            raise ModelMalformed("The model finished without writing anything.")

    def _read_delta(self, delta: object) -> str | None:
        if not isinstance(delta, dict):
            raise ModelMalformed("The model sent a completion whose delta is no object.")
        if delta.get("tool_calls") or delta.get("function_call"):
            raise ModelMalformed("The model called a tool, and it was offered none.")
        content = delta.get("content")
        if content is not None and not isinstance(content, str):
            raise ModelMalformed(f"The model sent content of type {type(content).__name__} instead of text.")
        if content:
            self._any_text = self._any_text or not content.isspace()
            return content
        return "" if _thinks(delta) else None

    def _read_finish(self, reason: object) -> None:
        if reason is None:
            return
        if reason in {"tool_calls", "function_call"}:
            raise ModelMalformed("The model called a tool, and it was offered none.")
        if reason == "content_filter":
            raise ModelRefused("The endpoint's content filter stopped the answer.")
        if reason == "length":
            raise ModelTruncated("The model ran out of tokens before it had finished.")
        if not isinstance(reason, str) or reason not in COMPLETE:
            raise ModelTruncated("The model stopped for a reason that does not mean it had finished.")
        self.finished = True


def _thinks(delta: Mapping[str, Any]) -> bool:
    return bool(delta.get("reasoning_content") or delta.get("reasoning"))


class CappedStream(httpx.AsyncByteStream):
    """A response body that is given up when a line or the whole of it grows too long."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body = line = 0
        async for data in self._stream:
            newline = data.rfind(b"\n")
            line = line + len(data) if newline < 0 else len(data) - newline - 1
            body += len(data)
            if line > MAX_LINE_BYTES:
                raise ModelMalformed(f"The model sent a line of more than {MAX_LINE_BYTES:,} bytes.")
            if body > MAX_BODY_BYTES:
                raise ModelMalformed(f"The model sent more than {MAX_BODY_BYTES:,} bytes.")
            yield data

    async def aclose(self) -> None:
        """Close the body underneath."""
        await self._stream.aclose()


async def read_response(response: httpx.Response, reader: CompletionReader) -> AsyncIterator[str]:
    """The pieces of a 200 response, streamed or not; see `CompletionReader.read_chunk`.

    Raises:
        ModelMalformed: the response is compressed, of another type, too long or not a completion.
        ModelRefused, ModelTruncated: see `CompletionReader`.
        httpx.HTTPError: the connection failed.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", ""}:
        # Not decompressed at all: 64 kB of gzip can become 67 MB, and the request asked for none.
        raise ModelMalformed("The endpoint sent a compressed body, and was asked for a plain one.")
    assert isinstance(response.stream, httpx.AsyncByteStream)
    response.stream = CappedStream(response.stream)
    response.encoding = "utf-8"  # whatever the header says: server-sent events and JSON are UTF-8
    content_type = response.headers.setdefault("content-type", "text/event-stream")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        async for piece in _read_events(response, reader):
            yield piece
    elif kind == "application/json":  # an endpoint that cannot stream sends the completion in one piece
        await response.aread()
        piece_or_none = reader.read_data(response.text)
        if piece_or_none is not None:
            yield piece_or_none
    else:
        what = "a web page" if kind == "text/html" else "another type of content"
        raise ModelMalformed(f"The endpoint answered with {what} instead of a completion.")
    reader.end()


async def _read_events(response: httpx.Response, reader: CompletionReader) -> AsyncIterator[str]:
    from httpx_sse import EventSource

    async for event in EventSource(response).aiter_sse():
        if event.data == "[DONE]":
            return
        if event.data and not reader.finished:
            piece = reader.read_data(event.data)
            if piece is not None or reader.finished:
                yield piece or ""
