"""One run as data: what was asked, answered and scored, by which code, on which data.

Nothing in it depends on the clock, the machine or the order of threads, so that two runs of the
same code over the same data are equal to the byte; how long it took is in `Timings`, apart.
"""

from __future__ import annotations

import platform
import subprocess
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.canonical import canonical_json, write_atomically
from evals.errors import RecordError
from evals.statistics import Estimate
from evals.types import EvalCase, Score, SystemAnswer

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_PACKAGES = ("byline", "chromadb", "llama-index-core", "scipy", "sentence-transformers", "tantivy")
"""Whose versions can change a result."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """Which code made the run."""

    commit: str | None
    """The checked-out commit; None outside a repository."""
    dirty: bool | None
    """Whether tracked files differed from it."""
    source_digest: str
    """sha256 over the Python files of index, assistant and evals as they ran."""
    versions: dict[str, str]
    """Python and the packages that can change a result."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """One case with what the system gave for it and how that was scored."""

    case: EvalCase
    cluster: str
    answer: SystemAnswer | None
    """None where the system failed."""
    error: str | None
    """Why there is no answer or no score."""
    scores: tuple[Score, ...]
    """Empty where the case failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRecord:
    """Everything that a report, a gate or a comparison reads."""

    format: int = 1
    """Raised when an older reader would misread the file."""
    system: str
    settings: dict[str, Any]
    """What the system says of itself (`SystemUnderTest.describe`)."""
    settings_digest: str
    judge: str | None = None
    """Who judged meaning beside the exact checks (`evals.judges`); None for the checks alone."""
    cases_digest: str
    code: Code
    results: tuple[CaseResult, ...]
    """In the order of the case file."""
    summary: dict[str, Estimate]
    """Metric to estimate, over all cases."""
    kinds: dict[str, dict[str, Estimate]]
    """The same for each kind of case."""
    baselines: dict[str, dict[str, Estimate]]
    """The same for each baseline (`evals.baselines`)."""
    derived: dict[str, float]
    """Figures of the whole run that are no mean of cases: abstention F1, area under risk-coverage."""

    def values(self, metric: str) -> dict[str, float | None]:
        """Case id to the metric's value; failed cases are left out."""
        return {
            result.case.id: score.value
            for result in self.results
            for score in result.scores
            if score.metric == metric
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Timings:
    """What the answers cost in seconds and money; differs from run to run."""

    seconds: dict[str, float] = field(default_factory=dict)
    """Case id to wall time of its answer; from the first run where the answer came from the cache."""
    cost: dict[str, float] = field(default_factory=dict)
    """Case id to price, where the system tells one."""
    workers: int = 1


def write_record(path: Path, record: RunRecord) -> None:
    """Write the record as canonical JSON, replacing the file in one step."""
    write_atomically(path, canonical_json(record, indent=1))


def read_record(path: Path) -> RunRecord:
    """The record that `write_record` wrote.

    Raises:
        RecordError: The file is missing or holds something else.
    """
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(path.read_bytes())
    except FileNotFoundError:
        raise RecordError(f"no run at {path}; make one with `byline eval run --out {path.parent}`") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise RecordError(f"{path} is not a run of this version: {where}: {first['msg']}") from None


@cache
def describe_code() -> Code:
    """The code that is running, read once in a process."""
    return Code(
        commit=_git("rev-parse", "HEAD"),
        dirty=None if (status := _git("status", "--porcelain", "-uno")) is None else bool(status),
        source_digest=_digest_sources(),
        versions={"python": platform.python_version(), **_installed_versions()},
    )


def _git(*arguments: str) -> str | None:
    root = Path(__file__).parent.parent
    try:
        done = subprocess.run(  # noqa: S603  fixed arguments
            ["git", "-C", str(root), *arguments],  # noqa: S607  the git of the user's PATH
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _digest_sources() -> str:
    root = Path(__file__).parent.parent
    total = sha256()
    for package in ("assistant", "evals", "index"):
        for file in sorted((root / package).rglob("*.py")):
            total.update(file.relative_to(root).as_posix().encode() + b"\0")
            total.update(sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _installed_versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def _adapter() -> TypeAdapter[RunRecord]:
    from pydantic import TypeAdapter

    return TypeAdapter(RunRecord)
