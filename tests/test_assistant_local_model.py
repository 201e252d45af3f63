"""A real small model (SmolLM2 135M): in this process, and served by llama.cpp on loopback."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.deadlines import Deadlines
from assistant.errors import ModelCancelled, ModelRefused, ModelTimeout, ModelTruncated, ModelUnreachable
from assistant.http_model import HttpChatModel
from assistant.limits import ModelLimits, prompt_tokens
from assistant.llm import ChatModel
from assistant.local_endpoints import LocalEndpoint, find_local_endpoints
from assistant.local_model import LocalChatModel
from assistant.testing import Reply, ScriptedServer
from assistant.types import Message, TextEvent
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    Serving = Callable[[Path], AbstractContextManager[tuple[str, subprocess.Popen[str]]]]

SHORT = [Message("user", "Say hello.")]
LONG = [Message("user", "Write a very long story about a harbour.")]


@pytest.fixture(scope="module")
def local_model(smollm_gguf: Path) -> LocalChatModel:
    return LocalChatModel(smollm_gguf, limits=ModelLimits(context_window=2_048, answer_tokens=60))


def served_model(url: str, **limits: object) -> HttpChatModel:
    return HttpChatModel(url, model="smollm2", limits=ModelLimits(**limits))  # type: ignore[arg-type]


def busy_slots(url: str) -> int:
    slots = httpx.get(f"{url.removesuffix('/v1')}/slots", timeout=5).json()
    return sum(slot["is_processing"] for slot in slots)


def wait_until_idle(url: str, seconds: float) -> float:
    started = time.monotonic()
    while busy_slots(url):
        assert time.monotonic() - started < seconds, "the server is still writing for nobody"
        time.sleep(0.02)
    return time.monotonic() - started


@pytest.mark.endpoint
def test_a_served_model_streams_in_pieces_and_finishes(smollm_server: str) -> None:
    pieces = list(served_model(smollm_server, answer_tokens=300).stream(SHORT))
    assert len(pieces) > 2
    assert "".join(pieces).strip()


@pytest.mark.endpoint
def test_the_same_prompt_gives_the_same_answer(smollm_server: str) -> None:
    model = served_model(smollm_server, answer_tokens=300)
    assert "".join(model.stream(SHORT)) == "".join(model.stream(SHORT))


@pytest.mark.endpoint
def test_a_served_model_that_is_cut_by_its_allowance_is_truncated(smollm_server: str) -> None:
    with pytest.raises(ModelTruncated, match="ran out of tokens"):
        list(served_model(smollm_server, answer_tokens=8).stream(LONG))


@pytest.mark.endpoint
def test_stop_frees_the_slot_of_a_served_model_within_a_second(smollm_server: str) -> None:
    stopped = threading.Event()
    stream = served_model(smollm_server, answer_tokens=2_000).stream(LONG, cancelled=stopped.is_set)
    next(stream)
    assert busy_slots(smollm_server) == 1
    stopped.set()
    with pytest.raises(ModelCancelled):
        list(stream)
    assert wait_until_idle(smollm_server, 1.0) < 1.0


@pytest.mark.endpoint
def test_a_deadline_frees_the_slot_of_a_served_model(smollm_server: str) -> None:
    model = served_model(smollm_server, answer_tokens=2_000, deadlines=Deadlines(total=0.5))
    with pytest.raises(ModelTimeout):
        list(model.stream(LONG))
    assert wait_until_idle(smollm_server, 1.0) < 1.0


REPORT = (
    "“We shall open the harbour before Friday,” port director Ada Brandt told reporters on Monday.\n\n"
    "Repairs cost 14 million euros, the council said, and two hundred people worked on them."
)
LIMITS = Settings(
    retrievers=("keyword",), model_url=None, model_context_window=2_048, model_answer_tokens=120,
    model_first_token_seconds=40, model_total_seconds=40, _env_file=None,
)  # fmt: skip


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("harbour"), embedder=HashEmbedder()) as archive:
        archive.add(Article(id="harbour", text=REPORT, outlet="Coast Daily"))
        yield archive


@pytest.mark.endpoint
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_of_what_a_real_model_writes_only_what_is_proved_is_shown(
    smollm_server: str, harbour: Archive, record_property: Callable[[str, object], None]
) -> None:
    assistant = Assistant(harbour, smollm_server, settings=LIMITS)
    questions = ("What did Brandt say about the harbour?", "How much did the repairs cost?")
    answers = [assistant.ask(question) for question in questions]
    assert all(answer.grounded or answer.abstained for answer in answers)
    assert all(answer.model == "default" for answer in answers)
    written = [claim for answer in answers for claim in answer.withheld]
    shown = [claim for answer in answers if answer.mode == "model" for claim in answer.claims]
    assert all(claim.verdict == "supported" for claim in shown)
    assert all(claim.verdict != "supported" for claim in written)
    record_property("withheld of written", f"{len(written)} of {len(written) + len(shown)}")


@pytest.mark.endpoint
def test_a_real_server_that_dies_while_it_writes_ends_in_the_articles_words(
    smollm_gguf: Path, harbour: Archive, serving: Serving
) -> None:
    with serving(smollm_gguf) as (address, process):
        model = served_model(address, answer_tokens=800)
        events = Assistant(harbour, model, settings=LIMITS).stream("How much did the repairs cost?")
        for event in events:
            if isinstance(event, TextEvent):
                process.kill()
                break
        answer = list(events)[-1].answer  # type: ignore[union-attr]
    assert (answer.mode, answer.grounded) == ("extractive", True)
    assert "14 million euros" in answer.text
    assert "broke before the answer was finished" in (answer.reason or "")


@pytest.mark.endpoint
def test_a_prompt_beyond_the_real_window_is_refused_not_cut(smollm_server: str) -> None:
    model = served_model(smollm_server, context_window=1_000_000)
    with pytest.raises(ModelRefused, match="400"):
        list(model.stream([Message("user", "harbour " * 30_000)]))


@pytest.mark.endpoint
def test_tokens_of_english_are_counted_high(smollm_server: str) -> None:
    text = (
        "The harbour master said on Tuesday that the ferry, built in 1987, would not sail again before "
        "inspectors from Rotterdam had looked at its hull. “Nobody gets on board,” he told reporters."
    )
    answer = httpx.post(f"{smollm_server.removesuffix('/v1')}/tokenize", json={"content": text}, timeout=5)
    real = len(answer.json()["tokens"])
    assert real <= prompt_tokens([Message("user", text)]) <= 2 * real


@pytest.mark.endpoint
def test_a_gguf_file_answers_in_this_process(local_model: LocalChatModel) -> None:
    assert isinstance(local_model, ChatModel)
    assert local_model.name == "SmolLM2-135M-Instruct.Q4_1"
    assert "".join(local_model.stream(SHORT)).strip()


@pytest.mark.endpoint
def test_a_gguf_file_that_is_cut_by_its_allowance_is_truncated(smollm_gguf: Path) -> None:
    model = LocalChatModel(smollm_gguf, limits=ModelLimits(context_window=2_048, answer_tokens=8))
    with pytest.raises(ModelTruncated):
        list(model.stream(LONG))


@pytest.mark.endpoint
def test_stop_ends_a_model_in_this_process(smollm_gguf: Path) -> None:
    model = LocalChatModel(smollm_gguf, limits=ModelLimits(context_window=4_096, answer_tokens=2_000))
    stream = model.stream(LONG, cancelled=(stopped := threading.Event()).is_set)
    next(stream)
    stopped.set()
    started = time.monotonic()
    with pytest.raises(ModelCancelled):
        list(stream)
    assert time.monotonic() - started < 0.5
    assert "".join(model.stream([Message("user", "Say hello.")], cancelled=lambda: False)).strip()


@pytest.mark.endpoint
@pytest.mark.parametrize("end", ["pass", "stream.close()", "raise SystemExit(0)"])
def test_a_program_may_end_while_the_model_writes(smollm_gguf: Path, end: str) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from assistant.limits import ModelLimits\n"
        "from assistant.local_model import LocalChatModel\n"
        "from assistant.types import Message\n"
        "limits = ModelLimits(context_window=4096, answer_tokens=3000)\n"
        "model = LocalChatModel(Path(sys.argv[1]), limits=limits)\n"
        "stream = model.stream([Message('user', 'Tell a story.')])\n"
        f"next(stream)\n{end}"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(smollm_gguf)], timeout=60, check=False)
    assert ran.returncode == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnreachable, match=r"gone\.gguf cannot be read: No such file"):
        list(LocalChatModel(tmp_path / "gone.gguf").stream(SHORT))


def test_a_file_that_is_no_gguf_is_refused_before_llama_cpp_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "weights.gguf"
    file.write_bytes(b"PK\x03\x04 an archive")
    with pytest.raises(ModelRefused, match="is no GGUF file"):
        list(LocalChatModel(file).stream(SHORT))


@pytest.mark.endpoint
def test_a_damaged_gguf_is_an_error_not_a_crash(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    file = tmp_path / "weights.gguf"
    file.write_bytes(b"GGUF" + b"\x03\x00\x00\x00" + b"\x00" * 400)
    with pytest.raises(ModelUnreachable, match="cannot load"):
        list(LocalChatModel(file).stream(SHORT))


# ---------------------------------------------------------------- servers found on this machine


def models_reply(body: bytes) -> Reply:
    return Reply(headers={"Content-Type": "application/json"}, steps=(body,))


def test_a_server_on_this_machine_is_found_with_its_models(scripted_server: ScriptedServer) -> None:
    scripted_server.script(models_reply(b'{"data": [{"id": "qwen3:4b"}, {"id": "llama3.1:8b"}]}'))
    found = find_local_endpoints((("Ollama", scripted_server.url),))
    assert found == [LocalEndpoint("Ollama", scripted_server.url, ("llama3.1:8b", "qwen3:4b"))]
    assert [request.path for request in scripted_server.requests] == ["/v1/models"]


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"data": 3}', b'{"data": [{}]}', b"[" * 50_000, b"x" * 200_000]
)
def test_another_program_on_the_port_is_not_offered(scripted_server: ScriptedServer, body: bytes) -> None:
    scripted_server.script(models_reply(body))
    assert find_local_endpoints((("Ollama", scripted_server.url),)) == []


def test_nothing_on_the_port_is_no_error() -> None:
    assert find_local_endpoints((("Ollama", "http://127.0.0.1:9/v1"),)) == []
