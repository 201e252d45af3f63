"""One answer split into its sentences, each checked once; every scorer reads the same judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.citations import split_claims
from assistant.types import Evidence
from evals.types import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.citations import DraftClaim
    from assistant.types import Check, Claim
    from assistant.verification import Verifier
    from evals.library import Library
    from evals.types import EvalCase, Source, SystemAnswer


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
    library: Library | None
    """The articles behind the sources, where the system shows them."""
    verifiers: tuple[Verifier, ...] = ()
    """Who is asked about meaning where no exact check failed."""

    def finding(self, sentence: JudgedSentence, check: str, detail: str) -> Finding:
        """A failure of one sentence, with the text it cites."""
        cited = "\n".join(source.text for source in sentence.cited)
        return Finding(sentence=sentence.draft.text, cited=cited, check=check, detail=detail)


def judge_answer(
    case: EvalCase,
    answer: SystemAnswer,
    *,
    library: Library | None = None,
    verifiers: Sequence[Verifier] = (),
) -> Judged:
    """Split the answer and check each sentence against what it cites.

    Args:
        case: What was asked.
        answer: What came.
        library: The articles behind the sources; without it the checks see the sources' texts alone.
        verifiers: Asked about meaning where no exact check failed.
    """
    if answer.abstained:
        return Judged(case=case, answer=answer, sentences=(), library=library, verifiers=tuple(verifiers))
    drafts = split_claims(answer.text)
    cited = answer.cited
    highest = max((*cited, *(marker for draft in drafts for marker in draft.markers)), default=0)
    read = dict.fromkeys(source for source in answer.retrieved if source not in cited.values())
    sources = [*answer.citations, *enumerate(read, start=highest + 1)]
    claims = check_drafts(drafts, sources, library, verifiers)
    return Judged(
        case=case,
        answer=answer,
        library=library,
        verifiers=tuple(verifiers),
        sentences=tuple(
            JudgedSentence(
                draft=draft,
                claim=claim,
                cited=tuple(cited[marker] for marker in draft.markers if marker in cited),
            )
            for draft, claim in zip(drafts, claims, strict=True)
        ),
    )


def check_drafts(
    drafts: Sequence[DraftClaim],
    sources: Iterable[tuple[int, Source]],
    library: Library | None,
    verifiers: Sequence[Verifier] = (),
) -> list[Claim]:
    """The exact checks of `assistant.verification`; a sentence without a marker is held to all sources."""
    from assistant.verification import verify_claims

    listed = list(sources)
    all_held = library is not None and all(library.holds(source) for _, source in listed)
    return verify_claims(
        drafts,
        [as_evidence(marker, source, library) for marker, source in listed],
        read_article=library.article if library is not None and all_held else None,
        verifiers=verifiers,
        uncited="all",
    )


def as_evidence(marker: int, source: Source, library: Library | None = None) -> Evidence:
    """A source in the form that the checks of `assistant` read."""
    held = library is not None and library.holds(source)
    return Evidence(
        marker=marker,
        article_id=source.article_id or f"source-{marker}",
        version=source.version,
        start=source.start if held and source.start is not None else 0,
        end=source.end if held and source.end is not None else len(source.text),
        text=source.text,
        title=source.title,
        outlet=source.outlet,
        url=None,
        published=source.published,
        quotes=library.statements(source) if held and library is not None else (),
    )
