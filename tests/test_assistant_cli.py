"""The command `byline`, run as its entry point runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import cli, terminal
from assistant.testing import ScriptedServer, status_reply, text_reply
from assistant.types import Answer, Check, Citation, Claim, Question
from index.archive import Archive
from index.health import CheckReport, Finding
from index.testing import HashEmbedder
from index.types import Article, Failure, IngestReport, Passage

ARTICLES = (
    Article(
        id="ferry",
        title="Ferry stays in port",
        text=(
            "“The ferry will not sail before Friday,” harbour master Olga Brandt told reporters.\n\n"
            "Two hundred passengers spent the night in the terminal."
        ),
        outlet="Coast Daily",
        published=datetime(2025, 3, 2, 9, tzinfo=UTC),
    ),
    Article(
        id="mill",
        title="Old mill sold",
        text="The town council sold the old mill to a brewery for 1.2 million euros.",
        outlet="Valley Post",
        published=datetime(2025, 2, 10, 9, tzinfo=UTC),
    ),
)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    folder = tmp_path / "newsroom"
    with Archive.open(folder, embedder=HashEmbedder()) as archive:
        archive.add(ARTICLES)
    return folder


@pytest.fixture
def byline(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Ran]:
    """Runs the entry point in a folder without settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("BYLINE_ARCHIVE", "BYLINE_MODEL_URL", "BYLINE_MODEL_NAME", "BYLINE_MODEL_KEY"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["byline", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as left:
            code = int(left.code or 0)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


MAIN = "from assistant.cli import main; main()"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("BYLINE_")}


def in_a_process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", MAIN, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=CLEAN, **options
    )


# ---------------------------------------------------------------- which archive


def test_the_archive_is_the_option_before_or_after_the_command(
    byline: Callable[..., Ran], newsroom: Path
) -> None:
    other = newsroom.parent / "other"
    before = byline("--archive", newsroom, "stats", "--json")
    after = byline("stats", "--archive", newsroom, "--json")
    both = byline("--archive", other, "stats", "--archive", newsroom, "--json")
    assert before.json()["articles"] == after.json()["articles"] == both.json()["articles"] == 2


