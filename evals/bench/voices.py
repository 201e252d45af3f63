"""Measures whose voice is heard, on BASIL and SEESAW: ``python -m evals.bench.voices --data DIR``.

Definitions:

Speaker of a quoted span (BASIL). Items are the biased spans that the annotators marked as inside a quotation,
    with a speaker whose annotated name stands in the article; many are camps ("Obama campaign", "Democratic
    lawmakers") where the article names a person, and are left out. Answered: a statement covers at least
    half of the span and names a speaker. Right: its name can be the annotated one. "Direct" items lie
    between double marks, the others in reported words.
Quoted or the writer's own (BASIL). Of spans marked as quoted the share that lies in a statement, and of spans
    in the writer's own voice the share that does so too, which is wrong unless the writer reports somebody.
Sides of a story (SEESAW). A target is contested where the stances of one story have a named holder for it and
    another one against it. Of those the share where statements about the target, from the articles of the
    story, have a speaker from both sides, from one, from none.
Speaker holds the stance (SEESAW). Of sentences with exactly one named holder and a statement whose speaker is
    among the article's listed entities, the share where the speaker is that holder.
Baselines on BASIL, on the same items: the nearest capitalised name; a name or pronoun with a verb of speech
    right after or before the span.

Intervals: Wilson.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from evals.bench.data import read_articles, read_rows
from evals.bench.polnear import GoldArticle, overlap
from evals.bench.who_said import (
    MARKED,
    Item,
    Named,
    name_by_nearness,
    name_by_quotes,
    name_by_verb,
    print_rate,
)
from evals.errors import RecordError
from index.names import parse_name, same_name
from index.quotes import extract_quotes
from index.statements import grade_topic
from index.types import Article, Quote, Span

_NO_HOLDER = ("Not in the list", "Author", "")


def main() -> int:
    """Prints the figures; returns the exit code."""
    parser = argparse.ArgumentParser(description="whose voice is heard, on BASIL and SEESAW")
    parser.add_argument("--data", type=Path, required=True, help="folder with basil and seesaw")
    options = parser.parse_args()
    try:
        print_basil(options.data)
        print_seesaw(options.data)
    except RecordError as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


def print_basil(data: Path) -> None:
    """Prints who speaks in quoted biased spans, and how well they are told from the writer's own."""
    items: list[tuple[Item, str, bool]] = []
    inside: Counter[bool] = Counter()
    spans: Counter[bool] = Counter()
    quotes_of: dict[str, Sequence[Quote]] = {}
    for article, row in zip(read_articles(data, "basil"), read_rows(data, "basil"), strict=True):
        quotes = quotes_of[article.id] = extract_quotes(article)
        marked = [Span(*match.span()) for match in MARKED.finditer(article.text)]
        for one in row["annotations"]:
            if one["sentence"] is None:
                continue
            span = Span(one["start"], one["end"])
            spans[one["is_quote"]] += 1
            inside[one["is_quote"]] += any(_covers(Span(q.start, q.end), span) for q in quotes)
            speaker = (one["speaker"] or "").replace("_", " ")
            if one["is_quote"] and parse_name(speaker).given and speaker in article.text:
                direct = any(_covers(mark, span) for mark in marked)
                item = Item(GoldArticle(article, ()), span, (), "none")
                items.append((item, speaker, direct))
    print(f"BASIL: speaker of a quoted biased span ({len(items)} named)")
    systems: dict[str, Callable[[Item], Named | None]] = {
        "byline": lambda item: name_by_quotes(item, quotes_of[item.gold.article.id]),
        "speaker + verb regex": name_by_verb,
        "nearest capitalised name": name_by_nearness,
    }
    for label, system in systems.items():
        for kind, chosen in (("direct", True), ("indirect", False)):
            asked = [(item, name) for item, name, direct in items if direct is chosen]
            given = [(item, name, named) for item, name in asked if (named := system(item)) is not None]
            right = sum(same_name(_name_of(item, named), name) for item, name, named in given)
            print_rate(f"{label}, {kind}: right of answered", right, len(given))
            print_rate(f"{label}, {kind}: answered", len(given), len(asked))
    print_rate("quoted spans inside a statement", inside[True], spans[True])
    print_rate("writer's own spans inside a statement", inside[False], spans[False])


def _covers(outer: Span, span: Span) -> bool:
    return 2 * overlap(span, (outer,)) >= span.end - span.start


def _name_of(item: Item, named: Named) -> str:
    return named.name or item.gold.article.text[named.mention.start : named.mention.end]


def print_seesaw(data: Path) -> None:
    """Prints how often both sides of a contested target are heard, and whether speakers hold the stance."""
    by_story: dict[str, list[tuple[Article, dict[str, object]]]] = defaultdict(list)
    rows = read_rows(data, "seesaw")
    for article, row in zip(read_articles(data, "seesaw"), rows, strict=True):
        by_story[row["story"]].append((article, row))
    heard: Counter[int] = Counter()
    held = told = 0
    for members in by_story.values():
        sides: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        quotes: list[Quote] = []
        for article, row in members:
            own = extract_quotes(article)
            quotes += own
            right, n = _count_held(row, own)
            held, told = held + right, told + n
            for stance in _named_stances(row):
                sides[stance["target"]][stance["stance"]].add(stance["holder"])
        for target, by_stance in sides.items():
            if not (by_stance["POS"] - by_stance["NEG"] and by_stance["NEG"] - by_stance["POS"]):
                continue
            speakers = {q.speaker for q in quotes if q.speaker and grade_topic(q, target)}
            heard[
                sum(
                    any(same_name(speaker, holder) for speaker in speakers for holder in by_stance[side])
                    for side in ("POS", "NEG")
                )
            ] += 1
    print(f"SEESAW: contested targets of {len(by_story)} stories")
    for count, label in ((2, "both sides heard"), (1, "one side only"), (0, "neither")):
        print_rate(label, heard[count], heard.total())
    print_rate("speaker holds the sentence's stance", held, told)


def _named_stances(row: dict[str, object]) -> list[dict[str, str]]:
    stances = row["stances"]
    assert isinstance(stances, list)
    return [one for one in stances if one["holder"] not in _NO_HOLDER and one["target"] not in _NO_HOLDER]


def _count_held(row: dict[str, object], quotes: Sequence[Quote]) -> tuple[int, int]:
    """Sentences whose statement's speaker is the only named holder, and how many could tell."""
    sentences, entities = row["sentences"], row["entities"]
    assert isinstance(sentences, list)
    assert isinstance(entities, list)
    listed = [entity["name"] for entity in entities]
    holders: dict[int, set[str]] = defaultdict(set)
    for stance in _named_stances(row):
        holders[int(stance["sentence"])].add(stance["holder"])
    held = told = 0
    for number, names in holders.items():
        span = Span(*sentences[number]) if sentences[number] else Span(0, 0)
        said = [q for q in quotes if q.speaker and overlap(Span(q.start, q.end), (span,))]
        known = [q.speaker for q in said if q.speaker and any(same_name(q.speaker, name) for name in listed)]
        if len(names) == 1 and known:
            told += 1
            held += any(same_name(speaker, name) for speaker in known for name in names)
    return held, told


if __name__ == "__main__":
    sys.exit(main())
