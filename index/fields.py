"""What is known of an article beside its text, as JSON Lines, front matter and documents give it.

Each function reads one field of a mapping and raises `SourceError` naming the field and its value;
a missing field or null is None or empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.addresses import canonical_url
from index.dates import parse_time
from index.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

OPTIONAL_FIELDS = ("id", "title", "outlet", "url", "published", "updated", "authors", "language")
"""Beside ``text``, which is required. Other fields are left alone."""

LONGEST_ID = 200
"""Characters of an explicit article id."""

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*", re.IGNORECASE)


def text_field(fields: Mapping[str, object]) -> str:
    """The article's text, as it came; never blank."""
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        raise SourceError(f"field `text` is {_shown(text)}; it must hold the article's text")
    return text


def line_field(fields: Mapping[str, object], name: str) -> str | None:
    """A field of one line of text, without blanks around it."""
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise SourceError(f"field `{name}` is {_shown(value)}; it must be a text")
    return value.strip() or None


def id_field(fields: Mapping[str, object]) -> str | None:
    """The explicit id; a whole number is taken as its digits."""
    value = fields.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    given = line_field(fields, "id")
    if given is not None and (len(given) > LONGEST_ID or not given.isprintable()):
        raise SourceError(
            f"field `id` is {_shown(given)}; it must have at most {LONGEST_ID} printable characters"
        )
    return given


def url_field(fields: Mapping[str, object]) -> str | None:
    """The canonical address."""
    value = line_field(fields, "url")
    if value is None:
        return None
    url = canonical_url(value)
    if url is None:
        raise SourceError(f"field `url` is {_shown(value)}; it must be an http or https address")
    return url


def time_field(fields: Mapping[str, object], name: str) -> datetime | None:
    """A time, aware."""
    value = line_field(fields, name)
    if value is None:
        return None
    time = parse_time(value)
    if time is None:
        raise SourceError(
            f"field `{name}` is {_shown(value)}; it must be ISO 8601, such as 2024-11-07T18:30:00+01:00"
        )
    return time


def authors_field(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Names, from a list or from one text."""
    value = fields.get("authors")
    names = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise SourceError(f"field `authors` is {_shown(value)}; it must be a list of names")
    return tuple(names)


def language_field(fields: Mapping[str, object]) -> str | None:
    """The language's code without its region: "en" of "en-GB"."""
    value = line_field(fields, "language")
    if value is None:
        return None
    match = _LANGUAGE.fullmatch(value)
    if match is None:
        raise SourceError(f"field `language` is {_shown(value)}; it must be a code such as en")
    return match[1].lower()


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:100]
