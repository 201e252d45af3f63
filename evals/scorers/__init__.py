"""One small function for each metric, each citing its source; `SCORERS` is all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.scorers.abstention import score_abstention
from evals.scorers.checks import score_checks
from evals.scorers.citations import score_citations
from evals.scorers.facts import score_facts
from evals.scorers.lexical import score_lexical
from evals.scorers.quotations import score_quotations
from evals.scorers.retrieval import score_retrieval

if TYPE_CHECKING:
    from collections.abc import Callable

    from evals.judging import Judged
    from evals.types import Score

SCORERS: tuple[Callable[[Judged], list[Score]], ...] = (
    score_facts,
    score_citations,
    score_quotations,
    score_checks,
    score_lexical,
    score_abstention,
    score_retrieval,
)
"""Every scorer, in the order of the catalogue `evals.metrics.METRICS`."""


def score_answer(judged: Judged) -> tuple[Score, ...]:
    """All scores of one judged answer."""
    return tuple(score for scorer in SCORERS for score in scorer(judged))
