"""The checks as a judge of summaries that people have labelled, beside two simple judges.

    python -m evals.bench.judges --data DIR [--limit N]

A summary is supported where every sentence of it is. Reported for each set, for every judge: AUROC of its
score, and balanced accuracy of the score with a threshold chosen in two ways, the same for all judges: on one
half of the set's articles for the other, and on the other sets (the one with the best mean balanced accuracy
over them). Of the checks also with the weights of their score chosen on the other sets, and their verdict as
it stands. Intervals are 95 % percentile bootstraps of whole source articles; leads are resampled in pairs.
"""

from __future__ import annotations

import argparse
import re
import time
import zlib
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.alignment import Source
from assistant.citations import split_claims
from assistant.support import WEIGHTS, Support, Weights, measure_support
from assistant.types import Evidence
from assistant.verification import verify_claims
from assistant.words import split_words
from evals.agreement import area_under_roc, balanced_accuracy
from evals.bench.data import read_rows
from evals.labelled import Labelled
from evals.report.figures import format_interval, format_value
from evals.statistics import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from assistant.citations import DraftClaim

    Scores = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Measure = Callable[[NDArray[np.int64] | None], float | None]

_RESAMPLES = 1_000
_CAPITAL_OR_NUMBER = re.compile(r"(?<![.!?]\s)(?<!\A)\b[A-Z]\w+|\d+(?:[.,]\d+)*")
CHECKS, OVERLAP, PRESENT = "checks", "token overlap", "entities and numbers"
_ELSEWHERE = "checks, weights of the other sets"
_GRID = tuple(
    Weights(reordered=reordered, failed=failed, figure=figure)
    for reordered, failed, figure in product((0.05, 0.1, 0.15, 0.2), (0.5, 1.0, 1.5, 2.0), (0.0, 0.5, 1.0))
)
"""Weights that are tried."""
_MOST_LEAD = 0.04
"""What the lead on one set counts for at most when weights are chosen: none is bought with another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What the judges say of one summary; scores are higher for better support."""

    supported: bool
    cluster: str
    verdict: bool
    """Whether every sentence was found supported, no threshold chosen."""
    support: Support
    overlap: float
    present: float
    seconds: float
    """Time of the checks for all sentences together."""
    sentences: int


class JudgedSet:
    """One set with every judge's scores as arrays of shape (n_summaries,)."""

    def __init__(self, title: str, judged: Sequence[Judged]) -> None:
        self.title = title
        self.labels: Flags = np.array([item.supported for item in judged])
        self.verdicts: Flags = np.array([item.verdict for item in judged])
        self.supports = [item.support for item in judged]
        self.scores: dict[str, Scores] = {
            CHECKS: self.score(WEIGHTS),
            OVERLAP: np.array([item.overlap for item in judged]),
            PRESENT: np.array([item.present for item in judged]),
        }
        rows: dict[str, list[int]] = {}
        for row, item in enumerate(judged):
            rows.setdefault(item.cluster, []).append(row)
        self.clusters = [np.array(found) for found in rows.values()]
        # parted by the CRC-32 of the article, so that the halves are the same on every run
        self.halves: Flags = np.array([zlib.crc32(item.cluster.encode()) % 2 == 1 for item in judged])

    def score(self, weights: Weights) -> Scores:
        """The score of the checks with some weights."""
        return np.array([support.score(weights) for support in self.supports])

    def area(self, scores: Scores, rows: NDArray[np.int64] | None = None) -> float | None:
        """AUROC over all summaries, or over some rows, which may repeat."""
        chosen = slice(None) if rows is None else rows
        return area_under_roc(scores[chosen].tolist(), self.labels[chosen].tolist())

    def accuracy(self, said: Flags, rows: NDArray[np.int64] | None = None) -> float | None:
        """Balanced accuracy over all summaries, or over some rows."""
        chosen = slice(None) if rows is None else rows
        return balanced_accuracy(said[chosen].tolist(), self.labels[chosen].tolist())

    def by_halves(self, scores: Scores) -> Flags:
        """What a score says at the threshold of the half that a summary is not in."""
        said = np.zeros(len(self.labels), dtype=bool)
        for half in (False, True):
            here, there = self.halves == half, self.halves != half
            grid = _thresholds([scores[there]])
            accuracies = _accuracies(scores[there], self.labels[there], grid)
            said[here] = scores[here] >= grid[int(np.argmax(accuracies))]
        return said

    def interval(self, measure: Measure, seed: int = 0) -> Interval:
        """95 % interval of a measure over resampled source articles, those without a value left out."""
        random = np.random.default_rng(seed)
        values = []
        for _ in range(_RESAMPLES):
            picks = random.integers(len(self.clusters), size=len(self.clusters))
            value = measure(np.concatenate([self.clusters[pick] for pick in picks]))
            if value is not None:
                values.append(value)
        low, high = np.percentile(values, [2.5, 97.5])
        return Interval(float(low), float(high))


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
    support = measure_support([draft.plain for draft in drafts], [source])
    seconds = time.perf_counter() - started
    return Judged(
        supported=item.supported,
        cluster=item.document,
        verdict=_all_supported(drafts, evidence),
        support=support,
        overlap=_token_overlap(item.text, source),
        present=_present(item.text, item.document),
        seconds=seconds,
        sentences=len(drafts),
    )


