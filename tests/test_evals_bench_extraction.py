"""The extraction benchmark counts shingles right."""

from __future__ import annotations

import numpy as np
import pytest

from evals.bench.extraction import PageScore, bootstrap_f1, f1_of_means, percentile_interval, score_page


@pytest.mark.parametrize(
    ("extracted", "expected", "precision", "recall"),
    [
        ("a b c d e", "a b c d e", 1.0, 1.0),
        ("A, b. c d -- e!", "a b c d e", 1.0, 1.0),
        ("a b c d e f", "a b c d e", 2 / 3, 1.0),  # abcd bcde cdef against abcd bcde
        ("b c d e", "a b c d e", 1.0, 1 / 2),
        ("a b c d a b c d", "a b c d", 1 / 5, 1.0),  # a repetition counts once as right
        ("", "a b c d", 0.0, 0.0),
        ("a b", "a b", 1.0, 1.0),
        ("x y z w", "a b c d", 0.0, 0.0),
    ],
    ids=["same", "marks_and_case", "one_word_more", "one_word_less", "repeated", "nothing", "short", "other"],
)
def test_a_page_is_scored_by_its_shingles(
    extracted: str, expected: str, precision: float, recall: float
) -> None:
    assert score_page(extracted, expected) == PageScore(precision, recall)


def test_f1_is_made_from_the_means_and_not_the_mean_of_f1s() -> None:
    """Means 0.75 and 0.5: 2 * 0.75 * 0.5 / 1.25 = 0.6."""
    assert f1_of_means(np.array([[1.0, 0.5], [0.5, 0.5]])) == pytest.approx(0.6)


def test_both_systems_are_resampled_on_the_same_pages() -> None:
    scores = [PageScore(0.1 * n, 0.9) for n in range(1, 10)]
    first, second = bootstrap_f1(scores, scores)
    assert (first == second).all()
    assert percentile_interval(first).low < 0.643 < percentile_interval(first).high  # 2 * 0.5 * 0.9 / 1.4
