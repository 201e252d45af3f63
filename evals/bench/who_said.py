"""Measures quotations and speakers: ``python -m evals.bench.who_said --data DIR``.

Every figure has its n and a 95 % interval. Definitions:

Span F1 at overlap 0.5. A predicted span is right when at least half of its code points lie in gold
    spans; a gold attribution is found when at least half of its code points (all its parts together)
    lie in predicted spans. Precision and recall are the shares, F1 their harmonic mean. An interrupted
    statement is one prediction from its first to its last word, so its cue counts as predicted content.
    "direct and mixed" compares predictions with quoted words and gold that holds a direct quotation.
    Intervals: bootstrap over articles, 1,000 resamples.
One to one. The stricter count beside it: intersection over union at least 0.5, each span used once.
Speaker of a quotation. Items are spans between double marks of six words and more, found by a regular
    expression of the benchmark's own, that lie in a gold attribution with a source. Answered: the system
    names a speaker. Right: the words it points at overlap the gold source, or its canonical name can be
    the gold (silver) name. Intervals: Wilson.
Baselines, on the same items: the nearest capitalised name; a name or pronoun with a verb of speech right
    after or before the quotation.
Throughput. CPU seconds of one process over all articles; the exponent is the slope of log time against
    log length when one article is repeated to 1 MB.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals.bench.polnear import DataMissing, GoldArticle, GoldStatement, length, overlap, read_polnear
from evals.statistics import SEED, wilson_interval
from index.names import same_name
from index.quotes import extract_quotes
from index.types import Quote, Span

MARKED = re.compile(r"“[^“”]+”|\"[^\"\n]+\"|''(?:[^'\n]|'(?!'))+''")
"""Words between double marks, whatever they are."""
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_FEWEST_WORDS = 6
_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one article: predicted, right, gold, found."""

    predicted: int
    right: int
    gold: int
    found: int


@dataclass(frozen=True, slots=True)
class Item:
    """One quotation whose speaker is asked for."""

    gold: GoldArticle
    span: Span
    holders: tuple[GoldStatement, ...]
    position: str
    """Where the gold cue stands: before, after, between or none."""


def main() -> int:
    """Prints the figures; returns the exit code."""
    parser = argparse.ArgumentParser(description="quotations and speakers on PolNeAR")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds polnear.jsonl.gz")
    parser.add_argument("--part", choices=("read", "check", "all"), default="all")
    options = parser.parse_args()
    try:
        golds = read_polnear(options.data, options.part)
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    started = time.process_time()
    predicted = [extract_quotes(gold.article) for gold in golds]
    seconds = time.process_time() - started
    print_spans(golds, predicted)
    print_speakers(golds, predicted)
    print_speed(golds, seconds)
    return 0


def print_spans(golds: Sequence[GoldArticle], predicted: Sequence[Sequence[Quote]]) -> None:
    """Prints content, cue and speaker span F1 beside a regular expression over marks."""
    regex = [[Span(*m.span()) for m in MARKED.finditer(gold.article.text)] for gold in golds]
    quoted = [[_content(q) for q in quotes if q.kind != "indirect"] for quotes in predicted]
    every = [[_content(q) for q in quotes] for quotes in predicted]
    print("span F1 at overlap 0.5 (precision, recall; 95 % interval of F1)")
    contents = [[s.content for s in gold.statements] for gold in golds]
    direct = [[s.content for s in gold.statements if s.has_direct_quote] for gold in golds]
    _print_f1("  content, direct and mixed", _count(quoted, contents, direct))
    _print_f1("  content, all", _count(every, contents, contents))
    _print_f1("  regex marks, direct and mixed", _count(regex, contents, direct))
    _print_f1("  regex marks, all", _count(regex, contents, contents))
    _print_f1("  content, one to one, all", _count_one_to_one(every, contents))
    cues = [[s.cue for s in gold.statements] for gold in golds]
    sources = [[s.source for s in gold.statements] for gold in golds]
    _print_f1("  cue", _count([_spans(q, "cue") for q in predicted], cues, cues))
    _print_f1("  speaker", _count([_spans(q, "speaker") for q in predicted], sources, sources))


def _content(quote: Quote) -> Span:
    return Span(quote.start, quote.end)


def _spans(quotes: Sequence[Quote], part: str) -> list[Span]:
    pairs = {(getattr(q, f"{part}_start"), getattr(q, f"{part}_end")) for q in quotes}
    return [Span(start, end) for start, end in pairs if start is not None]


