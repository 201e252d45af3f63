"""A question that asks for several things is searched for part by part."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from assistant.parts import FEWEST_TERMS, MOST_PARTS, split_question
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


def test_a_date_with_its_year_narrows_its_own_part_to_the_articles_of_that_day():
    _query, parts = split_question(
        "Between the Herald's report on the flood at the dam published on May 3, 2024, and its "
        "report on the breach that engineers of the power company feared, did the number change?",
        (),
    )
    assert [(part.since, part.until) for part in parts] == [
        (datetime(2024, 5, 2, tzinfo=UTC), datetime(2024, 5, 5, tzinfo=UTC)),
        *[(None, None)] * (len(parts) - 1),
    ]


def test_a_date_that_does_not_exist_narrows_nothing():
    _query, parts = split_question(LONG.replace("in March", "on June 31, 2024"), OUTLETS)
    assert parts
    assert all(part.since is None for part in parts)


def test_neither_an_outlets_name_nor_a_pair_of_names_is_cut():
    question = (
        "Did the report of Harbour and Coast on the engagement of Ada Byrne and Tom Reyes mention the storm, "
        "while the other paper spoke of a long courtship and a quiet wedding?"
    )
    _query, parts = split_question(question, ("Harbour and Coast",))
    assert [(part.text, part.outlets) for part in parts] == [
        (
            "Did the report of on the engagement of Ada Byrne and Tom Reyes mention the storm",
            ("Harbour and Coast",),
        ),
        ("the other paper spoke of a long courtship a quiet wedding?", ()),
    ]


def test_words_that_only_name_outlets_stay_with_the_clause_before_them():
    _query, parts = split_question(
        "Which minister resigned over the failed bridge and had praised its builders, as reported by "
        "The Guardian and Harbour Herald, shortly before the opening of the northern harbour?",
        OUTLETS,
    )
    assert [part.outlets for part in parts if "reported" in part.text] == [OUTLETS[::-1]]
    assert all(len(asked_terms(part.text)) >= FEWEST_TERMS for part in parts)


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
