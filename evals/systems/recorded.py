"""Answers that a system gave earlier, from a JSONL file."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from evals.errors import RecordError
from evals.systems.reading import read_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evals.types import EvalCase, SystemAnswer


class RecordedSystem:
    """Looks each case up by id. A line is ``{"id", "text", "sources": [{"text", ...}], "abstained"}``."""

    def __init__(self, path: Path, *, name: str = "recorded") -> None:
        self.name = name
        self._digest, self._rows = _read_rows(path)

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The recorded answer; `RecordError` where there is none."""
        if case.id not in self._rows:
            raise RecordError(f"no recorded answer for case {case.id!r}")
        return read_answer(self._rows[case.id])

    def describe(self) -> Mapping[str, Any]:
        """The digest of the file."""
        return {"recorded_sha256": self._digest}


def _read_rows(path: Path) -> tuple[str, dict[str, dict[str, Any]]]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise RecordError(f"no file of recorded answers at {path}") from None
    rows: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(content.decode("utf-8", errors="replace").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            rows[str(row["id"])] = {key: value for key, value in row.items() if key != "id"}
        except (ValueError, TypeError, KeyError) as error:
            raise RecordError(f"{path}, line {number}: no object with an id ({error!r})") from None
    return sha256(content).hexdigest(), rows
