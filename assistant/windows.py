"""Dates named in a question -> the window of time they mean.

A question says "on Thursday", "in November 2024", "since last week" or "between 3 and 7 May 2024". Each
moment is read against a given now, never against the clock, and a moment without a year is the most
recent one that is not in the future. Windows are half open and begin and end at midnight of now's zone.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeWindow:
    """A window of time and the words of the question that name it."""

    start: int
    """First character of the phrase in the question, its preposition included."""
    end: int
    """One past its last character."""
    since: datetime | None
    """Start of the window, inclusive; None where it is open ("before March")."""
    until: datetime | None
    """End of the window, exclusive; None where it is open ("since March")."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """One date expression: a day, a week, a month, a year."""

    start: int
    end: int
    since: datetime
    until: datetime


_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(month_abbr) if name} | {"sept": 9}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_NUMBERS |= {"a": 1, "couple of": 2, "few": 3}
_UNIT_DAYS = {"hour": 0, "day": 1, "week": 7, "month": 30, "year": 365}

_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_UNIT = r"(?:hour|day|week|month|year)"
_COUNT = r"(?:\d{1,3}|" + "|".join(_NUMBERS) + ")"
_WEEKDAY = "(?:" + "|".join(_WEEKDAYS) + ")"

_MOMENT = re.compile(
    rf"""\b(?:
      (?P<iso>{_YEAR}-[01]\d-[0-3]\d)
    | (?:the\s+)?(?P<day1>{_DAY})(?:\s+of)?\s+(?P<month1>{_MONTH})(?:,?\s+(?P<year1>{_YEAR}))?
    | (?P<month2>{_MONTH})\s+(?P<day2>{_DAY})(?!\d)(?:,?\s+(?P<year2>{_YEAR}))?
    | (?:(?P<part>early|mid|late)[\s-])?(?P<month3>{_MONTH})(?:\s+of)?,?\s+(?P<year3>{_YEAR})
    | (?P<ago_count>{_COUNT})\s+(?P<ago_unit>{_UNIT})s?\s+ago
    | (?:the\s+)?(?:last|past|previous)\s+(?P<run_count>{_COUNT})\s+(?P<run_unit>{_UNIT})s?
    | (?:the\s+)?day\s+before\s+(?P<before_yesterday>yesterday)
    | (?P<near>today|yesterday|last\s+night|tonight|this\s+(?:morning|afternoon|evening))
    | (?:the\s+)?(?P<which>this|last|past|previous)\s+(?P<period>week|weekend|month|year)
    | (?:(?P<which_day>this|last|past|next)\s+)?(?P<weekday>{_WEEKDAY})
    | (?P<bare_year>{_YEAR})
    | (?P<bare_month>{_MONTH})
    )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:ever\s+)?since\s+(?:the\s+)?$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|following|later\s+than)\s+(?:the\s+)?$", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:before|prior\s+to|earlier\s+than)\s+(?:the\s+)?$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|up\s+to|by)\s+(?:the\s+)?$", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:on|in|during|over|within|for|from|of|as\s+of|throughout)\s+(?:the\s+)?$", re.IGNORECASE)
_RANGE_OPENS = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.IGNORECASE)
_RANGE_JOINS = re.compile(r"^\s*(?:and|to|until|till|through|[-–—])\s*(?:the\s+)?$", re.IGNORECASE)
_RANGE_DAY = re.compile(rf"\b(?:between|from)\s+(?:the\s+)?(?P<day>{_DAY})\s*(?:and|to|until|[-–—])\s*(?:the\s+)?$", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"(?:^|\s)(?!On\s|In\s|Since\s|After\s|Before\s|Until\s|By\s)[A-Z]\w+\s+$")
_NAME_AFTER = re.compile(r"^\s+(?:[A-Z]\w+)")


def find_window(text: str, now: datetime) -> TimeWindow | None:
    """The window of time that a question asks for, or None where it names none.

    Args:
        text: The question.
        now: An aware datetime against which "today" and bare months are read.
    """
    moments = [moment for match in _MOMENT.finditer(text) if (moment := _read_moment(match, text, now))]
    if not moments:
        return None
    first = moments[0]
    before = text[: first.start]
    if len(moments) > 1 and _RANGE_JOINS.match(text[first.end : moments[1].start]):
        opened = _RANGE_OPENS.search(before)
        start = opened.start() if opened else first.start
        return TimeWindow(start=start, end=moments[1].end, since=first.since, until=moments[1].until)
    if day_range := _RANGE_DAY.search(before):
        since = first.since.replace(day=_ordinal(day_range["day"]))
        return TimeWindow(start=day_range.start(), end=first.end, since=since, until=first.until)
    relations = (
        (_SINCE, first.since, None),
        (_AFTER, first.until, None),
        (_BEFORE, None, first.since),
        (_UNTIL, None, first.until),
        (_WITHIN, first.since, first.until),
    )
    for relation, since, until in relations:
        if found := relation.search(before):
            return TimeWindow(start=found.start(), end=first.end, since=since, until=until)
    return TimeWindow(start=first.start, end=first.end, since=first.since, until=first.until)


def _read_moment(match: re.Match[str], text: str, now: datetime) -> _Moment | None:
    bounds = _bounds(match, text, now)
    return _Moment(match.start(), match.end(), *bounds) if bounds else None


