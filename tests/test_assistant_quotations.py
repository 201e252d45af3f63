"""Given words beside a statement: the same, slightly altered, or other words."""

import pytest

from assistant.quotations import match_quotation
from index.quotes import extract_quotes
from index.types import Article

SAID = "“There was no need for a second vote on the harbour in May,” Ana Rao said."


@pytest.mark.parametrize(
    ("words", "difference"),
    [
        ("there was no need for a second vote", None),
        (
            "there was no need for a third vote on the harbour",
            "The question alters the words: “third” instead of “second”.",
        ),
        ("there was need for a second vote on the harbour", "The question alters the words: “no” left out."),
    ],
)
def test_tells_what_was_altered(words, difference):
    match = match_quotation(words, extract_quotes(Article(text=SAID))[0])
    assert match is not None
    assert match.difference == difference


@pytest.mark.parametrize("words", ["there was no conversation", "there was no vote", "a walk in the park"])
def test_few_words_of_which_one_differs_are_not_the_same(words):
    assert match_quotation(words, extract_quotes(Article(text=SAID))[0]) is None
