"""The one seam between the evals and whatever is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evals.types import EvalCase, SystemAnswer


class SystemUnderTest(Protocol):
    """Anything that answers a question. Called from several threads at once."""

    name: str
    """Shown in tables ("byline", "our-rag")."""

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The answer to ``case.question`` after ``case.history``; any exception counts as a failed case."""
        ...

    def describe(self) -> Mapping[str, Any]:
        """Every setting that can change an answer, JSON-ready and without keys or passwords.

        Part of the record and of the cache key: equal descriptions promise equal answers.
        """
        ...
