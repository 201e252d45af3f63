"""The assistant: the one place where a question runs through all steps to a checked answer.

    understand -> search -> read -> write -> check -> decide

`Assistant.stream` is the core; `ask` reads it to its end, `aask` and `astream` run it in a worker thread.
Whatever a model does, an answer comes: the passages and the answer in the articles' own words, with the
reason why the model's was not used.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Collection, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from threading import Event as Signal
from typing import TYPE_CHECKING

from assistant.answer import FAILED, NOTHING_STANDS, UNPROVED, Context, Draft, abstain, answer_with
from assistant.citations import DraftClaim, split_claims
from assistant.conversation import make_standalone
from assistant.deadlines import never
from assistant.disagreements import ComparedSources, compare_sources, is_notice
from assistant.errors import ModelError, QuestionError
from assistant.evidence import evidence_of_sentences, evidence_of_statement, fit_evidence
from assistant.extractive import choose_sentences, word_facts, word_statements
from assistant.generation import evidence_budget, is_refusal, stream_draft
from assistant.llm import connect_model, total_seconds_of
from assistant.parts import split_question
from assistant.question import understand_question
from assistant.relevance import RankedSentence, order_passages, rank_sentences
from assistant.repair import MOST_REPAIRED, add_repairs, read_repairs, write_repair
from assistant.scope import narrow_archive
from assistant.statements import find_statements
from assistant.sufficiency import find_answer_gap, find_caveat, find_gap
from assistant.types import (
    Answer,
    AnswerEvent,
    Claim,
    ClaimEvent,
    Event,
    Evidence,
    Question,
    Scope,
    SourcesEvent,
    StepEvent,
    TextEvent,
    Turn,
    Verdict,
)
from assistant.verification import verify_claims
from assistant.windows import describe_window
from index.errors import EmbeddingError
from index.types import Passage, Quote

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine
    from llama_index.core.llms import LLM

    from assistant.config import Settings
    from assistant.llm import ChatModel
    from assistant.verification import Verifier
    from index.archive import Archive

NEAREST = 5
"""Passages shown beside a refusal; they support nothing."""
SENTENCES_FOR_MODEL = 60
"""Best ranked sentences that a model may be shown, as far as they fit."""

_AT_PRESENT = re.compile(r"\b(?:this\s+(?:week|weekend|month|year)|today)\b", re.IGNORECASE)
"""In a question of fact these say that it is about now rather than that an article must be of these days: on
the development half of RealTime QA a filter on them lost 6 of 100 answers and refused 16 more."""


_SAYING = re.compile(
    r"\b(?:say|says|said|told|claim(?:s|ed)|state[ds]|argue[ds]|remark(?:s|ed)|tweet(?:s|ed))\b",
    re.IGNORECASE,
)
"""Who said a thing is told by statements alone; who admitted, promised or opposed it also by reports."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Material:
    """What the steps before writing have found."""

    question: Question
    passages: tuple[Passage, ...]
    evidence: tuple[Evidence, ...] = ()
    """What the extractive text cites."""
    text: str = ""
    """The extractive text; empty for an abstention."""
    for_model: tuple[Evidence, ...] = ()
    """What a model is shown, numbered on its own."""
    disagreeing: tuple[Evidence, ...] = ()
    """Of these, what gives different values for one thing; the newest first."""
    reason: str | None = None
    """Why there is nothing to answer with, or what differs from the question."""


class _Clock:
    """Seconds of each step."""

    def __init__(self) -> None:
        self._begun = self._last = time.perf_counter()
        self.timings: dict[str, float] = {}

    def mark(self, step: str) -> None:
        """Give the time since the last mark to a step."""
        now = time.perf_counter()
        self.timings[step] = self.timings.get(step, 0.0) + now - self._last
        self.timings["total"] = now - self._begun
        self._last = now