def _count(
    predicted: Sequence[Sequence[Span]],
    allowed: Sequence[Sequence[tuple[Span, ...]]],
    wanted: Sequence[Sequence[tuple[Span, ...]]],
) -> list[Counts]:
    """Counts spans: predictions are right in any `allowed` gold, only `wanted` gold is to be found."""
    counts = []
    for spans, golds, asked in zip(predicted, allowed, wanted, strict=True):
        in_gold = _cover(tuple(span for parts in golds for span in parts))
        in_predicted = _cover(tuple(spans))
        right = sum(1 for s in spans if 2 * sum(in_gold[s.start : s.end]) >= s.end - s.start)
        full = [parts for parts in asked if parts]
        found = sum(
            1 for parts in full if 2 * sum(sum(in_predicted[p.start : p.end]) for p in parts) >= length(parts)
        )
        counts.append(Counts(len(spans), right, len(full), found))
    return counts


def _cover(spans: tuple[Span, ...]) -> bytearray:
    """One byte for each code point up to the last span: 1 inside a span."""
    covered = bytearray(max((span.end for span in spans), default=0))
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    return covered


def _count_one_to_one(
    predicted: Sequence[Sequence[Span]], golds: Sequence[Sequence[tuple[Span, ...]]]
) -> list[Counts]:
    counts = []
    for spans, statements in zip(predicted, golds, strict=True):
        pairs = []
        for s, span in enumerate(spans):
            for g, parts in enumerate(statements):
                if not parts or span.end <= parts[0].start or span.start >= parts[-1].end:
                    continue
                shared = overlap(span, parts)
                union = span.end - span.start + length(parts) - shared
                if 2 * shared >= union:
                    pairs.append((-shared / union, s, g))
        used_s: set[int] = set()
        used_g: set[int] = set()
        for _, s, g in sorted(pairs):
            if s not in used_s and g not in used_g:
                used_s.add(s)
                used_g.add(g)
        counts.append(Counts(len(spans), len(used_s), sum(1 for p in statements if p), len(used_g)))
    return counts


def _f1(right: float, predicted: float, found: float, gold: float) -> float:
    precision, recall = right / max(predicted, 1), found / max(gold, 1)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _print_f1(label: str, counts: Sequence[Counts]) -> None:
    import numpy as np

    table = np.array([(c.right, c.predicted, c.found, c.gold) for c in counts], dtype=float)
    total = table.sum(axis=0)
    generator = np.random.default_rng(SEED)
    draws = generator.multinomial(len(table), np.full(len(table), 1 / len(table)), size=_RESAMPLES) @ table
    low, high = np.quantile([_f1(*draw) for draw in draws], (0.025, 0.975))
    precision, recall = total[0] / max(total[1], 1), total[2] / max(total[3], 1)
    print(
        f"{label:34} {_f1(*total):.3f} [{low:.3f}, {high:.3f}]  P {precision:.3f} (n={total[1]:.0f})"
        f"  R {recall:.3f} (n={total[3]:.0f})"
    )


def find_items(golds: Sequence[GoldArticle]) -> list[Item]:
    """Finds the quotations whose speaker the gold tells."""
    items = []
    for gold in golds:
        for match in MARKED.finditer(gold.article.text):
            span = Span(*match.span())
            if len(_WORD.findall(match[0])) < _FEWEST_WORDS:
                continue
            holders = tuple(
                s
                for s in gold.statements
                if s.source and 2 * overlap(span, s.content) >= span.end - span.start
            )
            if holders:
                items.append(Item(gold, span, holders, tell_position(holders[0])))
    return items


def tell_position(statement: GoldStatement) -> str:
    """Where the cue of a gold statement stands to its content."""
    if not statement.cue or not statement.content:
        return "none"
    cue = statement.cue[0].start
    if statement.content[0].start < cue < statement.content[-1].start:
        return "between"
    return "before" if cue < statement.content[0].start else "after"


@dataclass(frozen=True, slots=True)
class Named:
    """A system's answer to an item: the words that name the speaker, and the canonical name if it has one."""

    mention: Span
    name: str | None


def is_right(item: Item, named: Named) -> bool:
    """Whether an answer names a source that the gold gives for the quotation."""
    return any(
        overlap(named.mention, s.source) > 0
        or (named.name is not None and s.speaker is not None and same_name(named.name, s.speaker))
        for s in item.holders
    )


def print_speakers(golds: Sequence[GoldArticle], predicted: Sequence[Sequence[Quote]]) -> None:
    """Prints the speaker figures of byline and of both baselines, whole and by cue position."""
    by_article = {gold.article.id: quotes for gold, quotes in zip(golds, predicted, strict=True)}
    items = find_items(golds)
    systems: dict[str, Callable[[Item], Named | None]] = {
        "byline": lambda item: name_by_quotes(item, by_article[item.gold.article.id]),
        "speaker + verb regex": name_by_verb,
        "nearest capitalised name": name_by_nearness,
    }
    print(f"speaker of a direct quotation of {_FEWEST_WORDS}+ words: right of answered, answered")
    for label, system in systems.items():
        answers = [(item, system(item)) for item in items]
        _print_rates(f"  {label}", answers)
        if label == "byline":
            for position in ("after", "before", "between", "none"):
                _print_rates(f"    cue {position}", [a for a in answers if a[0].position == position])


