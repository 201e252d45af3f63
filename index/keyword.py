"""Keyword search: BM25 over chunks in tantivy (Robertson and Zaragoza 2009; k1 1.2, b 0.75)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ArchiveDamaged
from index.search_index import Hit, IndexEntry, SearchFilter, total_order

if TYPE_CHECKING:
    import tantivy

FIELDS = {"text": 1.0, "title": 0.5}
"""Searched fields and their weights. The title says what the whole article is about, not the chunk."""

TEXT_ONLY = {"text": 1.0}
"""For a query of several parts: a title is the same for all chunks of an article, and so cannot tell which of
them holds which part."""

_ANALYZER = "byline_english"
_MEMORY = 64_000_000  # bytes the writer collects before it writes a segment


class KeywordIndex:
    """A `SearchIndex` whose query is plain text; nothing in it is an operator."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _index(self) -> tantivy.Index:
        import tantivy

        builder = tantivy.SchemaBuilder()
        for name in FIELDS:
            builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
        for name in ("article_id", "outlet", "speaker"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("chunk_id", tokenizer_name="raw", index_option="basic", stored=True)
        builder.add_integer_field("published", indexed=True, fast=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            index = tantivy.Index(builder.build(), path=str(self._folder))
            index.register_tokenizer(_ANALYZER, self._analyzer)
        except (ValueError, OSError) as error:
            raise ArchiveDamaged(
                f"The keyword index {self._folder} cannot be opened ({error}). Make it anew: byline rebuild"
            ) from error
        return index

    @cached_property
    def _analyzer(self) -> tantivy.TextAnalyzer:
        from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

        builder = TextAnalyzerBuilder(Tokenizer.simple())
        for step in (
            Filter.remove_long(60),
            Filter.lowercase(),
            Filter.ascii_fold(),
            Filter.stemmer("english"),
        ):
            builder = builder.filter(step)
        return builder.build()

    @cached_property
    def _writer(self) -> tantivy.IndexWriter:
        # One thread: the order of documents, and so of ties, is the order in which they came.
        return self._index.writer(heap_size=_MEMORY, num_threads=1)

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add the chunks, replacing those with the same id; searchable when it returns."""
        from tantivy import Document

        for entry in entries:
            self._writer.delete_documents_by_term("chunk_id", entry.chunk_id)
            document = Document()
            document.add_text("chunk_id", entry.chunk_id)
            document.add_text("article_id", entry.article_id)
            document.add_text("text", entry.text)
            document.add_text("title", entry.title)
            if entry.outlet is not None:
                document.add_text("outlet", entry.outlet)
            if entry.published is not None:
                document.add_integer("published", entry.published)
            for speaker in entry.speakers:
                document.add_text("speaker", speaker)
            self._writer.add_document(document)
        self._commit()

    def delete(self, article_ids: Iterable[str]) -> None:
        """Forget every chunk of the articles."""
        for article_id in article_ids:
            self._writer.delete_documents_by_term("article_id", article_id)
        self._commit()

    def _commit(self) -> None:
        self._writer.commit()
        self._index.reload()

    def search(
        self, query: str, k: int, where: SearchFilter, *, fields: Mapping[str, float] = FIELDS
    ) -> list[Hit]:
        """At most `k` chunks by BM25 summed over the weighted fields, then by id."""
        terms = sorted(set(self._analyzer.analyze(query)))
        if not terms or where.excludes_everything or k < 1:
            return []
        # Another process may have committed since; reading the list of segments costs microseconds.
        self._index.reload()
        searcher = self._index.searcher()
        found = searcher.search(self._query(terms, where, fields), limit=k, count=False).hits
        return total_order(Hit(str(searcher.doc(address)["chunk_id"][0]), score) for score, address in found)

    def _query(self, terms: Sequence[str], where: SearchFilter, fields: Mapping[str, float]) -> tantivy.Query:
        from tantivy import FieldType, Occur, Query

        schema = self._index.schema
        wanted = [
            (Occur.Should, Query.boost_query(Query.term_query(schema, field, term, "freq"), weight))
            for field, weight in fields.items()
            for term in terms
        ]
        clauses: list[tuple[Any, Any]] = [(Occur.Must, Query.boolean_query(wanted))]
        for field, values in (("outlet", where.outlets), ("speaker", where.speakers)):
            if values is not None:
                accepted = Query.term_set_query(schema, field, list(values))
                clauses.append((Occur.Must, Query.const_score_query(accepted, 0.0)))
        if where.since is not None or where.until is not None:
            latest = None if where.until is None else where.until - 1  # whole seconds, `until` itself is out
            window = Query.range_query(schema, "published", FieldType.Integer, where.since, latest)
            clauses.append((Occur.Must, Query.const_score_query(window, 0.0)))
        return Query.boolean_query(clauses)

    def ids(self) -> set[str]:
        """The ids of all chunks in the index."""
        from tantivy import Query

        self._index.reload()
        searcher = self._index.searcher()
        found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs), count=False).hits
        return {str(searcher.doc(address)["chunk_id"][0]) for _score, address in found}

    def close(self) -> None:
        """Let go of files and threads."""
        if "_writer" in self.__dict__:
            with suppress(ValueError):  # a writer that failed has nothing left to wait for
                self._writer.wait_merging_threads()
        for name in ("_writer", "_index"):
            self.__dict__.pop(name, None)
