"""A chat model behind an OpenAI-compatible HTTP endpoint: Ollama, vLLM, llama.cpp, OpenAI and others.

What it promises beyond a plain HTTP client: every deadline holds, nothing is repeated after the first
token, a cut answer is never taken for a whole one, stopping closes the upstream request, and the key
appears in no message, log or trace. It follows no redirect and reads no proxy from the environment, so
nothing goes anywhere but to the endpoint that was configured.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

import httpx

from assistant.chat_stream import CompletionReader, read_response
from assistant.deadlines import never
from assistant.errors import ModelError, ModelRefused, ModelTimeout, ModelTruncated, ModelUnreachable
from assistant.limits import ModelLimits, stream_within
from assistant.retry import (
    ATTEMPTS,
    FIRST_WAIT_SECONDS,
    JITTER_SECONDS,
    STATUSES,
    RetryableError,
    RetryPolicy,
    parse_retry_after,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

    from pydantic import SecretStr

    from assistant.deadlines import Emit, StopSignal
    from assistant.types import Message

END_SECONDS = 0.2
"""How long the body may go on after the finish reason. The text is whole by then; what is still awaited is
its orderly end, which endpoints send in the same packet."""

NEXT_STEP = {
    400: "The model's name, window or a parameter may be wrong: see BYLINE_MODEL_NAME and `byline model`.",
    401: "Check BYLINE_MODEL_KEY.",
    403: "Check BYLINE_MODEL_KEY and what it may use.",
    404: "Check BYLINE_MODEL_URL and BYLINE_MODEL_NAME; `byline model` tries them.",
    413: "The prompt is too long: set BYLINE_MODEL_CONTEXT_WINDOW to what the model takes.",
    429: "Wait, or check the quota of the key.",
}
"""What to do about a refusal, by HTTP status."""


class HttpChatModel:
    """Streams chat completions from ``<url>/chat/completions``. Safe to share between threads."""

    def __init__(
        self,
        url: str,
        *,
        model: str | None = None,
        key: SecretStr | None = None,
        limits: ModelLimits | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        """An endpoint; nothing is sent before `stream` is called.

        Args:
            url: The base ("http://127.0.0.1:11434/v1"); ``/v1`` is added where it has no path.
            model: The model's name at the endpoint; servers of one model accept any.
            key: Sent as a bearer token.
            limits: Window, budget and deadlines.
            parameters: Added to the request's JSON; a None removes a default (``{"temperature": None}``).

        Raises:
            ModelRefused: the URL or the key cannot be used.
        """
        self._url = _completions_url(url)
        self._auth = _BearerKey(key) if key is not None and key.get_secret_value().strip() else None
        self._limits = limits or ModelLimits()
        self._parameters = dict(parameters or {})
        self.name = model or "default"
        self.context_window = self._limits.context_window
        self.answer_tokens = self._limits.answer_tokens
        self.total_seconds = self._limits.deadlines.total

    def __repr__(self) -> str:
        return f"HttpChatModel({self.address!r}, model={self.name!r})"

    @property
    def address(self) -> str:
        """Where requests go, without query: fit for messages."""
        return str(self._url.copy_with(query=None))

    def stream(self, messages: Sequence[Message], *, cancelled: Callable[[], bool] = never) -> Iterator[str]:
        """The pieces of the answer; see `assistant.llm.ChatModel.stream`."""

        def produce(emit: Emit, stopped: StopSignal) -> None:
            asyncio.run(self._converse(messages, emit, stopped))

        return stream_within(self._limits, messages, produce, cancelled=cancelled, retries_first_token=True)

    async def _converse(self, messages: Sequence[Message], emit: Emit, stopped: StopSignal) -> None:
        """Ask, and ask again while that can help."""
        import stamina

        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def cancel() -> None:
            with suppress(RuntimeError):  # the loop has closed: there is nothing left to cancel
                loop.call_soon_threadsafe(task.cancel)

        stopped.on_stop(cancel)
        policy = RetryPolicy()
        timeout = httpx.Timeout(None, connect=self._limits.deadlines.connect)
        try:
            async with httpx.AsyncClient(
                timeout=timeout, trust_env=False, follow_redirects=False, verify=_tls()
            ) as client:
                async for attempt in stamina.retry_context(
                    on=policy,
                    attempts=ATTEMPTS,
                    timeout=None,
                    wait_initial=FIRST_WAIT_SECONDS,
                    wait_jitter=JITTER_SECONDS,
                ):
                    with attempt:
                        await self._ask(client, messages, emit, policy)
        except RetryableError as last:
            raise last.error from None

    async def _ask(
        self, client: httpx.AsyncClient, messages: Sequence[Message], emit: Emit, policy: RetryPolicy
    ) -> None:
        """One request, from connecting to the end of its body."""
        reader = CompletionReader()
        seconds = self._limits.deadlines.first_token
        try:
            async with asyncio.timeout(seconds) as waiting:
                async with client.stream(
                    "POST",
                    self._url,
                    json=self._body(messages),
                    headers={"Accept": "text/event-stream", "Accept-Encoding": "identity"},
                    auth=self._auth,
                ) as response:
                    self._refuse_unless_ok(response)
                    async for piece in read_response(response, reader):
                        policy.first_token_seen = True
                        waiting.reschedule(None)
                        emit(piece)
                        if reader.finished:
                            waiting.reschedule(asyncio.get_running_loop().time() + END_SECONDS)
        except TimeoutError:
            if reader.finished:
                reader.end()
                return
            raise RetryableError(
                ModelTimeout(f"{self.address} sent no token within {seconds:g} s.")
            ) from None
        except httpx.HTTPError as error:
            raise self._explain(error, policy.first_token_seen) from None

    def _body(self, messages: Sequence[Message]) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "temperature": 0,
            "max_tokens": self._limits.answer_tokens,
        }
        body.update(self._parameters)
        return {name: value for name, value in body.items() if value is not None}

    def _refuse_unless_ok(self, response: httpx.Response) -> None:
        """Raise for every status but 200, telling nothing the server wrote: it could repeat the key."""
        status = response.status_code
        if status == 200:
            return
        phrase = httpx.codes.get_reason_phrase(status)
        what = f"{self.address} answered {f'{status} {phrase}'.strip()} for the model {self.name!r}."
        if status in STATUSES:
            kind = ModelRefused if status < 500 else ModelUnreachable
            after = parse_retry_after(response.headers.get("retry-after"))
            if after is not None:
                what = f"{what} It asks to wait {after:.0f} s."
            raise RetryableError(kind(f"{what} {NEXT_STEP.get(status, 'See its log.')}"), after)
        if 300 <= status < 400:
            raise ModelRefused(f"{what} Redirects are not followed: set BYLINE_MODEL_URL to the final URL.")
        raise ModelRefused(f"{what} {NEXT_STEP.get(status, 'See the log of the endpoint.')}")

    def _explain(self, error: httpx.HTTPError, first_token_seen: bool) -> Exception:
        """The error of ours for a transport error of httpx."""
        if first_token_seen:
            return ModelTruncated(f"The connection to {self.address} broke before the answer was finished.")
        explained: ModelError
        if isinstance(error, httpx.ConnectTimeout):
            seconds = self._limits.deadlines.connect
            explained = ModelTimeout(f"No connection to {self.address} within {seconds:g} s.")
        elif isinstance(error, httpx.ConnectError):
            explained = ModelUnreachable(
                f"No connection to {self.address} ({error}). Start it, or change BYLINE_MODEL_URL."
            )
        else:
            explained = ModelUnreachable(
                f"The connection to {self.address} broke before the first token ({type(error).__name__})."
            )
        return RetryableError(explained)


class _BearerKey(httpx.Auth):
    """Puts the key into a request at the last moment, so that no variable of ours holds it in the clear."""

    def __init__(self, key: SecretStr) -> None:
        shown = key.get_secret_value().strip()
        if not shown.isascii() or not shown.isprintable() or " " in shown:
            raise ModelRefused("The model key holds a character that no key has. Check BYLINE_MODEL_KEY.")
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._key.get_secret_value().strip()}"
        yield request


@cache
def _tls() -> ssl.SSLContext:
    """The usual certificate checks; made once, since reading the certificates takes some 15 ms."""
    return httpx.create_ssl_context(trust_env=False)


def _completions_url(base: str) -> httpx.URL:
    try:
        url = httpx.URL(base)
    except httpx.InvalidURL:
        raise ModelRefused("The model URL cannot be read. Check BYLINE_MODEL_URL.") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ModelRefused("The model URL is not an http(s) URL. Check BYLINE_MODEL_URL.")
    if url.userinfo:
        raise ModelRefused("The model URL holds a user or password. Put the key into BYLINE_MODEL_KEY.")
    path = url.path.rstrip("/") or "/v1"
    if not path.endswith("/chat/completions"):
        path += "/chat/completions"
    return url.copy_with(path=path)
