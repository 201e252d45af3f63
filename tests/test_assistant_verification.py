"""From claims and evidence to verdicts, and `check_answer` for anybody's passages."""

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checks.marker import check_marker
from assistant.citations import split_claims
from assistant.types import Evidence
from assistant.verification import check_answer, verify_claims
from index.types import Article, Passage

TALKS = (
    "Defence minister Anna Berg said the northern proposal was unacceptable to Varna"
    " and talks would resume in March. Foreign minister Piet Holm declined to comment."
)
FARES = "Ferry fares rose by 12 percent on Tuesday. “We had no choice,” said harbour chief Ada Hale."
PASSAGES = [
    {"text": TALKS, "outlet": "The Lantern", "published": "2025-03-06", "title": "Talks"},
    {"text": FARES, "outlet": "Harbour Post", "published": "2025-03-06"},
]


def verdicts(answer: str, passages=PASSAGES) -> list[str]:
    return [claim.verdict for claim in check_answer(answer, passages)]


def failed(answer: str, passages=PASSAGES) -> set[str]:
    return {
        check.name
        for claim in check_answer(answer, passages)
        for check in claim.checks
        if check.passed is False
    }


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        pytest.param(
            "Foreign minister Piet Holm said the northern proposal was unacceptable to Varna. [1]",
            "speaker",
            id="speaker",
        ),
        pytest.param(
            "Berg said the northern proposal was acceptable to Varna. [1]", "negation", id="negation lost"
        ),
        pytest.param("Berg said talks would resume in September. [1]", "date", id="date changed"),
        pytest.param(
            "“Piet Holm declined to comment. The northern proposal was unacceptable.” [1]",
            "quote",
            id="stitched",
        ),
        pytest.param(
            "Holm called the northern proposal a gift to the harbour towns. [1]", "speaker", id="invented"
        ),
    ],
)
def test_the_five_false_quotations_that_a_longest_match_lets_through(answer, check):
    assert verdicts(answer)[0] in {"contradicted", "unsupported"}
    assert check in failed(answer)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(f"{TALKS} [1]", id="the source itself"),
        pytest.param("Ferry fares rose 12% on Tuesday [2].", id="other signs"),
        pytest.param(
            "Fares rose by 12 percent on 4 March 2025, Harbour Post reported [2].",
            id="date resolved, outlet named",
        ),
        pytest.param("According to Berg, talks would resume in March. [1]", id="credit moved"),
        pytest.param("Ada Hale said: “We had no choice.” [2]", id="quotation moved"),
        pytest.param("Fares rose by 12 percent on Tuesday [1][2].", id="one of two sources supports it"),
        pytest.param("Ferry fares rose by 12 percent on Tuesday.", id="no marker: all passages are read"),
    ],
)
def test_true_sentences_are_supported(answer):
    assert set(verdicts(answer)) == {"supported"}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        pytest.param(
            "Ferry fares rose by 15 percent on Tuesday. [2]", "contradicted", id="another value at that place"
        ),
        pytest.param("Ferry fares rose by 12 percent on Tuesday. [1]", "unsupported", id="the other passage"),
        pytest.param("Ferry fares rose by 12 percent on Tuesday. [9]", "unsupported", id="no such passage"),
        pytest.param("Ferry fares rose. [2] [9]", "unsupported", id="one marker of two is dead"),
        pytest.param("The weather in Lisbon was fine. [2]", "unsupported", id="something else"),
        pytest.param("—", "not_judged", id="nothing said"),
    ],
)
def test_verdicts(answer, verdict):
    assert verdicts(answer) == [verdict]


SPEECH = {"text": "We will open the bridge in May. Work goes on.", "speaker": "Ned Cole"}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        pytest.param("Ned Cole said the bridge will open in May. [1]", "supported", id="who speaks"),
        pytest.param("Ned Cole said: “We will open the bridge in May.” [1]", "supported", id="word for word"),
        pytest.param("Tom Ward said the bridge will open in May. [1]", "contradicted", id="somebody else"),
        pytest.param(
            "Ted Cole said the bridge will open in May. [1]", "contradicted", id="another given name"
        ),
    ],
)
def test_a_passage_may_be_what_somebody_said(answer, verdict):
    assert verdicts(answer, [SPEECH]) == [verdict]


@pytest.mark.parametrize(
    ("markers", "required", "passed", "detail"),
    [
        pytest.param((1, 2), True, True, "[1], [2] found", id="all known"),
        pytest.param(
            (1, 7, 9), False, False, "there is no source [7], [9]; there are 2 sources", id="unknown"
        ),
        pytest.param((), True, False, "the sentence cites no source", id="none where one must be"),
        pytest.param((), False, None, "the sentence cites no source", id="none where none need be"),
    ],
)
def test_markers_lead_to_a_source(markers, required, passed, detail):
    finding = check_marker(markers, {1, 2}, required=required)
    assert (finding.name, finding.passed, finding.detail) == ("marker", passed, detail)


ASKED = (
    "Engineers had complained twice. “Where is the book? It has been lost,” asked Tom Ward. Ada Hale left."
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param("“Where is the book?” Tom Ward asked. [1]", ["supported", "supported"], id="right"),
        pytest.param("“Where is the book?” Ada Hale asked. [1]", ["supported", "contradicted"], id="wrong"),
    ],
)
def test_a_sentence_that_only_credits_the_quotation_before_it_is_checked_with_it(answer, expected):
    assert verdicts(answer, [ASKED]) == expected


