"""A seal on a derived folder: every file's size and checksum, so that damage is seen before it is opened.

Chroma answers from a folder with a missing graph, and a truncated one can end the process, so a
folder is opened only when its seal holds. The first write breaks the seal; it is set again when the
write is complete. A broken seal means: make the index anew from the store.
"""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BLOCK = 1 << 20


class SealedFolder:
    """A folder of derived files with the seal beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seal = path.with_name(f"{path.name}.seal")

    @property
    def exists(self) -> bool:
        """Whether anything of it is on disk."""
        return self.path.exists() or self._seal.exists()

    def damage(self) -> str | None:
        """What differs from the sealed folder, for a person; None when the seal holds.

        A checksum is CRC-32: it finds every damage within 32 consecutive bits and misses another with a
        chance of 1 in 4 billion. It is no defence against somebody who means to deceive.
        """
        if not self.path.exists():
            return f"{self.path.name} is missing"
        try:
            sealed = json.loads(self._seal.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return f"{self.path.name} has no seal: a write did not complete"
        except ValueError:
            return f"the seal of {self.path.name} is unreadable"
        found = _checksums(self.path)
        for name in sorted(sealed.keys() | found.keys()):
            if sealed.get(name) != found.get(name):
                state = (
                    "is missing" if name not in found else "is new" if name not in sealed else "was changed"
                )
                return f"{self.path.name}/{name} {state}"
        return None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Break the seal, and set it again if all goes well."""
        self._seal.unlink(missing_ok=True)
        yield
        self.set()

    def set(self) -> None:
        """Record the folder as it is now; atomic."""
        if not self.path.exists():
            return
        draft = self._seal.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(_checksums(self.path), file, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._seal)

    def discard(self) -> None:
        """Delete the folder and its seal."""
        self._seal.unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)


def _checksums(folder: Path) -> dict[str, list[int]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): _checksum(path) for path in files}


def _checksum(path: Path) -> list[int]:
    checksum = size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            checksum = zlib.crc32(block, checksum)
            size += len(block)
    return [size, checksum]
