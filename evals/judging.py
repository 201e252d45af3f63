"""One answer split into its sentences, each checked once; every scorer reads the same judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.citations import split_claims
from assistant.types import Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.verification import Verifier

    from assistant.citations import DraftClaim
    from assistant.types import Check, Claim
    from evals.types import EvalCase, Finding, Source, SystemAnswer


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedSentence:
    """One sentence of an answer with the outcome of the exact checks."""

    draft: DraftClaim
    claim: Claim
    """Checked against the cited sources; against everything retrieved where the sentence cites nothing."""
    cited: tuple[Source, ...]
    """What its markers point to, in order; dead markers point to nothing."""

    def checks(self, name: str) -> list[Check]:
        """The checks of that name which apply to the sentence."""
        return [check for check in self.claim.checks if check.name == name and check.passed is not None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A case, its answer, and the answer's sentences; no sentences where the system abstained."""

    case: EvalCase
    answer: SystemAnswer
    sentences: tuple[JudgedSentence, ...]

    def finding(self, sentence: JudgedSentence, check: str, detail: str) -> Finding:
        """A failure of one sentence, with the text it cites."""
        from evals.types import Finding

        cited = "\n".join(source.text for source in sentence.cited)
        return Finding(sentence=sentence.draft.text, cited=cited, check=check, detail=detail)


def judge_answer(case: EvalCase, answer: SystemAnswer, verifiers: Sequence[Verifier] = ()) -> Judged:
    """Split the answer and check each sentence against what it cites."""
    if answer.abstained:
        return Judged(case=case, answer=answer, sentences=())
    from assistant.verification import verify_claims

    drafts = split_claims(answer.text)
    cited = answer.cited
    evidence = [as_evidence(marker, source) for marker, source in answer.citations]
    highest = max((*cited, *(marker for draft in drafts for marker in draft.markers)), default=0)
    read = dict.fromkeys(source for source in answer.retrieved if source not in cited.values())
    evidence += [as_evidence(number, source) for number, source in enumerate(read, start=highest + 1)]
    claims = verify_claims(drafts, evidence, verifiers=verifiers, uncited="all")
    return Judged(
        case=case,
        answer=answer,
        sentences=tuple(
            JudgedSentence(
                draft=draft,
                claim=claim,
                cited=tuple(cited[marker] for marker in draft.markers if marker in cited),
            )
            for draft, claim in zip(drafts, claims, strict=True)
        ),
    )


def as_evidence(marker: int, source: Source) -> Evidence:
    """A source in the form that the checks of `assistant` read."""
    return Evidence(
        marker=marker,
        article_id=source.article_id or f"source-{marker}",
        version=1,
        start=0,
        end=len(source.text),
        text=source.text,
        title=source.title,
        outlet=source.outlet,
        url=None,
        published=source.published,
        speaker=source.speaker,
    )
