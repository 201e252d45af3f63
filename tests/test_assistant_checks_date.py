"""Dates of a claim against the source's dates and the day of publication (Thursday, 6 March 2025)."""

from datetime import UTC, datetime

import pytest

from assistant.alignment import Comparison, Source
from assistant.checks.date import check_date
from assistant.dates import read_dates
from assistant.types import Evidence


def check(
    claim: str,
    text: str,
    published: datetime | None = datetime(2025, 3, 6, 9, tzinfo=UTC),
    outlet: str | None = None,
):
    evidence = Evidence(
        marker=1,
        article_id="a",
        version=1,
        start=0,
        end=len(text),
        text=text,
        title="",
        outlet=outlet,
        url=None,
        published=published,
    )
    return check_date(Comparison(claim, [Source(evidence)]))


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("The bridge opened on Tuesday.", "The bridge opened on Tuesday.", id="the same weekday"),
        pytest.param(
            "The bridge opened on 4 March 2025.", "The bridge opened on Tuesday.", id="weekday resolved"
        ),
        pytest.param(
            "The bridge opened on March 5.", "The bridge opened yesterday.", id="yesterday resolved"
        ),
        pytest.param(
            "The bridge opened on 2025-03-06.", "The bridge opened today.", id="today resolved, ISO"
        ),
        pytest.param("The bridge opened in May 2019.", "The bridge opened on May 3, 2019.", id="less exact"),
        pytest.param("The bridge opened in 2019.", "The bridge opened on 3 May 2019.", id="only the year"),
        pytest.param("The bridge opened on 3rd May.", "The bridge opened on May 3.", id="the other order"),
        pytest.param("The bridge opened on Sept. 3.", "The bridge opened on September 3.", id="abbreviated"),
        pytest.param(
            "On 6 March 2025 it was reported that the bridge opened.",
            "The bridge opened.",
            id="day of publication",
        ),
        pytest.param(
            "The talks are on January 28 and 29.", "The talks are on 28 and 29 January.", id="two days"
        ),
        pytest.param("The talks are on 28 January.", "The talks are on January 28-29.", id="one of two days"),
        pytest.param("The talks are on January 29.", "The talks are on January 28 or 29.", id="the other"),
        pytest.param("It opens on 3 May 2025.", "It opens on 3 May.", id="this year's"),
        pytest.param("It opened on 30 November 2024.", "It opened on 30 November.", id="last year's"),
    ],
)
def test_dates_that_agree(claim, text):
    assert check(claim, text).passed is True


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("The bridge opened on Monday.", "The bridge opened on Tuesday.", id="another weekday"),
        pytest.param("It opened on 3 May 2024.", "It opened on 3 May.", id="a year that is too far off"),
        pytest.param("It opened on 30 January.", "It opened on 28 and 29 January.", id="neither of two days"),
        pytest.param(
            "The bridge opened on 5 March 2025.",
            "The bridge opened on Tuesday.",
            id="wrong day for the weekday",
        ),
        pytest.param(
            "The bridge opened in June 2019.", "The bridge opened on May 3, 2019.", id="another month"
        ),
        pytest.param("The bridge opened in 2018.", "The bridge opened on 3 May 2019.", id="another year"),
        pytest.param(
            "The bridge opened on 4 May 2019.", "The bridge opened on 3 May 2019.", id="another day"
        ),
        pytest.param(
            "The bridge opened on 3 May 2019.",
            "The bridge opened in May 2019.",
            id="more exact than the source",
        ),
        pytest.param("The bridge opened yesterday.", "The bridge opened today.", id="another relative day"),
        pytest.param(
            "The bridge opened last month.", "The bridge opened last year.", id="another relative month"
        ),
        pytest.param("The bridge opened on 7 March 2031.", "The bridge opened.", id="a day from nowhere"),
    ],
)
def test_dates_that_do_not(claim, text):
    assert check(claim, text).passed is False


def test_without_a_day_of_publication_a_weekday_is_not_resolved():
    assert check("The bridge opened on 4 March 2025.", "The bridge opened on Tuesday.", None).passed is False


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("May I ask who may go?", id="the verb may"),
        pytest.param("Marching bands played.", id="marching"),
        pytest.param("He read it in USA Today.", id="a newspaper's name"),
        pytest.param("The crowd counted 1950 people.", id="a number like a year"),
        pytest.param("It cost $2019.", id="an amount like a year"),
    ],
)
def test_what_is_no_date(text):
    assert read_dates(text) == []


@pytest.mark.parametrize(
    ("day", "passed"),
    [
        pytest.param("6 March 2025", True, id="the article's day"),
        pytest.param("Thursday", True, id="its weekday"),
        pytest.param("7 March 2025", False, id="another day"),
        pytest.param("Friday", False, id="another weekday"),
    ],
)
def test_the_day_on_which_an_outlet_is_to_have_reported_is_that_of_its_article(day, passed):
    claim = f"The Harbour Post reported on {day} that the bridge fell."
    finding = check(claim, "The bridge fell.", outlet="Harbour Post")
    assert finding.passed is passed


def test_the_day_of_a_report_cannot_be_checked_against_an_article_without_one():
    claim = "The Harbour Post reported on 7 March 2025 that the bridge fell."
    assert check(claim, "The bridge fell.", None, "Harbour Post").passed is None


def test_the_day_before_a_month_is_not_taken_from_another_number():
    assert [mention.text for mention in read_dates("In room 128 and 29 January was cold.")] == ["29 January"]
