"""pytest plugin: hold any answer, or a whole file of cases, to the exact checks.

    def test_the_answer_is_grounded(assert_grounded):
        assert_grounded(my_rag("Who spoke?"))

    def test_case(eval_case, assert_right):               # one test for each case of --eval-cases
        assert_right(eval_case, my_rag(eval_case.question))

An answer is whatever `evals.systems.reading.read_answer` takes: an `Answer`, a text with its
sources, a mapping. A failure prints the sentence, the text it cites and the check that failed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evals.types import EvalCase, Finding


def assert_grounded(answer: object, passages: Sequence[object] = ()) -> None:
    """Fail unless every sentence of an answer passes every check that applies to it.

    Args:
        answer: The answer; one that abstains is grounded.
        passages: What marker 1, 2, ... points to, for an answer that is only a text.

    Raises:
        AssertionError: A sentence failed; the message shows each with its cited text.
    """
    __tracebackhide__ = True  # the reader sees the test's own line and the message
    from evals.judging import judge_answer
    from evals.scorers import score_answer
    from evals.systems.reading import read_answer
    from evals.types import EvalCase

    given = {"text": answer, "sources": list(passages)} if passages else answer
    judged = judge_answer(EvalCase(id="answer", question=""), read_answer(given))
    findings = [
        finding
        for score in score_answer(judged)
        if score.metric in {"marker_valid", "cited_share", "supported", "quote_exact"}
        for finding in score.findings
    ]
    if findings:
        raise AssertionError(_explain(findings))


def assert_right(case: EvalCase, answer: object) -> None:
    """Fail unless the answer to a case is right and grounded, or abstains where it should.

    Raises:
        AssertionError: With what was asked, answered and looked for.
    """
    __tracebackhide__ = True
    from evals.judging import judge_answer
    from evals.scorers.facts import score_facts
    from evals.systems.reading import read_answer

    given = read_answer(answer)
    scores = score_facts(judge_answer(case, given))
    if any(score.metric == "right" and score.value != 1.0 for score in scores):
        looked_for = [
            f"  {score.metric}: {score.reason}"
            for score in scores
            if score.value is not None and score.value < 1
        ]
        due = "an abstention was due" if case.unanswerable else "the answer is not right"
        raise AssertionError("\n".join([f"{due}: {case.question}", f"  answered: {given.text}", *looked_for]))
    assert_grounded(given)


def _explain(findings: Sequence[Finding]) -> str:
    unique = dict.fromkeys(
        (finding.sentence, finding.cited, finding.check, finding.detail) for finding in findings
    )
    blocks = [
        f"  sentence: {sentence}\n  cited:    {cited or '(nothing)'}\n  check:    {check}: {detail}"
        for sentence, cited, check, detail in unique
    ]
    return f"{len(blocks)} failed check{'s' if len(blocks) > 1 else ''}\n" + "\n\n".join(blocks)


@pytest.fixture(name="assert_grounded")
def assert_grounded_fixture() -> Callable[..., None]:
    """`assert_grounded` as a fixture."""
    return assert_grounded


@pytest.fixture(name="assert_right")
def assert_right_fixture() -> Callable[[EvalCase, object], None]:
    """`assert_right` as a fixture."""
    return assert_right


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--eval-cases`` and the setting ``eval_cases``."""
    parser.getgroup("byline").addoption(
        "--eval-cases", type=Path, help="JSONL file of cases; tests that take eval_case run once for each"
    )
    parser.addini("eval_cases", "JSONL file of cases, from the root folder", default="")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes ``eval_case`` once for each case, named by the case's id."""
    if "eval_case" not in metafunc.fixturenames:
        return
    from evals.cases import read_cases
    from evals.errors import CaseError

    path = metafunc.config.getoption("--eval-cases")
    configured = metafunc.config.getini("eval_cases")
    if path is None and configured:
        path = metafunc.config.rootpath / configured
    if path is None:
        raise pytest.UsageError("a test takes eval_case, but no cases are named; give --eval-cases FILE")
    try:
        cases = read_cases(path)
    except CaseError as error:
        raise pytest.UsageError(str(error)) from None
    metafunc.parametrize("eval_case", cases, ids=[case.id for case in cases])
