"""The evaluator's own report card: does it catch known-bad answers and leave good ones alone?

Seeded lies and true sentences are made from articles (`evals.lies`), and texts that people have judged
are read (`evals.labelled`); both are judged by the same checks that judge every answer, and by the judge
of meaning where one is plugged in. A judge whose card fails may not gate: its verdict would be worth nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.errors import UnfitJudgeError
from evals.labelled import SAMPLE_SET, judge_labelled
from evals.lies import CEILINGS, FLOORS, run_lies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.verification import Verifier
    from evals.gate import Outcome
    from evals.labelled import Labelled, LabelledRow
    from evals.lies import Rate
    from evals.statistics import Interval
    from index.types import Article


CHANCE = 0.5
"""Balanced accuracy of a coin: the floor of a set that has none of its own."""
LABELLED_FLOORS = {
    "QAGS xsum": 0.55,
    "XSumFaith": 0.60,
    "CLIFF xsum": 0.60,
    "CLIFF cnndm": 0.55,
    "HaluEval": 0.53,
}
"""Measured with ``byline eval card --data DIR`` (shared halves, 2026-11-27) and rounded down; on the other
sets the exact checks alone are not clearly better than chance."""
JUDGE_FLOOR = 0.70
"""Floor of a judge of meaning on the sample's sentences, of which the exact checks alone tell about 0.55
apart. On LLM-AggreFact (Tang et al. 2024, arXiv 2404.10774) the weakest of the published judges reach 0.68
to 0.70."""


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
class LabelledCheck:
    """Agreement with people on one set, held against its floor."""

    row: LabelledRow
    limit: float
    """Floor of the balanced accuracy."""
    outcome: Outcome
    """As in `CardRow`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """How good the checks are."""

    rows: tuple[CardRow, ...]
    labelled: tuple[LabelledCheck, ...] = ()
    balanced_accuracy: float | None
    """Mean of the catch rate over lies and the share of true sentences left alone, every kind weighing
    the same; 0.5 is chance."""

    @property
    def outcome(self) -> Outcome:
        """Fail if any row or set fails, else inconclusive if any is, else pass."""
        found = {row.outcome for row in self.rows} | {check.outcome for check in self.labelled}
        return "fail" if "fail" in found else "inconclusive" if "inconclusive" in found else "pass"


def make_card(
    articles: Sequence[Article],
    *,
    seed: int = 0,
    per_kind: int = 200,
    labelled: Sequence[Labelled] = (),
    verifiers: Sequence[Verifier] = (),
) -> Card:
    """The card of the checks, and of the verifiers where some are given.

    Args:
        articles: What specimens are made from; the same articles and seed give the same specimens.
        seed: Of every choice.
        per_kind: Specimens of each kind at most.
        labelled: Texts that people have judged.
        verifiers: Asked about meaning where no exact check failed.
    """
    report = run_lies(articles, seed, per_kind, verifiers=verifiers)
    floors = LABELLED_FLOORS | ({SAMPLE_SET: JUDGE_FLOOR} if verifiers else {})
    rows = [
        *(_make_row(rate, FLOORS[rate.kind], is_lie=True) for rate in report.lies),
        *(_make_row(rate, CEILINGS[rate.kind], is_lie=False) for rate in report.true),
    ]
    caught = [row.flagged for row in rows if row.is_lie and row.flagged is not None]
    alarms = [row.flagged for row in rows if not row.is_lie and row.flagged is not None]
    return Card(
        rows=tuple(rows),
        labelled=tuple(
            LabelledCheck(
                row=row, limit=limit, outcome=_hold(row.balanced_accuracy, row.interval, limit, is_lie=True)
            )
            for row in judge_labelled(labelled, verifiers)
            for limit in (floors.get(row.set, CHANCE),)
        ),
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
    failed += [
        f"{check.row.set}: balanced accuracy {check.row.balanced_accuracy:.3f}, limit {check.limit}"
        for check in card.labelled
        if check.outcome == "fail" and check.row.balanced_accuracy is not None
    ]
    if failed:
        raise UnfitJudgeError(
            "the checks miss their own report card and may not gate:\n  "
            + "\n  ".join(failed)
            + "\nread the misses with `byline eval lies --show 5`, and the whole card with `byline eval card`"
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
