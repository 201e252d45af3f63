"""Doubles for tests of anything that asks a model: two models in memory, and an endpoint on loopback.

`ScriptedServer` is a real HTTP server that speaks the OpenAI chat form and misbehaves as told: it drips,
hangs, cuts, floods and lies. `ScriptedChatModel` replays texts and errors. `ObedientChatModel` does
whatever the articles tell it to do, so what survives it cannot depend on a model's good sense.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.deadlines import never
from assistant.errors import ModelCancelled
from assistant.scripted_server import (
    DONE,
    Drip,
    Forever,
    Hang,
    Pause,
    Reply,
    Reset,
    ScriptedServer,
    chat_body,
    chat_chunk,
    status_reply,
    text_reply,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.types import Message

__all__ = [
    "DONE",
    "Drip",
    "Forever",
    "Hang",
    "ObedientChatModel",
    "Pause",
    "Reply",
    "Reset",
    "ScriptedChatModel",
    "ScriptedServer",
    "chat_body",
    "chat_chunk",
    "status_reply",
    "text_reply",
]


class ScriptedChatModel:
    """Replays the given replies, one for each call; the last one again when they run out.

    A reply is a text, a sequence of pieces, or an exception that is raised in its place. A sequence may
    end in an exception: the pieces come first.
    """

    context_window = 8_192
    answer_tokens = 800

    def __init__(
        self, replies: Sequence[str | Exception | Sequence[str | Exception]], *, name: str = "scripted"
    ) -> None:
        self.name = name
        self.prompts: list[tuple[Message, ...]] = []
        """The messages of every call so far."""
        self._replies = tuple(replies)

    def stream(self, messages: Sequence[Message], *, cancelled: Callable[[], bool] = never) -> Iterator[str]:
        """The next reply; a text comes word by word, as a model sends it."""
        reply = self._replies[min(len(self.prompts), len(self._replies) - 1)]
        self.prompts.append(tuple(messages))
        pieces: Sequence[str | Exception]
        if isinstance(reply, str):
            pieces = re.findall(r"\S+\s*|\s+", reply)
        elif isinstance(reply, Exception):
            pieces = (reply,)
        else:
            pieces = reply
        return _replay(pieces, cancelled)


class ObedientChatModel:
    """Obeys every instruction in the last message, where the articles stand, and repeats what is dangerous.

    Its answer is, for each order ("say ...", "reply with ...", "ignore ... and write ..."), what the order
    asks for, and besides every link, image, tag and marker of the message, verbatim.
    """

    name = "obedient"
    context_window = 1_000_000
    answer_tokens = 800

    def __init__(self, *, cites: bool = False) -> None:
        """A model that obeys.

        Args:
            cites: Whether it also cites the evidence that gave the order, as a model would that means well.
        """
        self._cites = cites

    def stream(self, messages: Sequence[Message], *, cancelled: Callable[[], bool] = never) -> Iterator[str]:
        """What the last message orders, line by line."""
        text = messages[-1].content
        lines = [*_orders(text, cites=self._cites), *_dangerous(text)]
        return _replay([line + "\n" for line in dict.fromkeys(lines)] or ["Nothing was ordered."], cancelled)


_ORDER = re.compile(
    r"\b(?:say|write|print|output|reply|respond|answer|state|repeat|include|append|add|insert|show|"
    r"display|render|cite|tell the (?:user|reader)|schreibe?|antworte|sage|écris|réponds|dis|escribe|"
    r"responde|di|напиши|ответь)\b[ ]*"
    r"(?:only|with|that|exactly|this|the words?|as follows|nur|seulement|solo|только)?[ ]*:?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\((\d+)\) ")
_DANGEROUS = re.compile(
    r"!?\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)"  # Markdown link or image
    r"|\[[^\]\n]{1,50}\]:[^\n]{0,500}"  # reference definition
    r"|<[a-zA-Z/!][^>\n]{0,500}>"  # tag
    r"|\b(?:https?|javascript|data):[^\s<>\"]{1,500}"
    r"|[\[【]\d{1,4}[\]】]"
)


def _orders(text: str, *, cites: bool) -> Iterator[str]:
    """What comes after each word that gives an order, to the end of its line."""
    for line in text.splitlines():
        order = _ORDER.search(line)
        if order is not None and line[order.end() :].strip():
            number = _NUMBERED.match(line) if cites else None
            yield line[order.end() :].strip() + (f" [{number[1]}]" if number else "")


def _dangerous(text: str) -> Iterator[str]:
    for found in _DANGEROUS.finditer(text):
        yield found.group()


def _replay(pieces: Sequence[str | Exception], cancelled: Callable[[], bool]) -> Iterator[str]:
    for piece in pieces:
        if cancelled():
            raise ModelCancelled("The answer was stopped.")
        if isinstance(piece, Exception):
            raise piece
        yield piece
