"""The room that shows eval runs reads what the evals write."""

import os

import pytest

from assistant.ui.evals import EvalsRoom, find_runs, read_run, render_evals
from evals.record import CaseResult, Code, RunRecord, write_record
from evals.statistics import Estimate, Interval
from evals.types import EvalCase, Finding, Score, SystemAnswer


def estimate(mean):
    return Estimate(
        n_total=2,
        n_scored=2,
        n_not_applicable=0,
        n_failed=0,
        n_clusters=2,
        mean=mean,
        interval=Interval(low=0.1, high=0.9),
        bounds=None,
    )


def result(name, *, right, findings=(), error=None):
    scores = (Score(metric="right", value=right), Score(metric="supported", value=1.0, findings=findings))
    return CaseResult(
        case=EvalCase(id=name, question=f"What of {name}?", expected=("x",)),
        cluster=name,
        answer=None if error else SystemAnswer(text=f"Nothing of {name}.", abstained=False),
        error=error,
        scores=() if error else scores,
    )


def write_run(folder, mean, *, age=0):
    finding = Finding(sentence="He said <b>no</b>.", cited="He said yes.", check="negation", detail="turned")
    record = RunRecord(
        system="byline",
        settings={},
        settings_digest="s",
        cases_digest="c",
        code=Code(commit=None, dirty=None, source_digest="d", versions={}),
        results=(
            result("ferry", right=1.0),
            result("crane", right=0.0),
            result("quay", right=1.0, findings=(finding,)),
            result("tower", right=None, error="the endpoint timed out"),
        ),
        summary={"right": estimate(mean), "supported": estimate(1.0)},
        kinds={},
        baselines={},
        derived={},
    )
    write_record(folder / "run.json", record)
    os.utime(folder / "run.json", (2e9 - age, 2e9 - age))


def test_the_last_run_stands_with_its_interval_and_what_failed(tmp_path):
    write_run(tmp_path, 0.75)
    html = render_evals(find_runs(tmp_path), tmp_path)
    assert "75.0 %" in html
    assert "10.0 to 90.0 · 2 cases" in html
    assert "3 cases that failed" in html
    for words in ("What of crane?", "Nothing of crane.", "the endpoint timed out", "negation"):
        assert words in html
    assert "He said &lt;b&gt;no&lt;/b&gt;." in html
    assert "What of ferry?" not in html
    assert "run by run" not in html


def test_runs_in_folders_make_a_trend_oldest_first(tmp_path):
    for name, mean, age in (("b", 0.5, 300), ("a", 0.6, 200), ("c", 0.9, 100)):
        (tmp_path / name).mkdir()
        write_run(tmp_path / name, mean, age=age)
    runs = find_runs(tmp_path)
    assert [(run.name, run.mean("right")) for run in runs] == [("b", 0.5), ("a", 0.6), ("c", 0.9)]
    assert "Right answers in 3 runs, from 50 to 90 per cent" in render_evals(runs, tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2, "results": []}', '{"format": 1}'])
def test_a_file_that_is_no_run_is_passed_over(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    assert read_run(tmp_path / "run.json") is None
    assert find_runs(tmp_path) == []


def test_without_a_run_the_next_command_is_named_and_reports_are_counted(tmp_path):
    (tmp_path / "reports.jsonl").write_text("{}\n{}\n")
    html = EvalsRoom(tmp_path / "none", tmp_path).refresh()
    assert "byline eval run --out" in html
    assert "Readers have reported 2 sentences" in html
