"""What an archive promises to those who put articles in and ask for passages and statements."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import update

from index import Archive, ArchiveLocked, ArchiveMissing, Article, ArticleNotFound, EmbeddingError, schema
from index.ingest import PARSER_FACT
from index.progress import Progress
from index.quotes import QUOTE_PARSER_VERSION
from index.testing import HashEmbedder
from index.types import QueryPart

MONDAY = datetime(2024, 3, 4, 9, tzinfo=UTC)

FLOOD = Article(
    id="flood",
    title="River breaks its banks in Oldport",
    text=(
        "The river Ombra broke its banks in Oldport on Monday. Four hundred people left their homes.\n\n"
        "“We have never seen the water this high,” said Mayor Ana Ruiz. She asked the government for help."
    ),
    outlet="Harbour Post",
    published=MONDAY,
)
VOTE = Article(
    id="vote",
    title="Parliament passes the budget",
    text=(
        "Parliament passed the budget on Tuesday by 61 votes to 58. Finance Minister Jo Li said the vote "
        "ended “a year of waiting”. The opposition walked out."
    ),
    outlet="The Meridian",
    published=MONDAY + timedelta(days=1),
)
UNDATED = Article(id="recipe", title="A soup for winter", text="Peel the carrots. Boil them in stock.")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "newsroom", embedder=HashEmbedder()) as archive:
        yield archive


def ids(items: object) -> list[str]:
    return [item.article_id for item in items]


# Opening


def test_opening_writes_nothing(tmp_path: Path) -> None:
    Archive.open(tmp_path / "newsroom").close()
    assert not (tmp_path / "newsroom").exists()


def test_a_missing_archive_is_refused_when_it_is_not_to_be_created(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match=r"byline --archive .* add"):
        Archive.open(tmp_path / "newsroom", create=False)


def test_an_empty_archive_answers_every_question_with_nothing(archive: Archive) -> None:
    assert archive.search("anything") == []
    assert archive.quotes(speaker="Anybody") == []
    assert archive.articles() == []
    assert archive.speakers() == []
    assert archive.stats().articles == 0


# Articles in


def test_an_added_article_comes_back_as_given(archive: Archive) -> None:
    report = archive.add(FLOOD)
    assert ids(report.added) == ["flood"]
    stored = archive.article("flood")
    assert (stored.text, stored.title, stored.outlet, stored.published) == (
        FLOOD.text,
        FLOOD.title,
        "Harbour Post",
        MONDAY,
    )
    assert (stored.version, stored.cluster, stored.published_from) == (1, "flood", "given")
    assert stored.ingested is not None


def test_adding_the_same_again_changes_nothing(archive: Archive) -> None:
    archive.add([FLOOD, VOTE])
    before = archive.article("flood")
    report = archive.add([VOTE, FLOOD])
    assert (ids(report.unchanged), report.added, report.updated) == (["vote", "flood"], (), ())
    assert archive.article("flood") == before


def test_a_changed_text_becomes_a_new_version_and_the_old_one_stays_citable(archive: Archive) -> None:
    archive.add(FLOOD)
    corrected = Article(id="flood", title=FLOOD.title, text=FLOOD.text.replace("Four hundred", "Six hundred"))
    report = archive.add(corrected)
    assert [(each.article_id, each.version) for each in report.updated] == [("flood", 2)]
    assert "Six hundred" in archive.article("flood").text
    assert archive.article("flood", version=1).text == FLOOD.text
    assert [article.version for article in archive.versions("flood")] == [1, 2]
    assert {passage.version for passage in archive.search("how many people left their homes")} == {2}


def test_the_last_of_several_forms_in_one_batch_wins(archive: Archive) -> None:
    texts = ["One text of it.", "Another text of it.", "A third text of it."]
    archive.add([Article(id="same", text=text) for text in texts])
    assert [article.text for article in archive.versions("same")] == texts


def test_an_earlier_edition_that_comes_again_changes_nothing(archive: Archive) -> None:
    corrected = Article(id="flood", text=FLOOD.text.replace("Four hundred", "Six hundred"))
    archive.add([FLOOD, corrected])
    report = archive.add([FLOOD, corrected, FLOOD])
    assert [(each.article_id, each.version) for each in report.unchanged] == [
        ("flood", 1),
        ("flood", 2),
        ("flood", 1),
    ]
    assert "Six hundred" in archive.article("flood").text


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["first edition first", "correction first"])
def test_the_latest_edition_is_current_in_any_order_of_ingest(
    archive: Archive, order: tuple[int, int]
) -> None:
    text = FLOOD.text.replace("Four hundred", "Six hundred")
    corrected = Article(id="flood", text=text, published=MONDAY, updated=MONDAY + timedelta(hours=3))
    for number in order:
        archive.add((FLOOD, corrected)[number])
    assert "Six hundred" in archive.article("flood").text
    assert {article.text for article in archive.versions("flood")} == {FLOOD.text, text}
    assert ["Six hundred" in passage.text for passage in archive.search("hundred people left")] == [True]
    assert archive.check().healthy


def test_one_bad_source_never_stops_the_others(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(
        '{"title": "no text"}\n{"text": "A line with a text.", "id": "good"}\n'
    )
    report = archive.add([tmp_path / "missing.md", tmp_path / "bad.jsonl", FLOOD])
    assert sorted(ids(report.added)) == ["flood", "good"]
    assert [failure.source for failure in report.failed] == [
        str(tmp_path / "missing.md"),
        f"{tmp_path / 'bad.jsonl'} line 1",
    ]
    assert "`text`" in report.failed[1].reason


def test_progress_names_an_article_only_when_it_is_on_disk(archive: Archive) -> None:
    seen: list[tuple[str, bool]] = []

    def look(progress: Progress) -> None:
        if progress.outcome == "added":
            with Archive.open(archive.folder, create=False, embedder=HashEmbedder()) as reader:
                seen.append((progress.detail, reader.article(progress.detail).text != ""))

    archive.add([FLOOD, VOTE], progress=look)
    assert seen == [("flood", True), ("vote", True)]


def test_a_removed_article_is_gone_from_everywhere(archive: Archive) -> None:
    archive.add([FLOOD, VOTE])
    archive.remove("flood")
    assert archive.search("river banks Oldport homes") == [] or "flood" not in ids(archive.search("river"))
    assert archive.quotes(speaker="Ana Ruiz") == []
    assert archive.versions("flood") == []
    with pytest.raises(ArticleNotFound, match="'flood'"):
        archive.article("flood")
    archive.close()
    store = (archive.folder / "archive.sqlite").read_bytes()
    assert b"broke its banks" not in store
    assert archive.check().healthy


def test_removing_an_unknown_article_is_an_error_and_changes_nothing(archive: Archive) -> None:
    archive.add(FLOOD)
    with pytest.raises(ArticleNotFound, match="'floood'"):
        archive.remove("floood")
    assert archive.stats().articles == 1


# Near-duplicates

WIRE = " ".join(
    f"Sentence {number} of the agency's report tells what happened at the harbour that day."
    for number in range(30)
)


def copies() -> list[Article]:
    return [
        Article(id=name, text=f"{WIRE} {tail}", outlet=outlet, published=MONDAY + timedelta(hours=hours))
        for name, outlet, hours, tail in (
            ("c-late", "Meridian", 5, "Reporting by our staff."),
            ("b-first", "Wire", 0, "Ends."),
            ("a-undated", "Ledger", 9, "More follows."),
        )
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_copies_share_a_cluster_led_by_the_earliest_in_any_order_of_ingest(
    archive: Archive, order: tuple[int, ...]
) -> None:
    for number in order:
        archive.add(copies()[number])
    assert {archive.article(article.id).cluster for article in copies()} == {"b-first"}


def test_copies_are_reported_and_found_once(archive: Archive) -> None:
    report = archive.add([*copies(), VOTE])
    assert (ids(report.added), ids(report.duplicates)) == (["c-late", "vote"], ["b-first", "a-undated"])
    assert {passage.article_id for passage in archive.search("what happened at the harbour", k=20)} - {
        "vote"
    } == {"b-first"}
    assert {passage.article_id for passage in archive.search("harbour", outlet="Ledger")} == {"a-undated"}
    assert archive.stats().clusters == 2


def test_removing_the_leader_makes_the_next_earliest_lead(archive: Archive) -> None:
    archive.add(copies())
    archive.remove("b-first")
    assert {archive.article(name).cluster for name in ("c-late", "a-undated")} == {"c-late"}


# Passages and statements out


def test_passages_are_exact_characters_of_their_article(archive: Archive) -> None:
    archive.add([FLOOD, VOTE, UNDATED])
    passages = archive.search("the river and the budget", k=10)
    assert [passage.rank for passage in passages] == list(range(1, len(passages) + 1))
    for passage in passages:
        text = archive.article(passage.article_id, passage.version).text
        assert text[passage.start : passage.end] == passage.text


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"outlet": "The Meridian"}, {"vote"}, id="outlet"),
        pytest.param({"outlet": ["The Meridian", "Harbour Post"]}, {"flood", "vote"}, id="either outlet"),
        pytest.param({"outlet": "Unknown Times"}, set(), id="unknown outlet"),
        pytest.param({"since": MONDAY + timedelta(hours=1)}, {"vote"}, id="since"),
        pytest.param({"until": MONDAY + timedelta(hours=1)}, {"flood"}, id="until"),
        pytest.param(
            {"since": MONDAY + timedelta(days=9), "until": MONDAY + timedelta(days=10)},
            set(),
            id="empty window",
        ),
        pytest.param({"speaker": "Ruiz"}, {"flood"}, id="speaker by surname"),
        pytest.param({"speaker": "Nobody Known"}, set(), id="unknown speaker"),
    ],
)
def test_filters_narrow_a_search(archive: Archive, filters: dict[str, object], expected: set[str]) -> None:
    archive.add([FLOOD, VOTE, UNDATED])
    assert set(ids(archive.search("river budget soup", **filters))) == expected


def report(name: str, text: str, *, day: int, outlet: str = "Harbour Post") -> Article:
    return Article(id=name, title="", text=text, outlet=outlet, published=MONDAY + timedelta(days=day))


def test_of_two_equal_articles_the_one_near_the_wanted_time_comes_first(archive: Archive) -> None:
    archive.add(
        [
            report("early", "The ferry was late again. Waves as high as houses kept it in port.", day=0),
            report(
                "late", "The ferry was late again. Its old engine had been taken apart twice here.", day=300
            ),
            report("other", "Parliament passed the budget.", day=0),
        ]
    )
    for day, first in ((1, "early"), (299, "late")):
        found = archive.search("ferry late", near=MONDAY + timedelta(days=day), retrievers=("keyword",))
        assert [passage.article_id for passage in found] == [first, {"early": "late", "late": "early"}[first]]


def test_a_wanted_time_excludes_nothing(archive: Archive) -> None:
    archive.add([FLOOD, VOTE, UNDATED])
    near = MONDAY + timedelta(days=4_000)
    assert set(ids(archive.search("carrots river budget", near=near))) == {"flood", "vote", "recipe"}


def test_each_part_of_a_query_is_searched_for_in_the_outlets_it_names(archive: Archive) -> None:
    archive.add(
        [
            report("a", "The dam near Oldport broke at night.", day=0, outlet="Harbour Post"),
            report("b", "The dam near Oldport broke at dawn.", day=0, outlet="The Meridian"),
            report("c", "Parliament passed the budget.", day=0, outlet="The Meridian"),
        ]
    )
    parts = [QueryPart(text="dam broke", outlets=("The Meridian",)), QueryPart(text="Parliament budget")]
    found = archive.search("what broke and passed", parts=parts, retrievers=("keyword",))
    assert [passage.article_id for passage in found][-1] == "a"
    narrowed = archive.search("dam", parts=parts, outlet="Harbour Post", retrievers=("keyword",))
    assert ids(narrowed) == ["a"]


def test_each_part_of_a_query_is_searched_for_in_the_time_it_names(archive: Archive) -> None:
    archive.add(
        [
            report("a", "The dam near Oldport broke at night.", day=0),
            report("b", "The dam near Oldport broke at dawn.", day=9),
            report("c", "Parliament passed the budget.", day=9),
        ]
    )
    ninth = archive.article("b").published
    assert ninth is not None
    days = {"since": ninth - timedelta(days=1), "until": ninth + timedelta(days=1)}
    parts = [QueryPart(text="dam broke", **days), QueryPart(text="Parliament budget")]
    assert ids(archive.search("what broke and passed", parts=parts, retrievers=("keyword",)))[-1] == "a"
    earlier = archive.search("dam", parts=parts, until=days["since"], retrievers=("keyword",))
    assert ids(earlier) == ["a"]


def test_a_statement_is_found_by_who_made_it(archive: Archive) -> None:
    archive.add([FLOOD, VOTE])
    (quote,) = [quote for quote in archive.quotes(speaker="Ruiz") if quote.kind == "direct"]
    assert quote.text.rstrip(",") == "We have never seen the water this high"
    assert archive.article("flood").text[quote.start : quote.end] == quote.text
    assert quote.speaker is not None
    assert quote.speaker.endswith("Ana Ruiz")
    assert archive.quotes(speaker="Li", article_id="flood") == []


def test_keyword_search_serves_before_any_vector_is_made(archive: Archive) -> None:
    archive.add([FLOOD, VOTE], wait=False)
    assert archive.search("river banks", retrievers=["keyword"])[0].article_id == "flood"
    archive.wait()
    assert archive.stats().to_embed == 0
    assert archive.search("river banks", retrievers=["dense"])[0].article_id == "flood"


def test_a_reader_and_the_writer_find_the_same(archive: Archive) -> None:
    archive.add([FLOOD, VOTE, UNDATED])
    with Archive.open(archive.folder, embedder=HashEmbedder()) as reader:
        found = [(p.article_id, p.start, round(p.score, 5)) for p in reader.search("river vote soup")]
    assert found == [(p.article_id, p.start, round(p.score, 5)) for p in archive.search("river vote soup")]


def test_preparing_to_serve_finishes_what_an_interrupted_ingest_left(archive: Archive) -> None:
    archive.add(FLOOD)
    archive._parts.store.rewind("dense")
    archive.close()
    with Archive.open(archive.folder, embedder=HashEmbedder()) as served:
        assert served.stats().to_embed == 1
        served.prepare()
        served.wait()
        assert served.check().healthy


# Embedding


class CountingEmbedder(HashEmbedder):
    """Counts the texts it embeds, and fails from a given one on."""

    def __init__(self, fail_after: int = 10**9) -> None:
        super().__init__()
        self.texts = 0
        self.fail_after = fail_after

    def encode_document(self, texts: list[str]) -> object:
        self.texts += len(texts)
        if self.texts > self.fail_after:
            raise EmbeddingError("the model went away")
        return super().encode_document(texts)


def test_no_text_is_embedded_twice(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    with Archive.open(tmp_path / "newsroom", embedder=embedder) as archive:
        archive.add([FLOOD, VOTE])
        first = embedder.texts
        archive.add([FLOOD, VOTE])
        archive.rebuild()
    assert first == embedder.texts == 2


def test_statements_of_an_older_parser_are_told_and_read_again(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "newsroom", embedder=CountingEmbedder()) as archive:
        archive.add([FLOOD, VOTE])
        assert archive.check().healthy
        before = archive.quotes(limit=None)
        store = archive._parts.store
        store.set_fact(PARSER_FACT, "1")
        with store.transaction() as connection:
            connection.execute(update(schema.quotes).values(speaker="Nobody Known"))
        (finding,) = archive.check().findings
        assert finding.detail == f"statements were read by parser 1, this is {QUOTE_PARSER_VERSION}"
        assert finding.command == "byline rebuild"
        archive.add([VOTE])  # an archive stays as old as its oldest statements
        assert not archive.check().healthy
        archive.rebuild()
        assert archive.check().healthy
        assert archive.quotes(limit=None) == before != []


def test_an_update_whose_embedding_fails_stays_findable_and_is_completed_later(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    with Archive.open(tmp_path / "newsroom", embedder=embedder) as archive:
        archive.add([FLOOD, VOTE])
        embedder.fail_after = 0
        changed = Article(id="flood", text=FLOOD.text + " The water fell on Wednesday.")
        with pytest.raises(EmbeddingError, match="went away"):
            archive.add(changed)
        assert archive.search("water fell Wednesday", retrievers=["keyword"])[0].version == 2
        embedder.fail_after = 10**9
        archive.wait()
        found = archive.search("water fell Wednesday", retrievers=["dense"])
        assert {(passage.article_id, passage.version) for passage in found} == {("flood", 2), ("vote", 1)}
        assert archive.check().healthy


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda vectors: vectors * float("nan"), id="NaN"),
        pytest.param(lambda vectors: vectors[:-1], id="one vector too few"),
        pytest.param(lambda vectors: vectors * 0, id="zero vectors"),
        pytest.param(lambda vectors: vectors[0], id="wrong shape"),
    ],
)
def test_unusable_vectors_are_refused_whole(tmp_path: Path, spoil: object) -> None:
    class Spoiled(HashEmbedder):
        def encode_document(self, texts: list[str]) -> object:
            return spoil(super().encode_document(texts))

    with Archive.open(tmp_path / "newsroom", embedder=Spoiled()) as archive:
        with pytest.raises(EmbeddingError, match="nothing of this batch was stored"):
            archive.add([FLOOD, VOTE])
        assert archive.stats().to_embed == 2
        assert archive._parts.store.counts()["embeddings"] == 0


# One writer


def test_a_second_writer_is_refused_and_readers_are_not(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.add(FLOOD)
    program = textwrap.dedent(
        """
        import sys
        from index import Archive, ArchiveLocked, Article
        import index.lock
        index.lock.WAIT_SECONDS = 0.1
        archive = Archive.open(sys.argv[1])
        print(archive.search("river", retrievers=["keyword"])[0].article_id)
        try:
            archive._lock.acquire(0.1)
        except ArchiveLocked as error:
            print(error)
        """
    )
    command = [sys.executable, "-c", program, str(archive.folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith("flood\nAnother process (pid ")


def test_closing_lets_the_next_process_write(archive: Archive) -> None:
    archive.add(FLOOD)
    archive.close()
    with Archive.open(archive.folder, embedder=HashEmbedder()) as other:
        assert ids(other.add(VOTE).added) == ["vote"]


# Upkeep


def test_a_healthy_archive_passes_its_check(archive: Archive) -> None:
    archive.add([FLOOD, VOTE, UNDATED])
    report = archive.check()
    assert report.healthy, report.findings
    assert (report.articles, report.vectors, report.recall) == (3, report.chunks, 1.0)


def test_a_backup_restores_the_whole_archive(archive: Archive, tmp_path: Path) -> None:
    archive.add([FLOOD, VOTE])
    found = archive.search("river")
    restored = tmp_path / "restored"
    restored.mkdir()
    archive.backup(restored / "archive.sqlite")
    with Archive.open(restored, create=False, embedder=HashEmbedder()) as copy:
        copy.rebuild()
        assert copy.check().healthy
        assert copy.search("river") == found


def test_stats_count_what_is_there(archive: Archive) -> None:
    archive.add([FLOOD, VOTE, UNDATED])
    stats = archive.stats()
    assert (stats.articles, stats.versions, stats.outlets, stats.clusters, stats.to_embed) == (3, 3, 2, 3, 0)
    assert (stats.oldest, stats.newest) == (MONDAY, MONDAY + timedelta(days=1))


def test_the_archive_is_a_llama_index_retriever(archive: Archive) -> None:
    archive.add([FLOOD, VOTE])
    node = archive.as_retriever(k=1).retrieve("river banks")[0]
    text = archive.article("flood").text
    assert text[node.node.start_char_idx : node.node.end_char_idx] == node.node.text
    assert node.node.metadata["outlet"] == "Harbour Post"


def test_an_unlocked_archive_error_is_not_raised_for_reading(archive: Archive) -> None:
    archive.add(FLOOD)
    with Archive.open(archive.folder, embedder=HashEmbedder()) as reader:
        assert reader.stats().articles == 1
        with pytest.raises(ArchiveLocked):
            reader._lock.acquire(wait=0)
