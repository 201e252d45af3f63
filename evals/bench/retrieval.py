"""Does the passage that holds the answer come first? byline beside BM25, dense and stock LlamaIndex.

Run with ``python -m evals.bench.retrieval --data DIR``. Two sets:

RealTime QA (438 news quiz questions over 3,260 articles): the rank of a gold article (linked by the
quiz, or one that holds the answer string: silver) and of a passage that holds the answer string.

MultiHop-RAG (252 facts of 129 questions, 128 questions with gold articles, over 70 articles): recall
of facts and documents, the standard metrics beside those of the set's own script, and the share of
facts that lie whole in any chunk, which no ranking can exceed. Published scores are over 609
articles and do not compare.

All rows see the same articles and, where they embed, the same model. Differences are paired by
question, with 95 % intervals over clusters (quiz week, or questions that share a gold article).
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.bench.data import read_articles, read_rows
from evals.bench.stock import StockRetriever, split_nodes
from evals.canonical import canonical_json, write_atomically
from evals.scorers.facts import tokens_of
from evals.scorers.retrieval import (
    average_precision,
    average_precision_script,
    evidence_recall,
    hits_all,
    hits_any,
    locate_articles,
    locate_facts,
    ndcg,
    reachable_share,
    reciprocal_rank,
)
from evals.statistics import compare_paired, estimate
from evals.systems.reading import read_source
from index.archive import Archive
from index.chunking import split_chunks
from index.config import IndexConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evals.types import Source
    from index.types import Article

    Ranker = Callable[["Query", int], list[Source]]

PASSAGES = 10
"""Passages that every row may return, as in all published rows of MultiHop-RAG."""

FILES = {"realtimeqa": "realtimeqa_small_articles", "multihoprag": "multihoprag_corpus_70"}
"""Article file of each set."""

SYSTEMS = ("byline", "search", "bm25", "dense", "stock")


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """One question with what is to be found."""

    id: str
    text: str
    now: datetime | None = None
    """When it was asked, where the set says so."""
    articles: tuple[str, ...] = ()
    """Gold article ids."""
    facts: tuple[str, ...] = ()
    """Verbatim words of the articles, all of which are sought."""
    answer: str = ""
    """Answer string, of which any passage may hold it."""
    cluster: str


@dataclass(frozen=True, slots=True)
class Table:
    """Scores of every row on one set of queries."""

    name: str
    clusters: dict[str, str]
    """Query id to cluster."""
    scores: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    """System to metric to query id to value."""

    def print(self, baseline: str = "byline") -> None:
        """Means with intervals, and the paired difference of the first row to each other one."""
        n = len(self.clusters)
        print(f"\n## {self.name} (n = {n}, {len(set(self.clusters.values()))} clusters)\n")
        print("| metric | " + " | ".join(self.scores) + " |")
        print("|---" * (len(self.scores) + 1) + "|")
        for metric in next(iter(self.scores.values())):
            cells = []
            for system, metrics in self.scores.items():
                found = estimate(metrics[metric], self.clusters, failed=0)
                interval = found.interval and f" [{found.interval.low:.3f}, {found.interval.high:.3f}]"
                cells.append(f"{found.mean:.3f}{interval or ''}{self._difference(baseline, system, metric)}")
            print(f"| {metric} | " + " | ".join(cells) + " |")

    def _difference(self, baseline: str, system: str, metric: str) -> str:
        if system == baseline or baseline not in self.scores:
            return ""
        found = compare_paired(self.scores[system][metric], self.scores[baseline][metric], self.clusters)
        if found is None or found.interval is None:
            return ""
        return f"; {baseline} {found.mean:+.3f} [{found.interval.low:+.3f}, {found.interval.high:+.3f}]"


def measure(
    name: str,
    queries: Sequence[Query],
    rankers: Mapping[str, Ranker],
    score: Callable[[Query, list[Source]], dict[str, float]],
) -> Table:
    """Ask every ranker every query and score its passages."""
    table = Table(name, {query.id: query.cluster for query in queries})
    for system, rank in rankers.items():
        metrics: dict[str, dict[str, float]] = {}
        for query in queries:
            for metric, value in score(query, rank(query, PASSAGES)).items():
                metrics.setdefault(metric, {})[query.id] = value
        table.scores[system] = metrics
    return table


def score_articles(query: Query, found: Sequence[Source]) -> dict[str, float]:
    """Any gold article: hit at 1, 4 and 10 distinct articles, MRR."""
    ranks = locate_articles(query.articles, [source.article_id for source in found])
    return {
        "hit@1": hits_any(ranks, 1),
        "hit@4": hits_any(ranks, 4),
        "hit@10": hits_any(ranks, 10),
        "MRR": reciprocal_rank(ranks),
        "recall@10": evidence_recall(ranks, 10),
        "nDCG@10": ndcg(ranks),
    }


def score_answer_string(query: Query, found: Sequence[Source]) -> dict[str, float]:
    """Any passage that holds the answer's words in a row: hit at 1, 4 and 10 passages, MRR."""
    needle = f" {' '.join(tokens_of(query.answer))} "
    rank = next(
        (n for n, source in enumerate(found, 1) if needle in f" {' '.join(tokens_of(source.text))} "), None
    )
    return {
        "hit@1": hits_any([rank], 1),
        "hit@4": hits_any([rank], 4),
        "hit@10": hits_any([rank], 10),
        "MRR": reciprocal_rank([rank]),
    }


