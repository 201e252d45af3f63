"""The same suite twice: two processes, on one worker and on two, must write the same bytes.

Run with ``byline eval bench repeat``. Python's hash seed differs between the two. Exit code 1 where a
report differs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from evals.cli import SAMPLE_CASES, SAMPLE_SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence

REPORTS = ("run.json", "report.md", "report.html", "junit.xml")


def run_once(cases: Path, system: str, workers: int, out: Path) -> dict[str, str]:
    """Report to sha256, of one run in a process of its own."""
    subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "evals.cli", "run", str(cases), "--system", system, "--workers", str(workers),
         "--out", str(out)],
        env={**os.environ, "PYTHONHASHSEED": str(workers)},
        stdout=subprocess.DEVNULL,
        check=True,
    )  # fmt: skip
    return {name: sha256((out / name).read_bytes()).hexdigest() for name in REPORTS}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the digests of both runs; 1 where they differ."""
    parser = argparse.ArgumentParser(
        prog="byline eval bench repeat",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cases", type=Path, default=SAMPLE_CASES)
    parser.add_argument("--system", default=SAMPLE_SYSTEM, help="as for byline eval run")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        digests = {}
        for workers in (1, 2):
            began = time.perf_counter()
            digests[workers] = run_once(options.cases, options.system, workers, Path(folder) / str(workers))
            print(f"{workers} worker{'s'[: workers - 1]}: {time.perf_counter() - began:.1f} s")
    same = True
    for name in REPORTS:
        first, second = digests[1][name], digests[2][name]
        same = same and first == second
        print(f"{name:12} {first[:16]} {second[:16]}  {'same' if first == second else 'DIFFERENT'}")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
