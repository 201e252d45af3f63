"""What verification costs: milliseconds for each claim, and its share of an answer's time.

    python -m evals.bench.verification_cost --data DIR [--archive FOLDER] [--model URL]

For a claim: the specimens of `evals.lies`, one sentence with three passages, checked as `check_answer` does,
the passages read anew each time; processor time. For an answer: questions asked without a model, through a
model in memory that copies the first sentences of its evidence at once (the greatest share that checking can
have beside any model), and through a real one where ``--model`` names an endpoint or a .gguf file; time on
the clock, as `Answer.timings` has it. The questions are those of the sample, over the sample, or with
``--archive`` those of RealTime QA over an archive that holds its articles.
"""

from __future__ import annotations

import argparse
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.deadlines import never
from assistant.llm import connect_model
from assistant.logs import quiet_logs
from evals.bench.data import read_articles, read_rows
from evals.cases import read_cases
from evals.lies import judge, make_specimens
from index.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.llm import ChatModel
    from assistant.types import Answer, Message

_CASES = Path(str(files("evals") / "sample" / "cases.jsonl"))
_COPIED = 4
"""Sentences that the model in memory writes: as many as the prompt asks for at most."""
_EVIDENCE = re.compile(r"^\((\d+)\) [^:\n]+: (.+)$", re.MULTILINE)


class CopyingChatModel:
    """Writes the first sentences of the evidence, each with its number, in no time."""

    name = "copies at once"
    context_window = 8_192
    answer_tokens = 800

    def stream(self, messages: Sequence[Message], *, cancelled: Callable[[], bool] = never) -> Iterator[str]:
        """The sentences one by one."""
        for number, text in _EVIDENCE.findall(messages[-1].content)[:_COPIED]:
            if cancelled():
                return
            yield f"{text.strip()} [{number}]\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What checking took of some answers."""

    answers: int
    claims: float
    """Sentences checked for each answer, shown and withheld, mean."""
    checking: tuple[float, float]
    """Milliseconds of an answer, median and 95th percentile."""
    total: tuple[float, float]
    """The same for the whole answer."""
    share: float
    """Checking of all answers together, of their time."""
    slow_share: float
    """95th percentile over answers."""


def measure_claims(data: Path, file: str, per_mutation: int) -> dict[str, list[float]]:
    """Milliseconds of processor time for each claim: of all, and of those found supported."""
    specimens = make_specimens(read_articles(data, file), 0, per_mutation)
    judge(specimens[0])  # modules load with the first one
    spent: dict[str, list[float]] = {"all": [], "supported": []}
    for specimen in specimens:
        started = time.process_time()
        claim = judge(specimen)
        spent["all"].append(1000 * (time.process_time() - started))
        if claim.verdict == "supported":
            spent["supported"].append(spent["all"][-1])
    return spent


def summarise(answers: Sequence[Answer]) -> Share:
    """The share of checking in answers that had something to check; refusals are left out."""
    import numpy as np

    checked = [answer for answer in answers if "checking" in answer.timings]
    if not checked:
        raise ValueError("no answer has a sentence that was checked")
    checking = np.array([answer.timings["checking"] for answer in checked])
    total = np.array([answer.timings["total"] for answer in checked])
    claims = [len(answer.claims) + len(answer.withheld) for answer in checked]
    middle, slow = np.percentile(1000 * checking, [50, 95])
    whole, slow_whole = np.percentile(1000 * total, [50, 95])
    return Share(
        answers=len(checked),
        claims=float(np.mean(claims)),
        checking=(float(middle), float(slow)),
        total=(float(whole), float(slow_whole)),
        share=float(checking.sum() / total.sum()),
        slow_share=float(np.percentile(checking / total, 95)),
    )


@contextmanager
def _open_archive(folder: Path | None) -> Iterator[Archive]:
    """The archive in a folder; the sample in a temporary one without."""
    if folder is not None:
        with Archive.open(folder, create=False) as archive:
            yield archive
        return
    with TemporaryDirectory() as place, Archive.open(place) as archive:
        archive.add(str(files("index") / "sample"))
        yield archive


def _read_questions(options: argparse.Namespace) -> Sequence[tuple[str, datetime | None]]:
    """Questions with the day each is asked on; None for today."""
    if options.archive is None:
        return [(case.question, None) for case in read_cases(_CASES)][: options.questions]
    rows = read_rows(options.data, "realtimeqa_small_questions")
    rows = [row for row in rows if row["docs_with_answer_string"]][: options.questions]
    return [
        (row["question"], datetime.fromisoformat(row["date"]).replace(tzinfo=UTC) + timedelta(days=1))
        for row in rows
    ]


def _ask_all(
    archive: Archive,
    model: ChatModel | None,
    settings: Settings,
    questions: Sequence[tuple[str, datetime | None]],
) -> list[Answer]:
    def ask(question: str, asked_at: datetime | None) -> Answer:
        return Assistant(archive, model, now=asked_at, settings=settings).ask(question)

    if model is None or isinstance(model, CopyingChatModel):
        ask(*questions[0])  # modules and the embedding model load with the first one
    return [ask(*question) for question in questions]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures."""
    import numpy as np

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the article files")
    parser.add_argument("--file", default="polnear", help="whose sentences are the claims")
    parser.add_argument("--per-mutation", type=int, default=50, help="claims of each kind of lie")
    parser.add_argument("--archive", type=Path, help="an archive of the RealTime QA articles")
    parser.add_argument("--questions", type=int, default=100, help="how many questions are asked")
    parser.add_argument("--model", help="an endpoint or a .gguf file, asked besides")
    parser.add_argument("--model-questions", type=int, default=3, help="how many it is asked")
    options = parser.parse_args(arguments)
    quiet_logs()
    for title, values in measure_claims(options.data, options.file, options.per_mutation).items():
        median, slow = np.percentile(values, [50, 95])
        print(f"{title} claims: n {len(values)}, median {median:.1f} ms, p95 {slow:.1f} ms a claim")
    questions = _read_questions(options)
    settings = Settings(model_url=None, model_first_token_seconds=120, model_total_seconds=300)
    models: list[tuple[str, ChatModel | None, int]] = [
        ("no model", None, options.questions),
        (CopyingChatModel.name, CopyingChatModel(), options.questions),
    ]
    if options.model:
        models.append((options.model, connect_model(options.model, settings), options.model_questions))
    with _open_archive(options.archive) as archive:
        for title, model, count in models:
            found = summarise(_ask_all(archive, model, settings, questions[:count]))
            print(
                f"{title}: {found.answers} answers of {found.claims:.1f} sentences,"
                f" checking median {found.checking[0]:.1f} ms, p95 {found.checking[1]:.1f} ms,"
                f" answer median {found.total[0]:.0f} ms, p95 {found.total[1]:.0f} ms,"
                f" share {found.share:.3f} of their time, p95 {found.slow_share:.3f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
