"""The archive and the assistant over HTTP, read by a client."""

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from starlette.testclient import TestClient

from assistant import Answer, Assistant, Settings
from assistant.types import Scope
from assistant.ui.server import create_app
from index import Archive
from index.testing import HashEmbedder

QUESTION = "What did Lavrov say about Trump?"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    with Archive.open(tmp_path_factory.mktemp("newsroom"), embedder=HashEmbedder()) as opened:
        opened.add(str(files("index") / "sample"))
        yield opened


@pytest.fixture(scope="module")
def assistant(archive):
    return Assistant(archive, settings=Settings(model_url=None, _env_file=None))


@pytest.fixture(scope="module")
def client(archive, assistant):
    return TestClient(create_app(archive, assistant), base_url="http://127.0.0.1")


def events_of(response):
    return [
        (block.split("\n")[0].removeprefix("event: "), json.loads(block.split("\ndata: ")[1]))
        for block in response.text.strip().split("\n\n")
    ]


def without_timings(answer):
    return {name: value for name, value in answer.items() if name != "timings"}


def test_ask_gives_the_answer_that_python_gives(client, assistant):
    data = client.post("/api/ask", json={"question": QUESTION}).json()
    assert without_timings(data) == without_timings(assistant.ask(QUESTION).to_dict())
    assert Answer.from_dict(data).citations


def test_a_follow_up_brings_its_earlier_questions(client):
    data = client.post("/api/ask", json={"question": "And Zelensky?", "history": [QUESTION]}).json()
    assert data["standalone_question"] == "What did Zelensky say about Trump?"


def test_a_question_may_be_narrowed_to_outlets_and_a_window(client, assistant):
    body = {"question": QUESTION, "outlet": ["Northgate Wire"], "until": "2025-01-01T00:00:00Z"}
    scope = Scope(outlets=("Northgate Wire",), until=datetime(2025, 1, 1, tzinfo=UTC))
    expected = without_timings(assistant.within(scope).ask(QUESTION).to_dict())
    assert without_timings(client.post("/api/ask", json=body).json()) == expected
    events = events_of(client.post("/api/ask/stream", json=body))
    assert without_timings(events[-1][1]) == expected
    assert {citation["outlet"] for citation in expected["citations"]} <= {"Northgate Wire"}
    assert client.post("/api/ask", json=body | {"outlet": ["Nobody"]}).json()["abstained"]


def test_the_stream_tells_sources_before_claims_and_ends_with_the_answer(client, assistant):
    events = events_of(client.post("/api/ask/stream", json={"question": QUESTION}))
    kinds = [kind for kind, _ in events]
    assert kinds[0] == "step"
    assert kinds.index("sources") < kinds.index("claim")
    assert kinds[-1] == "answer"
    assert without_timings(events[-1][1]) == without_timings(assistant.ask(QUESTION).to_dict())


def test_openai_clients_get_the_text_and_the_citations_beside_it(client, assistant):
    data = client.post(
        "/v1/chat/completions", json={"model": "x", "messages": [{"role": "user", "content": QUESTION}]}
    ).json()
    answer = assistant.ask(QUESTION)
    assert data["choices"][0]["message"]["content"] == answer.text
    assert data["choices"][0]["finish_reason"] == "stop"
    assert data["citations"] == answer.to_dict()["citations"]


def test_openai_clients_can_read_it_as_a_stream(client, assistant):
    response = client.post(
        "/v1/chat/completions", json={"stream": True, "messages": [{"role": "user", "content": QUESTION}]}
    )
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    chunks = [json.loads(line) for line in lines[:-1]]
    assert lines[-1] == "[DONE]"
    assert chunks[0]["choices"][0]["delta"]["content"] == assistant.ask(QUESTION).text
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_search_quotes_and_articles_are_those_of_the_archive(client, archive):
    passages = client.get("/api/search", params={"q": "bridge", "k": 3, "outlet": ["Northgate Wire"]}).json()
    assert [one["text"] for one in passages] == [
        one.text for one in archive.search("bridge", k=3, outlet=["Northgate Wire"])
    ]
    quotes = client.get("/api/quotes", params={"speaker": "Lavrov"}).json()
    assert [one["text"] for one in quotes] == [one.text for one in archive.quotes(speaker="Lavrov")]
    listed = client.get("/api/articles", params={"limit": 5}).json()
    assert [one["id"] for one in listed] == [one.id for one in archive.articles(limit=5)]
    whole = client.get(f"/api/articles/{listed[0]['id']}").json()
    assert whole["text"] == archive.article(listed[0]["id"]).text
    assert client.get("/api/speakers", params={"limit": 1}).json()[0]["name"] == archive.speakers()[0][0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/articles/nothing", 404),
        ("/api/search", 422),
        ("/api/search?q=x&k=10000", 422),
        ("/api/search?q=x&since=2025-01-01T00:00:00", 422),
        ("/api/quotes?limit=0", 422),
    ],
)
def test_what_cannot_be_served_is_said(client, path, status):
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    "body", [{"question": ""}, {"question": "x" * 5000}, {}, {"question": "x", "history": ["y"] * 21}]
)
def test_a_question_out_of_bounds_is_refused(client, body):
    assert client.post("/api/ask", json=body).status_code == 422


def test_a_blank_question_says_what_to_do(client):
    refused = client.post("/api/ask", json={"question": "  "})
    assert refused.status_code == 422
    assert "Ask, for example" in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/api/ask", "/api/ask/stream"])
def test_a_blank_earlier_question_is_refused_the_same_way(client, path):
    refused = client.post(path, json={"question": QUESTION, "history": [" "]})
    assert refused.status_code == 422


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/articles", "/api/articles/x", "/api/quotes"])
def test_nothing_can_be_changed(client, method, path):
    assert getattr(client, method)(path).status_code in {404, 405}


def test_the_description_names_every_route(client):
    described = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/ask", "/api/ask/stream", "/api/search", "/api/quotes", "/v1/chat/completions"} <= set(
        described
    )
    page = client.get("/api").text
    assert all(path in page for path in described)
