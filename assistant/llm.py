"""The seam to a language model: one verb, `ChatModel.stream`, whoever answers.

`connect_model` turns what a caller has (nothing, a URL, a GGUF file, a llama-index ``LLM`` or a model of
its own) into a `ChatModel`. No model is needed: without one, answers are extractive.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.deadlines import Deadlines, never
from assistant.errors import ModelRefused
from assistant.limits import DEFAULT_ANSWER_TOKENS, DEFAULT_CONTEXT_WINDOW, model_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from llama_index.core.llms import LLM
    from typing_extensions import TypeIs

    from assistant.config import Settings
    from assistant.types import Message


@runtime_checkable
class ChatModel(Protocol):
    """A model that answers messages with text, piece by piece."""

    @property
    def name(self) -> str:
        """What a reader calls it: "llama3.1:8b". Never holds a key."""

    def stream(self, messages: Sequence[Message], *, cancelled: Callable[[], bool] = never) -> Iterator[str]:
        """The pieces of the answer.

        Returning normally means that the model said it had finished. Closing the iterator closes the
        upstream request; `cancelled` is asked at least every half second, also while the model is silent.

        Raises:
            ModelError: one of its subclasses; nothing else is expected by a caller.
        """


def context_window_of(model: ChatModel) -> int:
    """Tokens of prompt and answer together that the model takes."""
    window: int = getattr(model, "context_window", DEFAULT_CONTEXT_WINDOW)
    return window


def answer_tokens_of(model: ChatModel) -> int:
    """Tokens of the window that belong to the answer and must be left free by the prompt."""
    tokens: int = getattr(model, "answer_tokens", DEFAULT_ANSWER_TOKENS)
    return tokens


def total_seconds_of(model: ChatModel) -> float:
    """Seconds that all calls for one answer may take together."""
    seconds: float = getattr(model, "total_seconds", Deadlines().total)
    return seconds


def connect_model(model: str | ChatModel | LLM | None, settings: Settings) -> ChatModel | None:
    """The chat model for what the caller gave; connects to nothing and loads nothing yet.

    Args:
        model: None for the endpoint of the settings (no model where they name none), the URL of an
            OpenAI-compatible endpoint, the path of a ``.gguf`` file, a llama-index ``LLM`` or a `ChatModel`.
        settings: Where endpoint, name, key and limits come from.

    Raises:
        ModelRefused: the value is none of these, or the settings cannot be used.
    """
    if model is None:
        model = settings.model_url
        if not model:
            return None
    if isinstance(model, str):
        return _connect_address(model, settings)
    if _is_llama_index(model):
        from assistant.llama_index_model import LlamaIndexChatModel

        return LlamaIndexChatModel(model, limits=model_limits(settings))
    if isinstance(model, ChatModel):
        return model
    raise ModelRefused(
        f"A {type(model).__name__} is no model. Give a URL, a .gguf file, a llama-index LLM or an object "
        "with `name` and `stream(messages, cancelled=...)`."
    )


def _is_llama_index(model: object) -> TypeIs[LLM]:
    """Whether it is an ``LLM``; asks without importing llama-index, which whoever made one has done."""
    llms = sys.modules.get("llama_index.core.llms")
    return llms is not None and isinstance(model, llms.LLM)


def _connect_address(address: str, settings: Settings) -> ChatModel:
    limits = model_limits(settings)
    if address.startswith(("http://", "https://")):
        from assistant.http_model import HttpChatModel

        return HttpChatModel(
            address,
            model=settings.model_name,
            key=settings.model_key,
            limits=limits,
            parameters=settings.model_parameters,
        )
    if address.endswith(".gguf"):
        from assistant.local_model import LocalChatModel

        return LocalChatModel(Path(address), limits=limits)
    raise ModelRefused(
        f"{address!r} is neither an http(s) URL nor a .gguf file. "
        "Set BYLINE_MODEL_URL to something like http://127.0.0.1:11434/v1."
    )
