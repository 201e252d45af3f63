"""Articles in; ranked passages and credited statements out. Knows nothing of chat.

The files in the order an article meets them: `sources` finds it, `fetch` and `extract` read it, `cleaning`
and `dates` tidy it, `sentences`, `chunking`, `quotes` and `syndication` parse it, `store` keeps it, `follow`
carries it to `keyword` and `vectors`, and `retrieval` brings it back. `archive` is the way in.
"""

from index.archive import Archive, ArchiveStats
from index.config import IndexConfig
from index.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveLocked,
    ArchiveMissing,
    ArticleNotFound,
    BylineError,
    EmbeddingError,
    ExtractError,
    FetchError,
    SourceError,
)
from index.types import Article, Chunk, Failure, Ingested, IngestReport, Passage, Quote

__all__ = [  # noqa: RUF022 - grouped by what they are for
    # the archive
    "Archive",
    "ArchiveStats",
    "IndexConfig",
    # what travels
    "Article",
    "Chunk",
    "Passage",
    "Quote",
    "IngestReport",
    "Ingested",
    "Failure",
    # errors
    "ArchiveDamaged",
    "ArchiveError",
    "ArchiveLocked",
    "ArchiveMissing",
    "ArticleNotFound",
    "BylineError",
    "EmbeddingError",
    "ExtractError",
    "FetchError",
    "SourceError",
]
