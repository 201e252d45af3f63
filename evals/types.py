"""What travels through an evaluation: `EvalCase` -> `SystemAnswer` -> `Score`.

Every value is immutable. A score that does not apply is ``None`` with its reason, never 0, 1 or NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

AbstainedFrom = Literal["field", "prose"]
"""How it was known whether a system abstained: a field it returned, or a reading of its text."""

_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True, slots=True)
class GoldSpan:
    """Words of an article that hold (part of) the answer."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    article_id: str
    quote: str
    """Verbatim in the article's text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FrozenArticle:
    """An article that a case carries with it, so that it stays answerable when the archive changes."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    id: str
    text: str
    title: str = ""
    outlet: str | None = None
    url: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EvalCase:
    """One question with what a right answer to it must and must not hold."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT

    id: str
    """Unique in its file."""
    question: str
    kind: str = "fact"
    """What it tests ("who_said", "number", "near_miss", ...); results are also reported by kind."""
    history: tuple[str, ...] = ()
    """Questions asked before in the same conversation, oldest first."""
    expected: tuple[str, ...] = ()
    """Facts a right answer states. Each must stand in it; alternatives are parted by `` | ``
    ("57 | fifty-seven"). Compared without regard to case, spacing and kind of quotation mark."""
    forbidden: tuple[str, ...] = ()
    """Words that a right answer does not hold: the other side's figure, a reported mistake."""
    gold: tuple[GoldSpan, ...] = ()
    """Where the answer stands."""
    speaker: str | None = None
    """Whose statement is asked for; an answer that credits it to somebody else is wrong."""
    unanswerable: bool = False
    """No article holds the answer: to abstain is right. Then `expected` and `gold` are empty."""
    now: datetime | None = None
    """The moment at which the question is asked; relative dates are read against it."""
    evidence: tuple[FrozenArticle, ...] = ()
    """The whole archive of this case, if it brings its own; else the suite's archive is used."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A text that a system retrieved or cites."""

    text: str
    article_id: str | None = None
    title: str = ""
    outlet: str | None = None
    published: datetime | None = None
    speaker: str | None = None
    """Whom the system says the cited words are by; shown to readers, never believed by a check."""
    version: int = 1
    """Of the article, where the system keeps versions."""
    start: int | None = None
    """Where `text` begins in the article, 0-based, in code points; None where unknown."""
    end: int | None = None
    """Where it ends, exclusive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemAnswer:
    """What a system under test gave for one case."""

    text: str
    """The answer with ``[n]`` markers, or the sentence that declines."""
    abstained: bool
    abstained_from: AbstainedFrom = "field"
    citations: tuple[tuple[int, Source], ...] = ()
    """Marker and what it points to, by marker. A marker of the text that is missing here is dead."""
    retrieved: tuple[Source, ...] = ()
    """What was read to answer, best first."""
    confidence: float | None = None
    """The system's own confidence, higher is surer; used to order answers, its scale is free."""
    cost: float | None = None
    """Price of the answer in the currency of the system's price list."""

    @property
    def cited(self) -> dict[int, Source]:
        """Marker to source."""
        return dict(self.citations)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One sentence that failed, for the person who must repair it."""

    sentence: str
    cited: str
    """The text the sentence points to; empty where it points nowhere."""
    check: str
    """Name of the failed check."""
    detail: str
    """What was compared and found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """One metric's judgement of one answer."""

    metric: str
    value: float | None
    """Mostly 0 to 1 (`crag`: -1 to 1); None where the metric does not apply to the case."""
    reason: str = ""
    """Why it does not apply, or what was counted ("2 of 3 quotations")."""
    findings: tuple[Finding, ...] = ()
    """Every failure behind a value below the best."""
