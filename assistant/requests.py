"""What a program may ask for at once: the bounds that HTTP and MCP share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.types import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answering import Assistant

LONGEST_QUERY = 4_000
"""Characters of a query or a question."""
MOST_RESULTS = 200
MOST_TURNS = 20
"""Earlier questions that a follow-up brings along; each is asked again, for its answer is not trusted."""


async def replay(assistant: Assistant, questions: Sequence[str]) -> list[Turn]:
    """Ask the earlier questions again: a client's word for what was answered is not taken."""
    turns: list[Turn] = []
    for question in questions:
        turns.append(Turn(question, await assistant.aask(question, turns)))
    return turns
