"""How fast articles become searchable, beside the model alone and beside stock LlamaIndex.

Run with ``python -m evals.bench.ingest --data DIR``. Every row runs in a process of its own, on the same
articles, one after the other and ``--rounds`` times in turn, so that a slow minute of the machine hits all.
Ratios are the figure to quote; seconds depend on the machine, and where it has other work to do, the ratio
of processor seconds is steadier than that of wall time. No row counts the import of libraries or the loading
of the model: every one handles a sentence before its clock starts. The stock row needs
``pip install llama-index-vector-stores-chroma llama-index-embeddings-huggingface``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

FILE = "realtimeqa_small_articles.jsonl.gz"
ROWS = ("byline", "encode", "stock")
WARM_UP = "The ferry will not sail before Friday, said the harbour master."


def cpu_seconds() -> float:
    """Processor seconds of this process and of the children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def run_byline(articles: Path, folder: Path) -> dict[str, float]:
    """The whole way in: read, parse, store, keyword index, vectors; then the same again."""
    from index import Archive, Article
    from index.embedding import SentenceTransformerEmbedder

    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as other, Archive.open(other, embedder=embedder) as archive:
        archive.add(Article(text=WARM_UP))
    with Archive.open(folder, embedder=embedder) as archive:
        began, cpu = time.perf_counter(), cpu_seconds()
        report = archive.add(articles, wait=False)
        searchable = time.perf_counter() - began
        archive.wait()
        total, cpu = time.perf_counter() - began, cpu_seconds() - cpu
        began = time.perf_counter()
        again = archive.add(articles)
        repeated = time.perf_counter() - began
        stats = archive.stats()
    return {
        "articles": len(report.added) + len(report.duplicates),
        "failed": len(report.failed),
        "chunks": stats.chunks,
        "keyword_seconds": searchable,
        "seconds": total,
        "cpu_seconds": cpu,
        "again_seconds": repeated,
        "again_added": len(again.added) + len(again.updated) + len(again.duplicates),
        "again_articles_per_second": len(again.unchanged) / repeated,
    }


def run_encode(articles: Path, _folder: Path) -> dict[str, float]:
    """`SentenceTransformer.encode` alone, given byline's chunks all at once, with its defaults."""
    from sentence_transformers import SentenceTransformer

    from index.chunking import split_chunks, text_to_embed
    from index.config import IndexConfig
    from index.embedding import packaged_weights
    from index.sources import read_sources

    longest = IndexConfig().chunk_characters
    texts = [
        text_to_embed(article, chunk)
        for article in (item.read() for item in read_sources(articles))
        for chunk in split_chunks(article, longest)
    ]
    model = SentenceTransformer(str(packaged_weights()), device="cpu")
    model.encode([WARM_UP])
    began, cpu = time.perf_counter(), cpu_seconds()
    model.encode(texts, show_progress_bar=False)
    return {
        "chunks": len(texts),
        "seconds": time.perf_counter() - began,
        "cpu_seconds": cpu_seconds() - cpu,
    }


def run_stock(articles: Path, folder: Path) -> dict[str, float]:
    """LlamaIndex as its documentation shows it: sentence splitter 256/20, the same model, Chroma."""
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.embedding import packaged_weights

    model = HuggingFaceEmbedding(str(packaged_weights()), device="cpu")
    model.get_text_embedding(WARM_UP)
    collection = chromadb.PersistentClient(str(folder)).create_collection("stock", embedding_function=None)
    context = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    began, cpu = time.perf_counter(), cpu_seconds()
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    documents = [
        Document(
            text=row["text"], metadata={name: row[name] for name in ("title", "outlet", "published", "url")}
        )
        for row in rows
    ]
    splitter = SentenceSplitter(chunk_size=256, chunk_overlap=20)
    nodes = splitter.get_nodes_from_documents(documents)
    for start in range(0, len(nodes), 5_000):  # one call fails from 5,462 nodes
        VectorStoreIndex(nodes[start : start + 5_000], storage_context=context, embed_model=model)
    return {
        "articles": len(documents),
        "chunks": len(nodes),
        "seconds": time.perf_counter() - began,
        "cpu_seconds": cpu_seconds() - cpu,
    }


RUNNERS: dict[str, Callable[[Path, Path], dict[str, float]]] = {
    "byline": run_byline,
    "encode": run_encode,
    "stock": run_stock,
}


def measure(row: str, articles: Path, folder: Path) -> dict[str, float]:
    """One row in its own process, with the peak memory of that process in gigabytes."""
    command = [sys.executable, "-m", "evals.bench.ingest", "--row", row, str(articles), str(folder)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S603 - ourselves
    result: dict[str, float] = json.loads(said.splitlines()[-1])
    return result


def take(source: Path, target: Path, number: int) -> None:
    """Every n-th article, so that `number` of them, evenly spread, remain."""
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        rows = list(lines)
    step = max(1, len(rows) // number)
    with gzip.open(target, "wt", encoding="utf-8", compresslevel=1) as file:
        file.writelines(rows[::step][:number])


def main() -> None:
    """Print each round and the ratios of the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--articles", type=int, default=300, help="how many of the 3,260; 0 for all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=ROWS)
    parser.add_argument("--keep", type=Path, help="keep byline's archive of the last round in this folder")
    parser.add_argument("--row", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.row:
        row, articles, folder = options.row
        result = RUNNERS[row](Path(articles), Path(folder))
        print(json.dumps(result | {"peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))
        return
    source = (options.data or Path()) / FILE
    if not source.is_file():
        parser.error(f"there is no {FILE} in {options.data}; name the folder that holds it with --data")
    results: dict[str, list[dict[str, float]]] = {row: [] for row in options.rows}
    with tempfile.TemporaryDirectory() as temporary:
        articles = source
        if options.articles:
            articles = Path(temporary) / "articles.jsonl.gz"
            take(source, articles, options.articles)
        for number in range(options.rounds):
            for row in options.rows:
                keep = options.keep if row == "byline" and number == options.rounds - 1 else None
                result = measure(row, articles, keep or Path(temporary) / f"{row}-{number}")
                print(row, json.dumps({name: round(value, 2) for name, value in result.items()}), flush=True)
                results[row].append(result)
    for clock in ("seconds", "cpu_seconds"):
        if {"byline", "encode"} <= results.keys():
            ratio = compare(results["encode"], results["byline"], clock)
            print(f"byline's rate over encode alone, by {clock}: {ratio:.3f} (target 0.9)")
        if {"byline", "stock"} <= results.keys():
            ratio = compare(results["stock"], results["byline"], clock)
            print(f"byline's articles a second over stock LlamaIndex, by {clock}: {ratio:.3f} (target 1.1)")


def compare(others: Sequence[dict[str, float]], ours: Sequence[dict[str, float]], clock: str) -> float:
    """Median over the rounds of the other row's time for the same articles over byline's."""
    return statistics.median(other[clock] / own[clock] for other, own in zip(others, ours, strict=True))


if __name__ == "__main__":
    main()
