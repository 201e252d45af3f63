"""The web addresses that articles were added from: when each was read, what it gave, what went wrong last.

They stand in ``addresses.json`` beside the archive: the index keeps articles and knows nothing of who wants
to read an address again.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE_NAME = "addresses.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownAddress:
    """One address and how reading it went."""

    address: str
    since: datetime
    """When it was first read."""
    read: datetime
    """When it was last tried."""
    articles: int = 0
    """How many it gave when it was last read without an error."""
    newest: datetime | None = None
    """Publication of the newest article it has given."""
    error: str | None = None
    """Why the last try failed; None if it did not."""


class AddressBook:
    """The known addresses of one archive; the file is made on first use."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Keep the book in `folder`, dated by `now`."""
        self._path = folder / FILE_NAME
        self._now = now
        self._changing = threading.Lock()

    def addresses(self) -> list[KnownAddress]:
        """All of them, those read last first; what cannot be read any more is left out."""
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            known = [_from_row(row) for row in rows]
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return []
        return sorted(known, key=lambda each: (-each.read.timestamp(), each.address))

    def record_read(self, address: str, articles: int, newest: datetime | None) -> None:
        """An address was read; `newest` is the publication of the newest article it gave."""
        with self._changing:
            known = self._known(address)
            latest = max((moment for moment in (known.newest, newest) if moment), default=None)
            self._keep(replace(known, read=self._now(), articles=articles, newest=latest, error=None))

    def record_failure(self, address: str, error: str) -> None:
        """An address could not be read."""
        with self._changing:
            self._keep(replace(self._known(address), read=self._now(), error=error))

    def forget(self, address: str) -> None:
        """Take an address out of the book; its articles stay."""
        with self._changing:
            self._write([each for each in self.addresses() if each.address != address])

    def _known(self, address: str) -> KnownAddress:
        now = self._now()
        new = KnownAddress(address=address, since=now, read=now)
        return next((each for each in self.addresses() if each.address == address), new)

    def _keep(self, changed: KnownAddress) -> None:
        others = [each for each in self.addresses() if each.address != changed.address]
        self._write([changed, *others])

    def _write(self, known: list[KnownAddress]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(".new")
        rows = [_to_row(each) for each in known]
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(rows, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._path)


def _to_row(known: KnownAddress) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(known).items()
    }


def _from_row(row: dict[str, Any]) -> KnownAddress:
    times = {
        name: datetime.fromisoformat(row[name]) if row[name] else None for name in ("since", "read", "newest")
    }
    return KnownAddress(**row | times)
