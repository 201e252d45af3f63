"""Reading times: every time is aware, and UTC is assumed where a source names no zone."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

EARLIEST_YEAR = 1600
"""The first newspapers; an earlier year is a placeholder of a content system ("0001-01-01")."""


def parse_time(text: str) -> datetime | None:
    """Read an ISO 8601 or RFC 2822 time (the forms of JSON, HTML meta tags and feeds).

    A day without a time is its midnight. Returns None where the text is neither form, or where it
    is a placeholder: the Unix epoch or a year before the first newspaper.
    """
    text = text.strip()
    time = _parse_iso(text) or _parse_mail(text)
    if time is None:
        return None
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    if aware.year < EARLIEST_YEAR or aware == datetime(1970, 1, 1, tzinfo=UTC):
        return None
    return aware


def _parse_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parse_mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
