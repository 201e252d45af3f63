"""Stock LlamaIndex, as its documentation sets it up: the comparison row of the benchmarks.

`SentenceSplitter` with 256 tokens and 20 overlap, title, outlet and date as metadata (so that they are
embedded with each node), the same embedding model as byline, cosine similarity. Vectors of nodes are
kept in a working folder by content, because embedding them is most of a run.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from evals.baselines import copy_passages
from evals.systems.byline import thaw_article
from evals.systems.reading import read_source
from index.embedding import SentenceTransformerEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import BaseNode

    from evals.types import EvalCase, Source, SystemAnswer
    from index.types import Article

CHUNK_TOKENS, OVERLAP_TOKENS = 256, 20
RETRIEVED = 10
"""Passages of a row in the table of baselines, as the retrieval metrics look at."""
ANSWERED_WITH = 2
"""Passages that an answer is made of: LlamaIndex's own ``similarity_top_k``."""


class StockRetriever:
    """``VectorStoreIndex.as_retriever`` over articles."""

    def __init__(self, articles: Sequence[Article], work: Path) -> None:
        """Split and embed the articles, or read the vectors that an earlier run left in `work`."""
        self.nodes = split_nodes(articles)
        self._index = _build_index(self.nodes, work)

    def retrieve(self, question: str, k: int) -> list[Source]:
        """The k nearest nodes, best first, without the metadata in front."""
        found = self._index.as_retriever(similarity_top_k=k).retrieve(question)
        return [read_source(node) for node in found]

    def as_query_engine(self, llm: Any, k: int = 4) -> Any:
        """Stock question answering with any llama-index `LLM`."""
        return self._index.as_query_engine(llm=llm, similarity_top_k=k)


class StockBaseline:
    """Stock retrieval as a row of baselines: without a model it answers with what it found, word for word."""

    name = "stock LlamaIndex"

    def __init__(self, articles: Sequence[Article], work: Path) -> None:
        self._work = work
        self._retriever = StockRetriever(articles, work)

    def __call__(self, case: EvalCase) -> SystemAnswer:
        """The passages nearest to the question, over the articles that the case brings, if it brings any."""
        own = [thaw_article(article) for article in case.evidence]
        retriever = StockRetriever(own, self._work) if own else self._retriever
        return copy_passages(tuple(retriever.retrieve(case.question, RETRIEVED)), ANSWERED_WITH)


def split_nodes(articles: Sequence[Article]) -> list[BaseNode]:
    """The articles as stock nodes; ``ref_doc_id`` is the article's id."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    documents = [
        Document(
            text=article.text,
            id_=article.id,
            metadata={
                "title": article.title,
                "source": article.outlet or "",
                "published_at": article.published.isoformat() if article.published else "",
            },
        )
        for article in articles
    ]
    return SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=OVERLAP_TOKENS).get_nodes_from_documents(
        documents
    )


def _build_index(nodes: Sequence[BaseNode], work: Path) -> VectorStoreIndex:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.schema import MetadataMode

    embedder = SentenceTransformerEmbedder()

    class SameModel(BaseEmbedding):
        """The model of byline behind the interface of LlamaIndex."""

        def _get_query_embedding(self, query: str) -> list[float]:
            vector: list[float] = embedder.encode_query([query])[0].tolist()
            return vector

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            vector: list[float] = embedder.encode_document([text])[0].tolist()
            return vector

    texts = [node.get_content(metadata_mode=MetadataMode.EMBED) for node in nodes]
    for node, vector in zip(nodes, _embed_once(texts, embedder, work), strict=True):
        node.embedding = vector.tolist()
    return VectorStoreIndex(nodes=list(nodes), embed_model=SameModel())


def _embed_once(
    texts: Sequence[str], embedder: SentenceTransformerEmbedder, work: Path
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Vectors of the texts, shape (len(texts), dimension), from `work` where they were made before."""
    digest = sha256("\0".join([embedder.name, *texts]).encode()).hexdigest()[:16]
    kept = work / f"stock-{digest}.npy"
    if kept.exists():
        stored: np.ndarray[Any, np.dtype[np.float32]] = np.load(kept)
        return stored
    vectors = embedder.encode_document(texts)
    work.mkdir(parents=True, exist_ok=True)
    np.save(kept, vectors)
    return vectors
