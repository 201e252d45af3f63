"""Dates as news writes them: calendar dates, weekdays, and words relative to the day of publication."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        [
            "monday mon",
            "tuesday tue tues",
            "wednesday wed",
            "thursday thu thur thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        ]
    )
    for name in names.split()
}
_MONTH = (
    "(?P<{0}>Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)|Apr(?:il|\\.)|May|June?|July?|Aug(?:ust|\\.)"
    "|Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?)"
)
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_DAY = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?"
_RELATIVE = (
    r"\b(?P<relative>[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight|(?:[Ll]ast|[Nn]ext|[Tt]his)\s+"
    r"(?:week|month|year|night|weekend|spring|summer|autumn|fall|winter))\b"
)
_YEAR_ALONE = (
    rf"(?<![\d$€£.,]){_YEAR.format('y6')}(?:s\b)?"
    r"(?![\d%]|[.,]\d|\s+(?:people|votes|men|women|dollars))"
)
_DATE = re.compile(
    "|".join(
        (
            rf"\b{_YEAR.format('y0')}-(?P<m0>[01]\d)-(?P<d0>[0-3]\d)\b",
            rf"\b{_DAY.format('d1')}(?:\s+of)?\s+{_MONTH.format('m1')}(?![a-z])(?:,?\s+{_YEAR.format('y1')}\b)?",
            rf"\b{_MONTH.format('m2')}\s+{_DAY.format('d2')}\b(?!\d|[.,]\d)(?:\s*,?\s+{_YEAR.format('y2')}\b)?",
            rf"\b{_MONTH.format('m3')}(?:\s+of)?,?\s+{_YEAR.format('y3')}\b",
            r"\b(?P<d4>[0-3]?\d)[./](?P<m4>[01]?\d)[./]" + _YEAR.format("y4") + r"\b",
            r"\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?\b",
            _RELATIVE,
            rf"\b{_MONTH.format('m5')}(?![a-z])(?!\s+(?:be|have|not|also|well|want|need|seem)\b)",
            _YEAR_ALONE,
        )
    )
)
_NEAR_DAYS = 200
"""A day without its year may be of the year before or after that of the article as far off as this."""
_OTHER_DAYS = (
    re.compile(r"(?P<first>[0-3]?\d)(?:st|nd|rd|th)?(?:\s*[-–—]\s*|\s+(?:and|or|to)\s+)\Z"),
    re.compile(r"(?:\s*[-–—]\s*|\s+(?:and|or|to)\s+)(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\d|[.,]\d|\s*%)"),
)
"""The other day of ``28 and 29 January`` before it, and of ``January 28-29`` after it."""
_ANCHORED_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "last night": -1}


@dataclass(frozen=True, slots=True)
class DateMention:
    """One date in a text; what is not said is None."""

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 is Monday."""
    relative: str | None = None
    """Lower-case words like ``yesterday`` or ``last month``."""


def read_dates(text: str) -> list[DateMention]:
    """Reads the dates of a text, in text order. Linear time."""
    mentions = []
    for match in _DATE.finditer(text):
        fields = match.groupdict()
        month = next((fields[f"m{form}"] for form in range(6) if fields.get(f"m{form}")), None)
        day = next((fields[f"d{form}"] for form in (0, 1, 2, 4) if fields.get(f"d{form}")), None)
        year = next((fields[f"y{form}"] for form in (0, 1, 2, 3, 4, 6) if fields.get(f"y{form}")), None)
        mention = DateMention(
            start=match.start(),
            end=match.end(),
            text=match[0],
            year=int(year) if year else None,
            month=_month_number(month),
            day=int(day) if day else None,
            weekday=_WEEKDAYS[fields["weekday"].lower()] if fields["weekday"] else None,
            relative=" ".join(fields["relative"].lower().split()) if fields["relative"] else None,
        )
        if not _is_modal_verb(text, mention) and not _ends_name(text, mention):
            mentions += _with_other_day(text, mention, day_first=fields["d1"] is not None)
    return mentions


