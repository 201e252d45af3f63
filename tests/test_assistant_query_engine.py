"""The assistant behind llama-index's query engine interface."""

from datetime import UTC, datetime

import pytest

from assistant.answering import Assistant
from assistant.config import Settings
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

TEXT = "The ferry sails again. “We repaired both engines,” Captain Eva Lund said on Monday."


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    published = datetime(2024, 5, 6, tzinfo=UTC)
    with Archive.open(tmp_path_factory.mktemp("archive"), embedder=HashEmbedder()) as archive:
        archive.add([Article(id="ferry", text=TEXT, title="Ferry", outlet="River Post", published=published)])
        settings = Settings(retrievers=("keyword",), model_url=None, _env_file=None)
        yield Assistant(archive, now=published, settings=settings).as_query_engine()


def test_the_response_carries_the_answer_and_its_cited_spans_as_nodes(engine):
    response = engine.query("What did Lund say?")
    assert "We repaired both engines" in str(response)
    (node,) = response.source_nodes
    assert TEXT[node.node.start_char_idx : node.node.end_char_idx] == node.node.text
    assert node.node.metadata["speaker"] == "Eva Lund"
    assert response.metadata["answer"]["abstained"] is False


def test_a_refusal_has_no_source_nodes(engine):
    response = engine.query("What did Lund say about penguins?")
    assert response.source_nodes == []
    assert response.metadata["answer"]["abstained"] is True
