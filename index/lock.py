"""One writer: a lock file that the operating system lets go of when its holder ends, however it ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArchiveLocked

if TYPE_CHECKING:
    from filelock import FileLock

WAIT_SECONDS = 5.0
"""How long a writer waits for another: longer than a question on the command line holds the lock."""


class WriterLock:
    """The right to write to an archive, held until `release`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "writer.lock"
        self._holder = folder / "writer.pid"
        self._lock: FileLock | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._lock is not None and self._lock.is_locked

    def acquire(self, wait: float = WAIT_SECONDS) -> None:
        """Take the lock, or find that it is held already.

        Raises:
            ArchiveLocked: Another process kept it for longer than `wait` seconds.
        """
        if self.held:
            return
        from filelock import FileLock, Timeout

        lock = FileLock(self._path, thread_local=False)
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise ArchiveLocked(
                f"Another process{self._named()} has {self._path.parent} open for writing. Add through it, "
                "as its page can, or stop it and try again."
            ) from error
        self._lock = lock
        self._holder.write_text(str(os.getpid()), encoding="ascii")

    def try_acquire(self) -> bool:
        """Take the lock if nobody has it; whether it is held now."""
        try:
            self.acquire(wait=0)
        except ArchiveLocked:
            return False
        return True

    def release(self) -> None:
        """Let others write."""
        if self._lock is not None:
            self._holder.unlink(missing_ok=True)
            self._lock.release()
            self._lock = None

    def _named(self) -> str:
        try:
            return f" (pid {int(self._holder.read_text(encoding='ascii'))})"
        except (OSError, ValueError):
            return ""
