"""The archive: articles go in, ranked passages and credited statements come out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from index.config import IndexConfig
from index.embedding import Embedder, SentenceTransformerEmbedder
from index.errors import ArchiveMissing, EmbeddingError
from index.keyword import FIELDS, TEXT_ONLY
from index.lock import WriterLock
from index.names import NameIndex
from index.progress import Progress, ProgressHook, no_progress
from index.retrieval import add_parts, candidates_for, fuse, to_passages
from index.search_index import Hit, SearchFilter
from index.sources import Source, read_sources
from index.statements import rank_quotes
from index.types import Article, IngestReport, Passage, QueryPart, Quote

if TYPE_CHECKING:
    from llama_index.core.retrievers import BaseRetriever

    from index.follow import DenseFollower, KeywordFollower
    from index.health import CheckReport
    from index.ingest import Parser
    from index.store import Store

RETRIEVERS = ("keyword", "dense")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveStats:
    """How much an archive holds."""

    articles: int
    versions: int
    chunks: int
    quotes: int
    """Statements of the current versions, credited or not."""
    speakers: int
    """Different names that statements are credited to."""
    outlets: int
    clusters: int
    """Articles counted once for all their near-duplicates."""
    to_embed: int
    """Articles that keyword search finds and vector search does not yet."""
    oldest: datetime | None
    newest: datetime | None
    """Publication times of the first and last dated article."""


class Archive:
    """A folder with a newsroom's articles. Open it with `Archive.open`; close it, or use ``with``.

    Any number of processes may read; the first that writes holds the writer lock until it closes.
    An archive may be used from several threads.
    """

    def __init__(self, folder: Path, config: IndexConfig, embedder: Embedder) -> None:
        """Use `Archive.open`."""
        self.folder = folder
        self._config = config
        self._embedder = embedder
        self._lock = WriterLock(folder)
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self._worker_error: Exception | None = None
        self._starting = threading.Lock()
        self._opened: _Parts | None = None
        self._derived: dict[str, tuple[int, Any]] = {}

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        create: bool = True,
        config: IndexConfig | None = None,
        embedder: Embedder | None = None,
    ) -> Archive:
        """Open the archive in a folder.

        Args:
            path: The folder.
            create: Whether a missing archive is made; nothing is written before the first `add`.
            config: Limits and sizes.
            embedder: The model for vector search; by default the packaged one, loaded on first use.

        Raises:
            ArchiveMissing: There is no archive there and `create` is False.
        """
        archive = cls(Path(path), config or IndexConfig(), embedder or SentenceTransformerEmbedder())
        if not create and not archive._exists:
            raise ArchiveMissing(
                f"There is no archive at {path}. Make one with: byline --archive {path} add SOURCE"
            )
        return archive

    @property
    def _exists(self) -> bool:
        from index.store import FILE_NAME

        return (self.folder / FILE_NAME).is_file()

    # Articles in

    def add(
        self,
        sources: Source | Iterable[Source],
        *,
        wait: bool = True,
        progress: ProgressHook = no_progress,
    ) -> IngestReport:
        """Store the articles that the sources hold; run again, it changes nothing.

        Args:
            sources: Files, folders, ``-``, addresses of pages and feeds, JSONL, `Article`s or
                llama-index `Document`s.
            wait: Whether to return only when vectors are done too. Otherwise it returns when keyword search
                and quotes serve, and vectors follow in the background (`wait`).
            progress: Told of every article once it is safe on disk, and of every failure.

        Returns:
            What became of each source; one that fails never stops the others.

        Raises:
            ArchiveLocked: Another process is writing.
        """
        from index.ingest import ingest

        parts = self._open_to_write()
        with parts.keyword.following() as follow:
            report = ingest(
                parts.store,
                parts.parser,
                read_sources(sources, self._config),
                hook=progress,
                committed=follow,
            )
        self._start_worker(progress)
        if wait:
            self.wait()
        return report

    def wait(self, progress: ProgressHook = no_progress) -> None:
        """Return when every stored article has its vectors, those of an interrupted ingest included.

        Raises:
            ArchiveLocked: Another process is writing.
            EmbeddingError: The model cannot be loaded or returned unusable vectors; what was embedded
                before is kept, and `wait` goes on from there.
        """
        parts = self._open_to_write()
        parts.keyword.follow()
        worker = self._start_worker(progress)
        worker.join()
        if self._worker_error is not None:
            error, self._worker_error = self._worker_error, None
            raise error

    def prepare(self) -> None:
        """Get ready to serve, in the background: load the model, finish what an interrupted ingest left.

        The archive becomes the writer if nobody is; otherwise it stays a reader.
        """
        self.warm_up()
        if self._exists and self._lock.try_acquire():
            parts = self._open_to_write()
            parts.keyword.follow()
            self._start_worker(no_progress)

    def warm_up(self) -> None:
        """Load the embedding model in the background, so that the first search does not wait for it."""
        threading.Thread(target=self._load_model, name="byline-warm-up", daemon=True).start()

    def _load_model(self) -> None:
        with suppress(EmbeddingError):  # the first search will say so
            self._embedder.encode_query(["Who said what?"])

    def remove(self, article_id: str) -> None:
        """Delete an article, all its versions and everything derived from it.

        Raises:
            ArticleNotFound: No article has that id.
            ArchiveLocked: Another process is writing.
        """
        from index.clusters import leave_cluster

        parts = self._open_to_write()
        parts.store.article(article_id)
        with parts.store.transaction() as connection:
            leave_cluster(parts.store, connection, article_id)
            parts.store.remove(connection, article_id)
        parts.keyword.follow()
        self._start_worker(no_progress).join()

    def _start_worker(self, progress: ProgressHook) -> threading.Thread:
        """The thread that embeds what is pending; a running one takes new work along."""
        with self._starting:
            previous = self._worker

            def work() -> None:
                if previous is not None:
                    previous.join()
                self._embed(progress)

            self._worker = threading.Thread(target=work, name="byline-embedding", daemon=True)
            self._worker.start()
            return self._worker

    def _embed(self, progress: ProgressHook) -> None:
        parts = self._parts
        total = parts.store.pending("dense")
        done = 0

        def embedded(articles: int) -> None:
            nonlocal done
            done += articles
            progress(Progress("embedded", "", done, max(total, done)))

        try:
            parts.dense.follow(self._stop.is_set, embedded)
        except Exception as error:  # noqa: BLE001 - kept for `wait`, which raises it in the caller's thread
            self._worker_error = error

    # Passages and statements out

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        outlet: str | Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        speaker: str | None = None,
        near: datetime | None = None,
        parts: Sequence[QueryPart] = (),
        retrievers: Collection[str] = RETRIEVERS,
    ) -> list[Passage]:
        """The passages that fit a query best.

        Args:
            query: Plain words or a question.
            k: How many passages at most.
            outlet: Only from this outlet, or from any of these.
            since: Only published at this time or later.
            until: Only published before this time.
            speaker: Only passages in which this person is credited with a statement.
            near: Prefer what was published near this time.
            parts: What the query asks for, if that is several things: a passage that fits one of them
                well is found although the others do not stand in it.
            retrievers: Which of ``keyword`` and ``dense`` to ask; without ``dense`` no model is loaded.

        Returns:
            Passages by falling score, then by id. Of near-duplicate articles only the earliest. An empty
            window, an unknown outlet or speaker gives an empty list.
        """
        if not self._exists:
            return []
        where = SearchFilter(
            outlets=_as_tuple(outlet),
            since=_epoch(since),
            until=_epoch(until),
            speakers=None if speaker is None else tuple(sorted(self.speaker_names().matches(speaker))),
        )
        fields = TEXT_ONLY if parts else FIELDS
        wanted = [(query, where), *((part.text, _within(where, part)) for part in parts)]
        count = candidates_for(k)
        keyword, dense = self._parts.keyword, self._parts.dense
        found: dict[str, list[list[Hit]]] = {}
        if "keyword" in retrievers:
            found["keyword"] = [
                keyword.search(text, count, narrowed, fields=fields) for text, narrowed in wanted
            ]
        if "dense" in retrievers:
            vectors = dense.encode([text for text, _narrowed in wanted])
            found["dense"] = [
                dense.search(vector, count, narrowed)
                for vector, (_text, narrowed) in zip(vectors, wanted, strict=True)
            ]
        ranked, *of_parts = [
            fuse({name: hits[number] for name, hits in found.items()}) for number in range(len(wanted))
        ]
        if parts:
            ranked = add_parts(ranked, of_parts)
        return to_passages(self._parts.store, ranked, k, near)

    def quotes(
        self,
        *,
        speaker: str | None = None,
        about: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        outlet: str | Sequence[str] | None = None,
        article_id: str | None = None,
        limit: int | None = 50,
    ) -> list[Quote]:
        """Statements, each with who made it where the article says so.

        Args:
            speaker: Made by this person, whatever the spelling in the article.
            about: Speaking of this person, organisation, place or topic.
            since: Only published at this time or later.
            until: Only published before this time.
            outlet: Only from this outlet, or from any of these.
            article_id: Only from this article.
            limit: How many at most; None for all.

        Returns:
            Best first where `about` is given, else by time, article and place. A statement that several
            near-duplicate articles carry comes once, from the earliest.
        """
        if not self._exists:
            return []
        speakers = None if speaker is None else self.speaker_names().matches(speaker)
        found = self._parts.store.quotes(
            speakers=speakers,
            article_ids=None if article_id is None else [article_id],
            outlets=_as_tuple(outlet),
            since=since,
            until=until,
        )
        ranked = rank_quotes(self._once_each(found), about)
        return ranked if limit is None else ranked[:limit]

    def _once_each(self, quotes: Sequence[Quote]) -> list[Quote]:
        """Quotes without those that another article of the same cluster carried before."""
        clusters: dict[str, str] = self._derive("clusters", lambda store: store.clusters(), {})
        kept: dict[tuple[str, str | None, str], str] = {}
        once = []
        for quote in quotes:
            key = (clusters[quote.article_id], quote.speaker, " ".join(quote.text.split()))
            if kept.setdefault(key, quote.article_id) == quote.article_id:
                once.append(quote)
        return once

    def speakers(self) -> list[tuple[str, int]]:
        """Speakers with the number of their statements, most first, then by name."""
        speakers: list[tuple[str, int]] = self._derive("speakers", lambda store: store.speakers(), [])
        return list(speakers)

    def speaker_names(self) -> NameIndex:
        """The index of speakers' names: which stored names an asked one may mean."""
        return self._derive("speaker names", lambda store: NameIndex(dict(store.speakers())), NameIndex({}))

    def topic_names(self) -> NameIndex:
        """The index of names that statements are about."""
        return self._derive("topic names", lambda store: NameIndex(dict(store.topics())), NameIndex({}))

    def _derive(self, name: str, make: Callable[[Store], T], empty: T) -> T:
        """A value made from the whole store, made again only after an article changed."""
        if not self._exists:
            return empty
        store = self._parts.store
        state = store.state()
        kept = self._derived.get(name)
        if kept is None or kept[0] != state:
            kept = self._derived[name] = (state, make(store))
        value: T = kept[1]
        return value

    # Articles

    def article(self, article_id: str, version: int | None = None) -> Article:
        """One version of an article, the current one unless a version is given.

        Raises:
            ArticleNotFound: There is none.
        """
        return self._parts.store.article(article_id, version)

    def versions(self, article_id: str) -> list[Article]:
        """Every version of an article, oldest first; empty for an unknown id."""
        return self._parts.store.versions(article_id)

    def copies(self, article_id: str) -> list[Article]:
        """The near-duplicates of an article (wire copy), the earliest first; without the article itself.

        Raises:
            ArticleNotFound: No article has that id.
        """
        store = self._parts.store
        cluster = store.article(article_id).cluster
        with store.engine.connect() as connection:
            members = store.cluster_members(connection, [cluster] if cluster else [])
        return [store.article(member) for _published, member in members if member != article_id]

    def articles(
        self,
        *,
        outlet: str | Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Article]:
        """Current versions, newest first, undated last, then by id."""
        if not self._exists:
            return []
        return self._parts.store.articles(
            outlets=_as_tuple(outlet), since=since, until=until, limit=limit, offset=offset
        )

    def outlets(self) -> list[tuple[str, int]]:
        """Outlets with the number of their articles, most first, then by name."""
        outlets: list[tuple[str, int]] = self._derive("outlets", lambda store: store.outlets(), [])
        return list(outlets)

    # Upkeep

    def stats(self) -> ArchiveStats:
        """How much the archive holds."""
        if not self._exists:
            counts = dict.fromkeys(("articles", "versions", "chunks", "quotes"), 0)
            return ArchiveStats(
                **counts, speakers=0, outlets=0, clusters=0, to_embed=0, oldest=None, newest=None
            )
        store = self._parts.store
        counts = store.counts()
        oldest, newest = store.published_range()
        return ArchiveStats(
            articles=counts["articles"],
            versions=counts["versions"],
            chunks=counts["chunks"],
            quotes=counts["quotes"],
            speakers=len(store.speakers()),
            outlets=len(store.outlets()),
            clusters=len(set(store.clusters().values())),
            to_embed=store.pending("dense"),
            oldest=oldest,
            newest=newest,
        )

    def check(self) -> CheckReport:
        """Compare the store with itself and with both indexes; read-only. See `index.health`."""
        from index.health import check

        parts = self._parts
        return check(parts.store, parts.keyword, parts.dense)

    def rebuild(self, progress: ProgressHook = no_progress) -> None:
        """Make everything derived anew: chunks, statements, clusters and both indexes.

        Texts that were embedded before are not embedded again.

        Raises:
            ArchiveLocked: Another process is writing.
        """
        from index.rebuild import parse_again

        parts = self._open_to_write()
        self._finish_worker()
        parse_again(parts.store, parts.parser, progress)
        parts.keyword.discard()
        parts.dense.discard()
        self._stop.clear()
        self.wait(progress)

    def backup(self, file: str | Path) -> None:
        """Copy the store to a file, consistently, also while articles are being added.

        To restore, put the file as ``archive.sqlite`` into an empty folder and run `rebuild`.
        """
        self._parts.store.backup(Path(file))

    def as_retriever(self, k: int = 10) -> BaseRetriever:
        """This archive as a llama-index retriever of `k` passages."""
        from index.llama_index import ArchiveRetriever

        return ArchiveRetriever(self, k=k)

    # Opening and closing

    @property
    def _parts(self) -> _Parts:
        """Store and indexes, for reading."""
        with self._starting:
            if self._opened is None:
                parts = self._make_parts()
                parts.store.require()
                self._opened = parts
            return self._opened

    def _open_to_write(self) -> _Parts:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        with self._starting:
            if self._opened is None:
                parts = self._make_parts()
                parts.store.migrate()
                self._opened = parts
            return self._opened

    def _make_parts(self) -> _Parts:
        from index.follow import DenseFollower, KeywordFollower
        from index.ingest import Parser
        from index.store import Store

        store = Store(self.folder)
        return _Parts(
            store=store,
            keyword=KeywordFollower(self.folder, store, self._lock),
            dense=DenseFollower(self.folder, store, self._lock, self._embedder),
            parser=Parser(self._config.chunk_characters, self._embedder.name),
        )

    def _finish_worker(self) -> None:
        self._stop.set()
        if self._worker is not None:
            self._worker.join()

    def close(self) -> None:
        """Finish the current batch, let go of all files and of the writer lock."""
        self._finish_worker()
        self._stop.clear()
        if self._opened is not None:
            self._opened.keyword.close()
            self._opened.dense.close()
            self._opened.store.close()
            self._opened = None
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _Parts:
    """What an open archive works with."""

    store: Store
    keyword: KeywordFollower
    dense: DenseFollower
    parser: Parser


def _as_tuple(outlet: str | Sequence[str] | None) -> tuple[str, ...] | None:
    if outlet is None or isinstance(outlet, tuple):
        return outlet
    return (outlet,) if isinstance(outlet, str) else tuple(outlet)


def _epoch(time: datetime | None) -> int | None:
    """Whole epoch seconds of an aware datetime."""
    return None if time is None else int(time.timestamp())


def _within(where: SearchFilter, part: QueryPart) -> SearchFilter:
    """The filter narrowed to the outlets and the time of a part of the query, where it names any."""
    outlets = where.outlets
    if part.outlets:
        outlets = tuple(name for name in part.outlets if where.outlets is None or name in where.outlets)
    since = [time for time in (where.since, _epoch(part.since)) if time is not None]
    until = [time for time in (where.until, _epoch(part.until)) if time is not None]
    return replace(where, outlets=outlets, since=max(since, default=None), until=min(until, default=None))
