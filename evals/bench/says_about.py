"""Measures "What did S say about T?": ``python -m evals.bench.says_about --data DIR [--work FOLDER]``.

All PolNeAR articles of the part form the archive, without embeddings. Each question of ``polnear_says_about``
is asked as a reader would, and what the answer cites is held against the human attributions. Definitions,
the same for every system:

Own, somebody else's. A cited span is S's own when of the gold content it holds the largest part is by the
    (silver) speaker S, somebody else's when it is by another named speaker, told by nobody where the gold has
    no attribution there or names no speaker. Shares are of all cited spans.
Found in 1,000 characters. Share of a question's gold statements of which at least half lies in the first
    1,000 cited code points; mean over questions. Found in five: in the first five cited spans, of at most
    five gold ones.
About T. Share of cited spans that hold a word of T's name, or gold content with T among its targets.
Reversed. "What did T say about S?" where no gold statement of T names S: right is a refusal.
Never said. S and a target of other questions whom no gold statement of S names: right is a refusal.
False refusal. An answerable question without any cited span. "Of those with a statement by cue" leaves out
    questions whose gold holds nothing but plans, beliefs and deeds: none of its cues is a verb of speech.

Systems in the same run: the assistant; `Archive.quotes` alone; a rule (the sentences with S's surname, a verb
of speech and T's surname); quotations with T's surname whose nearest capitalised name is S's; the first three
passages of keyword search; with ``--work`` also those of stock LlamaIndex, whose vectors are kept there.

Intervals: shares by Wilson, means by bootstrap clustered by the question's first article.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.bench.polnear import (
    DataMissing,
    GoldArticle,
    length,
    overlap,
    read_polnear,
    read_rows,
)
from evals.bench.who_said import MARKED, find_nearest_name, print_rate, tell_position
from evals.statistics import SEED, mean_interval
from index.names import fold, parse_name
from index.sentences import split_sentences
from index.speech_verbs import CUES
from index.types import Span

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.archive import Archive

_WORD = re.compile(r"[^\W_]{2,}")

CITED = 5
"""Cited spans looked at where a figure says "the first five"."""
PASSAGES = 3
"""Passages that the systems without statements cite."""
_BUDGET = 1_000
_TRAPS = 1_000
"""Unanswerable pairs asked of each kind at most, drawn with a fixed seed."""

Cited = tuple[str, Span]
"""Id of an article and a span of its text."""
System = Callable[[str, str], Sequence[Cited]]
"""Speaker and target to the cited spans, best first; none is a refusal."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the gold statements that answer it."""

    speaker: str
    target: str
    statements: tuple[tuple[str, str], ...]
    """Article id and attribution id of each."""


class Gold:
    """The gold statements by article and id."""

    def __init__(self, golds: Sequence[GoldArticle]) -> None:
        self.by_article = {gold.article.id: gold for gold in golds}
        self.by_id = {(g.article.id, s.id): s for g in golds for s in g.statements}

    def tell_owners(self, cited: Cited) -> set[str]:
        """The named speakers of the largest part of the gold content that a cited span holds."""
        article_id, span = cited
        shares: Counter[str] = Counter()
        for statement in self.by_article[article_id].statements:
            if statement.speaker is not None:
                shares[statement.speaker] += overlap(span, statement.content)
        most = max(shares.values(), default=0)
        return {speaker for speaker, share in shares.items() if share == most > 0}

    def is_about(self, cited: Cited, target: str) -> bool:
        """Whether a cited span names the target or holds gold content that does."""
        article_id, span = cited
        gold = self.by_article[article_id]
        said = {fold(word) for word in _WORD.findall(gold.article.text, *span)}
        named = any(fold(word) in said for word in _WORD.findall(target))
        return named or any(target in s.targets for s in gold.statements if overlap(span, s.content))

    def is_found(self, statement: tuple[str, str], cited: Sequence[Cited]) -> bool:
        """Whether at least half of a gold statement lies in cited spans."""
        parts = self.by_id[statement].content
        covered = set[int]()
        for article_id, span in cited:
            for part in parts if article_id == statement[0] else ():
                covered.update(range(max(span.start, part.start), min(span.end, part.end)))
        return 2 * len(covered) >= length(parts)

    def has_verb_of_speech(self, statement: tuple[str, str]) -> bool:
        """Whether the cue of a gold statement has a verb that can stand with quoted words."""
        text = self.by_article[statement[0]].article.text
        words = [word.lower() for part in self.by_id[statement].cue for word in _WORD.findall(text, *part)]
        return any(word in CUES and "speech" in CUES[word].frames for word in words)

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


# The systems


def locate(text: str, words: str, at_least: int = 0) -> Span:
    """Where cited words stand in the set's text, which byline stores without its headline and page furniture.

    All white space counts as one: the set has doubled and unbreakable spaces, byline stores single ones.

    Args:
        text: As the set has it.
        words: The cited text.
        at_least: Their offset in the stored text, which is never greater than in the set's.

    Returns:
        Their span; an empty one, which counts as told by nobody, where they are not in the text.
    """
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    match = pattern.search(text, at_least) or pattern.search(text)
    return Span(*match.span()) if match is not None and words.strip() else Span(0, 0)


