"""Scores of single answers, each worked by hand from the definitions in the scorers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.judging import judge_answer
from evals.metrics import BY_NAME
from evals.scorers import score_answer
from evals.scorers.abstention import (
    abstention_f1,
    coverage_at_risk,
    crag_points,
    risk_coverage_area,
)
from evals.scorers.citations import score_citations
from evals.scorers.facts import is_right, states
from evals.scorers.lexical import count_windows, lexical_grounding, windows_of
from evals.scorers.quotations import classify_quotation
from evals.types import EvalCase, GoldSpan, Score, Source, SystemAnswer

DAM = Source(
    text="“I am sure the dam will hold,” said Ada Byrne, the engineer. She spoke on 3 March.",
    article_id="n1",
    outlet="The Ledger",
    published=datetime(2025, 3, 4, tzinfo=UTC),
)
FLOOD = Source(
    text="The river rose by 3 metres overnight. The mayor called it “a warning to us all”.",
    article_id="n2",
    outlet="The Gazette",
)
CASE = EvalCase(
    id="dam",
    question="What did Ada Byrne say about the dam?",
    expected=("the dam will hold",),
    speaker="Ada Byrne",
    gold=(GoldSpan(article_id="n1", quote="the dam will hold"),),
)


def answered(text: str, *sources: Source, read: tuple[Source, ...] = ()) -> SystemAnswer:
    """An answer whose marker n is the n-th source."""
    return SystemAnswer(
        text=text,
        abstained=False,
        citations=tuple(enumerate(sources, start=1)),
        retrieved=read or sources,
    )


def scores_of(case: EvalCase, answer: SystemAnswer) -> dict[str, Score]:
    return {score.metric: score for score in score_answer(judge_answer(case, answer))}


DECLINED = SystemAnswer(text="The articles do not say.", abstained=True, retrieved=(DAM,))


class TestCitations:
    def test_alce_by_hand(self) -> None:
        # Sentence 1 follows from [1], and [2] adds nothing: recall 1, of two citations one is needed.
        # Sentence 2 cites what speaks of something else: recall 0, precision 0 of 1.
        answer = answered("S1 [1][2]. S2 [2].", Source(text="one"), Source(text="other"))

        def entails(sources: object, sentence: object) -> bool:
            texts = [source.text for source in sources]  # type: ignore[attr-defined]
            return "one" in texts and sentence.plain.startswith("S1")  # type: ignore[attr-defined]

        found = {score.metric: score.value for score in score_citations(judge_answer(CASE, answer), entails)}
        assert found["citation_recall"] == 1 / 2
        assert found["citation_precision"] == 1 / 3
        assert found["citation_f1"] == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))

    def test_a_citation_that_only_the_whole_needs_is_relevant(self) -> None:
        # Neither source entails the sentence alone, both together do: both count.
        answer = answered("Both facts [1][2].", Source(text="a"), Source(text="b"))
        judged = judge_answer(CASE, answer)
        found = {s.metric: s.value for s in score_citations(judged, lambda sources, _: len(sources) == 2)}
        assert (found["citation_recall"], found["citation_precision"]) == (1.0, 1.0)

    def test_a_dead_marker_costs_recall_and_validity(self) -> None:
        found = scores_of(CASE, answered("“I am sure the dam will hold,” said Ada Byrne. [1][7]", DAM))
        assert found["marker_valid"].value == 1 / 2
        assert found["citation_recall"].value == 0.0

    def test_an_uncited_answer_has_recall_zero_and_no_precision(self) -> None:
        found = scores_of(CASE, answered("“I am sure the dam will hold,” said Ada Byrne.", DAM))
        assert found["citation_recall"].value == 0.0
        assert found["citation_precision"].value is None
        assert found["marker_valid"].value is None
        assert found["cited_share"].value == 0.0

    def test_an_uncited_sentence_is_still_checked_against_everything_read(self) -> None:
        found = scores_of(CASE, answered("“I am sure the dam will hold,” said Ada Byrne.", DAM))
        assert found["supported"].value == 1.0

    def test_a_failure_shows_the_sentence_its_cited_text_and_the_check(self) -> None:
        found = scores_of(CASE, answered("She spoke on 4 March. [1]", DAM))
        finding = found["date_match"].findings[0]
        assert finding.sentence == "She spoke on 4 March. [1]"
        assert finding.cited == DAM.text
        assert finding.check == "date"
        assert "3 March" in finding.detail


class TestQuotations:
    @pytest.mark.parametrize(
        ("quotation", "fidelity"),
        [
            pytest.param("“I am sure the dam will hold”", "exact", id="verbatim"),
            pytest.param('"i am  sure the dam will hold"', "exact", id="marks, case and spacing differ"),
            pytest.param("“I am sure ... will hold”", "exact", id="an ellipsis stands for a gap"),
            pytest.param("“I am sure the dam will not hold”", "altered", id="a word was added"),
            pytest.param("“a warning to us all”", "miscited", id="in a source that is not cited"),
            pytest.param("“nobody needs to leave home tonight”", "fabricated", id="nowhere"),
        ],
    )
    def test_each_quotation_has_one_fate(self, quotation: str, fidelity: str) -> None:
        assert classify_quotation(quotation, [DAM], [FLOOD])[0] == fidelity

    def test_shares_add_up_to_one(self) -> None:
        text = "“I am sure the dam will hold,” she said, calling it “a warning to us all”. [1]"
        found = scores_of(CASE, answered(text, DAM, read=(DAM, FLOOD)))
        assert found["quote_exact"].value == 1 / 2
        assert found["quote_miscited"].value == 1 / 2
        assert found["quote_altered"].value == found["quote_fabricated"].value == 0.0

    def test_an_answer_without_quotations_has_no_score(self) -> None:
        found = scores_of(CASE, answered("The river rose by 3 metres overnight. [1]", FLOOD))
        assert found["quote_exact"].value is None
        assert found["quote_exact"].reason == "nothing is in quotation marks"


class TestChecks:
    @pytest.mark.parametrize(
        ("text", "metric"),
        [
            pytest.param("The river rose by 4 metres overnight. [2]", "number_ok", id="number"),
            pytest.param("“I am sure the dam will hold,” said Ned Cole. [1]", "speaker_ok", id="speaker"),
            pytest.param("The river did not rise by 3 metres overnight. [2]", "negation_ok", id="negation"),
            pytest.param("According to The Gazette, Ada Byrne spoke. [1]", "outlet_match", id="outlet"),
            pytest.param("She spoke on 4 March. [1]", "date_match", id="date"),
        ],
    )
    def test_a_wrong_detail_fails_its_own_metric(self, text: str, metric: str) -> None:
        found = scores_of(CASE, answered(text, DAM, FLOOD))
        assert found[metric].value == 0.0
        assert found["supported"].value == 0.0

    def test_a_metric_without_anything_to_check_does_not_apply(self) -> None:
        found = scores_of(CASE, answered("She spoke on 3 March. [1]", DAM))
        assert found["outlet_match"].value is None
        assert found["date_match"].value == 1.0


class TestFacts:
    @pytest.mark.parametrize(
        ("text", "fact", "stated"),
        [
            ("It rose by 1,200 metres.", "1200 metres", True),
            ("It rose by 12 metres.", "2 metres", False),
            ("Fifty-seven died.", "57 | fifty-seven", True),
            ("He’s sure.", "he's sure", True),
            ("The dam held.", "dam the", False),
        ],
    )
    def test_a_fact_is_stated_word_by_word(self, text: str, fact: str, *, stated: bool) -> None:
        assert states(text, fact) is stated

    def test_a_right_answer_states_the_facts_and_credits_the_speaker(self) -> None:
        assert is_right(CASE, answered("Ada Byrne: the dam will hold. [1]", DAM))
        assert not is_right(CASE, answered("The dam will hold, said Ned Cole.", FLOOD))

    def test_another_spelling_of_the_speaker_is_the_speaker(self) -> None:
        case = EvalCase(id="z", question="q", expected=("talks",), speaker="Volodymyr Zelensky")
        assert is_right(case, answered("Zelenskyy wants talks.", FLOOD))

    def test_a_forbidden_fact_makes_an_answer_wrong(self) -> None:
        case = EvalCase(id="a", question="q", expected=("3 metres",), forbidden=("4 metres",))
        assert not is_right(case, answered("First 4 metres, then 3 metres.", FLOOD))

    def test_without_expected_facts_a_gold_span_must_be_cited(self) -> None:
        case = EvalCase(id="a", question="q", gold=(GoldSpan(article_id="n2", quote="rose by 3 metres"),))
        assert is_right(case, answered("It rose. [1]", FLOOD))
        assert not is_right(case, answered("It rose. [1]", DAM))


class TestAbstention:
    UNANSWERABLE = EvalCase(id="u", question="Who won the race?", unanswerable=True)

    @pytest.mark.parametrize(
        ("case", "answer", "expected"),
        [
            pytest.param(
                CASE,
                answered("The dam will hold, said Byrne. [1]", DAM),
                {"right": 1.0, "crag": 1.0, "over_abstain": 0.0, "false_answer": None},
                id="right answer",
            ),
            pytest.param(
                CASE,
                DECLINED,
                {"right": 0.0, "crag": 0.0, "over_abstain": 1.0, "abstention_precision": 0.0},
                id="abstained though there is an answer",
            ),
            pytest.param(
                UNANSWERABLE,
                DECLINED,
                {"right": 1.0, "crag": 0.0, "false_answer": 0.0, "abstention_precision": 1.0},
                id="abstained where there is none",
            ),
            pytest.param(
                UNANSWERABLE,
                answered("Byrne won. [1]", DAM),
                {"right": 0.0, "crag": -1.0, "false_answer": 1.0, "over_abstain": None},
                id="answered where there is none",
            ),
        ],
    )
    def test_every_outcome_by_hand(
        self, case: EvalCase, answer: SystemAnswer, expected: dict[str, float | None]
    ) -> None:
        found = scores_of(case, answer)
        assert {metric: found[metric].value for metric in expected} == expected

    def test_an_abstention_has_nothing_to_check(self) -> None:
        found = scores_of(CASE, DECLINED)
        for metric in ("citation_recall", "supported", "quote_exact", "speaker_ok", "lexical_grounding"):
            assert found[metric].value is None

    def test_crag_points(self) -> None:
        assert crag_points(abstained=False, right=True) == 1.0
        assert crag_points(abstained=True, right=False) == 0.0
        assert crag_points(abstained=False, right=False) == -1.0

    @settings(deadline=None)
    @given(st.lists(st.sampled_from(["right", "abstained", "wrong"]), min_size=1))
    def test_the_mean_equals_the_published_form(self, outcomes: list[str]) -> None:
        points = [crag_points(abstained=said == "abstained", right=said == "right") for said in outcomes]
        n, right, missing = len(outcomes), outcomes.count("right"), outcomes.count("abstained")
        assert sum(points) / n == pytest.approx((2 * right + missing) / n - 1)

    def test_f1_of_abstaining(self) -> None:
        # due at 1 and 2; said at 2 and 3: precision 1/2, recall 1/2
        assert abstention_f1([False, True, True], [True, True, False]) == pytest.approx(1 / 2)
        assert abstention_f1([False], [False]) is None

    def test_risk_and_coverage_by_hand(self) -> None:
        # risks with 1, 2, 3 of 3 answers: 0, 1/2, 1/3
        confidence, loss = [0.9, 0.8, 0.1], [0.0, 1.0, 0.0]
        assert risk_coverage_area(confidence, loss) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
        assert coverage_at_risk(confidence, loss, 0.05) == pytest.approx(1 / 3)
        assert coverage_at_risk(confidence, loss, 0.4) == 1.0

    @settings(deadline=None)
    @given(st.permutations(range(5)))
    def test_equal_confidence_hides_no_order(self, order: list[int]) -> None:
        loss = [1.0, 0.0, 0.0, 1.0, 0.0]
        area = risk_coverage_area([0.5] * 5, [loss[position] for position in order])
        assert area == pytest.approx(2 / 5)


class TestLexicalGrounding:
    def test_rare_words_weigh_more(self) -> None:
        windows = [frozenset({"the", "dam"}), frozenset({"the", "river"})]
        found_in = count_windows(windows)
        with_dam = lexical_grounding(["the", "dam"], windows[:1], found_in, 2)
        without = lexical_grounding(["the", "dam"], windows[1:], found_in, 2)
        # idf(the) = ln(1 + 2/3), idf(dam) = ln(1 + 2/2)
        assert with_dam == 1.0
        assert without == pytest.approx(0.5108 / (0.5108 + 0.6931), abs=1e-3)

    def test_windows_are_pairs_of_neighbouring_sentences(self) -> None:
        assert windows_of("One came. Two left. Three stayed.") == [
            frozenset({"one", "came", "two", "left"}),
            frozenset({"two", "left", "three", "stayed"}),
        ]


@settings(deadline=None)
@given(text=st.text(max_size=80), source=st.text(max_size=80), declines=st.booleans())
def test_every_score_of_any_answer_is_known_and_in_range(text: str, source: str, *, declines: bool) -> None:
    given_answer = SystemAnswer(text=text, abstained=declines, citations=((1, Source(text=source)),))
    for score in score_answer(judge_answer(CASE, given_answer)):
        metric = BY_NAME[score.metric]
        assert score.value is None or metric.lowest <= score.value <= metric.highest
