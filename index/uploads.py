"""Files that a stranger hands over through the page: stored under names of our own making.

Nothing of an uploaded name becomes part of a path but a known suffix; the stored name is a digest of
the content, so the same file twice is one file. A zip archive is read member by member, within
limits on their number and decompressed size; nothing is ever extracted by name.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.config import UploadLimits
from index.errors import SourceError
from index.sources import SUFFIXES
from index.types import Failure

_PIECE_BYTES = 64 * 1024
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """One file of an upload, ready to be added to an archive."""

    name: str
    """As the user knows it, made printable; for showing only, never for opening."""
    path: Path
    """Where it is stored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadResult:
    """What became of one uploaded file and, for an archive, of each file in it."""

    stored: tuple[StoredUpload, ...] = ()
    refused: tuple[Failure, ...] = ()


def store_upload(
    file: Path | IO[bytes], name: str, folder: Path, limits: UploadLimits | None = None
) -> UploadResult:
    """Store an uploaded file, or the files of an uploaded zip archive.

    Args:
        file: The content: a temporary file's path, or an open binary file.
        name: The name that the user's browser gave; any text at all.
        folder: Where to store; made where missing.
        limits: Sizes and numbers that are accepted.

    Returns:
        What is stored now, and what was refused and why. Refusing does not raise: an upload of many
        files goes on.
    """
    limits = limits or UploadLimits()
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return _store(opened, name, folder, limits)
    return _store(file, name, folder, limits)


def shown_name(name: str) -> str:
    """The last part of an uploaded name, fit to be shown: printable, at most 120 characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    printable = "".join(character for character in last if character.isprintable()).strip()
    return printable[-120:] or "unnamed file"


def _store(file: IO[bytes], name: str, folder: Path, limits: UploadLimits) -> UploadResult:
    shown = shown_name(name)
    try:
        if _suffix(name) == ".zip":
            return _store_archive(file, shown, folder, limits)
        return UploadResult(stored=(_store_file(file, name, folder, limits.file_bytes),))
    except SourceError as error:
        return UploadResult(refused=(Failure(shown, str(error)),))


def _store_archive(file: IO[bytes], shown: str, folder: Path, limits: UploadLimits) -> UploadResult:
    content = io.BytesIO(_read(file, limits.file_bytes, shown))
    stored: list[StoredUpload] = []
    refused: list[Failure] = []
    try:
        with zipfile.ZipFile(content) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > limits.archive_files:
                raise SourceError(
                    f"{shown} holds {len(members):,} files, more than {limits.archive_files}; split it"
                )
            room = limits.archive_bytes
            for member in members:
                try:
                    upload = _store_member(archive, member, folder, min(limits.file_bytes, room))
                    stored.append(upload)
                    room -= upload.path.stat().st_size
                except SourceError as error:
                    refused.append(Failure(f"{shown}: {shown_name(member.filename)}", str(error)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise SourceError(f"{shown} is no zip archive that can be read: {error}") from error
    if not members:
        raise SourceError(f"{shown} holds no files")
    return UploadResult(stored=tuple(stored), refused=tuple(refused))


def _store_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, limit: int
) -> StoredUpload:
    name = member.filename
    if _leads_elsewhere(name):
        raise SourceError(f"its name {name[:100]!r} leads out of the archive; pack it again without")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise SourceError("it is a link and not a file")
    if member.flag_bits & _ENCRYPTED:
        raise SourceError("it is encrypted; pack it without a password")
    try:
        with archive.open(member) as file:
            return _store_file(file, name, folder, limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise SourceError(f"it is damaged: {error}") from error


def _leads_elsewhere(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":") or "\0" in name


def _store_file(file: IO[bytes], name: str, folder: Path, limit: int) -> StoredUpload:
    shown = shown_name(name)
    suffix = _suffix(name)
    if suffix not in SUFFIXES:
        raise SourceError(f"{shown} is no article file; give one of {', '.join(SUFFIXES)} or a .zip of them")
    content = _read(file, limit, shown)
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b")):
        raise SourceError(f"{shown} is no text, whatever its name says")
    path = folder / f"{hashlib.blake2b(content, digest_size=16).hexdigest()}{suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    _write_whole(path, content)
    return StoredUpload(shown, path)


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        part.write(content)
    os.replace(part.name, path)  # noqa: PTH105  # the name is a str


def _read(file: IO[bytes], limit: int, shown: str) -> bytes:
    """Read a file piece by piece up to its limit: what a member claims as its size proves nothing."""
    content = bytearray()
    while piece := file.read(_PIECE_BYTES):
        content += piece
        if len(content) > limit:
            raise SourceError(f"{shown} is larger than {limit:,} bytes; split it")
    return bytes(content)


def _suffix(name: str) -> str:
    """The known suffix at the end of a name, or ".zip", or ""."""
    lowered = shown_name(name).lower()
    found = [suffix for suffix in (*SUFFIXES, ".zip") if lowered.endswith(suffix)]
    return max(found, key=len, default="")
