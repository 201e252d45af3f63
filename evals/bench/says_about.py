"""Measures "What did S say about T?": ``python -m evals.bench.says_about --data DIR``.

All PolNeAR articles of the part form the archive. Each question of ``polnear_says_about`` is answered
from the statements of the quotation index: the speaker's names by `NameIndex`, ranked by `rank_quotes`.
The first five statements are cited. Definitions:

Own, somebody else's. A cited span is S's own when at least half of its code points lie in gold content
    whose (silver) speaker is S; somebody else's when they lie in content of other named speakers only;
    where the gold names no speaker or has no attribution there, nobody is told.
Found in 1,000 characters. Share of a question's gold statements of which at least half lies in the first
    1,000 cited code points; mean over questions. Found in five: in the first five cited statements, of
    at most five gold ones.
About T. Share of cited spans that hold a word of T's name, or lie in gold content with T among its targets.
Reversed. "What did T say about S?" where no gold statement of T names S: right is a refusal.
Never said. S and a target of other questions whom no gold statement of S names: right is a refusal.
False refusal. An answerable question without any cited span.

Intervals: shares by Wilson, means by bootstrap clustered by the question's first article.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.bench.polnear import (
    DataMissing,
    GoldArticle,
    GoldStatement,
    length,
    overlap,
    read_polnear,
    read_rows,
)
from evals.bench.who_said import print_rate
from evals.statistics import SEED, mean_interval
from index.names import NameIndex, fold, parse_name
from index.quotes import extract_quotes
from index.statements import rank_quotes
from index.types import Quote, Span

_WORD = re.compile(r"[^\W_]{2,}")

CITED = 5
"""Statements cited in an answer."""
_BUDGET = 1_000
_TRAPS = 1_000
"""Never-said pairs drawn, with a fixed seed."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the gold statements that answer it."""

    speaker: str
    target: str
    statements: tuple[tuple[str, str], ...]
    """Article id and attribution id of each."""


class Answerer:
    """Answers questions from the statements of all articles."""

    def __init__(self, golds: Iterable[GoldArticle]) -> None:
        self._by_speaker: dict[str, list[Quote]] = defaultdict(list)
        for gold in golds:
            for quote in extract_quotes(gold.article):
                if quote.speaker is not None:
                    self._by_speaker[quote.speaker].append(quote)
        self._names = NameIndex({name: len(quotes) for name, quotes in self._by_speaker.items()})

    def cite(self, speaker: str, target: str) -> list[Quote]:
        """The statements to cite, best first; none is a refusal."""
        names = sorted(self._names.matches(speaker))
        return rank_quotes([quote for name in names for quote in self._by_speaker[name]], target)


class Gold:
    """The gold statements by article and id."""

    def __init__(self, golds: Sequence[GoldArticle]) -> None:
        self.by_article = {gold.article.id: gold for gold in golds}
        self.by_id = {(g.article.id, s.id): s for g in golds for s in g.statements}

    def owners(self, quote: Quote) -> set[str]:
        """Named speakers of the gold content in which at least half of a cited span lies."""
        return {s.speaker for s in self._holding(quote) if s.speaker is not None}

    def is_about(self, quote: Quote, target: str) -> bool:
        """Whether a cited span names the target or lies in gold content that does."""
        said = {fold(word) for word in _WORD.findall(quote.text)}
        named = any(fold(word) in said for word in _WORD.findall(target))
        return named or any(target in s.targets for s in self._holding(quote))

    def _holding(self, quote: Quote) -> list[GoldStatement]:
        span = Span(quote.start, quote.end)
        return [
            s
            for s in self.by_article[quote.article_id].statements
            if 2 * overlap(span, s.content) >= span.end - span.start
        ]

    def found(self, statement: tuple[str, str], cited: Sequence[tuple[str, Span]]) -> bool:
        """Whether at least half of a gold statement lies in cited spans."""
        parts = self.by_id[statement].content
        spans = [span for article_id, span in cited if article_id == statement[0]]
        covered = set[int]()
        for span in spans:
            for part in parts:
                covered.update(range(max(span.start, part.start), min(span.end, part.end)))
        return 2 * len(covered) >= length(parts)

    def names_in(self, speaker: str) -> tuple[set[str], str]:
        """Targets, and the lower-cased words, of everything a speaker says."""
        targets: set[str] = set()
        words: list[str] = []
        for gold in self.by_article.values():
            for statement in gold.statements:
                if statement.speaker == speaker:
                    targets.update(statement.targets)
                    words.extend(gold.article.text[p.start : p.end] for p in statement.content)
        return targets, " ".join(words).lower()


