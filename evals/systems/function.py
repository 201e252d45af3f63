"""A Python function, or a LangChain runnable, as the system under test."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from hashlib import sha256
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.errors import UnavailableError
from evals.systems.reading import read_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from evals.types import EvalCase, SystemAnswer


class FunctionSystem:
    """Calls ``function(question)``; what it returns goes through `read_answer`.

    A function with a parameter named ``history`` also gets the questions asked before, a list of texts,
    and one with a parameter named ``now`` the moment of the question, an aware datetime or None.
    """

    def __init__(
        self,
        function: Callable[..., object],
        *,
        name: str = "function",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self._function = function
        self._settings = dict(settings or {})
        self._takes = _parameter_names(function) & {"history", "now"}

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The function's answer to the question."""
        offered = {"history": list(case.history), "now": case.now}
        return read_answer(self._function(case.question, **{name: offered[name] for name in self._takes}))

    def describe(self) -> Mapping[str, Any]:
        """The settings given, and which function it is."""
        name = getattr(self._function, "__qualname__", type(self._function).__qualname__)
        return {"function": f"{getattr(self._function, '__module__', '')}:{name}", **self._settings}


class RunnableSystem:
    """A LangChain runnable, asked in the form that its input schema names.

    One that takes a text is invoked with the question; one that takes a mapping gets the question under
    ``input``, ``question`` or ``query``, or under the one key it requires, and earlier questions under
    ``chat_history`` or ``history`` where it has such a key. It may return a text, a message with
    ``content``, or a mapping with ``answer`` and ``context`` (what `create_retrieval_chain` returns).
    """

    def __init__(
        self, runnable: Any, *, name: str = "langchain", settings: Mapping[str, Any] | None = None
    ) -> None:
        if not hasattr(runnable, "invoke"):
            raise UnavailableError(f"{name} is a {type(runnable).__name__} without invoke: no runnable")
        self.name = name
        self._runnable = runnable
        self._settings = dict(settings or {})
        self._question_key, self._history_key = _input_keys(runnable)

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The runnable's answer to the question."""
        given: Any = case.question
        if self._question_key is not None:
            given = {self._question_key: case.question}
            if self._history_key is not None:
                given[self._history_key] = [("human", text) for text in case.history]
        value = self._runnable.invoke(given)
        if isinstance(value, Mapping) and (message := _content(value.get("answer"))) is not None:
            value = {**value, "answer": message}
        return read_answer(value if (message := _content(value)) is None else message)

    def describe(self) -> Mapping[str, Any]:
        """The kind of runnable and the settings given."""
        return {"runnable": type(self._runnable).__qualname__, **self._settings}


def _content(value: object) -> str | None:
    """The text of a message; None for anything else."""
    content = getattr(value, "content", None)
    return content if isinstance(content, str) else None


def _input_keys(runnable: Any) -> tuple[str | None, str | None]:
    """Under which keys a runnable takes the question and the history; no key where it takes a text."""
    read_schema = getattr(runnable, "get_input_jsonschema", None)
    schema = read_schema() if read_schema is not None else {}
    properties = schema.get("properties", {})
    required = schema.get("required", [])
    known = [key for key in ("input", "question", "query") if key in properties]
    if not known and schema.get("type") == "object":
        if len(required) != 1:
            raise UnavailableError(
                f"the runnable takes a mapping with the keys {', '.join(properties) or '(none named)'}, of"
                " which none is input, question or query; wrap it in a function and use function:module:name"
            )
        known = [required[0]]
    history = next((key for key in ("chat_history", "history") if key in properties), None)
    return (known[0] if known else None), history


def _parameter_names(function: Callable[..., object]) -> frozenset[str]:
    try:
        return frozenset(signature(function).parameters)
    except ValueError:  # some built-in functions do not tell
        return frozenset()


def load_attribute(reference: str) -> Any:
    """What ``package.module:name`` names; the present folder is searched, too.

    Raises:
        UnavailableError: There is no such module or name.
    """
    module_name, _, attribute = reference.partition(":")
    if not attribute:
        raise UnavailableError(f"{reference!r} names nothing in a module; write it as module:name")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        return getattr(import_module(module_name), attribute)
    except (ImportError, AttributeError) as error:
        raise UnavailableError(
            f"{reference!r} cannot be loaded ({error}); run where the module can be imported"
        ) from error


def digest_module(reference: str) -> str | None:
    """sha256 of the file of the module that `reference` names; None where it has none."""
    file = getattr(import_module(reference.partition(":")[0]), "__file__", None)
    return None if file is None else sha256(Path(file).read_bytes()).hexdigest()
