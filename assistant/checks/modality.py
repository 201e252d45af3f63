"""Is what may happen, is planned or alleged in the source told as such?

Compared are the words of doubt, intention and allegation that stand before the same aligned words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from assistant.checks.finding import Finding
from assistant.words import fold, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.alignment import Comparison, Gap, Unit

Strength = Literal["possible", "planned", "alleged", "certain"]

_WORDS: dict[Strength, str] = {
    "possible": "may might could perhaps possibly maybe probably potentially likely possible",
    "planned": "plan intend propose aim hope expect consider want seek try attempt threaten",
    "alleged": "allege allegedly reportedly purportedly supposedly suspect accuse claim",
    "certain": "will would shall must certain certainly definitely surely manage succeed proven",
}
_STRENGTHS = {fold(word): strength for strength, words in _WORDS.items() for word in words.split()}
_REQUEST = re.compile(
    r"\b(?P<request>asks?|asked|urges?|urged|orders?|ordered|begs?|begged|requests?|requested|invites?|invited"
    r"|press(?:es|ed)|wants?|wanted)\b(?:\s+[\w'’]+){1,4}?\s+to\s+(?P<verb>[a-z]+)"
)
_AFTER_REQUEST = 40
"""Code points after a request's verb in which its object is looked for."""
_CLAIM = fold("claim")
_SAYING = frozenset(fold(word) for word in "say tell state add report argue insist".split())
_CLOSE = 3
"""Units that a gap on either side has at most for its modal words to belong to the aligned words after it."""


def check_modality(comparison: Comparison) -> Finding:
    """Compares how sure the claim is with how sure its aligned window is."""
    if not comparison.blocks:
        return Finding(name="modality", passed=None, detail="no aligned words")
    said = {unit.key for unit in comparison.units}  # "was accused by" may stand elsewhere
    for gap in comparison.gaps:
        if len(gap.claim) > _CLOSE or len(gap.window) > _CLOSE or not _is_inside(comparison, gap):
            continue
        own = _modals(gap.claim)
        theirs = [unit for unit in _modals(gap.window) if own or unit.key not in said]
        if _says_or_claims(gap):
            continue
        conflict = _conflict(own, theirs) or _told_as_done(comparison, gap, own, theirs)
        if conflict:
            return Finding(name="modality", passed=False, detail=conflict, contradicts=True)
    asked = _find_request_told_as_done(comparison)
    if asked is not None:
        return Finding(name="modality", passed=False, detail=asked, contradicts=True)
    if any(unit.key in _STRENGTHS for unit in comparison.units):
        return Finding(name="modality", passed=True, detail="as sure as the source")
    return Finding(name="modality", passed=None, detail="no word of doubt or intention")


def _conflict(own: Sequence[Unit], theirs: Sequence[Unit]) -> str | None:
    """What parts the two sides, or None: a doubt dropped or changed counts, a future told anew does not."""
    own_strengths = {_STRENGTHS[unit.key] for unit in own}
    their_strengths = {_STRENGTHS[unit.key] for unit in theirs}
    if own_strengths & their_strengths or own_strengths == their_strengths:
        return None
    if not own and their_strengths == {"certain"}:
        return None
    if not theirs and own_strengths == {"certain"}:
        return None
    claim = f"“{own[0].text}”" if own else "no such word"
    source = f"“{theirs[0].text}”" if theirs else "no such word"
    return f"the claim has {claim} where the source has {source}"


def _told_as_done(
    comparison: Comparison, gap: Gap, own: Sequence[Unit], theirs: Sequence[Unit]
) -> str | None:
    """A future of the source ("would rise") whose verb the claim tells as past ("rose"); None otherwise."""
    if own or not theirs or len(gap.window) != 1:
        return None
    verb = comparison.units[gap.claim_start + len(gap.claim)]
    source = comparison.window_units[gap.window_start + 1]
    if verb.key != source.key or verb.text == source.text or verb.text.endswith(("s", "ing")):
        return None
    return f"the claim says “{verb.text}”, the source “{theirs[0].text} {source.text}”"


def _find_request_told_as_done(comparison: Comparison) -> str | None:
    """``asked it to limit`` told as ``limited``: past in the claim and nowhere in the cited text."""
    past = {word.stem: word.text for word in comparison.words if word.content and _is_past(word.text)}
    keys = {unit.key for unit in comparison.units}
    for window in comparison.windows:
        told = {word.stem for word in window.source.words if _is_past(word.text)}
        for match in _REQUEST.finditer(window.text):
            verb, request = fold(match["verb"]), fold(match["request"])
            if (
                verb in past
                and verb not in told
                and request not in keys
                and _shares_object(match, comparison)
            ):
                return f"the claim says “{past[verb]}”, the source “{match[0]}”"
    return None


def _is_past(written: str) -> bool:
    return written.endswith("ed")


def _shares_object(match: re.Match[str], comparison: Comparison) -> bool:
    """Whether the claim has a content word of the few that follow the request's verb."""
    after = [
        word for word in split_words(match.string[match.end() : match.end() + _AFTER_REQUEST]) if word.content
    ]
    return any(word.stem == own.stem for word in after for own in comparison.words)


def _says_or_claims(gap: Gap) -> bool:
    """Whether one side has "claimed" where the other has another verb of saying: both credit it alike."""
    own, theirs = ({unit.key for unit in units} for units in (gap.claim, gap.window))
    return any(
        _CLAIM in some and not _SAYING.isdisjoint(other) for some, other in ((own, theirs), (theirs, own))
    )


def _is_inside(comparison: Comparison, gap: Gap) -> bool:
    return gap.claim_start > 0 and gap.claim_start + len(gap.claim) < len(comparison.units)


def _modals(units: Sequence[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.key in _STRENGTHS]
