"""Several systems judged by the same suite: byline, stock LlamaIndex, and the model alone.

Run with ``python -m evals.bench.systems --model FILE.gguf`` (or the URL of an endpoint). All answer the
sample's cases; byline without a model, byline with it, stock LlamaIndex over the same articles and
embeddings with it, and the model with nothing but the question. Reports of each run go to ``--out``, and so
does every answer: a run that was broken off goes on where it stopped.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib.resources import files
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assistant.config import Settings
from assistant.errors import ModelTruncated
from assistant.llm import connect_model
from assistant.logs import quiet_logs
from assistant.types import Message
from evals.bench.stock import StockRetriever
from evals.cases import read_cases
from evals.report import write_reports
from evals.report.figures import format_interval, format_value
from evals.run import run_cases
from evals.systems.byline import BylineSystem
from evals.systems.function import FunctionSystem
from evals.systems.query_engine import QueryEngineSystem
from index.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.llm import ChatModel
    from evals.record import RunRecord
    from evals.systems.protocol import SystemUnderTest
    from evals.types import EvalCase

_PATIENCE = 1_800.0
"""Seconds that any answer of the model may take."""

SHOWN = (
    "right", "expected_stated", "gold_cited", "speaker_named", "cited_share", "citation_recall",
    "citation_precision", "quote_exact", "supported", "literal_support", "crag", "false_answer",
    "over_abstain",
)  # fmt: skip


def open_systems(archive: Archive, model: ChatModel, settings: Settings, work: Path) -> list[SystemUnderTest]:
    """The four systems over one archive's articles."""
    stock = StockRetriever(archive.articles(), work)
    described = {"model": model.name}
    return [
        BylineSystem(archive),
        BylineSystem(archive, model=model, settings=settings, name=f"byline + {model.name}"),
        QueryEngineSystem(
            stock.as_query_engine(_as_llama_index(model, settings)),
            name=f"stock LlamaIndex + {model.name}",
            settings=described,
        ),
        FunctionSystem(partial(_complete, model), name=f"{model.name} alone", settings=described),
    ]


def _complete(model: ChatModel, prompt: str) -> str:
    """What the model writes, also where it has not finished within ``--tokens``."""
    pieces: list[str] = []
    with suppress(ModelTruncated):
        pieces.extend(model.stream([Message("user", prompt)]))
    return "".join(pieces)


def _as_llama_index(model: ChatModel, settings: Settings) -> Any:
    """The model behind the interface that a stock query engine asks."""
    from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata

    class SameModel(CustomLLM):
        """Completes through `ChatModel.stream`."""

        @property
        def metadata(self) -> LLMMetadata:
            """What the prompt helper must know."""
            return LLMMetadata(
                context_window=settings.model_context_window,
                num_output=settings.model_answer_tokens,
                model_name=model.name,
            )

        def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:  # noqa: ARG002  the interface's
            """The whole answer."""
            return CompletionResponse(text=_complete(model, prompt))

        def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
            """The whole answer as one piece."""
            yield self.complete(prompt, formatted, **kwargs)

    return SameModel()


def print_table(records: Sequence[RunRecord]) -> None:
    """One column for each system."""
    print("\n| metric | " + " | ".join(record.system for record in records) + " |")
    print("|---" * (len(records) + 1) + "|")
    for metric in SHOWN:
        cells = []
        for record in records:
            found = record.summary.get(metric)
            if found is None:
                cells.append("–")
            else:
                counts = f"n {found.n_scored}, {found.n_failed} failed"
                cells.append(f"{format_value(found.mean)} {format_interval(found.interval)} ({counts})")
        print(f"| {metric} | " + " | ".join(cells) + " |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask all systems and print them side by side."""
    parser = argparse.ArgumentParser(prog="byline eval bench systems", description=__doc__)
    parser.add_argument("--model", required=True, help="a .gguf file or the URL of an endpoint")
    parser.add_argument("--every", type=int, default=1, help="only each n-th case")
    parser.add_argument("--tokens", type=int, default=120, help="longest answer of the model")
    parser.add_argument("--out", type=Path, default=Path("bench-systems"))
    options = parser.parse_args(arguments)
    quiet_logs()
    settings = Settings(
        model_context_window=4_096,
        model_answer_tokens=options.tokens,
        # What is judged is the answers: a slow machine must not turn them into time-outs.
        model_first_token_seconds=_PATIENCE,
        model_between_tokens_seconds=_PATIENCE,
        model_total_seconds=_PATIENCE,
    )
    model = connect_model(options.model, settings)
    assert model is not None
    cases = read_cases(Path(str(files("evals") / "sample" / "cases.jsonl")))[:: options.every]
    records = []
    with TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add(str(files("index") / "sample"))
        for system in open_systems(archive, model, settings, options.out):
            done = count(1)

            def tell(case: EvalCase, name: str = system.name, done: Iterator[int] = done) -> None:
                print(f"{name}: {next(done)} of {len(cases)}: {case.question}", flush=True)

            record, timings = run_cases(cases, system, cache=options.out / "answers", progress=tell)
            write_reports(options.out / system.name.replace("/", "_"), record, timings=timings)
            records.append(record)
            print_table(records)


if __name__ == "__main__":
    main()
