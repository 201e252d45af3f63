"""The pytest plugin, driven in a pytest of its own."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

from evals.pytest_plugin import assert_grounded, assert_right
from evals.types import EvalCase

pytest_plugins = ["pytester"]

DAM = "“I am sure the dam will hold,” said Ada Byrne, the engineer. She spoke on 3 March."
RAG = f"""
SOURCE = {DAM!r}

def rag(question):
    text = {{
        "Who spoke?": "“I am sure the dam will hold,” said Ada Byrne. [1]",
        "When?": "She spoke on 4 March. [1]",
    }}[question]
    return {{"text": text, "sources": [SOURCE]}}
"""
CASES = """
{"id": "who", "question": "Who spoke?", "expected": ["Byrne"]}
{"id": "when", "question": "When?", "expected": ["March"]}
"""


def test_a_grounded_answer_passes() -> None:
    assert_grounded("“I am sure the dam will hold,” said Ada Byrne. [1]", [DAM])


def test_a_failure_shows_sentence_cited_text_and_check() -> None:
    with pytest.raises(AssertionError) as raised:
        assert_grounded("She spoke on 4 March. [1]", [DAM])
    assert "sentence: She spoke on 4 March. [1]" in str(raised.value)
    assert f"cited:    {DAM}" in str(raised.value)
    assert "check:    date:" in str(raised.value)


def test_an_uncited_sentence_is_not_grounded() -> None:
    with pytest.raises(AssertionError, match="cites no source"):
        assert_grounded("“I am sure the dam will hold,” said Ada Byrne.", [DAM])


def test_an_abstention_is_grounded() -> None:
    assert_grounded({"text": "The articles do not say.", "abstained": True})


def test_a_wrong_answer_says_what_was_looked_for() -> None:
    case = EvalCase(id="a", question="Who spoke?", expected=("Cole",))
    with pytest.raises(
        AssertionError, match=r"the answer is not right: Who spoke\?[\s\S]*expected_stated: 0 of 1"
    ):
        assert_right(case, {"text": "Byrne. [1]", "sources": [DAM]})


def test_an_answer_where_none_is_due_fails() -> None:
    case = EvalCase(id="a", question="Who won?", unanswerable=True)
    with pytest.raises(AssertionError, match=r"an abstention was due: Who won\?"):
        assert_right(case, {"text": "Byrne. [1]", "sources": [DAM]})


def test_one_test_for_each_case(pytester: pytest.Pytester) -> None:
    pytester.makefile(".jsonl", cases=CASES)
    pytester.makepyfile(
        f"{RAG}\n"
        "def test_case(eval_case, assert_right):\n"
        "    assert_right(eval_case, rag(eval_case.question))\n"
    )
    result = _run(pytester, "--eval-cases", "cases.jsonl", "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*test_case?who? PASSED*", "*test_case?when? FAILED*"])
    result.stdout.no_fnmatch_line("*def assert_grounded(*")  # the plugin's own code is no news to the reader


def test_the_cases_may_be_named_in_the_settings(pytester: pytest.Pytester) -> None:
    pytester.makefile(".jsonl", cases=CASES)
    pytester.makeini("[pytest]\neval_cases = cases.jsonl\n")
    pytester.makepyfile("def test_case(eval_case):\n    assert eval_case.id in ('who', 'when')\n")
    _run(pytester).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param((), "no cases are named; give --eval-cases FILE", id="no file named"),
        pytest.param(("--eval-cases", "none.jsonl"), "no case file at", id="a file that is missing"),
    ],
)
def test_without_cases_the_run_stops(
    pytester: pytest.Pytester, arguments: tuple[str, ...], message: str
) -> None:
    pytester.makepyfile("def test_case(eval_case):\n    pass\n")
    result = _run(pytester, *arguments)
    assert message in result.stdout.str() + result.stderr.str()
    assert result.ret != 0


def _run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    installed = any(point.value == "evals.pytest_plugin" for point in entry_points(group="pytest11"))
    named = () if installed else ("-p", "evals.pytest_plugin")
    return pytester.runpytest_inprocess(*named, "-p", "no:cacheprovider", *arguments)
