"""A question asked within chosen outlets, dates, and without single articles."""

from datetime import UTC, datetime

import pytest

from assistant import Answer, Assistant, Scope, Settings
from index import Archive, Article
from index.testing import HashEmbedder

QUESTION = "What did Ada Brandt say about the crane?"


def day(number):
    return datetime(2025, 1, number, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    said = {
        ("post", "Harbour Post", 3): "broke on Monday",
        ("ledger", "Capital Ledger", 10): "was mended by Simon Gale",
        ("wire", "Northgate Wire", 20): "would be sold",
    }
    with Archive.open(tmp_path_factory.mktemp("newsroom"), embedder=HashEmbedder()) as opened:
        opened.add(
            [
                Article(
                    id=name,
                    text=f"{filler} Ada Brandt, the harbour master, said that the crane {words}. {filler}",
                    title=f"Crane {words}",
                    outlet=outlet,
                    published=day(number),
                    published_from="given",
                )
                for ((name, outlet, number), words), filler in zip(
                    said.items(),
                    ("The quay was full of ships.", "Nobody came to the meeting.", "It rained all week."),
                    strict=True,
                )
            ]
        )
        yield opened


@pytest.fixture(scope="module")
def assistant(archive):
    return Assistant(archive, settings=Settings(model_url=None, _env_file=None))


def read(answer):
    return {citation.article_id for citation in answer.citations}


@pytest.mark.parametrize("question", [QUESTION, "What happened to the crane?"], ids=["statements", "facts"])
@pytest.mark.parametrize(
    ("scope", "within"),
    [
        (Scope(outlets=("Harbour Post", "Northgate Wire")), {"post", "wire"}),
        (Scope(since=day(5)), {"ledger", "wire"}),
        (Scope(since=day(5), until=day(15)), {"ledger"}),
        (Scope(without=("wire", "post")), {"ledger"}),
        (Scope(outlets=("Harbour Post", "Capital Ledger"), without=("post",)), {"ledger"}),
    ],
    ids=["outlets", "since", "window", "without", "together"],
)
def test_nothing_outside_the_scope_is_read_or_cited(assistant, question, scope, within):
    answer = assistant.within(scope).ask(question)
    assert read(answer)
    assert read(answer) <= within
    assert {passage.article_id for passage in answer.passages} <= within


def test_what_was_chosen_stands_in_the_answer_and_survives_the_round_trip(assistant):
    scope = Scope(outlets=("Harbour Post",), since=day(1), without=("wire",))
    answer = assistant.within(scope).ask(QUESTION)
    assert answer.understood.scope == scope
    assert Answer.from_dict(answer.to_dict()) == answer


def test_an_outlet_that_the_question_names_narrows_further(assistant):
    chosen = assistant.within(Scope(outlets=("Harbour Post", "Capital Ledger")))
    answer = chosen.ask("What did Ada Brandt say about the crane in the Capital Ledger?")
    assert read(answer) == {"ledger"}


def test_a_scope_without_articles_is_a_refusal_that_says_so(assistant):
    answer = assistant.within(Scope(since=day(25))).ask(QUESTION)
    assert answer.abstained
    assert "chosen outlets and dates" in answer.text


def test_the_assistant_itself_stays_as_it_was(assistant):
    assistant.within(Scope(outlets=("Harbour Post",))).ask(QUESTION)
    assert read(assistant.ask(QUESTION)) == {"post", "ledger", "wire"}
