"""Measures whether a given quotation finds its article: ``python -m evals.bench.whose_words --data DIR``.

PolNeAR's articles are put into an archive (keyword search only) and the assistant is asked: Who said
"..."? Asked are quotations of 8 to 30 words that the gold attributes, in four forms: as printed, with
one word changed, with one word dropped, with the marks changed (straight for curly, no comma at the end,
capitals lowered). Definitions:

Rank 1. The first citation is of an article that holds the printed words, marks and case aside.
Wrong speaker. The first citation names somebody who cannot be the gold (silver) speaker, of those where
    both name one; beside it only those whose human gold source is a name and no pronoun or role, because
    half of the others that were read are errors of the silver name.
Alteration told. The answer's reason says what differs, of the quotations with a changed or dropped word
    that were found.

Intervals: Wilson.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from evals.bench.polnear import DataMissing, read_polnear
from evals.bench.who_said import Item, find_items, print_rate
from evals.statistics import SEED
from index.names import same_name

if TYPE_CHECKING:
    from assistant.answering import Assistant

_FEWEST, _MOST = 8, 30
_STRANGE = ("marmalade", "harbour", "violin", "lantern", "saddle")
"""Words put in place of another; none is likely in an article on politics."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One quotation that is asked for."""

    words: str
    """As printed, without the outer marks."""
    articles: frozenset[str]
    """Ids of all articles that hold the printed words."""
    speaker: str | None
    source_is_name: bool
    """Whether the gold's source words hold the speaker's surname."""


def _read_item(item: Item, words: str, texts: dict[str, str]) -> Asked:
    wanted = _plain(words)
    speakers = {holder.speaker for holder in item.holders}
    speaker = speakers.pop() if len(speakers) == 1 else None
    text = item.gold.article.text
    sources = " ".join(text[part.start : part.end] for holder in item.holders for part in holder.source)
    return Asked(
        words,
        frozenset(article_id for article_id, other in texts.items() if wanted in _plain(other)),
        speaker,
        speaker is not None and speaker.split()[-1] in sources,
    )


@cache
def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def as_printed(words: list[str], _generator: random.Random) -> str:
    """The words as printed."""
    return " ".join(words)


def change_word(words: list[str], generator: random.Random) -> str:
    """One word in the middle replaced."""
    place = generator.randrange(1, len(words) - 1)
    return " ".join([*words[:place], generator.choice(_STRANGE), *words[place + 1 :]])


def drop_word(words: list[str], generator: random.Random) -> str:
    """One word in the middle left out."""
    place = generator.randrange(1, len(words) - 1)
    return " ".join([*words[:place], *words[place + 1 :]])


def change_marks(words: list[str], _generator: random.Random) -> str:
    """Other apostrophes, no punctuation at the end, no capitals."""
    return " ".join(words).replace("’", "'").rstrip(".,!?").lower()


_FORMS: dict[str, Callable[[list[str], random.Random], str]] = {
    "as printed": as_printed,
    "one word changed": change_word,
    "one word dropped": drop_word,
    "marks changed": change_marks,
}


def main() -> int:
    """Prints the figures; returns the exit code."""
    parser = argparse.ArgumentParser(description="a given quotation finds its article, on PolNeAR")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds polnear.jsonl.gz")
    parser.add_argument("--part", choices=("read", "check", "all"), default="all")
    parser.add_argument("--n", type=int, default=200, help="quotations asked for in each form")
    options = parser.parse_args()
    from assistant import Assistant
    from assistant.config import Settings
    from index import Archive

    try:
        golds = read_polnear(options.data, options.part)
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    texts = {gold.article.id: gold.article.text for gold in golds}
    asked: list[tuple[Item, str]] = []
    for item in find_items(golds):
        words = texts[item.gold.article.id][item.span.start : item.span.end].strip("“”\"' ,")
        if _FEWEST <= len(words.split()) <= _MOST and "\n" not in words:
            asked.append((item, words))
    random.Random(SEED).shuffle(asked)  # noqa: S311  # a fixed sample, nothing secret
    questions = [_read_item(item, words, texts) for item, words in asked[: options.n]]
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "newsroom") as archive:
        archive.add([gold.article for gold in golds], wait=False)
        assistant = Assistant(archive, settings=Settings(retrievers=("keyword",), model_url=None))
        for label, form in _FORMS.items():
            _ask_all(assistant, questions, label, form)
    return 0


def _ask_all(
    assistant: Assistant, asked: Sequence[Asked], label: str, form: Callable[[list[str], random.Random], str]
) -> None:
    generator = random.Random(SEED)  # noqa: S311  # a fixed sample, nothing secret
    first = told = credited = wrong = named = misnamed = 0
    for item in asked:
        answer = assistant.ask(f"Who said “{form(item.words.split(), generator)}”?")
        if not answer.citations or answer.citations[0].article_id not in item.articles:
            continue
        first += 1
        told += bool(answer.reason)
        speaker = answer.citations[0].speaker
        if speaker is not None and item.speaker is not None:
            credited += 1
            other = not same_name(speaker, item.speaker)
            wrong += other
            named += item.source_is_name
            misnamed += other and item.source_is_name
    print_rate(f"{label}: rank 1", first, len(asked))
    print_rate(f"{label}: wrong speaker", wrong, credited)
    print_rate(f"{label}: wrong where the source is a name", misnamed, named)
    if form in (change_word, drop_word):
        print_rate(f"{label}: alteration told", told, first)


if __name__ == "__main__":
    sys.exit(main())
