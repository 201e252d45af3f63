"""Sources that give another figure for the same thing."""

from datetime import UTC, datetime

import pytest

from assistant.conflicts import find_conflicts
from assistant.types import Answer, Citation, Question
from index.types import Passage

TEN = "Two days after the earthquake ten people are known to have died."
NINE = "Nine people are known to have died in the earthquake that shook the island."


def answer(quote, *others, kind="fact"):
    cited = Citation(
        marker=1,
        article_id="cited",
        version=1,
        start=0,
        end=len(quote),
        quote=quote,
        title="Cited",
        outlet="The Meridian",
        url=None,
        published=datetime(2024, 4, 5, tzinfo=UTC),
        speaker=None,
    )
    passages = tuple(
        Passage(
            article_id=f"other{number}",
            version=1,
            start=100,
            end=100 + len(text),
            text=text,
            title="Other",
            outlet="Harbour Post",
            url=None,
            published=datetime(2024, 4, 3, tzinfo=UTC),
            score=1.0,
            rank=number,
            found_by=("keyword",),
        )
        for number, text in enumerate(others, start=1)
    )
    return Answer(
        id="a", question="How many died?", standalone_question="How many died?",
        understood=Question(text="How many died?", kind=kind), text=f"{quote} [1]", claims=(),
        citations=(cited,), withheld=(), abstained=False, reason=None, mode="extractive", model=None,
        passages=passages,
    )  # fmt: skip


def test_another_figure_for_the_same_thing_is_found_at_its_place():
    passage = f"The quake came at night. {NINE} Schools are closed."
    [conflict] = find_conflicts(answer(TEN, passage))
    assert (conflict.figure, conflict.other_figure) == ("ten people", "Nine people")
    assert conflict.other.text == NINE
    assert passage[conflict.other.start - 100 : conflict.other.end - 100] == NINE


@pytest.mark.parametrize(
    "other",
    [
        "Ten people are known to have died in the earthquake that shook the island.",
        "About ten people are known to have died in the earthquake.",
        "Nine people are known to sing in the choir of the town hall.",
        "Nine rescuers are known to have died in the earthquake that shook the island.",
        "People are known to have died in the earthquake that shook the island.",
    ],
    ids=["the same figure", "a rounded figure", "another matter", "another noun", "no figure"],
)
def test_what_does_not_differ_is_no_conflict(other):
    assert find_conflicts(answer(TEN, other)) == []


def test_what_persons_say_is_theirs():
    assert find_conflicts(answer(TEN, NINE, kind="said_about")) == []
