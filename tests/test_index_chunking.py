"""Chunks are whole sentences, every sentence is in one, and every offset is exact."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index import Article
from index.chunking import embedding_key, split_chunks, text_to_embed
from index.sentences import split_sentences

TEXT = "One sentence here. A second one follows! Is this the third?\n\nA new paragraph ends it."


def spans(text: str, longest: int) -> list[str]:
    return [chunk.text for chunk in split_chunks(Article(id="a", text=text), longest)]


def test_sentences_are_packed_up_to_the_limit() -> None:
    # 18 + 1 + 21 = 40 characters hold the first two; the third would make 59
    assert spans(TEXT, 40) == [
        "One sentence here. A second one follows!",
        "Is this the third?",
        "A new paragraph ends it.",
    ]


def test_a_sentence_longer_than_the_limit_is_a_chunk_of_its_own() -> None:
    assert spans(TEXT, 5) == [
        "One sentence here.",
        "A second one follows!",
        "Is this the third?",
        "A new paragraph ends it.",
    ]


def test_a_short_article_is_one_chunk_with_its_blank_line_inside() -> None:
    assert spans(TEXT, 900) == [TEXT]


def test_the_id_names_article_version_and_span() -> None:
    (chunk,) = split_chunks(Article(id="story", version=3, text="Short text."), 900)
    assert chunk.id == "story:3:0-11"


@given(text=st.text(st.sampled_from("ab .!?\n“”'\u00e9\U0001f600"), max_size=300), longest=st.integers(1, 80))
def test_every_sentence_lies_in_exactly_one_chunk(text: str, longest: int) -> None:
    article = Article(id="a", text=text)
    chunks = split_chunks(article, longest)
    assert all(article.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert all(before.end <= after.start for before, after in pairwise(chunks))
    for sentence in split_sentences(text, None):
        assert sum(chunk.start <= sentence.start and sentence.end <= chunk.end for chunk in chunks) == 1


def test_the_model_reads_title_outlet_and_day_before_the_text() -> None:
    article = Article(
        id="a", title="Vote", outlet="Meridian", published=datetime(2024, 3, 5, tzinfo=UTC), text="It passed."
    )
    (chunk,) = split_chunks(article, 900)
    assert text_to_embed(article, chunk) == "Vote, Meridian, 05 March 2024\nIt passed."


def test_without_title_outlet_and_day_the_model_reads_the_text_alone() -> None:
    article = Article(id="a", text="It passed.")
    assert text_to_embed(article, split_chunks(article, 900)[0]) == "It passed."


def test_the_same_text_has_another_key_under_another_model() -> None:
    assert embedding_key("one", "text") == embedding_key("one", "text") != embedding_key("two", "text")
