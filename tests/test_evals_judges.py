"""A judge of meaning: chosen by one word, asked once, and held to its own card before it may gate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.checks.finding import Finding
from evals.card import JUDGE_FLOOR, make_card, require_fit
from evals.errors import PinError, UnavailableError, UnfitJudgeError
from evals.gate import judge_gate, pin_baseline
from evals.judges import RememberedJudge, open_judge
from evals.labelled import REPEATED, SAMPLE_SET, Labelled, judge_labelled, read_sample_labelled
from evals.run import run_cases
from evals.systems.function import FunctionSystem
from evals.types import EvalCase
from index.types import Article

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "The mayor opened the new bridge on Monday. Hundreds of people came to see it."
TRUE = "Crowds of people turned out for the bridge."
FALSE = "Crowds of people turned away from the bridge."


class Judge:
    """Says of each sentence what it was told to say, and counts how often it was asked."""

    name = "judge"

    def __init__(self, *verdicts: bool | None) -> None:
        self.asked: list[str] = []
        self._verdicts = verdicts

    def verify(self, claim: str, text: str) -> Finding:
        passed = self._verdicts[len(self.asked) % len(self._verdicts)]
        self.asked.append(claim)
        return Finding(name=self.name, passed=passed, detail=f"of {len(text)} characters")


class Knows:
    """A judge that is always right about the sentences it was given."""

    name = "judge"

    def __init__(self, true: set[str]) -> None:
        self._true = true

    def verify(self, claim: str, text: str) -> Finding:
        return Finding(name=self.name, passed=claim in self._true, detail="")


def labelled(n: int = 20) -> list[Labelled]:
    return [
        Labelled(set=SAMPLE_SET, document=f"{SOURCE} {at}", text=text, supported=text == TRUE)
        for at in range(n)
        for text in (TRUE, FALSE)
    ]


class TestRemembering:
    def test_the_same_is_asked_once(self) -> None:
        judge = Judge(True)
        remembered = RememberedJudge(judge, "model:x")
        assert remembered.verify("a", "b") == remembered.verify("a", "b")
        remembered.verify("a", "c")
        assert judge.asked == ["a", "a"]

    def test_a_later_run_reads_what_an_earlier_one_heard(self, tmp_path: Path) -> None:
        first = RememberedJudge(Judge(True), "model:x", tmp_path).verify("a", "b")
        silent = Judge(False)
        assert RememberedJudge(silent, "model:x", tmp_path).verify("a", "b") == first
        assert silent.asked == []
        assert RememberedJudge(silent, "model:y", tmp_path).verify("a", "b").passed is False

    def test_what_could_not_be_judged_is_asked_again_in_a_later_run(self, tmp_path: Path) -> None:
        RememberedJudge(Judge(None), "model:x", tmp_path).verify("a", "b")
        assert RememberedJudge(Judge(True), "model:x", tmp_path).verify("a", "b").passed is True

    @pytest.mark.parametrize("choice", ["", "entailment:", "model:", "nonsense:x"])
    def test_a_choice_that_names_nobody_is_refused(self, choice: str) -> None:
        with pytest.raises(UnavailableError, match="write entailment:NAME_OR_FOLDER or model:URL_OR_FILE"):
            open_judge(choice)


class TestLabelled:
    def test_a_judge_that_is_always_right_agrees_fully(self) -> None:
        (row,) = judge_labelled(labelled(), [Knows({TRUE})])
        assert (row.n, row.n_supported, row.flips) == (40, 20, 0)
        assert row.balanced_accuracy == row.auroc == row.kappa == 1.0

    def test_a_judge_that_changes_its_mind_is_counted(self) -> None:
        items = [item for item in labelled(REPEATED) if item.supported]
        (row,) = judge_labelled(items, [Judge(*([True] * REPEATED), *([False] * REPEATED))])
        assert row.flips == REPEATED

    def test_what_a_judge_cannot_decide_is_counted_and_not_supported(self) -> None:
        (row,) = judge_labelled(labelled(), [Judge(None)])
        assert row.undecided > 0
        assert row.balanced_accuracy == 0.5

    def test_the_sample_sentences_name_articles_of_the_sample(self) -> None:
        from importlib.resources import files
        from pathlib import Path

        from index.sources import read_sources

        items = read_sample_labelled(
            item.read() for item in read_sources(Path(str(files("index"))) / "sample")
        )
        assert len(items) == len({(item.document, item.text) for item in items}) >= 80
        assert 0.4 < sum(item.supported for item in items) / len(items) < 0.6


class TestGating:
    ARTICLES = (Article(id="n1", text=SOURCE),)

    def test_a_judge_under_its_floor_may_not_gate(self) -> None:
        card = make_card(self.ARTICLES, per_kind=1, labelled=labelled(), verifiers=[Judge(True)])
        with pytest.raises(
            UnfitJudgeError, match=rf"{SAMPLE_SET}: balanced accuracy 0\.5\d\d, limit {JUDGE_FLOOR}"
        ):
            require_fit(card)

    def test_a_judge_above_its_floor_may(self) -> None:
        card = make_card(self.ARTICLES, per_kind=1, labelled=labelled(), verifiers=[Knows({TRUE})])
        assert [check.outcome for check in card.labelled] == ["pass"]
        require_fit(replace(card, rows=()))

    def test_the_judge_decides_what_the_checks_leave_open(self) -> None:
        case = EvalCase(id="a", question="Who came?", expected=("crowds",))
        system = FunctionSystem(lambda _: {"text": f"{TRUE} [1]", "sources": [SOURCE]})
        alone, _ = run_cases([case], system)
        judge = RememberedJudge(Knows({TRUE}), "model:x")
        judged, _ = run_cases([case], system, judge=judge)
        assert (alone.judge, judged.judge) == (None, "model:x")
        assert alone.values("citation_recall") == {"a": 0.0}
        assert judged.values("citation_recall") == {"a": 1.0}
        with pytest.raises(PinError, match="the judges are not those of the baseline: model:x, pinned None"):
            judge_gate(judged, pin_baseline(alone, None))
