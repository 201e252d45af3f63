"""What can go wrong in the index.

    BylineError
    ├── SourceError            one source cannot become an article; never stops a batch
    │   ├── FetchError         a URL was refused, unreachable, too large or too slow
    │   └── ExtractError       a page or file holds no article, or is hostile
    ├── ArchiveError           the archive as a whole
    │   ├── ArchiveMissing     no archive at that path and create=False
    │   ├── ArchiveLocked      another process is writing
    │   ├── ArchiveReadOnly    a write through a reader
    │   └── ArchiveDamaged     the store or an index cannot be trusted
    ├── ArticleNotFound        no article (or version) with that id
    └── EmbeddingError         the embedder cannot be loaded or returned unusable vectors

Every message says what happened, the value that caused it, and what to do next.
"""


class BylineError(Exception):
    """Base of every error that byline raises on purpose."""


class SourceError(BylineError):
    """One source cannot become an article."""


class FetchError(SourceError):
    """A URL was refused, unreachable, too large or too slow."""


class ExtractError(SourceError):
    """A page or file holds no article, or is built to do harm."""


class ArchiveError(BylineError):
    """The archive as a whole cannot do what was asked."""


class ArchiveMissing(ArchiveError):
    """There is no archive at the path and it was not to be created."""


class ArchiveLocked(ArchiveError):
    """Another process is writing to the archive."""


class ArchiveReadOnly(ArchiveError):
    """A write was asked of an archive that another process holds open for writing."""


class ArchiveDamaged(ArchiveError):
    """The store or an index differs from what was written."""


class ArticleNotFound(BylineError):
    """No article, or no such version of it, has that id."""


class EmbeddingError(BylineError):
    """The embedding model cannot be loaded or returned unusable vectors."""
