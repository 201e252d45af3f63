"""The retrieval benchmark's scores and sets, on invented rows."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evals.bench.data import read_articles, read_rows
from evals.bench.retrieval import (
    Query,
    Table,
    measure,
    read_facts,
    read_quiz,
    score_answer_string,
    score_articles,
    score_facts,
)
from evals.bench.stock import StockBaseline
from evals.errors import RecordError
from evals.types import EvalCase, FrozenArticle, Source
from index.testing import HashEmbedder
from index.types import Article


def write_rows(folder: Path, name: str, *rows: dict[str, object]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_a_missing_set_is_named_with_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"no polnear\.jsonl\.gz in .*--data"):
        read_rows(tmp_path, "polnear")


def test_stock_llama_index_answers_with_the_passages_it_finds_in_the_archive_or_in_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.bench.stock.SentenceTransformerEmbedder", HashEmbedder)
    texts = {"dam": "The dam broke at night.", "vote": "Parliament passed it.", "race": "A horse won."}
    stock = StockBaseline([Article(id=name, text=text) for name, text in texts.items()], tmp_path)
    answer = stock(EvalCase(id="1", question="Which dam broke?"))
    assert answer.text.startswith("The dam broke at night. [1]\n")
    assert answer.retrieved[0].article_id == "dam"
    assert len(answer.retrieved) == 3
    assert [marker for marker, _source in answer.citations] == [1, 2]
    brought = FrozenArticle(id="own", text="The dam held.")
    assert stock(EvalCase(id="2", question="Which dam?", evidence=(brought,))).text == "The dam held. [1]"


def test_articles_are_read_as_they_are(tmp_path: Path) -> None:
    row = {
        "id": "a", "text": "One.\n\nPREV STORY", "title": None, "outlet": "Post", "url": None,
        "published": "2024-02-29",
    }  # fmt: skip
    write_rows(tmp_path, "set", row)
    (article,) = read_articles(tmp_path, "set")
    assert article.text == "One.\n\nPREV STORY"
    assert article.published is not None
    assert article.published.isoformat() == "2024-02-29T00:00:00+00:00"


def test_quiz_questions_are_taken_where_they_have_the_wanted_gold(tmp_path: Path) -> None:
    def row(number: int, linked: list[str], silver: list[str], status: str) -> dict[str, object]:
        return {
            "id": str(number), "question": "q", "date": "2023-01-26", "answer": "ferry", "status": status,
            "gold_docs": linked, "docs_with_answer_string": silver,
        }  # fmt: skip

    write_rows(
        tmp_path, "realtimeqa_small_questions",
        row(1, ["a"], ["b"], "answer_string_in_retrieved"),
        row(2, [], ["c"], "answer_string_in_retrieved"),
        row(3, [], [], "answer_string_absent"),
    )  # fmt: skip
    found = {
        gold: [query.id for query in read_quiz(tmp_path, gold)] for gold in ("linked", "silver", "answer")
    }
    assert found == {"linked": ["1"], "silver": ["1", "2"], "answer": ["1", "2"]}
    assert read_quiz(tmp_path, "silver")[0].articles == ("a", "b")


def test_facts_are_grouped_by_question_and_variants_are_one_cluster(tmp_path: Path) -> None:
    write_rows(
        tmp_path, "multihoprag_facts",
        {"qid": "1", "question": "q", "fact": "f1", "gold_doc": "b"},
        {"qid": "1", "question": "q", "fact": "f2", "gold_doc": "a"},
        {"qid": "2", "question": "variant", "fact": "f3", "gold_doc": "a"},
        {"qid": "2", "question": "variant", "fact": "f4", "gold_doc": "b"},
    )  # fmt: skip
    first, second = read_facts(tmp_path)
    assert first.facts == ("f1", "f2")
    assert first.cluster == second.cluster == "a b"


def test_scores_by_hand() -> None:
    found = [Source(text="x", article_id="a"), Source(text="the ferry sank", article_id="b")]
    query = Query(
        id="1", text="q", articles=("b", "z"), facts=("ferry sank", "gone"), answer="Ferry", cluster=""
    )
    assert score_articles(query, found)["hit@1"] == 0.0
    assert score_articles(query, found)["MRR"] == 0.5
    assert score_articles(query, found)["recall@10"] == 0.5
    assert score_answer_string(query, found) == {"hit@1": 0.0, "hit@4": 1.0, "hit@10": 1.0, "MRR": 0.5}
    facts = score_facts(query, found)
    assert (facts["facts@10"], facts["all facts@10"], facts["script Hits@10"]) == (0.5, 0.0, 1.0)
    assert facts["MAP@10"] == 0.25  # (1 found / rank 2) / 2 gold


def test_a_table_pairs_every_row_with_byline(capsys: pytest.CaptureFixture[str]) -> None:
    queries = [Query(id=str(n), text="q", articles=("a",), cluster=str(n)) for n in range(8)]
    rankers = {
        "byline": lambda _query, _k: [Source(text="", article_id="a")],
        "bm25": lambda _query, _k: [Source(text="", article_id="b"), Source(text="", article_id="a")],
    }
    table: Table = measure("set", queries, rankers, score_articles)
    table.print()
    printed = capsys.readouterr().out
    assert (
        "| hit@1 | 1.000 [0.676, 1.000] | 0.000 [0.000, 0.324]; byline +1.000 [+1.000, +1.000] |" in printed
    )
