"""The whole table on public sets: every benchmark that reads a set, one after the other.

Run with ``byline eval bench public --data DIR``. A benchmark whose files are missing says which and is
passed over; exit code 2 where none could run, 1 where one failed. Each can be run alone, with options
of its own, by its name.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLE = ("extraction", "near_duplicates", "who_said", "says_about", "judges", "retrieval", "short_answers")
"""In the order of the way of an article to an answer."""

_MISSING = 2
"""Exit code of a benchmark whose data is not there."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks and print what became of them."""
    parser = argparse.ArgumentParser(
        prog="byline eval bench public",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--only", nargs="+", choices=TABLE, default=TABLE, help="these alone")
    options = parser.parse_args(arguments)
    codes: dict[str, int] = {}
    for name in options.only:
        if find_spec(f"evals.bench.{name}") is None:
            continue
        print(f"\n## {name}\n", flush=True)
        command = [sys.executable, "-m", "evals.cli", "bench", name, "--data", str(options.data)]
        codes[name] = subprocess.run(command, check=False).returncode  # noqa: S603  our own command
    words = {0: "done", _MISSING: "not run, data missing"}
    print("\n" + "\n".join(f"{name}: {words.get(code, f'failed ({code})')}" for name, code in codes.items()))
    if all(code == _MISSING for code in codes.values()):
        return _MISSING
    return int(any(code not in words for code in codes.values()))


if __name__ == "__main__":
    sys.exit(main())
