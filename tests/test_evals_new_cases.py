"""Cases written from an archive: the same every time, verbatim, and true of the archive."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from evals.cases import check_gold
from evals.new_cases import MAKERS, case_from_report, write_new_cases
from evals.scorers.facts import states
from index.archive import Archive
from index.testing import HashEmbedder
from index.types import Article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLES = [
    Article(
        id="post",
        outlet="Harbour Post",
        title="Dam holds through the night",
        published=datetime(2025, 3, 1, 8, tzinfo=UTC),
        text="“I am sure that the dam will hold until Friday,” said Ada Byrne, the chief engineer.\n\n"
        "Byrne said that Ned Cole had warned her in January. The flood drove 340 people from their homes in"
        " Ellery, the rescue service reported.\n\n"
        "“Nobody in this valley should sleep in a gymnasium,” said Ned Cole, who speaks for the town.",
    ),
    Article(
        id="gazette",
        outlet="Ellery Gazette",
        title="Hundreds flee",
        published=datetime(2025, 3, 2, 8, tzinfo=UTC),
        text="The flood drove 410 people from their homes in Ellery, the rescue service reported.\n\n"
        "“We have opened the school and both of the churches,” said Mayor Ruth Adler.",
    ),
]


@pytest.fixture(scope="module", name="archive")
def archive_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("archive"), embedder=HashEmbedder()) as archive:
        archive.add(ARTICLES)
        yield archive


def test_the_same_seed_gives_the_same_cases_and_another_one_others(archive: Archive) -> None:
    first = write_new_cases(archive, seed=1, per_kind=2)
    assert first == write_new_cases(archive, seed=1, per_kind=2)
    assert first != write_new_cases(archive, seed=2, per_kind=2)


def test_every_gold_span_is_verbatim(archive: Archive) -> None:
    cases = write_new_cases(archive, seed=1, per_kind=10)
    texts = {article.id: article.text for article in archive.articles()}
    assert check_gold(cases, texts.get) == []


def test_ids_are_unique_and_name_the_kind(archive: Archive) -> None:
    cases = write_new_cases(archive, seed=1, per_kind=10)
    assert len({case.id for case in cases}) == len(cases)
    assert all(case.id.startswith(f"{case.kind}-") for case in cases)


def test_who_said_asks_for_the_credited_speaker(archive: Archive) -> None:
    cases = write_new_cases(archive, seed=1, per_kind=10, kinds=["who_said"])
    found = {case.question: case.speaker for case in cases}
    assert found["Who said “I am sure that the dam will hold until Friday”?"] == "Ada Byrne"


def test_a_number_case_hides_the_number_it_asks_for(archive: Archive) -> None:
    cases = write_new_cases(archive, seed=1, per_kind=10, kinds=["number"])
    assert cases
    for case in cases:
        assert not states(case.question, case.expected[0])
        assert states(case.gold[0].quote, case.expected[0])


def test_a_conflict_expects_the_figures_of_both_outlets(archive: Archive) -> None:
    cases = write_new_cases(archive, seed=1, per_kind=10, kinds=["conflict"])
    assert [set(case.expected) for case in cases] == [{"340", "410"}]
    assert {span.article_id for span in cases[0].gold} == {"post", "gazette"}


@pytest.mark.parametrize(
    ("kind", "text", "unwanted"),
    [
        pytest.param(
            "who_said",
            "“The dam will hold until Friday,” said Ada Byrne, “and the river will be lower by then.”",
            "said Ada Byrne",
            id="an interrupted quotation is not asked for as one",
        ),
        pytest.param(
            "number",
            "The council of Ellery will meet the engineers of the dam again on March 14 in the school.",
            "___",
            id="a day of a month is not a number to guess",
        ),
        pytest.param(
            "number",
            "<tweet id='x'>The engineers of Ellery counted 340 people in the school tonight</tweet>.",
            "___",
            id="markup is not a sentence",
        ),
        pytest.param(
            "said_about",
            "Ada Byrne said that anti-Ellery slogans had no place in a campaign about a dam.",
            "Ellery",
            id="a part of a compound is not somebody spoken of",
        ),
    ],
)
def test_what_no_person_would_ask_is_left_out(kind: str, text: str, unwanted: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path, embedder=HashEmbedder()) as archive:
        archive.add([Article(id="n1", text=text, title="Dam", outlet="Harbour Post")])
        cases = write_new_cases(archive, seed=1, per_kind=10, kinds=[kind])
    assert [case.question for case in cases if unwanted in case.question] == []


def test_an_unanswerable_topic_stands_in_no_article(archive: Archive) -> None:
    cases = write_new_cases(archive, seed=1, per_kind=10, kinds=["unanswerable"])
    assert cases
    assert all(case.unanswerable and not case.gold for case in cases)


def test_a_near_miss_is_not_answered_by_any_statement(archive: Archive) -> None:
    for case in write_new_cases(archive, seed=1, per_kind=10, kinds=["near_miss"]):
        speaker, topic = case.question.removeprefix("What did ").removesuffix("?").split(" say about ")
        assert archive.quotes(speaker=speaker, about=topic) == []


def test_every_kind_has_a_maker_that_says_what_it_asks() -> None:
    assert all((make.__doc__ or "").count("?") == 1 or kind == "conflict" for kind, make in MAKERS.items())


def test_a_report_becomes_a_case_with_its_articles_frozen(archive: Archive) -> None:
    from assistant.answering import Assistant

    answer = Assistant(archive, now=archive.stats().newest).ask("What did Ada Byrne say about the dam?")
    case = case_from_report(answer, "The dam will break. [1]", archive, due="the dam will hold")
    assert case.forbidden == ("The dam will break.",)
    assert case.expected == ("the dam will hold",)
    assert {article.id for article in case.evidence} >= {"post"}
    assert case.evidence[0].text == archive.article(case.evidence[0].id).text
