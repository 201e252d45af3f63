"""The evaluator's own report card: does it catch known-bad answers and leave good ones alone?

Seeded lies and true sentences are made from articles (`evals.lies`) and judged by the same checks that
judge every answer. A judge whose card fails may not gate: its verdict would be worth nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.errors import UnfitJudgeError
from evals.lies import CEILINGS, FLOORS, run_lies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.gate import Outcome
    from evals.lies import Rate
    from evals.statistics import Interval
    from index.types import Article


@dataclass(frozen=True, kw_only=True, slots=True)
class CardRow:
    """One kind of lie, or of true sentence."""

    kind: str
    is_lie: bool
    n: int
    flagged: float | None
    """Share judged anything but supported: the catch rate of a lie, the false alarms of a true sentence."""
    interval: Interval | None
    limit: float
    """The floor of a lie, the ceiling of a true sentence."""
    outcome: Outcome
    """``fail`` where the whole 95 % interval is beyond the limit, ``pass`` where the share keeps it,
    else ``inconclusive``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """How good the checks are."""

    rows: tuple[CardRow, ...]
    balanced_accuracy: float | None
    """Mean of the catch rate over lies and the share of true sentences left alone, every kind weighing
    the same; 0.5 is chance."""

    @property
    def outcome(self) -> Outcome:
        """Fail if any row fails, else inconclusive if any is, else pass."""
        found = {row.outcome for row in self.rows}
        return "fail" if "fail" in found else "inconclusive" if "inconclusive" in found else "pass"


def make_card(articles: Sequence[Article], *, seed: int = 0, per_kind: int = 200) -> Card:
    """Judge up to `per_kind` specimens of each kind; the same articles and seed give the same card."""
    report = run_lies(articles, seed, per_kind)
    rows = [
        *(_make_row(rate, FLOORS[rate.kind], is_lie=True) for rate in report.lies),
        *(_make_row(rate, CEILINGS[rate.kind], is_lie=False) for rate in report.true),
    ]
    caught = [row.flagged for row in rows if row.is_lie and row.flagged is not None]
    alarms = [row.flagged for row in rows if not row.is_lie and row.flagged is not None]
    return Card(
        rows=tuple(rows),
        balanced_accuracy=(sum(caught) / len(caught) + 1 - sum(alarms) / len(alarms)) / 2
        if caught and alarms
        else None,
    )


def require_fit(card: Card) -> None:
    """Refuse to gate with a judge whose card fails.

    Raises:
        UnfitJudgeError: Names every row that fails.
    """
    failed = [
        f"{row.kind}: {row.flagged:.3f}, limit {row.limit}"
        for row in card.rows
        if row.outcome == "fail" and row.flagged is not None
    ]
    if failed:
        raise UnfitJudgeError(
            "the checks miss their own report card and may not gate:\n  "
            + "\n  ".join(failed)
            + "\nread the misses with `byline eval lies --show 5`"
        )


def _make_row(rate: Rate, limit: float, *, is_lie: bool) -> CardRow:
    return CardRow(
        kind=rate.kind,
        is_lie=is_lie,
        n=rate.n,
        flagged=rate.share,
        interval=rate.interval,
        limit=limit,
        outcome=_hold(rate.share, rate.interval, limit, is_lie=is_lie),
    )


def _hold(share: float | None, interval: Interval | None, limit: float, *, is_lie: bool) -> Outcome:
    if share is None or interval is None:
        return "inconclusive"
    if share >= limit if is_lie else share <= limit:
        return "pass"
    return "fail" if (interval.high < limit if is_lie else interval.low > limit) else "inconclusive"