def _with_other_day(text: str, mention: DateMention, *, day_first: bool) -> list[DateMention]:
    """A date, and the other day of the same month that is written with it."""
    before, after = _OTHER_DAYS
    if mention.day is None or mention.month is None:
        return [mention]
    if day_first:
        start = max(0, mention.start - 12)
        found = before.search(text[start : mention.start])
        if found is None or text[start + found.start() - 1 : start + found.start()].isdigit():
            return [mention]
        other = replace(
            mention,
            start=start + found.start("first"),
            end=start + found.end("first"),
            text=found["first"],
            day=int(found["first"]),
        )
        return [other, mention]
    following = after.match(text, mention.end)
    if following is None or mention.year is not None:
        return [mention]
    last = replace(
        mention,
        start=following.start("last"),
        end=following.end("last"),
        text=following["last"],
        day=int(following["last"]),
    )
    return [mention, last]


def agrees(claimed: DateMention, source: DateMention, published: date | None) -> bool:
    """Whether the source's date is the claimed one, as far as the claim goes."""
    if claimed.relative is not None:
        return claimed.relative == source.relative
    if claimed.weekday is not None and claimed.weekday == source.weekday:
        return True
    return any(fits(claimed, day) for day in _resolve(source, published)) or _same_fields(claimed, source)


def fits(claimed: DateMention, day: date) -> bool:
    """Whether a day is the claimed one in every part that the claim gives."""
    if claimed.relative is not None:
        return False
    return (
        claimed.year in (None, day.year)
        and claimed.month in (None, day.month)
        and claimed.day in (None, day.day)
        and claimed.weekday in (None, day.weekday())
    )


def _same_fields(claimed: DateMention, source: DateMention) -> bool:
    """Whether the source says at least what the claim says, without any calendar."""
    pairs = ((claimed.year, source.year), (claimed.month, source.month), (claimed.day, source.day))
    given = [(own, theirs) for own, theirs in pairs if own is not None]
    return claimed.weekday is None and bool(given) and all(own == theirs for own, theirs in given)


def _resolve(mention: DateMention, published: date | None) -> list[date]:
    """The days that a mention can mean in an article of that date; empty where it cannot be told."""
    if mention.day and mention.month:
        years = [mention.year] if mention.year else _years_around(published, mention.month, mention.day)
        return [day for year in years if (day := _make_day(year, mention.month, mention.day))]
    if published is None:
        return []
    if mention.weekday is not None:
        back = (published.weekday() - mention.weekday) % 7
        last = published - timedelta(days=back)
        return [last, last - timedelta(days=7), last + timedelta(days=7)]
    if mention.relative in _ANCHORED_DAYS:
        return [published + timedelta(days=_ANCHORED_DAYS[mention.relative])]
    return []


def _years_around(published: date | None, month: int, day: int) -> list[int]:
    """The year of publication, and the one before or after where that day is the nearer one."""
    if published is None:
        return []
    near = [
        year
        for year in (published.year - 1, published.year + 1)
        if (there := _make_day(year, month, day)) and abs((there - published).days) <= _NEAR_DAYS
    ]
    return [published.year, *near]


def _make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_number(written: str | None) -> int | None:
    if written is None:
        return None
    if written.isdigit():
        return int(written) if 1 <= int(written) <= 12 else None
    return _MONTHS[written.rstrip(".").lower()]


def _is_modal_verb(text: str, mention: DateMention) -> bool:
    """Whether a lone "May" or "March" opens a sentence or follows a subject, and so is no month."""
    if mention.day or mention.year or mention.month not in (3, 5) or mention.text not in ("May", "March"):
        return False
    before = text[: mention.start].rstrip()
    return not before or before[-1] in '.!?"“'


def _ends_name(text: str, mention: DateMention) -> bool:
    """Whether a word like "Today" ends a name ("USA Today")."""
    if mention.relative is None or not mention.text[0].isupper():
        return False
    before = text[max(0, mention.start - 30) : mention.start].rstrip().rpartition(" ")[2]
    return before[:1].isupper() and before[-1:].isalpha()
