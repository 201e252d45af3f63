"""Whatever the model endpoint does, the reader gets the articles' own words and a plain reason."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from assistant.answering import Assistant
from assistant.deadlines import Deadlines
from assistant.http_model import HttpChatModel
from assistant.limits import ModelLimits
from assistant.testing import (
    Drip,
    Forever,
    Hang,
    Reply,
    Reset,
    ScriptedServer,
    chat_body,
    chat_chunk,
    status_reply,
    text_reply,
)
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

ARTICLE = Article(
    id="ferry",
    title="Ferry stays in port",
    text=(
        "“The ferry will not sail before Friday,” harbour master Olga Brandt told reporters.\n\n"
        "Two hundred passengers spent the night in the terminal."
    ),
    outlet="Coast Daily",
    published=datetime(2025, 3, 2, 9, tzinfo=UTC),
)
QUESTION = "What did Brandt say about the ferry?"
KEY = "sk-canary-51c0"
JSON = {"Content-Type": "application/json"}
GZIP = {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"}
HALF = chat_chunk("Olga Brandt said the ferry ")

FAULTS = {
    "429 after all retries": status_reply(429),
    "500 after all retries": status_reply(500),
    "a wrong key": status_reply(401, body=KEY.encode()),
    "a redirect": Reply(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    "a byte now and then": Reply(steps=(Drip(chat_body("Never whole."), 0.05),)),
    "a token now and then": Reply(steps=(Forever(chat_chunk("a "), 0.1),)),
    "silence after the headers": Reply(steps=(Hang(),)),
    "silence after a token": Reply(steps=(HALF, Hang())),
    "a reset": Reply(steps=(HALF, Reset())),
    "a cut": Reply(steps=(HALF,), finished=False),
    "an end without a finish reason": Reply(steps=(HALF,)),
    "an answer cut by its length": Reply(steps=(chat_body("Olga Brandt said", finish_reason="length"),)),
    "broken JSON": Reply(steps=(HALF, b"data: {\n\n")),
    "an endless line": Reply(steps=(b"data: ", Forever(b"x" * 60_000))),
    "no text": text_reply(""),
    "HTML": Reply(headers={"Content-Type": "text/html"}, steps=(b"<html>Sign in</html>",)),
    "an error as JSON": Reply(headers=JSON, steps=(b'{"error": {"message": "busy"}}',)),
    "a tool call": Reply(steps=(chat_chunk(tool_calls=[{"id": "1"}]),)),
    "an endless answer": Reply(steps=(Forever(chat_chunk("on and on ") * 50),)),
    "a compressed bomb": Reply(headers=GZIP, steps=(gzip.compress(b"x" * 10_000_000),)),
    "another language": text_reply("Министр отказался отвечать. [1]"),
    "text without a marker": text_reply("The ferry sank."),
    "a marker that does not exist": text_reply("The ferry sank. [9]"),
    "words nobody said": text_reply("Olga Brandt said “the ferry sank in the night”. [1]"),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("newsroom")
    with Archive.open(folder, embedder=HashEmbedder()) as opened:
        opened.add(ARTICLE)
        yield opened


def assistant_with(archive: Archive, url: str) -> Assistant:
    deadlines = Deadlines(connect=1.0, first_token=0.6, between_tokens=0.4, total=1.5)
    limits = ModelLimits(deadlines=deadlines, answer_tokens=100)
    return Assistant(archive, HttpChatModel(url, key=SecretStr(KEY), limits=limits))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_in_the_articles_words_and_a_reason(
    archive: Archive, scripted_server: ScriptedServer, fault: str
) -> None:
    scripted_server.script(FAULTS[fault])
    started = time.monotonic()
    answer = assistant_with(archive, scripted_server.url).ask(QUESTION)
    assert time.monotonic() - started < 3.0
    assert answer.mode == "extractive"
    assert answer.grounded
    assert "The ferry will not sail before Friday" in answer.text
    assert answer.reason
    assert answer.passages
    assert answer.model == "default"
    assert KEY not in str(answer.to_dict())
    assert scripted_server.wait_until_idle(1.0) is not None


def test_an_endpoint_that_is_down_costs_less_than_two_seconds(archive: Archive) -> None:
    assistant_with(archive, "http://127.0.0.1:1/v1").ask(QUESTION)  # what is loaded once is not counted
    started = time.monotonic()
    answer = assistant_with(archive, "http://127.0.0.1:1/v1").ask(QUESTION)
    assert time.monotonic() - started < 2
    assert answer.grounded
    assert answer.reason is not None
    assert "127.0.0.1:1" in answer.reason


def test_a_model_that_works_is_shown_and_proved(archive: Archive, scripted_server: ScriptedServer) -> None:
    scripted_server.script(text_reply("Olga Brandt said “the ferry will not sail before Friday”. [1]"))
    answer = assistant_with(archive, scripted_server.url).ask(QUESTION)
    assert (answer.mode, answer.reason, answer.grounded) == ("model", None, True)
    (citation,) = answer.citations
    assert ARTICLE.text[citation.start : citation.end] == citation.quote
