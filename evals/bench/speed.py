"""Median and 95th percentile of a search and of an extractive answer on an existing archive.

Run with ``python -m evals.bench.speed --data DIR --archive FOLDER``; ``evals.bench.ingest --keep FOLDER``
makes the archive.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

QUESTIONS = "realtimeqa_small_questions.jsonl.gz"


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
    """Print a line for each way to search, and one for `Assistant.ask`."""
    from assistant import Assistant
    from index import Archive

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--archive", type=Path, required=True)
    options = parser.parse_args()
    with gzip.open(options.data / QUESTIONS, "rt", encoding="utf-8") as lines:
        questions = [json.loads(line)["question"] for line in lines]
    with Archive.open(options.archive, create=False) as archive:
        archive.wait()  # become the writer, which searches Chroma; a reader searches exactly
        print(archive.stats())
        for name, retrievers in (
            ("keyword", ("keyword",)),
            ("dense", ("dense",)),
            ("fused", ("keyword", "dense")),
        ):

            def search(question: str, retrievers: tuple[str, ...] = retrievers) -> object:
                return archive.search(question, retrievers=retrievers)

            print(f"search, {name:8}", time_each(search, questions))
        print("ask, extractive ", time_each(Assistant(archive).ask, questions))


if __name__ == "__main__":
    main()
