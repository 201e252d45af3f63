"""Texts that people have judged, and how well the checks or a judge agree with them.

A text is supported where every sentence of it is. `SAMPLE_LABELLED` was written for byline: sentences
that tell of a sample article in other words, true or subtly false, labelled as they were written.
Public sets (`evals.bench.judges.read_labelled`) are read where their files are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.agreement import area_under_roc, balanced_accuracy, balanced_accuracy_interval, cohen_kappa
from evals.judging import as_evidence
from evals.types import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.types import Claim
    from assistant.verification import Verifier
    from evals.statistics import Interval
    from index.types import Article

SAMPLE_LABELLED = Path(__file__).parent / "sample" / "labelled.jsonl"
SAMPLE_SET = "sample sentences"

REPEATS = 3
"""How often a judge is asked the same, to see whether it changes its mind."""
REPEATED = 50
"""Texts of each set that are asked more than once."""

_POINTS = {"supported": 1.0, "not_judged": 0.5}
"""What a sentence adds to the score that ranks texts; 0 where it is refuted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """A text with its source and what people say of it."""

    set: str
    document: str
    text: str
    supported: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledRow:
    """A judge on one labelled set."""

    set: str
    n: int
    n_supported: int
    balanced_accuracy: float | None
    """Mean of the shares of supported and unsupported texts that are judged right; None where a label
    does not occur."""
    interval: Interval | None
    """95 %, by source document."""
    auroc: float | None
    """Of the mean over sentences: supported 1, not judged 0.5, refuted 0."""
    kappa: float | None
    undecided: int
    """Texts of which some sentence could not be judged: counted as not supported."""
    flips: int
    """Of the first `REPEATED` texts, those judged otherwise in any of `REPEATS` rounds."""


def read_sample_labelled(articles: Iterable[Article]) -> list[Labelled]:
    """The labelled sentences about the sample articles, each with the current text of its article."""
    texts = {article.id: article.text for article in articles}
    rows = [json.loads(line) for line in SAMPLE_LABELLED.read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(
            set=SAMPLE_SET,
            document=texts[row["article_id"]],
            text=row["sentence"],
            supported=row["supported"],
        )
        for row in rows
    ]


def judge_labelled(items: Sequence[Labelled], verifiers: Sequence[Verifier] = ()) -> list[LabelledRow]:
    """One row for each set, in order of first appearance.

    Args:
        items: What people have judged.
        verifiers: Asked about meaning where no exact check failed; without any, only the exact checks
            judge, which cannot change their mind and are not asked twice.
    """
    sets: dict[str, list[Labelled]] = {}
    for item in items:
        sets.setdefault(item.set, []).append(item)
    return [_judge_set(name, found, verifiers) for name, found in sets.items()]


def _judge_set(name: str, items: Sequence[Labelled], verifiers: Sequence[Verifier]) -> LabelledRow:
    claims = [_judge(item, verifiers) for item in items]
    said = [_is_supported(found) for found in claims]
    truth = [item.supported for item in items]
    again = (
        [[_is_supported(_judge(item, verifiers)) for item in items[:REPEATED]] for _ in range(REPEATS - 1)]
        if verifiers
        else []
    )
    documents = [item.document for item in items]
    return LabelledRow(
        set=name,
        n=len(items),
        n_supported=sum(truth),
        balanced_accuracy=balanced_accuracy(said, truth),
        interval=balanced_accuracy_interval(said, truth, documents),
        auroc=area_under_roc([_score(found) for found in claims], truth),
        kappa=cohen_kappa(said, truth),
        undecided=sum(any(claim.verdict == "not_judged" for claim in found) for found in claims),
        flips=sum(
            len({said[at], *(other[at] for other in again)}) > 1 for at in range(min(REPEATED, len(said)))
        ),
    )


def _judge(item: Labelled, verifiers: Sequence[Verifier]) -> list[Claim]:
    from assistant.citations import split_claims
    from assistant.verification import verify_claims
    from assistant.words import split_words

    drafts = [draft for draft in split_claims(item.text) if split_words(draft.plain)]
    evidence = as_evidence(1, Source(text=item.document))
    return verify_claims(drafts, [evidence], verifiers=verifiers, uncited="all")


def _is_supported(claims: Sequence[Claim]) -> bool:
    return bool(claims) and all(claim.verdict == "supported" for claim in claims)


def _score(claims: Sequence[Claim]) -> float:
    return sum(_POINTS.get(claim.verdict, 0.0) for claim in claims) / len(claims) if claims else 0.0