def by_other_sets(scores: Sequence[Scores], sets: Sequence[JudgedSet], left_out: int) -> Flags:
    """What a score says of one set at the threshold with the best mean balanced accuracy on the others.

    Args:
        scores: For each set those of its summaries.
        sets: The sets, in the same order.
        left_out: Which of them is judged.
    """
    others = [place for place in range(len(sets)) if place != left_out]
    grid = _thresholds([scores[place] for place in others])
    means = np.mean([_accuracies(scores[place], sets[place].labels, grid) for place in others], axis=0)
    said: Flags = scores[left_out] >= grid[int(np.argmax(means))]
    return said


def choose_weights(sets: Sequence[JudgedSet]) -> Weights:
    """The weights with the greatest mean lead in AUROC over the better simple judge of each set."""
    simple = [max(some.area(some.scores[name]) or 0.0 for name in (OVERLAP, PRESENT)) for some in sets]
    return max(
        _GRID,
        key=lambda weights: sum(
            min(_MOST_LEAD, (some.area(some.score(weights)) or 0.0) - best)
            for some, best in zip(sets, simple, strict=True)
        ),
    )


def _thresholds(scores: Sequence[Scores]) -> Scores:
    """The percentiles of some scores, each once, in order."""
    found: Scores = np.unique(np.quantile(np.concatenate(scores), np.linspace(0, 1, 101)))
    return found


def _accuracies(scores: Scores, labels: Flags, grid: Scores) -> Scores:
    """Balanced accuracy at each threshold, shape (n_thresholds,); 0.5 where one label does not occur."""
    if labels.all() or not labels.any():
        return np.full(len(grid), 0.5)
    said = scores[None, :] >= grid[:, None]
    found: Scores = (said[:, labels].mean(axis=1) + (~said[:, ~labels]).mean(axis=1)) / 2
    return found


def _all_supported(drafts: Sequence[DraftClaim], evidence: Evidence) -> bool:
    claims = verify_claims(drafts, [evidence], uncited="all")
    return all(claim.verdict == "supported" for claim in claims)


def _token_overlap(summary: str, source: Source) -> float:
    """Share of the summary's distinct content words that stand anywhere in the document."""
    stems = {word.stem for word in split_words(summary) if word.content}
    return len(stems & source.stems) / len(stems) if stems else 0.0


def _present(summary: str, document: str) -> float:
    """Share of the summary's capitalised words and numbers that stand anywhere in the document."""
    found = set(_CAPITAL_OR_NUMBER.findall(summary))
    return sum(item in document for item in found) / len(found) if found else 1.0


def _report(sets: Sequence[JudgedSet]) -> None:
    for place, some in enumerate(sets):
        print(f"\n{some.title}: n {len(some.labels)}, supported {some.labels.sum()}")
        print(f"  {'verdict as it stands':34} BAcc {_show_accuracy(some, some.verdicts)}")
        weights = choose_weights([other for other in sets if other is not some]) if len(sets) > 1 else WEIGHTS
        elsewhere = [other.score(weights) for other in sets]
        said: dict[str, tuple[Flags, Flags]] = {}
        for name in (CHECKS, _ELSEWHERE, OVERLAP, PRESENT):
            scores = elsewhere if name == _ELSEWHERE else [other.scores[name] for other in sets]
            own = scores[place]
            outside = by_other_sets(scores, sets, place) if len(sets) > 1 else some.by_halves(own)
            said[name] = (some.by_halves(own), outside)
            print(
                f"  {name:34} AUROC {_show_area(some, own)}"
                f"  BAcc, halves {_show_accuracy(some, said[name][0])}"
                f"  other sets {_show_accuracy(some, outside)}"
            )
        print(f"  weights of the other sets: {weights}")
        for name in (OVERLAP, PRESENT):
            ours, theirs = partial(some.area, elsewhere[place]), partial(some.area, some.scores[name])
            leads = [_show_lead(some, ours, theirs)] + [
                _show_lead(some, partial(some.accuracy, own), partial(some.accuracy, other))
                for own, other in zip(said[_ELSEWHERE], said[name], strict=True)
            ]
            print(
                f"  {'lead over ' + name:34} AUROC {leads[0]}  BAcc, halves {leads[1]}  other sets {leads[2]}"
            )


def _show_area(some: JudgedSet, scores: Scores) -> str:
    interval = some.interval(lambda rows: some.area(scores, rows))
    return f"{format_value(some.area(scores))} {format_interval(interval)}"


def _show_accuracy(some: JudgedSet, said: Flags) -> str:
    interval = some.interval(lambda rows: some.accuracy(said, rows))
    return f"{format_value(some.accuracy(said))} {format_interval(interval)}"


def _show_lead(some: JudgedSet, ours: Measure, theirs: Measure) -> str:
    """By how much one judge's measure leads another's, resampled in pairs."""

    def lead(rows: NDArray[np.int64] | None) -> float | None:
        own, other = ours(rows), theirs(rows)
        return None if own is None or other is None else own - other

    return f"{lead(None):+.3f} {format_interval(some.interval(lead))}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.judges", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the labelled sets")
    parser.add_argument("--limit", type=int, default=None, help="rows of each set")
    options = parser.parse_args(arguments)
    judged: dict[str, list[Judged]] = {}
    document, evidence, source = None, None, None
    for item in sorted(
        read_labelled(options.data, options.limit), key=lambda item: (item.set, item.document)
    ):
        if item.document != document or evidence is None or source is None:
            document = item.document
            evidence = _as_evidence(document)
            source = Source(evidence)
        judged.setdefault(item.set, []).append(judge(item, evidence, source))
    _report([JudgedSet(title, items) for title, items in judged.items()])
    spent = sum(item.seconds for items in judged.values() for item in items)
    count = sum(item.sentences for items in judged.values() for item in items)
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
