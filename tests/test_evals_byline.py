"""byline as its own system under test: history, frozen evidence, and checks that read the article."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from evals.judging import judge_answer
from evals.library import Library
from evals.run import run_cases
from evals.systems.byline import BylineSystem, digest_articles
from evals.types import EvalCase, FrozenArticle, Source, SystemAnswer
from index.archive import Archive
from index.errors import ArticleNotFound
from index.testing import HashEmbedder
from index.types import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = (
    "Ada Byrne, the chief engineer, spoke to reporters on Saturday.\n\n"
    "“The dam will hold until the river falls,” she said.\n\n"
    "Ned Cole, who speaks for the town, was not convinced. “I would not sleep below it,” he said."
)
DAM = Article(
    id="dam",
    text=TEXT,
    title="Engineer calm",
    outlet="Harbour Post",
    published=datetime(2025, 3, 1, 8, tzinfo=UTC),
)


@pytest.fixture(scope="module", name="archive")
def archive_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("archive"), embedder=HashEmbedder()) as archive:
        archive.add([DAM])
        yield archive


def span(text: str, speaker: str | None = None) -> Source:
    """Words of the article with their offsets, as byline cites them."""
    start = TEXT.index(text)
    return Source(text=text, article_id="dam", start=start, end=start + len(text), speaker=speaker)


def test_a_follow_up_is_asked_after_its_history(archive: Archive) -> None:
    case = EvalCase(
        id="a",
        question="And what did Ned Cole say?",
        history=("What did Ada Byrne say about the dam?",),
        expected=("sleep below it",),
        speaker="Ned Cole",
    )
    record, _ = run_cases([case], BylineSystem(archive), baselines=False)
    assert record.summary["right"].mean == 1.0


def test_a_case_is_answered_from_the_articles_it_brings(archive: Archive) -> None:
    own = FrozenArticle(
        id="ferry",
        text="“The ferry sails again on Monday,” said Ruth Adler, the harbour master of Port Ellery.",
        title="Ferry",
        published=datetime(2025, 4, 1, tzinfo=UTC),
    )
    case = EvalCase(
        id="a",
        question="What did Ruth Adler say about the ferry?",
        expected=("sails again on Monday",),
        evidence=(own,),
    )
    record, _ = run_cases([case], BylineSystem(archive), baselines=False)
    assert record.summary["right"].mean == 1.0
    assert record.summary["supported"].mean == 1.0


def test_the_description_pins_the_articles_but_not_when_they_were_stored(archive: Archive) -> None:
    described = BylineSystem(archive).describe()
    assert described["articles_digest"] == digest_articles(archive)
    assert described["now"] == "2025-03-01T08:00:00+00:00"


def test_a_pronoun_is_resolved_in_the_article_not_believed() -> None:
    library = Library(lambda *_: DAM)
    cited = span("“The dam will hold until the river falls,” she said.", speaker="Ned Cole")

    def speaker_checks(text: str) -> list[bool | None]:
        answer = SystemAnswer(text=text, abstained=False, citations=((1, cited),))
        judged = judge_answer(EvalCase(id="a", question="q"), answer, library=library)
        return [check.passed for check in judged.sentences[0].checks("speaker")]

    assert speaker_checks("Ada Byrne said: “The dam will hold until the river falls.” [1]") == [True]
    assert speaker_checks("Ned Cole said: “The dam will hold until the river falls.” [1]") == [False]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(Source(text="The dam"), id="no article"),
        pytest.param(Source(text="The dam", article_id="dam"), id="no offsets"),
        pytest.param(Source(text="The dam", article_id="dam", start=0, end=7), id="other words stand there"),
        pytest.param(Source(text="The dam", article_id="gone", start=0, end=7), id="unknown article"),
    ],
)
def test_only_sources_that_stand_in_their_article_are_read_there(source: Source) -> None:
    def read(article_id: str, _version: int) -> Article:
        if article_id != "dam":
            raise ArticleNotFound(article_id)
        return DAM

    assert not Library(read).holds(source)
    assert Library(read).holds(span("The dam will hold"))
