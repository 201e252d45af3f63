"""Tells the checks lies and true sentences and counts what they catch: ``byline eval lies``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from evals.mutation import MUTATIONS, make_lie
from evals.paraphrase import paraphrase, repeat
from evals.specimens import Specimen, read_material
from evals.statistics import Interval, wilson_interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.types import Claim
    from assistant.verification import Verifier
    from index.types import Article

FLOORS = dict.fromkeys(MUTATIONS, 0.95) | dict.fromkeys(
    (kind for kind in MUTATIONS if kind.startswith(("speaker", "quotation", "marker"))), 0.99
)
"""Catch rate that each mutation must reach."""
CEILINGS = {"verbatim": 0.01, "paraphrase": 0.05}
"""Share of true sentences that may be taken for lies."""
_MOST_PER_ARTICLE = 3
"""Specimens of one kind from one article at most, so that no article decides a rate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """What became of the specimens of one kind."""

    kind: str
    n: int
    flagged: int
    """Judged anything but supported."""
    refuted: int
    """Judged contradicted or unsupported; the rest of `flagged` could not be judged."""
    interval: Interval | None
    """Wilson's 95 % interval of flagged / n; None without specimens."""
    caught_by: tuple[tuple[str, int], ...]
    """Checks that failed, with how many specimens they failed on, most first."""

    @property
    def share(self) -> float | None:
        """Flagged / n; None without specimens."""
        return self.flagged / self.n if self.n else None


@dataclass(frozen=True, kw_only=True, slots=True)
class LiesReport:
    """Catch rates of lies and false alarms on true sentences."""

    lies: tuple[Rate, ...]
    true: tuple[Rate, ...]
    missed: tuple[Specimen, ...]
    """Lies that were judged supported, for reading."""
    alarms: tuple[tuple[Specimen, Claim], ...]
    """True sentences that were not, with the claim and its checks."""

    @property
    def passed(self) -> bool:
        """Whether every rate is on the right side of its floor or ceiling."""
        return all((rate.share or 0.0) >= FLOORS[rate.kind] for rate in self.lies) and all(
            (rate.share or 0.0) <= CEILINGS[rate.kind] for rate in self.true
        )


def run_lies(
    articles: Sequence[Article],
    seed: int = 0,
    per_mutation: int = 200,
    *,
    verifiers: Sequence[Verifier] = (),
) -> LiesReport:
    """Makes lies and true sentences from the articles and has them checked.

    Args:
        articles: Where the sentences come from; the same articles and seed give the same report.
        seed: Of every choice.
        per_mutation: Specimens of each kind, fewer where the articles do not offer so many.
        verifiers: Asked about meaning where no exact check failed.
    """
    specimens = make_specimens(articles, seed, per_mutation)
    judged = [(specimen, judge(specimen, verifiers)) for specimen in specimens]
    kinds = [*MUTATIONS, "verbatim", "paraphrase"]
    rates = {kind: _count(kind, [pair for pair in judged if pair[0].kind == kind]) for kind in kinds}
    return LiesReport(
        lies=tuple(rates[kind] for kind in MUTATIONS),
        true=(rates["verbatim"], rates["paraphrase"]),
        missed=tuple(s for s, claim in judged if not s.true and claim.verdict == "supported"),
        alarms=tuple((s, claim) for s, claim in judged if s.true and claim.verdict != "supported"),
    )


def make_specimens(articles: Sequence[Article], seed: int, per_mutation: int) -> list[Specimen]:
    """Makes up to `per_mutation` specimens of every kind, spread over the articles."""
    specimens: list[Specimen] = []
    counts: Counter[str] = Counter()
    used: Counter[tuple[str, str]] = Counter()
    random = Random(seed)  # noqa: S311  reproducible, not secret
    kinds = [*MUTATIONS, "verbatim", "paraphrase"]
    shuffling = Random(seed)  # noqa: S311
    for material in read_material(articles, shuffling):
        open_kinds = [
            kind
            for kind in kinds
            if counts[kind] < per_mutation and used[kind, material.article.id] < _MOST_PER_ARTICLE
        ]
        if all(counts[kind] >= per_mutation for kind in kinds):
            break
        for kind in open_kinds:
            if kind == "verbatim":
                made: Specimen | None = repeat(material)
            elif kind == "paraphrase":
                made = paraphrase(material, random)
            else:
                made = make_lie(kind, material, random)
            if made is not None:
                specimens.append(made)
                counts[kind] += 1
                used[kind, material.article.id] += 1
    return specimens


def judge(specimen: Specimen, verifiers: Sequence[Verifier] = ()) -> Claim:
    """The worst-judged claim of a specimen: a sentence is caught where any part of it is."""
    from assistant.verification import check_answer

    order = ("contradicted", "unsupported", "not_judged", "supported")
    claims = check_answer(specimen.text, specimen.passages, verifiers=verifiers)
    return min(claims, key=lambda claim: order.index(claim.verdict))


def _count(kind: str, judged: Sequence[tuple[Specimen, Claim]]) -> Rate:
    flagged = [claim for _, claim in judged if claim.verdict != "supported"]
    failed = Counter(check.name for claim in flagged for check in claim.checks if check.passed is False)
    return Rate(
        kind=kind,
        n=len(judged),
        flagged=len(flagged),
        refuted=sum(claim.verdict in {"contradicted", "unsupported"} for claim in flagged),
        interval=wilson_interval(len(flagged), len(judged)) if judged else None,
        caught_by=tuple(sorted(failed.items(), key=lambda item: (-item[1], item[0]))),
    )


def format_report(report: LiesReport) -> str:
    """The report as a plain table."""
    lines = [f"{'kind':22} {'n':>5} {'flagged':>8}  95 % interval   target"]
    for rate in (*report.lies, *report.true):
        target = f">= {FLOORS[rate.kind]}" if rate.kind in FLOORS else f"<= {CEILINGS[rate.kind]}"
        if rate.interval is None:
            lines.append(f"{rate.kind:22} {0:5}  no specimens")
            continue
        interval = f"[{rate.interval.low:.3f}, {rate.interval.high:.3f}]"
        checks = ", ".join(f"{name} {count}" for name, count in rate.caught_by[:4])
        lines.append(f"{rate.kind:22} {rate.n:5} {rate.share:8.3f}  {interval}  {target:8} {checks}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the lies on article files of a folder; 0 when all targets are met, else 1."""
    from evals.bench.data import read_articles

    parser = argparse.ArgumentParser(prog="python -m evals.lies", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the article files")
    parser.add_argument(
        "--files", nargs="+", default=["polnear", "realtimeqa_small_articles", "basil", "bbc2225"]
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--per-mutation", type=int, default=200)
    parser.add_argument("--show", type=int, default=0, help="how many misses and false alarms to print")
    options = parser.parse_args(arguments)
    passed = True
    for name in options.files:
        report = run_lies(read_articles(options.data, name), options.seed, options.per_mutation)
        passed = passed and report.passed
        sys.stdout.write(f"\n{name}\n{format_report(report)}\n")
        for missed in report.missed[: options.show]:
            sys.stdout.write(f"\nMISSED {missed.kind}\n  lie:  {missed.text}\n  true: {missed.source}\n")
        for specimen, claim in report.alarms[: options.show]:
            failed = "; ".join(f"{c.name}: {c.detail}" for c in claim.checks if c.passed is False)
            sys.stdout.write(
                f"\nALARM {specimen.kind}\n  told: {specimen.text}\n  true: {specimen.source}\n  {failed}\n"
            )
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
