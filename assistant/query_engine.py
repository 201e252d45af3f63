"""The assistant as a llama-index query engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.answer import mark_unproved

if TYPE_CHECKING:
    from llama_index.core.prompts.mixin import PromptDictType, PromptMixinType

    from assistant.answering import Assistant
    from assistant.types import Answer, Citation


class AssistantQueryEngine(BaseQueryEngine):
    """Answers a query with a checked `Answer`.

    The response's text is `Answer.text`, what is not proved marked as such; its ``source_nodes`` are the
    cited spans, in the order of their markers, none for an abstention; its ``metadata["answer"]`` is
    `Answer.to_dict()`.
    """

    def __init__(self, assistant: Assistant, callback_manager: CallbackManager | None = None) -> None:
        """Answer with `assistant`."""
        super().__init__(callback_manager=callback_manager or CallbackManager())
        self._assistant = assistant

    def _query(self, query_bundle: QueryBundle) -> Response:
        return _as_response(self._assistant.ask(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return _as_response(await self._assistant.aask(query_bundle.query_str))

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """Prompts are fixed, since the checks after them rely on their form."""


def _as_response(answer: Answer) -> Response:
    return Response(
        response=mark_unproved(answer),
        source_nodes=[_as_node(citation) for citation in answer.citations],
        metadata={"answer": answer.to_dict()},
    )


def _as_node(citation: Citation) -> NodeWithScore:
    about: dict[str, Any] = {
        "marker": citation.marker,
        "article_id": citation.article_id,
        "version": citation.version,
        "title": citation.title,
        "outlet": citation.outlet,
        "url": citation.url,
        "published": citation.published.isoformat() if citation.published else None,
        "speaker": citation.speaker,
    }
    node = TextNode(
        id_=f"{citation.article_id}:{citation.version}:{citation.start}-{citation.end}",
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata=about,
    )
    return NodeWithScore(node=node, score=1.0)
