"""The gate itself: changed data stops it, limits only tighten, and its three verdicts are earned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evals.errors import PinError, RecordError
from evals.gate import (
    Baseline,
    Limit,
    judge_gate,
    pin_baseline,
    read_baseline,
    write_baseline,
)
from evals.run import run_cases
from evals.systems.function import FunctionSystem
from evals.types import EvalCase

if TYPE_CHECKING:
    from pathlib import Path

    from evals.record import RunRecord

CASES = [EvalCase(id=f"c{n:02}", question=f"question {n}", expected=("yes",)) for n in range(20)]


def run_with(right: int, *, failing: int = 0, cases: list[EvalCase] = CASES) -> RunRecord:
    """A run in which the first `right` cases are right, the last `failing` raise, the rest are wrong."""

    def answer(question: str) -> str:
        number = int(question.split()[1])
        if number >= len(cases) - failing:
            raise TimeoutError("no answer in time")
        return "yes" if number < right else "no"

    record, _ = run_cases(cases, FunctionSystem(answer))
    return record


def limited(record: RunRecord, limit: Limit, metric: str = "right") -> Baseline:
    return Baseline(cases_digest=record.cases_digest, articles_digest=None, limits={metric: limit}, scores={})


def test_the_run_that_was_pinned_passes() -> None:
    record = run_with(18)
    verdict = judge_gate(record, pin_baseline(record, None))
    assert verdict.outcome == "pass"


def test_one_case_less_fails_a_point_limit() -> None:
    verdict = judge_gate(run_with(17), pin_baseline(run_with(18), None))
    assert verdict.outcome == "fail"
    failed = [check.metric for check in verdict.checks if check.outcome == "fail"]
    assert "right" in failed
    assert "0.8500 is below the limit 0.9000" in next(
        check.reason for check in verdict.checks if check.metric == "right"
    )


@pytest.mark.parametrize(
    ("limit", "outcome"),
    [
        # 18 of 20: Wilson [0.699, 0.972]
        pytest.param(0.65, "pass", id="the whole interval keeps the limit"),
        pytest.param(0.90, "inconclusive", id="the limit lies in the interval"),
        pytest.param(0.98, "fail", id="the whole interval is below"),
    ],
)
def test_an_interval_limit_has_three_verdicts(limit: float, outcome: str) -> None:
    record = run_with(18)
    assert judge_gate(record, limited(record, Limit(value=limit, rule="interval"))).outcome == outcome


def test_a_metric_without_any_scored_case_is_inconclusive() -> None:
    record = run_with(18)
    verdict = judge_gate(record, limited(record, Limit(value=0.5), "quote_exact"))
    assert [(check.outcome, check.reason) for check in verdict.checks] == [
        ("inconclusive", "no case was scored")
    ]


def test_failed_cases_count_as_worst_not_as_absent() -> None:
    record = run_with(20, failing=4)
    assert record.summary["right"].mean == 1.0
    assert judge_gate(record, limited(record, Limit(value=0.9))).outcome == "fail"
    check = judge_gate(record, limited(record, Limit(value=0.8))).checks[0]
    assert check.outcome == "pass"
    assert check.estimate is not None
    assert check.estimate.mean == 0.8


def test_failed_cases_are_worst_also_where_lower_is_better() -> None:
    record = run_with(20, failing=4)
    verdict = judge_gate(record, limited(record, Limit(value=0.1), "over_abstain"))
    assert verdict.outcome == "fail"


def test_a_significant_drop_fails_where_the_limit_alone_would_not() -> None:
    # 7 of 20 right cases lost: McNemar 2/2^7 = 0.0156
    pinned = replace(pin_baseline(run_with(20), None), limits={"right": Limit(value=0.5)})
    check = judge_gate(run_with(13), pinned).checks[0]
    assert check.outcome == "fail"
    assert check.p_adjusted == pytest.approx(2 / 2**7)
    assert check.reason == "worse than the pinned run by 0.350 (Holm p 0.0156)"


def test_a_drop_that_chance_explains_does_not_fail() -> None:
    pinned = replace(pin_baseline(run_with(20), None), limits={"right": Limit(value=0.5)})
    assert judge_gate(run_with(18), pinned).outcome == "pass"


def test_changed_cases_stop_the_gate() -> None:
    pinned = pin_baseline(run_with(20), None)
    changed = [*CASES[:-1], replace(CASES[-1], expected=("yes | aye",))]
    with pytest.raises(PinError, match="the cases are not those of the baseline"):
        judge_gate(run_with(20, cases=changed), pinned)


def test_changed_articles_stop_the_gate() -> None:
    record = run_with(20)
    pinned = replace(pin_baseline(record, None), articles_digest="0" * 64)
    with pytest.raises(PinError, match="the articles are not those of the baseline"):
        judge_gate(record, pinned)


def test_an_update_tightens_a_limit() -> None:
    pinned = pin_baseline(run_with(20), pin_baseline(run_with(18), None))
    assert pinned.limits["right"] == Limit(value=1.0)


def test_an_update_cannot_lower_a_limit_in_silence() -> None:
    pinned = pin_baseline(run_with(18), None)
    with pytest.raises(PinError, match=r"right: 0\.8500, pinned 0\.9000") as raised:
        pin_baseline(run_with(17), pinned)
    assert "--allow-regression" in str(raised.value)


def test_a_change_of_cases_cannot_carry_a_lower_limit_along() -> None:
    pinned = pin_baseline(run_with(20), None)
    more = [*CASES, EvalCase(id="c20", question="question 20", expected=("yes",))]
    with pytest.raises(PinError, match="right"):
        pin_baseline(run_with(20, cases=more), pinned)


def test_a_limit_is_lowered_when_that_is_asked_for() -> None:
    pinned = pin_baseline(run_with(17), pin_baseline(run_with(18), None), allow_regression=True)
    assert pinned.limits["right"] == Limit(value=0.85)


def test_a_gated_metric_that_is_no_longer_scored_cannot_vanish() -> None:
    record = run_with(20)
    pinned = replace(pin_baseline(record, None), limits={"quote_exact": Limit(value=0.9)})
    with pytest.raises(PinError, match="quote_exact: nothing scored"):
        pin_baseline(record, pinned)


def test_an_interval_limit_is_pinned_at_the_near_end_of_the_interval() -> None:
    record = run_with(18)
    pinned = pin_baseline(record, limited(record, Limit(value=0.1, rule="interval")))
    # Wilson's lower bound of 18 of 20 is 0.69897
    assert pinned.limits["right"] == Limit(value=0.6989, rule="interval")


def test_a_baseline_survives_writing_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    pinned = pin_baseline(run_with(18), None)
    write_baseline(path, pinned)
    assert read_baseline(path) == pinned
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param("{", "field : Invalid JSON", id="damaged"),
        pytest.param(
            '{"cases_digest": "x", "articles_digest": null}', "field limits: Field", id="a field less"
        ),
        pytest.param(
            '{"cases_digest": "x", "articles_digest": null, "limits": {"rigth": {"value": 1}}}',
            "there is no metric 'rigth'",
            id="a misspelt metric would gate nothing",
        ),
    ],
)
def test_a_faulty_baseline_is_named(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(RecordError, match=fault):
        read_baseline(path)


def test_a_missing_baseline_says_how_to_pin_one(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="--update"):
        read_baseline(tmp_path / "none.json")
