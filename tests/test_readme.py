"""The front page and the pages beside it work as printed."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import index.archive
from assistant import Settings
from assistant.cli import app
from assistant.mcp import INSTRUCTIONS
from index.testing import HashEmbedder

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "README.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the page is not part of the wheel")

FEED = "https://example.org/feed.xml"
RUNS_UNTIL_STOPPED = {"serve", "mcp"}
TESTED_WITH_THE_EVALS = {"eval"}


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text(), re.DOTALL)


def commands() -> list[list[str]]:
    """Every `byline` command of the shell blocks, as words without the first."""
    lines = "\n".join(blocks("sh")).splitlines()
    parts = [part for line in lines for part in re.split(r"\s;\s", line)]
    return [words[1:] for part in parts if (words := shlex.split(part, comments=True))[:1] == ["byline"]]


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sources that the page names, and a quick embedding model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BYLINE_ARCHIVE", raising=False)
    monkeypatch.setenv("BYLINE_MODEL_URL", "")
    monkeypatch.setattr(index.archive, "SentenceTransformerEmbedder", HashEmbedder)
    shutil.copytree(str(files("index") / "sample"), tmp_path / "articles")
    line = {"text": "“The ferry will not sail,” said harbour master Olga Brandt.", "title": "Ferry in port"}
    Path("dump.jsonl").write_text(json.dumps(line), encoding="utf-8")
    entry = "<item><title>Mill sold</title><description>The council sold the old mill.</description></item>"
    Path("feed.xml").write_text(f"<rss version='2.0'><channel>{entry}</channel></rss>", encoding="utf-8")
    return tmp_path


@pytest.mark.timeout(300)
def test_the_python_examples_run_as_printed(newsroom: Path, capsys: pytest.CaptureFixture[str]) -> None:
    use, check = blocks("python")
    exec(use.replace(FEED, "feed.xml"), {})
    assert "Sergei Lavrov" in capsys.readouterr().out
    exec(check, {})


@pytest.mark.timeout(300)
def test_every_command_runs_as_printed(newsroom: Path) -> None:
    ran = set()
    for words in commands():
        name = words[0]
        if name in RUNS_UNTIL_STOPPED | TESTED_WITH_THE_EVALS:
            words = [*words, "--help"]  # noqa: PLW2901 - the same command, only asked what it does
        done = CliRunner().invoke(app, [word.replace(FEED, "feed.xml") for word in words])
        assert done.exit_code == 0, f"{words}: {done.output}"
        ran.add(name)
    assert {"add", "ask", "quotes", "search", "check", "rebuild", "backup", "serve", "eval"} <= ran


def test_every_command_that_is_printed_exists() -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    printed = {words[0] for words in commands()} | set(re.findall(r"`byline ([a-z]+)", text()))
    assert printed - {"eval"} <= known


def test_every_link_and_picture_leads_somewhere() -> None:
    pages = [PAGE, *(page for page in (ROOT / "docs").rglob("*.md") if page.name != "README.md")]
    for page in pages:  # the list of figures is held against the folder below
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_setting_that_is_printed_is_one() -> None:
    known = {f"BYLINE_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bBYLINE_[A-Z_]+", text())) <= known


def test_every_script_that_is_printed_is_there() -> None:
    printed = set(re.findall(r"\bscripts/\w+", text()))
    assert printed == {"scripts/run", "scripts/test"}
    assert all((ROOT / script).is_file() for script in printed)


def test_every_route_and_tool_that_is_printed_is_served(newsroom: Path) -> None:
    from assistant import Assistant
    from assistant.ui.server import create_app
    from index import Archive

    with Archive.open("newsroom", embedder=HashEmbedder()) as archive:
        described = create_app(archive, Assistant(archive)).openapi()["paths"]
    printed = set(re.findall(r"(/(?:api|v1)/[a-z/]+)", text()))
    assert printed
    assert printed <= set(described)
    tools = re.search(r"Its tools \((.*?)\)", text())
    assert tools
    named = set(re.findall(r"`(\w+)`", tools[1]))
    assert set(re.findall(r"`(ask|quotes|search|article)`", INSTRUCTIONS)) <= named


def test_the_settings_of_an_agent_name_a_command_that_exists() -> None:
    (server,) = json.loads(blocks("json")[0])["mcpServers"].values()
    assert server["command"] == "byline"
    done = CliRunner().invoke(app, [*server["args"], "--help"])
    assert done.exit_code == 0, done.output


def test_the_figures_have_a_page_for_every_row() -> None:
    listed = set(
        re.findall(r"\]\((\w+\.md)\)", (ROOT / "docs/figures/README.md").read_text(encoding="utf-8"))
    )
    there = {page.name for page in (ROOT / "docs/figures").glob("*.md")} - {"README.md"}
    assert there <= listed
