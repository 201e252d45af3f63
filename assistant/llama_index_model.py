"""Any llama-index ``LLM`` as a `ChatModel`, under the same limits as an endpoint of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.chat_stream import CompletionReader
from assistant.deadlines import never
from assistant.errors import ModelError, ModelTruncated, ModelUnreachable
from assistant.limits import ModelLimits, stream_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM

    from assistant.deadlines import Emit, StopSignal
    from assistant.types import Message


class LlamaIndexChatModel:
    """Streams from a llama-index ``LLM``; one that cannot stream gives its answer in one piece.

    llama-index has no finish reason of its own. Where its responses carry the raw chunks of an
    OpenAI-compatible endpoint, their finish reason is required as everywhere; elsewhere the end of its
    stream has to do. A library call that blocks cannot be ended from outside: a stop or a deadline frees
    the reader at once, and the upstream request at the library's next piece.
    """

    def __init__(self, llm: LLM, *, limits: ModelLimits | None = None) -> None:
        """A model on `llm`; where its metadata name a smaller window or answer, those hold."""
        limits = limits or ModelLimits()
        metadata = llm.metadata
        answer = limits.answer_tokens
        if metadata.num_output > 0:
            answer = min(answer, metadata.num_output)
        self._llm = llm
        self._limits = replace(
            limits, context_window=min(limits.context_window, metadata.context_window), answer_tokens=answer
        )
        self.name = metadata.model_name if metadata.model_name != "unknown" else type(llm).__name__
        self.context_window = self._limits.context_window
        self.answer_tokens = self._limits.answer_tokens
        self.total_seconds = self._limits.deadlines.total

    def __repr__(self) -> str:
        return f"LlamaIndexChatModel({self.name!r})"

    def stream(self, messages: Sequence[Message], *, cancelled: Callable[[], bool] = never) -> Iterator[str]:
        """The pieces of the answer; see `assistant.llm.ChatModel.stream`."""

        def produce(emit: Emit, stopped: StopSignal) -> None:
            self._chat(messages, emit, stopped)

        return stream_within(self._limits, messages, produce, cancelled=cancelled)

    def _chat(self, messages: Sequence[Message], emit: Emit, stopped: StopSignal) -> None:
        reader = CompletionReader()
        started = False
        try:
            for chunk in _chunks(self._responses(messages)):
                if stopped():
                    return
                piece = reader.read_chunk(chunk)
                if piece is not None:
                    started = True
                    emit(piece)
            reader.end()
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001  each integration raises errors of its own
            # Only the error's type is told: its text may repeat the key.
            kind = ModelTruncated if started else ModelUnreachable
            raise kind(f"The llama-index model {self.name!r} failed with {type(error).__name__}.") from None

    def _responses(self, messages: Sequence[Message]) -> Iterator[ChatResponse]:
        chat = [_chat_message(message) for message in messages]
        try:
            yield from self._llm.stream_chat(chat)
        except NotImplementedError:
            yield self._llm.chat(chat)


def _chat_message(message: Message) -> ChatMessage:
    from llama_index.core.base.llms.types import ChatMessage, MessageRole

    return ChatMessage(role=MessageRole(message.role), content=message.content)


def _chunks(responses: Iterator[ChatResponse]) -> Iterator[Mapping[str, Any]]:
    """The responses as chunks of an OpenAI stream, the last of which says that the stream has ended."""
    seen = ""
    reason: object = "stop"  # unless the responses carry reasons of their own
    for response in responses:
        text = response.message.content or ""
        delta = response.delta if response.delta is not None else text.removeprefix(seen)
        seen = text
        choice = _first_choice(response.raw)
        if choice is not None:
            reason = _field(choice, "finish_reason")
        yield {"choices": [{"delta": {"content": delta}}]}
    yield {"choices": [{"finish_reason": reason}]}


def _first_choice(raw: object) -> object:
    choices = _field(raw, "choices")
    return choices[0] if isinstance(choices, list) and choices else None


def _field(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
