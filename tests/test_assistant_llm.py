"""The model client against a real endpoint on loopback that misbehaves: rows 14 to 22 and 24 of the faults.

A name like `row17_` says which row of the fault matrix a test holds down. Deadlines are a few tenths of a
second, so that the file stays quick; the overshoot allowed is the promised half second all the same.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import itertools
import json
import logging
import threading
import time
import traceback
import tracemalloc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from assistant.chat_stream import CompletionReader, read_response
from assistant.deadlines import Deadlines, never
from assistant.errors import (
    ModelCancelled,
    ModelError,
    ModelMalformed,
    ModelOverBudget,
    ModelRefused,
    ModelTimeout,
    ModelTruncated,
    ModelUnreachable,
)
from assistant.http_model import HttpChatModel
from assistant.limits import Budget, ModelLimits, approximate_tokens, prompt_tokens
from assistant.llm import ChatModel, answer_tokens_of, context_window_of
from assistant.retry import LONGEST_WAIT_SECONDS, parse_retry_after
from assistant.testing import (
    DONE,
    Drip,
    Forever,
    Hang,
    Pause,
    Reply,
    Reset,
    ScriptedChatModel,
    ScriptedServer,
    chat_body,
    chat_chunk,
    status_reply,
    text_reply,
)
from assistant.types import Message

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PROMPT = [Message("system", "Answer briefly."), Message("user", "Who spoke?")]
OVERSHOOT = 0.5
JSON = {"Content-Type": "application/json"}
EVENTS = {"Content-Type": "text/event-stream"}
KEY = "sk-canary-7f3a9e"


def quick_model(server: ScriptedServer, *, key: str | None = None, **deadlines: float) -> HttpChatModel:
    """A client for tests; those about one deadline set it to a few tenths of a second."""
    times = {"connect": 2.0, "first_token": 3.0, "between_tokens": 3.0, "total": 9.0, **deadlines}
    return HttpChatModel(
        server.url,
        model="tiny",
        key=None if key is None else SecretStr(key),
        limits=ModelLimits(deadlines=Deadlines(**times), answer_tokens=200),
    )


def ask(model: ChatModel) -> str:
    return "".join(model.stream(PROMPT))


def ask_until_error(model: ChatModel) -> tuple[str, ModelError, float]:
    """The text that came, the error that ended it, and the seconds it took."""
    pieces: list[str] = []
    started = time.monotonic()
    try:
        pieces.extend(model.stream(PROMPT))
    except ModelError as error:
        return "".join(pieces), error, time.monotonic() - started
    pytest.fail(f"no error; the text was {''.join(pieces)!r}")


# ---------------------------------------------------------------- what a healthy endpoint gets and gives


def test_a_streamed_answer_arrives_piece_by_piece_and_whole(scripted_server: ScriptedServer) -> None:
    scripted_server.script(text_reply("The minister spoke on Monday. [1]"))
    assert list(quick_model(scripted_server).stream(PROMPT)) == [
        "The ", "minister ", "spoke ", "on ", "Monday. ", "[1]",
    ]  # fmt: skip


def test_the_request_has_the_openai_form(scripted_server: ScriptedServer) -> None:
    scripted_server.script(text_reply("Yes."))
    ask(quick_model(scripted_server, key=KEY))
    (request,) = scripted_server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["accept-encoding"] == "identity"
    assert request.json() == {
        "model": "tiny",
        "messages": [
            {"role": "system", "content": "Answer briefly."},
            {"role": "user", "content": "Who spoke?"},
        ],
        "stream": True,
        "temperature": 0,
        "max_tokens": 200,
    }


def test_parameters_are_added_and_none_removes_a_default(scripted_server: ScriptedServer) -> None:
    scripted_server.script(text_reply("Yes."))
    ask(HttpChatModel(scripted_server.url, parameters={"max_tokens": None, "max_completion_tokens": 50}))
    body = scripted_server.requests[0].json()
    assert body["max_completion_tokens"] == 50
    assert "max_tokens" not in body


def test_an_endpoint_that_cannot_stream_may_answer_in_one_piece(scripted_server: ScriptedServer) -> None:
    whole = {"choices": [{"message": {"role": "assistant", "content": "Yes."}, "finish_reason": "stop"}]}
    scripted_server.script(
        Reply(headers={"Content-Type": "application/json"}, steps=(json.dumps(whole).encode(),))
    )
    assert ask(quick_model(scripted_server)) == "Yes."


def test_thinking_is_a_sign_of_life_but_no_text(scripted_server: ScriptedServer) -> None:
    thought = chat_chunk(reasoning_content="hm")
    steps = [step for _ in range(4) for step in (Pause(0.2), thought)]  # longer than either deadline
    scripted_server.script(Reply(steps=(*steps, chat_body("Yes."))))
    assert ask(quick_model(scripted_server, first_token=0.5, between_tokens=0.5)) == "Yes."
    assert len(scripted_server.requests) == 1


def test_a_body_that_stays_open_after_the_finish_reason_is_whole(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(chat_body("Yes.", done=False), Hang())))
    assert ask(quick_model(scripted_server)) == "Yes."


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"),
        ("http://127.0.0.1:11434/", "http://127.0.0.1:11434/v1/chat/completions"),
        ("https://api.example.org/v1/", "https://api.example.org/v1/chat/completions"),
        ("https://example.org/openai/v1/chat/completions", "https://example.org/openai/v1/chat/completions"),
        ("https://example.org/base?api-version=7", "https://example.org/base/chat/completions"),
    ],
)
def test_the_base_url_may_be_written_as_servers_print_it(base: str, expected: str) -> None:
    assert HttpChatModel(base).address == expected


@pytest.mark.parametrize(
    "url", ["ftp://example.org", "http://", "nonsense", "http://user:secret@example.org/v1"]
)
def test_an_unusable_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        HttpChatModel(url)
    assert "secret" not in str(refused.value)


# ---------------------------------------------------------------- row 14: unreachable


def test_row14_a_closed_port_is_given_up_within_two_seconds(scripted_server: ScriptedServer) -> None:
    with ScriptedServer([text_reply("never")]) as gone:
        model = quick_model(gone)
    text, error, seconds = ask_until_error(model)
    assert isinstance(error, ModelUnreachable)
    assert text == ""
    assert seconds < 2
    assert "BYLINE_MODEL_URL" in str(error)


def test_row14_an_unknown_host_is_given_up_within_two_seconds() -> None:
    _, error, seconds = ask_until_error(HttpChatModel("http://no-such-host.invalid/v1"))
    assert isinstance(error, ModelUnreachable)
    assert seconds < 2


# ---------------------------------------------------------------- row 15: retries before the first token


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 529])
def test_row15_a_passing_failure_is_asked_again(scripted_server: ScriptedServer, status: int) -> None:
    scripted_server.script(status_reply(status), text_reply("Yes."))
    assert ask(quick_model(scripted_server)) == "Yes."
    assert len(scripted_server.requests) == 2


def test_row15_retries_are_bounded(scripted_server: ScriptedServer) -> None:
    scripted_server.script(status_reply(503))
    _, error, seconds = ask_until_error(quick_model(scripted_server))
    assert isinstance(error, ModelUnreachable)
    assert len(scripted_server.requests) == 3
    assert seconds < 2


def test_row15_a_429_after_all_retries_is_a_refusal(scripted_server: ScriptedServer) -> None:
    scripted_server.script(status_reply(429))
    _, error, _ = ask_until_error(quick_model(scripted_server))
    assert isinstance(error, ModelRefused)
    assert len(scripted_server.requests) == 3


def test_row15_retry_after_is_waited_for(scripted_server: ScriptedServer) -> None:
    scripted_server.script(status_reply(429, retry_after="1"), text_reply("Yes."))
    assert ask(quick_model(scripted_server)) == "Yes."
    first, second = scripted_server.requests
    assert 1.0 <= second.at - first.at < 1.5


def test_row15_a_long_retry_after_is_not_waited_for(scripted_server: ScriptedServer) -> None:
    scripted_server.script(status_reply(429, retry_after="3600"), text_reply("never"))
    _, error, seconds = ask_until_error(quick_model(scripted_server))
    assert isinstance(error, ModelRefused)
    assert "3600 s" in str(error)
    assert seconds < LONGEST_WAIT_SECONDS
    assert len(scripted_server.requests) == 1


def test_row15_nothing_is_repeated_after_the_first_token(scripted_server: ScriptedServer) -> None:
    cut = Reply(steps=(chat_chunk("The "), Pause(0.05), Reset()))
    scripted_server.script(cut, text_reply("The minister."))
    text, error, _ = ask_until_error(quick_model(scripted_server))
    assert (text, len(scripted_server.requests)) == ("The ", 1)
    assert isinstance(error, ModelTruncated)


def test_row15_a_reset_before_the_first_token_is_asked_again(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(Reset(),)), text_reply("Yes."))
    assert ask(quick_model(scripted_server)) == "Yes."


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Sun, 02 Mar 2025 12:00:30 GMT", 30.0),
        ("Sun, 02 Mar 2025 11:00:00 GMT", 0.0),
        ("Sun, 02 Mar 2025 12:00:30 -0000", 30.0),
        ("soon", None),
        ("-3", None),
        ("1.5", None),
        ("", None),
        (None, None),
        ("9" * 5000, 999_999_999.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, datetime(2025, 3, 2, 12, 0, 0, tzinfo=UTC)) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_read_without_an_error(value: str) -> None:
    seconds = parse_retry_after(value)
    assert seconds is None or seconds >= 0


# ---------------------------------------------------------------- row 16: refusals


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 413, 422])
def test_row16_a_refusal_is_final_and_keeps_the_key(
    scripted_server: ScriptedServer,
    status: int,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    scripted_server.script(
        Reply(
            status=status,
            headers={"Location": "http://127.0.0.1:1/"},
            steps=(b"bad key " + KEY.encode(),),
        )
    )
    model = quick_model(scripted_server, key=KEY)
    try:
        ask(model)
    except ModelRefused as refused:
        shown = [str(refused), repr(refused), "".join(traceback.format_exception(refused))]
        frames = traceback.TracebackException.from_exception(refused, capture_locals=True)
        shown.append("".join(frames.format()))
    captured = capsys.readouterr()
    everything = "\n".join([*shown, repr(model), caplog.text, captured.out, captured.err])
    assert KEY not in everything
    assert len(scripted_server.requests) == 1
    assert str(status) in shown[0]


def test_row16_retries_and_broken_streams_keep_the_key(
    scripted_server: ScriptedServer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    scripted_server.script(status_reply(500), Reply(steps=(chat_chunk("Hi"), Reset())))
    _, error, _ = ask_until_error(quick_model(scripted_server, key=KEY))
    captured = capsys.readouterr()
    trace = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert KEY not in trace + caplog.text + captured.out + captured.err


@pytest.mark.parametrize(
    "reply",
    [
        Reply(steps=(f"data: bad key {KEY}\n\n".encode(),)),
        Reply(steps=(chat_chunk(finish_reason=KEY),)),
        Reply(steps=(f'data: {{"error": "bad key {KEY}"}}\n\n'.encode(),)),
        Reply(headers={"Content-Type": KEY}, steps=(b"x",)),
        Reply(headers={"Content-Type": "text/event-stream", "Content-Encoding": KEY}, steps=(b"x",)),
        status_reply(429, retry_after=KEY),
        Reply(status=401, reason=f"Bad key {KEY}"),
    ],
    ids=["no json", "finish reason", "error", "content type", "encoding", "retry after", "reason phrase"],
)
def test_row16_nothing_that_an_endpoint_sends_back_is_repeated(
    scripted_server: ScriptedServer, reply: Reply
) -> None:
    scripted_server.script(reply)
    _, error, _ = ask_until_error(quick_model(scripted_server, key=KEY))
    assert KEY not in str(error)


@pytest.mark.parametrize("key", ["sk-line\nbreak", "sk-ключ", "sk with blank", "sk-\x00"])
def test_row16_a_key_that_cannot_be_sent_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        HttpChatModel("http://127.0.0.1:1/v1", key=SecretStr(key))
    assert key not in str(refused.value)


def test_row16_blanks_around_a_key_are_a_slip_of_the_env_file(scripted_server: ScriptedServer) -> None:
    scripted_server.script(text_reply("Yes."))
    ask(quick_model(scripted_server, key=f" {KEY}\n"))
    assert scripted_server.requests[0].headers["authorization"] == f"Bearer {KEY}"


# ---------------------------------------------------------------- rows 17 and 18: slow and silent


def test_row17_a_slow_drip_meets_the_total_deadline(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(Forever(chat_chunk("a"), 0.1),)))
    text, error, seconds = ask_until_error(quick_model(scripted_server, total=0.8))
    assert isinstance(error, ModelTimeout)
    assert text.startswith("aaa")
    assert 0.8 <= seconds < 0.8 + OVERSHOOT


def test_row17_dripped_bytes_that_never_become_a_token_meet_the_first_token_deadline(
    scripted_server: ScriptedServer,
) -> None:
    scripted_server.script(Reply(steps=(Drip(chat_body("Never whole."), 0.05),)))
    text, error, seconds = ask_until_error(quick_model(scripted_server, first_token=0.3))
    assert isinstance(error, ModelTimeout)
    assert text == ""
    assert len(scripted_server.requests) == 2
    assert seconds < 2 * 0.3 + 0.4 + OVERSHOOT  # two attempts, the wait between them


def test_row17_comments_do_not_keep_a_silent_model_alive(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(chat_chunk("The "), Forever(b": keep-alive\n\n", 0.05))))
    text, error, seconds = ask_until_error(quick_model(scripted_server, between_tokens=0.3))
    assert text == "The "
    assert isinstance(error, ModelTimeout)
    assert seconds < 0.3 + OVERSHOOT


def test_row18_silence_after_the_headers_is_asked_once_more(
    scripted_server: ScriptedServer,
) -> None:
    scripted_server.script(Reply(steps=(Hang(),)))
    _, error, seconds = ask_until_error(quick_model(scripted_server, first_token=0.3))
    assert isinstance(error, ModelTimeout)
    assert len(scripted_server.requests) == 2
    assert seconds < 2 * 0.3 + 0.4 + OVERSHOOT
    assert scripted_server.wait_until_idle(1.0) is not None


def test_row18_a_role_without_text_is_silence(scripted_server: ScriptedServer) -> None:
    scripted_server.script(
        Reply(steps=(chat_chunk(role="assistant", content=""), Hang())), text_reply("Yes.")
    )
    assert ask(quick_model(scripted_server, first_token=0.3)) == "Yes."


def test_row18_silence_between_tokens_keeps_the_text_and_ends(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(chat_chunk("The "), Hang())))
    text, error, seconds = ask_until_error(quick_model(scripted_server, between_tokens=0.3))
    assert text == "The "
    assert isinstance(error, ModelTimeout)
    assert seconds < 0.3 + OVERSHOOT
    assert len(scripted_server.requests) == 1


# ---------------------------------------------------------------- rows 19 and 20: cut answers

RECORDED = chat_body("Она said “no” twice. [1]")
WHOLE = "Она said “no” twice. [1]"
FINISHED_AT = RECORDED.index(DONE)


def read_body(*pieces: bytes, broken: bool = False) -> str:
    """The text of an event stream that arrives in these pieces; `broken` loses the connection."""

    async def arrive() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece
        if broken:
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    async def read() -> str:
        response = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=arrive())
        return "".join([piece async for piece in read_response(response, CompletionReader())])

    return asyncio.run(read())


def test_the_recorded_stream_is_whole() -> None:
    assert read_body(RECORDED) == WHOLE


def test_row19_a_connection_lost_at_any_byte_is_never_reported_complete() -> None:
    complete = []
    for cut in range(len(RECORDED) - 1):  # the last byte ends the event that says [DONE]
        try:
            read_body(RECORDED[:cut], broken=True)
        except (ModelError, httpx.HTTPError):
            continue
        complete.append(cut)
    assert complete == []


def test_row19_a_connection_cut_on_the_wire_is_truncated(scripted_server: ScriptedServer) -> None:
    role_event_end = RECORDED.index(b"\n\n") + 2
    first_token_end = RECORDED.index(b"\n\n", role_event_end) + 2
    for cut in range(first_token_end, FINISHED_AT, 61):
        scripted_server.script(Reply(steps=(RECORDED[:cut],), finished=False))
        text, error, _ = ask_until_error(quick_model(scripted_server))
        assert isinstance(error, ModelTruncated)
        assert WHOLE.startswith(text)
        assert len(scripted_server.requests) == 1


def test_row19_a_connection_cut_between_finish_reason_and_done_is_truncated(
    scripted_server: ScriptedServer,
) -> None:
    scripted_server.script(Reply(steps=(RECORDED[:FINISHED_AT],), finished=False))
    assert isinstance(ask_until_error(quick_model(scripted_server))[1], ModelTruncated)


def test_row20_a_clean_end_at_any_byte_before_the_finish_reason_is_truncated() -> None:
    for cut in range(FINISHED_AT - 1):
        with pytest.raises(ModelTruncated):
            read_body(RECORDED[:cut])


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "ended by closing"])
def test_row20_done_without_finish_reason_is_truncated(
    scripted_server: ScriptedServer, chunked: bool
) -> None:
    scripted_server.script(Reply(steps=(chat_body("The", finish_reason=None),), chunked=chunked))
    text, error, _ = ask_until_error(quick_model(scripted_server))
    assert (text, type(error)) == ("The", ModelTruncated)


@pytest.mark.parametrize("reason", ["length", "error", "unknown", ""])
def test_row20_any_finish_reason_but_a_stop_is_truncated(
    scripted_server: ScriptedServer, reason: str
) -> None:
    scripted_server.script(Reply(steps=(chat_body("The", finish_reason=reason),)))
    assert isinstance(ask_until_error(quick_model(scripted_server))[1], ModelTruncated)


# ---------------------------------------------------------------- row 21: malformed streams


@pytest.mark.parametrize(
    "body",
    [
        b"data: {not json\n\n",
        b'data: "text"\n\n',
        b"data: [1, 2]\n\n",
        b"data: " + b"[" * 100_000 + b"\n\n",
        b'data: {"choices": 3}\n\n',
        b'data: {"choices": [null]}\n\n',
        b'data: {"choices": [{"delta": "text"}]}\n\n',
        b'data: {"choices": [{"delta": {"content": ["text"]}}]}\n\n',
        b'data: {"n": ' + b"9" * 5000 + b"}\n\n",
    ],
    ids=["bad json", "string", "list", "deep", "choices", "null", "delta", "content", "huge number"],
)
def test_row21_a_chunk_that_is_no_completion_is_malformed(body: bytes) -> None:
    with pytest.raises(ModelMalformed):
        read_body(chat_chunk("The "), body, chat_body("end"))


@pytest.mark.parametrize(
    "noise",
    [
        b": comment\n\n",
        b"event: ping\ndata:\n\n",
        b"id: 4\nretry: soon\n\n",
        b"unknown: field\n\n",
        b'data: {"choices": []}\n\n',
        b'data: {"usage": {"total_tokens": 3}}\n\n',
        b'data: {"choices": [{"index": 0}]}\n\n',
        b'data: {"choices": [{"delta": null, "finish_reason": null}]}\n\n',
        b"\r\n\r\r\n",
    ],
    ids=[
        "comment",
        "ping",
        "id and retry",
        "unknown field",
        "no choice",
        "usage",
        "no delta",
        "null",
        "blanks",
    ],
)
def test_row21_harmless_noise_is_skipped(noise: bytes) -> None:
    assert read_body(noise, chat_chunk("Yes"), noise, chat_body(" indeed."), noise) == "Yes indeed."


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_row21_every_line_ending_of_the_standard_is_read(newline: bytes) -> None:
    assert read_body(RECORDED.replace(b"\n", newline)) == WHOLE


def test_row21_a_ten_megabyte_line_is_given_up_in_bounded_memory(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(b"data: " + b"x" * 10_000_000 + b"\n\n",)))
    tracemalloc.start()
    try:
        _, error, _ = ask_until_error(quick_model(scripted_server))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(error, ModelMalformed)
    assert peak < 40_000_000  # 10 MB and their copy belong to the server, which shares the process


@given(cuts=st.lists(st.integers(0, len(RECORDED)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_row21_the_text_does_not_depend_on_how_the_bytes_arrive(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(RECORDED)]
    assert read_body(*(RECORDED[start:end] for start, end in itertools.pairwise(edges))) == WHOLE


FRAGMENTS = st.sampled_from(
    [
        b"data: ", b"data:", b"event: x", b": ", b"\n", b"\r\n", b"\r", b"\n\n", b"[DONE]", b"\xff\xfe",
        b'{"choices": [{"delta": {"content": "', b'"}}]}', b'"}, "finish_reason": "stop"}]}', b"null", b"{}",
        chat_chunk("word "), chat_chunk(finish_reason="stop"), chat_chunk(tool_calls=[{"id": "1"}]),
    ]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.binary(max_size=6), max_size=14).map(b"".join))
@settings(max_examples=150, deadline=None)
def test_row21_any_bytes_give_a_whole_text_or_a_typed_error(body: bytes) -> None:
    try:
        text = read_body(body)
    except ModelError:
        return
    assert text.strip()
    assert b'"finish_reason": "stop"' in body


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "delta", "message", "content", "finish_reason", "error", "tool_calls"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
@settings(max_examples=200, deadline=None)
def test_row21_any_json_gives_text_or_a_typed_error(value: object) -> None:
    reader = CompletionReader()
    try:
        piece = reader.read_chunk(value)
    except ModelError:
        return
    assert piece is None or isinstance(piece, str)


# ---------------------------------------------------------------- row 22: wrong content

GZIP = {**EVENTS, "Content-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(steps=(chat_body(""),)), ModelMalformed),
        (Reply(steps=(chat_body(" \n "),)), ModelMalformed),
        (Reply(steps=()), ModelTruncated),
        (Reply(headers={"Content-Type": "text/html"}, steps=(b"<html>Bad gateway</html>",)), ModelMalformed),
        (Reply(headers=JSON, steps=(b"<html>Bad gateway</html>",)), ModelMalformed),
        (Reply(headers=JSON, steps=(b'{"error": {"message": "overloaded"}}',)), ModelRefused),
        (Reply(headers=JSON, steps=(b'{"choices": []}',)), ModelTruncated),
        (Reply(steps=(b'data: {"error": {"message": "overloaded"}}\n\n',)), ModelRefused),
        (Reply(steps=(chat_chunk(tool_calls=[{"id": "1", "function": {"name": "rm"}}]),)), ModelMalformed),
        (Reply(steps=(chat_body("Let me see", finish_reason="tool_calls"),)), ModelMalformed),
        (Reply(steps=(chat_body("I", finish_reason="content_filter"),)), ModelRefused),
        (Reply(headers=GZIP, steps=(gzip.compress(RECORDED),)), ModelMalformed),
        (Reply(headers={**EVENTS, "Content-Encoding": "br"}, steps=(b"\x8b",)), ModelMalformed),
        (Reply(headers={"Content-Type": "text/event-stream; charset=zlib"}, steps=(b"x",)), ModelTruncated),
    ],
    ids=[
        "no text", "blank text", "empty body", "html", "html called json", "json error", "no choices",
        "error event", "tool call", "finished by a tool call", "filtered", "gzip", "brotli", "charset",
    ],
)  # fmt: skip
def test_row22_wrong_content_is_a_typed_error(
    scripted_server: ScriptedServer, reply: Reply, kind: type[ModelError]
) -> None:
    scripted_server.script(reply)
    assert isinstance(ask_until_error(quick_model(scripted_server))[1], kind)


def test_row22_a_compressed_bomb_is_not_unpacked(scripted_server: ScriptedServer) -> None:
    bomb = gzip.compress(b"data: " + b"x" * 50_000_000)
    scripted_server.script(Reply(headers=GZIP, steps=(bomb,)))
    tracemalloc.start()
    try:
        _, error, _ = ask_until_error(quick_model(scripted_server))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(error, ModelMalformed)
    assert peak < 2_000_000


def test_row22_an_endless_answer_is_cut_by_its_allowance(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(Forever(chat_chunk("again and ") * 50),)))
    text, error, seconds = ask_until_error(quick_model(scripted_server))
    assert isinstance(error, ModelOverBudget)
    assert len(text) <= 3 * 3 * 200
    assert seconds < 1
    assert scripted_server.wait_until_idle(1.0) is not None


def test_row22_endless_noise_meets_the_first_token_deadline(
    scripted_server: ScriptedServer,
) -> None:
    scripted_server.script(Reply(steps=(Forever(b": noise\n\n" * 100),)))
    _, error, seconds = ask_until_error(quick_model(scripted_server, first_token=0.3))
    assert isinstance(error, ModelTimeout)
    assert seconds < 2 * 0.3 + 0.4 + OVERSHOOT


def test_row22_another_language_is_text_like_any_other(scripted_server: ScriptedServer) -> None:
    scripted_server.script(text_reply("Министр отказался. 部长拒绝了。 [1]"))
    assert ask(quick_model(scripted_server)) == "Министр отказался. 部长拒绝了。 [1]"


# ---------------------------------------------------------------- row 24: stopped by the reader


@pytest.mark.parametrize(
    "reply",
    [Reply(steps=(chat_chunk("The "), Hang())), Reply(steps=(Forever(chat_chunk("a "), 0.02),))],
    ids=["silent", "streaming"],
)
def test_row24_stop_closes_the_upstream_request_within_a_second(
    scripted_server: ScriptedServer, reply: Reply
) -> None:
    scripted_server.script(reply)
    stopped = threading.Event()
    stream = quick_model(scripted_server, between_tokens=5.0).stream(PROMPT, cancelled=stopped.is_set)
    next(stream)
    stopped.set()
    started = time.monotonic()
    with pytest.raises(ModelCancelled):
        list(stream)
    assert time.monotonic() - started < 0.5
    assert scripted_server.wait_until_idle(1.0) is not None


def test_row24_stop_before_the_first_token_needs_no_token(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(Hang(),)))
    started = time.monotonic()
    with pytest.raises(ModelCancelled):
        list(
            quick_model(scripted_server, first_token=5.0).stream(
                PROMPT, cancelled=lambda: time.monotonic() - started > 0.2
            )
        )
    assert time.monotonic() - started < 0.7
    assert scripted_server.wait_until_idle(1.0) is not None


def test_row24_stop_while_waiting_to_retry_is_noticed(scripted_server: ScriptedServer) -> None:
    scripted_server.script(status_reply(503, retry_after="5"))
    started = time.monotonic()
    with pytest.raises(ModelCancelled):
        list(
            quick_model(scripted_server, total=9.0).stream(
                PROMPT, cancelled=lambda: time.monotonic() - started > 0.2
            )
        )
    assert time.monotonic() - started < 0.7


def test_row24_streams_that_are_dropped_leak_no_connection(scripted_server: ScriptedServer) -> None:
    scripted_server.script(Reply(steps=(Forever(chat_chunk("a "), 0.02),)))
    model = quick_model(scripted_server, total=30.0)
    streams = [model.stream(PROMPT) for _ in range(8)]
    for stream in streams:
        next(stream)
    assert scripted_server.open_connections == 8
    for stream in streams[:4]:
        stream.close()  # type: ignore[attr-defined]  # every stream of ours is a generator
    del stream, streams
    gc.collect()
    assert scripted_server.wait_until_idle(1.0) is not None
    assert not [thread for thread in threading.enumerate() if thread.name == "byline-model"]


# ---------------------------------------------------------------- window and budget


def test_a_prompt_that_leaves_no_room_for_the_answer_is_not_sent(scripted_server: ScriptedServer) -> None:
    model = HttpChatModel(scripted_server.url, limits=ModelLimits(context_window=1_000, answer_tokens=200))
    with pytest.raises(ModelOverBudget, match="window of 1,000"):
        list(model.stream([Message("user", "word " * 600)]))
    assert scripted_server.requests == []


def test_tokens_are_counted_high() -> None:
    assert approximate_tokens("") == 0
    assert approximate_tokens("abcd") == 2
    assert approximate_tokens("部长") == 2
    assert prompt_tokens([Message("user", "abc"), Message("system", "abcdef")]) == 1 + 2 + 2 * 8


def test_the_budget_counts_all_calls_and_then_refuses(scripted_server: ScriptedServer) -> None:
    scripted_server.script(text_reply("Yes."))
    budget = Budget(tokens=500)
    model = HttpChatModel(scripted_server.url, limits=ModelLimits(answer_tokens=200, budget=budget))
    first = prompt_tokens(PROMPT) + approximate_tokens("Yes.")
    while budget.spent_tokens + prompt_tokens(PROMPT) + 200 <= 500:
        ask(model)
    assert budget.spent_tokens == len(scripted_server.requests) * first
    sent = len(scripted_server.requests)
    assert isinstance(ask_until_error(model)[1], ModelOverBudget)
    assert len(scripted_server.requests) == sent


def test_the_cost_of_a_call_is_the_price_of_its_tokens() -> None:
    budget = Budget(cost=1.0, prompt_price=2.0, answer_price=10.0)
    budget.charge(100_000, 50_000)
    assert budget.spent_cost == pytest.approx(0.2 + 0.5)
    budget.require(100_000, 10_000)  # 0.7 + 0.2 + 0.1
    with pytest.raises(ModelOverBudget, match="cost"):
        budget.require(100_001, 10_000)


def test_an_endpoint_that_was_never_reached_costs_nothing() -> None:
    budget = Budget(tokens=10_000)
    model = HttpChatModel("http://127.0.0.1:1/v1", limits=ModelLimits(budget=budget))
    ask_until_error(model)
    assert budget.spent_tokens == 0


# ---------------------------------------------------------------- connecting


def test_a_model_of_ones_own_needs_only_name_and_stream() -> None:
    class Own:
        name = "own"

        def stream(self, messages, *, cancelled=never):  # type: ignore[no-untyped-def]
            yield "Yes."

    own = Own()
    assert isinstance(own, ChatModel)
    assert (context_window_of(own), answer_tokens_of(own)) == (8_192, 800)
    assert isinstance(ScriptedChatModel(["Yes."]), ChatModel)
