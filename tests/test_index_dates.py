"""Times are aware, and a placeholder is no time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from index.dates import find_times, parse_time

CET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-11-07", datetime(2024, 11, 7, tzinfo=UTC)),
        ("20241107", datetime(2024, 11, 7, tzinfo=UTC)),
        (" 2024-11-07T18:30 ", datetime(2024, 11, 7, 18, 30, tzinfo=UTC)),
        ("2024-11-07 18:30:05", datetime(2024, 11, 7, 18, 30, 5, tzinfo=UTC)),
        ("2024-11-07T18:30:00Z", datetime(2024, 11, 7, 18, 30, tzinfo=UTC)),
        ("2024-11-07T18:30:00+01:00", datetime(2024, 11, 7, 18, 30, tzinfo=CET)),
        ("2024-11-07T18:30:00+0100", datetime(2024, 11, 7, 18, 30, tzinfo=CET)),
        ("2024-11-07T18:30:00.123456789Z", datetime(2024, 11, 7, 18, 30, 0, 123456, tzinfo=UTC)),
        ("Thu, 07 Nov 2024 18:30:00 +0100", datetime(2024, 11, 7, 18, 30, tzinfo=CET)),
        ("Thu, 07 Nov 2024 18:30:00 GMT", datetime(2024, 11, 7, 18, 30, tzinfo=UTC)),
        ("1954-05-18", datetime(1954, 5, 18, tzinfo=UTC)),
    ],
)
def test_iso_and_mail_times_are_read_with_utc_where_no_zone_is_named(text: str, time: datetime) -> None:
    read = parse_time(text)
    assert read == time
    assert read is not None
    assert read.utcoffset() == time.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "07/11/2024",
        "2024-13-01",
        "2024-02-30",
        "1970-01-01T00:00:00Z",
        "0001-01-01",
        "9999999",
        "\x00",
    ],
)
def test_what_is_no_time_or_only_a_placeholder_is_none(text: str) -> None:
    assert parse_time(text) is None


@given(st.datetimes(min_value=datetime(1700, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # made aware by timezones
def test_every_time_that_is_written_is_read_back(time: datetime) -> None:
    assert parse_time(time.isoformat()) == (None if time == datetime(1970, 1, 1, tzinfo=UTC) else time)


def page(*json_ld: object, head: str = "") -> object:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(data)}</script>' for data in json_ld)
    return document_fromstring(f"<html><head>{head}{scripts}</head><body><p>Text.</p></body></html>")


def test_the_date_of_the_article_comes_before_that_of_other_objects() -> None:
    tree = page(
        {"@type": "WebPage", "datePublished": "2020-01-01"},
        {"@type": "VideoObject", "datePublished": "2021-01-01"},
        [{"@type": ["Thing", "ReportageNewsArticle"], "datePublished": "2024-11-07T09:00:00+01:00"}],
    )
    assert find_times(tree, None).published == datetime(2024, 11, 7, 8, tzinfo=UTC)


def test_an_update_counts_only_when_it_is_later_than_the_publication() -> None:
    same = page({"@type": "NewsArticle", "datePublished": "2024-11-07", "dateModified": "2024-11-07"})
    later = page({"@type": "NewsArticle", "datePublished": "2024-11-07", "dateModified": "2024-11-08"})
    assert find_times(same, None).updated is None
    assert find_times(later, None).updated == datetime(2024, 11, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken", ['{"@type": ', "[" * 100_000, "null", '{"datePublished": {"a": 1}}', '"text"']
)
def test_broken_json_ld_is_passed_over(broken: str) -> None:
    head = f'<script type="application/ld+json">{broken}</script><meta name="pubdate" content="2024-11-07">'
    times = find_times(document_fromstring(f"<html><head>{head}</head><body>x</body></html>"), None)
    assert (times.published, times.published_from) == (datetime(2024, 11, 7, tzinfo=UTC), "meta")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://post.example/2024/11/07/harbour", 7),
        ("https://post.example/news/2024-11-07-harbour", 7),
        ("https://post.example/2024/11/harbour", None),
        ("https://post.example/20241107", None),
        ("https://post.example/id/12024/11/07", None),
    ],
    ids=["path", "slug", "month_only", "digits", "longer_number"],
)
def test_a_whole_day_in_the_address_is_a_date(url: str, day: int | None) -> None:
    times = find_times(page(), url)
    assert times.published == (datetime(2024, 11, day, tzinfo=UTC) if day else None)
    assert times.published_from == ("url" if day else "unknown")
