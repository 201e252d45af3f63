"""What an ingest tells while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["added", "updated", "unchanged", "duplicate", "failed", "embedded"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One article is safe, or one source failed, or some articles became searchable by meaning."""

    outcome: Outcome
    source: str
    """Where the article came from; for ``embedded`` empty."""
    done: int
    """Sources finished so far; for ``embedded`` articles embedded so far."""
    total: int | None
    """Articles to embed; None for sources, which are counted as they come."""
    detail: str = ""
    """The article's id, or why the source failed."""


ProgressHook = Callable[[Progress], None]


def no_progress(_progress: Progress) -> None:
    """Tell nobody."""
