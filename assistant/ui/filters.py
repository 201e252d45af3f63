"""The filters beside the question: outlets, days, articles left out -> `Scope`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.types import Scope
from assistant.ui.html import render

if TYPE_CHECKING:
    from markupsafe import Markup

    from index.archive import Archive

FILTER_CHARACTERS = 20_000
"""Longest text of the filters that is read."""
LAST_YEAR = 9999
"""Of a calendar day; the day after its end cannot be written."""
MOST_CHOSEN = 200
"""Outlets, and articles left out, that are read."""


def render_filters(archive: Archive) -> Markup:
    """The form; what is chosen in it stays in the browser."""
    return render("filters.html", outlets=archive.outlets())


def read_scope(written: str) -> Scope:
    """What the browser says was chosen.

    Args:
        written: JSON with ``outlets`` and ``without`` (lists of texts), ``since`` and ``until`` (days, the
            last one included). It comes from a browser: what cannot be read does not narrow.
    """
    try:
        chosen = json.loads(written[:FILTER_CHARACTERS] or "{}")
    except (ValueError, RecursionError):
        return Scope()
    if not isinstance(chosen, dict):
        return Scope()
    last = read_day(chosen.get("until"))
    return Scope(
        outlets=_texts(chosen.get("outlets")),
        since=read_day(chosen.get("since")),
        until=last + timedelta(days=1) if last and last.year < LAST_YEAR else None,
        without=_texts(chosen.get("without")),
    )


def read_day(written: object) -> datetime | None:
    """The beginning of a day in UTC; None where it is not written as ``2026-03-31``."""
    if not isinstance(written, str):
        return None
    try:
        return datetime.strptime(written.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(dict.fromkeys(text for text in value[:MOST_CHOSEN] if isinstance(text, str) and text))
