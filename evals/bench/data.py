"""The measuring sets of a benchmark: gzip JSON Lines in a folder that is not part of the project."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from evals.errors import RecordError
from index.types import Article

if TYPE_CHECKING:
    from pathlib import Path


def read_rows(data: Path, name: str) -> list[dict[str, Any]]:
    """The rows of ``name.jsonl.gz``.

    Raises:
        RecordError: The file is missing; the message says which one and where it was looked for.
    """
    path = data / f"{name}.jsonl.gz"
    if not path.exists():
        raise RecordError(
            f"no {path.name} in {data}; benchmarks read public sets that are not part of byline, give"
            " their folder with --data"
        )
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_articles(data: Path, name: str) -> list[Article]:
    """The rows of an article file as they are, without byline's cleaning."""
    return [
        Article(
            id=row["id"],
            text=row["text"],
            title=row["title"] or "",
            outlet=row["outlet"],
            url=row["url"],
            published=_read_time(row["published"]),
        )
        for row in read_rows(data, name)
    ]


def _read_time(text: str | None) -> datetime | None:
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
