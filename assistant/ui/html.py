"""Values -> HTML through the templates beside this module, which escape whatever is put into them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def render(template: str, **values: Any) -> Markup:
    """Fill a template. Only a value that is `Markup` itself is not escaped."""
    return Markup(_environment().get_template(template).render(values))  # noqa: S704 - autoescape is on


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assistant.ui"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "long_date": long_date,
        "last_day": last_day,
        "web_address": web_address,
        "ago": ago,
        "counted": counted,
        "ways_found": ways_found,
    }
    return environment


def long_date(moment: datetime | None) -> str:
    """``3 March 2026``, or ``no date`` where the article gives none."""
    return f"{moment.day} {moment:%B} {moment.year}" if moment else "no date"


def last_day(until: datetime) -> str:
    """The last day inside a window whose end is exclusive, as a reader means "until"."""
    return long_date(until - timedelta(microseconds=1))


def ago(moment: datetime, now: datetime) -> str:
    """``just now``, ``12 minutes ago``, ``3 hours ago``, ``2 days ago``."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{counted(minutes, 'minute')} ago"
    hours = minutes // 60
    return f"{counted(hours, 'hour')} ago" if hours < 24 else f"{counted(hours // 24, 'day')} ago"


def ways_found(names: Sequence[str]) -> str:
    """How a passage was found, for a person: ``meaning and words``."""
    ways = {"dense": "meaning", "keyword": "words", "quotes": "speaker"}
    return " and ".join(ways.get(name, name) for name in names)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1 article``, ``2 articles``, ``12,000 articles``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def web_address(url: str | None) -> str | None:
    """The URL where it is an ordinary web address, else None (``javascript:``, ``data:``, ...)."""
    if not url or any(character.isspace() or ord(character) < 32 for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
