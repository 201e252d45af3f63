"""What speaks against a text, counted by hand on one sentence about a ferry."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.alignment import Source
from assistant.support import Support, Weights, measure_support
from assistant.types import Evidence

FERRY = "The red ferry sank off Oslo."


def measure(*sentences: str) -> Support:
    evidence = Evidence(
        marker=1, article_id="a", version=1, start=0, end=len(FERRY), text=FERRY, title="", outlet=None,
        url=None, published=None,
    )  # fmt: skip
    return measure_support(sentences, [Source(evidence)])


def test_nothing_speaks_against_the_source_itself():
    found = measure(FERRY)
    assert (found.foreign, found.reordered, found.failed, found.figures) == (0, 0, 0, 0)
    assert found.score() == 1


def test_foreign_words_words_out_of_line_and_failed_checks_are_counted():
    found = measure("The red ferry sank near Bergen.")
    # content words: red, ferry, sank, near, Bergen; of 6 units four stand in a row, and a name beside
    assert (found.words, found.foreign) == (5, 2)
    assert found.reordered == pytest.approx(5 * (1 - 5 / 6))
    assert (found.failed, found.figures) == (1, 0)


def test_a_wrong_number_counts_as_a_failed_check_and_as_a_figure():
    found = measure(FERRY, "The red ferry sank off Oslo with 40 people.")
    assert (found.failed, found.figures) == (0.5, 1)


def test_the_loss_is_spread_over_the_root_of_the_words():
    found = Support(words=9, foreign=2, reordered=4.0, failed=0.5, figures=1)
    weights = Weights(reordered=0.25, failed=1.0, figure=0.5)
    assert found.loss(weights) == pytest.approx((2 + 1 + 0.5 + 0.5) / sqrt(9))
    assert found.score(weights) == pytest.approx(1 / (1 + 4 / 3))


def test_a_text_without_words_has_nothing_against_it():
    assert measure().score() == 1


@given(st.integers(1, 50), st.integers(0, 50), st.floats(0, 50), st.floats(0, 1), st.integers(0, 5))
def test_more_against_a_text_never_raises_its_score(words, foreign, reordered, failed, figures):
    less = Support(words=words, foreign=foreign, reordered=reordered, failed=failed, figures=figures)
    for more in (
        Support(words=words, foreign=foreign + 1, reordered=reordered, failed=failed, figures=figures),
        Support(words=words, foreign=foreign, reordered=reordered + 1, failed=failed, figures=figures),
        Support(words=words, foreign=foreign, reordered=reordered, failed=failed, figures=figures + 1),
    ):
        assert 0 < more.score() < less.score() <= 1
