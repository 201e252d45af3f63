"""Deadlines that hold whatever a model does, and a stop that is noticed while it is silent.

A model runs in a thread of its own and hands over pieces of text; the reader's side waits for them with a
clock in its hand. So a deadline does not depend on the model's library, nor on a read timeout, which a
server that drips one byte a second never trips.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from assistant.errors import ModelCancelled, ModelTimeout

Emit = Callable[[str], None]
"""Hands over a piece of text; an empty one is a sign of life (a model that thinks before it writes)."""

POLL_SECONDS = 0.05
"""How often a silent stream is asked whether it was stopped: well inside the promised half second."""

FAREWELL_SECONDS = 0.3
"""How long a stopped model may take to close its upstream request before the reader's side goes on. On
loopback closing takes under 10 ms; what takes longer (a name server that does not answer) ends alone."""


def never() -> bool:
    """Stands for "nobody stops this stream"."""
    return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadlines:
    """Seconds that each part of one answer may take."""

    connect: float = 5.0
    """Name lookup, TCP and TLS, each attempt."""
    first_token: float = 30.0
    """From sending the request to the first token, each attempt."""
    between_tokens: float = 15.0
    """Silence after a token."""
    total: float = 60.0
    """From the first attempt to the last token, waiting and retries included."""


class StopSignal:
    """Tells a model's thread that nobody reads any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = False
        self._callback: Callable[[], None] | None = None

    def __call__(self) -> bool:
        """Whether the model should stop."""
        return self._stopped

    def on_stop(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when the stream is stopped; at once if it is stopped already."""
        with self._lock:
            if not self._stopped:
                self._callback = callback
                return
        callback()

    def stop(self) -> None:
        """Ask the model to stop; only the first call has an effect."""
        with self._lock:
            already, self._stopped = self._stopped, True
            callback, self._callback = self._callback, None
        if callback is not None and not already:
            callback()


@dataclass(frozen=True, slots=True)
class _End:
    """The model's thread is done."""

    error: BaseException | None


def relay(
    produce: Callable[[Emit, StopSignal], None],
    *,
    deadlines: Deadlines,
    cancelled: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
) -> Generator[str]:
    """Run `produce` in a thread and yield the text it emits, under the deadlines.

    `deadlines.connect` is left to `produce`. Whatever ends the stream (its end, an error, a deadline, a
    stop, a closed iterator), `produce` is told by its `StopSignal`.

    Raises:
        ModelTimeout: a deadline passed.
        ModelCancelled: `cancelled` said so.
        Exception: whatever `produce` raised.
    """
    queue: SimpleQueue[str | _End] = SimpleQueue()
    signal = StopSignal()

    def run() -> None:
        try:
            produce(queue.put, signal)
        except BaseException as error:  # noqa: BLE001  handed to the reader's side, which raises it
            queue.put(_End(error))
        else:
            queue.put(_End(None))

    thread = threading.Thread(target=run, name="byline-model", daemon=True)
    started = clock()
    thread.start()
    silence, what = deadlines.first_token, "first token"
    quiet_since = started
    try:
        while True:
            if cancelled():
                raise ModelCancelled("The answer was stopped.")
            now = clock()
            left = min(quiet_since + silence, started + deadlines.total) - now
            try:
                item = queue.get(timeout=max(0.0, min(left, POLL_SECONDS)))
            except Empty:
                if left <= 0:
                    raise _timeout(deadlines, what, silence, clock() - started) from None
                continue
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            if clock() - started > deadlines.total:
                raise _timeout(deadlines, what, silence, clock() - started)
            if item:
                yield item
            quiet_since, silence, what = clock(), deadlines.between_tokens, "next token"
    finally:
        signal.stop()
        thread.join(FAREWELL_SECONDS)


def _timeout(deadlines: Deadlines, what: str, silence: float, elapsed: float) -> ModelTimeout:
    if elapsed >= deadlines.total:
        return ModelTimeout(f"The model had not finished after {deadlines.total:g} s.")
    return ModelTimeout(f"The model was silent: no {what} within {silence:g} s.")
