"""`byline eval` on the command line: what it prints, writes and returns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from evals.card import Card
from evals.cases import read_cases
from evals.cli import app
from evals.errors import UnfitJudgeError
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

if TYPE_CHECKING:
    from pathlib import Path

DAM = "“I am sure the dam will hold,” said Ada Byrne, the engineer. She spoke on 3 March."
RIGHT = "“I am sure the dam will hold,” said Ada Byrne. [1]"


@pytest.fixture(autouse=True)
def blank_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds less for each gate: the card has tests of its own."""
    monkeypatch.setattr("evals.card.make_card", lambda *_, **__: Card(rows=(), balanced_accuracy=None))


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A folder with two cases and the recorded answers of a good system."""
    (tmp_path / "cases.jsonl").write_text(
        '{"id": "dam", "question": "What did Byrne say?", "expected": ["dam will hold"]}\n'
        '{"id": "race", "question": "Who won?", "unanswerable": true}\n'
    )
    record(tmp_path, RIGHT)
    return tmp_path


def record(folder: Path, text: str) -> None:
    rows = [
        {"id": "dam", "text": text, "sources": [DAM]},
        {"id": "race", "text": "The articles do not say.", "abstained": True},
    ]
    (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def invoke(folder: Path, command: str, *arguments: str) -> tuple[int, str]:
    """The exit code and everything printed, asking the recorded answers of the folder."""
    result = CliRunner().invoke(
        app,
        [command, str(folder / "cases.jsonl"), "--system", f"recorded:{folder / 'answers.jsonl'}",
         "--out", str(folder / "out"), *arguments],
    )  # fmt: skip
    return result.exit_code, result.output


def gate(folder: Path, *arguments: str) -> tuple[int, str]:
    return invoke(folder, "gate", "--baseline", str(folder / "baseline.json"), *arguments)


def test_a_run_writes_every_report(folder: Path) -> None:
    code, output = invoke(folder, "run")
    assert code == 0
    assert "right                   1.000" in output
    assert sorted(file.name for file in (folder / "out").iterdir()) == [
        "junit.xml", "report.html", "report.md", "run.json", "timings.json",
    ]  # fmt: skip


def test_the_gate_passes_what_it_pinned_and_fails_what_got_worse(folder: Path) -> None:
    assert gate(folder, "--update")[0] == 0
    code, output = gate(folder)
    assert (code, output.splitlines()[-2]) == (0, "gate: pass")
    record(folder, "“I am sure the dam will break,” said Ada Byrne. [1]")
    code, output = gate(folder)
    assert code == 1
    assert "fail: quote_exact: 0.0000 is below the limit 1.0000" in output


def test_an_inconclusive_gate_fails_only_when_strict(folder: Path) -> None:
    gate(folder, "--update")
    path = folder / "baseline.json"
    pinned = json.loads(path.read_text())
    pinned["limits"] = {"outlet_match": {"value": 0.9, "rule": "point"}}
    path.write_text(json.dumps(pinned))
    code, output = gate(folder)
    assert code == 0
    assert "gate: inconclusive" in output
    assert gate(folder, "--strict")[0] == 1


def test_a_lowered_limit_needs_the_second_flag(folder: Path) -> None:
    gate(folder, "--update")
    before = (folder / "baseline.json").read_bytes()
    record(folder, "The dam will hold, perhaps. [9]")
    code, output = gate(folder, "--update")
    assert code == 2
    assert "these limits would move towards worse" in output
    assert (folder / "baseline.json").read_bytes() == before
    assert gate(folder, "--update", "--allow-regression")[0] == 0
    assert (folder / "baseline.json").read_bytes() != before


def test_changed_cases_are_a_set_up_error_not_a_verdict(folder: Path) -> None:
    gate(folder, "--update")
    cases = (folder / "cases.jsonl").read_text()
    (folder / "cases.jsonl").write_text(cases.replace("Who won?", "Who won it?"))
    code, output = gate(folder)
    assert code == 2
    assert "byline eval gate --update" in output


def test_an_unfit_judge_may_not_gate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_card: Card) -> None:
        raise UnfitJudgeError("the checks miss their own report card")

    monkeypatch.setattr("evals.card.require_fit", refuse)
    code, output = gate(folder, "--update")
    assert code == 2
    assert "the checks miss their own report card" in output


def test_a_stored_run_is_judged_without_asking_again(folder: Path) -> None:
    gate(folder, "--update")
    (folder / "answers.jsonl").unlink()
    assert gate(folder, "--run", str(folder / "out" / "run.json"))[0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--system", "nonsense"], "is not one of", id="system"),
        pytest.param(["--key-variable", "NO_SUCH_KEY"], "environment variable NO_SUCH_KEY", id="key"),
        pytest.param(["--previous", "none.json"], "no run at none.json", id="previous run"),
    ],
)
def test_set_up_errors_have_their_own_exit_code(folder: Path, arguments: list[str], message: str) -> None:
    code, output = invoke(folder, "run", *arguments)
    assert code == 2
    assert message in output


def test_a_system_that_answers_nothing_gets_no_verdict(folder: Path) -> None:
    (folder / "answers.jsonl").write_text('{"id": "another", "text": "x"}\n')
    code, output = invoke(folder, "run")
    assert code == 2
    assert "answered none of 2 cases; the first failed with RecordError" in output


def test_compare_names_the_cases_that_changed(folder: Path) -> None:
    invoke(folder, "run")
    (folder / "out" / "run.json").rename(folder / "before.json")
    record(folder, "The dam will break, said Ada Byrne. [1]")
    invoke(folder, "run")
    result = CliRunner().invoke(
        app, ["compare", str(folder / "before.json"), str(folder / "out" / "run.json")]
    )
    assert result.exit_code == 0
    assert "dam: right 1.0 -> 0.0  What did Byrne say?" in result.output


def test_new_cases_are_read_back_and_never_overwrite(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive", embedder=HashEmbedder()) as archive:
        counted = "The flood drove 340 people from their homes in Ellery, the rescue service said."
        archive.add([Article(id="n1", text=f"{DAM}\n\n{counted}", title="Dam holds", outlet="The Ledger")])
    out = tmp_path / "new.jsonl"
    arguments = ["new", "--archive", str(tmp_path / "archive"), "--out", str(out)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert {case.kind for case in read_cases(out)} >= {"who_said", "number"}
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 2
    assert "name another file" in again.output


def test_an_unknown_benchmark_names_those_there_are() -> None:
    result = CliRunner().invoke(app, ["bench", "nope"])
    assert result.exit_code == 2
    assert "retrieval" in result.output


@pytest.mark.parametrize("arguments", [["bench"], ["bench", "--help"]])
def test_the_benchmarks_are_listed_with_what_they_measure(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "judges             The checks as a judge of summaries that people have labelled" in result.output
    assert {"who_said", "says_about", "retrieval", "short_answers", "extraction"} <= set(
        result.output.split()
    )


def test_missing_data_is_named_and_no_benchmark_fails_for_it(tmp_path: Path) -> None:
    from evals.bench.public import main

    assert main(["--data", str(tmp_path), "--only", "judges"]) == 2


def test_every_metric_is_what_its_reference_implementation_is() -> None:
    from evals.bench.metric_agreement import measure

    rows = measure(seed=7, n=25)
    assert [row.metric for row in rows if row.difference > row.allowed] == []
    assert {"map@10", "citation_precision", "kappa", "Holm"} <= {row.metric for row in rows}
