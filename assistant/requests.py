"""What a program may ask for at once: the bounds that HTTP and MCP share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.types import Scope, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assistant.answering import Assistant
    from assistant.types import Answer

LONGEST_QUERY = 4_000
"""Characters of a query or a question."""
MOST_RESULTS = 200
MOST_TURNS = 20
"""Earlier questions that a follow-up brings along; each is asked again, for its answer is not trusted."""


async def answer(
    assistant: Assistant,
    question: str,
    earlier: Sequence[str] = (),
    *,
    outlets: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Answer:
    """The answer to a question that may follow up on earlier ones, from the articles in the scope."""
    asked = within(assistant, outlets, since, until)
    return await asked.aask(question, await replay(asked, earlier))


def within(
    assistant: Assistant, outlets: Sequence[str] | None, since: datetime | None, until: datetime | None
) -> Assistant:
    """The assistant, or one that reads only the articles in the scope."""
    scope = Scope(outlets=tuple(outlets or ()), since=since, until=until)
    return assistant if scope == Scope() else assistant.within(scope)


async def replay(assistant: Assistant, questions: Sequence[str]) -> list[Turn]:
    """Ask the earlier questions again: a client's word for what was answered is not taken."""
    turns: list[Turn] = []
    for question in questions:
        turns.append(Turn(question, await assistant.aask(question, turns)))
    return turns
