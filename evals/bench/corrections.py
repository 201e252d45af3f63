"""Whether newer versions win and disagreements are told: row 42 of the fault matrix, on generated chains.

    python -m evals.bench.corrections --data DIR

From real articles: sentences with one number. *Update chains*: the article is stored three times, with two
wrong numbers before the right one, in every order of arrival; asked for the number, an answer must cite the
last edition and never state an earlier number as the current one. *Disagreements*: another outlet tells the
sentence the next day among other words, with another number; both must be shown. *Agreements*: the same with
the same number; nothing may be said to disagree. With ``--archive DIR``, an archive of RealTime QA's
articles, its real questions are asked too and the answers printed that say that articles disagree, to be
read. Keyword search alone. Shares have Wilson 95 % intervals.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.logs import quiet_logs
from assistant.types import Answer
from evals.bench.data import read_articles, read_rows
from evals.statistics import wilson_interval
from index.archive import Archive
from index.sentences import split_sentences
from index.testing import HashEmbedder
from index.types import Article

_NUMBER = re.compile(r"(?<![\w.,$€£%-])\d{1,3}(?:,\d{3})*(?![\w%-]|[.,]\d)")
_SENTENCE_WORDS = range(9, 28)
_OTHERS = 5
"""Sentences of the article beside the told one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A true sentence with its number, and how it is asked for."""

    article: Article
    sentence: str
    number: str
    question: str

    def altered(self, number: str) -> str:
        """The sentence with another number."""
        return _NUMBER.sub(number, self.sentence)


def find_told(articles: Sequence[Article], random: Random, count: int) -> Iterator[Told]:
    """Sentences with exactly one number, at most one of each article, in a shuffled order."""
    shuffled = sorted(articles, key=lambda article: article.id)
    random.shuffle(shuffled)
    for article in shuffled:
        spans = split_sentences(article.text, article.language)
        sentences = [" ".join(article.text[start:end].split()) for start, end in spans]
        fitting = [
            sentence
            for sentence in sentences
            if len(sentence.split()) in _SENTENCE_WORDS
            and len(_NUMBER.findall(sentence)) == len(re.findall(r"\d+", sentence)) == 1
            and sentence[0].isupper()
            and sentence.endswith(".")
        ]
        others = [sentence for sentence in sentences if not re.search(r"\d", sentence)]
        if not fitting or len(others) < _OTHERS or article.published is None:
            continue
        told = random.choice(fitting)
        text = f"{told}\n\n{' '.join(others[:_OTHERS])}"
        question = f"Which number belongs in the gap: “{_NUMBER.sub('___', told).rstrip('.')}”?"
        yield Told(
            article=replace(article, text=text, language="en"),
            sentence=told,
            number=_NUMBER.findall(told)[0],
            question=question,
        )
        count -= 1
        if count == 0:
            return


def _other_numbers(number: str, random: Random) -> list[str]:
    """Two other numbers of about the same size."""
    value = int(number.replace(",", ""))
    near = [value + step for step in random.sample(range(3, 3 + max(12, value)), 2)]
    return [f"{one:,}" if "," in number else str(one) for one in near]


def _settings() -> Settings:
    return Settings(retrievers=("keyword",), model_url=None)


def _ask(folder: str, articles: Sequence[Article], told: Sequence[Told]) -> list[tuple[Answer, Archive]]:
    archive = Archive.open(folder, embedder=HashEmbedder())
    for article in articles:
        archive.add(article, wait=False)
    archive.wait()
    answers = []
    for one in told:
        assert one.article.published is not None
        now = one.article.published + timedelta(days=3)
        answers.append((Assistant(archive, now=now, settings=_settings()).ask(one.question), archive))
    return answers


def measure_chains(told: Sequence[Told], random: Random) -> Iterator[tuple[str, int, int]]:
    """Row 42: stale editions cited, stale numbers stated, changes told."""
    editions: list[Article] = []
    stale_numbers: list[tuple[str, str]] = []
    for place, one in enumerate(told):
        first, second = _other_numbers(one.number, random)
        stale_numbers.append((first, second))
        published = one.article.published or datetime(2024, 1, 1, tzinfo=UTC)
        texts = [one.article.text.replace(one.sentence, one.altered(number)) for number in (first, second)]
        chain = [
            replace(one.article, text=text, updated=published + timedelta(hours=hour))
            for hour, text in enumerate((*texts, one.article.text))
        ]
        orders = list(permutations(chain))
        editions += orders[place % len(orders)]
    with TemporaryDirectory() as folder:
        answers = _ask(folder, editions, told)
        answered = [
            (answer, one, stale)
            for (answer, _archive), one, stale in zip(answers, told, stale_numbers, strict=True)
            if any(citation.article_id == one.article.id for citation in answer.citations)
        ]
        archive = answers[0][1]
        cited_stale = sum(
            any(
                archive.article(citation.article_id).version != citation.version
                for citation in answer.citations
            )
            for answer, _one, _stale in answered
        )
        stated = sum(
            any(one.altered(number) in answer.text for number in stale) for answer, one, stale in answered
        )
        told_change = sum("changed this" in (answer.reason or "") for answer, _one, _stale in answered)
        archive.close()
    yield "chains: answers that cite their article", len(answered), len(told)
    yield "chains: stale edition cited as current", cited_stale, len(answered)
    yield "chains: stale number stated", stated, len(answered)
    yield "chains: the change is told", told_change, len(answered)


def measure_pairs(told: Sequence[Told], random: Random, *, agree: bool) -> tuple[str, int, int]:
    """How many answers tell of a disagreement, of those that cite their article."""
    articles = []
    for one in told:
        published = one.article.published or datetime(2024, 1, 1, tzinfo=UTC)
        number = one.number if agree else _other_numbers(one.number, random)[0]
        sentences = one.article.text.split("\n\n")[1]
        articles += [
            one.article,
            Article(
                id=f"{one.article.id}-other",
                title="Second report",
                outlet="Second Post",
                published=published + timedelta(days=1),
                text=f"Reporters were told the following on the next day.\n\n{one.altered(number)}\n\n"
                f"{' '.join(random.sample(sentences.split(), min(25, len(sentences.split()))))}.",
            ),
        ]
    with TemporaryDirectory() as folder:
        answers = _ask(folder, articles, told)
        answers[0][1].close()
    answered = [
        answer
        for (answer, _archive), one in zip(answers, told, strict=True)
        if any(citation.article_id.startswith(one.article.id) for citation in answer.citations)
    ]
    said = sum("disagree" in (answer.reason or "") for answer in answered)
    what = "agreements: said to disagree" if agree else "disagreements: both numbers side by side"
    return what, said, len(answered)


def measure_real(data: Path, folder: Path) -> tuple[str, int, int]:
    """How many answers to real questions say that articles disagree or were changed; prints them."""
    said = asked = 0
    with Archive.open(folder, create=False, embedder=HashEmbedder()) as archive:
        for row in read_rows(data, "realtimeqa_small_questions"):
            now = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) + timedelta(days=1)
            answer = Assistant(archive, now=now, settings=_settings()).ask(row["question"])
            asked += not answer.abstained
            if not answer.abstained and answer.reason:
                said += 1
                print(f"{answer.question}\n{answer.reason}\n{answer.text}\n")
    return "real questions: said to disagree or changed", said, asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a stale edition was cited or a stale number stated."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the article files")
    parser.add_argument("--file", default="realtimeqa_small_articles")
    parser.add_argument("--count", type=int, default=200, help="sentences of each kind")
    parser.add_argument("--archive", type=Path, help="an archive of RealTime QA's articles")
    options = parser.parse_args(arguments)
    quiet_logs()
    random = Random(42)  # noqa: S311  the same chains in every run
    told = list(find_told(read_articles(options.data, options.file), random, options.count))
    rows = [
        *measure_chains(told, random),
        measure_pairs(told, random, agree=False),
        measure_pairs(told, random, agree=True),
    ]
    if options.archive:
        rows.append(measure_real(options.data, options.archive))
    print("| figure | found | of | share | 95 % interval |\n| --- | ---: | ---: | ---: | --- |")
    for figure, found, of in rows:
        interval = wilson_interval(found, of)
        bounds = f"{interval.low:.3f} to {interval.high:.3f}"
        print(f"| {figure} | {found} | {of} | {found / of:.3f} | {bounds} |")
    return 1 if any(found for figure, found, _of in rows if "stale" in figure) else 0


if __name__ == "__main__":
    sys.exit(main())
