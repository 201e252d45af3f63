"""How much of what a small real model writes is withheld: questions asked through it, every sentence counted.

    python -m evals.bench.small_model --model FILE.gguf (or the URL of an endpoint)

Asks questions about the sample archive, or with ``--data DIR`` RealTime QA's first questions over real
articles, those that hold an answer and others up to fifty; ``--answers FILE`` keeps every answer, to be
read. A model of 135 million parameters invents freely, which is the point: the figure says what its readers
were spared.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.llm import connect_model
from assistant.logs import quiet_logs
from evals.bench.data import read_articles, read_rows
from evals.cases import read_cases
from evals.statistics import wilson_interval
from index.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from assistant.llm import ChatModel
    from assistant.types import Answer

ARTICLES = 50
CASES = Path(str(files("evals") / "sample" / "cases.jsonl"))


@dataclass(frozen=True, kw_only=True, slots=True)
class SmallModelFigures:
    """What came of the questions."""

    model: str
    questions: int
    from_model: int
    """Answers that show sentences of the model."""
    replaced: int
    """Answers where none of its sentences was proved, or it failed: the articles' own words instead."""
    abstained: int
    grounded: int
    """Answers of which every sentence is supported."""
    sentences: int
    """That the model wrote, repairs included."""
    withheld: int
    """Of them, those that failed a check or that nothing proved, and are not shown."""
    withheld_interval: tuple[float, float]
    """95 % Wilson interval of their share."""
    unproved_shown: int
    """Sentences shown that no check supports; 0 unless ``BYLINE_UNPROVED=marked``."""
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


def measure(
    model: str, asking: Iterable[Callable[[], Answer]], keep: Callable[[Answer], object]
) -> SmallModelFigures:
    """Ask every question, keep each answer as it comes, and count what became of the model's sentences."""
    answers: list[Answer] = []
    seconds = []
    for ask in asking:
        began = time.perf_counter()
        answers.append(ask())
        seconds.append(time.perf_counter() - began)
        keep(answers[-1])
    from_model = [answer for answer in answers if answer.mode == "model"]
    shown = [claim for answer in from_model for claim in answer.claims]
    withheld = [claim for answer in answers for claim in answer.withheld]
    failed = Counter(
        name
        for claim in withheld
        for name in {check.name for check in claim.checks if check.passed is False} or {claim.verdict}
    )
    interval = wilson_interval(len(withheld), max(1, len(shown) + len(withheld)))
    return SmallModelFigures(
        model=model,
        questions=len(answers),
        from_model=len(from_model),
        replaced=sum(answer.mode == "extractive" and not answer.abstained for answer in answers),
        abstained=sum(answer.abstained for answer in answers),
        grounded=sum(answer.grounded for answer in answers),
        sentences=len(shown) + len(withheld),
        withheld=len(withheld),
        withheld_interval=(round(interval.low, 3), round(interval.high, 3)),
        unproved_shown=sum(claim.verdict != "supported" for claim in shown),
        contradicted_shown=sum(claim.verdict == "contradicted" for claim in shown),
        failed_checks=dict(sorted(failed.items())),
        seconds_median=round(median(seconds), 2),
    )


def ask_sample(model: ChatModel, settings: Settings, count: int) -> Iterator[Callable[[], Answer]]:
    """Questions of the sample's cases, evenly taken from all kinds."""
    questions = [case.question for case in read_cases(CASES)]
    with TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add(str(files("index") / "sample"))
        assistant = Assistant(archive, model, settings=settings)
        for question in questions[:: max(1, len(questions) // count)][:count]:
            yield partial(assistant.ask, question)


def ask_realtimeqa(
    model: ChatModel, settings: Settings, count: int, data: Path
) -> Iterator[Callable[[], Answer]]:
    """RealTime QA's first questions with an answer, over the articles that hold one and others, 50 in all."""
    rows = [row for row in read_rows(data, "realtimeqa_small_questions") if row["docs_with_answer_string"]]
    rows = rows[:count]
    holding = [row["docs_with_answer_string"][0] for row in rows]
    articles = {article.id: article for article in read_articles(data, "realtimeqa_small_articles")}
    chosen = list(dict.fromkeys([*holding, *articles]))[:ARTICLES]
    with TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add([articles[name] for name in chosen])
        for row in rows:
            asked_at = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) + timedelta(days=1)
            yield partial(Assistant(archive, model, now=asked_at, settings=settings).ask, row["question"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a contradicted sentence was shown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", required=True, help="a .gguf file or the URL of an endpoint")
    parser.add_argument("--questions", type=int, default=20, help="how many questions")
    parser.add_argument("--data", type=Path, help="folder with the RealTime QA files; the sample without")
    parser.add_argument("--answers", type=Path, help="file for the answers, one as JSON a line")
    options = parser.parse_args(arguments)
    quiet_logs()
    settings = Settings(
        model_context_window=4_096,
        model_answer_tokens=250,
        model_first_token_seconds=120,
        model_between_tokens_seconds=60,
        model_total_seconds=300,
        evidence_characters=3_000,
    )
    model = connect_model(options.model, settings)
    assert model is not None
    if options.data is None:
        asking = ask_sample(model, settings, options.questions)
    else:
        asking = ask_realtimeqa(model, settings, options.questions, options.data)
    with options.answers.open("w", encoding="utf-8") if options.answers else nullcontext() as file:

        def keep(answer: Answer) -> None:
            if file is not None:
                print(json.dumps(answer.to_dict(), ensure_ascii=False), file=file, flush=True)

        figures = measure(model.name, asking, keep)
    print(json.dumps({**asdict(figures), "withheld_share": round(figures.withheld_share, 3)}, indent=2))
    return 1 if figures.contradicted_shown else 0


if __name__ == "__main__":
    sys.exit(main())
