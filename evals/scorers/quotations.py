"""Whether what an answer puts in quotation marks stands in its sources, word for word.

Each quotation is one of: exact in what its sentence cites; exact only in another source that the
system read (miscited); a source says it with other words or puts its parts together (altered);
found nowhere (fabricated). The comparison is `assistant.checks.quotation`: white space, case, dashes
and the kind of marks do not count; brackets and ellipses stand for gaps. An answer without
quotations has no score, which is neither 0 nor 1.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from assistant.alignment import Comparison
from assistant.alignment import Source as CheckedSource
from assistant.checks.quotation import check_quotation
from evals.judging import as_evidence
from evals.types import Score
from index.quotation_marks import find_quotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.judging import Judged
    from evals.types import Finding, Source

Fidelity = Literal["exact", "miscited", "altered", "fabricated"]


def classify_quotation(
    quotation: str, cited: Sequence[Source], others: Sequence[Source]
) -> tuple[Fidelity, str]:
    """What became of one quotation, and how it was found out.

    Args:
        quotation: The quoted words with their marks.
        cited: What the sentence cites.
        others: Everything else that the system cites or read.
    """
    found = check_quotation(_compare(quotation, cited))
    if found.passed:
        return "exact", found.detail
    elsewhere = check_quotation(_compare(quotation, others))
    if elsewhere.passed:
        return "miscited", f"{quotation} stands only in a source that the sentence does not cite"
    if found.contradicts or elsewhere.contradicts:
        return "altered", (found if found.contradicts else elsewhere).detail
    return "fabricated", f"{quotation} stands in no source"


def _compare(quotation: str, sources: Sequence[Source]) -> Comparison:
    return Comparison(
        quotation,
        [CheckedSource(as_evidence(position, source)) for position, source in enumerate(sources, start=1)],
    )


def score_quotations(judged: Judged) -> list[Score]:
    """`quote_exact`, and the shares `quote_miscited`, `quote_altered`, `quote_fabricated`."""
    names = ("quote_exact", "quote_miscited", "quote_altered", "quote_fabricated")
    counts: Counter[Fidelity] = Counter()
    findings: list[Finding] = []
    everything = list(
        dict.fromkeys([*(source for _, source in judged.answer.citations), *judged.answer.retrieved])
    )
    for sentence in judged.sentences:
        plain = sentence.draft.plain
        others = [source for source in everything if source not in sentence.cited]
        for found in find_quotations(plain):
            words = plain[found.start : found.end]
            fidelity, detail = classify_quotation(words, sentence.cited, others)
            counts[fidelity] += 1
            if fidelity != "exact":
                findings.append(judged.finding(sentence, f"quote {fidelity}", detail))
    total = counts.total()
    if not total:
        reason = "the system abstained" if judged.answer.abstained else "nothing is in quotation marks"
        return [Score(metric=name, value=None, reason=reason) for name in names]
    return [
        Score(
            metric=f"quote_{fidelity}",
            value=counts[fidelity] / total,
            reason=f"{counts[fidelity]} of {total} quotations",
            findings=tuple(findings) if fidelity == "exact" else (),
        )
        for fidelity in ("exact", "miscited", "altered", "fabricated")
    ]