def _print_rates(label: str, answers: Sequence[tuple[Item, Named | None]]) -> None:
    given = [(item, named) for item, named in answers if named is not None]
    right = sum(1 for item, named in given if is_right(item, named))
    print(f"{label:34} right {_rate(right, len(given))}  answered {_rate(len(given), len(answers))}")


def print_rate(label: str, successes: int, n: int) -> None:
    """Prints one rate with its Wilson interval."""
    print(f"  {label:42} {_rate(successes, n)}")


def _rate(successes: int, n: int) -> str:
    if n == 0:
        return "not applicable (n=0)"
    interval = wilson_interval(successes, n)
    return f"{successes / n:.3f} [{interval.low:.3f}, {interval.high:.3f}] (n={n})"


def name_by_quotes(item: Item, quotes: Sequence[Quote]) -> Named | None:
    """The speaker of the narrowest statement that covers most of the quotation."""
    half = (item.span.end - item.span.start) / 2
    covering = [q for q in quotes if overlap(item.span, (_content(q),)) >= half]
    named = [
        q
        for q in covering
        if q.speaker is not None and q.speaker_start is not None and q.speaker_end is not None
    ]
    if not named:
        return None
    best = min(named, key=lambda q: (q.end - q.start, q.start))
    assert best.speaker_start is not None
    assert best.speaker_end is not None
    return Named(Span(best.speaker_start, best.speaker_end), best.speaker)


_NAME = re.compile(r"(?<!\w)[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)*")
_VERB = (
    r"(?:said|says|told|added|wrote|tweeted|asked|noted|called|continued|declared|argued|explained|replied)"
)
_WHO = r"(?:[Hh]e|[Ss]he|[Tt]hey|(?:[A-Z][\w.’'-]*)(?: [A-Z][\w.’'-]*){0,3})"
_AFTER = re.compile(rf"\s*,?\s*(?:(?P<a>{_WHO}),? (?:\w+ly )?{_VERB}|{_VERB} (?P<b>{_WHO}))")
_BEFORE = re.compile(rf"(?P<a>{_WHO}),? (?:\w+ly )?{_VERB}[^.“\"]{{0,60}}$")
_NEARNESS = 300
"""Code points on each side of a quotation that the baselines look at."""


def name_by_nearness(item: Item) -> Named | None:
    """Baseline: the capitalised word or words nearest to the quotation."""
    name = find_nearest_name(item.gold.article.text, item.span)
    return None if name is None else Named(name, None)


def find_nearest_name(text: str, span: Span) -> Span | None:
    """Finds the capitalised word or words nearest to a span."""
    start, end = span
    before = list(_NAME.finditer(text, max(0, start - _NEARNESS), start))
    after = _NAME.search(text, end, end + _NEARNESS)
    candidates = [(start - m.end(), m) for m in before[-1:]] + (
        [(after.start() - end, after)] if after else []
    )
    if not candidates:
        return None
    return Span(*min(candidates, key=lambda pair: pair[0])[1].span())


def name_by_verb(item: Item) -> Named | None:
    """Baseline: a name or pronoun with a verb of speech right after the quotation, else before it."""
    text, (start, end) = item.gold.article.text, item.span
    after = _AFTER.match(text, end, end + _NEARNESS)
    if after:
        group = "a" if after["a"] else "b"
        return Named(Span(*after.span(group)), None)
    before = _BEFORE.search(text[max(0, start - _NEARNESS) : start])
    if before:
        offset = max(0, start - _NEARNESS)
        return Named(Span(before.start("a") + offset, before.end("a") + offset), None)
    return None


def print_speed(golds: Sequence[GoldArticle], seconds: float) -> None:
    """Prints throughput and the exponent of time against length."""
    megabytes = sum(len(gold.article.text.encode()) for gold in golds) / 1e6
    print(f"throughput {megabytes / seconds:.2f} MB a second ({len(golds)} articles, {megabytes:.1f} MB)")
    article = golds[0].article
    points = []
    for size in (62_500, 125_000, 250_000, 500_000, 1_000_000):
        copies = math.ceil(size / len(article.text))
        long = replace(article, text="\n\n".join([article.text] * copies))
        started = time.process_time()
        extract_quotes(long)
        points.append((math.log(len(long.text)), math.log(time.process_time() - started)))
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    print(f"exponent of time against length {slope:.2f} (n={len(points)} lengths up to 1 MB)")


if __name__ == "__main__":
    sys.exit(main())