def test_the_archive_is_else_that_of_the_environment_else_newsroom(
    byline: Callable[..., Ran], newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert byline("stats", "--json").json()["articles"] == 2  # ./newsroom, where the test runs
    monkeypatch.setenv("BYLINE_ARCHIVE", str(newsroom.parent / "elsewhere"))
    assert byline("stats").code == 2


def test_a_missing_archive_is_a_set_up_error_that_names_the_next_command(
    byline: Callable[..., Ran], tmp_path: Path
) -> None:
    ran = byline("--archive", tmp_path / "none", "ask", "Who spoke?")
    assert (ran.code, ran.out) == (2, "")
    assert f"no archive at {tmp_path / 'none'}" in ran.err
    assert "add SOURCE" in ran.err
    assert "Traceback" not in ran.err


# ---------------------------------------------------------------- usage


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["ask"],
        ["add"],
        ["search", "ferry", "-k", "0"],
        ["quotes", "--since", "yesterday"],
        ["serve", "--port", "70000"],
        ["stats", "--no-such-option"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_two_without_a_traceback(byline: Callable[..., Ran], arguments: list[str]) -> None:
    ran = byline(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err


def test_wrong_settings_are_named_without_their_values(
    byline: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BYLINE_MODEL_TOTAL_SECONDS", "sk-canary")
    ran = byline("stats")
    assert ran.code == 2
    assert "BYLINE_MODEL_TOTAL_SECONDS" in ran.err
    assert "sk-canary" not in ran.err


def test_help_lists_every_command_that_the_design_names(byline: Callable[..., Ran]) -> None:
    out = byline("--help").out
    commands = "add ask search quotes articles remove stats check rebuild backup serve model eval"
    for command in commands.split():
        assert f"\n  {command} " in out


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['byline', '--help']\n"
        "from assistant.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'chromadb', 'gradio', 'sentence_transformers', 'llama_index', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stderr.strip() == "[]"


# ---------------------------------------------------------------- reading


def test_stats_as_json_are_the_fields_of_the_object(byline: Callable[..., Ran], newsroom: Path) -> None:
    held = byline("stats", "--json").json()
    assert held["articles"] == held["outlets"] == 2
    assert held["oldest"].startswith("2025-02-10T09:00:00")


def test_articles_come_newest_first_and_filtered(byline: Callable[..., Ran], newsroom: Path) -> None:
    assert [article["id"] for article in byline("articles", "--json").json()] == ["ferry", "mill"]
    assert [article["id"] for article in byline("articles", "--json", "--outlet", "Valley Post").json()] == [
        "mill"
    ]
    assert byline("articles", "--json", "--since", "2025-03-01").json()[0]["id"] == "ferry"
    assert "Coast Daily, 2 Mar 2025, Ferry stays in port" in byline("articles").out


def test_quotes_show_the_speaker_and_the_exact_place(byline: Callable[..., Ran], newsroom: Path) -> None:
    (quote,) = byline("quotes", "--speaker", "Brandt", "--json").json()
    assert quote["speaker"] == "Olga Brandt"
    text = ARTICLES[0].text[quote["start"] : quote["end"]]
    assert quote["text"] == text
    shown = byline("quotes", "--speaker", "Brandt").out
    assert "Olga Brandt: “The ferry will not sail before Friday" in shown
    assert f"ferry:{quote['start']}-{quote['end']}" in shown


def test_quotes_of_nobody_say_so(byline: Callable[..., Ran], newsroom: Path) -> None:
    assert byline("quotes", "--speaker", "Nobody Atall", "--json").json() == []
    assert byline("quotes", "--speaker", "Nobody Atall").out == "No such statement.\n"


def test_a_healthy_archive_passes_its_check(byline: Callable[..., Ran], newsroom: Path) -> None:
    ran = byline("check", "--json")
    assert (ran.code, ran.json()["findings"]) == (0, [])


# ---------------------------------------------------------------- asking

ASKED = "What did Brandt say about the ferry?"


def test_ask_as_json_is_the_answer_object(byline: Callable[..., Ran], newsroom: Path) -> None:
    ran = byline("ask", ASKED, "--json")
    answer = Answer.from_dict(ran.json())
    assert answer.to_dict() == ran.json()
    assert (ran.code, answer.abstained, answer.mode) == (0, False, "extractive")
    (citation,) = answer.citations
    assert ARTICLES[0].text[citation.start : citation.end] == citation.quote
    assert (citation.article_id, citation.speaker) == ("ferry", "Olga Brandt")


def test_ask_shows_the_words_and_their_source(byline: Callable[..., Ran], newsroom: Path) -> None:
    out = byline("ask", ASKED).out
    assert "The ferry will not sail before Friday" in out
    assert "[1] Coast Daily, 2 Mar 2025, Ferry stays in port" in out


def test_an_abstention_fails_only_when_it_is_asked_to(byline: Callable[..., Ran], newsroom: Path) -> None:
    question = "What did Nigel Farnsworth say about glaciers?"
    ran = byline("ask", question, "--json")
    assert (ran.code, ran.json()["abstained"], ran.json()["citations"]) == (0, True, [])
    assert byline("ask", question, "--fail-on-abstain").code == 1


def test_a_model_that_is_down_leaves_the_answer_standing(
    byline: Callable[..., Ran], newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BYLINE_MODEL_URL", "http://127.0.0.1:1/v1")
    ran = byline("ask", ASKED, "--json")
    answer = Answer.from_dict(ran.json())
    assert (ran.code, answer.mode, answer.grounded) == (0, "extractive", True)
    assert answer.reason is not None
    assert "127.0.0.1:1" in answer.reason
    assert byline("ask", ASKED, "--json", "--model", "none").json()["reason"] is None


def test_a_question_of_who_said_what_loads_no_heavy_library(newsroom: Path) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['byline', '--archive', {str(newsroom)!r}, 'ask', {ASKED!r}]\n"
        "from assistant.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'chromadb', 'gradio', 'sentence_transformers', 'transformers', 'llama_index'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "Friday" in ran.stdout
    assert ran.stderr.splitlines()[-1] == "[]"


# ---------------------------------------------------------------- writing


def test_remove_really_removes(byline: Callable[..., Ran], newsroom: Path) -> None:
    assert byline("remove", "mill").code == 0
    assert [article["id"] for article in byline("articles", "--json").json()] == ["ferry"]
    ran = byline("remove", "mill")
    assert ran.code == 2
    assert "mill" in ran.err


def test_a_backup_holds_the_articles(byline: Callable[..., Ran], newsroom: Path, tmp_path: Path) -> None:
    made = byline("backup", tmp_path / "copy.sqlite", "--json").json()
    assert made["bytes"] == (tmp_path / "copy.sqlite").stat().st_size > 0
    restored = tmp_path / "restored"
    restored.mkdir()
    (tmp_path / "copy.sqlite").rename(restored / "archive.sqlite")
    assert byline("--archive", restored, "stats", "--json").json()["articles"] == 2


def test_add_reports_each_failure_and_exits_with_one(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("The bridge reopened on Sunday, the mayor said.\n", encoding="utf-8")
    ran = in_a_process(
        "--archive",
        tmp_path / "a",
        "add",
        "--no-wait",
        "--json",
        tmp_path / "note.txt",
        tmp_path / "gone.txt",
    )
    report = json.loads(ran.stdout)
    assert [Path(item["source"]).name for item in report["added"]] == ["note.txt"]
    assert [Path(item["source"]).name for item in report["failed"]] == ["gone.txt"]
    assert ran.returncode == 1
    again = in_a_process("--archive", tmp_path / "a", "add", "--no-wait", "--json", tmp_path / "note.txt")
    assert again.returncode == 0
    assert len(json.loads(again.stdout)["unchanged"]) == 1


def test_add_reads_an_article_from_standard_input(tmp_path: Path) -> None:
    ran = in_a_process(
        "--archive", tmp_path / "a", "add", "--no-wait", "-", input="The bridge reopened on Sunday.\n"
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("1 added")


# ---------------------------------------------------------------- serving


@pytest.mark.slow
def test_serve_shows_the_page_until_it_is_interrupted(newsroom: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", MAIN, "--archive", str(newsroom), "serve", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=CLEAN) as server:
        try:
            assert server.stderr is not None
            assert server.stderr.readline() == f"byline: http://127.0.0.1:{port} (Ctrl+C stops it)\n"
            with httpx.Client(trust_env=False) as client:
                assert wait_for_page(client, f"http://127.0.0.1:{port}/", server) == 200
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


def wait_for_page(client: httpx.Client, url: str, server: subprocess.Popen[str]) -> int:
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            return client.get(url, timeout=10).status_code
        except httpx.ConnectError:
            time.sleep(0.1)
    pytest.fail("the page did not come up within a minute")


def test_serve_refuses_the_network_without_a_password(byline: Callable[..., Ran], newsroom: Path) -> None:
    ran = byline("serve", "--host", "0.0.0.0")
    assert ran.code == 2
    assert "BYLINE_PAGE_USERS" in ran.err


# ---------------------------------------------------------------- byline model


def test_without_a_model_it_says_what_answers_are_made_of(byline: Callable[..., Ran]) -> None:
    ran = byline("model")
    assert ran.code == 0
    assert "No model is in use" in ran.out


def test_a_model_of_the_settings_is_tried(
    byline: Callable[..., Ran], scripted_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted_server.script(text_reply("I am ready."))
    monkeypatch.setenv("BYLINE_MODEL_URL", scripted_server.url)
    monkeypatch.setenv("BYLINE_MODEL_NAME", "tiny")
    trial = byline("model", "--json").json()
    assert (trial["model"], trial["text"], trial["error"]) == ("tiny", "I am ready.", None)
    assert scripted_server.requests[0].json()["model"] == "tiny"


def test_a_refused_key_is_a_set_up_error_without_the_key(
    byline: Callable[..., Ran], scripted_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted_server.script(status_reply(401))
    monkeypatch.setenv("BYLINE_MODEL_URL", scripted_server.url)
    monkeypatch.setenv("BYLINE_MODEL_KEY", "sk-canary")
    ran = byline("model")
    assert ran.code == 2
    assert "BYLINE_MODEL_KEY" in ran.out
    assert "sk-canary" not in ran.out + ran.err


def test_retries_do_not_soil_standard_output(
    byline: Callable[..., Ran], scripted_server: ScriptedServer
) -> None:
    scripted_server.script(status_reply(503), text_reply("I am ready."))
    assert byline("model", "--model", scripted_server.url, "--json").json()["text"] == "I am ready."


@pytest.mark.parametrize("model", ["ftp://example.org", "llama3"])
def test_a_model_that_is_no_address_is_a_set_up_error(byline: Callable[..., Ran], model: str) -> None:
    ran = byline("model", "--model", model)
    assert ran.code == 2
    assert "BYLINE_MODEL_URL" in ran.err


# ---------------------------------------------------------------- how answers look

CITED = Citation(
    marker=1, article_id="ferry", version=2, start=1, end=39, quote="The ferry will not sail before Friday,",
    title="Ferry stays in port", outlet="Coast Daily", url=None, published=datetime(2025, 3, 2, tzinfo=UTC),
    speaker="Olga Brandt",
)  # fmt: skip
SENTENCE = "Olga Brandt said: “The ferry will not sail before Friday.” [1]"


def answer(**changes: Any) -> Answer:
    claim = Claim(start=0, end=len(SENTENCE), text=SENTENCE, citations=(1,), verdict="supported", checks=())
    fields: dict[str, Any] = {
        "id": "x", "question": "And the ferry?", "standalone_question": ASKED,
        "understood": Question(text=ASKED), "text": SENTENCE, "claims": (claim,),
        "citations": (CITED,), "withheld": (), "abstained": False, "reason": None, "mode": "extractive",
        "model": None,
    }  # fmt: skip
    return Answer(**{**fields, **changes})


def test_an_answer_shows_each_source_with_the_exact_words_and_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal.show_answer(answer())
    assert capsys.readouterr().out.splitlines() == [
        "Olga Brandt said: “The ferry will not sail before Friday.” [1]",
        "",
        "Sources",
        "[1] Coast Daily, 2 Mar 2025, Ferry stays in port",
        "    Speaker: Olga Brandt",
        "    The ferry will not sail before Friday,",
        "    ferry v2:1-39",
    ]


def test_a_reason_that_the_text_gives_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    reason = "No article matches the question."
    terminal.show_answer(
        answer(
            text=f"The answer is not in these articles. {reason}",
            abstained=True,
            reason=reason,
            claims=(),
            citations=(),
        )
    )
    assert capsys.readouterr().out.count(reason) == 1


def test_a_refusal_shows_what_was_searched_and_that_the_nearest_do_not_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    near = Passage(
        article_id="mill", version=1, start=0, end=20, text="The town council sold", title="Old mill sold",
        outlet="Valley Post", url=None, published=None, score=1.0, rank=1, found_by=("keyword",),
    )  # fmt: skip
    terminal.show_answer(
        answer(
            text="The articles do not say.",
            abstained=True,
            reason="Nothing about it.",
            claims=(),
            citations=(),
            passages=(near,),
        )
    )
    assert capsys.readouterr().out.splitlines() == [
        "The articles do not say.",
        "Nothing about it.",
        "Searched for: What did Brandt say about the ferry?",
        "",
        "Nearest passages, which do not answer it",
        "  Valley Post, undated, Old mill sold  mill:0-20",
    ]


def test_hits_show_rank_source_excerpt_place_and_finder(capsys: pytest.CaptureFixture[str]) -> None:
    hit = Passage(
        article_id="mill", version=1, start=5, end=405, text="The old\nmill " * 50, title="Old mill sold",
        outlet=None, url=None, published=None, score=1.0, rank=1, found_by=("dense", "keyword"),
    )  # fmt: skip
    terminal.show_passages([hit])
    first, excerpt, where = capsys.readouterr().out.splitlines()
    assert first == "1   unknown outlet, undated, Old mill sold"
    assert excerpt.startswith("    The old mill The old mill ")
    assert excerpt.endswith("…")
    assert len(excerpt) <= 4 + terminal.EXCERPT_CHARACTERS
    assert where == "    mill:5-405  found by dense and keyword"
    terminal.show_passages([])
    assert capsys.readouterr().out == "No passage fits.\n"


def test_a_finding_shows_what_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    finding = Finding("dense", "3 vectors are missing", "byline rebuild")
    report = CheckReport(findings=(finding,), articles=2, chunks=4, quotes=1, vectors=1, recall=0.5)
    terminal.show_check(report)
    out = capsys.readouterr().out
    assert "recall against exact search  0.500" in out
    assert out.endswith("dense: 3 vectors are missing\n  run: byline rebuild\n")


def test_a_report_names_each_failure_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    report = IngestReport(failed=(Failure("gone.txt", "no such file"),), seconds=0.25)
    terminal.show_report(report)
    assert capsys.readouterr().out.splitlines() == [
        "0 added, 0 updated, 0 unchanged, 0 near-duplicates, 1 failed in 0.2 s",
        "gone.txt: no such file",
    ]


def test_numbers_and_dates_of_an_archive_are_readable(byline: Callable[..., Ran], newsroom: Path) -> None:
    out = byline("stats").out
    assert "articles                 2" in out
    assert "first                    10 Feb 2025" in out


def test_withheld_and_unverified_sentences_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    lie = Claim(
        start=0, end=0, text="The ferry sank. [1]", citations=(1,), verdict="contradicted",
        checks=(Check("number", None, "none"), Check("speaker", False, "Brandt did not say so")),
    )  # fmt: skip
    unsure = Claim(start=0, end=len(SENTENCE), text=SENTENCE, citations=(1,), verdict="not_judged", checks=())
    terminal.show_answer(answer(claims=(unsure,), withheld=(lie,), reason="The model was silent."))
    out = capsys.readouterr().out
    assert out.startswith("The model was silent.\n")
    assert "not verified: Olga Brandt said" in out
    assert "The ferry sank. [1]\n  speaker: Brandt did not say so" in out


@pytest.mark.parametrize(
    "hostile", ["\x1b]0;owned\x07", "\x1b[2J", "\x9b31m", "\u202eevil", "[bold]x[/bold]", ":smile:", "\r"]
)
def test_no_article_can_steer_the_terminal(capsys: pytest.CaptureFixture[str], hostile: str) -> None:
    terminal.show_answer(answer(text=f"a{hostile}b"))
    first = capsys.readouterr().out.splitlines()[0]
    assert not set(first) & {"\x1b", "\x07", "\x9b", "\u202e", "\r"}
    assert first.startswith("a")
    assert first.endswith("b")
    assert ("[bold]" in first) == ("[bold]" in hostile)
    cli._print_json({"text": f"a{hostile}b"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"text": f"a{hostile}b"}
    assert not set(out) & {"\x1b", "\x07", "\x9b", "\r"}
