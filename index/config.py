"""Settings of the index, grouped by step; every field has its unit."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchLimits:
    """What a URL may cost before it is given up."""

    seconds: float = 20.0
    """Total wall time for one page, redirects included."""
    decoded_bytes: int = 5_000_000
    """Size of a body after decompression."""
    redirects: int = 3
    """Hops, each checked like the first address."""
    feed_entries: int = 1_000
    """Entries read of one feed, first come first; each costs a page."""
    private_hosts: tuple[str, ...] = ()
    """``host:port`` names that may be fetched although they lie outside the public internet: an
    intranet's content system. The port is written out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractLimits:
    """What reading one document may cost in its worker process."""

    seconds: float = 10.0
    """Processor time for one document; it may wait for its turn up to six times as long."""
    memory_bytes: int = 1_000_000_000
    """Address space that the worker may add."""
    file_bytes: int = 50_000_000
    """Size of one file on disk (a JSONL dump is read line by line and is not limited)."""
    text_characters: int = 2_000_000
    """Length of one article's text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadLimits:
    """What one uploaded file may cost before it is stored."""

    file_bytes: int = 50_000_000
    """Size of a file, and of each file in an archive after decompression."""
    archive_files: int = 200
    """Files in one zip archive."""
    archive_bytes: int = 200_000_000
    """Size of all files of one zip archive after decompression."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexConfig:
    """Everything about an archive that can be chosen."""

    fetch: FetchLimits = field(default_factory=FetchLimits)
    extract: ExtractLimits = field(default_factory=ExtractLimits)
    chunk_characters: int = 900
    """Longest chunk in code points, unless one sentence alone is longer. About 200 word pieces of
    English: with title, outlet and date before it, it fits the 256 that the default model reads."""