def score_facts(query: Query, found: Sequence[Source]) -> dict[str, float]:
    """Facts of a question, standard and as MultiHop-RAG's script counts them."""
    ranks = locate_facts(query.facts, [source.text for source in found])
    return {
        "facts@10": evidence_recall(ranks, 10),
        "facts@4": evidence_recall(ranks, 4),
        "all facts@10": hits_all(ranks, 10),
        "MRR@10": reciprocal_rank(ranks),
        "MAP@10": average_precision(ranks),
        "script Hits@10": hits_any(ranks, 10),
        "script Hits@4": hits_any(ranks, 4),
        "script MAP@10": average_precision_script(ranks),
    }


def read_quiz(data: Path, gold: str) -> list[Query]:
    """RealTime QA questions that have the wanted gold.

    Args:
        data: Folder of the sets.
        gold: ``linked`` by the quiz, ``silver`` (linked, or holding the answer string), or ``answer``
            (the string alone).
    """
    queries = []
    for row in read_rows(data, "realtimeqa_small_questions"):
        linked, silver = row["gold_docs"], row["docs_with_answer_string"]
        articles = {"linked": linked, "silver": sorted({*linked, *silver}), "answer": []}[gold]
        answer = row["answer"] if row["status"] == "answer_string_in_retrieved" else ""
        if articles or (gold == "answer" and answer):
            queries.append(
                Query(
                    id=row["id"],
                    text=row["question"],
                    now=datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) + timedelta(days=1),
                    articles=tuple(articles),
                    answer=answer,
                    cluster=row["date"],
                )
            )
    return queries


