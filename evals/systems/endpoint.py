"""An HTTP endpoint as the system under test: plain JSON by a small mapping, or OpenAI-compatible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from typing import TYPE_CHECKING, Any

from evals.canonical import plain
from evals.errors import UnavailableError
from evals.systems.reading import read_answer

if TYPE_CHECKING:
    from evals.types import EvalCase, SystemAnswer


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseFields:
    """Where in a JSON response the answer stands: names and 0-based positions parted by dots."""

    text: str = "answer"
    sources: str = "sources"
    retrieved: str = ""
    """Empty: the sources are also what was retrieved."""
    abstained: str = "abstained"
    confidence: str = "confidence"
    cost: str = "cost"

    def parse(self, mapping: str) -> ResponseFields:
        """These fields, those changed that ``text=data.answer,sources=data.docs`` names.

        Raises:
            UnavailableError: A name is unknown or a part has no equals sign.
        """
        parts = dict(_split_pair(part) for part in mapping.split(",") if part.strip())
        known = [item.name for item in dataclass_fields(self)]
        unknown = sorted(set(parts) - set(known))
        if unknown:
            raise UnavailableError(
                f"unknown field {unknown[0]!r} in --fields {mapping!r}; there are {', '.join(known)}"
            )
        return replace(self, **parts)


OPENAI_FIELDS = ResponseFields(
    text="choices.0.message.content",
    sources="choices.0.message.sources",
    abstained="choices.0.message.abstained",
)
"""A chat completion; all but the text are extensions that most servers do not have."""


_COMPLETIONS = "/chat/completions"


class EndpointSystem:
    """Posts each case to a URL.

    With `model`, the request is a chat completion: earlier questions become user messages, and
    ``/chat/completions`` is added to a URL that does not end in it. Without, it is
    ``{"question": ..., "history": [...], "now": ...}``.
    """

    def __init__(
        self,
        url: str,
        *,
        name: str = "endpoint",
        model: str | None = None,
        key: str | None = None,
        fields: str = "",
        seconds: float = 120.0,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self._url = url
        if model and not url.rstrip("/").endswith(_COMPLETIONS):
            self._url = url.rstrip("/") + _COMPLETIONS
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._fields = (OPENAI_FIELDS if model else ResponseFields()).parse(fields)
        self._seconds = seconds
        self._settings = dict(settings or {})

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The endpoint's answer; a status of 400 and above, or no text, is a failed case."""
        import httpx

        response = httpx.post(
            self._url, json=self._request(case), headers=self._headers, timeout=self._seconds
        )
        response.raise_for_status()
        body = response.json()
        sources = _look_up(body, self._fields.sources) or ()
        return read_answer(
            {
                "text": _look_up(body, self._fields.text),
                "sources": sources,
                "retrieved": _look_up(body, self._fields.retrieved) or sources,
                "abstained": _look_up(body, self._fields.abstained),
                "confidence": _look_up(body, self._fields.confidence),
                "cost": _look_up(body, self._fields.cost),
            }
        )

    def _request(self, case: EvalCase) -> dict[str, Any]:
        if self._model is None:
            return {"question": case.question, "history": list(case.history), "now": plain(case.now)}
        messages = [{"role": "user", "content": text} for text in (*case.history, case.question)]
        return {"model": self._model, "messages": messages, "temperature": 0}

    def describe(self) -> Mapping[str, Any]:
        """Address, model, fields and the settings given; never the key."""
        return {"url": self._url, "model": self._model, "fields": plain(self._fields), **self._settings}


def _split_pair(part: str) -> tuple[str, str]:
    name, equals, path = part.partition("=")
    if not equals:
        raise UnavailableError(f"{part!r} in --fields has no '='; write for example text=data.answer")
    return name.strip(), path.strip()


def _look_up(body: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    value = body
    for part in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, Sequence) and not isinstance(value, str) and part.isdecimal():
            value = value[int(part)] if int(part) < len(value) else None
        else:
            return None
    return value if path else None
