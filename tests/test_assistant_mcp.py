"""The archive as tools for an agent, used through the protocol's own client."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import anyio
import pytest

from assistant import Answer, Assistant, Settings, check_answer
from assistant.mcp import LONGEST_TEXT, MOST_CHARACTERS, create_server
from assistant.requests import LONGEST_QUERY, MOST_RESULTS, MOST_TURNS
from assistant.types import Scope
from index import Archive
from index.testing import HashEmbedder

pytest.importorskip("mcp", reason="the package mcp is not installed: pip install 'byline[mcp]'")

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

QUESTION = "What did Lavrov say about Trump?"
TOOLS = {"ask", "search", "quotes", "articles", "article", "check_answer"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Archive.open(tmp_path_factory.mktemp("newsroom"), embedder=HashEmbedder()) as opened:
        opened.add(str(files("index") / "sample"))
        yield opened


@pytest.fixture(scope="module")
def assistant(archive: Archive) -> Assistant:
    return Assistant(archive, settings=Settings(model_url=None, _env_file=None))


@pytest.fixture
def use(archive: Archive, assistant: Assistant) -> Callable[..., Any]:
    """Runs a coroutine function with a client that is connected to the server."""

    def use(talk: Callable[[Client], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            async with Client(create_server(archive, assistant)) as client:
                return await talk(client)

        return anyio.run(main)

    return use


@pytest.fixture
def call(use: Callable[..., Any]) -> Callable[..., Any]:
    """The structured result of one tool."""

    def call(name: str, **arguments: Any) -> Any:
        async def talk(client: Client) -> Any:
            return await client.call_tool(name, arguments)

        result = use(talk)
        assert not result.is_error, result.content
        return result.structured_content

    return call


@pytest.fixture
def refuse(use: Callable[..., Any]) -> Callable[..., str]:
    """What a tool says of arguments that it does not take."""

    def refuse(name: str, **arguments: Any) -> str:
        async def talk(client: Client) -> Any:
            return await client.call_tool(name, arguments)

        result = use(talk)
        assert result.is_error
        said: str = result.content[0].text
        return said

    return refuse


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"timings": None}


def test_the_tools_are_those_of_the_contract_and_say_that_they_only_read(use: Callable[..., Any]) -> None:
    async def talk(client: Client) -> Any:
        return (await client.list_tools()).tools

    tools = use(talk)
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.annotations.read_only_hint, tool.name
        assert not tool.annotations.open_world_hint, tool.name
        assert tool.description, tool.name
        assert tool.output_schema, tool.name


def test_ask_gives_the_answer_that_python_gives(call: Callable[..., Any], assistant: Assistant) -> None:
    data = call("ask", question=QUESTION)
    assert without_timings(data) == without_timings(assistant.ask(QUESTION).to_dict())
    assert Answer.from_dict(data).citations


def test_a_follow_up_brings_its_earlier_questions(call: Callable[..., Any]) -> None:
    data = call("ask", question="And Zelensky?", earlier=[QUESTION])
    assert data["standalone_question"] == "What did Zelensky say about Trump?"


def test_a_question_may_be_narrowed_to_outlets_and_a_window(
    call: Callable[..., Any], assistant: Assistant
) -> None:
    data = call("ask", question=QUESTION, outlet=["Northgate Wire"], until="2025-01-01T00:00:00Z")
    scope = Scope(outlets=("Northgate Wire",), until=datetime(2025, 1, 1, tzinfo=UTC))
    assert without_timings(data) == without_timings(assistant.within(scope).ask(QUESTION).to_dict())


def test_what_is_not_in_the_articles_is_a_refusal_and_no_error(call: Callable[..., Any]) -> None:
    data = call("ask", question="What did Lavrov say about the Solana ETF?")
    assert data["abstained"]
    assert data["citations"] == []


def test_a_citation_is_read_in_its_place(call: Callable[..., Any]) -> None:
    citation = call("ask", question=QUESTION)["citations"][0]
    piece = call(
        "article",
        article_id=citation["article_id"],
        version=citation["version"],
        start=citation["start"],
        characters=citation["end"] - citation["start"],
    )
    assert piece["text"] == citation["quote"]
    assert (piece["start"], piece["end"]) == (citation["start"], citation["end"])
    assert piece["article"]["text"] == ""


def test_pieces_of_an_article_make_the_whole(call: Callable[..., Any], archive: Archive) -> None:
    whole = max(archive.articles(), key=lambda article: len(article.text))
    text, start = "", 0
    while start < len(whole.text):
        piece = call("article", article_id=whole.id, start=start, characters=1_000)
        assert piece["length"] == len(whole.text)
        text, start = text + piece["text"], piece["end"]
    assert text == whole.text


def test_search_quotes_and_articles_are_those_of_the_archive(
    call: Callable[..., Any], archive: Archive
) -> None:
    found = call("search", query="bridge", k=3, outlet=["Northgate Wire"])["result"]
    assert [each["text"] for each in found] == [
        passage.text for passage in archive.search("bridge", k=3, outlet=["Northgate Wire"])
    ]
    said = call("quotes", speaker="Lavrov")["result"]
    assert [each["text"] for each in said] == [quote.text for quote in archive.quotes(speaker="Lavrov")]
    listed = call("articles", limit=5)["result"]
    assert [each["id"] for each in listed] == [article.id for article in archive.articles(limit=5)]
    assert {each["text"] for each in listed} == {""}


def test_check_answer_gives_the_verdicts_that_python_gives(call: Callable[..., Any]) -> None:
    text, passage = (
        "Lavrov said the ball is in the Russian court. [1]",
        "The ball is in the American court, Lavrov said.",
    )
    claims = call("check_answer", text=text, passages=[{"text": passage}])["result"]
    assert [claim["verdict"] for claim in claims] == [
        claim.verdict for claim in check_answer(text, [passage])
    ]
    assert claims[0]["verdict"] != "supported"


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": ""}, "at least 1 character"),
        ("ask", {"question": "  "}, "Ask, for example"),
        ("ask", {"question": "x" * (LONGEST_QUERY + 1)}, "at most 4000 characters"),
        ("ask", {"question": "x", "earlier": ["y"] * (MOST_TURNS + 1)}, "at most 20 items"),
        ("search", {"query": "x", "k": MOST_RESULTS + 1}, "less than or equal to 200"),
        ("search", {"query": "x", "since": "2025-01-01T00:00:00"}, "timezone"),
        ("quotes", {"limit": 0}, "greater than or equal to 1"),
        ("article", {"article_id": "nothing"}, "No article has the id 'nothing'"),
        ("article", {"article_id": "x", "characters": LONGEST_TEXT + 1}, "less than or equal to 20000"),
        ("check_answer", {"text": "x" * (LONGEST_TEXT + 1), "passages": []}, "at most 20000 characters"),
        (
            "check_answer",
            {"text": "x", "passages": [{"text": "y" * LONGEST_TEXT}] * (MOST_CHARACTERS // LONGEST_TEXT)},
            "the limit is 100,000",
        ),
        ("remove", {"article_id": "x"}, "remove"),
    ],
)
def test_what_is_out_of_bounds_is_refused_with_the_bound(
    refuse: Callable[..., str], tool: str, arguments: dict[str, Any], said: str
) -> None:
    assert said in refuse(tool, **arguments)


def test_a_crash_tells_the_agent_nothing_of_the_machine(
    refuse: Callable[..., str], archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("/secret/place")

    monkeypatch.setattr(archive, "search", fail)
    assert refuse("search", query="bridge") == "Error executing tool search"


def test_no_call_changes_the_store(use: Callable[..., Any], archive: Archive, tmp_path: Path) -> None:
    async def talk(client: Client) -> None:
        for name, arguments in (
            ("ask", {"question": QUESTION}),
            ("search", {"query": "'; DROP TABLE articles; --"}),
            ("quotes", {"about": "Ukraine"}),
            ("articles", {}),
            ("article", {"article_id": "../../etc/passwd"}),
            ("check_answer", {"text": "x", "passages": []}),
        ):
            await client.call_tool(name, arguments)

    archive.backup(tmp_path / "before")
    use(talk)
    archive.backup(tmp_path / "after")
    assert (tmp_path / "before").read_bytes() == (tmp_path / "after").read_bytes()


# ---------------------------------------------------------------- as a process, and over HTTP


@asynccontextmanager
async def started(folder: Path) -> AsyncIterator[Client]:
    """A client of ``byline mcp`` in a process of its own."""
    command = [
        "-c",
        "from assistant.cli import main; main()",
        "--archive",
        str(folder),
        "mcp",
        "--model",
        "none",
    ]
    server = StdioServerParameters(
        command=sys.executable, args=command, env={"PYTHONPATH": ":".join(sys.path)}
    )
    async with Client(stdio_client(server)) as client:
        yield client


def test_an_agent_starts_the_server_and_asks_it(archive: Archive, assistant: Assistant) -> None:
    async def talk() -> dict[str, Any]:
        async with started(archive.folder) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
            return (await client.call_tool("ask", {"question": QUESTION})).structured_content or {}

    data = anyio.run(talk)
    assert without_timings(data) == without_timings(assistant.ask(QUESTION).to_dict())


def test_articles_added_while_the_server_runs_are_found(tmp_path: Path) -> None:
    def add(text: str) -> None:
        with Archive.open(tmp_path, embedder=HashEmbedder()) as archive:
            line = tmp_path / "one.jsonl"
            line.write_text(json.dumps({"text": text}), encoding="utf-8")
            archive.add(line)

    async def talk() -> list[int]:
        async with started(tmp_path) as client:
            arguments = {"speaker": "Brandt"}
            before = await client.call_tool("quotes", arguments)
            await anyio.to_thread.run_sync(add, "“The ferry will not sail before Friday,” said Olga Brandt.")
            after = await client.call_tool("quotes", arguments)
        return [len((result.structured_content or {})["result"]) for result in (before, after)]

    add("The council sold the old mill.")
    assert anyio.run(talk) == [0, 1]


def test_without_the_package_the_command_says_what_to_install(archive: Archive) -> None:
    program = (
        "import sys; sys.modules['mcp'] = None; "
        f"sys.argv = ['byline', '--archive', {str(archive.folder)!r}, 'mcp']; "
        "from assistant.cli import main; main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 2
    assert "pip install 'byline[mcp]'" in ran.stderr


def test_the_page_serves_the_same_tools(archive: Archive, assistant: Assistant) -> None:
    from starlette.testclient import TestClient

    from assistant.ui.server import create_app

    request = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": QUESTION}},
    }
    headers = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}
    app = create_app(archive, assistant)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        data = client.post("/mcp", json=request, headers=headers).json()["result"]["structuredContent"]
        assert without_timings(data) == without_timings(assistant.ask(QUESTION).to_dict())
        other_name = {"host": "evil.example"}
        assert client.post("/mcp", json=request, headers=headers | other_name).status_code == 421
        other_site = {"origin": "https://evil.example"}
        assert client.post("/mcp", json=request, headers=headers | other_site).status_code == 403
        large = client.post(
            "/mcp", content=b"x" * 1_000_001, headers=headers | {"content-type": "application/json"}
        )
        assert large.status_code == 413
    with TestClient(create_app(archive, assistant, users={"ada": "secret"})) as client:
        assert client.post("/mcp", json=request, headers=headers).status_code == 401
