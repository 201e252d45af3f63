"""Tries a model with one short question, so that a wrong URL, name or key shows before it matters."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import ModelError
from assistant.llm import answer_tokens_of, context_window_of
from assistant.local_endpoints import LocalEndpoint, find_local_endpoints
from assistant.types import Message

if TYPE_CHECKING:
    from assistant.llm import ChatModel

TRIAL = (Message("user", "Reply with one short sentence that says you are ready."),)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelTrial:
    """What came of the trial."""

    model: str | None
    """Its name, None where no model is in use."""
    address: str | None = None
    """Where it is asked, None where it runs in this process."""
    context_window: int | None = None
    """Tokens of prompt and answer together, as configured."""
    answer_tokens: int | None = None
    """Of them for the answer."""
    first_token_seconds: float | None = None
    seconds: float | None = None
    """To the end of the answer or to the error."""
    text: str = ""
    """What it wrote."""
    error: str | None = None
    """Why it could not be used, with what to do."""
    found: tuple[LocalEndpoint, ...] = ()
    """Model servers on this machine; looked for only where no model is in use."""

    def describe(self) -> str:
        """The trial in a few lines for a person."""
        if self.model is None:
            lines = ["No model is in use: answers are made of the articles' own sentences."]
            lines += [
                f"Found on this machine: {endpoint.server} at {endpoint.url}"
                f" ({', '.join(endpoint.models) or 'no models'}). To use it:\n"
                f"  export BYLINE_MODEL_URL={endpoint.url} BYLINE_MODEL_NAME={(*endpoint.models, 'NAME')[0]}"
                for endpoint in self.found
            ]
            if not self.found:
                lines.append(
                    "To use one: export BYLINE_MODEL_URL=http://127.0.0.1:11434/v1 BYLINE_MODEL_NAME=NAME"
                )
            return "\n".join(lines)
        lines = [
            f"Model: {self.model} at {self.address or 'this process'}",
            f"Window: {self.context_window:,} tokens, {self.answer_tokens:,} of them for the answer",
        ]
        if self.first_token_seconds is not None:
            lines.append(
                f"First token after {self.first_token_seconds:.2f} s, done after {self.seconds:.2f} s"
            )
        if self.error is None:
            lines.append(f"It wrote: {self.text}")
        else:
            lines.append(f"It cannot be used. {self.error}")
        return "\n".join(lines)


def try_model(model: ChatModel | None) -> ModelTrial:
    """Ask the model one short question; without a model look for servers on this machine."""
    if model is None:
        return ModelTrial(model=None, found=tuple(find_local_endpoints()))
    pieces: list[str] = []
    first: float | None = None
    error: str | None = None
    started = time.monotonic()
    try:
        for piece in model.stream(TRIAL):
            first = time.monotonic() - started if first is None else first
            pieces.append(piece)
    except ModelError as failure:
        error = str(failure)
    return ModelTrial(
        model=model.name,
        address=getattr(model, "address", None),
        context_window=context_window_of(model),
        answer_tokens=answer_tokens_of(model),
        first_token_seconds=first,
        seconds=time.monotonic() - started,
        text=" ".join("".join(pieces).split())[:300],
        error=error,
    )
