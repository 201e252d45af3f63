"""The contract that every search index keeps: keyword, Chroma and exact vectors alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.keyword import KeywordIndex
from index.search_index import Hit, IndexEntry, SearchFilter, SearchIndex
from index.testing import HashEmbedder
from index.vectors import ChromaVectors, ExactVectors

EMBEDDER = HashEmbedder()
ANYTHING = SearchFilter()


class Searched:
    """An index under test, asked in words whatever its query type."""

    def __init__(self, make: Callable[[], SearchIndex], to_query: Callable[[str], object]) -> None:
        self.make = make
        self.index = make()
        self.to_query = to_query

    def search(self, words: str, k: int = 10, where: SearchFilter = ANYTHING) -> list[Hit]:
        return self.index.search(self.to_query(words), k, where)

    def found(self, words: str, where: SearchFilter) -> set[str]:
        return {hit.chunk_id for hit in self.search(words, where=where)}


@pytest.fixture(params=["keyword", "chroma", "exact"])
def searched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Searched]:
    if request.param == "keyword":
        one = Searched(lambda: KeywordIndex(tmp_path / "keyword"), str)
    else:
        make = {"chroma": lambda: ChromaVectors(tmp_path / "chroma"), "exact": ExactVectors}[request.param]
        one = Searched(make, lambda words: EMBEDDER.encode_query([words])[0])
    yield one
    one.index.close()


def entry(chunk_id: str, text: str, **fields: object) -> IndexEntry:
    defaults = {
        "article_id": chunk_id.split("#", maxsplit=1)[0],
        "title": "",
        "outlet": None,
        "published": None,
        "speakers": (),
    }
    vector = EMBEDDER.encode_document([text])[0]
    return IndexEntry(chunk_id=chunk_id, text=text, vector=vector, **(defaults | fields))


FLOOD = entry(
    "flood#1", "river burst its banks", outlet="Harbour Post", published=1_000, speakers=("Ana Ruiz",)
)
VOTE = entry(
    "vote#1",
    "parliament passed the budget",
    outlet="Meridian",
    published=2_000,
    speakers=("Jo Li", "Ana Ruiz"),
)
UNDATED = entry("vote#2", "river budget", outlet=None)


def test_an_empty_index_finds_nothing(searched: Searched) -> None:
    assert searched.search("river") == []
    assert searched.index.ids() == set()


def test_the_chunk_with_the_asked_words_comes_first(searched: Searched) -> None:
    searched.index.upsert([FLOOD, VOTE])
    assert searched.search("the river burst its banks")[0].chunk_id == "flood#1"


def test_an_upsert_replaces_the_chunk_with_the_same_id(searched: Searched) -> None:
    searched.index.upsert([FLOOD, VOTE])
    searched.index.upsert([entry("flood#1", "parliament passed the budget")])
    assert searched.index.ids() == {"flood#1", "vote#1"}
    best, second = searched.search("parliament passed the budget")[:2]
    assert best.score == pytest.approx(second.score, abs=1e-5)


def test_equal_scores_are_ordered_by_id(searched: Searched) -> None:
    searched.index.upsert([entry(f"{name}#1", "the same words") for name in "dbca"])
    assert [hit.chunk_id for hit in searched.search("the same words")] == ["a#1", "b#1", "c#1", "d#1"]


def test_deleting_an_article_forgets_its_chunks_and_no_others(searched: Searched) -> None:
    searched.index.upsert([FLOOD, VOTE, UNDATED])
    searched.index.delete(["vote", "unknown"])
    assert searched.index.ids() == {"flood#1"}
    assert searched.found("river budget", ANYTHING) == {"flood#1"}


def test_what_was_added_survives_a_reopening(searched: Searched) -> None:
    if isinstance(searched.index, ExactVectors):
        pytest.skip("exact search keeps nothing: it reads the store")
    searched.index.upsert([FLOOD, VOTE])
    searched.index.close()
    searched.index = searched.make()
    assert searched.index.ids() == {"flood#1", "vote#1"}
    assert searched.search("river burst banks")[0].chunk_id == "flood#1"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        pytest.param(SearchFilter(), {"flood#1", "vote#1", "vote#2"}, id="no filter finds all"),
        pytest.param(SearchFilter(outlets=("Meridian",)), {"vote#1"}, id="one outlet"),
        pytest.param(
            SearchFilter(outlets=("Meridian", "Harbour Post")), {"flood#1", "vote#1"}, id="either outlet"
        ),
        pytest.param(SearchFilter(outlets=("Nobody",)), set(), id="unknown outlet"),
        pytest.param(SearchFilter(outlets=()), set(), id="no outlet at all"),
        pytest.param(
            SearchFilter(since=1_000), {"flood#1", "vote#1"}, id="since is inclusive and drops undated"
        ),
        pytest.param(SearchFilter(since=1_001), {"vote#1"}, id="since cuts the earlier"),
        pytest.param(SearchFilter(until=2_000), {"flood#1"}, id="until is exclusive"),
        pytest.param(SearchFilter(since=1_500, until=1_600), set(), id="a window without articles"),
        pytest.param(SearchFilter(since=2_000, until=1_000), set(), id="a window that ends before it begins"),
        pytest.param(SearchFilter(speakers=("Jo Li",)), {"vote#1"}, id="one speaker"),
        pytest.param(
            SearchFilter(speakers=("Ana Ruiz",)), {"flood#1", "vote#1"}, id="a speaker of two chunks"
        ),
        pytest.param(SearchFilter(speakers=("Ana",)), set(), id="part of a name is no speaker"),
        pytest.param(
            SearchFilter(speakers=("Ana Ruiz",), outlets=("Meridian",), since=1), {"vote#1"}, id="all at once"
        ),
    ],
)
def test_a_filter_keeps_only_what_satisfies_it(
    searched: Searched, where: SearchFilter, expected: set[str]
) -> None:
    searched.index.upsert([FLOOD, VOTE, UNDATED])
    assert searched.found("river budget parliament", where) == expected


def test_at_most_k_hits_are_returned(searched: Searched) -> None:
    searched.index.upsert([FLOOD, VOTE, UNDATED])
    assert len(searched.search("river budget", k=2)) == 2
    assert searched.search("river budget", k=0) == []
