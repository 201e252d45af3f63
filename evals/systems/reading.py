"""What a system returned, in any of its usual shapes, as a `SystemAnswer`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.types import Answer
from evals.systems.declining import declines
from evals.types import Source, SystemAnswer
from index.types import Passage

_TEXT = ("text", "answer", "response", "result", "output")
_SOURCES = ("sources", "citations", "passages", "contexts", "context", "source_documents", "source_nodes")
_SOURCE_TEXT = ("text", "quote", "page_content", "content")
_PUBLISHED = ("published", "published_at")
_ARTICLE_ID = ("article_id", "doc_id", "document_id", "id")


def read_answer(value: object) -> SystemAnswer:
    """An `Answer`, a text, or a mapping with a text and its sources, as a `SystemAnswer`.

    Marker ``n`` of the text points at the n-th source unless the sources carry markers themselves.

    Raises:
        TypeError: The value is none of these; the message says what was looked for.
    """
    if isinstance(value, SystemAnswer):
        return value
    if isinstance(value, Answer):
        return read_byline_answer(value)
    if isinstance(value, str):
        return SystemAnswer(text=value, abstained=declines(value), abstained_from="prose")
    if isinstance(value, Mapping):
        return _read_mapping(value)
    raise TypeError(f"an answer is a text, a mapping or an Answer, not {type(value).__name__}")


def read_byline_answer(answer: Answer) -> SystemAnswer:
    """The fields of byline's own `Answer`; whether it abstained is a field of it."""
    return SystemAnswer(
        text=answer.text,
        abstained=answer.abstained,
        citations=tuple(
            (
                citation.marker,
                Source(
                    text=citation.quote,
                    article_id=citation.article_id,
                    title=citation.title,
                    outlet=citation.outlet,
                    published=citation.published,
                    speaker=citation.speaker,
                    version=citation.version,
                    start=citation.start,
                    end=citation.end,
                ),
            )
            for citation in sorted(answer.citations, key=lambda citation: citation.marker)
        ),
        retrieved=tuple(read_source(passage) for passage in answer.passages),
    )


def read_source(value: object) -> Source:
    """A passage, a text, a mapping, or an object with ``page_content``/``text`` and ``metadata``."""
    if isinstance(value, Source):
        return value
    if isinstance(value, Passage):
        return Source(
            text=value.text,
            article_id=value.article_id,
            title=value.title,
            outlet=value.outlet,
            published=value.published,
            version=value.version,
            start=value.start,
            end=value.end,
        )
    if isinstance(value, str):
        return Source(text=value)
    if not isinstance(value, Mapping):
        node = getattr(value, "node", value)  # llama-index wraps a node with its score
        found = next(
            (text for name in ("page_content", "text") if isinstance(text := getattr(node, name, None), str)),
            None,
        )
        if found is None:
            raise TypeError(
                f"a source has a text, but {type(value).__name__} has neither text nor page_content"
            )
        document = getattr(node, "ref_doc_id", None) or getattr(node, "id", None)
        value = {"article_id": document, **(getattr(node, "metadata", None) or {}), "text": found}
    text = _first(value, _SOURCE_TEXT)
    if not isinstance(text, str):
        raise TypeError(
            f"a source needs one of {', '.join(_SOURCE_TEXT)}; it has {', '.join(map(str, value))}"
        )
    article_id = _first(value, _ARTICLE_ID)
    return Source(
        text=text,
        article_id=None if article_id is None else str(article_id),
        title=str(value.get("title") or ""),
        outlet=_optional_text(value, "outlet"),
        published=_read_time(_first(value, _PUBLISHED)),
        speaker=_optional_text(value, "speaker"),
    )


def _read_mapping(value: Mapping[str, Any]) -> SystemAnswer:
    text = _first(value, _TEXT)
    if not isinstance(text, str):
        raise TypeError(f"an answer needs one of {', '.join(_TEXT)}; it has {', '.join(map(str, value))}")
    listed = _first(value, _SOURCES) or ()
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise TypeError(f"the sources of an answer are a list, not {type(listed).__name__}")
    retrieved = value.get("retrieved", listed)
    abstained = value.get("abstained")
    confidence, cost = value.get("confidence"), value.get("cost")
    return SystemAnswer(
        text=text,
        abstained=declines(text) if abstained is None else bool(abstained),
        abstained_from="prose" if abstained is None else "field",
        citations=tuple(
            (_read_marker(source, position), read_source(source))
            for position, source in enumerate(listed, start=1)
        ),
        retrieved=tuple(read_source(source) for source in retrieved),
        confidence=None if confidence is None else float(confidence),
        cost=None if cost is None else float(cost),
    )


def _read_marker(source: object, position: int) -> int:
    marker = source.get("marker", position) if isinstance(source, Mapping) else position
    return int(marker)


def _first(value: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((value[name] for name in names if value.get(name) is not None), None)


def _optional_text(value: Mapping[str, Any], name: str) -> str | None:
    found = value.get(name)
    return str(found) if found else None


def _read_time(value: object) -> datetime | None:
    if isinstance(value, str) and value:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise TypeError(f"the day of a source is written in ISO 8601, not {value!r}") from None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None
