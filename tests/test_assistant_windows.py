"""Which window of time the dates in a question mean, read on Tuesday 12 November 2024."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.windows import describe_window, find_covered_window, find_window

NOW = datetime(2024, 11, 12, 15, 30, tzinfo=UTC)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("phrase", "since", "until"),
    [
        ("on 7 November 2024", "2024-11-07", "2024-11-08"),
        ("on November 7th, 2024", "2024-11-07", "2024-11-08"),
        ("on the 7th of November", "2024-11-07", "2024-11-08"),
        ("on 2024-11-07", "2024-11-07", "2024-11-08"),
        ("on 24 December", "2023-12-24", "2023-12-25"),
        ("in November 2024", "2024-11-01", "2024-12-01"),
        ("in early March 2023", "2023-03-01", "2023-03-11"),
        ("in late March 2023", "2023-03-21", "2023-04-01"),
        ("in December", "2023-12-01", "2024-01-01"),
        ("in 2022", "2022-01-01", "2023-01-01"),
        ("on Thursday", "2024-11-07", "2024-11-08"),
        ("on Tuesday", "2024-11-12", "2024-11-13"),
        ("last Tuesday", "2024-11-05", "2024-11-06"),
        ("on Sunday night", "2024-11-10", "2024-11-11"),
        ("today", "2024-11-12", "2024-11-13"),
        ("yesterday", "2024-11-11", "2024-11-12"),
        ("the day before yesterday", "2024-11-10", "2024-11-11"),
        ("this week", "2024-11-05", "2024-11-13"),
        ("last week", "2024-11-04", "2024-11-11"),
        ("last weekend", "2024-11-09", "2024-11-11"),
        ("last month", "2024-10-01", "2024-11-01"),
        ("this year", "2024-01-01", "2025-01-01"),
        ("in the last three days", "2024-11-09", "2024-11-13"),
        ("two weeks ago", "2024-10-29", "2024-10-30"),
        ("between 3 and 9 May 2024", "2024-05-03", "2024-05-10"),
        ("from 3 May 2024 to 2 June 2024", "2024-05-03", "2024-06-03"),
        ("between 2019 and 2021", "2019-01-01", "2022-01-01"),
        ("since 5 November", "2024-11-05", None),
        ("since last week", "2024-11-04", None),
        ("after Thursday", "2024-11-08", None),
        ("before November", None, "2024-11-01"),
        ("until 5 November 2024", None, "2024-11-06"),
    ],
)
def test_a_phrase_means_this_window(phrase, since, until):
    window = find_window(f"What did Berg say {phrase} about the bridge?", NOW)
    assert window is not None
    assert window.since == (day(since) if since else None)
    assert window.until == (day(until) if until else None)


@pytest.mark.parametrize(
    "text",
    [
        "Who won the 2019 cup final?",
        "What may Berg do?",
        "Did sales rise on Black Friday?",
        "Who wants post-Black Friday discounts?",
        "Who edits the Sunday Times?",
        "What did USA Today report?",
        "What will happen next Friday?",
        "How many people live there?",
    ],
)
def test_names_and_numbers_are_no_window(text):
    assert find_window(text, NOW) is None


def test_a_day_that_does_not_exist_is_read_as_its_month():
    window = find_window("What happened on 31 June 2024?", NOW)
    assert window is not None
    assert (window.since, window.until) == (day("2024-06-01"), day("2024-07-01"))


def test_the_span_covers_the_whole_phrase():
    text = "What did Berg say on 7 November 2024 about the bridge?"
    window = find_window(text, NOW)
    assert window is not None
    assert text[window.start : window.end] == "on 7 November 2024"


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2024-11-07", "2024-11-08", "on 7 November 2024"),
        ("2024-05-03", "2024-05-10", "between 3 May 2024 and 9 May 2024"),
        ("2024-05-03", None, "since 3 May 2024"),
        (None, "2024-05-03", "before 3 May 2024"),
        (None, None, ""),
    ],
)
def test_a_window_is_told_in_words(since, until, words):
    assert describe_window(day(since) if since else None, day(until) if until else None) == words


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789 -,MarchTuesdaylastofin"), max_size=60))
def test_a_window_never_ends_before_it_begins_where_both_ends_are_one_moment(text):
    window = find_window(text, NOW)
    if window is not None:
        assert 0 <= window.start < window.end <= len(text)


@pytest.mark.parametrize(
    ("phrase", "newest", "since", "earlier"),
    [
        pytest.param("in December", "2022-03-18", "2021-12-01", True, id="an archive that ended before"),
        pytest.param("in November", "2024-10-30", "2024-11-01", False, id="an archive still fed"),
        pytest.param("in December", "2024-03-18", "2023-12-01", False, id="a month that it covers"),
        pytest.param("in December 2023", "2022-03-18", "2023-12-01", False, id="a month with its year"),
        pytest.param("yesterday", "2022-03-18", "2024-11-11", False, id="no month"),
    ],
)
def test_a_month_without_a_year_is_the_latest_one_that_the_archive_reaches(phrase, newest, since, earlier):
    window, moved = find_covered_window(f"What happened {phrase}?", NOW, day(newest))
    assert window is not None
    assert (window.since, moved) == (day(since), earlier)
