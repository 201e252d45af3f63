"""Question and evidence -> a draft from a chat model, piece by piece."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.deadlines import never
from assistant.evidence import quote_for_prompt
from assistant.extractive import date_in_words
from assistant.limits import approximate_tokens
from assistant.llm import answer_tokens_of, context_window_of
from assistant.prompts import ASK, CANNOT_ANSWER, EVIDENCE_LINE, EXAMPLE_ANSWER, EXAMPLE_QUESTION, SYSTEM
from assistant.types import Evidence, Message, Question

if TYPE_CHECKING:
    from assistant.llm import ChatModel

CHARACTERS_PER_TOKEN = 2.5
"""Code points of evidence counted as one token: below the three UTF-8 bytes by which the limits count, so
that what fits here is never refused there for English text."""
RULES_TOKENS = 600
"""Kept free for rules, example and the frame of the question: 441 by the count of `assistant.limits`."""


def evidence_budget(model: ChatModel, question: Question, limit: int) -> int:
    """Code points of evidence that fit the model's window beside the whole question, at most `limit`."""
    asked = approximate_tokens(question.text)
    free = context_window_of(model) - answer_tokens_of(model) - RULES_TOKENS - asked
    return max(0, min(limit, int(free * CHARACTERS_PER_TOKEN * 0.7)))


def write_messages(question: Question, evidence: Sequence[Evidence], fence: str) -> list[Message]:
    """The prompt: rules, one worked example, then question and evidence between fences.

    Args:
        question: Standalone.
        evidence: Numbered.
        fence: A word that stands in no article.
    """
    lines = write_evidence(evidence)
    return [
        Message("system", SYSTEM.format(cannot_answer=CANNOT_ANSWER)),
        Message("user", EXAMPLE_QUESTION),
        Message("assistant", EXAMPLE_ANSWER),
        Message(
            "user",
            ASK.format(question=quote_for_prompt(question.text, longest=None), fence=fence, evidence=lines),
        ),
    ]


def write_evidence(evidence: Sequence[Evidence]) -> str:
    """One numbered line for each evidence, with its credit."""
    return "\n".join(
        EVIDENCE_LINE.format(marker=one.marker, credit=_credit(one), text=quote_for_prompt(one.text))
        for one in evidence
    )


def stream_draft(
    model: ChatModel,
    question: Question,
    evidence: Sequence[Evidence],
    *,
    cancelled: Callable[[], bool] = never,
) -> Iterator[str]:
    """The model's draft as it comes. Closing the iterator closes the request.

    Raises:
        ModelError: The model gave no usable draft.
    """
    fence = f"evidence {secrets.token_hex(8)}"
    return model.stream(write_messages(question, evidence, fence), cancelled=cancelled)


def is_refusal(draft: str) -> bool:
    """Whether the draft is the agreed refusal and nothing else."""
    words = draft.strip().strip(".!\"'“”*_ ").upper()
    return words == CANNOT_ANSWER


def _credit(evidence: Evidence) -> str:
    parts = [
        quote_for_prompt(evidence.outlet or "unknown outlet"),
        date_in_words(evidence.published) if evidence.published else "undated",
    ]
    if evidence.speaker:
        parts.append(f"speaker: {quote_for_prompt(evidence.speaker)}")
    return ", ".join(parts)
