"""A LlamaIndex query engine as the system under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evals.errors import UnavailableError
from evals.systems.reading import read_answer, read_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evals.types import EvalCase, SystemAnswer


class QueryEngineSystem:
    """Calls ``query_engine.query(question)``; as in `CitationQueryEngine`, marker n is source node n.

    A query engine knows no conversation: of a case with a history it is asked the last question alone.
    """

    def __init__(
        self, query_engine: Any, *, name: str = "llama-index", settings: Mapping[str, Any] | None = None
    ) -> None:
        if not hasattr(query_engine, "query"):
            raise UnavailableError(
                f"{name} is a {type(query_engine).__name__} without query: no query engine"
            )
        self.name = name
        self._query_engine = query_engine
        self._settings = dict(settings or {})

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The engine's response; article ids are the nodes' ``ref_doc_id``."""
        response = self._query_engine.query(case.question)
        return read_answer(
            {"text": str(response), "sources": [read_source(node) for node in response.source_nodes]}
        )

    def describe(self) -> Mapping[str, Any]:
        """The kind of engine and the settings given."""
        return {"query_engine": type(self._query_engine).__qualname__, **self._settings}
