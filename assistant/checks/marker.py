"""Does every marker of the claim lead to a piece of evidence?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.checks.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def check_marker(markers: Sequence[int], known: Collection[int], *, required: bool) -> Finding:
    """Checks the claim's markers against the numbers of the evidence.

    Args:
        markers: The evidence numbers that the claim cites.
        known: The numbers of the evidence.
        required: Whether a claim without any marker fails; else the check does not apply to it.
    """
    if not markers:
        return Finding(
            name="marker", passed=False if required else None, detail="the sentence cites no source"
        )
    unknown = [number for number in markers if number not in known]
    if unknown:
        listed = ", ".join(f"[{number}]" for number in unknown)
        return Finding(
            name="marker", passed=False, detail=f"there is no source {listed}; there are {len(known)} sources"
        )
    return Finding(
        name="marker", passed=True, detail=", ".join(f"[{number}]" for number in markers) + " found"
    )
