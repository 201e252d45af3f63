"""One repair round: what failed its checks goes back to the model, once, with what is wrong about it.

    failing claims -> prompt -> the model's lines -> claims, checked like any other, beside those that stood

A repaired sentence stands where the failing one would have stood; the failing one stays in the record of
what was withheld. Claims that stood before are never touched, whatever the model writes now.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from string import ascii_uppercase

from assistant.answer import Draft
from assistant.citations import DraftClaim, split_claims
from assistant.evidence import quote_for_prompt
from assistant.generation import is_refusal, write_evidence
from assistant.prompts import CANNOT_ANSWER, DROP, FAILURE_LINE, REPAIR, SYSTEM
from assistant.types import Claim, Evidence, Message, Question

MOST_REPAIRED = 8
"""Sentences of one repair round; a draft is asked to have four."""

_LINE = re.compile(r"^\W{0,3}([A-Z])\s{0,2}[:)][*_]*\s*", re.MULTILINE)
_NOT_JUDGED = "it is told in words that cannot be matched with its evidence; stay closer to them"


def write_repair(
    question: Question, evidence: Sequence[Evidence], failing: Sequence[Claim], budget: int
) -> list[Message]:
    """The prompt: the rules of every draft, the evidence of the failing claims, and what is wrong with each.

    Args:
        question: Standalone.
        evidence: What the draft could cite; numbers stay as they are.
        failing: At most `MOST_REPAIRED` are taken.
        budget: Code points that evidence and failures may take together.
    """
    failures = "\n".join(
        FAILURE_LINE.format(
            letter=letter, sentence=quote_for_prompt(claim.text), problem=quote_for_prompt(describe(claim))
        )
        for letter, claim in zip(ascii_uppercase, failing[:MOST_REPAIRED], strict=False)
    )
    shown = _evidence_of(failing, evidence, budget - len(failures))
    ask = REPAIR.format(
        question=quote_for_prompt(question.text, longest=None),
        fence=f"evidence {secrets.token_hex(8)}",
        evidence=write_evidence(shown),
        failures=failures,
        drop=DROP,
    )
    return [Message("system", SYSTEM.format(cannot_answer=CANNOT_ANSWER)), Message("user", ask)]


def describe(claim: Claim) -> str:
    """What is wrong with a failing claim, in the words of its failed checks."""
    failed = [f"{check.name}: {check.detail}" for check in claim.checks if check.passed is False]
    return "; ".join(failed) or _NOT_JUDGED


def read_repairs(reply: str, failing: int) -> dict[int, str]:
    """The new sentences by the place of the failing claim, 0-based; without those that the model drops.

    A model asked about one sentence may leave its letter out.
    """
    found = list(_LINE.finditer(reply))
    pieces = {} if found or failing > 1 else {0: reply}
    for match, following in zip_longest(found, found[1:]):
        end = following.start() if following else len(reply)
        pieces[ascii_uppercase.index(match[1])] = reply[match.end() : end]
    written = {place: " ".join(text.split()) for place, text in pieces.items() if place < failing}
    return {place: text for place, text in written.items() if text and not _drops(text)}


def add_repairs(
    draft: Draft,
    claims: Sequence[Claim],
    failing: Sequence[Claim],
    repairs: Mapping[int, str],
    verify: Callable[[Sequence[DraftClaim]], list[Claim]],
) -> tuple[Draft, list[Claim]]:
    """The draft and its claims with each repaired sentence after the one it replaces.

    Args:
        draft: What the claims are spans of.
        claims: All claims of the draft, in order.
        failing: Those that were sent, as `write_repair` took them.
        repairs: As `read_repairs` gives them.
        verify: Checks claims against the draft's evidence.
    """
    written = {claim.text for claim in claims}
    text, all_claims, end_of_last = "", [], 0
    place_of = {id(claim): place for place, claim in enumerate(failing)}
    for claim in claims:
        text += draft.text[end_of_last : claim.start]
        all_claims.append(replace(claim, start=len(text), end=len(text) + len(claim.text)))
        text += claim.text
        end_of_last = claim.end
        repair = repairs.get(place_of.get(id(claim), -1), "")
        for new in verify(split_claims(repair)):
            if new.text not in written:
                written.add(new.text)
                text += " "
                all_claims.append(replace(new, start=len(text), end=len(text) + len(new.text)))
                text += new.text
    return replace(draft, text=text + draft.text[end_of_last:]), all_claims


def _drops(text: str) -> bool:
    return text.strip(" .!\"'“”*_").upper() == DROP or is_refusal(text)


def _evidence_of(failing: Sequence[Claim], evidence: Sequence[Evidence], budget: int) -> list[Evidence]:
    """What the failing claims cite; everything where one of them cites nothing that exists."""
    numbers = {one.marker for one in evidence}
    cited = {marker for claim in failing for marker in claim.citations} & numbers
    lost = any(not numbers.intersection(claim.citations) for claim in failing)
    chosen = {one.marker for one in evidence if one.marker in cited}
    used = sum(len(quote_for_prompt(one.text)) for one in evidence if one.marker in chosen)
    for one in evidence if lost else ():
        size = len(quote_for_prompt(one.text))
        if one.marker not in chosen and used + size <= budget:
            chosen.add(one.marker)
            used += size
    return [one for one in evidence if one.marker in chosen]