def ask_assistant(texts: Mapping[str, str], assistant: Assistant) -> System:
    """What the assistant's answer cites, in the order of its markers."""

    def cite(speaker: str, target: str) -> list[Cited]:
        answer = assistant.ask(f"What did {speaker} say about {target}?")
        return [
            (one.article_id, locate(texts[one.article_id], one.quote, one.start)) for one in answer.citations
        ]

    return cite


def ask_index(texts: Mapping[str, str], archive: Archive) -> System:
    """What the index of statements holds, best first."""

    def cite(speaker: str, target: str) -> list[Cited]:
        found = archive.quotes(speaker=speaker, about=target, limit=None)
        return [
            (quote.article_id, locate(texts[quote.article_id], quote.text, quote.start)) for quote in found
        ]

    return cite


def ask_keywords(texts: Mapping[str, str], archive: Archive) -> System:
    """The first passages of keyword search."""

    def cite(speaker: str, target: str) -> list[Cited]:
        question = f"What did {speaker} say about {target}?"
        found = archive.search(question, k=PASSAGES, retrievers=("keyword",))
        return [(one.article_id, locate(texts[one.article_id], one.text, one.start)) for one in found]

    return cite


def ask_stock(golds: Sequence[GoldArticle], texts: Mapping[str, str], work: Path) -> System:
    """The first passages of stock LlamaIndex."""
    from evals.bench.stock import StockRetriever

    stock = StockRetriever([gold.article for gold in golds], work)

    def cite(speaker: str, target: str) -> list[Cited]:
        cited = []
        for source in stock.retrieve(f"What did {speaker} say about {target}?", PASSAGES):
            assert source.article_id is not None
            cited.append((source.article_id, locate(texts[source.article_id], source.text)))
        return cited

    return cite


def ask_rule(golds: Sequence[GoldArticle]) -> System:
    """Sentences with the speaker's surname, a verb of speech and the target's surname, earliest first."""
    by_word: dict[str, set[tuple[str, Span]]] = defaultdict(set)
    order: dict[tuple[str, Span], tuple[datetime, str, int]] = {}
    for gold in golds:
        for sentence in split_sentences(gold.article.text, gold.article.language):
            words = _WORD.findall(gold.article.text, *sentence)
            if not any(word in CUES and "speech" in CUES[word].frames for word in words):
                continue
            assert gold.article.published is not None
            order[gold.article.id, sentence] = (gold.article.published, gold.article.id, sentence.start)
            for word in words:
                by_word[fold(word)].add((gold.article.id, sentence))

    def cite(speaker: str, target: str) -> list[Cited]:
        both = by_word[parse_name(speaker).surname] & by_word[parse_name(target).surname]
        return sorted(both, key=order.__getitem__)

    return cite


def ask_nearest(golds: Sequence[GoldArticle]) -> System:
    """Quotations with the target's surname and the speaker's as nearest capitalised name, earliest first."""
    by_speaker: dict[str, list[tuple[str, Span, set[str]]]] = defaultdict(list)
    for gold in sorted(golds, key=lambda one: (str(one.article.published), one.article.id)):
        text = gold.article.text
        for match in MARKED.finditer(text):
            name = find_nearest_name(text, Span(*match.span()))
            if name is not None:
                surname = parse_name(text[name.start : name.end]).surname
                said = {fold(word) for word in _WORD.findall(match[0])}
                by_speaker[surname].append((gold.article.id, Span(*match.span()), said))

    def cite(speaker: str, target: str) -> list[Cited]:
        wanted = parse_name(target).surname
        return [(a, span) for a, span, said in by_speaker[parse_name(speaker).surname] if wanted in said]

    return cite


# The figures


def main() -> int:
    """Prints the figures; returns the exit code."""
    parser = argparse.ArgumentParser(description="what did S say about T, on PolNeAR")
    parser.add_argument("--data", type=Path, required=True, help="folder with polnear and polnear_says_about")
    parser.add_argument("--part", choices=("read", "check", "all"), default="all")
    parser.add_argument("--work", type=Path, help="folder for the vectors of stock LlamaIndex")
    parser.add_argument("--system", help="only this one: assistant, index, rule, nearest, keywords, stock")
    parser.add_argument("--n", type=int, help="questions, a fixed sample; all without it")
    parser.add_argument("--traps", type=int, default=_TRAPS, help="unanswerable pairs of each kind")
    options = parser.parse_args()
    from assistant import Assistant
    from assistant.config import Settings
    from index import Archive

    try:
        golds = read_polnear(options.data, options.part)
        questions = read_questions(options.data, golds)
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    gold = Gold(golds)
    texts = {one.article.id: one.article.text for one in golds}
    traps = draw_traps(questions, gold, options.traps)
    if options.n:
        questions = random.Random(SEED).sample(questions, options.n)  # noqa: S311  # nothing secret
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "newsroom") as archive:
        archive.add([gold.article for gold in golds], wait=False)
        assistant = Assistant(
            archive,
            now=datetime(2016, 12, 1, tzinfo=UTC),
            settings=Settings(retrievers=("keyword",), model_url=None),
        )
        makers: dict[str, tuple[str, Callable[[], System]]] = {
            "assistant": ("byline, the answer", lambda: ask_assistant(texts, assistant)),
            "index": ("byline, Archive.quotes", lambda: ask_index(texts, archive)),
            "rule": ("speaker and verb in the sentence", lambda: ask_rule(golds)),
            "nearest": ("nearest capitalised name", lambda: ask_nearest(golds)),
            "keywords": (f"keyword search, {PASSAGES} passages", lambda: ask_keywords(texts, archive)),
        }
        if options.work:
            makers["stock"] = (
                f"stock LlamaIndex, {PASSAGES} passages",
                lambda: ask_stock(golds, texts, options.work),
            )
        for key, (label, make) in makers.items():
            if options.system in (None, key):
                print(f"== {label} (n={len(questions)} questions)")
                system = make()
                print_answers(questions, gold, system)
                for trap, pairs in traps.items():
                    print_rate(f"{trap}, refused", sum(not system(*pair) for pair in pairs), len(pairs))
    return 0


