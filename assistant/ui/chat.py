"""Question -> a turn that grows on the page: steps, sources, checked sentences, and last the answer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from assistant.types import Answer, AnswerEvent, ClaimEvent, SourcesEvent, StepEvent, TextEvent, Turn
from assistant.ui.html import counted
from assistant.ui.render import render_failure, render_live
from index.errors import BylineError

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.types import Claim
    from index.types import Passage

REDRAW_SECONDS = 0.08
"""Shortest time between two states of a growing text: a reader sees no difference above 12 a second."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnState:
    """What the newest turn looks like at one moment."""

    html: Markup
    """The whole turn; for a finished one empty, since its page depends on more than the answer."""
    answer: Answer | None = None
    """Given exactly once, in the last state."""


class AnswerDesk:
    """Lets so many answers be worked on at once and tells everybody else their place in the line."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._line: deque[asyncio.Event] = deque()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[AsyncIterator[int]]:
        """Wait for a place and hold it.

        Yields:
            An iterator over the number of readers ahead, ending when it is this reader's turn.
            It must be used up before the work begins.
        """
        called = asyncio.Event()
        holds = False

        async def wait() -> AsyncIterator[int]:
            nonlocal holds
            if self._free and not self._line:
                self._free -= 1
                holds = True
                return
            self._line.append(called)
            while not called.is_set():
                yield self._line.index(called)
                try:
                    await asyncio.wait_for(called.wait(), timeout=0.5)
                except TimeoutError:
                    continue
            holds = True

        try:
            yield wait()
        finally:
            if holds or called.is_set():
                self._call_next()
            elif called in self._line:
                self._line.remove(called)

    def _call_next(self) -> None:
        if self._line:
            self._line.popleft().set()
        else:
            self._free += 1


async def stream_turn(
    assistant: Assistant, question: str, history: Sequence[Turn], desk: AnswerDesk
) -> AsyncIterator[TurnState]:
    """The states of one turn, ending with the answer or with what went wrong.

    Closing the iterator stops the answer and with it the request to the model.
    """
    yield TurnState(html=render_live(question, "Reading the question"))
    async with desk.place() as waiting:
        async for ahead in waiting:
            place = f"{counted(ahead, 'question')} before yours" if ahead else "yours is next"
            yield TurnState(html=render_live(question, f"Busy: {place}"))
        try:
            async for state in _draw(assistant, question, history):
                yield state
        except BylineError as error:
            yield TurnState(html=render_failure(question, str(error)))


async def _draw(assistant: Assistant, question: str, history: Sequence[Turn]) -> AsyncIterator[TurnState]:
    clock = asyncio.get_running_loop().time
    step, draft, drawn = "Reading the question", "", 0.0
    passages: tuple[Passage, ...] = ()
    checked: list[Claim] = []
    async for event in assistant.astream(question, history):
        grows = False  # a growing text is not drawn for every piece
        match event:
            case StepEvent():
                step = event.detail[:1].upper() + event.detail[1:]
            case SourcesEvent():
                passages = event.passages
            case TextEvent():
                grows, draft = bool(draft), draft + event.delta
            case ClaimEvent():
                if event.shown:
                    grows = bool(checked)
                    checked.append(event.claim)
            case AnswerEvent():
                yield TurnState(html=Markup(""), answer=event.answer)
                return
        if grows and clock() - drawn < REDRAW_SECONDS:
            continue
        drawn = clock()
        yield TurnState(html=render_live(question, step, passages, draft, checked))