def read_facts(data: Path) -> list[Query]:
    """MultiHop-RAG: the facts of each question."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(data, "multihoprag_facts"):
        grouped.setdefault(row["qid"], []).append(row)
    return [
        Query(
            id=query_id,
            text=rows[0]["question"],
            facts=tuple(row["fact"] for row in rows),
            cluster=_name_set(row["gold_doc"] for row in rows),
        )
        for query_id, rows in grouped.items()
    ]


def read_documents(data: Path) -> list[Query]:
    """MultiHop-RAG: questions with gold articles."""
    return [
        Query(
            id=row["id"],
            text=row["question"],
            articles=tuple(row["gold_docs"]),
            cluster=_name_set(row["gold_docs"]),
        )
        for row in read_rows(data, "multihoprag_ret70")
    ]


def _name_set(articles: Iterable[str]) -> str:
    """Variants of one question ask for the same articles, and are one cluster."""
    return " ".join(sorted(set(articles)))


def open_rankers(
    articles: Sequence[Article], archive: Archive, systems: Sequence[str], work: Path
) -> dict[str, Ranker]:
    """The chosen rows over the same articles.

    ``byline`` is what `Assistant.ask` reads for the question; ``search`` is `Archive.search`, of which
    ``bm25`` and ``dense`` ask one index alone.
    """
    from assistant.answering import Assistant

    def search(*retrievers: str) -> Ranker:
        def rank(query: Query, k: int) -> list[Source]:
            found = archive.search(query.text, k=k, retrievers=retrievers)
            return [read_source(passage) for passage in found]

        return rank

    def ask(query: Query, k: int) -> list[Source]:
        answer = Assistant(archive, now=query.now or archive.stats().newest).ask(query.text)
        return [read_source(passage) for passage in answer.passages[:k]]

    rankers: dict[str, Ranker] = {}
    if "byline" in systems:
        rankers["byline"] = ask
    if "search" in systems:
        rankers["search"] = search("keyword", "dense")
    if "bm25" in systems:
        rankers["bm25"] = search("keyword")
    if "dense" in systems:
        rankers["dense"] = search("dense")
    if "stock" in systems:
        stock = StockRetriever(articles, work)
        rankers["stock"] = lambda query, k: stock.retrieve(query.text, k)
    return {name: _asked_once(rank) for name, rank in rankers.items()}


def _asked_once(rank: Ranker) -> Ranker:
    """A ranker that remembers, for one question stands in several tables."""
    found: dict[tuple[str, datetime | None, int], list[Source]] = {}

    def remember(query: Query, k: int) -> list[Source]:
        key = (query.text, query.now, k)
        if key not in found:
            found[key] = rank(query, k)
        return found[key]

    return remember


def print_reachable(data: Path, articles: Sequence[Article]) -> None:
    """The share of facts that any ranking of each chunker's chunks can reach."""
    facts = sorted({row["fact"] for row in read_rows(data, "multihoprag_facts")})
    longest = IndexConfig().chunk_characters
    ours = [chunk.text for article in articles for chunk in split_chunks(article, longest)]
    stock = [node.get_content() for node in split_nodes(articles)]
    print(
        f"\nreachable facts of {len(facts)}: byline's chunks {reachable_share(facts, ours):.3f}"
        f" ({len(ours)} chunks), stock {reachable_share(facts, stock):.3f} ({len(stock)} chunks)"
    )


def run_realtimeqa(options: argparse.Namespace, stack: ExitStack) -> list[Table]:
    """The tables of RealTime QA."""
    articles = read_articles(options.data, FILES["realtimeqa"])
    archive = _open_archive(options, "realtimeqa", stack)
    rankers = open_rankers(articles, archive, options.systems, options.work)
    golds = {
        "article linked by the quiz": ("linked", score_articles),
        "linked or silver article": ("silver", score_articles),
        "answer string in the passage": ("answer", score_answer_string),
    }
    return [
        measure(f"RealTime QA, {name}", read_quiz(options.data, gold), rankers, score)
        for name, (gold, score) in golds.items()
    ]


def run_multihoprag(options: argparse.Namespace, stack: ExitStack) -> list[Table]:
    """The tables of MultiHop-RAG."""
    articles = read_articles(options.data, FILES["multihoprag"])
    archive = _open_archive(options, "multihoprag", stack)
    rankers = open_rankers(articles, archive, options.systems, options.work)
    print_reachable(options.data, articles)
    return [
        measure("MultiHop-RAG, facts", read_facts(options.data), rankers, score_facts),
        measure("MultiHop-RAG, articles", read_documents(options.data), rankers, score_articles),
    ]


SETS = {"realtimeqa": run_realtimeqa, "multihoprag": run_multihoprag}


def _open_archive(options: argparse.Namespace, name: str, stack: ExitStack) -> Archive:
    """The kept archive of a set, or a new one; with its vectors, if any row needs them."""
    folder = options.archives and options.archives / name
    kept = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
    archive = stack.enter_context(Archive.open(kept))
    if archive.stats().articles == 0:
        archive.add(options.data / f"{FILES[name]}.jsonl.gz", wait=False)
    if archive.stats().to_embed and set(options.systems) - {"bm25", "stock"}:
        archive.wait()
    return archive


def main(arguments: Sequence[str] | None = None) -> None:
    """Print every table, and write the scores of every query where asked."""
    parser = argparse.ArgumentParser(prog="byline eval bench retrieval", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--archives", type=Path, help="folder that keeps an archive for each set")
    parser.add_argument("--work", type=Path, default=Path("bench-work"), help="where stock vectors are kept")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    parser.add_argument("--sets", nargs="+", choices=sorted(SETS), default=sorted(SETS))
    parser.add_argument("--out", type=Path, help="JSON file for the scores of every query")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        tables = [table for name in options.sets for table in SETS[name](options, stack)]
    for table in tables:
        table.print()
    if options.out:
        write_atomically(options.out, canonical_json(tables))


if __name__ == "__main__":
    main()
