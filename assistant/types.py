"""What travels through the assistant: `Question` -> `Evidence` -> draft -> `Claim`, `Citation` -> `Answer`.

Every value is immutable. Offsets into an article are those of `index.types`; offsets into an answer
count code points of `Answer.text`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from index.types import Passage, Quote

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Verdict = Literal["supported", "contradicted", "unsupported", "not_judged"]
"""What the checks say of a claim: its cited spans support it, speak against it, do not support it,
or no check could decide."""

QuestionKind = Literal["who_said", "said_about", "did_say", "find_quotation", "fact"]
"""``said_about``: what a person said (about a topic). ``did_say``: whether a person said something.
``who_said``: who said given words. ``find_quotation``: which article a quotation stands in.
``fact``: anything else."""

Mode = Literal["extractive", "model"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which articles may be read for a question, chosen beside it; empty values do not narrow."""

    outlets: tuple[str, ...] = ()
    """Only these."""
    since: datetime | None = None
    """Only published at this time or later."""
    until: datetime | None = None
    """Only published before this time."""
    without: tuple[str, ...] = ()
    """Ids of articles that are left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question as understood, each part visible to and changeable by the reader."""

    text: str
    """The question on its own, follow-ups resolved."""
    kind: QuestionKind = "fact"
    speaker: str | None = None
    """Whose words are asked for, as written in the question ("Lavrov")."""
    about: str | None = None
    """What the words are to be about ("Trump"), as written in the question."""
    except_speaker: str | None = None
    """Whose words are not asked for, as written: "who besides Lavrov said so"."""
    quotation: str | None = None
    """The quoted words of a `who_said`, `did_say` or `find_quotation` question."""
    outlets: tuple[str, ...] = ()
    """Outlets the question restricts itself to."""
    since: datetime | None = None
    """Start of the asked window, inclusive."""
    until: datetime | None = None
    """End of the asked window, exclusive."""
    scope: Scope = Scope()
    """What the reader narrowed the articles to, beside the question."""
    note: str | None = None
    """What had to be assumed to read it, for the reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """Numbered whole sentences of one article that a draft may cite."""

    marker: int
    """1-based number that a draft cites as ``[marker]``."""
    article_id: str
    version: int
    start: int
    end: int
    text: str
    title: str
    outlet: str | None
    url: str | None
    published: datetime | None
    speaker: str | None = None
    """Whose statement the whole span is, where it is one statement."""
    quotes: tuple[Quote, ...] = ()
    """The statements that overlap the span, with offsets into the article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """One marker of an answer resolved to exact characters of an article."""

    marker: int
    article_id: str
    version: int
    start: int
    end: int
    quote: str
    """Exactly ``article.text[start:end]`` of the cited version."""
    title: str
    outlet: str | None
    url: str | None
    published: datetime | None
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """One test of one claim."""

    name: str
    """``marker``, ``quote``, ``speaker``, ``number``, ``date``, ``outlet``, ``name``, ``negation``,
    ``entailment``, ..."""
    passed: bool | None
    """None where the check does not apply to the claim."""
    detail: str
    """What was compared and found, for a person."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One sentence of an answer with what speaks for and against it."""

    start: int
    end: int
    """Span of `Answer.text`, markers included. For a withheld claim both are the place in
    `Answer.text` where it would have stood."""
    text: str
    """The sentence, markers included; for a shown claim ``answer.text[start:end]``."""
    citations: tuple[int, ...]
    """Markers the sentence carries, in order, unknown ones included."""
    verdict: Verdict
    checks: tuple[Check, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The one object behind every surface: Python, command line, HTTP, MCP, page and evals."""

    id: str
    """Digest of the question and of all that is shown: the same answer has the same id."""
    question: str
    """As asked."""
    standalone_question: str
    """As understood, follow-ups resolved; what was searched for."""
    understood: Question
    text: str
    """What is shown, with ``[n]`` markers; for an abstention the sentence that says so."""
    claims: tuple[Claim, ...]
    """The sentences of `text`, in order. Empty for an abstention."""
    citations: tuple[Citation, ...]
    """One for each marker that a shown claim carries. Empty for an abstention."""
    withheld: tuple[Claim, ...]
    """Claims of the draft that failed a check, or that nothing proved, and that are not in `text`; also those
    that the model repaired."""
    abstained: bool
    reason: str | None
    """Why it abstained, why the model's answer was replaced, how the answer differs from the question, or
    what the sources disagree on or have corrected; None otherwise."""
    mode: Mode
    """Who wrote the text that is shown."""
    model: str | None
    """Name of the model that was asked, also where its draft was not used; None without a model."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds for each step and ``total``."""
    passages: tuple[Passage, ...] = ()
    """What was read, best first; for an abstention the nearest passages, which support nothing."""

    @property
    def grounded(self) -> bool:
        """Whether an answer is given and every sentence of it is supported."""
        return bool(self.claims) and all(claim.verdict == "supported" for claim in self.claims)

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values; `from_dict` gives back an equal answer."""
        data: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `to_dict` wrote; raises `pydantic.ValidationError` on anything else."""
        return _adapter().validate_python(data)


@cache
def _adapter() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter  # loading it takes longer than most questions

    return TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class StepEvent:
    """A step of the answer has begun."""

    kind: ClassVar[str] = "step"
    name: str
    """``understanding``, ``searching``, ``reading``, ``writing``, ``checking``, ``repairing`` or
    ``fallback``."""
    detail: str
    """For a person: "reading 7 articles"."""


@dataclass(frozen=True, slots=True)
class SourcesEvent:
    """The passages that will be read; comes before any text."""

    kind: ClassVar[str] = "sources"
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class TextEvent:
    """A piece of the draft. Not checked yet: a view shows it as a draft, or not at all."""

    kind: ClassVar[str] = "text"
    delta: str


@dataclass(frozen=True, slots=True)
class ClaimEvent:
    """A sentence of the draft has been checked; shown or withheld as its verdict says."""

    kind: ClassVar[str] = "claim"
    claim: Claim
    shown: bool


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """The last event: the same `Answer` that `Assistant.ask` returns."""

    kind: ClassVar[str] = "answer"
    answer: Answer


Event = StepEvent | SourcesEvent | TextEvent | ClaimEvent | AnswerEvent


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation and its answer."""

    question: str
    answer: Answer
