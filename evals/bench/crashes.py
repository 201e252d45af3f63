"""Kills an ingest at random moments and damages index files, and counts what was lost.

Run with ``python -m evals.bench.crashes --kills 50 --damages 100``. The articles are generated, the
embedder is a double: what is tested is what survives, not what is found.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from index import Archive, ArchiveMissing, Article
from index.chunking import split_chunks
from index.quotes import extract_quotes
from index.testing import HashEmbedder

WORDS = [
    "harbour",
    "minister",
    "budget",
    "river",
    "strike",
    "court",
    "school",
    "flood",
    "vote",
    "market",
    "border",
    "summit",
    "storm",
    "island",
    "union",
    "treaty",
    "bridge",
    "election",
    "hospital",
    "railway",
    "forest",
    "inquiry",
    "museum",
    "satellite",
    "vaccine",
    "festival",
    "reactor",
    "pension",
]
NAMES = ("Ana Ruiz", "Jo Li", "Petra Novak", "Sam Oduya", "Ivan Horvat")


def make_article(number: int, edition: int = 0) -> Article:
    """An invented article; the same number and edition give the same text."""
    source = random.Random(f"{number}/{edition}")  # noqa: S311 - repeatable, not secret
    sentences = [
        " ".join(source.choices(WORDS, k=12)).capitalize() + "." for _ in range(source.randint(4, 40))
    ]
    speaker = source.choice(NAMES)
    said = " ".join(source.choices(WORDS, k=9)).capitalize()
    sentences.insert(2, f"“{said},” said {speaker}.")
    return Article(
        id=f"article-{number}", title=sentences[0][:40], text=" ".join(sentences), outlet="The Generator"
    )


def ingest_forever(folder: Path, articles: int, seed: int) -> None:
    """Add all articles in random order, editions included, and print each one that is acknowledged."""
    source = random.Random(seed)  # noqa: S311 - repeatable, not secret
    wanted = [make_article(number, source.choice((0, 0, 1))) for number in range(articles)]
    source.shuffle(wanted)
    with Archive.open(folder, embedder=HashEmbedder()) as archive:
        print("started", flush=True)
        archive.add(
            wanted,
            progress=lambda progress: print(progress.outcome, progress.detail or progress.source, flush=True),
        )
        print("finished", flush=True)


@dataclass(frozen=True, slots=True)
class Survival:
    """What was found after the kills."""

    kills: int
    acknowledged: int
    """Different articles that were reported as stored before some kill."""
    lost: int
    duplicates: int
    """Articles whose text another one has too, summed over the kills; the generator makes none."""
    half_visible: int
    """Articles whose chunks or statements are not those of their text, or that cannot be read."""
    healthy_at_end: bool
    """Whether `Archive.check` finds nothing after one ingest that is left to finish."""


def kill_often(folder: Path, kills: int, *, articles: int = 300, seed: int = 0) -> Survival:
    """Kill -9 an ingest at random moments, looking at the archive after each; state is kept."""
    source = random.Random(seed)  # noqa: S311 - repeatable, not secret
    acknowledged: set[str] = set()
    lost: set[str] = set()
    half_visible: set[str] = set()
    duplicates = 0
    longest = _time_whole_ingest(folder.with_name("timed"), articles)
    for number in range(kills):
        acknowledged |= set(_run_and_kill(folder, articles, number, source.uniform(0.0, longest)))
        with Archive.open(folder, embedder=HashEmbedder()) as archive:
            try:
                stored = archive.articles()
            except ArchiveMissing:  # killed before there was one
                lost |= acknowledged
                continue
            lost |= acknowledged - {article.id for article in stored}
            duplicates += len(stored) - len({article.text for article in stored})
            half_visible |= set(find_half_visible(archive))
    with Archive.open(folder, embedder=HashEmbedder()) as archive:
        archive.add([make_article(number) for number in range(articles)])
        healthy = archive.check().healthy
    return Survival(kills, len(acknowledged), len(lost), duplicates, len(half_visible), healthy)


def _time_whole_ingest(folder: Path, articles: int) -> float:
    """Seconds that an ingest takes when it is left alone: a kill may come at any of them."""
    began = time.monotonic()
    with Archive.open(folder, embedder=HashEmbedder()) as archive:
        archive.add([make_article(number) for number in range(articles)])
    return time.monotonic() - began


def _run_and_kill(folder: Path, articles: int, seed: int, seconds: float) -> Iterator[str]:
    command = [sys.executable, "-m", "evals.bench.crashes", "--ingest", str(folder), str(articles), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        for line in process.stdout:
            outcome, _space, detail = line.rstrip("\n").partition(" ")
            if line.endswith("\n") and outcome in {"added", "updated", "duplicate"}:
                yield detail


def find_half_visible(archive: Archive) -> Iterator[str]:
    """Ids of articles that are not stored whole: their chunks or statements differ from a fresh parse."""
    for article in archive.articles():
        stored = [chunk for chunk, _key in archive._parts.store.chunks([article.id])]  # noqa: SLF001 - looks inside
        expected = list(split_chunks(article, archive._config.chunk_characters))  # noqa: SLF001
        quotes = archive._parts.store.quotes(article_ids=[article.id])  # noqa: SLF001
        if stored != expected or len(quotes) != len(extract_quotes(article)):
            yield article.id


@dataclass(frozen=True, slots=True)
class DamageCount:
    """What became of damaged indexes."""

    damages: int
    detected: int
    """Named by `Archive.check`."""
    same_answers: int
    """The searches gave the same passages before any rebuild."""
    rebuilt: int
    """Healthy again, with the same passages, after `rebuild`."""


DAMAGES = tuple(product(("keyword", "dense"), ("folder", "delete", "truncate", "flip")))
"""Which index, and what happens to it or to one of its files."""

QUESTIONS = (
    "harbour minister budget",
    "the flood in the forest",
    "vote strike court",
    "satellite reactor island",
)


def damage_often(folder: Path, damages: int, *, articles: int = 120, seed: int = 0) -> DamageCount:
    """Damage a healthy archive's indexes in each of the `DAMAGES` in turn, at random files and places."""
    source = random.Random(seed)  # noqa: S311 - repeatable, not secret
    healthy = folder / "healthy"
    with Archive.open(healthy, embedder=HashEmbedder()) as archive:
        archive.add([make_article(number) for number in range(articles)])
        expected = _answers(archive)
    detected = same = rebuilt = 0
    for number in range(damages):
        victim = folder / f"victim-{number}"
        shutil.copytree(healthy, victim)
        _damage(victim, *DAMAGES[number % len(DAMAGES)], source)
        with Archive.open(victim, embedder=HashEmbedder()) as archive:
            detected += not archive.check().healthy
            same += _answers(archive) == expected
        with Archive.open(victim, embedder=HashEmbedder()) as archive:
            archive.rebuild()
            rebuilt += archive.check().healthy and _answers(archive) == expected
        shutil.rmtree(victim)
    return DamageCount(damages, detected, same, rebuilt)


