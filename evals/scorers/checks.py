"""What the exact checks found, one metric for each kind of check.

A value is the share of the sentences to which the check applies that pass it. The checks are those
of `assistant.verification`: numbers, dates and names must occur in the best-aligned window of a
cited text, not merely somewhere in what was read; an outlet or date named as the origin must be the
cited article's; a speaker is judged only where the article credits one unmistakably.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.types import Score

if TYPE_CHECKING:
    from evals.judging import Judged

CHECKED = {
    "speaker": "speaker_ok",
    "outlet": "outlet_match",
    "date": "date_match",
    "number": "number_ok",
    "name": "name_ok",
    "negation": "negation_ok",
}
"""Check to metric."""

LITERALS = ("number", "date", "name")
"""The checks behind `literal_support`."""


def score_checks(judged: Judged) -> list[Score]:
    """One score for each check, and `literal_support` over numbers, dates and names together."""
    return [
        *(_score_share(judged, metric, (check,)) for check, metric in CHECKED.items()),
        _score_share(judged, "literal_support", LITERALS),
    ]


def _score_share(judged: Judged, metric: str, names: tuple[str, ...]) -> Score:
    outcomes = [
        (sentence, found)
        for sentence in judged.sentences
        if (found := [check for name in names for check in sentence.checks(name)])
    ]
    if not outcomes:
        reason = "the system abstained" if judged.answer.abstained else f"no {' or '.join(names)} to check"
        return Score(metric=metric, value=None, reason=reason)
    good = sum(all(check.passed for check in found) for _, found in outcomes)
    return Score(
        metric=metric,
        value=good / len(outcomes),
        reason=f"{good} of {len(outcomes)} sentences, {len(judged.sentences) - len(outcomes)} not applicable",
        findings=tuple(
            judged.finding(sentence, check.name, check.detail)
            for sentence, found in outcomes
            for check in found
            if not check.passed
        ),
    )
