"""Claims against their own cited text: every check, then one verdict.

    claim + cited evidence -> exact checks -> alignment -> verifiers (optional) -> verdict

A failed exact check decides: the claim is contradicted where the source says something else, unsupported
where it says nothing of it. What passes is supported where its words are in the source, too; a claim told in
quite other words is left to the verifiers, or not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from assistant.alignment import Comparison, Source
from assistant.checks.beside import SPEECH
from assistant.checks.date import check_date
from assistant.checks.direction import check_direction
from assistant.checks.exchange import check_exchange
from assistant.checks.finding import Finding
from assistant.checks.marker import check_marker
from assistant.checks.modality import check_modality
from assistant.checks.name import check_name
from assistant.checks.negation import check_negation
from assistant.checks.number import check_number
from assistant.checks.outlet import check_outlet
from assistant.checks.quotation import check_quotation
from assistant.checks.speaker import LONGEST_CREDIT, check_speaker
from assistant.citations import DraftClaim, split_claims
from assistant.types import Claim, Evidence, Verdict
from index.quotation_marks import find_quotations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.types import Article, Passage

SUPPORTED_SCORE = 0.55
"""Alignment score from which a claim that failed no check counts as supported. Between 0.3 and 0.6 the
balanced accuracy on the human-labelled sets (shared halves, `python -m evals.bench.judges`) hardly changes;
taken is a value that no light paraphrase of `evals.lies` falls under."""
UNSUPPORTED_SCORE = 0.3
"""Alignment score under which the cited text is taken to speak of something else."""

EXACT_CHECKS = (
    check_quotation,
    check_speaker,
    check_outlet,
    check_date,
    check_number,
    check_name,
    check_negation,
    check_direction,
    check_modality,
    check_exchange,
)
"""Every check of a claim against its cited text, in the order they are told; each gives one `Finding`."""


_CLOSING_MARKS = frozenset("”\"»’'")


class Verifier(Protocol):
    """Judges by meaning whether a text supports a claim; asked only where no exact check failed."""

    name: str
    """Name of its check in `Claim.checks`."""

    def verify(self, claim: str, text: str) -> Finding:
        """Decides whether `text` supports `claim`; says what it decided and why in the detail."""
        ...


def verify_claims(
    drafts: Sequence[DraftClaim],
    evidence: Sequence[Evidence],
    *,
    read_article: Callable[[str, int], Article] | None = None,
    verifiers: Sequence[Verifier] = (),
    uncited: Literal["fails", "all"] = "fails",
) -> list[Claim]:
    """Checks every claim of a draft against the evidence that it cites itself.

    Args:
        drafts: The claims, as `split_claims` gives them.
        evidence: What the draft could cite; a marker means the evidence of that number.
        read_article: Gives an article by id and version: tells a quotation that stands elsewhere in the
            article from an invented one, and an article's given name from an invented one.
        verifiers: Asked in order, where no exact check failed.
        uncited: Whether a claim without a marker fails, or is checked against all evidence.

    Returns:
        One `Claim` for each draft, in order, with the draft's span.
    """
    sources = {item.marker: Source(item) for item in evidence}
    return [
        _verify(draft, _read_words(draft, before), sources, read_article, verifiers, uncited=uncited)
        for before, draft in zip([None, *drafts], drafts, strict=False)
    ]


def _read_words(draft: DraftClaim, before: DraftClaim | None) -> str:
    """The words of a claim, with the quotation before it where it does nothing but say whose that is.

    ``“Where is the book?” Ms Hale asked.`` is two sentences, and only together can they be wrong.
    """
    plain = draft.plain
    is_credit = len(plain.split()) <= LONGEST_CREDIT and SPEECH.search(plain) and not find_quotations(plain)
    if before is None or not is_credit or before.plain.rstrip()[-1:] not in _CLOSING_MARKS:
        return plain
    return f"{before.plain} {plain}"


def check_answer(
    text: str,
    passages: Sequence[Passage | str | Mapping[str, object]],
    *,
    verifiers: Sequence[Verifier] = (),
) -> list[Claim]:
    """Checks anybody's answer against the passages it was made from.

    Args:
        text: The answer; ``[n]`` cites ``passages[n - 1]``. A sentence without a marker is checked against
            all of them.
        passages: `index.Passage`s, plain strings, or mappings with ``text`` and optionally ``outlet``,
            ``published`` (a datetime, a date or ISO 8601), ``title``, ``url``, ``id``, and ``speaker`` where
            the whole text is what somebody said.
        verifiers: Asked in order about meaning, where no exact check failed.

    Returns:
        The sentences of the answer with their verdicts, in order; ``text[claim.start:claim.end]`` is
        ``claim.text``.

    Raises:
        TypeError: A passage is none of these.
        ValueError: A mapping has no text, or a date that cannot be read.
    """
    evidence = [_read_passage(passage, marker) for marker, passage in enumerate(passages, start=1)]
    return verify_claims(split_claims(text), evidence, verifiers=verifiers, uncited="all")


def _verify(
    draft: DraftClaim,
    plain: str,
    sources: Mapping[int, Source],
    read_article: Callable[[str, int], Article] | None,
    verifiers: Sequence[Verifier],
    *,
    uncited: Literal["fails", "all"],
) -> Claim:
    cited = [sources[number] for number in draft.markers if number in sources]
    if not draft.markers and uncited == "all":
        cited = list(sources.values())
    others = [source for source in sources.values() if source not in cited]
    comparison = Comparison(plain, cited, others, read_article)
    exact = [check_marker(draft.markers, sources.keys(), required=uncited == "fails")]
    if comparison.words and cited:
        exact += [check(comparison) for check in EXACT_CHECKS]
    alignment = _measure_alignment(comparison)
    judged = _judge_meaning(comparison, exact, verifiers) if cited else []
    return Claim(
        start=draft.start,
        end=draft.end,
        text=draft.text,
        citations=draft.markers,
        verdict=_decide(exact, alignment, judged) if comparison.words else "not_judged",
        checks=tuple(finding.check for finding in (*exact, alignment, *judged)),
    )


def _judge_meaning(
    comparison: Comparison, findings: Sequence[Finding], verifiers: Sequence[Verifier]
) -> list[Finding]:
    """What the verifiers say of a claim that failed no exact check."""
    if any(finding.passed is False for finding in findings):
        return []
    text = "\n\n".join(dict.fromkeys(source.evidence.text for source in comparison.cited))
    return [verifier.verify(comparison.plain, text) for verifier in verifiers]


def _measure_alignment(comparison: Comparison) -> Finding:
    """The alignment as a finding: undecided between the two thresholds."""
    score = comparison.score
    passed = None if UNSUPPORTED_SCORE <= score < SUPPORTED_SCORE else score >= SUPPORTED_SCORE
    return Finding(
        name="alignment", passed=passed, detail=f"{score:.0%} of its words are aligned with the cited text"
    )


def _decide(exact: Sequence[Finding], alignment: Finding, judged: Sequence[Finding]) -> Verdict:
    """One verdict: failures of exact checks first, then what verifiers say, then the alignment."""
    failed = [finding for finding in (*exact, *judged) if finding.passed is False]
    if failed:
        return "contradicted" if any(finding.contradicts for finding in failed) else "unsupported"
    if any(finding.passed for finding in judged):
        return "supported"
    if alignment.passed is None:
        return "not_judged"
    return "supported" if alignment.passed else "unsupported"


def _read_passage(passage: Passage | str | Mapping[str, object], marker: int) -> Evidence:
    if isinstance(passage, str):
        return _make_evidence(marker, {"text": passage})
    if isinstance(passage, Mapping):
        return _make_evidence(marker, passage)
    if not hasattr(passage, "article_id"):
        raise TypeError(
            f"passage {marker} is a {type(passage).__name__}; give an index.Passage, a string or a mapping"
            " with 'text'"
        )
    return Evidence(
        marker=marker,
        article_id=passage.article_id,
        version=passage.version,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        title=passage.title,
        outlet=passage.outlet,
        url=passage.url,
        published=passage.published,
    )


def _make_evidence(marker: int, fields: Mapping[str, object]) -> Evidence:
    text = fields.get("text")
    if not isinstance(text, str):
        problem = f"passage {marker} has no text: {text!r}; give it under the key 'text'"
        raise ValueError(problem)  # noqa: TRY004  a missing key, not a wrong argument
    return Evidence(
        marker=marker,
        article_id=str(fields.get("id") or f"passage-{marker}"),
        version=1,
        start=0,
        end=len(text),
        text=text,
        title=str(fields.get("title") or ""),
        outlet=_optional(fields.get("outlet")),
        url=_optional(fields.get("url")),
        published=_read_published(fields.get("published"), marker),
        speaker=_optional(fields.get("speaker")),
    )


def _optional(value: object) -> str | None:
    return str(value) if value else None


def _read_published(value: object, marker: int) -> datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"passage {marker}: published {value!r} is no ISO 8601 date") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)