class Assistant:
    """Answers questions about an archive, with every sentence checked against what it cites.

    Making one touches no disk, model or network. It may be used from several threads.
    """

    def __init__(
        self,
        archive: Archive,
        model: str | ChatModel | LLM | None = None,
        *,
        now: Callable[[], datetime] | datetime | None = None,
        settings: Settings | None = None,
        verifiers: Sequence[Verifier] = (),
    ) -> None:
        """Answer from `archive`.

        Args:
            archive: Where the articles are.
            model: What writes the answers: a URL, a ``.gguf`` file, a `ChatModel` or a llama-index ``LLM``.
            None
                for the endpoint of the settings, and for answers in the articles' own words where there is
                none.
            now: What "yesterday" in a question is read against: an aware datetime, or a function that gives
                one. The clock by default.
            settings: Limits and the endpoint; read from the environment on the first question by default.
            verifiers: Judges of meaning, asked after the exact checks.
        """
        self.archive = archive
        self._given_model = model
        self._now = now
        self._given_settings = settings
        self._verifiers = tuple(verifiers)
        self._scope = Scope()

    # Asking

    def within(self, scope: Scope) -> Assistant:
        """An assistant with the same model that reads only the articles in the scope."""
        narrowed = Assistant(
            narrow_archive(self.archive, scope),
            self._model,
            now=self._now,
            settings=self._settings,
            verifiers=self._verifiers,
        )
        narrowed._scope = scope
        return narrowed

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question.

        Args:
            question: In plain words; may refer to `history`.
            history: Earlier turns of the conversation, oldest first.

        Raises:
            QuestionError: The question is empty or too long.
            ArchiveError: The archive cannot be read.
        """
        answer: Answer | None = None
        for event in self.stream(question, history):
            if isinstance(event, AnswerEvent):
                answer = event.answer
        assert answer is not None
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, cancelled: Callable[[], bool] = never
    ) -> Generator[Event, None, None]:
        """Answer a question step by step; the last event holds the answer that `ask` returns.

        Closing the iterator, or `cancelled` becoming true, stops a model at once.

        Raises:
            QuestionError: The question is empty or too long; before the first event.
            ArchiveError: The archive cannot be read.
        """
        self._check_length(question)
        return self._run(question, history, cancelled)

    async def aask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """`ask` without blocking the event loop."""
        answer: Answer | None = None
        async for event in self.astream(question, history):
            if isinstance(event, AnswerEvent):
                answer = event.answer
        assert answer is not None
        return answer

    async def astream(self, question: str, history: Sequence[Turn] = ()) -> AsyncIterator[Event]:
        """`stream` without blocking the event loop; leaving it early or being cancelled stops a model."""
        from anyio import to_thread

        stop = Signal()
        events = self.stream(question, history, cancelled=stop.is_set)
        try:
            while True:
                event = await to_thread.run_sync(next, events, None, abandon_on_cancel=True)
                if event is None:
                    return
                yield event
        finally:
            stop.set()
            with suppress(ValueError):  # still running in its thread, which has been told to stop
                events.close()

    def as_query_engine(self) -> BaseQueryEngine:
        """This assistant as a llama-index query engine."""
        from assistant.query_engine import AssistantQueryEngine

        return AssistantQueryEngine(self)

    # The steps

    def _run(
        self, asked: str, history: Sequence[Turn], cancelled: Callable[[], bool]
    ) -> Generator[Event, None, None]:
        clock = _Clock()
        question = self._understand(asked, history)
        clock.mark("understanding")
        yield StepEvent("understanding", question.text)
        yield StepEvent("searching", _describe_search(question))
        material = self._find(question)
        reason = " ".join(filter(None, (question.note, material.reason))) or None
        material = replace(material, reason=reason)
        clock.mark("searching")
        yield SourcesEvent(material.passages)
        if not material.text:
            yield AnswerEvent(self._abstain(asked, material, clock))
            return
        articles = len({one.article_id for one in material.for_model})
        yield StepEvent("reading", f"reading {articles} article{'s' if articles != 1 else ''}")
        draft = yield from self._write(material, cancelled, clock)
        if draft is None:
            yield AnswerEvent(self._abstain(asked, replace(material, reason=_MODEL_FOUND_NOTHING), clock))
            return
        sentences = split_claims(draft.text)
        yield StepEvent("checking", f"checking {len(sentences)} sentence{'s' if len(sentences) != 1 else ''}")
        claims = self._check(sentences, draft.evidence)
        clock.mark("checking")
        if draft.mode == "model":
            draft, claims = yield from self._repair(material.question, draft, claims, cancelled, clock)
            if not any(claim.verdict == "supported" for claim in claims):
                yield from _claim_events(claims, withhold=UNPROVED)
                withheld = draft.withheld + tuple(claims)
                yield StepEvent("fallback", _MODEL_UNPROVED)
                draft = replace(self._extractive(material, _MODEL_UNPROVED), withheld=withheld)
                claims = self._check(split_claims(draft.text), draft.evidence)
            else:
                draft, claims = self._add_other_values(material, draft, claims)
            clock.mark("checking")
        answer = answer_with(self._context(asked, material, clock), draft, claims, self._withhold)
        yield from _claim_events(claims, withhold=self._withhold)
        yield AnswerEvent(answer)

    def _understand(self, asked: str, history: Sequence[Turn]) -> Question:
        now = self._moment()
        turns = list(history)[-self._settings.history_turns :] if self._settings.history_turns else []
        standalone = make_standalone(asked, turns, now=now, is_speaker=self._is_speaker)
        newest = next((article.published for article in self.archive.articles(limit=1)), None)
        understood = understand_question(standalone, now=now, outlets=self._outlets(), newest=newest)
        if newest is None and (understood.since or understood.until):
            understood = replace(understood, since=None, until=None, note=_UNDATED)
        return replace(understood, scope=self._scope)

    def _find(self, question: Question) -> _Material:
        if not self.archive.articles(limit=1):
            reason = _EMPTY_ARCHIVE if self._scope == Scope() else _EMPTY_SCOPE
            return _Material(question=question, passages=(), reason=reason)
        if question.kind != "fact":
            found = find_statements(self.archive, question, self._settings.statements)
            if found.quotes:
                return self._read_statements(question, found.quotes, found.reason)
            if question.kind != "who_said" or question.quotation is not None or _SAYING.search(question.text):
                return _Material(question=question, passages=self._nearest(question), reason=found.reason)
        return self._find_facts(question)

    def _read_statements(self, question: Question, quotes: Sequence[Quote], reason: str | None) -> _Material:
        pairs = []
        for marker, quote in enumerate(quotes, 1):
            article = self.archive.article(quote.article_id, quote.version)
            statements = self.archive.quotes(article_id=quote.article_id, limit=None)
            pairs.append((quote, evidence_of_statement(marker, quote, article, statements)))
        evidence = tuple(one for _quote, one in pairs)
        return _Material(
            question=question,
            passages=tuple(_as_passage(one) for one in evidence),
            evidence=evidence,
            text=word_statements(pairs),
            for_model=evidence,
            reason=reason,
        )

    def _find_facts(self, question: Question) -> _Material:
        if _AT_PRESENT.search(question.text) and not self._has_articles(question):
            return _Material(question=question, passages=(), reason=_no_articles(question))
        passages = tuple(self._search(question))
        if not passages and (question.since or question.until or question.outlets):
            return _Material(question=question, passages=(), reason=_no_articles(question))
        material = self._read_facts(question, passages)
        if material.text or question.since is None:
            return material
        earlier = self._read_facts(question, tuple(self._search(replace(question, since=None, until=None))))
        return earlier if earlier.text else material  # what will be in a year is reported before it

    def _read_facts(self, question: Question, passages: tuple[Passage, ...]) -> _Material:
        ranked = rank_sentences(question.text, passages, now=self._asked_about(question))
        # No sentence answers a question of several parts alone: its passages stay as the search ranked them.
        _query, parts = split_question(question.text, question.outlets)
        ordered = passages if parts else order_passages(ranked)
        gap = find_gap(question.text, passages, self._outlets()) or find_answer_gap(question.text, ranked)
        if gap:
            return _Material(question=question, passages=ordered, reason=gap)
        telling = [sentence for sentence in ranked if not is_notice(sentence.text)] or ranked
        chosen = choose_sentences(telling, self._settings.answer_words)
        compared = compare_sources(question.text, chosen, telling, self.archive)
        evidence = evidence_of_sentences(compared.sentences, self._statements_in)
        for_model = self._evidence_for_model(question, compared, telling) or evidence
        places = {(one.passage.article_id, one.passage.version, one.start) for one in compared.disagreeing}
        return _Material(
            question=question,
            passages=ordered,
            evidence=evidence,
            text=word_facts(evidence),
            for_model=for_model,
            disagreeing=tuple(one for one in for_model if (one.article_id, one.version, one.start) in places),
            reason=" ".join(filter(None, (find_caveat(question.text, ranked), compared.note))) or None,
        )

    def _evidence_for_model(
        self, question: Question, compared: ComparedSources, ranked: Sequence[RankedSentence]
    ) -> tuple[Evidence, ...]:
        """What the extractive answer is made of, then as much of the rest as fits."""
        if self._model is None:
            return ()
        rest = [sentence for sentence in ranked if sentence not in compared.sentences]
        best = [*compared.sentences, *rest][:SENTENCES_FOR_MODEL]
        budget = evidence_budget(self._model, question, self._settings.evidence_characters)
        return fit_evidence(evidence_of_sentences(best, self._statements_in), budget)

    def _write(
        self, material: _Material, cancelled: Callable[[], bool], clock: _Clock
    ) -> Generator[Event, None, Draft | None]:
        """Yields the events of writing; returns the draft, or None where the model found no answer."""
        if self._model is None:
            return self._extractive(material)
        yield StepEvent("writing", f"asking {self._model.name}")
        pieces: list[str] = []
        stream = stream_draft(self._model, material.question, material.for_model, cancelled=cancelled)
        try:
            for piece in stream:
                pieces.append(piece)
                yield TextEvent(piece)
        except ModelError as error:
            clock.mark("writing")
            yield StepEvent("fallback", str(error))
            return self._extractive(material, f"{_MODEL_FAILED} {error}")
        finally:
            close = getattr(stream, "close", None)
            if close is not None:  # a generator; closing it closes the request upstream
                close()
        clock.mark("writing")
        text = "".join(pieces).strip()
        if is_refusal(text):
            return None if material.question.kind == "fact" else self._extractive(material)
        return Draft(text=text, mode="model", evidence=material.for_model, reason=material.reason)

    def _extractive(self, material: _Material, why: str | None = None) -> Draft:
        reason = " ".join(filter(None, (why, material.reason))) or None
        return Draft(text=material.text, mode="extractive", evidence=material.evidence, reason=reason)

    def _check(self, drafts: Sequence[DraftClaim], evidence: Sequence[Evidence]) -> list[Claim]:
        return verify_claims(drafts, evidence, read_article=self.archive.article, verifiers=self._verifiers)

    def _add_other_values(
        self, material: _Material, draft: Draft, claims: list[Claim]
    ) -> tuple[Draft, list[Claim]]:
        """The draft with those of the disagreeing sources that it leaves out, in their own words."""
        cited = {marker for claim in claims if claim.verdict == "supported" for marker in claim.citations}
        missing = [one for one in material.disagreeing if one.marker not in cited]
        if not missing:
            return draft, claims
        added = f"\n\n{word_facts(missing)}"
        end = len(draft.text)
        more = self._check(split_claims(added), draft.evidence)
        placed = [replace(claim, start=end + claim.start, end=end + claim.end) for claim in more]
        return replace(draft, text=draft.text + added), [*claims, *placed]

    def _repair(
        self,
        question: Question,
        draft: Draft,
        claims: list[Claim],
        cancelled: Callable[[], bool],
        clock: _Clock,
    ) -> Generator[Event, None, tuple[Draft, list[Claim]]]:
        """One more round with the model on what failed, in the time that its draft has left.

        Yields its events; returns the draft and its claims, as they were where the round came to nothing.
        """
        failing = [claim for claim in claims if claim.verdict in self._withhold][:MOST_REPAIRED]
        assert self._model is not None
        left = total_seconds_of(self._model) - clock.timings["writing"]
        if not failing or left <= 0 or cancelled():
            return draft, claims
        sentences = f"{len(failing)} sentence{'s' if len(failing) != 1 else ''}"
        yield StepEvent("repairing", f"asking {self._model.name} to repair {sentences}")
        over = time.monotonic() + left
        budget = evidence_budget(self._model, question, self._settings.evidence_characters)
        messages = write_repair(question, draft.evidence, failing, budget)
        try:
            stream = self._model.stream(messages, cancelled=lambda: cancelled() or time.monotonic() > over)
            reply = "".join(stream)
        except ModelError as error:  # what stood before still stands
            yield StepEvent("fallback", f"{_NOT_REPAIRED} {error}")
            return draft, claims
        finally:
            clock.mark("repairing")
        repairs = read_repairs(reply, len(failing))
        repaired = add_repairs(
            draft, claims, failing, repairs, lambda drafts: self._check(drafts, draft.evidence)
        )
        clock.mark("checking")
        return repaired

    def _abstain(self, asked: str, material: _Material, clock: _Clock) -> Answer:
        return abstain(self._context(asked, material, clock), material.reason or NOTHING_STANDS)

    def _context(self, asked: str, material: _Material, clock: _Clock) -> Context:
        return Context(
            asked=asked,
            question=material.question,
            passages=material.passages,
            timings=dict(clock.timings),
            model=self._model.name if self._model else None,
        )

    # The archive

    def _search(self, question: Question) -> list[Passage]:
        query, parts = split_question(question.text, question.outlets)
        # A question of several parts is about articles of several days, each told by its own part.
        since, until = (None, None) if parts else _search_window(question, self._moment())
        search = partial(
            self.archive.search,
            query,
            k=self._settings.passages,
            outlet=question.outlets or None,
            since=since,
            until=until,
            near=None if parts else self._asked_about(question),
            parts=parts,
        )
        try:
            return search(retrievers=self._settings.retrievers)
        except EmbeddingError:  # keywords still find; the model can be repaired later
            return search(retrievers=("keyword",))

    def _asked_about(self, question: Question) -> datetime:
        """The end of the time asked about, or now."""
        return min(self._moment(), question.until or question.since or self._moment())

    def _outlets(self) -> list[str]:
        return [outlet for outlet, _articles in self.archive.outlets()]

    def _nearest(self, question: Question) -> tuple[Passage, ...]:
        return tuple(self.archive.search(question.text, k=NEAREST, retrievers=("keyword",)))

    def _has_articles(self, question: Question) -> bool:
        return bool(self.archive.articles(since=question.since, until=question.until, limit=1))

    def _statements_in(self, article_id: str) -> list[Quote]:
        return self.archive.quotes(article_id=article_id, limit=None)

    def _is_speaker(self, name: str) -> bool:
        return bool(self.archive.speakers()) and bool(self.archive.speaker_names().people(name))

    # Settings

    def _check_length(self, question: str) -> None:
        if not question.strip():
            raise QuestionError("The question is empty. Ask, for example: What did Lavrov say about Trump?")
        longest = self._settings.question_characters
        if len(question) > longest:
            raise QuestionError(
                f"The question has {len(question):,} characters; the limit is {longest:,}. "
                "Shorten it, or raise BYLINE_QUESTION_CHARACTERS."
            )

    def _moment(self) -> datetime:
        if isinstance(self._now, datetime):
            return self._now
        return self._now() if self._now is not None else datetime.now(UTC)

    @cached_property
    def _settings(self) -> Settings:
        from assistant.config import Settings

        return self._given_settings or Settings()

    @cached_property
    def _model(self) -> ChatModel | None:
        return connect_model(self._given_model, self._settings)

    @property
    def _withhold(self) -> frozenset[Verdict]:
        """Verdicts with which a claim is not shown."""
        return UNPROVED if self._settings.unproved == "withheld" else FAILED

    @property
    def model_name(self) -> str | None:
        """Name of the model that is asked; None without one."""
        return self._model.name if self._model else None

    @property
    def model_address(self) -> str | None:
        """Where questions and evidence are sent; None without a model, or where it has no endpoint."""
        return getattr(self._model, "address", None)


_EMPTY_ARCHIVE = "The archive holds no articles yet. Add some with: byline add SOURCE"
_EMPTY_SCOPE = "No article is left within the chosen outlets and dates. Widen them and ask again."
_UNDATED = "No article here has a date, so the time that the question names is not looked at."
_MODEL_FAILED = "The model gave no answer, so the articles' own words are shown:"
_NOT_REPAIRED = "What failed a check could not be repaired:"
_MODEL_UNPROVED = "Nothing the model wrote could be proved, so the articles' own words are shown."
_MODEL_FOUND_NOTHING = "The model found no answer in the articles that came nearest."


def _describe_search(question: Question) -> str:
    """What is looked for, for a person."""
    if question.kind == "fact":
        return "searching the articles"
    whose = f" by {question.speaker}" if question.speaker else ""
    topic = f" about {question.about}" if question.about and question.kind == "said_about" else ""
    return f"looking for statements{whose}{topic}"


def _claim_events(claims: Sequence[Claim], withhold: Collection[Verdict]) -> Iterator[ClaimEvent]:
    for claim in claims:
        yield ClaimEvent(claim, claim.verdict not in withhold)


def _search_window(question: Question, now: datetime) -> tuple[datetime | None, datetime | None]:
    """In which time articles about the asked time were published.

    What happened on a day is reported on that day or at any time after it; what will happen, before it.
    """
    if _AT_PRESENT.search(question.text) or (question.since is not None and question.since > now):
        return None, None
    if question.since is None or "between" in question.text:
        return question.since, question.until
    return question.since, None


def _no_articles(question: Question) -> str:
    outlets = f"by {' or '.join(question.outlets)}" if question.outlets else ""
    window = describe_window(question.since, question.until)
    where = " ".join(part for part in (outlets, f"published {window}" if window else "") if part)
    return f"The archive holds no articles {where} that match the question."


def _as_passage(evidence: Evidence) -> Passage:
    """The place of a statement as a passage, ranked in the order of the answer."""
    return Passage(
        article_id=evidence.article_id,
        version=evidence.version,
        start=evidence.start,
        end=evidence.end,
        text=evidence.text,
        title=evidence.title,
        outlet=evidence.outlet,
        url=evidence.url,
        published=evidence.published,
        score=1 / evidence.marker,
        rank=evidence.marker,
        found_by=("quotes",),
    )
