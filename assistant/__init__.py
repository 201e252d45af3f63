"""A question in, a checked answer out.

The files in the order a question meets them: `scope` narrows what is read, `conversation` makes it stand on
its own, `question` and `windows` read what it asks for, `statements` and `quotations` find words, `terms`,
`relevance` and `sufficiency` weigh sentences, `evidence` numbers them, `extractive` or `prompts`,
`generation` and `llm` write, `citations`, `verification` and `checks` prove, `answer` decides.
`answering` runs the steps; `cli`, `api`, `mcp` and `ui` are views of the one `Answer`.

Names are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.config import Settings
    from assistant.errors import ModelError, QuestionError
    from assistant.llm import ChatModel
    from assistant.types import (
        Answer,
        AnswerEvent,
        Check,
        Citation,
        Claim,
        ClaimEvent,
        Event,
        Evidence,
        Message,
        Question,
        Scope,
        SourcesEvent,
        StepEvent,
        TextEvent,
        Turn,
    )
    from assistant.verification import Verifier, check_answer

_HOMES = {
    "assistant.answering": ("Assistant",),
    "assistant.config": ("Settings",),
    "assistant.errors": ("ModelError", "QuestionError"),
    "assistant.llm": ("ChatModel",),
    "assistant.types": (
        "Answer", "AnswerEvent", "Check", "Citation", "Claim", "ClaimEvent", "Event", "Evidence", "Message",
        "Question", "Scope", "SourcesEvent", "StepEvent", "TextEvent", "Turn",
    ),
    "assistant.verification": ("Verifier", "check_answer"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "AnswerEvent",
    "Assistant",
    "ChatModel",
    "Check",
    "Citation",
    "Claim",
    "ClaimEvent",
    "Event",
    "Evidence",
    "Message",
    "ModelError",
    "Question",
    "QuestionError",
    "Scope",
    "Settings",
    "SourcesEvent",
    "StepEvent",
    "TextEvent",
    "Turn",
    "Verifier",
    "check_answer",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
