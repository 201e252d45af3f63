"""What one check found out about one claim."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Check


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """The outcome of a check, with what the verdict needs to know beyond passed or failed."""

    name: str
    """Name of the check, as in `Check.name`."""
    passed: bool | None
    """None where the check does not apply to the claim."""
    detail: str
    """What was compared and found, for a person."""
    contradicts: bool = False
    """Whether the cited text says something else, rather than nothing of it. Only with a failure."""

    @property
    def check(self) -> Check:
        """The part of the finding that a `Claim` carries."""
        return Check(self.name, self.passed, self.detail)


def join_findings(name: str, findings: list[Finding], not_applicable: str) -> Finding:
    """One finding for several of the same check: the failures if there are any, else all that passed."""
    decided = [finding for finding in findings if finding.passed is not None]
    if not decided:
        undecided = "; ".join(finding.detail for finding in findings if finding.detail)
        return Finding(name=name, passed=None, detail=undecided or not_applicable)
    failed = [finding for finding in decided if not finding.passed]
    return Finding(
        name=name,
        passed=not failed,
        detail="; ".join(finding.detail for finding in failed or decided),
        contradicts=any(finding.contradicts for finding in failed),
    )
