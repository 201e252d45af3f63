"""The page about the evals works as printed."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from evals.card import Card
from evals.cli import app
from evals.metrics import METRICS

PAGE = Path(__file__).parents[1] / "docs" / "evals.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the page is not part of the wheel")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_five_minutes_work_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "my_rag", raising=False)
    # The card takes seconds for each gate, and has tests of its own.
    monkeypatch.setattr("evals.card.make_card", lambda *_, **__: Card(rows=(), balanced_accuracy=None))
    Path("cases.jsonl").write_text(blocks("json")[0], encoding="utf-8")
    Path("my_rag.py").write_text(blocks("python")[0], encoding="utf-8")
    for line in blocks("bash")[0].splitlines():
        words = shlex.split(line, comments=True)
        assert words[:2] == ["byline", "eval"]
        result = CliRunner().invoke(app, words[2:])
        assert result.exit_code == 0, result.output
    assert json.loads(Path("baseline.json").read_text())["limits"]["right"]["value"] == 1.0


def test_every_option_that_is_printed_exists() -> None:
    known = {
        option
        for command in typer.main.get_command(app).commands.values()  # type: ignore[attr-defined]
        for parameter in command.params
        for option in parameter.opts
    }
    printed = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE.read_text(encoding="utf-8")))
    # Of every command, of `byline ask`, of the benchmarks, of pytest.
    elsewhere = {"--help", "--json", "--data", "--sets", "--eval-cases"}
    assert printed - elsewhere <= known


def test_the_ci_files_parse() -> None:
    github, gitlab = (yaml.safe_load(block) for block in blocks("yaml"))
    assert "byline eval gate" in github["jobs"]["gate"]["steps"][3]["run"]
    assert "byline eval gate" in gitlab["grounding"]["script"][1]


def test_every_metric_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    hidden = [
        metric.name
        for metric in METRICS
        if metric.name not in text and not metric.name.startswith(("document_", "retrieval_hit@"))
    ]
    assert hidden == []
