"""The same questions through every surface: the answers must be equal, and every cited span exact.

Run with ``python -m evals.bench.surfaces ARTICLE QUESTION [QUESTION ...]``. The page renders the object that
Python returns; the browser tests compare what it shows. MCP needs ``pip install 'byline[mcp]'``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant, mcp
from evals.errors import RecordError
from index import Archive


def ask_everywhere(archive: Archive, question: str) -> dict[str, Answer]:
    """The answer by surface: Python (three ways), llama-index, command line, HTTP, MCP if installed."""
    assistant = Assistant(archive)
    *_steps, last = assistant.stream(question)
    return {
        "ask": assistant.ask(question),
        "aask": asyncio.run(assistant.aask(question)),
        "stream": last.answer,  # type: ignore[union-attr]  # the last event holds the answer
        "llama-index": Answer.from_dict(_query(assistant, question)),
        "command line": Answer.from_dict(_run_command(archive.folder, question)),
        "HTTP": Answer.from_dict(_post(archive, assistant, question)),
        **({"MCP": Answer.from_dict(_call_tool(archive.folder, question))} if mcp.is_installed() else {}),
    }


def _query(assistant: Assistant, question: str) -> dict[str, Any]:
    metadata = assistant.as_query_engine().query(question).metadata
    assert metadata is not None
    answer: dict[str, Any] = metadata["answer"]
    return answer


def _call_tool(folder: Path, question: str) -> dict[str, Any]:
    import anyio
    from mcp import Client, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def talk() -> Any:
        server = StdioServerParameters(
            command=_byline(), args=["--archive", str(folder), "mcp"], env=dict(os.environ)
        )
        async with Client(stdio_client(server)) as client:
            return (await client.call_tool("ask", {"question": question})).structured_content

    answer: dict[str, Any] = anyio.run(talk)
    return answer


def _byline() -> str:
    """The command of the environment that runs this."""
    return str(Path(sys.executable).with_name("byline"))


def _run_command(folder: Path, question: str) -> dict[str, Any]:
    command = [_byline(), "--archive", str(folder), "ask", question, "--json"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ourselves
    answer: dict[str, Any] = json.loads(said)
    return answer


def _post(archive: Archive, assistant: Assistant, question: str) -> dict[str, Any]:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from assistant.api import create_router

    app = FastAPI()
    app.include_router(create_router(archive, assistant))
    answer: dict[str, Any] = TestClient(app).post("/api/ask", json={"question": question}).json()
    return answer


def compare(archive: Archive, question: str) -> tuple[Answer, list[str]]:
    """The one answer of all surfaces, and their names.

    Raises:
        RecordError: Two surfaces differ in more than timings, or a citation is not exact.
    """
    answers = ask_everywhere(archive, question)
    plain = {name: answer.to_dict() | {"timings": None} for name, answer in answers.items()}
    different = [name for name in plain if plain[name] != plain["ask"]]
    if different:
        raise RecordError(f"{question!r}: {', '.join(different)} gave another answer than ask")
    for citation in answers["ask"].citations:
        text = archive.article(citation.article_id, citation.version).text
        if text[citation.start : citation.end] != citation.quote:
            raise RecordError(f"{question!r}: citation {citation.marker} is not what stands in its article")
    return answers["ask"], list(answers)


def main() -> None:
    """Print each answer with its cited spans."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("article", type=Path)
    parser.add_argument("questions", nargs="+")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add(options.article)
        for question in options.questions:
            answer, surfaces = compare(archive, question)
            print(
                f"\n{question}\n  same in {', '.join(surfaces)}; abstained: {answer.abstained}; {answer.text}"
            )
            for citation in answer.citations:
                place = f"{citation.article_id}:{citation.start}-{citation.end}"
                print(f"  [{citation.marker}] {place} {citation.speaker}: {citation.quote}")


if __name__ == "__main__":
    main()