def _bounds(match: re.Match[str], text: str, now: datetime) -> tuple[datetime, datetime] | None:
    """Start and end of a matched date expression; None where the words are part of a name or no date."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    part = match.groupdict()
    try:
        if part["iso"]:
            year, month, day = map(int, part["iso"].split("-"))
            return _one_day(today.replace(year=year, month=month, day=day))
        for number in ("1", "2"):
            if part["month" + number]:
                return _calendar_day(part["month" + number], part["day" + number], part["year" + number], today)
        if part["month3"]:
            return _calendar_month(_month(part["month3"]), int(part["year3"]), today, part["part"])
    except ValueError:  # 31 June
        return None
    if part["ago_count"]:
        return _one_day(today - timedelta(days=_count(part["ago_count"]) * _UNIT_DAYS[part["ago_unit"].lower()]))
    if part["run_count"]:
        length = _count(part["run_count"]) * _UNIT_DAYS[part["run_unit"].lower()]
        return today - timedelta(days=length), today + timedelta(days=1)
    if part["before_yesterday"]:
        return _one_day(today - timedelta(days=2))
    if part["near"]:
        return _near_day(part["near"].lower(), match, text, today)
    if part["period"]:
        return _period(part["which"].lower(), part["period"].lower(), today)
    if part["weekday"]:
        return _weekday(part["which_day"], part["weekday"], match, text, today)
    return _bare(match, text, today)


def _near_day(word: str, match: re.Match[str], text: str, today: datetime) -> tuple[datetime, datetime] | None:
    if text[match.start()].isupper() and _NAME_BEFORE.search(text[: match.start()]):  # "USA Today"
        return None
    back = 1 if word == "yesterday" or word.startswith("last") else 0
    return _one_day(today - timedelta(days=back))


def _weekday(
    which: str | None, name: str, match: re.Match[str], text: str, today: datetime
) -> tuple[datetime, datetime] | None:
    """The most recent such day; today counts unless the question says "last"."""
    part_of_name = which is None and (
        _NAME_BEFORE.search(text[: match.start()]) or _NAME_AFTER.match(text[match.end() :])
    )
    if part_of_name or (which or "").lower() == "next":  # "Black Friday", "Sunday Times"
        return None
    back = (today.weekday() - _WEEKDAYS.index(name.lower())) % 7
    if back == 0 and (which or "").lower() in ("last", "past"):
        back = 7
    return _one_day(today - timedelta(days=back))


def _period(which: str, period: str, today: datetime) -> tuple[datetime, datetime]:
    """ "this week" is the seven days up to today, since a week in the news has no fixed first day."""
    if period == "week" or (period == "weekend" and which == "this"):
        if which == "this" or which == "past":
            return today - timedelta(days=7), today + timedelta(days=1)
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=7)
    if period == "weekend":
        saturday = today - timedelta(days=(today.weekday() + 2) % 7 or 7)
        return saturday, saturday + timedelta(days=2)
    if period == "month":
        this = today.replace(day=1)
        return (this, _next_month(this)) if which == "this" else ((this - timedelta(days=1)).replace(day=1), this)
    year = today.year if which == "this" else today.year - 1
    return _calendar_year(year, today)


def _bare(match: re.Match[str], text: str, today: datetime) -> tuple[datetime, datetime] | None:
    """A year or a month alone is a date only after a word of time: "in May", never "May" or "2019 final"."""
    before = text[: match.start()]
    if not any(relation.search(before) for relation in (_SINCE, _AFTER, _BEFORE, _UNTIL, _WITHIN, _RANGE_OPENS)):
        joined = re.search(rf"(?:{_MONTH}|{_YEAR})\s+(?:and|to|until)\s+$", before, re.IGNORECASE)
        if not joined:
            return None
    if match["bare_year"]:
        return _calendar_year(int(match["bare_year"]), today)
    if not match["bare_month"][0].isupper() and match["bare_month"].lower().rstrip(".") in ("may", "march"):
        return None
    month = _month(match["bare_month"])
    return _calendar_month(month, today.year if month <= today.month else today.year - 1, today, None)


def _one_day(day: datetime) -> tuple[datetime, datetime]:
    return day, day + timedelta(days=1)


def _calendar_day(month: str, day: str, year: str | None, today: datetime) -> tuple[datetime, datetime]:
    date = today.replace(day=1, month=_month(month), year=int(year) if year else today.year)
    date = date.replace(day=_ordinal(day))
    if year is None and date > today:
        date = date.replace(year=today.year - 1)
    return _one_day(date)


def _calendar_month(month: int, year: int, today: datetime, part: str | None) -> tuple[datetime, datetime]:
    first = today.replace(year=year, month=month, day=1)
    if part is None:
        return first, _next_month(first)
    tenth, twentieth = first + timedelta(days=10), first + timedelta(days=20)
    thirds = {"early": (first, tenth), "mid": (tenth, twentieth), "late": (twentieth, _next_month(first))}
    return thirds[part.lower()]


def _calendar_year(year: int, today: datetime) -> tuple[datetime, datetime]:
    first = today.replace(year=year, month=1, day=1)
    return first, first.replace(year=year + 1)


def _next_month(first: datetime) -> datetime:
    return (first + timedelta(days=32)).replace(day=1)


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _ordinal(day: str) -> int:
    return int(re.sub(r"\D", "", day))


def _count(words: str) -> int:
    return int(words) if words.isdigit() else _NUMBERS[words.lower()]
