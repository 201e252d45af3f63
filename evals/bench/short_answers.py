"""Short answers and refusals: ``python -m evals.bench.short_answers --data DIR``.

Answers. RealTime QA: over 3,260 articles, the share of questions with an answer string in the archive whose
answer string stands in the first 60 words of the answer, credits included. Baselines in the same run: the
first 60 words of the top passage, and the whole of it. ``now`` is the day of the quiz.

Refusals. Share of questions without an answer that are answered all the same, beside the share of questions
with one that are refused:

- MultiHop-RAG: 183 null questions and 30 answerable ones over 70 articles.
- QuAIL news: 22 unanswerable and 176 answerable questions, each asked of its own article. The unanswerable
  ones are about matters the article does speak of.
- RGB: 50 questions, once with the passages that do not answer and once with all passages. Of the first some
are
  answered by a passage all the same; the set does not say which.

Keyword search alone unless ``--dense`` is given. Shares have Wilson 95 % intervals.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.sufficiency import COVERED_BY_ONE, find_gap
from assistant.types import Answer
from evals.bench.data import read_articles, read_rows
from evals.statistics import wilson_interval
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

WORDS = 60
STRICTNESSES = (0.0, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
UNDATED = datetime(2024, 1, 1, tzinfo=UTC)
"""When questions of sets without dates are asked; nothing in them is relative."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, what came back, and what was right."""

    set: str
    question: str
    answer: Answer
    expected: str | None
    """The answer string; None where the set gives none."""
    answerable: bool


def stands_in(answer: str, text: str) -> bool:
    """Whether the letters and digits of an answer string stand in a text as whole words, in order."""
    return f" {_plain(answer)} " in f" {_plain(text)} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+(?:[.,][0-9]+)*", text.lower().replace("’", "'")))


def first_words(text: str, count: int = WORDS) -> str:
    """The first words of a text."""
    return " ".join(text.split()[:count])


def ask_realtimeqa(data: Path, folder: Path | None, settings: Settings) -> Iterator[Asked]:
    """The questions of RealTime QA that have an answer string in the archive."""
    with _archive_of(lambda: read_articles(data, "realtimeqa_small_articles"), folder, settings) as archive:
        for row in read_rows(data, "realtimeqa_small_questions"):
            if row["status"] != "answer_string_in_retrieved":
                continue
            asked_at = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) + timedelta(days=1)
            assistant = Assistant(archive, now=asked_at, settings=settings)
            answer = assistant.ask(row["question"])
            yield Asked("RealTime QA", row["question"], answer, row["answer"], answerable=True)


def ask_multihoprag(data: Path, settings: Settings) -> Iterator[Asked]:
    """Null questions and answerable ones over the 70 articles."""
    with _archive_of(lambda: read_articles(data, "multihoprag_corpus_70"), None, settings) as archive:
        assistant = Assistant(archive, now=UNDATED, settings=settings)
        for row in [*read_rows(data, "multihoprag_null"), *read_rows(data, "multihoprag_qa70")]:
            answerable = bool(row.get("gold_docs"))
            yield Asked("MultiHop-RAG", row["question"], assistant.ask(row["question"]), None, answerable)


def ask_quail(data: Path, settings: Settings) -> Iterator[Asked]:
    """Each article's questions, asked of that article alone."""
    articles = {article.id: article for article in read_articles(data, "quail_news")}
    for row in read_rows(data, "quail_news"):
        with _archive_of(lambda row=row: [articles[row["id"]]], None, settings) as archive:  # type: ignore[misc]
            asked_at = articles[row["id"]].published or UNDATED
            assistant = Assistant(archive, now=asked_at + timedelta(days=1), settings=settings)
            for question in row["questions"]:
                answer = assistant.ask(question["question"])
                yield Asked("QuAIL news", question["question"], answer, None, not question["unanswerable"])


def ask_rgb(data: Path, settings: Settings) -> Iterator[Asked]:
    """Each question over its passages that do not answer, and over all of them."""
    for row in read_rows(data, "rgb_en_fact"):
        for answerable, texts in ((False, row["negative"]), (True, [*row["positive"], *row["negative"]])):
            passages = [Article(id=f"p{number}", text=text) for number, text in enumerate(texts)]
            with _archive_of(lambda passages=passages: passages, None, settings) as archive:  # type: ignore[misc]
                answer = Assistant(archive, now=UNDATED, settings=settings).ask(row["question"])
                yield Asked("RGB", row["question"], answer, None, answerable)


@contextmanager
def _archive_of(
    read: Callable[[], Sequence[Article]], folder: Path | None, settings: Settings
) -> Iterator[Archive]:
    """The archive in `folder`, filled if it is empty; a temporary one without a folder."""
    with tempfile.TemporaryDirectory() as temporary:
        embedder = None if "dense" in settings.retrievers else HashEmbedder()
        with Archive.open(folder or temporary, embedder=embedder) as archive:
            if not archive.stats().articles:
                archive.add(read(), wait="dense" in settings.retrievers)
            yield archive


