"""The archive behind llama-index's retriever interface, for pipelines that are built on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

if TYPE_CHECKING:
    from index.archive import Archive
    from index.types import Passage


class ArchiveRetriever(BaseRetriever):
    """Passages as nodes, with exact offsets, outlet, date and address in their metadata."""

    def __init__(self, archive: Archive, *, k: int = 10) -> None:
        """Name the archive.

        Args:
            archive: Where to search.
            k: How many nodes at most.
        """
        super().__init__()
        self._archive = archive
        self._k = k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = self._archive.search(query_bundle.query_str, k=self._k)
        return [NodeWithScore(node=_node(passage), score=passage.score) for passage in passages]


def _node(passage: Passage) -> TextNode:
    place = {"article_id": passage.article_id, "version": passage.version}
    seen = {
        "title": passage.title,
        "outlet": passage.outlet,
        "url": passage.url,
        "published": passage.published.isoformat() if passage.published else None,
    }
    return TextNode(
        id_=f"{passage.article_id}:{passage.version}:{passage.start}-{passage.end}",
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=seen | place,
        excluded_embed_metadata_keys=list(place),
        excluded_llm_metadata_keys=list(place),
    )