def read_questions(data: Path, golds: Sequence[GoldArticle]) -> list[Question]:
    """Reads the questions all of whose statements lie in the given articles."""
    ids = {gold.article.id for gold in golds}
    questions = []
    for row in read_rows(data, "polnear_says_about"):
        statements = _statements(row)
        if all(article in ids for article, _ in statements):
            questions.append(Question(row["speaker"], row["target"], statements))
    return questions


def _statements(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((statement["doc"], statement["attr"]) for statement in row["statements"])


def main() -> int:
    """Prints the figures; returns the exit code."""
    parser = argparse.ArgumentParser(description="what did S say about T, on PolNeAR")
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear and polnear_says_about")
    parser.add_argument("--part", choices=("read", "check", "all"), default="all")
    options = parser.parse_args()
    try:
        golds = read_polnear(options.data, options.part)
        questions = read_questions(options.data, golds)
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    gold = Gold(golds)
    answerer = Answerer(golds)
    print_answers(questions, gold, answerer)
    print_traps(questions, gold, answerer)
    return 0


def print_answers(questions: Sequence[Question], gold: Gold, answerer: Answerer) -> None:
    """Prints what is cited for the answerable questions."""
    told: Counter[str] = Counter()
    in_budget: list[float] = []
    in_five: list[float] = []
    about = cited_spans = refused = 0
    clusters = [question.statements[0][0] for question in questions]
    for question in questions:
        ranked = answerer.cite(question.speaker, question.target)
        refused += not ranked
        cited = ranked[:CITED]
        for quote in cited:
            owners = gold.owners(quote)
            told["own" if question.speaker in owners else "other" if owners else "nobody"] += 1
            about += gold.is_about(quote, question.target)
        cited_spans += len(cited)
        in_budget.append(_share(gold, question, _cut(ranked), len(question.statements)))
        spans = [(quote.article_id, Span(quote.start, quote.end)) for quote in cited]
        in_five.append(_share(gold, question, spans, min(CITED, len(question.statements))))
    known = told["own"] + told["other"]
    print(f"answerable questions (n={len(questions)}), {cited_spans} spans, {told['nobody']} by nobody told")
    print_rate("S's own, of spans with a told speaker", told["own"], known)
    print_rate("somebody else's", told["other"], known)
    print_rate("S's own, of all cited spans", told["own"], cited_spans)
    print_rate("about T", about, cited_spans)
    _print_mean("  gold statements in 1,000 characters", in_budget, clusters)
    _print_mean("  gold statements in the first five", in_five, clusters)
    print_rate("false refusals", refused, len(questions))


def _cut(ranked: Sequence[Quote]) -> list[tuple[str, Span]]:
    """The first 1,000 code points of what is cited, the last span cut short."""
    left = _BUDGET
    spans = []
    for quote in ranked:
        if left <= 0:
            break
        spans.append((quote.article_id, Span(quote.start, min(quote.end, quote.start + left))))
        left -= quote.end - quote.start
    return spans


def _share(gold: Gold, question: Question, cited: Sequence[tuple[str, Span]], of: int) -> float:
    found = sum(1 for statement in question.statements if gold.found(statement, cited))
    return min(found, of) / of


def print_traps(questions: Sequence[Question], gold: Gold, answerer: Answerer) -> None:
    """Prints how many unanswerable questions are refused."""
    said = {
        speaker: gold.names_in(speaker)
        for speaker in sorted({n for q in questions for n in (q.speaker, q.target)})
    }
    reversed_pairs = sorted(
        {(q.target, q.speaker) for q in questions if _never_said(said, q.target, q.speaker)}
    )
    speakers = sorted({q.speaker for q in questions})
    targets = sorted({q.target for q in questions})
    generator = random.Random(SEED)  # noqa: S311  # a fixed sample, nothing secret
    drawn = {(generator.choice(speakers), generator.choice(targets)) for _ in range(4 * _TRAPS)}
    never = [pair for pair in sorted(drawn) if _never_said(said, *pair)][:_TRAPS]
    for label, pairs in (("reversed, refused", reversed_pairs), ("never said, refused", never)):
        print_rate(label, sum(1 for pair in pairs if not answerer.cite(*pair)), len(pairs))


def _never_said(said: dict[str, tuple[set[str], str]], speaker: str, target: str) -> bool:
    targets, words = said[speaker]
    return speaker != target and target not in targets and parse_name(target).surname not in words


def _print_mean(label: str, values: Sequence[float], clusters: Sequence[str]) -> None:
    interval = mean_interval(values, clusters)
    limits = f" [{interval.low:.3f}, {interval.high:.3f}]" if interval else ""
    print(f"{label:42} {sum(values) / max(len(values), 1):.3f}{limits} (n={len(values)})")


if __name__ == "__main__":
    sys.exit(main())
