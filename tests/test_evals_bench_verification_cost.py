"""The share of an answer's time that checking takes: worked by hand, and of a real answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.types import Answer, Question
from evals.bench.verification_cost import CopyingChatModel, summarise
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

if TYPE_CHECKING:
    from pathlib import Path


def timed(**timings: float) -> Answer:
    return Answer(
        id="x", question="Why?", standalone_question="Why?", understood=Question(text="Why?"), text="",
        claims=(), citations=(), withheld=(), abstained=False, reason=None, mode="extractive", model=None,
        timings=timings,
    )  # fmt: skip


def test_the_share_is_of_all_answers_together_and_refusals_do_not_count() -> None:
    found = summarise([timed(checking=0.01, total=0.1), timed(checking=0.03, total=0.7), timed(total=9.0)])
    assert found.answers == 2
    assert found.share == pytest.approx(0.04 / 0.8)
    assert found.checking[0] == pytest.approx(20.0)
    assert found.total[0] == pytest.approx(400.0)


def test_without_a_checked_answer_there_is_no_share() -> None:
    with pytest.raises(ValueError, match="no answer has a sentence"):
        summarise([timed(total=1.0)])


def test_the_copying_model_writes_evidence_that_is_found_supported(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "newsroom", embedder=HashEmbedder()) as archive:
        archive.add(
            Article(text="The ferry to Oslo sailed on Friday with 40 passengers.", outlet="Coast Daily")
        )
        assistant = Assistant(archive, CopyingChatModel(), settings=Settings(model_url=None))
        answer = assistant.ask("When did the ferry to Oslo sail?")
    assert (answer.mode, answer.grounded) == ("model", True)
    assert 0 < answer.timings["checking"] < answer.timings["total"]
