"""Reads every vector of a Chroma folder in a process of its own, from a copy.

Opening a folder makes Chroma write to it, and a damaged one can end the process: neither may happen to
an archive that is only looked at.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ArchiveDamaged

if TYPE_CHECKING:
    from index.search_index import FloatVector

SECONDS = 600.0
"""How long the process may take: about 100 times what 25,000 vectors need."""


@dataclass(frozen=True, slots=True)
class ChromaReading:
    """What Chroma gave back."""

    vectors: dict[str, FloatVector]
    """By chunk id."""
    nearest: dict[str, list[str]]
    """For each sampled chunk the ids that Chroma finds nearest to its vector, best first."""


def read_copy(folder: Path, sample: Sequence[str], k: int) -> ChromaReading:
    """Read all vectors of a Chroma folder and ask it for the `k` nearest of some.

    Raises:
        ArchiveDamaged: Chroma raised, crashed or did not end.
    """
    with tempfile.TemporaryDirectory(prefix="byline-check-") as temporary:
        work = Path(temporary)
        shutil.copytree(folder, work / "chroma")
        (work / "sample.json").write_text(json.dumps({"ids": list(sample), "k": k}), encoding="utf-8")
        command = [sys.executable, "-m", "index.chroma_copy", str(work)]
        try:
            ended = subprocess.run(  # noqa: S603 - our own module, no shell
                command, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ArchiveDamaged(
                f"reading the vectors in {folder} did not end within {SECONDS:.0f} s"
            ) from error
        if ended.returncode:
            last = ended.stderr.strip().splitlines()[-1:] or ["no message"]
            raise ArchiveDamaged(
                f"reading the vectors in {folder} ended with code {ended.returncode}: {last[0][:300]}"
            )
        return _load(work)


def _load(work: Path) -> ChromaReading:
    ids, nearest = json.loads((work / "ids.json").read_text(encoding="utf-8"))
    matrix = np.load(work / "vectors.npy", allow_pickle=False)
    return ChromaReading(dict(zip(ids, matrix, strict=True)), nearest)


def _read(work: Path) -> None:
    from index.search_index import SearchFilter
    from index.vectors import ChromaVectors

    asked = json.loads((work / "sample.json").read_text(encoding="utf-8"))
    chroma = ChromaVectors(work / "chroma")
    vectors = dict(chroma.vectors())
    nearest = {
        chunk_id: [hit.chunk_id for hit in chroma.search(vectors[chunk_id], asked["k"], SearchFilter())]
        for chunk_id in asked["ids"]
        if chunk_id in vectors
    }
    np.save(work / "vectors.npy", np.array(list(vectors.values()), dtype="<f4"))
    (work / "ids.json").write_text(json.dumps([list(vectors), nearest]), encoding="utf-8")


if __name__ == "__main__":
    _read(Path(sys.argv[1]))
