"""The tables of the store. `index/migrations` holds how each schema version became the next.

What is true stands in ``articles`` and ``versions``. Everything else is derived from them and can be
made again: ``chunks``, ``quotes``, ``topics`` and ``signatures`` by parsing, ``embeddings`` by the model.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),  # the current one
    Column("cluster", Text, nullable=False, index=True),
)

versions = Table(
    "versions",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("outlet", Text, index=True),
    Column("authors", Text, nullable=False),  # JSON list
    Column("url", Text),
    Column("published", Text),  # ISO 8601 with zone, as given
    Column("published_epoch", Float, index=True),  # the same in seconds, to sort and filter by
    Column("published_from", Text, nullable=False),
    Column("updated", Text),
    Column("ingested", Text, nullable=False),
    Column("language", Text),
    Column("source", Text, nullable=False),
    Column("raw_digest", Text, nullable=False),  # of the source item, to know it again without reading it
    Column("content_digest", Text, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("article_id", Text, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("embedding_key", Text, nullable=False, index=True),
    ForeignKeyConstraint(
        ["article_id", "version"], ["versions.article_id", "versions.version"], ondelete="CASCADE"
    ),
)

quotes = Table(
    "quotes",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # order in the article, from 0
    Column("version", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("speaker", Text, index=True),
    Column("speaker_start", Integer),
    Column("speaker_end", Integer),
    Column("cue", Text),
    Column("cue_start", Integer),
    Column("cue_end", Integer),
    Column("polarity", Text, nullable=False),
    ForeignKeyConstraint(
        ["article_id", "version"], ["versions.article_id", "versions.version"], ondelete="CASCADE"
    ),
)

topics = Table(
    "topics",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    ForeignKeyConstraint(
        ["article_id", "number"], ["quotes.article_id", "quotes.number"], ondelete="CASCADE"
    ),
    Index("topics_by_name", "name"),
)

signatures = Table(
    "signatures",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("signature", LargeBinary, nullable=False),
)

signature_bands = Table(
    "signature_bands",
    metadata,
    Column("band", LargeBinary, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("key", Text, primary_key=True),  # digest of the embedder's name and the embedded text
    Column("vector", LargeBinary, nullable=False),  # little-endian float32
)

journal = Table(
    "journal",
    metadata,
    # What changed, in order. A search index has applied everything up to its cursor.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("article_id", Text, nullable=False),
    sqlite_autoincrement=True,
)

cursors = Table(
    "cursors",
    metadata,
    Column("index", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    # What the derived tables were made with: parser version, chunk size, embedder.
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
