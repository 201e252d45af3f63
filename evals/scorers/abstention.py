"""Whether a system declines exactly where it should.

Definitions: CRAG's truthfulness score (Yang et al. 2024, arXiv 2406.04744); false-answer and
over-abstention rates apart, as in NoMIRACL (Thakur et al. 2023, arXiv 2312.11361), because one mean
over both hides a system that always or never declines; precision, recall and F1 of abstaining as in
AbstentionBench (Kirichenko et al. 2025, arXiv 2506.09038); risk and coverage from selective question
answering (Kamath et al. 2020, arXiv 2006.09462).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.scorers.facts import is_right
from evals.types import Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.judging import Judged


def score_abstention(judged: Judged) -> list[Score]:
    """`crag`, `false_answer`, `over_abstain` (both better when lower), `abstention_precision`.

    Abstention recall is 1 - `false_answer`.
    """
    case, answer = judged.case, judged.answer
    right = not case.unanswerable and is_right(case, answer)
    said = float(answer.abstained)
    return [
        Score(
            metric="crag",
            value=crag_points(abstained=answer.abstained, right=right),
            reason="right +1, abstained 0, wrong -1",
        ),
        _where(case.unanswerable, "false_answer", 1 - said, "the case has an answer"),
        _where(not case.unanswerable, "over_abstain", said, "the case has no answer"),
        _where(
            answer.abstained, "abstention_precision", float(case.unanswerable), "the system did not abstain"
        ),
    ]


def _where(applies: bool, metric: str, value: float, otherwise: str) -> Score:
    return (
        Score(metric=metric, value=value) if applies else Score(metric=metric, value=None, reason=otherwise)
    )


def crag_points(*, abstained: bool, right: bool) -> float:
    """CRAG: +1 right, 0 abstained (also where nothing else was due), -1 wrong.

    The best mean of a suite is therefore its share of answerable cases.
    """
    return 0.0 if abstained else 1.0 if right else -1.0


def abstention_f1(abstained: Sequence[bool], unanswerable: Sequence[bool]) -> float | None:
    """Harmonic mean of both, written as 2 tp / (2 tp + fp + fn); None where there is nothing to find."""
    hits = sum(said and truth for said, truth in zip(abstained, unanswerable, strict=True))
    marked = sum(abstained) + sum(unanswerable)
    return 2 * hits / marked if marked else None


def risk_coverage_area(confidence: Sequence[float], loss: Sequence[float]) -> float | None:
    """Mean risk over all coverages, surest answers first: lower is better.

    At coverage i / n the risk is the mean loss of the i surest answers; answers of equal confidence
    come in together, so that their order cannot matter. None without answers.
    """
    risks = [risk for _, risk in _risk_curve(confidence, loss)]
    return sum(risks) / len(risks) if risks else None


def coverage_at_risk(confidence: Sequence[float], loss: Sequence[float], risk: float) -> float:
    """Largest share of answers that can be given, surest first, with a mean loss of at most `risk`."""
    return max((covered for covered, found in _risk_curve(confidence, loss) if found <= risk), default=0.0)


def _risk_curve(confidence: Sequence[float], loss: Sequence[float]) -> list[tuple[float, float]]:
    """(coverage, risk) for each of the n answers, ties given the point at which all of them are in."""
    order = sorted(range(len(confidence)), key=lambda position: -confidence[position])
    curve: list[tuple[float, float]] = []
    total, start = 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and confidence[order[end]] == confidence[order[start]]:
            total += loss[order[end]]
            end += 1
        curve += [(end / len(order), total / end)] * (end - start)
        start = end
    return curve
