"""What the model client and the embedder do when the other side fails: rows 14 to 24 of the fault matrix.

Run with ``python -m evals.bench.faults``: each fault is met on a real loopback socket, and its figure is
printed beside the limit it must keep. Exits with 1 if one does not. Takes about a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import io
import json
import logging
import random
import sys
import threading
import time
import traceback
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

import httpx
import numpy as np
from pydantic import SecretStr

from assistant.chat_stream import CompletionReader, read_response
from assistant.deadlines import Deadlines
from assistant.errors import ModelError, ModelOverBudget
from assistant.evidence import fit_evidence
from assistant.generation import evidence_budget, write_messages
from assistant.http_model import HttpChatModel
from assistant.limits import Budget, ModelLimits, prompt_tokens
from assistant.logs import quiet_logs
from assistant.testing import (
    Drip,
    Forever,
    Hang,
    Reply,
    ScriptedServer,
    chat_body,
    chat_chunk,
    status_reply,
    text_reply,
)
from assistant.types import Evidence, Message, Question
from index.archive import Archive
from index.errors import EmbeddingError
from index.testing import HashEmbedder
from index.types import Article

if TYPE_CHECKING:
    from index.embedding import FloatMatrix

PROMPT = (Message("user", "Who spoke?"),)
KEY = "sk-canary-2b8d41"
DEADLINES = Deadlines(connect=1.0, first_token=0.4, between_tokens=0.4, total=1.0)
OVERSHOOT = 0.5
"""Seconds that a deadline may be missed by."""
RECORDED = chat_body("She said “no” twice. [1]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure of one row."""

    row: int
    fault: str
    figure: str
    """What was counted or timed, with its unit."""
    value: float
    limit: float
    """The value must not be larger."""

    @property
    def holds(self) -> bool:
        """Whether the limit was kept."""
        return self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one request ended."""

    text: str
    error: Exception | None
    seconds: float


def ask(url: str, *, key: str | None = None, deadlines: Deadlines = DEADLINES) -> Outcome:
    """Ask the endpoint once."""
    secret = None if key is None else SecretStr(key)
    model = HttpChatModel(url, key=secret, limits=ModelLimits(deadlines=deadlines, answer_tokens=200))
    pieces: list[str] = []
    began = time.monotonic()
    error: Exception | None = None
    try:
        for piece in model.stream(PROMPT):
            pieces.append(piece)  # noqa: PERF402  what came before an error must be kept
    except Exception as raised:  # noqa: BLE001  an unexpected error is a figure here
        error = raised
    return Outcome("".join(pieces), error, time.monotonic() - began)


def ask_scripted(*replies: Reply, key: str | None = None) -> tuple[Outcome, ScriptedServer]:
    """Ask an endpoint that gives these replies; the server is closed again."""
    with ScriptedServer(replies) as server:
        return ask(server.url, key=key), server


def measure_unreachable() -> Iterator[Figure]:
    """Row 14."""
    with ScriptedServer() as server:
        closed = server.url
    yield Figure(14, "closed port", "seconds to fallback", ask(closed).seconds, 2.0)
    yield Figure(
        14, "unknown host", "seconds to fallback", ask("http://no-such-host.invalid/v1").seconds, 2.0
    )


def measure_retries() -> Iterator[Figure]:
    """Row 15."""
    whole = "She said no."
    for fault, reply, asked in (
        ("503, then success", status_reply(503), 0.0),
        ("429 with Retry-After: 1, then success", status_reply(429, retry_after="1"), 1.0),
    ):
        with ScriptedServer((reply, text_reply(whole))) as server:
            outcome = ask(server.url, deadlines=Deadlines(total=5.0))
            yield Figure(15, fault, "answers lost", outcome.text != whole, 0)
            waited = server.requests[-1].at - server.requests[0].at
            yield Figure(15, fault, "seconds asked again too early", max(0.0, asked - waited), 0)
            yield Figure(15, fault, "seconds waited beyond what was asked", waited - asked, 0.5)
    outcome, server = ask_scripted(
        Reply(steps=(chat_chunk("She "),), finished=False), text_reply("She said no.")
    )
    repeated = len(outcome.text) - len("She ")
    yield Figure(15, "cut after the first token", "repeated characters", repeated, 0)
    yield Figure(15, "cut after the first token", "retries", len(server.requests) - 1, 0)


def measure_refusals() -> Iterator[Figure]:
    """Row 16."""
    retries = leaks = 0
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    statuses = (400, 401, 403, 404)
    try:
        for status in statuses:
            outcome, server = ask_scripted(status_reply(status, body=KEY.encode()), key=KEY)
            retries += len(server.requests) - 1
            assert outcome.error is not None
            trace = traceback.TracebackException.from_exception(outcome.error, capture_locals=True)
            # The frame of `ask` holds the key in the clear: it is the caller's.
            shown = [frame.locals for frame in trace.stack if frame.name != "ask"]
            leaks += (str(outcome.error) + repr(outcome.error) + repr(shown)).count(KEY)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)
    fault = ", ".join(map(str, statuses))
    yield Figure(16, fault, "retries", retries, 0)
    yield Figure(16, fault, "keys in messages, traces and debug logs", leaks + log.getvalue().count(KEY), 0)


def measure_slowness() -> Iterator[Figure]:
    """Rows 17 and 18."""
    drip, _ = ask_scripted(Reply(steps=(Forever(chat_chunk("a"), 0.1),)))
    yield Figure(
        17,
        "a token every 0.1 s for ever",
        "seconds over the deadline",
        drip.seconds - DEADLINES.total,
        OVERSHOOT,
    )
    # Both attempts share the total deadline with the wait between them.
    bytewise, _ = ask_scripted(Reply(steps=(Drip(RECORDED, 0.05),)))
    over = bytewise.seconds - DEADLINES.total
    yield Figure(17, "a byte every 0.05 s", "seconds over the deadline", over, OVERSHOOT)
    silent, server = ask_scripted(Reply(steps=(Hang(),)))
    most = DEADLINES.total + OVERSHOOT
    yield Figure(18, "silence after the headers", "seconds to fallback", silent.seconds, most)
    yield Figure(18, "silence after the headers", "retries", len(server.requests) - 1, 1)
    paused, _ = ask_scripted(Reply(steps=(chat_chunk("a"), Forever(b": ping\n\n", 0.05))))
    over = paused.seconds - DEADLINES.between_tokens
    yield Figure(18, "comments instead of tokens", "seconds over the deadline", over, OVERSHOOT)


def measure_cuts() -> Iterator[Figure]:
    """Rows 19 and 20: the recorded stream cut at every byte, on the wire."""
    finish = RECORDED.index(b"data: [DONE]")

    def completes(cut: int, *, clean: bool) -> bool:
        outcome, _ = ask_scripted(Reply(steps=(RECORDED[:cut],), finished=clean))
        return outcome.error is None

    with ThreadPoolExecutor(12) as pool:
        lost = list(pool.map(lambda cut: completes(cut, clean=False), range(len(RECORDED) - 1)))
        ended = list(pool.map(lambda cut: completes(cut, clean=True), range(finish - 1)))
    yield Figure(19, f"connection lost at each of {len(lost)} bytes", "reported complete", sum(lost), 0)
    yield Figure(20, f"clean end at each of {len(ended)} bytes", "reported complete", sum(ended), 0)


FRAGMENTS = (
    b"data: ", b"data:", b"event: x\n", b": ", b"\n", b"\r\n", b"\r", b"\n\n", b"[DONE]", b"\xff", b"\xd0",
    b'{"choices": [{"delta": {"content": "', b'"}}]}', b'"}, "finish_reason": "stop"}]}', b"null", b"[",
    chat_chunk("word "), chat_chunk(finish_reason="stop"), chat_chunk(tool_calls=[{"id": "1"}]),
)  # fmt: skip


def measure_malformed(bodies: int) -> Iterator[Figure]:
    """Row 21."""
    rng = random.Random(21)  # noqa: S311  the same bodies in every run
    crashes = 0
    for _ in range(bodies):
        body = b"".join(rng.choices(FRAGMENTS, k=rng.randint(0, 14)))
        try:
            asyncio.run(_read(body))
        except (ModelError, httpx.HTTPError):
            continue
        except Exception:  # noqa: BLE001  this is what is counted
            crashes += 1
    yield Figure(21, f"{bodies:,} malformed streams", "unhandled errors", crashes, 0)
    line = b"data: " + b"x" * 10_000_000
    yield Figure(21, "a line of 10 MB", "peak MB of the client", _peak_megabytes(line), 5)


async def _read(body: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> None:
    """Read a response that arrives in 64 kB at a time, as from a socket."""

    async def arrive() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    all_headers = {"content-type": "text/event-stream", **headers}
    response = httpx.Response(200, headers=all_headers, content=arrive())
    async for _piece in read_response(response, CompletionReader()):
        pass


def _peak_megabytes(body: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> float:
    tracemalloc.start()
    try:
        asyncio.run(_read(body, headers))
    except ModelError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak / 1e6


def measure_wrong_content() -> Iterator[Figure]:
    """Row 22."""
    events = {"Content-Type": "text/event-stream"}
    replies = {
        "no text": Reply(steps=(chat_body(""),)),
        "HTML with 200": Reply(headers={"Content-Type": "text/html"}, steps=(b"<html>",)),
        "not JSON": Reply(headers={"Content-Type": "application/json"}, steps=(b"<html>",)),
        "an error in JSON": Reply(headers={"Content-Type": "application/json"}, steps=(b'{"error": "x"}',)),
        "tool calls": Reply(steps=(chat_chunk(tool_calls=[{"id": "1"}]),)),
        "gzip": Reply(headers={**events, "Content-Encoding": "gzip"}, steps=(gzip.compress(RECORDED),)),
        "an empty body": Reply(steps=()),
        "cut by length": Reply(steps=(chat_body("She", finish_reason="length"),)),
        "an endless stream": Reply(steps=(Forever(chat_chunk("again ") * 50),)),
    }
    outcomes = [ask_scripted(reply)[0] for reply in replies.values()]
    unhandled = sum(not isinstance(outcome.error, ModelError) for outcome in outcomes)
    yield Figure(22, f"{len(replies)} kinds of wrong content", "without a typed error", unhandled, 0)
    yield Figure(22, "an endless stream", "characters taken", len(outcomes[-1].text), 3 * 3 * 200)
    bomb = gzip.compress(b"data: " + b"x" * 67_000_000)
    peak = _peak_megabytes(bomb, {"content-encoding": "gzip"})
    yield Figure(22, f"{len(bomb) // 1024} kB of gzip that unpack to 67 MB", "peak MB of the client", peak, 5)
    other, _ = ask_scripted(text_reply("Министр отказался."))
    yield Figure(22, "another language", "answers lost", other.text != "Министр отказался.", 0)


def measure_budgets() -> Iterator[Figure]:
    """Row 22, what one answer may take: budgets of tokens and money, and the window."""
    for what, budget in (
        ("tokens", Budget(tokens=500)),
        ("money", Budget(cost=0.0005, prompt_price=1.0, answer_price=1.0)),
    ):
        with ScriptedServer((text_reply("She said no."),)) as server:
            limits = ModelLimits(answer_tokens=200, budget=budget)
            model = HttpChatModel(server.url, limits=limits)
            for _ in range(20):
                with suppress(ModelOverBudget):
                    list(model.stream(PROMPT))
            sent = len(server.requests)
            model = HttpChatModel(server.url, limits=limits)
            with suppress(ModelOverBudget):
                list(model.stream(PROMPT))
            after = len(server.requests) - sent
        yield Figure(22, f"a spent budget of {what}", "further requests", after, 0)
    model = HttpChatModel("http://127.0.0.1/v1", limits=ModelLimits(context_window=4_096, answer_tokens=500))
    sentences = [
        Evidence(
            marker=number, article_id="a", version=1, start=0, end=120, text="word " * 24, title="",
            outlet="River Post", url=None, published=None,
        )
        for number in range(1, 200)
    ]  # fmt: skip
    worst = lost = 0
    for words in range(1, 800, 50):
        question = Question(text=" ".join(["word"] * words) + "?")
        evidence = fit_evidence(sentences, evidence_budget(model, question, 6_000))
        messages = write_messages(question, evidence, "fence")
        worst = max(worst, prompt_tokens(messages) + 500 - 4_096)
        lost += question.text not in messages[-1].content
    yield Figure(22, "questions of 1 to 751 words, window of 4,096", "tokens beyond the window", worst, 0)
    yield Figure(22, "questions of 1 to 751 words, window of 4,096", "questions cut", lost, 0)


class BrokenEmbedder(HashEmbedder):
    """Returns what `breaking` makes of good vectors."""

    def __init__(self, breaking: Callable[[FloatMatrix], FloatMatrix]) -> None:
        super().__init__()
        self._breaking = breaking

    def encode_document(self, texts: Sequence[str]) -> FloatMatrix:
        """The broken vectors."""
        return self._breaking(super().encode_document(texts))


def measure_embedder() -> Iterator[Figure]:
    """Row 23."""
    breakings: dict[str, Callable[[FloatMatrix], FloatMatrix]] = {
        "NaN": lambda vectors: vectors * np.float32("nan"),
        "zero vectors": lambda vectors: vectors * np.float32(0),
        "too few vectors": lambda vectors: vectors[:-1],
        "no matrix": lambda vectors: vectors.ravel(),
    }
    for fault, breaking in breakings.items():
        with TemporaryDirectory() as folder:
            article = Article(id="a", text="The minister spoke on Monday.")
            with Archive.open(folder, embedder=BrokenEmbedder(breaking)) as archive:
                try:
                    archive.add(article)
                except EmbeddingError:
                    stored = 1 - archive.stats().to_embed
                else:
                    stored = 1
        yield Figure(23, f"the embedder returns {fault}", "articles with bad vectors", stored, 0)


def measure_stops(streams: int) -> Iterator[Figure]:
    """Row 24."""
    limits = ModelLimits(deadlines=Deadlines(total=30.0))
    worst = 0.0
    for step in (Hang(), Forever(chat_chunk("a "), 0.02)):
        with ScriptedServer([Reply(steps=(chat_chunk("a "), step))]) as server:
            model = HttpChatModel(server.url, limits=limits)
            for _ in range(streams // 2):
                stopped = threading.Event()
                stream = model.stream(PROMPT, cancelled=stopped.is_set)
                next(stream)
                began = time.monotonic()
                stopped.set()
                try:
                    for _piece in stream:
                        pass
                except ModelError:
                    pass
                idle = server.wait_until_idle(2.0)
                worst = max(worst, 2.0 if idle is None else time.monotonic() - began)
            leaked = server.open_connections
    yield Figure(24, f"stop, {streams} times", "seconds until the upstream request closed, worst", worst, 1.0)
    yield Figure(24, f"stop, {streams} times", "leaked streams", leaked, 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a limit was not kept."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bodies", type=int, default=2_000, help="malformed streams of row 21")
    parser.add_argument("--streams", type=int, default=20, help="stopped streams of row 24")
    parser.add_argument("--json", action="store_true", help="one JSON object a figure")
    options = parser.parse_args(arguments)
    kept = True
    quiet_logs()
    if not options.json:
        print("| row | fault | figure | value | limit | |\n| --- | --- | --- | ---: | ---: | --- |")
    for measure in (
        measure_unreachable,
        measure_retries,
        measure_refusals,
        measure_slowness,
        measure_cuts,
        lambda: measure_malformed(options.bodies),
        measure_wrong_content,
        measure_budgets,
        measure_embedder,
        lambda: measure_stops(options.streams),
    ):
        for figure in measure():
            kept = kept and figure.holds
            print(_line(figure) if not options.json else json.dumps(asdict(figure)), flush=True)
    return 0 if kept else 1


def _line(figure: Figure) -> str:
    verdict = "" if figure.holds else "NOT KEPT"
    values = f"{figure.value:.4g} | {figure.limit:.4g}"
    return f"| {figure.row} | {figure.fault} | {figure.figure} | {values} | {verdict} |"


if __name__ == "__main__":
    sys.exit(main())
