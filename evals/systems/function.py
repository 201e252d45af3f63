"""A Python function, or a LangChain runnable, as the system under test."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from evals.errors import UnavailableError
from evals.systems.reading import read_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from evals.types import EvalCase, SystemAnswer


class FunctionSystem:
    """Calls ``function(question)``; what it returns goes through `read_answer`."""

    def __init__(
        self,
        function: Callable[[str], object],
        *,
        name: str = "function",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = name
        self._function = function
        self._settings = dict(settings or {})

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The function's answer to the question; earlier questions are not passed."""
        return read_answer(self._function(case.question))

    def describe(self) -> Mapping[str, Any]:
        """The settings given, and which function it is."""
        name = getattr(self._function, "__qualname__", type(self._function).__qualname__)
        return {"function": f"{getattr(self._function, '__module__', '')}:{name}", **self._settings}


class RunnableSystem:
    """A LangChain runnable: ``invoke(question)``, or ``invoke({input_key: question})``.

    It may return a text, a message with ``content``, or a mapping with ``answer`` and ``context``
    (what `create_retrieval_chain` returns).
    """

    def __init__(self, runnable: Any, *, input_key: str | None = "input", name: str = "langchain") -> None:
        self.name = name
        self._runnable = runnable
        self._input_key = input_key

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The runnable's answer to the question."""
        given = case.question if self._input_key is None else {self._input_key: case.question}
        value = self._runnable.invoke(given)
        if not isinstance(value, (str, Mapping)) and isinstance(getattr(value, "content", None), str):
            value = value.content
        return read_answer(value)

    def describe(self) -> Mapping[str, Any]:
        """The kind of runnable."""
        return {"runnable": type(self._runnable).__qualname__, "input_key": self._input_key}


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
