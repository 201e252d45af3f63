"""A GGUF file as a chat model in this process, by `xllamacpp` (llama.cpp); the extra ``byline[local]``."""

from __future__ import annotations

import os
import secrets
import threading
import weakref
from typing import TYPE_CHECKING, Any

from assistant.chat_stream import CompletionReader
from assistant.deadlines import never
from assistant.errors import ModelError, ModelRefused, ModelUnreachable
from assistant.limits import ModelLimits, stream_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from assistant.deadlines import Emit, StopSignal
    from assistant.types import Message

EXIT_SECONDS = 10.0
"""How long the program waits at its end for llama.cpp to notice that it should stop; a thread that is still
inside it when the interpreter goes brings the process down with an abort."""

GGUF_MAGIC = b"GGUF"
"""The first four bytes of every GGUF file."""


class LocalChatModel:
    """Streams from a GGUF file; loads it at the first question, which takes seconds, and keeps it.

    llama.cpp reports nothing while it reads the prompt: a stop then frees the reader at once and the
    processor at the first token.
    """

    def __init__(self, path: Path, *, limits: ModelLimits | None = None) -> None:
        """A model in `path`, which is not read before the first question.

        Args:
            path: A ``.gguf`` file with a chat template in it.
            limits: The window sets how much memory the model's cache takes.
        """
        self._path = path
        self._limits = limits or ModelLimits()
        self._lock = threading.Lock()
        self._server: Any = None
        self._leaving = threading.Event()
        self._threads: set[threading.Thread] = set()
        weakref.finalize(self, _leave, self._leaving, self._threads)
        self.name = path.stem
        self.context_window = self._limits.context_window
        self.answer_tokens = self._limits.answer_tokens
        self.total_seconds = self._limits.deadlines.total

    def __repr__(self) -> str:
        return f"LocalChatModel({str(self._path)!r})"

    def stream(self, messages: Sequence[Message], *, cancelled: Callable[[], bool] = never) -> Iterator[str]:
        """The pieces of the answer; see `assistant.llm.ChatModel.stream`."""

        def produce(emit: Emit, stopped: StopSignal) -> None:
            self._chat(messages, emit, stopped)

        return stream_within(self._limits, messages, produce, cancelled=cancelled)

    def _chat(self, messages: Sequence[Message], emit: Emit, stopped: StopSignal) -> None:
        reader = CompletionReader()
        failures: list[ModelError] = []

        def take(chunk: Mapping[str, object]) -> bool:
            """Pass one chunk on; whether llama.cpp should stop."""
            try:
                piece = reader.read_chunk(chunk)
            except ModelError as error:  # an exception would be lost on its way through llama.cpp
                failures.append(error)
                return True
            if piece is not None:
                emit(piece)
            return stopped() or self._leaving.is_set()

        request = {
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "temperature": 0,
            "max_tokens": self._limits.answer_tokens,
        }
        self._threads.add(threading.current_thread())
        try:
            self._load().handle_chat_completions(request, take)
        finally:
            self._threads.discard(threading.current_thread())
        if failures:
            raise failures[0]
        if not stopped():
            reader.end()

    def _load(self) -> Any:
        with self._lock:
            if self._server is None:
                self._server = _start_server(self._path, self._limits.context_window)
            return self._server


def _leave(leaving: threading.Event, threads: set[threading.Thread]) -> None:
    leaving.set()
    for thread in tuple(threads):
        thread.join(EXIT_SECONDS)


def _threads() -> int:
    """Half the processors: about one thread a core.

    llama.cpp's threads wait for one another after every layer. With both of two busy cores SmolLM2 made 3
    tokens in 14 s, with one of them 28 in 6 s.
    """
    return max(1, (os.cpu_count() or 2) // 2)


def _start_server(path: Path, context_window: int) -> Any:
    try:
        import xllamacpp
    except ImportError:
        raise ModelRefused(
            "Running a GGUF file needs xllamacpp. Install it: pip install 'byline[local]'."
        ) from None
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except OSError as error:
        raise ModelUnreachable(f"The model file {path} cannot be read: {error.strerror}.") from None
    if magic != GGUF_MAGIC:
        raise ModelRefused(f"{path} is no GGUF file: it begins with {magic!r}.")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = context_window
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _threads()
    params.verbosity = -1
    params.offline = True
    # The library also listens on a loopback port; a key that nobody knows closes it to other programs.
    params.hostnames = ["127.0.0.1"]
    params.api_keys = [secrets.token_urlsafe(32)]
    params.ui = params.endpoint_slots = False
    try:
        return xllamacpp.Server(params)
    except RuntimeError:
        raise ModelUnreachable(
            f"llama.cpp cannot load {path}: damaged, too new for this xllamacpp, or too big for the memory."
        ) from None
