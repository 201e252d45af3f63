"""Cases x system under test -> `RunRecord`: parallel, cached by content, the same bytes every time."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from evals.baselines import BASELINES
from evals.canonical import canonical_json, digest, plain, write_atomically
from evals.cases import cluster_cases, digest_cases
from evals.judging import judge_answer
from evals.library import ShowsArticles
from evals.metrics import summarise
from evals.record import CaseResult, RunRecord, Timings, describe_code
from evals.scorers import score_answer
from evals.scorers.abstention import abstention_f1, coverage_at_risk, risk_coverage_area
from evals.types import SystemAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from assistant.verification import Verifier
    from evals.judges import RememberedJudge
    from evals.library import Library
    from evals.systems.protocol import SystemUnderTest
    from evals.types import EvalCase, Score

    Peer = Callable[[EvalCase], SystemAnswer]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the system gave for one case."""

    answer: SystemAnswer | None
    error: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one case came to."""

    answer: SystemAnswer | None
    error: str | None
    seconds: float
    scores: tuple[Score, ...] | None
    """None where the case failed."""
    baselines: dict[str, tuple[Score, ...]]


def run_cases(
    cases: Sequence[EvalCase],
    system: SystemUnderTest,
    *,
    workers: int = 1,
    cache: Path | None = None,
    baselines: bool = True,
    peers: Mapping[str, Peer] = MappingProxyType({}),
    judge: RememberedJudge | None = None,
    progress: Callable[[EvalCase], None] | None = None,
) -> tuple[RunRecord, Timings]:
    """Ask the system every case and score what it says.

    Args:
        cases: With unique ids.
        system: Called from `workers` threads; an exception it raises is that case's failure.
        workers: Cases in flight at once; changes nothing but the time.
        cache: Folder of answers by content of case, settings and code; None asks always.
        baselines: Judge the baselines, too: they cost several times the system's own judging.
        peers: Other systems that answer the same cases, judged as further baselines.
        judge: Asked about meaning where no exact check failed; None for the exact checks alone.
        progress: Called after each case, from the caller's thread.
    """
    settings = dict(system.describe())
    key = {"system": system.name, "settings": settings, "source": describe_code().source_digest}

    def work(case: EvalCase) -> _Outcome:
        kept = cache and cache / f"{digest([key, plain(case)])}.json"
        library = system.library(case) if isinstance(system, ShowsArticles) else None
        verifiers = () if judge is None else (judge,)
        asked = _ask(case, system, kept)
        beside: dict[str, Callable[[], SystemAnswer]] = {
            name: partial(peer, case) for name, peer in peers.items()
        }
        if baselines and asked.answer is not None:
            beside |= {name: partial(make, asked.answer) for name, make in BASELINES.items()}
        return _score(case, asked, library, beside, verifiers)

    outcomes: dict[str, _Outcome] = {}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for case, outcome in zip(cases, pool.map(work, cases), strict=True):
            outcomes[case.id] = outcome
            if progress is not None:
                progress(case)
    record = _make_record(cases, outcomes, system.name, settings, None if judge is None else judge.choice)
    timings = Timings(
        seconds={case_id: outcome.seconds for case_id, outcome in outcomes.items() if outcome.answer},
        cost={
            case_id: outcome.answer.cost
            for case_id, outcome in outcomes.items()
            if outcome.answer and outcome.answer.cost is not None
        },
        workers=workers,
    )
    return record, timings


def _ask(case: EvalCase, system: SystemUnderTest, cached: Path | None) -> _Asked:
    from pydantic import TypeAdapter

    if cached is not None and cached.exists():
        return TypeAdapter(_Asked).validate_json(cached.read_bytes())
    started = time.perf_counter()
    try:
        answer = system.answer(case)
    except Exception as error:  # noqa: BLE001  whatever the system raises is this case's result
        return _Asked(None, f"{type(error).__name__}: {error}", time.perf_counter() - started)
    asked = _Asked(answer, None, time.perf_counter() - started)
    if cached is not None:
        write_atomically(cached, canonical_json(asked))
    return asked


def _score(
    case: EvalCase,
    asked: _Asked,
    library: Library | None,
    beside: Mapping[str, Callable[[], SystemAnswer]],
    verifiers: Sequence[Verifier],
) -> _Outcome:
    if asked.answer is None:
        return _Outcome(None, asked.error, asked.seconds, None, {})

    def score(answer: SystemAnswer) -> tuple[Score, ...]:
        return score_answer(judge_answer(case, answer, library=library, verifiers=verifiers))

    return _Outcome(
        asked.answer,
        None,
        asked.seconds,
        score(asked.answer),
        {name: score(make()) for name, make in beside.items()},
    )


def _make_record(
    cases: Sequence[EvalCase],
    outcomes: Mapping[str, _Outcome],
    name: str,
    settings: dict[str, Any],
    judge: str | None,
) -> RunRecord:
    clusters = cluster_cases(cases)
    scores = {case.id: outcomes[case.id].scores for case in cases}
    kinds = sorted({case.kind for case in cases})
    judged = (outcomes[case.id].baselines for case in cases)
    names = next((list(baselines) for baselines in judged if baselines), [])
    return RunRecord(
        system=name,
        settings=settings,
        settings_digest=digest(settings),
        judge=judge,
        cases_digest=digest_cases(cases),
        code=describe_code(),
        results=tuple(
            CaseResult(
                case=case,
                cluster=clusters[case.id],
                answer=outcomes[case.id].answer,
                error=outcomes[case.id].error,
                scores=outcomes[case.id].scores or (),
            )
            for case in cases
        ),
        summary=summarise(scores, clusters),
        kinds={
            kind: summarise({case.id: scores[case.id] for case in cases if case.kind == kind}, clusters)
            for kind in kinds
        },
        baselines={
            name: summarise({case.id: outcomes[case.id].baselines.get(name) for case in cases}, clusters)
            for name in names
        },
        derived=_derive(cases, outcomes),
    )


def _derive(cases: Sequence[EvalCase], outcomes: Mapping[str, _Outcome]) -> dict[str, float]:
    """Abstention F1, and risk and coverage where the system gives a confidence."""
    answered = [(case, outcome.answer) for case in cases if (outcome := outcomes[case.id]).answer]
    found = {
        "abstention_f1": abstention_f1(
            [answer.abstained for _, answer in answered if answer],
            [case.unanswerable for case, _ in answered],
        )
    }
    sure = [
        (outcome.answer.confidence, 1 - supported)
        for outcome in outcomes.values()
        if outcome.answer and outcome.answer.confidence is not None
        for score in outcome.scores or ()
        if score.metric == "supported" and (supported := score.value) is not None
    ]
    if sure:
        confidence, loss = [pair[0] for pair in sure], [pair[1] for pair in sure]
        found["risk_coverage_area"] = risk_coverage_area(confidence, loss)
        found["coverage_at_95_grounded"] = coverage_at_risk(confidence, loss, 0.05)
    return {name: value for name, value in found.items() if value is not None}
