"""An OpenAI-compatible endpoint on loopback that misbehaves as told: it drips, hangs, cuts, floods and lies.

A real server on a real socket, so that what a test sees is what a reader would. A reply is a list of
steps; the server also counts the connections that are open, which shows whether a client let go.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence in a reply."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hang:
    """Silence until the client goes away."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset (RST), not closed."""


@dataclass(frozen=True, slots=True)
class Drip:
    """Bytes one by one."""

    data: bytes
    seconds: float
    """Before each byte."""


@dataclass(frozen=True, slots=True)
class Forever:
    """The same bytes again and again until the client goes away."""

    data: bytes
    seconds: float = 0.0
    """Before each repetition."""


Step = bytes | Pause | Hang | Reset | Drip | Forever


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the server sends for one request: a head, then the steps of its body."""

    status: int = 200
    reason: str = "Scripted"
    """The phrase after the status."""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/event-stream"})
    steps: Sequence[Step] = ()
    chunked: bool = True
    """Frame the body in HTTP chunks, so that a client can tell its end from a cut. Without, it ends with
    the connection."""
    finished: bool = True
    """Send the last HTTP chunk; without it a chunked body is cut."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request that the server received."""

    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    at: float
    """Monotonic seconds."""

    def json(self) -> dict[str, object]:
        """The body as a JSON object."""
        data = json.loads(self.body)
        assert isinstance(data, dict)
        return data


def chat_chunk(content: str | None = None, finish_reason: str | None = None, **delta: object) -> bytes:
    """One server-sent event of a chat completion."""
    if content is not None:
        delta["content"] = content
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    data = {"object": "chat.completion.chunk", "choices": [choice]}
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def chat_body(text: str, *, finish_reason: str | None = "stop", done: bool = True) -> bytes:
    """The whole event stream of an answer, a word to a chunk."""
    events = [chat_chunk(role="assistant", content="")]
    events += [chat_chunk(word) for word in re.findall(r"\S+\s*|\s+", text)]
    if finish_reason is not None:
        events.append(chat_chunk(finish_reason=finish_reason))
    if done:
        events.append(DONE)
    return b"".join(events)


def text_reply(text: str) -> Reply:
    """A well-behaved streamed answer."""
    return Reply(steps=(chat_body(text),))


def status_reply(status: int, *, retry_after: str | None = None, body: bytes = b"{}") -> Reply:
    """A refusal."""
    headers = {"Content-Type": "application/json"}
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    return Reply(status=status, headers=headers, steps=(body,))


class ScriptedServer:
    """An OpenAI-compatible endpoint on 127.0.0.1 that sends the given replies, the last one again and again.

    A context manager: it listens inside, and closes every connection on leaving.
    """

    def __init__(self, replies: Sequence[Reply] = ()) -> None:
        self.replies: Sequence[Reply] = tuple(replies)
        """May be set again between requests; the count of replies sent starts anew with `script`."""
        self.requests: list[Recorded] = []
        self.open_connections = 0
        """Connections whose reply is being sent."""
        self._sent = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="scripted-server", daemon=True)
        self._port = 0
        self._server: asyncio.Server | None = None
        self._handlers: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The base URL, with ``/v1``."""
        return f"http://127.0.0.1:{self._port}/v1"

    def script(self, *replies: Reply) -> None:
        """Send these from the next request on, and forget the requests so far."""
        self.replies, self._sent = replies, 0
        self.requests.clear()

    def wait_until_idle(self, seconds: float) -> float | None:
        """Seconds until no connection was open any more; None if one still is after `seconds`."""
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if self.open_connections == 0:
                return time.monotonic() - started
            time.sleep(0.005)
        return None

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        assert self._server is not None
        self._server.close()
        for handler in tuple(self._handlers):
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handlers.add(task)
        self.open_connections += 1
        try:
            self.requests.append(await _read_request(reader))
            reply = self.replies[min(self._sent, len(self.replies) - 1)]
            self._sent += 1
            sending = asyncio.create_task(_send(reply, writer))
            leaving = asyncio.create_task(reader.read(1))  # b"" when the client goes away
            try:
                await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sending.cancel()
                leaving.cancel()
                await asyncio.gather(sending, leaving, return_exceptions=True)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client or the test has gone
        finally:
            self.open_connections -= 1
            self._handlers.discard(task)
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Recorded:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Recorded(first.split(" ")[1], headers, body, time.monotonic())


async def _send(reply: Reply, writer: asyncio.StreamWriter) -> None:
    lines = [f"HTTP/1.1 {reply.status} {reply.reason}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.chunked:
        lines.append("Transfer-Encoding: chunked")
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    await writer.drain()

    async def send(data: bytes) -> None:
        if data:
            writer.write(b"%x\r\n%s\r\n" % (len(data), data) if reply.chunked else data)
            await writer.drain()

    for step in reply.steps:
        await _take(step, send, writer)
    if reply.chunked and reply.finished:
        writer.write(b"0\r\n\r\n")
        await writer.drain()


async def _take(step: Step, send: Callable[[bytes], Awaitable[None]], writer: asyncio.StreamWriter) -> None:
    match step:
        case bytes():
            await send(step)
        case Pause(seconds):
            await asyncio.sleep(seconds)
        case Hang():
            await asyncio.Event().wait()
        case Reset():
            writer.transport.abort()
        case Drip(data, seconds):
            for byte in data:
                await asyncio.sleep(seconds)
                await send(bytes([byte]))
        case Forever(data, seconds):
            while True:
                await asyncio.sleep(seconds)
                await send(data)
