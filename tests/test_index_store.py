"""The store's file: its schema has one definition, and it is refused when it cannot be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from index import Archive, ArchiveDamaged, ArchiveError, ArchiveMissing, Article, schema
from index.migrations import SCHEMA_VERSION
from index.store import Store
from index.testing import HashEmbedder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    store.migrate()
    return store


def test_the_migrations_make_exactly_the_described_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_schema_version_is_that_of_the_last_migration() -> None:
    import index.migrations

    (folder,) = index.migrations.__path__
    assert ScriptDirectory(folder).get_current_head() == SCHEMA_VERSION


def test_migrating_twice_changes_nothing(store: Store) -> None:
    before = store.path.read_bytes()
    store.migrate()
    assert store.path.read_bytes() == before


def test_a_store_of_another_version_is_refused_with_the_command_that_helps(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(ArchiveDamaged, match=r"has schema 0000.*rebuild"):
        store.require()


def test_a_store_killed_before_it_had_tables_is_no_archive_yet_and_can_be_made(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path)
    with store.engine.connect():
        assert store.path.exists()
    with pytest.raises(ArchiveMissing, match=r"byline --archive .* add"):
        store.require()
    store.migrate()
    store.require()
    store.close()


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.transaction() as connection:
            store.record_change(connection, "article")
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        fail()
    assert store.state() == 0


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    with Archive.open(tmp_path, embedder=HashEmbedder()) as archive:
        archive.add([Article(id=f"a{number}", text=f"Text number {number}. " * 40) for number in range(50)])
    return tmp_path / "archive.sqlite"


def overwrite(file: Path, page: int) -> None:
    content = bytearray(file.read_bytes())
    content[page * 4096 : page * 4096 + 2048] = b"\xff" * 2048
    file.write_bytes(content)


def test_a_store_with_a_damaged_header_is_not_opened(filled: Path) -> None:
    overwrite(filled, page=0)
    archive = Archive.open(filled.parent, embedder=HashEmbedder())
    with pytest.raises(ArchiveDamaged, match="backup"):
        archive.check()


@pytest.mark.parametrize("page", [2, 5])
def test_a_store_with_a_damaged_page_fails_its_check(filled: Path, page: int) -> None:
    overwrite(filled, page)
    with Archive.open(filled.parent, embedder=HashEmbedder()) as archive:
        (finding,) = archive.check().findings
    assert finding.what == "store"
    assert "backup" in finding.command


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"harbour reopened", b"harbour reopenee", id="a letter"),
        pytest.param("Müller".encode(), b"M\xff\xffller", id="no UTF-8"),
    ],
)
def test_an_altered_text_is_found_and_never_served(tmp_path: Path, before: bytes, after: bytes) -> None:
    text = "The harbour reopened on Tuesday, mayor Müller said. " * 3
    with Archive.open(tmp_path, embedder=HashEmbedder()) as archive:
        archive.add(Article(id="harbour", text=text))
    file = tmp_path / "archive.sqlite"
    content = file.read_bytes()
    assert before in content
    file.write_bytes(content.replace(before, after))
    with Archive.open(tmp_path, embedder=HashEmbedder()) as archive:
        (finding,) = archive.check().findings
        assert finding.what == "store"
        assert "backup" in finding.command
        with pytest.raises(ArchiveDamaged, match="Restore it from a backup") as told:
            archive.search("harbour", retrievers=["keyword"])
        assert "Tuesday" not in str(told.value)


def test_a_disk_that_is_full_says_so_and_loses_nothing(tmp_path: Path) -> None:
    with Archive.open(tmp_path, embedder=HashEmbedder()) as archive:
        archive.add(Article(id="first", text="The first article is short."))
        engine = archive._parts.store.engine
        with engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

        def fill_disk(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(engine, "checkout", fill_disk)  # whichever connection of the pool writes
        with pytest.raises(ArchiveError, match="disk is full"):
            archive.add(Article(id="second", text="Words without end. " * 20_000))
        event.remove(engine, "checkout", fill_disk)
        archive._parts.store.close()  # new connections have no limit: the disk has space again
        assert [article.id for article in archive.articles()] == ["first"]
        archive.add(Article(id="second", text="Words without end. " * 20_000))
        assert archive.check().healthy


def test_more_ids_than_sqlite_takes_in_one_statement_are_looked_up(store: Store) -> None:
    assert store.known(f"id-{number}" for number in range(40_000)) == {}


def test_an_index_sees_each_changed_article_once_and_goes_on_from_its_cursor(store: Store) -> None:
    with store.transaction() as connection:
        for article_id in ("a", "b", "a"):
            store.record_change(connection, article_id)
    cursor, changed = store.changes("keyword", limit=10)
    assert (cursor, changed) == (3, ["b", "a"])
    store.advance("keyword", cursor)
    assert store.changes("keyword", limit=10) == (3, [])
    assert store.changes("dense", limit=1) == (2, ["b"])
    assert (store.pending("keyword"), store.pending("dense")) == (0, 2)
