"""How much of what a small real model writes is withheld: the sample's questions, asked through it.

Run with ``python -m evals.bench.small_model --model FILE.gguf`` (or the URL of an endpoint). A model of 135
million parameters invents freely, which is the point: the figure says what its readers were spared.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.llm import connect_model
from assistant.logs import quiet_logs
from evals.cases import read_cases
from index.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.types import Answer

CASES = Path(str(files("evals") / "sample" / "cases.jsonl"))


@dataclass(frozen=True, kw_only=True, slots=True)
class SmallModelFigures:
    """What came of the questions."""

    model: str
    questions: int
    from_model: int
    """Answers that show sentences of the model."""
    replaced: int
    """Answers where none of its sentences could be shown, or it failed: the articles' own words instead."""
    abstained: int
    sentences: int
    """That the model wrote."""
    withheld: int
    """Of them, those that failed a check and are not shown."""
    shown_unsupported: int
    """Sentences shown that no check supports; each is marked as not verified."""
    contradicted_shown: int
    """Sentences shown that a check speaks against; must be 0."""
    failed_checks: dict[str, int]
    """How many withheld sentences failed each check."""
    seconds_median: float
    """For one answer."""

    @property
    def withheld_share(self) -> float:
        """Withheld sentences of all that the model wrote."""
        return self.withheld / self.sentences if self.sentences else 0.0


def measure(assistant: Assistant, model: str, questions: Sequence[str]) -> SmallModelFigures:
    """Ask every question and count what became of the model's sentences."""
    answers: list[Answer] = []
    seconds = []
    for question in questions:
        began = time.perf_counter()
        answers.append(assistant.ask(question))
        seconds.append(time.perf_counter() - began)
    from_model = [answer for answer in answers if answer.mode == "model" and not answer.abstained]
    shown = [claim for answer in from_model for claim in answer.claims]
    withheld = [claim for answer in answers for claim in answer.withheld]
    failed = Counter(
        name
        for claim in withheld
        for name in {check.name for check in claim.checks if check.passed is False} or {claim.verdict}
    )
    return SmallModelFigures(
        model=model,
        questions=len(answers),
        from_model=len(from_model),
        replaced=sum(answer.mode == "extractive" and answer.reason is not None for answer in answers),
        abstained=sum(answer.abstained for answer in answers),
        sentences=len(shown) + len(withheld),
        withheld=len(withheld),
        shown_unsupported=sum(claim.verdict in {"unsupported", "not_judged"} for claim in shown),
        contradicted_shown=sum(claim.verdict == "contradicted" for claim in shown),
        failed_checks=dict(sorted(failed.items())),
        seconds_median=median(seconds),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a contradicted sentence was shown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", required=True, help="a .gguf file or the URL of an endpoint")
    parser.add_argument("--questions", type=int, default=40, help="how many of the sample's questions")
    options = parser.parse_args(arguments)
    quiet_logs()
    settings = Settings(model_context_window=4_096, model_answer_tokens=250, model_first_token_seconds=60)
    model = connect_model(options.model, settings)
    assert model is not None
    questions = [case.question for case in read_cases(CASES)][: options.questions]
    with TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add(str(files("index") / "sample"))
        figures = measure(Assistant(archive, model, settings=settings), model.name, questions)
    print(json.dumps({**asdict(figures), "withheld_share": round(figures.withheld_share, 3)}, indent=2))
    return 1 if figures.contradicted_shown else 0


if __name__ == "__main__":
    sys.exit(main())
