"""Citation quality of one answer.

Citation recall and precision as in ALCE (Gao et al. 2023, arXiv 2305.14627), with the entailment
model as a plug; the deterministic layer around them is ours: dead markers and uncited sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from evals.judging import check_drafts
from evals.types import Score

if TYPE_CHECKING:
    from assistant.citations import DraftClaim
    from assistant.verification import Verifier
    from evals.judging import Judged, JudgedSentence
    from evals.library import Library
    from evals.types import Source

Entailment = Callable[[Sequence["Source"], "DraftClaim"], bool]
"""Whether the sources, read as one text, support the sentence. The sources are never empty."""


def entails_by_checks(
    sources: Sequence[Source],
    sentence: DraftClaim,
    library: Library | None = None,
    verifiers: Sequence[Verifier] = (),
) -> bool:
    """The default entailment: byline's exact checks against these sources alone, then the verifiers.

    Without a verifier it is weak on paraphrase; `evals.card` publishes its measured accuracy.
    """
    unmarked = replace(sentence, markers=())
    (claim,) = check_drafts([unmarked], enumerate(sources, start=1), library, verifiers)
    return claim.verdict == "supported"


def score_citations(judged: Judged, entails: Entailment | None = None) -> list[Score]:
    """`marker_valid`, `cited_share`, `citation_recall`, `citation_precision`, `citation_f1`, `supported`."""
    names = (
        "marker_valid", "cited_share", "citation_recall", "citation_precision", "citation_f1", "supported",
    )  # fmt: skip
    if not judged.sentences:
        reason = "the system abstained" if judged.answer.abstained else "the answer has no sentence"
        return [Score(metric=name, value=None, reason=reason) for name in names]
    entails = entails or partial(entails_by_checks, library=judged.library, verifiers=judged.verifiers)
    entailed = [is_recalled(sentence, entails) for sentence in judged.sentences]
    recall = sum(entailed) / len(entailed)
    precision = _citation_precision(judged.sentences, entailed, entails)
    return [
        _score_markers(judged),
        _score_cited(judged),
        Score(
            metric="citation_recall",
            value=recall,
            reason=f"{sum(entailed)} of {len(entailed)} sentences follow from what they cite",
            findings=tuple(
                judged.finding(sentence, "citation_recall", _why_not_recalled(sentence))
                for sentence, good in zip(judged.sentences, entailed, strict=True)
                if not good
            ),
        ),
        precision,
        _score_f1(recall, precision.value),
        _score_supported(judged),
    ]


def is_recalled(sentence: JudgedSentence, entails: Entailment) -> bool:
    """ALCE recall of a sentence: it cites something, every marker is valid, and all of it entails it."""
    markers = sentence.draft.markers
    return bool(markers) and len(sentence.cited) == len(markers) and entails(sentence.cited, sentence.draft)


def count_precise(sentence: JudgedSentence, *, recalled: bool, entails: Entailment) -> int:
    """ALCE precision of a sentence: how many of its citations count.

    A citation counts iff the sentence is recalled and the citation is not irrelevant: irrelevant
    means that it alone does not entail the sentence while the others together do.
    """
    if not recalled:
        return 0
    if len(sentence.cited) == 1:
        return 1
    precise = 0
    for position, source in enumerate(sentence.cited):
        others = [*sentence.cited[:position], *sentence.cited[position + 1 :]]
        precise += entails([source], sentence.draft) or not entails(others, sentence.draft)
    return precise


def _citation_precision(
    sentences: Sequence[JudgedSentence], recalled: Sequence[bool], entails: Entailment
) -> Score:
    given = sum(len(sentence.draft.markers) for sentence in sentences)
    if not given:
        return Score(metric="citation_precision", value=None, reason="the answer cites nothing")
    precise = sum(
        count_precise(sentence, recalled=good, entails=entails)
        for sentence, good in zip(sentences, recalled, strict=True)
    )
    return Score(
        metric="citation_precision", value=precise / given, reason=f"{precise} of {given} citations needed"
    )


def _score_f1(recall: float, precision: float | None) -> Score:
    if precision is None:
        return Score(metric="citation_f1", value=None, reason="the answer cites nothing")
    total = recall + precision
    return Score(
        metric="citation_f1",
        value=2 * recall * precision / total if total else 0.0,
        reason=f"recall {recall:.3f}, precision {precision:.3f}",
    )


def _why_not_recalled(sentence: JudgedSentence) -> str:
    if not sentence.draft.markers:
        return "the sentence cites nothing"
    dead = len(sentence.draft.markers) - len(sentence.cited)
    if dead:
        return f"{dead} of its markers point nowhere"
    failed = [f"{check.name}: {check.detail}" for check in sentence.claim.checks if check.passed is False]
    return "; ".join(failed) or f"verdict {sentence.claim.verdict}"


def _score_markers(judged: Judged) -> Score:
    given = sum(len(sentence.draft.markers) for sentence in judged.sentences)
    if not given:
        return Score(metric="marker_valid", value=None, reason="the answer cites nothing")
    valid = sum(len(sentence.cited) for sentence in judged.sentences)
    return Score(
        metric="marker_valid",
        value=valid / given,
        reason=f"{valid} of {given} markers point to a source",
        findings=tuple(
            judged.finding(sentence, "marker", "a marker points to no source")
            for sentence in judged.sentences
            if len(sentence.cited) < len(sentence.draft.markers)
        ),
    )


def _score_cited(judged: Judged) -> Score:
    bare = [sentence for sentence in judged.sentences if not sentence.cited]
    n = len(judged.sentences)
    return Score(
        metric="cited_share",
        value=(n - len(bare)) / n,
        reason=f"{n - len(bare)} of {n} sentences cite a source",
        findings=tuple(judged.finding(sentence, "cited", "cites no source") for sentence in bare),
    )


def _score_supported(judged: Judged) -> Score:
    """Supported sentences / judged sentences: faithfulness in the sense of RAGAS (Es et al. 2023).

    Sentences that no check could judge are left out; without any judged one it does not apply.
    """
    sentences = [sentence for sentence in judged.sentences if sentence.claim.verdict != "not_judged"]
    if not sentences:
        return Score(metric="supported", value=None, reason="no check could judge any sentence")
    bad = [sentence for sentence in sentences if sentence.claim.verdict != "supported"]
    return Score(
        metric="supported",
        value=(len(sentences) - len(bad)) / len(sentences),
        reason=f"{len(sentences) - len(bad)} of {len(sentences)} judged sentences supported",
        findings=tuple(
            judged.finding(sentence, check.name, check.detail)
            for sentence in bad
            for check in sentence.claim.checks
            if check.passed is False
        ),
    )
