"""The checks as a judge of summaries that people have labelled, beside two simple judges.

    python -m evals.bench.judges --data DIR [--limit N]

A summary is supported where every sentence of it is. Reported for each set: AUROC of each judge's score,
balanced accuracy of the verdict as it stands, and balanced accuracy of each score, where one half of the
set's articles chooses the threshold for the other. Intervals are 95 % percentile bootstraps of whole source
articles.
"""

from __future__ import annotations

import argparse
import re
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.alignment import Source
from assistant.citations import split_claims
from assistant.types import Evidence
from assistant.verification import measure_support, verify_claims
from assistant.words import split_words
from evals.agreement import area_under_roc, balanced_accuracy
from evals.bench.data import read_rows
from evals.labelled import Labelled
from evals.report.figures import format_interval, format_value
from evals.statistics import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.citations import DraftClaim

_RESAMPLES = 1_000
_CAPITAL_OR_NUMBER = re.compile(r"(?<![.!?]\s)(?<!\A)\b[A-Z]\w+|\d+(?:[.,]\d+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What the judges say of one summary; scores are higher for better support."""

    supported: bool
    cluster: str
    verdict: bool
    """Whether every sentence was found supported, no threshold chosen."""
    scores: Mapping[str, float]
    seconds: float
    """Time of the checks for all sentences together."""
    sentences: int


def read_labelled(data: Path, limit: int | None) -> list[Labelled]:
    """The labelled summaries of all sets in the folder, the first `limit` of each."""
    found: list[Labelled] = []
    for name, title in (
        ("grounding_qags", "QAGS"),
        ("grounding_xsumfaith", "XSumFaith"),
        ("grounding_cliff", "CLIFF"),
        ("grounding_goyal21", "Goyal21"),
        ("grounding_faithbench", "FaithBench"),
    ):
        for row in read_rows(data, name)[:limit]:
            part = f"{title} {row['origin']}" if title in ("QAGS", "CLIFF") else title
            found.append(
                Labelled(set=part, document=row["doc"], text=row["summary"], supported=row["label"] == 1)
            )
    for row in read_rows(data, "halueval_summ")[:limit]:
        for key, supported in (("right_summary", True), ("hallucinated_summary", False)):
            found.append(
                Labelled(set="HaluEval", document=row["document"], text=row[key], supported=supported)
            )
    return found


def judge(item: Labelled, evidence: Evidence, source: Source) -> Judged:
    """Lets all judges judge one summary."""
    drafts = [draft for draft in split_claims(item.text) if split_words(draft.plain)]
    started = time.perf_counter()
    scores = [measure_support(draft.plain, [source]) for draft in drafts]
    seconds = time.perf_counter() - started
    return Judged(
        supported=item.supported,
        cluster=item.document,
        verdict=_all_supported(drafts, evidence),
        scores={
            "checks": _weighted_mean(scores, [_count_content(draft.plain) for draft in drafts]),
            "token overlap": _token_overlap(item.text, source),
            "entities and numbers": _present(item.text, item.document),
        },
        seconds=seconds,
        sentences=len(drafts),
    )


def bootstrap(
    judged: Sequence[Judged], measure: Callable[[Sequence[Judged]], float | None], seed: int = 0
) -> Interval:
    """95 % interval of a measure over resampled source articles, those without a value left out."""
    import numpy as np

    groups: dict[str, list[Judged]] = {}
    for item in judged:
        groups.setdefault(item.cluster, []).append(item)
    clusters = list(groups.values())
    random = np.random.default_rng(seed)
    found = (
        measure(
            [item for pick in random.integers(len(clusters), size=len(clusters)) for item in clusters[pick]]
        )
        for _ in range(_RESAMPLES)
    )
    low, high = np.percentile([value for value in found if value is not None], [2.5, 97.5])
    return Interval(float(low), float(high))


def choose_threshold(judged: Sequence[Judged], name: str) -> float:
    """The threshold on a score with the best balanced accuracy, the lowest of equals; a grid of 101."""
    labels = [item.supported for item in judged]
    values = [item.scores[name] for item in judged]
    grid = [step / 100 for step in range(101)]
    return max(grid, key=lambda at: (balanced_accuracy([v >= at for v in values], labels) or 0.0, -at))


def cross_fit(judged: Sequence[Judged], name: str) -> dict[int, bool]:
    """What a score says of each summary (by ``id``) at the threshold of the half it is not in.

    Articles are parted by the CRC-32 of their text, so that the halves are the same on every run.
    """
    halves: tuple[list[Judged], list[Judged]] = ([], [])
    for item in judged:
        halves[zlib.crc32(item.cluster.encode()) % 2].append(item)
    said = {}
    for half, other in (halves, halves[::-1]):
        at = choose_threshold(other, name)
        said.update({id(item): item.scores[name] >= at for item in half})
    return said


def _all_supported(drafts: Sequence[DraftClaim], evidence: Evidence) -> bool:
    claims = verify_claims(drafts, [evidence], uncited="all")
    return all(claim.verdict == "supported" for claim in claims)


def _count_content(plain: str) -> int:
    """Distinct content words of a sentence, at least one."""
    return max(1, len({word.stem for word in split_words(plain) if word.content}))


def _weighted_mean(scores: Sequence[float], words: Sequence[int]) -> float:
    """Mean over sentences by their content words; 0 for a summary without words."""
    return sum(score * n for score, n in zip(scores, words, strict=True)) / sum(words) if words else 0.0


def _token_overlap(summary: str, source: Source) -> float:
    """Share of the summary's distinct content words that stand anywhere in the document."""
    stems = {word.stem for word in split_words(summary) if word.content}
    return len(stems & source.stems) / len(stems) if stems else 0.0


def _present(summary: str, document: str) -> float:
    """Share of the summary's capitalised words and numbers that stand anywhere in the document."""
    found = set(_CAPITAL_OR_NUMBER.findall(summary))
    return sum(item in document for item in found) / len(found) if found else 1.0


def _report(sets: Mapping[str, Sequence[Judged]]) -> None:
    names = ("checks", "token overlap", "entities and numbers")
    for title, judged in sets.items():
        labels = [item.supported for item in judged]
        verdict = balanced_accuracy([item.verdict for item in judged], labels)
        interval = bootstrap(
            judged,
            lambda some: balanced_accuracy([i.verdict for i in some], [i.supported for i in some]),
        )
        print(f"\n{title}: n {len(judged)}, supported {sum(labels)}")
        print(f"  verdict as it stands    BAcc  {format_value(verdict)} {format_interval(interval)}")
        for name in names:
            said = cross_fit(judged, name)

            def auroc(some: Sequence[Judged], name: str = name) -> float | None:
                return area_under_roc([i.scores[name] for i in some], [i.supported for i in some])

            def accuracy(some: Sequence[Judged], said: Mapping[int, bool] = said) -> float | None:
                return balanced_accuracy([said[id(i)] for i in some], [i.supported for i in some])

            area, area_at = auroc(judged), bootstrap(judged, auroc)
            right, right_at = accuracy(judged), bootstrap(judged, accuracy)
            print(
                f"  {name:22}  AUROC {format_value(area)} {format_interval(area_at)}"
                f"  BAcc {format_value(right)} {format_interval(right_at)}"
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.judges", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("--limit", type=int, default=None, help="rows of each set")
    options = parser.parse_args(arguments)
    sets: dict[str, list[Judged]] = {}
    document, evidence, source = None, None, None
    for item in sorted(
        read_labelled(options.data, options.limit), key=lambda item: (item.set, item.document)
    ):
        if item.document != document or evidence is None or source is None:
            document = item.document
            evidence = _as_evidence(document)
            source = Source(evidence)
        sets.setdefault(item.set, []).append(judge(item, evidence, source))
    _report(sets)
    spent = sum(item.seconds for items in sets.values() for item in items)
    count = sum(item.sentences for items in sets.values() for item in items)
    print(f"\n{1000 * spent / count:.1f} ms a sentence, against whole articles, reading the article included")
    return 0


def _as_evidence(document: str) -> Evidence:
    return Evidence(
        marker=1,
        article_id="document",
        version=1,
        start=0,
        end=len(document),
        text=document,
        title="",
        outlet=None,
        url=None,
        published=None,
    )


if __name__ == "__main__":
    raise SystemExit(main())
