"""What a score is worth: systems without any skill, judged in the same table.

Each is made from the answers of the system under test, so that it costs no second run and differs
from it in one thing only. ALCE's authors found that copying the top passage and citing it scores
99 for citation quality; a metric that a baseline wins says nothing on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from evals.types import Source, SystemAnswer

Baseline = Callable[[SystemAnswer], SystemAnswer]

EVERYTHING = 5
"""Passages that "cite everything" cites: as many as ALCE's systems were given."""

DECLINED = "The articles do not answer this."


def copy_top_passage(answer: SystemAnswer) -> SystemAnswer:
    """The first retrieved passage, whole, citing itself; declines only where nothing was retrieved."""
    if not answer.retrieved:
        return always_abstain(answer)
    return _answer_with(answer, answer.retrieved[:1])


def cite_everything(answer: SystemAnswer) -> SystemAnswer:
    """The system's own words, every sentence citing the first `EVERYTHING` retrieved passages."""
    if answer.abstained or not answer.retrieved:
        return answer
    from assistant.citations import split_claims

    sources = answer.retrieved[:EVERYTHING]
    markers = "".join(f"[{n}]" for n in range(1, len(sources) + 1))
    return replace(
        answer,
        text="\n".join(f"{claim.plain} {markers}" for claim in split_claims(answer.text)),
        citations=tuple(enumerate(sources, start=1)),
    )


def always_abstain(answer: SystemAnswer) -> SystemAnswer:
    """Declines whatever is asked."""
    return SystemAnswer(text=DECLINED, abstained=True, retrieved=answer.retrieved)


def never_abstain(answer: SystemAnswer) -> SystemAnswer:
    """The system, but where it declines it copies the top passage instead."""
    return copy_top_passage(answer) if answer.abstained else answer


def copy_passages(retrieved: tuple[Source, ...], count: int) -> SystemAnswer:
    """The first `count` of what a retriever found, whole, each citing itself."""
    return _answer_with(SystemAnswer(text="", abstained=False, retrieved=retrieved), retrieved[:count])


def _answer_with(answer: SystemAnswer, sources: tuple[Source, ...]) -> SystemAnswer:
    from assistant.citations import split_claims

    sentences = [
        f"{claim.plain} [{marker}]"
        for marker, source in enumerate(sources, start=1)
        for claim in split_claims(source.text)
    ]
    return SystemAnswer(
        text="\n".join(sentences),
        abstained=False,
        citations=tuple(enumerate(sources, start=1)),
        retrieved=answer.retrieved,
    )


BASELINES: dict[str, Baseline] = {
    "copy top passage": copy_top_passage,
    "cite everything": cite_everything,
    "always abstain": always_abstain,
    "never abstain": never_abstain,
}
