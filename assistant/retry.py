"""When and how long to wait before an endpoint is asked again: only before its first token.

`stamina` does the waiting; this says what is worth it.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from assistant.errors import ModelError, ModelTimeout

ATTEMPTS = 3
"""Requests in all."""

FIRST_WAIT_SECONDS = 0.2
"""Before the second request; doubled before the third. With `JITTER_SECONDS` twice, an endpoint that
refuses connections is given up after at most 1 s, so the reader has the passages within two."""

JITTER_SECONDS = 0.2
"""Largest random addition to a wait, so that many readers do not return at the same moment."""

LONGEST_WAIT_SECONDS = 10.0
"""A `Retry-After` beyond this is not waited for: the reader gets the passages at once."""

STATUSES = frozenset({408, 429, 500, 502, 503, 504, 529})
"""HTTP statuses that may be gone a moment later."""


class RetryableError(Exception):
    """Wraps an error that another attempt may not meet."""

    def __init__(self, error: ModelError, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        """What to raise when there is no further attempt."""
        self.after = after
        """Seconds the endpoint asked to wait, None where it did not say."""


class RetryPolicy:
    """Decides after each failed attempt of one request; made anew for each request."""

    def __init__(self) -> None:
        self.first_token_seen = False
        """Set by the caller: from then on nothing is repeated, or the reader would see text twice."""
        self._timeouts = 0

    def __call__(self, error: Exception) -> bool | float:
        """Whether to try again, or after how many seconds; the form that `stamina` asks for."""
        if self.first_token_seen or not isinstance(error, RetryableError):
            return False
        if isinstance(error.error, ModelTimeout):
            self._timeouts += 1
            return self._timeouts == 1
        if error.after is None:
            return True
        if error.after > LONGEST_WAIT_SECONDS:
            return False
        return error.after + random.uniform(0, JITTER_SECONDS)  # noqa: S311  spreads load, hides nothing


def parse_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, at least 0; None where it says nothing usable.

    Takes both forms of RFC 9110, section 10.2.3: seconds, and an HTTP date.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000" means UTC of an unknown place
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
