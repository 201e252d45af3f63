"""A question that asks for several things is searched for part by part."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.parts import MOST_PARTS, split_question
from assistant.terms import asked_terms

OUTLETS = ("Harbour Herald", "The Guardian")
LONG = (
    "Which company, sued by a news publisher over lost advertising according to The Guardian, paid a phone "
    "maker for the default search engine as reported by 'Harbour Herald', and laid off many engineers in "
    "March?"
)


def test_a_question_about_one_thing_stays_whole():
    question = "Which company paid a phone maker, and when?"
    assert split_question(question, OUTLETS) == (question, ())


def test_each_clause_is_a_part_with_the_outlets_it_names():
    _query, parts = split_question(LONG, OUTLETS)
    assert [(part.text, part.outlets) for part in parts] == [
        ("Which company sued by a news publisher over lost advertising according to", ("The Guardian",)),
        ("paid a phone maker for the default search engine as reported by", ("Harbour Herald",)),
        ("laid off many engineers in March?", ()),
    ]


def test_outlets_say_where_to_look_and_are_not_searched_for():
    query, parts = split_question(LONG, OUTLETS)
    assert parts
    assert "Guardian" not in query
    assert "Herald" not in query


def test_calendar_dates_are_not_searched_for():
    query, parts = split_question(
        "Did the Herald report on the flood at the northern dam on May 3, 2024, describe the same breach "
        "that engineers of the power company warned about on June 5, 2023?",
        (),
    )
    assert parts
    assert "2024" not in query
    assert all("2023" not in part.text for part in parts)


def test_an_unknown_outlet_is_a_word_like_any_other():
    _query, parts = split_question(LONG, ())
    assert all(part.outlets == () for part in parts)
    assert "Guardian" in parts[0].text


@given(st.lists(st.sampled_from([*LONG.split(), ",", "and", "while", "?"]), max_size=60).map(" ".join))
def test_parts_are_few_and_each_says_something(question):
    query, parts = split_question(question, OUTLETS)
    assert len(parts) <= MOST_PARTS
    assert len(parts) != 1
    assert all(asked_terms(part.text) for part in parts)
    assert query == question or parts
