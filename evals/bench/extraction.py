"""How much of an article's text extraction finds on web pages, and how little of anything else.

Run with ``python -m evals.bench.extraction --data DIR``: byline's extraction and cleaning beside plain
trafilatura, on the same pages in the same run. Precision, recall and F1 as in Scrapinghub's article
extraction benchmark: shared 4-word shingles, counted with repetition; precision and recall are means
over pages and F1 is made from these means. Intervals are percentiles of a bootstrap over pages.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from evals.bench.data import read_rows
from evals.statistics import RESAMPLES, SEED, Interval
from index.addresses import canonical_url
from index.cleaning import clean_line, clean_text
from index.errors import ExtractError
from index.extract import extract_page
from index.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

Extract: TypeAlias = "Callable[[str, str | None], str]"
"""A page and its address -> the article's text, empty where none is found."""

PAGES = "html_article_extraction_benchmark"
SHINGLE_WORDS = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page: shares between 0 and 1."""

    precision: float
    """Of the extracted shingles, those that are in the article; 0 where nothing was extracted."""
    recall: float
    """Of the article's shingles, those that were extracted."""


def score_page(extracted: str, expected: str) -> PageScore:
    """Compare an extracted text with the article's by their shingles."""
    found, wanted = _shingles(extracted), _shingles(expected)
    shared = (found & wanted).total()
    return PageScore(
        precision=shared / found.total() if found else 0.0, recall=shared / wanted.total() if wanted else 0.0
    )


def f1_of_means(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 from mean precision and mean recall.

    Args:
        scores: Shape (..., pages, 2): precision and recall.

    Returns:
        Shape (...).
    """
    precision, recall = np.moveaxis(scores.mean(axis=-2), -1, 0)
    f1: NDArray[np.float64] = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return f1


def bootstrap_f1(*systems: Sequence[PageScore]) -> list[NDArray[np.float64]]:
    """F1 of each system on the same resamples of pages; one array of `RESAMPLES` values each."""
    pages = len(systems[0])
    drawn = np.random.default_rng(SEED).integers(0, pages, size=(RESAMPLES, pages))
    return [f1_of_means(_as_array(scores)[drawn]) for scores in systems]


def percentile_interval(values: NDArray[np.float64]) -> Interval:
    """The middle 95 % of resampled values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(float(low), float(high))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    count = max(len(words) - SHINGLE_WORDS + 1, 1 if words else 0)
    return Counter(tuple(words[start : start + SHINGLE_WORDS]) for start in range(count))


def _as_array(scores: Sequence[PageScore]) -> NDArray[np.float64]:
    return np.array([(score.precision, score.recall) for score in scores])


def _extract_plainly(html: str, url: str | None) -> str:
    import trafilatura

    return trafilatura.extract(html, url=url, include_comments=False) or ""


def main() -> None:
    """Print a line for each system and the difference of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    rows = read_rows(parser.parse_args().data, PAGES)
    worker = Worker()

    def extract(html: str, url: str | None) -> str:
        try:
            page = extract_page(html.encode(), url, worker)
        except ExtractError:
            return ""
        return clean_text(page.text, clean_line(page.title))

    systems: dict[str, Callable[[str, str | None], str]] = {
        "byline": extract,
        "trafilatura": _extract_plainly,
    }
    scores: list[list[PageScore]] = []
    for name, run in systems.items():
        run(rows[0]["html"], None)  # imports and start of the worker
        began = time.perf_counter()
        texts = [run(row["html"], canonical_url(row["url"])) for row in rows]
        seconds = time.perf_counter() - began
        scores.append([score_page(text, row["gold_text"]) for text, row in zip(texts, rows, strict=True)])
        precision, recall = _as_array(scores[-1]).mean(axis=0)
        f1, interval = f1_of_means(_as_array(scores[-1])), percentile_interval(bootstrap_f1(scores[-1])[0])
        print(
            f"{name:11}  precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}"
            f" [{interval.low:.4f}, {interval.high:.4f}]  n {len(rows)}  {seconds:.1f} s"
        )
    ours, plain = bootstrap_f1(*scores)
    interval = percentile_interval(ours - plain)
    difference = f1_of_means(_as_array(scores[0])) - f1_of_means(_as_array(scores[1]))
    print(f"difference   F1 {difference:+.4f} [{interval.low:+.4f}, {interval.high:+.4f}]")


if __name__ == "__main__":
    main()
