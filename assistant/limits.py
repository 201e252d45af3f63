"""How much one model may read, write, spend and take: `ModelLimits`, kept by `stream_within`.

Tokens are counted without the model's own tokenizer, which an endpoint does not show. The count errs on
the high side, so that what is trimmed to a window by it fits the window.
"""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.deadlines import Deadlines, Emit, StopSignal, relay
from assistant.errors import ModelOverBudget, ModelRefused, ModelUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.config import Settings
    from assistant.types import Message

DEFAULT_CONTEXT_WINDOW = 8_192
"""Tokens assumed where a model does not say: what small instruct models are commonly served with."""

DEFAULT_ANSWER_TOKENS = 800
"""Tokens kept free for the answer: about 600 English words."""

BYTES_PER_TOKEN = 3
"""UTF-8 bytes counted as one token. Measured with the tokenizer of SmolLM2 (49,152 pieces, mostly English) on
801 English news texts: median 4.5, 99 % above 3.3, 0.4 % below 3. Other scripts take more of its tokens
(one sentence each: German 3.2, Russian 2.5, Arabic 1.9, Chinese 1.5), fewer with larger vocabularies."""

TOKENS_PER_MESSAGE = 8
"""What a chat template adds around one message (role names and delimiters)."""

RUNAWAY_FACTOR = 3
"""A stream is cut when it has sent this many times the tokens it was allowed: an endpoint that keeps to
``max_tokens`` stays under 1.5 by the high count above, one that ignores it never ends by itself."""


def approximate_tokens(text: str) -> int:
    """Tokens of `text`, counted high: its UTF-8 bytes divided by `BYTES_PER_TOKEN`, rounded up."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN)


def prompt_tokens(messages: Sequence[Message]) -> int:
    """Tokens of a whole prompt, counted high."""
    return sum(approximate_tokens(message.content) + TOKENS_PER_MESSAGE for message in messages)


class Budget:
    """What may still be spent over all calls that share it. Safe to use from several threads."""

    def __init__(
        self,
        *,
        tokens: int | None = None,
        cost: float | None = None,
        prompt_price: float = 0.0,
        answer_price: float = 0.0,
    ) -> None:
        """A budget of `tokens` and `cost`, None for no limit.

        Args:
            tokens: Prompt and answer tokens together.
            cost: In the currency of the prices.
            prompt_price: For a million prompt tokens.
            answer_price: For a million answer tokens.
        """
        self._tokens = tokens
        self._cost = cost
        self._prompt_price = prompt_price
        self._answer_price = answer_price
        self._lock = threading.Lock()
        self.spent_tokens = 0
        self.spent_cost = 0.0

    def require(self, prompt: int, answer: int) -> None:
        """Raise `ModelOverBudget` unless a call of this size, in tokens, can still be paid."""
        with self._lock:
            if self._tokens is not None and self.spent_tokens + prompt + answer > self._tokens:
                raise ModelOverBudget(
                    f"The token budget is spent: {self.spent_tokens:,} of {self._tokens:,} used, "
                    f"{prompt + answer:,} more needed. Raise BYLINE_MODEL_TOKEN_BUDGET or start again."
                )
            cost = self.spent_cost + self._price(prompt, answer)
            if self._cost is not None and cost > self._cost:
                raise ModelOverBudget(
                    f"The cost budget is spent: {self.spent_cost:.4f} of {self._cost:.4f} used. "
                    "Raise BYLINE_MODEL_COST_BUDGET or start again."
                )

    def charge(self, prompt: int, answer: int) -> None:
        """Count a call that was made, in tokens."""
        with self._lock:
            self.spent_tokens += prompt + answer
            self.spent_cost += self._price(prompt, answer)

    def _price(self, prompt: int, answer: int) -> float:
        return (prompt * self._prompt_price + answer * self._answer_price) / 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelLimits:
    """What one answer of a model may take."""

    context_window: int = DEFAULT_CONTEXT_WINDOW
    """Tokens of prompt and answer together."""
    answer_tokens: int = DEFAULT_ANSWER_TOKENS
    """Tokens the model is asked to stay under."""
    deadlines: Deadlines = field(default_factory=Deadlines)
    budget: Budget = field(default_factory=Budget)
    """Shared by all calls with these limits."""


def model_limits(settings: Settings) -> ModelLimits:
    """The limits that the settings name."""
    return ModelLimits(
        context_window=settings.model_context_window,
        answer_tokens=settings.model_answer_tokens,
        deadlines=Deadlines(
            connect=settings.model_connect_seconds,
            first_token=settings.model_first_token_seconds,
            between_tokens=settings.model_between_tokens_seconds,
            total=settings.model_total_seconds,
        ),
        budget=Budget(
            tokens=settings.model_token_budget,
            cost=settings.model_cost_budget,
            prompt_price=settings.model_prompt_price,
            answer_price=settings.model_answer_price,
        ),
    )


def stream_within(
    limits: ModelLimits,
    messages: Sequence[Message],
    produce: Callable[[Emit, StopSignal], None],
    *,
    cancelled: Callable[[], bool],
    retries_first_token: bool = False,
) -> Iterator[str]:
    """What `produce` emits for `messages`, while the limits allow it.

    Args:
        limits: Window, budget and deadlines.
        messages: The prompt, for counting only.
        produce: See `assistant.deadlines.relay`.
        cancelled: Whether the reader has stopped.
        retries_first_token: `produce` keeps the first-token deadline itself, attempt by attempt.

    Raises:
        ModelOverBudget: the prompt leaves no room for the answer, the budget is spent, or the model
            writes on and on.
        ModelTimeout, ModelCancelled: see `relay`.
    """
    prompt = prompt_tokens(messages)
    if prompt + limits.answer_tokens > limits.context_window:
        raise ModelOverBudget(
            f"The prompt of about {prompt:,} tokens and an answer of {limits.answer_tokens:,} do not fit the "
            f"model's window of {limits.context_window:,}. Send less evidence, or set "
            "BYLINE_MODEL_CONTEXT_WINDOW to what the model takes."
        )
    limits.budget.require(prompt, limits.answer_tokens)
    deadlines = limits.deadlines
    if retries_first_token:
        deadlines = replace(deadlines, first_token=deadlines.total)
    written = 0
    try:
        with closing(relay(produce, deadlines=deadlines, cancelled=cancelled)) as pieces:
            for piece in pieces:
                written += len(piece.encode("utf-8", "surrogatepass"))
                if written > RUNAWAY_FACTOR * BYTES_PER_TOKEN * limits.answer_tokens:
                    raise ModelOverBudget(
                        f"The model wrote on past {RUNAWAY_FACTOR} times the {limits.answer_tokens:,} tokens "
                        "it was allowed."
                    )
                yield piece
    except (ModelUnreachable, ModelRefused):
        prompt = 0  # nobody read it, nobody bills it
        raise
    finally:
        limits.budget.charge(prompt, -(-written // BYTES_PER_TOKEN))
