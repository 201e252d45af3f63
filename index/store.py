"""The truth of an archive: articles with all their versions, and what was parsed from them, in SQLite.

Search indexes are derived from here. They learn of changes from the journal: every change of an
article appends to it in the same transaction, and an index remembers how far it has read.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import create_engine, delete, event, exists, func, insert, inspect, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from index import schema
from index.digest import content_digest
from index.errors import ArchiveDamaged, ArchiveError, ArchiveMissing, ArticleNotFound
from index.migrations import SCHEMA_VERSION
from index.types import Article, Chunk, Quote

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, ExceptionContext, Row, Select

FILE_NAME = "archive.sqlite"

_PARAMETERS = 5_000
"""Values in one IN list: SQLite takes 32,766 at most, and short statements are parsed faster."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One version of an article as it came in."""

    article: Article
    source: str
    raw_digest: str
    """Digest of the source item before it was read."""
    content_digest: str
    """Digest of what a reader would see; a new version is one where this differs from all before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedArticle:
    """An article version with everything derived from its text."""

    article: Article
    chunks: tuple[Chunk, ...]
    embedding_keys: tuple[str, ...]
    """For each chunk, under which key its vector is stored."""
    quotes: tuple[Quote, ...]
    signature: bytes
    bands: tuple[bytes, ...]


@dataclass(slots=True)
class Known:
    """What the store remembers of an article."""

    raw: dict[str, int] = field(default_factory=dict)
    """Version by the digest of the source item it came from."""
    content: dict[str, int] = field(default_factory=dict)
    """Version by the digest of its content."""
    edited: float | None = None
    """When the current version was last changed by its publisher, in epoch seconds, where that is known."""

    @property
    def versions(self) -> int:
        """Number of versions; they are counted from 1."""
        return len(self.content)


class ChunkPlace(NamedTuple):
    """Where a chunk stands: what ranking needs to know of its article."""

    article_id: str
    cluster: str | None
    """Of near-duplicates, the one that the article stands in."""
    published: float | None
    """Epoch seconds; None where unknown."""


class Store:
    """One archive's SQLite file. Safe to use from several threads; one process may write."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._writing = threading.RLock()

    @cached_property
    def engine(self) -> Engine:
        """The connection pool; each connection waits up to 30 s for another process's commit."""
        engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": 30})

        @event.listens_for(engine, "connect")
        def configure(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # transactions are begun below, also for schema changes
            cursor = connection.cursor()
            # FULL makes every commit survive a power cut; secure_delete makes `remove` overwrite.
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine, "handle_error")
        def explain(context: ExceptionContext) -> None:
            self._explain(context.original_exception)

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN")

        return engine

    def close(self) -> None:
        """Let go of the file."""
        if "engine" in self.__dict__:
            self.engine.dispose()
            del self.__dict__["engine"]

    # Opening

    def require(self) -> None:
        """Raise unless there is a readable store of this schema version."""
        # A first ingest that was killed before its tables were committed leaves a file without any.
        if not self.path.exists() or (version := self._schema_version()) is None:
            raise ArchiveMissing(
                f"There is no archive at {self.path.parent}. Make one with: byline --archive "
                f"{self.path.parent} add SOURCE"
            )
        if version != SCHEMA_VERSION:
            raise ArchiveDamaged(
                f"The archive at {self.path.parent} has schema {version}; this byline reads "
                f"{SCHEMA_VERSION}. Bring it up to date with: byline --archive {self.path.parent} rebuild"
            )

    def migrate(self) -> None:
        """Bring the file to the current schema, from nothing or from any earlier version."""
        if self.path.exists() and self._schema_version() == SCHEMA_VERSION:
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", "index:migrations")
        config.set_main_option("path_separator", "os")
        with self.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _schema_version(self) -> str | None:
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return version

    def integrity(self) -> list[str]:
        """What SQLite itself finds wrong with the file; empty when all is well."""
        try:
            with self.engine.connect() as connection:
                found = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check(20)"))]
                broken = connection.execute(text("PRAGMA foreign_key_check"))
                found += [f"broken reference in {row[0]}" for row in broken]
        except ArchiveDamaged as error:
            return [str(error)]
        return [each for each in found if each != "ok"]

    def _explain(self, error: BaseException) -> None:
        """Raise what a person can act on where SQLite says that the file or the disk is at fault."""
        code = getattr(error, "sqlite_errorcode", None)
        primary = None if code is None else code & 0xFF  # the rest tells the variants of one error apart
        undecodable = isinstance(error, sqlite3.OperationalError) and "decode to UTF-8" in str(error)
        if undecodable or primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            what = (
                "a text in it is no UTF-8" if undecodable else str(error)
            )  # the error holds all of the text
            raise ArchiveDamaged(self._damaged(what)) from error
        if primary in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise ArchiveError(
                f"The store {self.path} cannot be written ({error}); what was acknowledged before is safe. "
                "Free some space and run the same command again."
            ) from error

    def _damaged(self, what: str) -> str:
        return (
            f"The store {self.path} cannot be read ({what}). Restore it from a backup: copy the backup "
            f"file over it, then run: byline --archive {self.path.parent} rebuild"
        )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing: what is done on the connection is committed at the end, or undone."""
        with self._writing, self.engine.begin() as connection:
            yield connection

    # Articles

    def known(self, article_ids: Iterable[str]) -> dict[str, Known]:
        """What is stored under each of the ids; unknown ids are absent."""
        version = schema.versions.c
        columns = (version.article_id, version.version, version.raw_digest, version.content_digest)
        query = select(*columns, version.updated, version.published, _is_current().label("current")).join(
            schema.articles, schema.articles.c.id == version.article_id
        )
        found: dict[str, Known] = {}
        for row in self._select_in(query, version.article_id, article_ids):
            known = found.setdefault(row.article_id, Known())
            known.raw[row.raw_digest] = row.version
            known.content[row.content_digest] = row.version
            edited = _time(row.updated or row.published)
            if row.current and edited is not None:
                known.edited = edited.timestamp()
        return found

    def put_edition(self, connection: Connection, edition: Edition) -> None:
        """Keep a version of an article; a first one is the current one."""
        article = edition.article
        row = {"id": article.id, "version": article.version, "cluster": article.id}
        connection.execute(upsert(schema.articles).values(row).on_conflict_do_nothing())
        connection.execute(insert(schema.versions), _version_row(edition))

    def put_parsed(self, connection: Connection, parsed: ParsedArticle) -> None:
        """Make a kept version the current one, with what was parsed from it, and tell the indexes."""
        article = parsed.article
        current = update(schema.articles).where(schema.articles.c.id == article.id)
        connection.execute(current.values(version=article.version))
        self._put_parsed(connection, parsed)
        self.record_change(connection, article.id)

    def _put_parsed(self, connection: Connection, parsed: ParsedArticle) -> None:
        article_id = parsed.article.id
        for table in (schema.chunks, schema.quotes, schema.signatures, schema.signature_bands):
            connection.execute(delete(table).where(table.c.article_id == article_id))
        chunks = [
            {
                "id": chunk.id,
                "article_id": article_id,
                "version": chunk.version,
                "start": chunk.start,
                "end": chunk.end,
                "embedding_key": key,
            }
            for chunk, key in zip(parsed.chunks, parsed.embedding_keys, strict=True)
        ]
        quotes = [_quote_row(number, quote) for number, quote in enumerate(parsed.quotes)]
        topics = [
            {"article_id": article_id, "number": number, "name": name}
            for number, quote in enumerate(parsed.quotes)
            for name in quote.about
        ]
        signatures = [{"article_id": article_id, "signature": parsed.signature}]
        bands = [{"article_id": article_id, "band": band} for band in sorted(set(parsed.bands))]
        for table, rows in (
            (schema.chunks, chunks),
            (schema.quotes, quotes),
            (schema.topics, topics),
            (schema.signatures, signatures),
            (schema.signature_bands, bands),
        ):
            if rows:
                connection.execute(insert(table), rows)

    def remember_source(self, connection: Connection, article_id: str, version: int, raw_digest: str) -> None:
        """Note another raw form of a version's content, so that it is known at once next time."""
        kept = schema.versions.c
        this = update(schema.versions).where(kept.article_id == article_id, kept.version == version)
        connection.execute(this.values(raw_digest=raw_digest))

    def remove(self, connection: Connection, article_id: str) -> None:
        """Delete every version of an article and all that was derived from it."""
        orphaned = select(schema.chunks.c.embedding_key).where(schema.chunks.c.article_id == article_id)
        keys = list(connection.scalars(orphaned))
        removed = connection.execute(delete(schema.articles).where(schema.articles.c.id == article_id))
        if not removed.rowcount:
            raise ArticleNotFound(f"No article has the id {article_id!r}. List them with: byline articles")
        still_used = exists().where(schema.chunks.c.embedding_key == schema.embeddings.c.key)
        for part in _parts(keys):
            connection.execute(
                delete(schema.embeddings).where(schema.embeddings.c.key.in_(part), ~still_used)
            )
        self.record_change(connection, article_id)

    def article(self, article_id: str, version: int | None = None) -> Article:
        """One version of an article, the current one unless a version is given.

        Raises:
            ArticleNotFound: There is none.
            ArchiveDamaged: What is stored is not what came in.
        """
        query = _article_query().where(schema.versions.c.article_id == article_id)
        query = query.where(
            schema.versions.c.version == (schema.articles.c.version if version is None else version)
        )
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            which = f"{article_id!r}" if version is None else f"{article_id!r} in version {version}"
            raise ArticleNotFound(f"No article has the id {which}. List them with: byline articles")
        return self._article(row)

    def read_all(self) -> None:
        """Read every version of every article; raises `ArchiveDamaged` where one is not what came in."""
        with self.engine.connect() as connection:
            for row in connection.execute(_article_query()):
                self._article(row)

    def _article(self, row: Row[Any]) -> Article:
        """The article of a row, if it is what came in: a flipped bit in a text is no error to SQLite."""
        try:
            article = _article(row)
        except ValueError as error:  # a date or a list that cannot be read any more
            raise ArchiveDamaged(self._damaged(f"a field of {row.article_id!r}: {error}")) from error
        if content_digest(article) != row.content_digest:
            raise ArchiveDamaged(self._damaged(f"version {article.version} of {article.id!r} was altered"))
        return article

    def articles(
        self,
        *,
        ids: Iterable[str] | None = None,
        outlets: Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Article]:
        """Current versions, newest first, undated last, then by id."""
        query = _article_query().where(_is_current())
        if outlets is not None:
            query = query.where(schema.versions.c.outlet.in_(outlets))
        if since is not None:
            query = query.where(schema.versions.c.published_epoch >= since.timestamp())
        if until is not None:
            query = query.where(schema.versions.c.published_epoch < until.timestamp())
        if ids is not None:
            found = [self._article(row) for row in self._select_in(query, schema.versions.c.article_id, ids)]
            return sorted(found, key=lambda article: article.id)
        newest = schema.versions.c.published_epoch.desc().nulls_last()
        query = query.order_by(newest, schema.versions.c.article_id).limit(limit).offset(offset)
        with self.engine.connect() as connection:
            return [self._article(row) for row in connection.execute(query)]

    def article_ids(self) -> list[str]:
        """The ids of all articles, sorted."""
        with self.engine.connect() as connection:
            return list(connection.scalars(select(schema.articles.c.id).order_by(schema.articles.c.id)))

    def versions(self, article_id: str) -> list[Article]:
        """Every version of an article, oldest first."""
        query = _article_query().where(schema.versions.c.article_id == article_id)
        with self.engine.connect() as connection:
            return [
                self._article(row) for row in connection.execute(query.order_by(schema.versions.c.version))
            ]

    def outlets(self) -> list[tuple[str, int]]:
        """Outlets with the number of their articles, most first, then by name."""
        outlet, number = schema.versions.c.outlet, func.count()
        query = select(outlet, number).join(schema.articles, _is_current()).where(outlet.is_not(None))
        with self.engine.connect() as connection:
            rows = connection.execute(query.group_by(outlet).order_by(number.desc(), outlet))
            return [(row[0], row[1]) for row in rows]

    def published_range(self) -> tuple[datetime | None, datetime | None]:
        """Publication times of the first and the last dated article."""
        epoch, published = schema.versions.c.published_epoch, schema.versions.c.published
        query = select(published).join(schema.articles, _is_current()).where(epoch.is_not(None)).limit(1)
        with self.engine.connect() as connection:
            first = connection.scalar(query.order_by(epoch))
            last = connection.scalar(query.order_by(epoch.desc()))
        return _time(first), _time(last)

    # Near-duplicates

    def clusters(self) -> dict[str, str]:
        """For every article the cluster it stands in."""
        with self.engine.connect() as connection:
            query = select(schema.articles.c.id, schema.articles.c.cluster)
            return {row.id: row.cluster for row in connection.execute(query)}

    def look_alikes(
        self, connection: Connection, article_id: str, bands: Iterable[bytes]
    ) -> dict[str, bytes]:
        """Signatures of the other articles that share a band, by article id."""
        query = (
            select(schema.signatures.c.article_id, schema.signatures.c.signature)
            .join(
                schema.signature_bands,
                schema.signature_bands.c.article_id == schema.signatures.c.article_id,
            )
            .where(
                schema.signature_bands.c.band.in_(list(bands)), schema.signatures.c.article_id != article_id
            )
            .distinct()
        )
        return {row.article_id: row.signature for row in connection.execute(query)}

    def cluster_of(self, connection: Connection, article_id: str) -> str:
        """The cluster that an article stands in."""
        query = select(schema.articles.c.cluster).where(schema.articles.c.id == article_id)
        return str(connection.execute(query).scalar_one())

    def cluster_members(self, connection: Connection, clusters: Iterable[str]) -> list[tuple[float, str]]:
        """Publication time in epoch seconds (infinite where unknown) and id of the members."""
        query = (
            select(schema.versions.c.published_epoch, schema.articles.c.id)
            .join(schema.versions, _is_current())
            .where(schema.articles.c.cluster.in_(sorted(set(clusters))))
        )
        unknown = float("inf")
        return sorted((unknown if row[0] is None else row[0], row[1]) for row in connection.execute(query))

    def signature(self, connection: Connection, article_id: str) -> tuple[bytes, tuple[bytes, ...]]:
        """An article's signature and its bands."""
        signature = connection.execute(
            select(schema.signatures.c.signature).where(schema.signatures.c.article_id == article_id)
        ).scalar_one()
        bands = connection.scalars(
            select(schema.signature_bands.c.band).where(schema.signature_bands.c.article_id == article_id)
        )
        return signature, tuple(bands)

    def set_cluster(self, connection: Connection, article_ids: Sequence[str], cluster: str) -> None:
        """Put the articles into one cluster."""
        for part in _parts(article_ids):
            connection.execute(
                update(schema.articles).where(schema.articles.c.id.in_(part)).values(cluster=cluster)
            )

    # Chunks

    def chunks(self, article_ids: Iterable[str]) -> list[tuple[Chunk, str]]:
        """The chunks of the articles' current versions with their embedding keys, in reading order."""
        columns = (*schema.chunks.c, _chunk_text().label("text"))
        query = select(*columns).join(schema.versions, _chunk_version())
        rows = self._select_in(query, schema.chunks.c.article_id, article_ids)
        found = [(_chunk(row), str(row.embedding_key)) for row in rows]
        return sorted(found, key=lambda pair: (pair[0].article_id, pair[0].start))

    def chunks_by_id(self, chunk_ids: Iterable[str]) -> dict[str, Chunk]:
        """The chunks with these ids; ids of replaced or removed articles are absent."""
        query = select(*schema.chunks.c, _chunk_text().label("text")).join(schema.versions, _chunk_version())
        return {row.id: _chunk(row) for row in self._select_in(query, schema.chunks.c.id, chunk_ids)}

    def chunk_places(self, chunk_ids: Iterable[str]) -> dict[str, ChunkPlace]:
        """Where these chunks stand, without their texts; ids of replaced or removed articles are absent."""
        query = (
            select(
                schema.chunks.c.id,
                schema.chunks.c.article_id,
                schema.articles.c.cluster,
                schema.versions.c.published_epoch,
            )
            .join(schema.articles, schema.articles.c.id == schema.chunks.c.article_id)
            .join(schema.versions, _chunk_version())
        )
        return {
            row.id: ChunkPlace(row.article_id, row.cluster, row.published_epoch)
            for row in self._select_in(query, schema.chunks.c.id, chunk_ids)
        }

    def chunk_ids(self) -> set[str]:
        """The ids of all chunks: what every search index should hold."""
        with self.engine.connect() as connection:
            return set(connection.scalars(select(schema.chunks.c.id)))

    # Quotes

    def quotes(
        self,
        *,
        speakers: Iterable[str] | None = None,
        topics: Iterable[str] | None = None,
        article_ids: Iterable[str] | None = None,
        outlets: Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Quote]:
        """Statements of current versions, by time (undated last), then article and place in it."""
        topic = schema.topics
        names = (
            select(func.json_group_array(topic.c.name))
            .where(topic.c.article_id == schema.quotes.c.article_id, topic.c.number == schema.quotes.c.number)
            .scalar_subquery()
        )
        query = select(
            *schema.quotes.c,
            func.substr(
                schema.versions.c.text, schema.quotes.c.start + 1, schema.quotes.c.end - schema.quotes.c.start
            ).label("text"),
            schema.versions.c.published,
            schema.versions.c.published_epoch,
            schema.versions.c.outlet,
            names.label("about"),
        ).join(
            schema.versions,
            (schema.versions.c.article_id == schema.quotes.c.article_id)
            & (schema.versions.c.version == schema.quotes.c.version),
        )
        if outlets is not None:
            query = query.where(schema.versions.c.outlet.in_(outlets))
        if since is not None:
            query = query.where(schema.versions.c.published_epoch >= since.timestamp())
        if until is not None:
            query = query.where(schema.versions.c.published_epoch < until.timestamp())
        if article_ids is not None:
            query = query.where(schema.quotes.c.article_id.in_(sorted(set(article_ids))))
        if topics is not None:
            matching = select(topic.c.article_id, topic.c.number).where(topic.c.name.in_(sorted(set(topics))))
            matching = matching.where(
                topic.c.article_id == schema.quotes.c.article_id, topic.c.number == schema.quotes.c.number
            )
            query = query.where(matching.exists())
        rows: list[Any]
        if speakers is None:
            with self.engine.connect() as connection:
                rows = list(connection.execute(query))
        else:
            rows = list(self._select_in(query, schema.quotes.c.speaker, speakers))
        unknown = float("inf")
        rows.sort(
            key=lambda row: (
                unknown if row.published_epoch is None else row.published_epoch,
                row.article_id,
                row.number,
            )
        )
        return [_quote(row) for row in rows]

    def speakers(self) -> list[tuple[str, int]]:
        """Speakers as parsed with the number of their statements, most first, then by name."""
        return self._count_names(schema.quotes.c.speaker)

    def topics(self) -> list[tuple[str, int]]:
        """Names that statements are about with their number, most first, then by name."""
        return self._count_names(schema.topics.c.name)

    def _count_names(self, column: Any) -> list[tuple[str, int]]:
        number = func.count()
        query = select(column, number).where(column.is_not(None)).group_by(column)
        with self.engine.connect() as connection:
            return [(row[0], row[1]) for row in connection.execute(query.order_by(number.desc(), column))]

    # Embeddings

    def vectors(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Stored vectors by key, as little-endian float32; keys without one are absent."""
        query = select(schema.embeddings)
        return {row.key: row.vector for row in self._select_in(query, schema.embeddings.c.key, keys)}

    def put_vectors(self, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors under their keys."""
        rows = [{"key": key, "vector": vector} for key, vector in vectors.items()]
        if rows:
            with self.transaction() as connection:
                connection.execute(upsert(schema.embeddings).on_conflict_do_nothing(), rows)

    def embedded_chunks(self) -> dict[str, bytes]:
        """The vector of every chunk that has one, by chunk id."""
        with self.engine.connect() as connection:
            return {row.id: row.vector for row in connection.execute(_embedded())}

    def chunk_vectors(self, chunk_ids: Iterable[str]) -> dict[str, bytes]:
        """The vectors of these chunks, by chunk id; a chunk without one is absent."""
        return {row.id: row.vector for row in self._select_in(_embedded(), schema.chunks.c.id, chunk_ids)}

    # Journal

    def record_change(self, connection: Connection, article_id: str) -> None:
        """Tell the search indexes that an article changed."""
        connection.execute(insert(schema.journal), {"article_id": article_id})

    def changes(self, index: str, limit: int) -> tuple[int, list[str]]:
        """The next changed articles that an index has not seen, and the cursor after them.

        Each article stands at its last change only, so that an index made anew takes it in once: tantivy
        counts what was replaced among its words' frequencies until it merges segments.
        """
        entry = schema.journal.c
        last = func.max(entry.number)
        with self.engine.connect() as connection:
            cursor = self._cursor(connection, index)
            query = select(last, entry.article_id).where(entry.number > cursor).group_by(entry.article_id)
            rows = list(connection.execute(query.order_by(last).limit(limit)))
        return (int(rows[-1][0]) if rows else cursor), [row.article_id for row in rows]

    def pending(self, index: str) -> int:
        """Number of changed articles that an index has not seen."""
        with self.engine.connect() as connection:
            count = select(func.count(schema.journal.c.article_id.distinct()))
            unseen = count.where(schema.journal.c.number > self._cursor(connection, index))
            return int(connection.execute(unseen).scalar_one())

    def advance(self, index: str, cursor: int) -> None:
        """Note that an index has applied the journal up to and including `cursor`."""
        row = {"index": index, "number": cursor}
        statement = upsert(schema.cursors).values(row)
        with self.transaction() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["index"], set_={"number": statement.excluded.number}
                )
            )

    def has_followed(self, index: str) -> bool:
        """Whether an index has ever applied a change."""
        with self.engine.connect() as connection:
            return self._cursor(connection, index) > 0

    def rewind(self, index: str) -> None:
        """Make an index read every article again."""
        with self.transaction() as connection:
            connection.execute(delete(schema.cursors).where(schema.cursors.c.index == index))
            listed = exists().where(schema.journal.c.article_id == schema.articles.c.id)
            unlisted = select(schema.articles.c.id).where(~listed).order_by(schema.articles.c.id)
            connection.execute(insert(schema.journal).from_select(["article_id"], unlisted))

    @staticmethod
    def _cursor(connection: Connection, index: str) -> int:
        query = select(schema.cursors.c.number).where(schema.cursors.c.index == index)
        return int(connection.execute(query).scalar() or 0)

    def state(self) -> int:
        """A number that grows with every change of any article."""
        with self.engine.connect() as connection:
            return int(connection.execute(select(func.max(schema.journal.c.number))).scalar() or 0)

    # Facts about the archive

    def fact(self, name: str) -> str | None:
        """A remembered fact, or None."""
        with self.engine.connect() as connection:
            value: str | None = connection.scalar(
                select(schema.facts.c.value).where(schema.facts.c.name == name)
            )
            return value

    def set_fact(self, name: str, value: str) -> None:
        """Remember a fact."""
        statement = upsert(schema.facts).values(name=name, value=value)
        with self.transaction() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["name"], set_={"value": statement.excluded.value}
                )
            )

    def counts(self) -> dict[str, int]:
        """Rows of each table that a person may want to know the number of."""
        tables = (schema.articles, schema.versions, schema.chunks, schema.quotes, schema.embeddings)
        with self.engine.connect() as connection:
            return {
                table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for table in tables
            }

    def backup(self, target: Path) -> None:
        """Copy the store to a file, consistently, also while it is being written."""
        with self.engine.connect() as connection:
            source: Any = connection.connection.dbapi_connection
            copy = sqlite3.connect(target)
            try:
                source.backup(copy)
            finally:
                copy.close()

    def _select_in(self, query: Select[Any], column: Any, values: Iterable[str]) -> Iterator[Row[Any]]:
        """Rows of the query whose column is one of the values, however many values there are."""
        with self.engine.connect() as connection:
            for part in _parts(sorted(set(values))):
                yield from connection.execute(query.where(column.in_(part)))


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _PARAMETERS):
        yield values[start : start + _PARAMETERS]


