"""The report card: a judge that misses what it must catch may not gate."""

from __future__ import annotations

import pytest

from evals.card import Card, CardRow, make_card, require_fit
from evals.errors import UnfitJudgeError
from evals.lies import FLOORS
from evals.statistics import Interval
from index.types import Article

ARTICLES = [
    Article(
        id=f"n{n}",
        outlet="The Ledger",
        text=f"The council of Ellery voted on Monday to close {n + 3} of its schools before the winter.\n\n"
        f"“We have looked at every other way of saving this money,” said Ada Byrne, who leads the council."
        f" The opposition led by Ned Cole did not vote for the plan, which affects {400 + n} children.",
    )
    for n in range(6)
]


def entity_row() -> CardRow:
    """135 names swapped, 93 % caught: the floor of 95 % lies in the interval."""
    return CardRow(
        kind="entity_swapped",
        is_lie=True,
        n=135,
        flagged=0.926,
        interval=Interval(0.869, 0.959),
        limit=0.95,
        outcome="inconclusive",
    )


def test_the_same_articles_and_seed_give_the_same_card() -> None:
    assert make_card(ARTICLES, seed=3, per_kind=4) == make_card(ARTICLES, seed=3, per_kind=4)


def test_the_card_has_a_row_for_every_lie_and_both_kinds_of_truth() -> None:
    card = make_card(ARTICLES, per_kind=4)
    assert [found.kind for found in card.rows] == [*FLOORS, "verbatim", "paraphrase"]
    assert card.balanced_accuracy is not None
    assert card.balanced_accuracy > 0.9


def test_a_judge_that_flags_nothing_is_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    import evals.lies

    sound = evals.lies.judge
    monkeypatch.setattr(evals.lies, "judge", lambda found, _: replace(sound(found), verdict="supported"))
    card = make_card(ARTICLES, per_kind=6)
    assert card.outcome == "fail"
    with pytest.raises(UnfitJudgeError, match=r"number_changed: 0\.000, limit"):
        require_fit(card)


def test_a_judge_that_flags_everything_is_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    import evals.lies

    sound = evals.lies.judge
    monkeypatch.setattr(evals.lies, "judge", lambda found, _: replace(sound(found), verdict="unsupported"))
    card = make_card(ARTICLES, per_kind=6)
    assert card.balanced_accuracy == 0.5
    with pytest.raises(UnfitJudgeError, match=r"verbatim: 1\.000"):
        require_fit(card)


def test_a_rate_that_may_still_keep_its_limit_does_not_stop_a_gate() -> None:
    card = Card(rows=(entity_row(),), balanced_accuracy=0.96)
    assert card.outcome == "inconclusive"
    require_fit(card)
