"""What verification costs: milliseconds of CPU for each claim, median and 95th percentile.

    python -m evals.bench.verification_cost --data DIR

Claims are the specimens of `evals.lies`: one sentence with three passages, checked as `check_answer` does,
the passages read anew each time. No embeddings, no model.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from evals.bench.data import read_articles
from evals.lies import judge, make_specimens

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures, over all claims and for those that were supported."""
    import numpy as np

    parser = argparse.ArgumentParser(prog="python -m evals.bench.verification_cost", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the article files")
    parser.add_argument("--file", default="polnear")
    parser.add_argument("--per-mutation", type=int, default=50)
    options = parser.parse_args(arguments)
    specimens = make_specimens(read_articles(options.data, options.file), 0, options.per_mutation)
    judge(specimens[0])  # modules load with the first one
    spent: dict[bool, list[float]] = {True: [], False: []}
    for specimen in specimens:
        started = time.process_time()
        claim = judge(specimen)
        spent[claim.verdict == "supported"].append(1000 * (time.process_time() - started))
    for title, values in (("all", spent[True] + spent[False]), ("supported", spent[True])):
        median, slow = np.percentile(values, [50, 95])
        print(f"{title}: n {len(values)}, median {median:.1f} ms, p95 {slow:.1f} ms a claim")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