def test_words_that_are_partly_there_are_not_judged():
    assert verdicts("Ferry passengers pay 12 percent more. [2]") == ["not_judged"]


def test_passages_may_be_strings_passages_and_mappings():
    passage = Passage(
        article_id="b",
        version=1,
        start=10,
        end=10 + len(FARES),
        text=FARES,
        title="",
        outlet="Harbour Post",
        url=None,
        published=datetime(2025, 3, 6, tzinfo=UTC),
        score=1.0,
        rank=1,
        found_by=("keyword",),
    )
    answer = "Ferry fares rose by 12 percent on Tuesday. [1]"
    for passages in ([FARES], [passage], [{"text": FARES, "published": date(2025, 3, 6)}]):
        assert verdicts(answer, passages) == ["supported"]


@pytest.mark.parametrize(
    ("passage", "error", "says"),
    [
        pytest.param({"outlet": "x"}, ValueError, "passage 1 has no text", id="no text"),
        pytest.param(
            {"text": "a", "published": "soon"}, ValueError, "'soon' is no ISO 8601 date", id="bad date"
        ),
        pytest.param(7, TypeError, "passage 1 is a int", id="a number"),
    ],
)
def test_unusable_passages_are_refused(passage, error, says):
    with pytest.raises(error, match=says):
        check_answer("Fares rose.", [passage])


def test_without_passages_nothing_is_supported():
    assert verdicts("Fares rose. [1]", []) == ["unsupported"]
    assert verdicts("Fares rose.", []) == ["unsupported"]


def evidence(text: str, marker: int = 1, **fields) -> Evidence:
    values = {"article_id": "a", "version": 1, "start": 0, "end": len(text), "title": "", "outlet": None}
    return Evidence(marker=marker, text=text, **({"url": None, "published": None} | values | fields))


def test_in_an_answer_of_ours_a_sentence_must_cite():
    (claim,) = verify_claims(split_claims("Fares rose."), [evidence("Fares rose.")])
    assert claim.verdict == "unsupported"
    assert ("marker", False) in [(check.name, check.passed) for check in claim.checks]


def test_the_rest_of_the_article_tells_a_misplaced_quotation_from_an_invented_one():
    cited = evidence("Ada Hale spoke for an hour.")
    article = Article(id="a", text="Ada Hale spoke for an hour. “We had no choice,” Hale said.")
    (claim,) = verify_claims(
        split_claims("Ada Hale spoke of having “no choice” for an hour. [1]"),
        [cited],
        read_article=lambda *_: article,
    )
    (quote,) = [check for check in claim.checks if check.name == "quote"]
    assert quote.passed is False
    assert "elsewhere in the article" in quote.detail


def test_every_check_says_what_it_compared():
    for claim in check_answer("Ferry fares rose by 15 percent on Monday, the Lantern said. [2]", PASSAGES):
        assert all(check.detail for check in claim.checks)


@pytest.mark.parametrize(
    ("answer", "passage"),
    [
        pytest.param(
            "Die Fähre kostet jetzt 12 Prozent mehr. [1]",
            "Ferry fares rose by 14 percent.",
            id="German number",
        ),
        pytest.param(
            "Hale a dit « nous partons demain ». [1]", "Hale said “we stay here”.", id="French quotation"
        ),
        pytest.param(
            "Цены выросли на 12 процентов. [3]", "Ferry fares rose by 12 percent.", id="Russian marker"
        ),
    ],
)
def test_answers_in_other_languages_get_the_exact_checks(answer, passage):
    assert verdicts(answer, [passage])[0] in {"unsupported", "contradicted"}


@pytest.mark.parametrize(
    "draft",
    [
        pytest.param("[1] " * 2_000, id="markers"),
        pytest.param("“" * 2_000 + " said Hale [1]", id="quotation marks"),
        pytest.param("12 " * 2_000 + "[1]", id="numbers"),
        pytest.param("Ada Hale " * 500 + "said so [1]", id="names"),
        pytest.param("\u202eesraever\u200b said [1]", id="bidi and zero-width"),
        pytest.param("<script>alert(1)</script> [1]", id="script"),
    ],
)
def test_hostile_drafts_are_judged_and_never_supported(draft):
    assert "supported" not in verdicts(draft, [FARES])


@pytest.mark.parametrize(
    "piece",
    ["12 ", "Ada Hale ", "May 3, ", "“a b c” ", "not ", "said Hale, ", "[1] ", "x … ", "(", "1,", "A.B."],
)
def test_hostile_texts_take_linear_time(piece):
    started = time.process_time()
    check_answer(piece * 2_000, [FARES])
    check_answer("Hale said “we” 12 times in May. [1]", [piece * 2_000])
    assert time.process_time() - started < 8


@given(st.text(max_size=120), st.text(max_size=200))
@settings(max_examples=120, deadline=None)
def test_any_text_against_any_source_gives_claims_with_exact_spans(answer, source):
    for claim in check_answer(answer, [source]):
        assert answer[claim.start : claim.end] == claim.text
        assert claim.verdict in {"supported", "contradicted", "unsupported", "not_judged"}


@given(st.lists(st.sampled_from([TALKS, FARES, "It rained."]), min_size=1, max_size=4), st.randoms())
@settings(max_examples=20, deadline=None)
def test_the_same_answer_gets_the_same_verdicts(sentences, random):
    answer = " ".join(f"{sentence} [{random.randint(1, 3)}]" for sentence in sentences)
    assert check_answer(answer, PASSAGES) == check_answer(answer, PASSAGES)