def _answers(archive: Archive) -> list[list[tuple[str, int, int]]]:
    return [[(p.article_id, p.start, p.end) for p in archive.search(question)] for question in QUESTIONS]


def _damage(folder: Path, name: str, kind: str, source: random.Random) -> None:
    index = folder / name
    files = sorted(path for path in index.rglob("*") if path.is_file() and path.stat().st_size > 1)
    victim = source.choice(files)
    content = victim.read_bytes()
    match kind:
        case "folder":
            shutil.rmtree(index)
        case "delete":
            victim.unlink()
        case "truncate":
            victim.write_bytes(content[: source.randrange(len(content))])
        case _:
            position = source.randrange(len(content))
            flipped = bytes([content[position] ^ 1 << source.randrange(8)])
            victim.write_bytes(content[:position] + flipped + content[position + 1 :])


def main() -> None:
    """Print both counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--damages", type=int, default=100)
    parser.add_argument("--ingest", nargs=3, metavar=("FOLDER", "ARTICLES", "SEED"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ingest:
        ingest_forever(Path(options.ingest[0]), int(options.ingest[1]), int(options.ingest[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(kill_often(Path(folder) / "killed", options.kills), flush=True)
        print(damage_often(Path(folder), options.damages))


if __name__ == "__main__":
    main()