def _embedded() -> Select[Any]:
    key = schema.chunks.c.embedding_key
    return select(schema.chunks.c.id, schema.embeddings.c.vector).join(
        schema.embeddings, schema.embeddings.c.key == key
    )


def _is_current() -> Any:
    return (schema.versions.c.article_id == schema.articles.c.id) & (
        schema.versions.c.version == schema.articles.c.version
    )


def _chunk_version() -> Any:
    return (schema.versions.c.article_id == schema.chunks.c.article_id) & (
        schema.versions.c.version == schema.chunks.c.version
    )


def _chunk_text() -> Any:
    start, end = schema.chunks.c.start, schema.chunks.c.end
    return func.substr(schema.versions.c.text, start + 1, end - start)


def _article_query() -> Select[Any]:
    columns = [column for column in schema.versions.c if column.name != "published_epoch"]
    return select(*columns, schema.articles.c.cluster).join(
        schema.articles, schema.articles.c.id == schema.versions.c.article_id
    )


def _article(row: Row[Any]) -> Article:
    return Article(
        id=row.article_id,
        version=row.version,
        title=row.title,
        text=row.text,
        outlet=row.outlet,
        authors=tuple(json.loads(row.authors)),
        url=row.url,
        published=_time(row.published),
        published_from=row.published_from,
        updated=_time(row.updated),
        ingested=_time(row.ingested),
        language=row.language,
        cluster=row.cluster,
    )