def print_answers(asked: Sequence[Asked]) -> None:
    """The share of answer strings found, beside copying the top passage."""
    rows: dict[str, Callable[[Answer], str]] = {
        f"byline, {WORDS} words": lambda answer: "" if answer.abstained else first_words(answer.text),
        f"top passage, {WORDS} words": lambda answer: first_words(_top(answer)),
        "top passage, whole": _top,
    }
    print("\n| short answers | n | answer string in it | 95 % |\n|---|---|---|---|")
    for name, read in rows.items():
        found = sum(stands_in(one.expected or "", read(one.answer)) for one in asked)
        print(f"| {name} | {len(asked)} | {_share(found, len(asked))}")
    refused = sum(one.answer.abstained for one in asked)
    longest = max(len(one.answer.text.split()) for one in asked)
    print(f"\nrefused: {_share(refused, len(asked))}; longest answer: {longest} words")


def print_refusals(asked: Sequence[Asked]) -> None:
    """False answers and false refusals of each set."""
    print("\n| refusals | without answer | false answers | 95 % | with answer | refused | 95 % |")
    print("|---|---|---|---|---|---|---|")
    for name in dict.fromkeys(one.set for one in asked):
        without = [one for one in asked if one.set == name and not one.answerable]
        with_answer = [one for one in asked if one.set == name and one.answerable]
        false_answers = sum(not one.answer.abstained for one in without)
        refused = sum(one.answer.abstained for one in with_answer)
        left = f"{len(without)} | {_share(false_answers, len(without))}" if without else "0 | - | - |"
        print(f"| {name} | {left} {len(with_answer)} | {_share(refused, len(with_answer))}")
    print("\nNever refusing gives 1.000 and 0.000 on every set, always refusing 0.000 and 1.000.")


def print_curve(asked: Sequence[Asked]) -> None:
    """What more and less strictness about coverage would buy, from the passages that were found."""
    names = list(dict.fromkeys(one.set for one in asked))
    print("\nFalse answers, then refusals of what has an answer, by the share that a passage must cover:\n")
    print("| covered | " + " | ".join(names) + " |\n|---" + "|---" * len(names) + "|")
    for strictness in STRICTNESSES:
        cells = []
        for name in names:
            refused: dict[bool, list[bool]] = {True: [], False: []}
            for one in asked:
                if one.set == name:
                    refused[one.answerable].append(_would_refuse(one.answer, strictness))
            shares = [f"{1 - sum(no) / len(no):.3f}" if (no := refused[False]) else "-"]
            cells.append(", ".join([*shares, f"{sum(refused[True]) / len(refused[True]):.3f}"]))
        print(f"| {strictness * COVERED_BY_ONE:.2f} | " + " | ".join(cells) + " |")


def _would_refuse(answer: Answer, strictness: float) -> bool:
    """Whether the answer is a refusal at another strictness; other reasons to refuse are kept."""
    question = answer.standalone_question
    if answer.understood.kind != "fact" or not answer.passages:
        return answer.abstained
    for_coverage = find_gap(question, answer.passages) is not None
    other_reason = answer.abstained and not for_coverage
    return other_reason or find_gap(question, answer.passages, strictness=strictness) is not None


def _top(answer: Answer) -> str:
    return answer.passages[0].text if answer.passages else ""


def _share(count: int, of: int) -> str:
    interval = wilson_interval(count, of)
    return f"{count / of:.3f} | {interval.low:.3f} to {interval.high:.3f} |"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="byline eval bench short_answers", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--archive", type=Path, help="archive of the RealTime QA articles; made if missing")
    parser.add_argument("--dense", action="store_true", help="search by vectors too")
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="print every N-th wrong result")
    return parser.parse_args(arguments)


def _print_wrong(asked: Sequence[Asked], every: int) -> None:
    wrong: list[Any] = [
        one
        for one in asked
        if one.answer.abstained == one.answerable
        or (one.expected and not stands_in(one.expected, first_words(one.answer.text)))
    ]
    for one in wrong[::every]:
        expected = one.expected or ("an answer" if one.answerable else "none")
        print(f"\n[{one.set}] {one.question}\n  expected: {expected}")
        print(f"  {one.answer.text}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask every set and print the tables."""
    options = _parse(arguments)
    settings = Settings(retrievers=("keyword", "dense") if options.dense else ("keyword",), model_url=None)
    quiz = list(ask_realtimeqa(options.data, options.archive, settings))
    print_answers(quiz)
    others = [
        *ask_multihoprag(options.data, settings),
        *ask_quail(options.data, settings),
        *ask_rgb(options.data, settings),
    ]
    print_refusals([*quiz, *others])
    print_curve([*quiz, *others])
    if options.wrong:
        _print_wrong([*quiz, *others], options.wrong)


if __name__ == "__main__":
    main()
