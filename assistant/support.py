"""How well sources support a text told in its own words: one number for ranking texts, not for a verdict.

    words that no source has, words told in another order, failed checks -> loss -> score

A text is supported where every part of it is, so losses add up; they grow with chance in a longer text, too,
so that the sum is divided by the root of its length, as a sum of independent errors spreads.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from assistant.alignment import Comparison
from assistant.verification import EXACT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.alignment import Source

_COUNTED = frozenset({"number", "date"})
"""Checks that tell a wrong text from a right one however long it is; others fail by chance in long ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What each part of the loss weighs, beside 1 for a word that no source has.

    The defaults were chosen on the shared halves of eight labelled sets, by the mean lead in area under the
    curve over the better of two simple judges, no set counting for more than 0.04 (`python -m
    evals.bench.judges`, which also chooses them anew without the set that they are measured on).
    """

    reordered: float = 0.15
    """A word that no aligned stretch of the best window has."""
    failed: float = 1.0
    """Every sentence failing an exact check; half of them, half of it."""
    figure: float = 1.0
    """A sentence whose number or date is wrong."""


WEIGHTS = Weights()


@dataclass(frozen=True, kw_only=True, slots=True)
class Support:
    """What speaks against a text, counted."""

    words: int
    """Distinct content words, at least 1."""
    foreign: int
    """Of them, those that no source has in any inflection."""
    reordered: float
    """Content words of each sentence by the share of its units that no aligned stretch has, summed."""
    failed: float
    """Share of its sentences that fail an exact check."""
    figures: int
    """Sentences whose number or date fails."""

    def loss(self, weights: Weights = WEIGHTS) -> float:
        """From 0, nothing against it, upwards."""
        against = (
            self.foreign
            + weights.reordered * self.reordered
            + weights.failed * self.failed
            + weights.figure * self.figures
        )
        return against / sqrt(self.words)

    def score(self, weights: Weights = WEIGHTS) -> float:
        """From 1, nothing against it, down towards 0."""
        return 1 / (1 + self.loss(weights))


def measure_support(sentences: Sequence[str], sources: Sequence[Source]) -> Support:
    """Compares the sentences of one text, without markers, with the sources it was made from."""
    content: set[str] = set()
    reordered, failed, figures = 0.0, 0, 0
    for sentence in sentences:
        comparison = Comparison(sentence, sources)
        stems = [word.stem for word in comparison.words if word.content]
        content.update(stems)
        aligned = sum(length for _, _, length in comparison.blocks) / max(1, len(comparison.units))
        reordered += (1 - aligned) * max(1, len(stems))
        findings = [check(comparison) for check in EXACT_CHECKS]
        wrong = {finding.name for finding in findings if finding.passed is False}
        failed += bool(wrong)
        figures += not wrong.isdisjoint(_COUNTED)
    known = frozenset().union(*(source.stems for source in sources))
    return Support(
        words=max(1, len(content)),
        foreign=len(content - known),
        reordered=reordered,
        failed=failed / max(1, len(sentences)),
        figures=figures,
    )
