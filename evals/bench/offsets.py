"""Are offsets exact, and is every sentence in a chunk? Over every article text of the measuring sets.

Run with ``python -m evals.bench.offsets --data DIR``.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from index import Article, IndexConfig
from index.chunking import split_chunks
from index.quotes import extract_quotes
from index.sentences import split_sentences

TEXT_FIELDS = ("text", "doc", "document")
"""Where the sets keep the text of an article."""


def read_texts(file: Path) -> Iterator[str]:
    """The different article texts of one set; none where it holds pages or questions."""
    seen = set()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = next((row[name] for name in TEXT_FIELDS if isinstance(row.get(name), str)), None)
            if text and text not in seen:
                seen.add(text)
                yield text


def count(texts: Iterator[str]) -> dict[str, int]:
    """Articles, chunks, quotes and sentences, and how many of each are as promised."""
    longest = IndexConfig().chunk_characters
    names = ("articles", "chunks", "exact chunks", "quotes", "exact quotes", "sentences", "covered sentences")
    total = dict.fromkeys(names, 0)
    for text in texts:
        article = Article(id="a", text=text)
        chunks = split_chunks(article, longest)
        quotes = extract_quotes(article)
        sentences = split_sentences(text)
        spans = {(chunk.start, chunk.end) for chunk in chunks}
        starts = sorted(spans)
        position = 0
        for sentence in sentences:
            while position < len(starts) and starts[position][1] <= sentence.start:
                position += 1
            inside = position < len(starts) and starts[position][0] <= sentence.start
            total["covered sentences"] += inside and sentence.end <= starts[position][1]
        total["articles"] += 1
        total["chunks"] += len(chunks)
        total["exact chunks"] += sum(text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
        total["quotes"] += len(quotes)
        total["exact quotes"] += sum(text[quote.start : quote.end] == quote.text for quote in quotes)
        total["sentences"] += len(sentences)
    return total


def main() -> None:
    """Print the counts of each set and of all, with the three shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    files = sorted(parser.parse_args().data.glob("*.jsonl.gz"))
    if not files:
        parser.error(
            "there is no *.jsonl.gz in that folder; name the folder of the measuring sets with --data"
        )
    overall: dict[str, int] = {}
    for file in files:
        total = count(read_texts(file))
        if total["articles"]:
            print(file.name, total, flush=True)
        overall = {name: overall.get(name, 0) + number for name, number in total.items()}
    for good, of in (
        ("exact chunks", "chunks"),
        ("exact quotes", "quotes"),
        ("covered sentences", "sentences"),
    ):
        print(f"{good}: {overall[good]} of {overall[of]} = {overall[good] / overall[of]:.6f}")


if __name__ == "__main__":
    main()
