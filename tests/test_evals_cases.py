"""Case files: every fault is named by file, line and field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from evals.cases import check_gold, cluster_cases, digest_cases, read_cases, write_cases
from evals.errors import CaseError
from evals.types import EvalCase, FrozenArticle, GoldSpan

if TYPE_CHECKING:
    from pathlib import Path

FULL = EvalCase(
    id="dam",
    question="Who said the dam would hold?",
    kind="who_said",
    history=("What happened at the dam?",),
    expected=("Ada Byrne | Byrne",),
    forbidden=("Cole",),
    gold=(GoldSpan(article_id="n1", quote="the dam will hold,” said Ada Byrne"),),
    speaker="Ada Byrne",
    now=datetime(2025, 3, 1, 12, tzinfo=UTC),
    evidence=(FrozenArticle(id="n1", text="“I am sure the dam will hold,” said Ada Byrne."),),
)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param("nonsense", "line 2, field (whole line): Invalid JSON", id="no JSON"),
        pytest.param('{"id": "b"}', "line 2, field question: Field required", id="a field is missing"),
        pytest.param(
            '{"id": "b", "question": "q", "expectd": ["x"]}',
            "line 2, field expectd: Unexpected keyword argument",
            id="a field is misspelt",
        ),
        pytest.param(
            '{"id": "b", "question": "q", "gold": [{"article_id": 3, "quote": "x"}]}',
            "line 2, field gold[0].article_id: Input should be a valid string",
            id="a nested field has the wrong type",
        ),
        pytest.param(
            '{"id": "a", "question": "q", "expected": ["x"]}',
            "line 2, field id: 'a' is also the id of line 1",
            id="an id comes twice",
        ),
        pytest.param(
            '{"id": "b", "question": "q"}',
            "line 2, field expected: an answerable case needs expected, gold or forbidden",
            id="nothing to judge by",
        ),
        pytest.param(
            '{"id": "b", "question": "q", "unanswerable": true, "expected": ["x"]}',
            "line 2, field unanswerable: true, but the case gives gold or expected",
            id="unanswerable with an answer",
        ),
        pytest.param(
            '{"id": "b", "question": "q", "expected": ["x"], "now": "2025-01-01T00:00:00"}',
            "line 2, field now: has no time zone",
            id="a time without zone",
        ),
        pytest.param(
            '{"id": "b", "question": "q", "expected": ["x | "]}',
            "line 2, field expected[0]: has an empty alternative",
            id="an empty alternative, which everything would state",
        ),
    ],
)
def test_a_fault_is_named_by_file_line_and_field(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": "a", "question": "q", "expected": ["x"]}\n' + line + "\n")
    with pytest.raises(CaseError) as raised:
        read_cases(path)
    assert f"{path}, {fault}" in str(raised.value)


def test_all_faulty_lines_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text("{}\n[]\n")
    with pytest.raises(CaseError) as raised:
        read_cases(path)
    assert "line 1" in str(raised.value)
    assert "line 2" in str(raised.value)


def test_cases_survive_writing_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    plain = EvalCase(id="b", question="Line\u2028separator?", unanswerable=True)
    write_cases(path, [FULL, plain])
    assert read_cases(path) == [FULL, plain]


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="byline eval new --out"):
        read_cases(tmp_path / "none.jsonl")


def test_the_digest_ignores_order_and_sees_every_field() -> None:
    other = EvalCase(id="b", question="q", expected=("x",))
    assert digest_cases([FULL, other]) == digest_cases([other, FULL])
    assert digest_cases([other]) != digest_cases([EvalCase(id="b", question="q", expected=("y",))])


def test_gold_is_checked_against_the_articles() -> None:
    cases = [
        EvalCase(id="a", question="q", gold=(GoldSpan(article_id="n1", quote="not there"),)),
        EvalCase(id="b", question="q", gold=(GoldSpan(article_id="gone", quote="x"),)),
        FULL,
    ]
    faults = check_gold(cases, {"n1": "some text"}.get)
    assert faults == [
        "case a, field gold[0].quote: not in article 'n1': 'not there'",
        "case b, field gold[0].article_id: no article 'gone'",
    ]


def test_cases_that_share_an_article_through_others_are_one_cluster() -> None:
    def case(case_id: str, *articles: str) -> EvalCase:
        gold = tuple(GoldSpan(article_id=article, quote="x") for article in articles)
        return EvalCase(id=case_id, question="q", gold=gold)

    clusters = cluster_cases([case("c", "n2", "n3"), case("a", "n1", "n2"), case("b", "n3"), case("d", "n9")])
    assert clusters == {"a": "a", "b": "a", "c": "a", "d": "d"}
