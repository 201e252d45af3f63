"""Any llama-index `LLM` as a chat model, and how `connect_model` chooses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.llms import LLM, CustomLLM, MockLLM

from assistant.config import Settings
from assistant.deadlines import Deadlines
from assistant.errors import (
    ModelCancelled,
    ModelError,
    ModelMalformed,
    ModelOverBudget,
    ModelRefused,
    ModelTimeout,
    ModelTruncated,
    ModelUnreachable,
)
from assistant.http_model import HttpChatModel
from assistant.limits import ModelLimits
from assistant.llama_index_model import LlamaIndexChatModel
from assistant.llm import ChatModel, connect_model
from assistant.local_model import LocalChatModel
from assistant.testing import ScriptedChatModel, ScriptedServer, text_reply
from assistant.types import Message

PROMPT = [Message("system", "Answer briefly."), Message("user", "Who spoke?")]


class PlayedLLM(CustomLLM):
    """Plays a function of the prompt as its stream of responses."""

    play: Callable[[Sequence[ChatMessage]], ChatResponseGen]
    window: int = 4_000
    output: int = 300

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=self.window, num_output=self.output, model_name="played")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        raise NotImplementedError

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        return self.play(messages)


def said(text: str, delta: str | None = None, raw: object = None) -> ChatResponse:
    return ChatResponse(message=ChatMessage(role="assistant", content=text), delta=delta, raw=raw)


def played(
    play: Callable[[Sequence[ChatMessage]], ChatResponseGen], **deadlines: float
) -> LlamaIndexChatModel:
    limits = ModelLimits(deadlines=Deadlines(**{"first_token": 0.3, "between_tokens": 0.3, **deadlines}))
    return LlamaIndexChatModel(PlayedLLM(play=play), limits=limits)


def test_a_stock_llm_streams_through_the_adapter() -> None:
    model = LlamaIndexChatModel(MockLLM())
    assert isinstance(model, ChatModel)
    assert "Who spoke?" in "".join(model.stream(PROMPT))


def test_the_messages_keep_their_roles() -> None:
    heard: list[tuple[str, str | None]] = []

    def play(messages: Sequence[ChatMessage]) -> ChatResponseGen:
        heard.extend((message.role.value, message.content) for message in messages)
        yield said("Yes.", "Yes.")

    assert list(played(play).stream(PROMPT)) == ["Yes."]
    assert heard == [("system", "Answer briefly."), ("user", "Who spoke?")]


def test_pieces_are_read_from_growing_messages_too() -> None:
    def play(_messages: Sequence[ChatMessage]) -> ChatResponseGen:
        yield said("The")
        yield said("The mayor")
        yield said("The mayor.")

    assert list(played(play).stream(PROMPT)) == ["The", " mayor", "."]


def test_an_llm_that_cannot_stream_answers_in_one_piece() -> None:
    class Whole(MockLLM):
        def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
            raise NotImplementedError

        def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
            return said("Yes.")

    assert list(LlamaIndexChatModel(Whole()).stream(PROMPT)) == ["Yes."]


@pytest.mark.parametrize(
    ("reason", "kind"), [("length", ModelTruncated), (None, ModelTruncated), ("tool_calls", ModelMalformed)]
)
def test_the_finish_reason_of_a_raw_openai_chunk_is_required(
    reason: str | None, kind: type[ModelError]
) -> None:
    def play(_messages: Sequence[ChatMessage]) -> ChatResponseGen:
        yield said("The", "The", {"choices": [{"finish_reason": None}]})
        yield said("The", "", {"choices": [{"finish_reason": reason}]})

    with pytest.raises(kind):
        list(played(play).stream(PROMPT))


def test_a_stopped_raw_openai_chunk_is_whole() -> None:
    def play(_messages: Sequence[ChatMessage]) -> ChatResponseGen:
        yield said("Yes.", "Yes.", {"choices": [{"finish_reason": "stop"}]})
        yield said("Yes.", "", {"choices": [], "usage": {"total_tokens": 3}})

    assert "".join(played(play).stream(PROMPT)) == "Yes."


@pytest.mark.parametrize(("pieces", "kind"), [(0, ModelUnreachable), (1, ModelTruncated)])
def test_an_error_of_an_integration_is_told_without_its_text(pieces: int, kind: type[ModelError]) -> None:
    def play(_messages: Sequence[ChatMessage]) -> ChatResponseGen:
        for _ in range(pieces):
            yield said("The", "The")
        raise ValueError("401: bad key sk-canary")

    with pytest.raises(kind) as failed:
        list(played(play).stream(PROMPT))
    assert "ValueError" in str(failed.value)
    assert "sk-canary" not in str(failed.value)
    assert failed.value.__suppress_context__


def test_an_empty_stream_is_malformed() -> None:
    with pytest.raises(ModelMalformed):
        list(played(lambda _messages: iter(())).stream(PROMPT))  # type: ignore[arg-type, return-value]


def test_deadlines_hold_over_a_library_that_blocks() -> None:
    freed = threading.Event()

    def play(_messages: Sequence[ChatMessage]) -> ChatResponseGen:
        freed.wait(5)
        yield said("late", "late")

    started = time.monotonic()
    with pytest.raises(ModelTimeout, match=r"first token within 0\.3 s"):
        list(played(play).stream(PROMPT))
    assert time.monotonic() - started < 0.8 + 0.3  # the farewell to a thread that does not listen
    freed.set()


def test_a_stop_closes_the_library_s_stream_at_its_next_piece() -> None:
    closed = threading.Event()

    def play(_messages: Sequence[ChatMessage]) -> ChatResponseGen:
        try:
            while True:
                time.sleep(0.02)
                yield said("a", "a")
        finally:
            closed.set()

    stopped = threading.Event()
    stream = played(play).stream(PROMPT, cancelled=stopped.is_set)
    next(stream)
    stopped.set()
    with pytest.raises(ModelCancelled):
        list(stream)
    assert closed.wait(1.0)


def test_the_smaller_window_of_the_two_holds() -> None:
    llm = PlayedLLM(play=lambda _messages: iter(()), window=2_000, output=100)  # type: ignore[arg-type, return-value]
    model = LlamaIndexChatModel(llm, limits=ModelLimits(context_window=8_000, answer_tokens=800))
    assert (model.name, model.context_window, model.answer_tokens) == ("played", 2_000, 100)
    with pytest.raises(ModelOverBudget):
        list(model.stream([Message("user", "word " * 2_000)]))


# ---------------------------------------------------------------- connect_model


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    monkeypatch.chdir(tmp_path)
    for name in ("BYLINE_MODEL_URL", "BYLINE_MODEL_NAME", "BYLINE_MODEL_KEY"):
        monkeypatch.delenv(name, raising=False)
    return Settings(model_name="tiny", model_answer_tokens=123)


def test_nothing_given_and_nothing_set_is_no_model(settings: Settings) -> None:
    assert connect_model(None, settings) is None


def test_nothing_given_is_the_endpoint_of_the_settings(settings: Settings) -> None:
    chosen = connect_model(None, settings.model_copy(update={"model_url": "http://127.0.0.1:1/v1"}))
    assert isinstance(chosen, HttpChatModel)
    assert (chosen.name, chosen.answer_tokens) == ("tiny", 123)


def test_each_kind_of_model_is_connected_as_itself(settings: Settings) -> None:
    own = ScriptedChatModel(["Yes."])
    assert connect_model(own, settings) is own
    assert isinstance(connect_model("https://example.org/v1", settings), HttpChatModel)
    assert isinstance(connect_model("weights/small.gguf", settings), LocalChatModel)
    llm: LLM = MockLLM()
    assert isinstance(connect_model(llm, settings), LlamaIndexChatModel)


@pytest.mark.parametrize("value", ["llama3", "ftp://example.org", 7, b"http://"], ids=repr)
def test_anything_else_is_refused_with_what_would_do(settings: Settings, value: Any) -> None:
    with pytest.raises(ModelRefused, match="URL"):
        connect_model(value, settings)


def test_parameters_of_the_settings_reach_the_endpoint(
    settings: Settings, scripted_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted_server.script(text_reply("Yes."))
    monkeypatch.setenv("BYLINE_MODEL_PARAMETERS", '{"temperature": null, "seed": 7}')
    model = connect_model(scripted_server.url, Settings())
    assert model is not None
    assert "".join(model.stream(PROMPT)) == "Yes."
    body = scripted_server.requests[0].json()
    assert body["seed"] == 7
    assert "temperature" not in body