def print_answers(questions: Sequence[Question], gold: Gold, system: System) -> None:
    """Prints what a system cites for the answerable questions."""
    told: Counter[str] = Counter()
    in_budget: list[float] = []
    in_five: list[float] = []
    about = spoken = unspoken = refused = 0
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for question in questions:
        every = list(system(question.speaker, question.target))
        cited = every[:CITED]
        refused += not every
        if any(gold.has_verb_of_speech(statement) for statement in question.statements):
            spoken += 1
            unspoken += not every
        for one in cited:
            owners = gold.tell_owners(one)
            told["own" if question.speaker in owners else "other" if owners else "nobody"] += 1
            about += gold.is_about(one, question.target)
        in_budget.append(_share(gold, question, _cut(every), len(question.statements)))
        in_five.append(_share(gold, question, cited, min(CITED, len(question.statements))))
        for statement in question.statements:
            found = gold.is_found(statement, cited)
            by_kind["direct" if gold.by_id[statement].has_direct_quote else "indirect"].append(found)
            by_kind[f"cue {tell_position(gold.by_id[statement])}"].append(found)
    clusters = [question.statements[0][0] for question in questions]
    spans = told.total()
    print_rate("S's own, of the first five spans", told["own"], spans)
    print_rate("somebody else's", told["other"], spans)
    print_rate("told by nobody", told["nobody"], spans)
    print_rate("about T", about, spans)
    _print_mean("gold statements in 1,000 characters", in_budget, clusters)
    _print_mean("gold statements in the first five", in_five, clusters)
    for kind in sorted(by_kind):
        print_rate(f"  {kind}, statements found", sum(by_kind[kind]), len(by_kind[kind]))
    print_rate("false refusals", refused, len(questions))
    print_rate("  of those with a verb of speech", unspoken, spoken)


def _cut(cited: Iterable[Cited]) -> list[Cited]:
    """The first 1,000 code points of what is cited, the last span cut short."""
    left = _BUDGET
    spans = []
    for article_id, span in cited:
        if left <= 0:
            break
        spans.append((article_id, Span(span.start, min(span.end, span.start + left))))
        left -= span.end - span.start
    return spans


def _share(gold: Gold, question: Question, cited: Sequence[Cited], of: int) -> float:
    found = sum(1 for statement in question.statements if gold.is_found(statement, cited))
    return min(found, of) / of


def draw_traps(questions: Sequence[Question], gold: Gold, most: int) -> dict[str, list[tuple[str, str]]]:
    """Draws speakers and targets for whom the gold has no statement, by kind."""
    said = {
        speaker: gold.names_in(speaker)
        for speaker in sorted({n for q in questions for n in (q.speaker, q.target)})
    }
    reversed_pairs = sorted(
        {(q.target, q.speaker) for q in questions if _never_said(said, q.target, q.speaker)}
    )
    generator = random.Random(SEED)  # noqa: S311  # a fixed sample, nothing secret
    speakers = sorted({q.speaker for q in questions})
    targets = sorted({q.target for q in questions})
    drawn = {(generator.choice(speakers), generator.choice(targets)) for _ in range(4 * most)}
    generator.shuffle(reversed_pairs)
    return {
        "reversed": reversed_pairs[:most],
        "never said": [pair for pair in sorted(drawn) if _never_said(said, *pair)][:most],
    }


def _never_said(said: dict[str, tuple[set[str], str]], speaker: str, target: str) -> bool:
    targets, words = said[speaker]
    return speaker != target and target not in targets and parse_name(target).surname not in words


def _print_mean(label: str, values: Sequence[float], clusters: Sequence[str]) -> None:
    interval = mean_interval(values, clusters)
    limits = f" [{interval.low:.3f}, {interval.high:.3f}]" if interval else ""
    print(f"  {label:42} {sum(values) / max(len(values), 1):.3f}{limits} (n={len(values)})")


if __name__ == "__main__":
    sys.exit(main())
