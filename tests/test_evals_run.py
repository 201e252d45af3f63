"""Runs: the same bytes in every process, failures counted, answers cached by content, baselines beside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from evals.baselines import BASELINES, cite_everything
from evals.cases import write_cases
from evals.comparison import compare_runs
from evals.errors import RecordError
from evals.gate import Limit, judge_gate, pin_baseline
from evals.record import read_record
from evals.report import render_html, render_junit, render_markdown, write_reports
from evals.run import run_cases
from evals.systems.function import FunctionSystem
from evals.types import EvalCase, GoldSpan, Source, SystemAnswer

DAM = "“I am sure the dam will hold,” said Ada Byrne, the engineer. She spoke on 3 March."
FLOOD = "The river rose by 3 metres overnight. The mayor of Ellery called it a warning."
CASES = [
    EvalCase(
        id="dam",
        question="What did Byrne say?",
        kind="said_about",
        expected=("dam will hold",),
        speaker="Ada Byrne",
        gold=(GoldSpan(article_id="n1", quote="the dam will hold"),),
    ),
    EvalCase(
        id="river",
        question="How far did the river rise?",
        kind="number",
        expected=("3 metres",),
        gold=(GoldSpan(article_id="n2", quote="rose by 3 metres"),),
    ),
    EvalCase(id="race", question="Who won the <b>race</b>?", kind="unanswerable", unanswerable=True),
    EvalCase(id="broken", question="Does it break?", expected=("yes",)),
]


def reply(question: str) -> dict[str, object]:
    """A small system: one good answer, one with a wrong number, one abstention, one failure."""
    sources = [{"text": DAM, "article_id": "n1"}, {"text": FLOOD, "article_id": "n2"}]
    if "Byrne" in question:
        return {"text": "“I am sure the dam will hold,” said Ada Byrne. [1]", "sources": sources}
    if "river" in question:
        return {"text": "The river rose by 4 metres overnight. [2]", "sources": sources}
    if "break" in question:
        raise RuntimeError("backend <gone>")
    return {"text": "The articles do not say.", "sources": [], "retrieved": sources, "abstained": True}


def run(**options: object) -> object:
    return run_cases(CASES, FunctionSystem(reply), **options)[0]  # type: ignore[arg-type]


def test_a_failed_case_is_counted_and_bounds_every_mean() -> None:
    record = run()
    found = record.summary["right"]
    assert (found.n_total, found.n_scored, found.n_failed) == (4, 3, 1)
    assert found.mean == pytest.approx(2 / 3)
    assert (found.bounds.low, found.bounds.high) == (0.5, 0.75)
    assert record.results[3].error == "RuntimeError: backend <gone>"


def test_results_are_also_summed_up_by_kind() -> None:
    record = run()
    assert record.kinds["number"]["right"].mean == 0.0
    assert record.kinds["said_about"]["right"].mean == 1.0


@pytest.mark.parametrize(
    ("baseline", "metric", "value"),
    [
        pytest.param("always abstain", "over_abstain", 1.0, id="always abstain declines all"),
        pytest.param("always abstain", "false_answer", 0.0, id="and never answers falsely"),
        pytest.param("never abstain", "false_answer", 1.0, id="never abstain always does"),
        pytest.param("copy top passage", "citation_recall", 1.0, id="a copied passage is perfectly cited"),
        pytest.param("cite everything", "citation_recall", 0.5, id="citing all helps no wrong number"),
    ],
)
def test_baselines_show_what_a_score_is_worth(baseline: str, metric: str, value: float) -> None:
    assert run().baselines[baseline][metric].mean == value


def test_another_system_over_the_same_cases_is_a_row_of_the_table() -> None:
    def knows_the_river(case: EvalCase) -> SystemAnswer:
        found = case.id == "river"
        return SystemAnswer(text="It rose by 3 metres." if found else "Nothing.", abstained=not found)

    beside = run(peers={"river guide": knows_the_river}).baselines
    assert list(beside) == ["river guide", *BASELINES]
    assert beside["river guide"]["right"].mean == pytest.approx(2 / 3)  # the river, and declining the race
    assert list(run(peers={"river guide": knows_the_river}, baselines=False).baselines) == ["river guide"]


def test_citing_everything_costs_precision() -> None:
    record = run()
    own = record.summary["citation_precision"].mean
    assert record.baselines["cite everything"]["citation_precision"].mean < own


def test_a_baseline_without_anything_retrieved_does_not_invent_sources() -> None:
    empty = SystemAnswer(text="Yes.", abstained=False)
    for make in BASELINES.values():
        assert make(empty).citations == ()


def test_cite_everything_keeps_the_words() -> None:
    answer = SystemAnswer(
        text="One. [1] Two.", abstained=False, citations=((1, Source(text="a")),),
        retrieved=(Source(text="a"), Source(text="b")),
    )  # fmt: skip
    assert cite_everything(answer).text == "One. [1][2]\nTwo. [1][2]"


def test_workers_change_nothing(tmp_path: Path) -> None:
    for workers in (1, 4):
        write_reports(tmp_path / str(workers), run(workers=workers))
    for name in ("run.json", "report.md", "report.html", "junit.xml"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "4" / name).read_bytes()


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    write_cases(tmp_path / "cases.jsonl", CASES)
    recorded = [{"id": case.id, **reply(case.question)} for case in CASES[:3]]
    (tmp_path / "answers.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in recorded))
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "evals.cli", "run", str(tmp_path / "cases.jsonl"), "--workers", workers,
             "--system", f"recorded:{tmp_path / 'answers.jsonl'}", "--out", str(tmp_path / workers)],
            env={**os.environ, "PYTHONHASHSEED": workers}, cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
        )
        for workers in ("1", "2")
    ]  # fmt: skip
    assert [process.wait() for process in started] == [0, 0]
    runs = [read_record(tmp_path / workers / "run.json") for workers in ("1", "2")]
    if runs[0].code != runs[1].code:
        pytest.skip("somebody edited the source while both processes ran")
    names = ("run.json", "report.md", "report.html", "junit.xml")
    outputs = [[(tmp_path / workers / name).read_bytes() for name in names] for workers in ("1", "2")]
    assert outputs[0] == outputs[1]


def test_answers_are_cached_by_content(tmp_path: Path) -> None:
    asked: list[str] = []

    def counting(question: str) -> object:
        asked.append(question)
        return reply(question)

    first = run_cases(CASES, FunctionSystem(counting), cache=tmp_path)[0]
    again = run_cases(CASES, FunctionSystem(counting), cache=tmp_path)[0]
    assert first == again
    assert asked == [case.question for case in CASES] + ["Does it break?"]  # failures are asked again
    changed = FunctionSystem(counting, settings={"temperature": 1})
    run_cases(CASES[:1], changed, cache=tmp_path)
    assert asked[-1] == CASES[0].question


def test_a_record_survives_writing_and_reading(tmp_path: Path) -> None:
    record = run()
    write_reports(tmp_path, record)
    assert read_record(tmp_path / "run.json") == record


def test_a_file_that_is_no_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(RecordError, match=r"run\.json is not a run of this version: system"):
        read_record(tmp_path / "run.json")


class TestReports:
    def test_markdown_shows_the_sentence_and_the_failed_check(self) -> None:
        text = render_markdown(run())
        assert "**number**" in text
        assert "“The river rose by 4 metres overnight. \\[2\\]”" in text
        assert "| right | 0.667 | [0.208, 0.939] | 3 of 4, 0 n/a, 1 failed |" in text

    def test_markdown_of_hostile_text_stays_text(self) -> None:
        text = render_markdown(run())
        assert "Who won the \\<b\\>race\\</b\\>?" not in text  # it did not fail
        assert "backend \\<gone\\>" in text

    def test_junit_parts_failures_from_errors(self) -> None:
        suite = ET.fromstring(render_junit(run())).find("testsuite")
        assert suite is not None
        assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
            "tests": "4", "failures": "1", "errors": "1",
        }  # fmt: skip
        failure = suite.find("testcase[@name='river']/failure")
        assert failure is not None
        assert "cited:    The river rose by 3 metres overnight." in (failure.text or "")

    def test_html_escapes_every_foreign_text_and_loads_nothing(self) -> None:
        page = render_html(run())
        assert "<b>race</b>" not in page
        assert "&lt;b&gt;race&lt;/b&gt;" in page
        assert "default-src 'none'" in page
        assert "http://" not in page
        assert "https://" not in page

    def test_html_has_every_case_and_its_sources(self) -> None:
        page = render_html(run())
        for case in CASES:
            assert f'id="case-{case.id}"' in page
        assert "said Ada Byrne, the engineer." in page

    def test_html_shows_the_changes_from_the_last_run(self) -> None:
        def better(question: str) -> object:
            value = reply(question)
            return {**value, "text": str(value["text"]).replace("4 metres", "3 metres")}

        now = run_cases(CASES[:3], FunctionSystem(better))[0]
        before = run_cases(CASES[:3], FunctionSystem(reply))[0]
        page = render_html(now, previous=before)
        assert "1 cases changed between right and wrong" in page
        assert '0.000 →\n1.000</span> <a href="#case-river">river</a>' in page

    def test_what_was_scored_on_no_case_is_named_in_one_line(self) -> None:
        record = run()
        assert record.summary["forbidden_absent"].mean is None
        assert re.search(r"Scored on no case: [\w@, ]*forbidden_absent", render_markdown(record))
        assert "| forbidden_absent |" not in render_markdown(record)

    def test_a_broken_limit_stands_in_the_open_and_kept_ones_are_folded(self) -> None:
        record = run()
        pinned = replace(pin_baseline(record, None), min_effect=0.5)
        broken = replace(pinned, limits={**pinned.limits, "right": Limit(value=0.9)})
        verdict = judge_gate(record, broken)
        text = render_markdown(record, gate=verdict)
        assert text.index("| right | fail |") < text.index("limits kept</summary>")
        page = render_html(record, gate=verdict)
        assert 'class="limit" style="left:90.00%" title="limit 0.9000"' in page


def test_a_comparison_pairs_only_cases_that_are_the_same() -> None:
    before = run_cases(CASES[:2], FunctionSystem(reply))[0]
    changed = [CASES[0], EvalCase(id="river", question="How far did the river rise?", expected=("4",))]
    comparison = compare_runs(before, run_cases(changed, FunctionSystem(reply))[0])
    assert (comparison.only_before, comparison.only_after) == (1, 1)
    assert {change.difference.n for change in comparison.metrics} == {1}
