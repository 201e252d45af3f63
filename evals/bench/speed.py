"""Median and 95th percentile of a search and of an extractive answer over 3,260 articles.

Run with ``python -m evals.bench.speed --data DIR --archive FOLDER``. A missing archive is made there. Its
vectors are stand-ins, drawn at random for each text: embedding all of it takes most of an hour on two slow
cores, and how long a search takes does not depend on what vectors mean. Questions are embedded by the real
model.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant import Assistant, Settings
from evals.bench.data import read_rows
from index import Archive
from index.embedding import SentenceTransformerEmbedder

if TYPE_CHECKING:
    from index.embedding import FloatMatrix

ARTICLES = "realtimeqa_small_articles"
QUESTIONS = "realtimeqa_small_questions"
DIMENSION = 384


class StandInEmbedder:
    """Random unit vectors for passages, fixed for each text; the packaged model for questions."""

    name = f"stand-in-{DIMENSION}"

    def __init__(self) -> None:
        self._model = SentenceTransformerEmbedder()

    def encode_document(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), 384), unit length."""
        rows = np.stack([self._draw(text) for text in texts])
        vectors: FloatMatrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return vectors

    @staticmethod
    def _draw(text: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        return np.random.default_rng(seed).standard_normal(DIMENSION)

    def encode_query(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), 384), unit length."""
        return self._model.encode_query(texts)


def time_each(call: Callable[[str], object], questions: Sequence[str]) -> str:
    """Median and 95th percentile in milliseconds over the questions, after one to warm up."""
    call(questions[0])
    milliseconds = []
    for question in questions:
        began = time.perf_counter()
        call(question)
        milliseconds.append(1000 * (time.perf_counter() - began))
    median, high = np.median(milliseconds), np.percentile(milliseconds, 95)
    return f"median {median:7.1f} ms   p95 {high:7.1f} ms   n {len(questions)}"


def main() -> None:
    """Print what making the archive took, and a line for each way to search and for `Assistant.ask`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--archive", type=Path, required=True)
    options = parser.parse_args()
    questions = [row["question"] for row in read_rows(options.data, QUESTIONS)]
    with Archive.open(options.archive, embedder=StandInEmbedder()) as archive:
        began = time.perf_counter()
        report = archive.add(options.data / f"{ARTICLES}.jsonl.gz", wait=False)
        print(
            f"{len(report.added)} articles added, searchable by keyword: {time.perf_counter() - began:.1f} s"
        )
        archive.wait()
        print(f"with all but the model's own time: {time.perf_counter() - began:.1f} s")
        print(archive.stats())
        for name, retrievers in (
            ("keyword", ("keyword",)),
            ("dense", ("dense",)),
            ("fused", ("keyword", "dense")),
        ):

            def search(question: str, retrievers: tuple[str, ...] = retrievers) -> object:
                return archive.search(question, retrievers=retrievers)

            print(f"search, {name:8}", time_each(search, questions), flush=True)
        assistant = Assistant(archive, settings=Settings(model_url=None))
        print("ask, extractive ", time_each(assistant.ask, questions))


if __name__ == "__main__":
    main()
