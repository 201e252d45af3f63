"""Adapters: whatever a system returns becomes one `SystemAnswer`."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from evals.errors import RecordError, UnavailableError
from evals.systems.choose import EndpointOptions, open_system
from evals.systems.declining import declines
from evals.systems.endpoint import EndpointSystem, ResponseFields
from evals.systems.function import FunctionSystem, RunnableSystem, load_attribute
from evals.systems.query_engine import QueryEngineSystem
from evals.systems.reading import read_answer
from evals.systems.recorded import RecordedSystem
from evals.types import EvalCase, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CASE = EvalCase(id="dam", question="Who spoke?", history=("What happened?",), expected=("Byrne",))


@contextmanager
def serving(reply: dict[str, Any], status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A real HTTP server on loopback that keeps what it was asked and always gives the same reply."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"body": body, "key": self.headers.get("Authorization")})
            content = json.dumps(reply).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ask", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TestReading:
    @pytest.mark.parametrize(
        "value",
        [
            pytest.param({"answer": "A. [1]", "sources": ["text"]}, id="plain strings"),
            pytest.param({"text": "A. [1]", "contexts": [{"text": "text"}]}, id="mappings"),
            pytest.param(
                {"result": "A. [1]", "source_documents": [{"page_content": "text"}]}, id="documents"
            ),
        ],
    )
    def test_the_usual_shapes_are_read(self, value: dict[str, object]) -> None:
        answer = read_answer(value)
        assert answer.text == "A. [1]"
        assert answer.cited == {1: Source(text="text")}
        assert answer.retrieved == (Source(text="text"),)

    def test_sources_may_carry_their_own_markers_and_origin(self) -> None:
        source = {
            "marker": 7, "text": "t", "doc_id": 3, "outlet": "Post", "published": "2025-03-01", "title": "T",
            "speaker": "Ada Byrne",
        }  # fmt: skip
        answer = read_answer({"text": "A. [7]", "sources": [source]})
        assert answer.cited[7] == Source(
            text="t", article_id="3", outlet="Post", published=datetime(2025, 3, 1, tzinfo=UTC), title="T",
            speaker="Ada Byrne",
        )  # fmt: skip

    def test_a_field_says_whether_it_abstained_and_prose_only_where_there_is_none(self) -> None:
        assert read_answer({"text": "No idea", "abstained": True}).abstained_from == "field"
        told = read_answer({"text": "I cannot answer that from the articles."})
        assert (told.abstained, told.abstained_from) == (True, "prose")
        assert not read_answer({"text": "I cannot answer that.", "abstained": False}).abstained

    @pytest.mark.parametrize(
        ("value", "fault"),
        [
            (3, "not int"),
            ({"reply": "x"}, "an answer needs one of text, answer"),
            ({"text": "x", "sources": "y"}, "the sources of an answer are a list, not str"),
            ({"text": "x", "sources": [{"body": "y"}]}, "a source needs one of text"),
            ({"text": "x", "sources": [3]}, "int has neither text nor page_content"),
            (
                {"text": "x", "sources": [{"text": "t", "published": "3 March"}]},
                "written in ISO 8601, not '3 March'",
            ),
        ],
    )
    def test_anything_else_is_named(self, value: object, fault: str) -> None:
        with pytest.raises(TypeError, match=fault):
            read_answer(value)


@pytest.mark.parametrize(
    ("text", "declined"),
    [
        ("I don’t know.", True),
        ("I'm unable to answer this from the context.", True),
        ("There is not enough information to say.", True),
        ("Insufficient information.", True),
        ("The articles do not mention a horse race.", True),
        ("None of the documents mentions it.", True),
        ("Empty Response", True),
        ("", True),
        ("Byrne said the dam would hold.", False),
        ("Byrne said the dam would hold. The articles do not say for how long.", False),
        ("“I don't like it,” said Byrne.", False),
    ],
)
def test_declining_is_read_from_the_first_sentence(text: str, *, declined: bool) -> None:
    assert declines(text) is declined


class TestEndpoint:
    def test_plain_json_by_a_mapping(self) -> None:
        reply = {"data": {"reply": "Byrne. [1]", "docs": [{"text": "Byrne spoke."}], "refused": False}}
        fields = "text=data.reply,sources=data.docs,abstained=data.refused"
        with serving(reply) as (url, asked):
            answer = EndpointSystem(url, fields=fields).answer(CASE)
        assert asked[0]["body"] == {"question": "Who spoke?", "history": ["What happened?"], "now": None}
        assert answer.cited[1].text == "Byrne spoke."
        assert answer.abstained_from == "field"

    def test_a_chat_completion(self) -> None:
        reply = {"choices": [{"message": {"content": "Byrne spoke."}, "finish_reason": "stop"}]}
        with serving(reply) as (url, asked):
            system = EndpointSystem(url, model="small", key="secret")
            answer = system.answer(CASE)
        assert asked[0]["body"]["messages"] == [
            {"role": "user", "content": "What happened?"},
            {"role": "user", "content": "Who spoke?"},
        ]
        assert asked[0]["key"] == "Bearer secret"
        assert answer.text == "Byrne spoke."
        assert answer.retrieved == ()
        assert "secret" not in json.dumps(dict(system.describe()))

    def test_a_chat_completion_with_sources_where_the_mapping_says(self) -> None:
        reply = {
            "choices": [{"message": {"content": "Byrne spoke. [1]"}}],
            "citations": [{"text": "Byrne spoke.", "published_at": "2025-03-01"}],
            "usage": {"cost": 0.002},
        }
        with serving(reply) as (url, _):
            system = EndpointSystem(url, model="small", fields="sources=citations,cost=usage.cost")
            answer = system.answer(CASE)
        assert answer.text == "Byrne spoke. [1]"
        assert answer.cited[1].published == datetime(2025, 3, 1, tzinfo=UTC)
        assert answer.cost == 0.002

    @pytest.mark.parametrize("given", ["http://h/v1", "http://h/v1/", "http://h/v1/chat/completions"])
    def test_a_base_address_is_completed(self, given: str) -> None:
        described = EndpointSystem(given, model="small").describe()
        assert described["url"] == "http://h/v1/chat/completions"

    def test_an_error_status_is_a_failed_case_not_an_answer(self) -> None:
        import httpx

        with serving({"answer": "x"}, status=500) as (url, _), pytest.raises(httpx.HTTPStatusError):
            EndpointSystem(url).answer(CASE)

    def test_a_reply_without_the_field_is_a_failed_case(self) -> None:
        with serving({"choices": []}) as (url, _), pytest.raises(TypeError, match="an answer needs one of"):
            EndpointSystem(url, model="small").answer(CASE)

    @pytest.mark.parametrize("mapping", ["text", "txt=answer"])
    def test_a_faulty_mapping_is_named(self, mapping: str) -> None:
        with pytest.raises(UnavailableError, match=mapping.split("=", maxsplit=1)[0]):
            ResponseFields().parse(mapping)


class TestRecorded:
    def test_answers_are_looked_up_by_id(self, tmp_path: Path) -> None:
        path = tmp_path / "answers.jsonl"
        path.write_text('{"id": "dam", "answer": "Byrne. [1]", "sources": ["t"]}\n')
        assert RecordedSystem(path).answer(CASE).text == "Byrne. [1]"

    def test_a_case_without_a_recorded_answer_fails(self, tmp_path: Path) -> None:
        path = tmp_path / "answers.jsonl"
        path.write_text("")
        with pytest.raises(RecordError, match="no recorded answer for case 'dam'"):
            RecordedSystem(path).answer(CASE)

    def test_a_faulty_line_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "answers.jsonl"
        path.write_text('{"id": "a", "text": "x"}\n{"text": "y"}\n')
        with pytest.raises(RecordError, match=r"answers\.jsonl, line 2"):
            RecordedSystem(path)


class Described:
    """As a LangChain runnable tells what it takes."""

    schema: ClassVar[dict[str, Any]] = {}

    def get_input_jsonschema(self) -> dict[str, Any]:
        return self.schema


def mapping_of(*keys: str, required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": {key: {} for key in keys}, "required": required}


class TestFrameworks:
    def test_a_llama_index_query_engine(self) -> None:
        from llama_index.core.base.response.schema import Response
        from llama_index.core.schema import NodeWithScore, TextNode

        class Engine:
            def query(self, question: str) -> Response:
                node = TextNode(text="Byrne spoke.", metadata={"title": "Dam"})
                return Response(f"{question} Byrne. [1]", source_nodes=[NodeWithScore(node=node, score=0.5)])

        answer = QueryEngineSystem(Engine()).answer(CASE)
        assert answer.text == "Who spoke? Byrne. [1]"
        assert (answer.cited[1].text, answer.cited[1].title) == ("Byrne spoke.", "Dam")

    def test_a_langchain_chain_that_takes_a_mapping(self) -> None:
        class Document:  # LangChain's has these two attributes
            page_content = "Byrne spoke."
            metadata = {"source": "dam.txt", "title": "Dam"}  # noqa: RUF012

        class Chain(Described):
            schema = mapping_of("chat_history", "input", required=["input"])

            def invoke(self, given: dict[str, object]) -> dict[str, object]:
                assert given["chat_history"] == [("human", "What happened?")]
                return {"input": given["input"], "answer": "Byrne. [1]", "context": [Document()]}

        answer = RunnableSystem(Chain()).answer(CASE)
        assert answer.text == "Byrne. [1]"
        assert (answer.cited[1].text, answer.cited[1].title) == ("Byrne spoke.", "Dam")

    @pytest.mark.parametrize(
        ("schema", "given"),
        [
            pytest.param({"type": "string"}, "Who spoke?", id="a text"),
            pytest.param({"anyOf": [{"type": "string"}]}, "Who spoke?", id="a chat model takes a text, too"),
            pytest.param(
                {"type": "object", "properties": {"question": {}, "context": {}}, "required": ["question"]},
                {"question": "Who spoke?"},
                id="a mapping with a question",
            ),
            pytest.param(
                {"type": "object", "properties": {"frage": {}}, "required": ["frage"]},
                {"frage": "Who spoke?"},
                id="a mapping with one key",
            ),
        ],
    )
    def test_a_langchain_runnable_is_asked_as_its_schema_says(
        self, schema: dict[str, Any], given: object
    ) -> None:
        asked: list[object] = []

        class Message:
            content = "Byrne."

        class Model(Described):
            def invoke(self, question: object) -> Message:
                asked.append(question)
                return Message()

        Model.schema = schema
        assert RunnableSystem(Model()).answer(CASE).text == "Byrne."
        assert asked == [given]

    def test_a_runnable_that_cannot_be_asked_is_named(self) -> None:
        class Chain(Described):
            schema = mapping_of("topic", "style", required=["topic", "style"])

            def invoke(self, _given: object) -> str:
                return ""

        with pytest.raises(UnavailableError, match="the keys topic, style, of which none is input"):
            RunnableSystem(Chain())


class TestFunction:
    def test_history_and_moment_are_given_where_the_function_takes_them(self) -> None:
        def answer(question: str, *, history: list[str], now: datetime | None) -> str:
            return f"{question} after {history} at {now}"

        assert FunctionSystem(answer).answer(CASE).text == "Who spoke? after ['What happened?'] at None"

    def test_a_changed_module_is_another_system(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.syspath_prepend(tmp_path)
        described = []
        for number, reply in enumerate(("one", "two")):
            (tmp_path / f"rag_{number}.py").write_text(f"def ask(question):\n    return {reply!r}\n")
            with open_system(f"function:rag_{number}:ask", EndpointOptions(revision="r1")) as system:
                described.append(system.describe())
        assert described[0]["module_sha256"] != described[1]["module_sha256"]
        assert described[0]["revision"] == "r1"


class TestChoosing:
    def test_a_function_by_name(self) -> None:
        with open_system("function:json:dumps") as system:
            assert isinstance(system, FunctionSystem)
            assert system.answer(CASE).text == '"Who spoke?"'

    @pytest.mark.parametrize(
        ("choice", "fault"),
        [
            ("nonsense", "is not one of articles:"),
            ("function:json", "write it as module:name"),
            ("function:no_such_module:f", "cannot be loaded"),
            ("function:json:no_such_name", "cannot be loaded"),
            ("articles:/no/such/folder", "names no folder"),
            ("openai:http://127.0.0.1:1", "needs --model"),
            ("langchain:json:dumps", "json:dumps is a function without invoke"),
            ("llama-index:json:dumps", "json:dumps is a function without query"),
        ],
    )
    def test_a_choice_that_cannot_be_is_named(self, choice: str, fault: str) -> None:
        with pytest.raises(UnavailableError, match=fault), open_system(choice):
            pass

    @pytest.mark.parametrize("choice", ["http:https://rag.example/ask", "https://rag.example/ask"])
    def test_a_plain_address_is_an_endpoint(self, choice: str) -> None:
        with open_system(choice) as system:
            assert system.describe()["url"] == "https://rag.example/ask"

    def test_an_endpoint_by_address(self) -> None:
        with open_system("openai:http://127.0.0.1:1", EndpointOptions(model="small")) as system:
            assert system.name == "small"

    def test_what_a_module_names(self) -> None:
        assert load_attribute("json:dumps") is json.dumps
