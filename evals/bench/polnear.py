"""Reads PolNeAR, the set on which quotation and speaker figures are taken.

The set is not part of the project. It is looked for as ``polnear.jsonl.gz`` in the folder given by
``--data``; a command that misses it says so and ends with exit code 2.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from index.types import Article, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Part = Literal["read", "check", "all"]
"""``read``: the articles whose errors were read while the rules were written; ``check``: the others,
whose figures were seen but not its articles; which is which follows from the CRC-32 of the article's id."""


class DataMissing(Exception):
    """A file of the measuring data is not there."""


@dataclass(frozen=True, slots=True)
class GoldStatement:
    """One human attribution."""

    id: str
    source: tuple[Span, ...]
    """Words that name the source; may be empty."""
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    """Parts of the content in text order."""
    has_direct_quote: bool
    speaker: str | None
    """Silver: the person's canonical name."""
    targets: tuple[str, ...]
    """Silver: people named in the content."""


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """One article with its attributions."""

    article: Article
    statements: tuple[GoldStatement, ...]


def read_rows(data: Path, name: str) -> Iterator[dict[str, Any]]:
    """Reads the rows of ``<name>.jsonl.gz``.

    Raises:
        DataMissing: The file is not there.
    """
    file = data / f"{name}.jsonl.gz"
    if not file.is_file():
        raise DataMissing(f"{file} is missing: give the folder that holds it with --data")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_polnear(data: Path, part: Part = "all") -> list[GoldArticle]:
    """Reads the articles of one part, in file order."""
    return [_make(row) for row in read_rows(data, "polnear") if part in ("all", tell_part(row["id"]))]


def tell_part(article_id: str) -> Part:
    """The part an article belongs to."""
    return "read" if zlib.crc32(article_id.encode()) % 2 else "check"


def _make(row: dict[str, Any]) -> GoldArticle:
    article = Article(
        id=row["id"],
        text=row["text"],
        title=row["title"] or "",
        outlet=row["outlet"],
        published=datetime.fromisoformat(row["published"]).replace(tzinfo=UTC),
        language="en",
    )
    statements = tuple(
        GoldStatement(
            id=attribution["id"],
            source=_spans(attribution["source"]),
            cue=_spans(attribution["cue"]),
            content=_spans(attribution["content"]),
            has_direct_quote=attribution["has_direct_quote"],
            speaker=attribution["speaker_canonical"],
            targets=tuple(attribution["targets"]),
        )
        for attribution in row["attributions"]
    )
    return GoldArticle(article, statements)


def _spans(parts: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in parts)


def overlap(a: Span, parts: tuple[Span, ...]) -> int:
    """Code points that a span shares with the parts of another."""
    return sum(max(0, min(a.end, part.end) - max(a.start, part.start)) for part in parts)


def length(parts: tuple[Span, ...]) -> int:
    """Code points of all parts."""
    return sum(part.end - part.start for part in parts)
