"""Dates named in a question -> the window of time they mean.

A question says "on Thursday", "in November 2024", "since last week" or "between 3 and 7 May 2024". Each
moment is read against a given now, never against the clock, and a moment without a year is the most
recent one that is not in the future. Windows are half open and begin and end at midnight of now's zone.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Callable
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
    yearless: bool
    """Whether it is a month or a day of a month named without its year."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """One date expression: a day, a week, a month, a year."""

    start: int
    end: int
    since: datetime
    until: datetime
    yearless: bool


STILL_FED = 31
"""Days for which an archive may be without new articles and still be read as one of today."""

Bounds = tuple[datetime, datetime]
"""Start, inclusive, and end, exclusive."""

_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(month_abbr) if name} | {"sept": 9}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1
    )
}
_NUMBERS |= {"a": 1, "couple of": 2, "few": 3}
_UNIT_DAYS = {"hour": 0, "day": 1, "week": 7, "month": 30, "year": 365}

_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_UNIT = r"(?:hour|day|week|month|year)"
_COUNT = r"(?:\d{1,3}|" + "|".join(_NUMBERS) + ")"
_WEEKDAY = "(?:" + "|".join(_WEEKDAYS) + ")"

_SINCE = re.compile(r"\b(?:ever\s+)?since\s+(?:the\s+)?$", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|following|later\s+than)\s+(?:the\s+)?$", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:before|prior\s+to|earlier\s+than)\s+(?:the\s+)?$", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|up\s+to|by)\s+(?:the\s+)?$", re.IGNORECASE)
_WITHIN = re.compile(
    r"\b(?:on|in|during|over|within|for|from|as\s+of|throughout)\s+(?:the\s+)?$", re.IGNORECASE
)
_RANGE_OPENS = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.IGNORECASE)
_RANGE_JOINS = re.compile(r"^\s*(?:and|to|until|till|through|[-–—])\s*(?:the\s+)?$", re.IGNORECASE)
_RANGE_DAY = re.compile(
    rf"\b(?:between|from)\s+(?:the\s+)?(?P<day>{_DAY})\s*(?:and|to|until|[-–—])\s*(?:the\s+)?$", re.IGNORECASE
)
_RANGE_CONTINUES = re.compile(rf"(?:{_MONTH}|{_YEAR})\s+(?:and|to|until)\s+$", re.IGNORECASE)
_NAME_BEFORE = re.compile(
    r"(?:^|[\s\-'\"‘“(])(?!On\s|In\s|Since\s|After\s|Before\s|Until\s|By\s)[A-Z]\w+\s+$"
)
_NAME_AFTER = re.compile(r"^\s+(?:[A-Z]\w+)")


def find_window(text: str, now: datetime) -> TimeWindow | None:
    """The window of time that a question asks for, or None where it names none.

    Args:
        text: The question.
        now: An aware datetime against which "today" and bare months are read.
    """
    moments = _find_moments(text, now.replace(hour=0, minute=0, second=0, microsecond=0))
    if not moments:
        return None
    first = moments[0]
    before = text[: first.start]
    if len(moments) > 1 and _RANGE_JOINS.match(text[first.end : moments[1].start]):
        opened = _RANGE_OPENS.search(before)
        start = opened.start() if opened else first.start
        return TimeWindow(
            start=start,
            end=moments[1].end,
            since=first.since,
            until=moments[1].until,
            yearless=first.yearless and moments[1].yearless,
        )
    if day_range := _RANGE_DAY.search(before):
        opening = first.since.replace(day=_ordinal(day_range["day"]))
        start = day_range.start()
        return TimeWindow(
            start=start, end=first.end, since=opening, until=first.until, yearless=first.yearless
        )
    relations: tuple[tuple[re.Pattern[str], datetime | None, datetime | None], ...] = (
        (_SINCE, first.since, None),
        (_AFTER, first.until, None),
        (_BEFORE, None, first.since),
        (_UNTIL, None, first.until),
        (_WITHIN, first.since, first.until),
    )
    for relation, since, until in relations:
        if found := relation.search(before):
            return TimeWindow(
                start=found.start(), end=first.end, since=since, until=until, yearless=first.yearless
            )
    return TimeWindow(
        start=first.start, end=first.end, since=first.since, until=first.until, yearless=first.yearless
    )


def find_covered_window(text: str, now: datetime, newest: datetime | None) -> tuple[TimeWindow | None, bool]:
    """The window of a question as `find_window` gives it, but within the time an archive covers.

    "In December" asked of an archive that ends in March 2025 is December 2024, whenever it is asked.

    Args:
        text: The question.
        now: As for `find_window`.
        newest: Time of the newest article; None where there is none.

    Returns:
        The window, and whether it is an earlier year's than the most recent one.
    """
    window = find_window(text, now)
    if window is None or not window.yearless or newest is None:
        return window, False
    begins = window.since or window.until
    if begins is None or newest >= begins - timedelta(days=STILL_FED):
        return window, False
    return find_window(text, newest.astimezone(now.tzinfo)), True


def describe_window(since: datetime | None, until: datetime | None) -> str:
    """A window in words: "on 7 November 2024", "between 3 May 2024 and 9 May 2024", "before 3 May 2024"."""
    if since is None or until is None:
        return f"since {_in_words(since)}" if since else f"before {_in_words(until)}" if until else ""
    last = until - timedelta(microseconds=1)
    if last.date() <= since.date():
        return f"on {_in_words(since)}"
    return f"between {_in_words(since)} and {_in_words(last)}"


def _in_words(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _find_moments(text: str, today: datetime) -> list[_Moment]:
    """Every date expression in text order; of two that overlap, the one whose form comes first."""
    found: list[_Moment] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and match.end() > other.start for other in found):
                continue
            try:
                bounds = read(match, today)
            except ValueError:  # 31 June
                continue
            if bounds is not None:
                named = match.groupdict()
                yearless = bool(named.get("month")) and not named.get("year")
                found.append(_Moment(match.start(), match.end(), *bounds, yearless))
    return sorted(found, key=lambda moment: moment.start)


def _read_iso(match: re.Match[str], today: datetime) -> Bounds:
    year, month, day = map(int, match["iso"].split("-"))
    return _one_day(today.replace(year=year, month=month, day=day))


def _read_day(match: re.Match[str], today: datetime) -> Bounds:
    """A day of a month; without a year the most recent one."""
    year = match["year"]
    date = today.replace(day=1, month=_month(match["month"]), year=int(year) if year else today.year)
    date = date.replace(day=_ordinal(match["day"]))
    if year is None and date > today:
        date = date.replace(year=today.year - 1)
    return _one_day(date)


def _read_month(match: re.Match[str], today: datetime) -> Bounds:
    """A month of a year, or its first ten, next ten or last days."""
    first, following = _calendar_month(_month(match["month"]), int(match["year"]), today)
    tenth, twentieth = first + timedelta(days=10), first + timedelta(days=20)
    parts = {"early": (first, tenth), "mid": (tenth, twentieth), "late": (twentieth, following)}
    return parts.get((match["part"] or "").lower(), (first, following))


def _read_ago(match: re.Match[str], today: datetime) -> Bounds:
    return _one_day(today - _length(match["count"], match["unit"]))


def _read_run(match: re.Match[str], today: datetime) -> Bounds:
    return today - _length(match["count"], match["unit"]), today + timedelta(days=1)


def _read_near(match: re.Match[str], today: datetime) -> Bounds | None:
    word = match["near"].lower()
    if match["near"][0].isupper() and _NAME_BEFORE.search(match.string[: match.start()]):  # "USA Today"
        return None
    back = 2 if word.startswith("day") else 1 if word == "yesterday" or word.startswith("last") else 0
    return _one_day(today - timedelta(days=back))


def _read_period(match: re.Match[str], today: datetime) -> Bounds:
    """A past week, month or year; "this week" is the seven days up to today, as in news quizzes."""
    which, period = match["which"].lower(), match["period"].lower()
    if period == "week" and which in ("this", "past"):
        return today - timedelta(days=7), today + timedelta(days=1)
    if period == "week":
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=7)
    if period == "weekend":
        saturday = today - timedelta(days=(today.weekday() + 2) % 7)
        saturday -= timedelta(days=7 if which != "this" and saturday >= today - timedelta(days=1) else 0)
        return saturday, saturday + timedelta(days=2)
    if period == "month":
        before = today.replace(day=1) - timedelta(days=1)
        month = today if which == "this" else before
        return _calendar_month(month.month, month.year, today)
    return _calendar_year(today.year if which == "this" else today.year - 1, today)


def _read_weekday(match: re.Match[str], today: datetime) -> Bounds | None:
    """The most recent such day; today counts unless the question says "last"."""
    which = (match["which"] or "").lower()
    before, after = match.string[: match.start()], match.string[match.end() :]
    part_of_name = not which and (_NAME_BEFORE.search(before) or _NAME_AFTER.match(after))
    if part_of_name or which == "next":  # "Black Friday", "Sunday Times"
        return None
    back = (today.weekday() - _WEEKDAYS.index(match["weekday"].lower())) % 7
    if back == 0 and which in ("last", "past"):
        back = 7
    return _one_day(today - timedelta(days=back))


def _read_bare_year(match: re.Match[str], today: datetime) -> Bounds | None:
    return _calendar_year(int(match["year"]), today) if _is_asked(match) else None


def _read_bare_month(match: re.Match[str], today: datetime) -> Bounds | None:
    if not _is_asked(match) or not match["month"][0].isupper():
        return None
    month = _month(match["month"])
    return _calendar_month(month, today.year if month <= today.month else today.year - 1, today)


def _is_asked(match: re.Match[str]) -> bool:
    """Whether a year or a month alone stands after a word of time: "in May", never "May" or "2019 final"."""
    before = match.string[: match.start()]
    relations = (_SINCE, _AFTER, _BEFORE, _UNTIL, _WITHIN, _RANGE_OPENS, _RANGE_CONTINUES)
    return any(relation.search(before) for relation in relations)


def _one_day(day: datetime) -> Bounds:
    return day, day + timedelta(days=1)


def _calendar_month(month: int, year: int, today: datetime) -> Bounds:
    first = today.replace(year=year, month=month, day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _calendar_year(year: int, today: datetime) -> Bounds:
    first = today.replace(year=year, month=1, day=1)
    return first, first.replace(year=year + 1)


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _ordinal(day: str) -> int:
    return int(re.sub(r"\D", "", day))


def _length(count: str, unit: str) -> timedelta:
    number = int(count) if count.isdigit() else _NUMBERS[count.lower()]
    return timedelta(days=number * _UNIT_DAYS[unit.lower()])


def _compile(form: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{form})(?!\w)", re.IGNORECASE)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], Bounds | None]], ...] = (
    (_compile(rf"(?P<iso>{_YEAR}-[01]\d-[0-3]\d)"), _read_iso),
    (
        _compile(rf"(?:the\s+)?(?P<day>{_DAY})(?:\s+of)?\s+(?P<month>{_MONTH})(?:,?\s+(?P<year>{_YEAR}))?"),
        _read_day,
    ),
    (_compile(rf"(?P<month>{_MONTH})\s+(?P<day>{_DAY})(?!\d)(?:,?\s+(?P<year>{_YEAR}))?"), _read_day),
    (
        _compile(rf"(?:(?P<part>early|mid|late)[\s-])?(?P<month>{_MONTH})(?:\s+of)?,?\s+(?P<year>{_YEAR})"),
        _read_month,
    ),
    (_compile(rf"(?P<count>{_COUNT})\s+(?P<unit>{_UNIT})s?\s+ago"), _read_ago),
    (_compile(rf"(?:the\s+)?(?:last|past|previous)\s+(?P<count>{_COUNT})\s+(?P<unit>{_UNIT})s?"), _read_run),
    (
        _compile(
            r"(?:the\s+)?(?P<near>day\s+before\s+yesterday|today|yesterday|last\s+night|tonight"
            r"|this\s+(?:morning|afternoon|evening))"
        ),
        _read_near,
    ),
    (
        _compile(r"(?:the\s+)?(?P<which>this|last|past|previous)\s+(?P<period>weekend|week|month|year)"),
        _read_period,
    ),
    (
        _compile(
            rf"(?:(?P<which>this|last|past|next)\s+)?(?P<weekday>{_WEEKDAY})"
            r"(?:\s+(?:morning|afternoon|evening|night))?"
        ),
        _read_weekday,
    ),
    (_compile(rf"(?P<year>{_YEAR})"), _read_bare_year),
    (_compile(rf"(?P<month>{_MONTH})"), _read_bare_month),
)
"""Ways of naming a time, the more exact first."""
