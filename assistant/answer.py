"""Checked claims -> the `Answer` that is shown: what stands, what is withheld, what is cited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.types import Answer, Citation, Claim, Evidence, Mode, Question, Verdict
from index.types import Passage

FAILED: frozenset[Verdict] = frozenset({"contradicted", "unsupported"})
"""Verdicts with which a claim is never shown."""
UNPROVED: frozenset[Verdict] = FAILED | {"not_judged"}
"""Every verdict but ``supported``."""
NOT_VERIFIED = "(not verified)"
"""Stands after a shown claim that no check supports, where only text is shown."""

NOT_IN_THESE_ARTICLES = "The answer is not in these articles."
NOTHING_STANDS = "Nothing that was found stood up to the checks."


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A text with markers before its checks."""

    text: str
    mode: Mode
    """Who wrote it."""
    evidence: tuple[Evidence, ...]
    """What its markers point at."""
    reason: str | None = None
    """Why it stands in place of another, or what differs from the question."""
    withheld: tuple[Claim, ...] = ()
    """Claims of a draft that it replaces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What an answer says besides its text."""

    asked: str
    """The question as asked."""
    question: Question
    """As understood."""
    passages: tuple[Passage, ...]
    """What was read, best first."""
    timings: Mapping[str, float]
    """Seconds for each step."""
    model: str | None
    """Name of the model that was asked."""


def answer_with(
    context: Context, draft: Draft, claims: Sequence[Claim], withhold: Collection[Verdict] = UNPROVED
) -> Answer:
    """The answer that a checked draft makes; an abstention if nothing of it stands.

    Args:
        context: The question and what was read.
        draft: What was checked.
        claims: Its claims with their verdicts, in order.
        withhold: Verdicts with which a claim is not shown: `FAILED` or `UNPROVED`.
    """
    text, shown, withheld = _assemble(draft.text, claims, withhold)
    held_back = tuple(replace(claim, start=0, end=0) for claim in draft.withheld) + withheld
    if not shown:
        refusal = abstain(context, draft.reason or NOTHING_STANDS)
        return _identified(replace(refusal, withheld=held_back))
    return _identified(
        Answer(
            id="",
            question=context.asked,
            standalone_question=context.question.text,
            understood=context.question,
            text=text,
            claims=shown,
            citations=_cite(shown, draft.evidence),
            withheld=held_back,
            abstained=False,
            reason=draft.reason,
            mode=draft.mode,
            model=context.model,
            timings=context.timings,
            passages=context.passages,
        )
    )


def abstain(context: Context, reason: str) -> Answer:
    """The answer that says that the articles hold none; its passages are the nearest and support nothing."""
    return _identified(
        Answer(
            id="",
            question=context.asked,
            standalone_question=context.question.text,
            understood=context.question,
            text=reason if "these articles" in reason else f"{NOT_IN_THESE_ARTICLES} {reason}",
            claims=(),
            citations=(),
            withheld=(),
            abstained=True,
            reason=reason,
            mode="extractive",
            model=context.model,
            timings=context.timings,
            passages=context.passages,
        )
    )


def mark_unproved(answer: Answer) -> str:
    """The answer's text for a reader who sees nothing else: what is not proved says so."""
    text = answer.text
    for claim in reversed(answer.claims):
        if claim.verdict != "supported":
            text = f"{text[: claim.end]} {NOT_VERIFIED}{text[claim.end :]}"
    return text


def _assemble(
    draft: str, claims: Sequence[Claim], withhold: Collection[Verdict]
) -> tuple[str, tuple[Claim, ...], tuple[Claim, ...]]:
    """The text of the claims that stand, each with its place in it; withheld ones where they would be."""
    text = ""
    shown: list[Claim] = []
    withheld: list[Claim] = []
    end_of_last = 0
    for claim in claims:
        gap = "\n\n" if "\n" in draft[end_of_last : claim.start] else " "
        if claim.verdict in withhold:
            withheld.append(replace(claim, start=len(text), end=len(text)))
        else:
            start = len(text) + (len(gap) if text else 0)
            text = f"{text}{gap if text else ''}{claim.text}"
            shown.append(replace(claim, start=start, end=len(text)))
        end_of_last = claim.end
    return text, tuple(shown), tuple(withheld)


def _cite(claims: Sequence[Claim], evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """One citation for each marker of the claims, in order of appearance."""
    by_marker = {one.marker: one for one in evidence}
    markers = dict.fromkeys(marker for claim in claims for marker in claim.citations)
    return tuple(
        Citation(
            marker=one.marker,
            article_id=one.article_id,
            version=one.version,
            start=one.start,
            end=one.end,
            quote=one.text,
            title=one.title,
            outlet=one.outlet,
            url=one.url,
            published=one.published,
            speaker=one.speaker,
        )
        for marker in markers
        if (one := by_marker.get(marker)) is not None
    )


def _identified(answer: Answer) -> Answer:
    """The answer with an id made of what is shown; times do not count."""
    shown = [
        answer.question,
        answer.standalone_question,
        answer.text,
        answer.reason,
        answer.mode,
        answer.model,
        [(one.marker, one.article_id, one.version, one.start, one.end) for one in answer.citations],
        [(claim.text, claim.verdict) for claim in (*answer.claims, *answer.withheld)],
        [(one.article_id, one.version, one.start, one.end) for one in answer.passages],
    ]
    digest = hashlib.blake2b(json.dumps(shown, ensure_ascii=False).encode(), digest_size=8)
    return replace(answer, id=digest.hexdigest())