def _version_row(edition: Edition) -> dict[str, object]:
    article = edition.article
    assert article.ingested is not None
    return {
        "article_id": article.id,
        "version": article.version,
        "title": article.title,
        "text": article.text,
        "outlet": article.outlet,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
        "published_epoch": article.published.timestamp() if article.published else None,
        "published_from": article.published_from,
        "updated": article.updated.isoformat() if article.updated else None,
        "ingested": article.ingested.isoformat(),
        "language": article.language,
        "source": edition.source,
        "raw_digest": edition.raw_digest,
        "content_digest": edition.content_digest,
    }


def _chunk(row: Row[Any]) -> Chunk:
    return Chunk(
        id=row.id, article_id=row.article_id, version=row.version, start=row.start, end=row.end, text=row.text
    )


_QUOTE_COLUMNS = tuple(
    column.name for column in schema.quotes.c if column.name not in {"article_id", "number", "version"}
)


def _quote_row(number: int, quote: Quote) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(quote, name) for name in _QUOTE_COLUMNS}
    return row | {"article_id": quote.article_id, "version": quote.version, "number": number}


def _quote(row: Row[Any]) -> Quote:
    return Quote(
        article_id=row.article_id,
        version=row.version,
        text=row.text,
        about=tuple(sorted(json.loads(row.about))),
        published=_time(row.published),
        outlet=row.outlet,
        **{name: getattr(row, name) for name in _QUOTE_COLUMNS},
    )


def _time(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
