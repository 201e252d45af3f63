"""The sample archive is complete, reads as written, and holds what its eval cases say it holds."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from evals.cases import check_gold, read_cases
from index.archive import Archive
from index.markdown import split_front_matter
from index.sources import read_sources
from index.syndication import is_near_duplicate, signature
from index.testing import HashEmbedder

if TYPE_CHECKING:
    from index.types import Article

SAMPLE = Path(str(files("index"))) / "sample"
CASES = Path(str(files("evals"))) / "sample" / "cases.jsonl"

STORIES = {
    "Budapest summit": ("budapest", "moscow-waits", "omnivores", "denies-call", "scholz-call"),
    "Notre-Dame": ("notre-dame",),
    "COP29": ("baku",),
    "Federal Reserve": ("fed-", "wall-street"),
    "Hualien earthquake": ("hualien", "tsmc"),
    "Baltimore bridge": ("baltimore", "dali"),
    "Starliner": ("starliner",),
    "South Korea": ("seoul", "party-leader"),
    "Paris Games": ("lyles", "tebogo", "paris-closes"),
    "Skerrin ferry": ("ferry", "kellers", "harbour-master", "sorley", "safety-board"),
}
"""Words of an article's id by which its story is known."""

WIRE_COPIES = [
    ("northgate-20241107-budapest-summit", "harbourpost-20241107-budapest-summit"),
    ("northgate-20241107-budapest-summit", "courrier-20241108-budapest-summit"),
    ("northgate-20241124-baku-deal", "ledger-20241124-baku-deal"),
    ("northgate-20241124-baku-deal", "gazette-20241124-baku-deal"),
]


@pytest.fixture(scope="module")
def versions() -> list[Article]:
    """Every file as the archive would read it, in the order of a folder."""
    return [item.read() for item in read_sources(str(SAMPLE))]


@pytest.fixture(scope="module")
def articles(versions: list[Article]) -> dict[str, Article]:
    """The current version of each article, by id."""
    return {article.id: article for article in versions}


def test_there_are_enough_articles_in_at_least_seven_stories(articles: dict[str, Article]) -> None:
    assert len(articles) >= 36
    found = {
        article_id: [story for story, words in STORIES.items() if any(word in article_id for word in words)]
        for article_id in articles
    }
    assert {article_id: stories for article_id, stories in found.items() if len(stories) != 1} == {}
    for story in STORIES:
        assert sum(stories == [story] for stories in found.values()) >= 3, story


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.md")), ids=lambda path: path.stem)
class TestEachFile:
    def test_states_who_published_it_where_and_when(self, path: Path) -> None:
        fields, _ = split_front_matter(path.read_text(encoding="utf-8"))
        assert {"id", "title", "outlet", "url", "published", "authors", "language"} <= set(fields)
        assert all(fields.values())
        assert fields["language"] == "en"
        assert path.name in {f"{fields['id']}.md", f"{fields['id']}.v2.md"}

    def test_points_only_to_the_reserved_domain(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        fields, body = split_front_matter(text)
        address = urlsplit(str(fields["url"]))
        assert address.scheme == "https"
        assert (address.hostname or "").endswith(".example")
        assert "http" not in body

    def test_has_the_length_of_a_news_report(self, path: Path) -> None:
        _, body = split_front_matter(path.read_text(encoding="utf-8"))
        assert 250 <= len(body.split()) <= 600

    def test_loses_nothing_when_it_is_read(self, path: Path, versions: list[Article]) -> None:
        _, body = split_front_matter(path.read_text(encoding="utf-8"))
        without_marks = body.replace("**", "").replace("## ", "").strip()
        assert without_marks in {article.text for article in versions}


def test_every_article_says_its_times_with_a_time_zone(versions: list[Article]) -> None:
    for article in versions:
        assert article.published is not None, article.id
        assert article.published.tzinfo is not None, article.id
        assert article.published_from == "given"
        assert article.updated is None or article.updated > article.published


def test_two_articles_were_corrected_and_the_correction_is_read_last(
    versions: list[Article], articles: dict[str, Article]
) -> None:
    corrected = {article.id for article in versions if article.updated is not None}
    assert corrected == {"gazette-20250303-safety-board-report", "ledger-20241218-fed-decision"}
    for article_id in sorted(corrected):
        first, last = [article for article in versions if article.id == article_id]
        assert first.text != last.text
        assert last == articles[article_id]
        assert "Corrected" in last.text


def test_outlets_use_every_kind_of_quotation_mark(versions: list[Article]) -> None:
    written = "".join(article.text for article in versions)
    assert [mark for mark in '"“”‘’«»' if mark not in written] == []


@pytest.mark.parametrize(("wire", "copy"), WIRE_COPIES)
def test_agency_text_in_another_outlet_is_a_near_duplicate(
    wire: str, copy: str, articles: dict[str, Article]
) -> None:
    assert articles[wire].outlet == "Northgate Wire"
    assert articles[copy].outlet != "Northgate Wire"
    assert articles[wire].text != articles[copy].text
    assert is_near_duplicate(signature(articles[wire].text), signature(articles[copy].text))


def test_the_archive_counts_wire_copies_once(tmp_path: Path) -> None:
    with Archive.open(tmp_path, embedder=HashEmbedder()) as archive:
        report = archive.add(str(SAMPLE))
        copies = {
            (article.cluster, article.id) for article in archive.articles() if article.cluster != article.id
        }
    assert report.failed == ()
    assert copies == set(WIRE_COPIES)


def test_nothing_else_is_a_near_duplicate(articles: dict[str, Article]) -> None:
    signatures = {article_id: signature(article.text) for article_id, article in articles.items()}
    ids = sorted(signatures)
    pairs = {
        (a, b)
        for position, a in enumerate(ids)
        for b in ids[position + 1 :]
        if is_near_duplicate(signatures[a], signatures[b])
    }
    groups = [{wire, *(copy for other, copy in WIRE_COPIES if other == wire)} for wire, _ in WIRE_COPIES]
    assert [pair for pair in sorted(pairs) if not any(set(pair) <= group for group in groups)] == []


def test_gold_quotations_stand_verbatim_in_the_current_version(articles: dict[str, Article]) -> None:
    texts = {article_id: article.text for article_id, article in articles.items()}
    assert check_gold(read_cases(CASES), texts.get) == []


def test_there_are_enough_cases_with_and_without_an_answer() -> None:
    cases = read_cases(CASES)
    assert len(cases) >= 80
    assert sum(case.unanswerable for case in cases) >= 25
    assert {case.kind for case in cases} == {
        "who_said",
        "said_about",
        "quotation",
        "number",
        "date",
        "fact",
        "unanswerable",
        "near_miss",
        "follow_up",
        "conflict",
    }


def test_a_mistake_that_a_case_forbids_stands_only_in_the_corrected_version(
    versions: list[Article], articles: dict[str, Article]
) -> None:
    for case in read_cases(CASES):
        for mistake in case.forbidden:
            assert any(mistake in article.text for article in versions), case.id
            assert not any(mistake in article.text for article in articles.values()), case.id
