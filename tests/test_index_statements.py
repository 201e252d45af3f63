"""Ranking statements: what is about whom, and in which order."""

from datetime import UTC, datetime

import pytest

from index.quotes import extract_quotes
from index.statements import grade_topic, rank_quotes
from index.types import Article, Quote

TEXT = """Finland's foreign minister Elina Valtonen met Turkish President Recep Tayyip Erdogan on Monday.

"He knows our position," Valtonen said.

Valtonen said that Erdogan was ready for a vote on the bid in March.

Erdogan said that Valtonen would have to wait.

Valtonen said grain prices were too high."""


def quotes() -> list[Quote]:
    return list(extract_quotes(Article(id="a", text=TEXT, published=datetime(2023, 1, 2, tzinfo=UTC))))


def texts(found: list[Quote]) -> list[str]:
    return [quote.text for quote in found]


def test_a_statement_that_names_the_topic_stands_before_one_that_means_it() -> None:
    own = [quote for quote in quotes() if quote.speaker == "Elina Valtonen"]
    assert texts(rank_quotes(own, "Erdogan")) == [
        "Erdogan was ready for a vote on the bid in March",
        "He knows our position",
    ]


def test_about_is_not_the_other_way_round() -> None:
    by_erdogan = [quote for quote in quotes() if quote.speaker == "Recep Tayyip Erdogan"]
    assert texts(rank_quotes(by_erdogan, "Elina Valtonen")) == ["Valtonen would have to wait"]
    assert rank_quotes(by_erdogan, "Erdogan") == []


def test_a_topic_in_plain_words_is_found_by_its_words() -> None:
    assert texts(rank_quotes(quotes(), "grain prices")) == ["grain prices were too high"]


def test_without_a_topic_all_come_in_order_of_time_and_place() -> None:
    later = list(extract_quotes(Article(id="b", text=TEXT, published=datetime(2023, 1, 3, tzinfo=UTC))))
    undated = list(extract_quotes(Article(id="c", text=TEXT)))
    ranked = rank_quotes([*undated, *later, *quotes()], None)
    assert [quote.article_id for quote in ranked] == ["a"] * 4 + ["b"] * 4 + ["c"] * 4
    assert [quote.start for quote in ranked[:4]] == sorted(quote.start for quote in ranked[:4])


def test_quoted_words_stand_before_said_ones_and_these_before_deeds() -> None:
    text = (
        "Ann Lee opposes the tax on grain. Ann Lee said the tax was late.\n\n"
        '"The tax on grain must go soon," Ann Lee said.'
    )
    own = list(extract_quotes(Article(id="a", text=text)))
    assert texts(rank_quotes(own, "tax")) == [
        "The tax on grain must go soon",
        "the tax was late",
        "the tax on grain",
    ]


@pytest.mark.parametrize("about", ["", "the", "?!"])
def test_a_topic_without_words_fits_nothing(about: str) -> None:
    assert [grade_topic(quote, about) for quote in quotes()] == [0] * 4
