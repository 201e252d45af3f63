"""Follow-ups, made to stand on their own."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversation import make_standalone
from assistant.question import understand_question
from assistant.types import Answer, Citation, Turn

NOW = datetime(2024, 11, 12, 15, 30, tzinfo=UTC)
SPEAKERS = {"Putin", "Lavrov", "Trump", "Anna Berg"}


def turn(question: str, speaker: str | None = None) -> Turn:
    cited = Citation(
        marker=1, article_id="a", version=1, start=0, end=1, quote="x", title="", outlet=None, url=None,
        published=None, speaker=speaker,
    )  # fmt: skip
    answer = Answer(
        id="", question=question, standalone_question=question,
        understood=understand_question(question, now=NOW, outlets=["BBC"]), text="", claims=(),
        citations=(cited,) if speaker else (), withheld=(), abstained=False, reason=None, mode="extractive",
        model=None,
    )  # fmt: skip
    return Turn(question, answer)


def follow(*questions: str, speaker: str | None = None) -> str:
    history = [turn(question, speaker) for question in questions[:-1]]
    return make_standalone(questions[-1], history, now=NOW, is_speaker=SPEAKERS.__contains__)


LAVROV = "What did Lavrov say about Trump?"


@pytest.mark.parametrize(
    ("asked", "standalone"),
    [
        ("And Putin?", "What did Putin say about Trump?"),
        ("and Putin?", "What did Putin say about Trump?"),
        ("What about Putin?", "What did Putin say about Trump?"),
        ("What about Ukraine?", "What did Lavrov say about Ukraine?"),
        ("And about Ukraine?", "What did Lavrov say about Ukraine?"),
        ("On Ukraine?", "What did Lavrov say about Ukraine?"),
        ("And last week?", "What did Lavrov say about Trump last week?"),
        ("What did he say about Ukraine?", "What did Lavrov say about Ukraine?"),
        ("What else did he say?", "What else did Lavrov say?"),
        ("And what did Putin say?", "And what did Putin say about Trump?"),
        ("What did Putin say?", "What did Putin say?"),
        ("What is his position on NATO?", "What is Lavrov’s position on NATO?"),
        ("What did Putin say about him?", "What did Putin say about him?"),
        ("Who else commented on it?", "Who besides Lavrov commented on Trump?"),
        ("Who else?", "Who besides Lavrov commented on Trump?"),
        ("How many people live in Kursk?", "How many people live in Kursk?"),
    ],
)
def test_after_a_question_for_somebodys_words(asked, standalone):
    assert follow(LAVROV, asked) == standalone


@pytest.mark.parametrize(
    ("before", "asked", "standalone"),
    [
        ("When did Anna Berg resign?", "Why?", "Why did Anna Berg resign?"),
        ("Did Anna Berg resign?", "When?", "When did Anna Berg resign?"),
        ("Who won the race?", "When?", "Who won the race, and when?"),
        ("How many people died in Northport?", "And in Skerrin?", "How many people died in Skerrin?"),
        ("When did Anna Berg resign?", "And Carl Olsen?", "When did Carl Olsen resign?"),
        ("When did Anna Berg resign?", "Where does she live?", "Where does Anna Berg live?"),
    ],
)
def test_after_a_question_of_fact(before, asked, standalone):
    assert follow(before, asked) == standalone


def test_who_else_said_so_leaves_out_who_said_it():
    before = "Who said “The bridge is safe”?"
    assert follow(before, "Who else said so?", speaker="Anna Berg") == (
        "Who besides Anna Berg said “The bridge is safe”?"
    )


def test_a_pronoun_reaches_back_over_several_turns():
    assert follow(LAVROV, "Why?", "What did he say about Kursk?") == "What did Lavrov say about Kursk?"


def test_a_pronoun_with_its_name_in_the_same_question_is_left_alone():
    assert follow(LAVROV, "Did Orban say he will resign?") == "Did Orban say he will resign?"


def test_without_a_history_a_question_is_returned_as_it_is():
    assert follow("And  Putin?") == "And Putin?"


def test_a_question_once_made_standalone_needs_nothing_more():
    standalone = follow(LAVROV, "And Putin?")
    assert follow(LAVROV, standalone) == standalone


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_follow_up_gives_some_question(text):
    history = [turn(LAVROV)]
    assert (
        make_standalone(text, history, now=NOW, is_speaker=SPEAKERS.__contains__).strip() or not text.strip()
    )


def test_the_history_is_not_changed():
    history = [turn(LAVROV)]
    make_standalone("And Putin?", history, now=NOW, is_speaker=SPEAKERS.__contains__)
    assert history == [replace(history[0])]
