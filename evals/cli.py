"""`byline eval`: run, gate, compare, lies, card, bench, new.

Exit codes: 0 done or passed, 1 the gate failed (with ``--strict`` also when it is inconclusive),
2 usage or set-up: no verdict was reached.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from index.errors import BylineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evals.card import Card
    from evals.gate import GateReport
    from evals.record import RunRecord, Timings
    from evals.run import Peer
    from evals.systems.choose import EndpointOptions
    from evals.systems.protocol import SystemUnderTest
    from evals.types import EvalCase
    from index.types import Article

app = typer.Typer(
    name="eval",
    help="Grounding evals for byline or any other system that answers from articles.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

SAMPLE_CASES = Path(__file__).parent / "sample" / "cases.jsonl"
SAMPLE_BASELINE = Path(__file__).parent / "sample" / "baseline.json"
SAMPLE_ARTICLES = Path(__file__).parents[1] / "index" / "sample"
SAMPLE_SYSTEM = f"articles:{SAMPLE_ARTICLES}"
GATE_SPECIMENS = 40
"""Specimens of each kind in the card that a gate demands: a few seconds, and a kind that is caught
half the time fails it for certain."""

Cases = Annotated[Path, typer.Argument(help="Cases, one JSON object a line; by default the sample's.")]
System = Annotated[
    str,
    typer.Option(
        help="articles:FOLDER, archive:FOLDER, function:module:name, llama-index:module:name,"
        " langchain:module:name, recorded:FILE, http:URL or openai:URL; by default byline over the sample."
    ),
]
Model = Annotated[
    str | None, typer.Option(help="With openai: the model's name; with byline its URL or .gguf file.")
]
Fields = Annotated[
    str, typer.Option(help="With http: or openai:, where the answer stands: text=a.b,sources=c.")
]
Revision = Annotated[
    str | None,
    typer.Option(help="What your system's answers depend on: a commit, the day of an index. Recorded."),
]
KeyVariable = Annotated[str, typer.Option(help="Environment variable that holds the endpoint's key.")]
Judge = Annotated[
    str | None,
    typer.Option(
        help="Who judges meaning where no exact check failed: entailment:NAME_OR_FOLDER or"
        " model:URL_OR_FILE; by default nobody."
    ),
]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Cases in flight at once.")]
Cache = Annotated[Path | None, typer.Option(help="Folder for answers by content of case, settings and code.")]
Out = Annotated[Path, typer.Option(help="Folder for run.json, report.md, report.html and junit.xml.")]
Previous = Annotated[Path | None, typer.Option(help="A run.json to show the changes from.")]


LiesArticles = Annotated[Path, typer.Option(help="Articles to make the sentences from.")]
Seed = Annotated[int, typer.Option(help="Another seed makes other specimens.")]
PerKind = Annotated[int, typer.Option(min=1, help="Specimens of each kind at most.")]


@app.command()
def run(
    *,
    cases: Cases = SAMPLE_CASES,
    system: System = SAMPLE_SYSTEM,
    model: Model = None,
    fields: Fields = "",
    key_variable: KeyVariable = "",
    revision: Revision = None,
    judge: Judge = None,
    workers: Workers = 1,
    cache: Cache = None,
    out: Out = Path("eval-results"),
    previous: Previous = None,
) -> None:
    """Ask a system every case, score the answers and write the reports."""
    with _errors():
        options = _endpoint_options(model, fields, key_variable, revision)
        record, timings = _run(
            cases, system, options, judge=judge, workers=workers, cache=cache, baselines=True
        )
        _report(out, record, timings=timings, previous=previous)


@app.command()
def gate(
    *,
    cases: Cases = SAMPLE_CASES,
    baseline: Annotated[Path, typer.Option(help="Pinned digests and limits.")] = SAMPLE_BASELINE,
    stored: Annotated[Path | None, typer.Option("--run", help="Judge this run.json, ask nothing.")] = None,
    update: Annotated[bool, typer.Option("--update", help="Pin this run: limits only tighten.")] = False,
    allow_regression: Annotated[
        bool, typer.Option("--allow-regression", help="With --update: let limits move towards worse.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when inconclusive, too.")] = False,
    system: System = SAMPLE_SYSTEM,
    model: Model = None,
    fields: Fields = "",
    key_variable: KeyVariable = "",
    revision: Revision = None,
    judge: Judge = None,
    workers: Workers = 1,
    cache: Cache = None,
    out: Out = Path("eval-results"),
    previous: Previous = None,
) -> None:
    """Pass, fail or inconclusive against pinned limits and pinned data."""
    from evals.card import require_fit
    from evals.gate import judge_gate, pin_baseline, read_baseline, write_baseline
    from evals.record import read_record

    with _errors():
        require_fit(_make_card(SAMPLE_ARTICLES, per_kind=GATE_SPECIMENS, judge=judge))
        pinned = None if update and not baseline.exists() else read_baseline(baseline)
        timings = None
        if stored is not None:
            record = read_record(stored)
        else:
            options = _endpoint_options(model, fields, key_variable, revision)
            record, timings = _run(
                cases, system, options, judge=judge, workers=workers, cache=cache, baselines=False
            )
        if update or pinned is None:
            pinned = pin_baseline(record, pinned, allow_regression=allow_regression)
            write_baseline(baseline, pinned)
            typer.echo(f"pinned {len(pinned.limits)} limits in {baseline}")
        verdict = judge_gate(record, pinned)
        _report(out, record, timings=timings, previous=previous, verdict=verdict)
    if verdict.outcome == "fail" or (strict and verdict.outcome == "inconclusive"):
        raise typer.Exit(1)


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="The earlier run.json.")],
    after: Annotated[Path, typer.Argument(help="The later run.json.")],
) -> None:
    """What changed between two runs, paired by case, with Holm's adjustment."""
    from evals.comparison import compare_runs
    from evals.record import read_record

    with _errors():
        comparison = compare_runs(read_record(before), read_record(after))
    for change in comparison.metrics:
        found = change.difference
        interval = found.interval and f"[{found.interval.low:+.3f}, {found.interval.high:+.3f}]"
        typer.echo(
            f"{change.metric:24} {found.mean:+.3f} {interval or '':20} n {found.n:4}"
            f"  better {found.better:3} worse {found.worse:3}  p {change.p_adjusted:.4f}  {change.verdict}"
        )
    for case in comparison.cases:
        typer.echo(f"{case.case_id}: right {case.before} -> {case.after}  {case.question}")
    if comparison.only_before or comparison.only_after:
        typer.echo(
            f"not compared: {comparison.only_before} cases only before, {comparison.only_after} only after"
        )


@app.command()
def lies(
    *,
    articles: LiesArticles = SAMPLE_ARTICLES,
    seed: Seed = 0,
    per_kind: PerKind = 200,
    show: Annotated[int, typer.Option(min=0, help="Misses and false alarms to print.")] = 0,
) -> None:
    """Tell the checks seeded lies and true sentences and count what they catch."""
    from evals.lies import format_report, run_lies

    with _errors():
        told = _read_articles(articles)
        began = time.process_time()
        report = run_lies(told, seed, per_kind)
    seconds = time.process_time() - began
    typer.echo(format_report(report))
    count = sum(rate.n for rate in (*report.lies, *report.true))
    if count:
        per_thousand = 1000 * seconds / count
        typer.echo(
            f"{count} sentences, made and judged: {per_thousand:.1f} s of processor for 1,000", err=True
        )
    for missed in report.missed[:show]:
        typer.echo(f"\nmissed {missed.kind}\n  lie:  {missed.text}\n  true: {missed.source}")
    for specimen, claim in report.alarms[:show]:
        failed = "; ".join(f"{check.name}: {check.detail}" for check in claim.checks if check.passed is False)
        typer.echo(f"\nfalse alarm on {specimen.kind}\n  told: {specimen.text}\n  {failed or claim.verdict}")


@app.command()
def card(
    *,
    articles: LiesArticles = SAMPLE_ARTICLES,
    seed: Seed = 0,
    per_kind: PerKind = 200,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with the public sets that people have labelled, to judge, too."),
    ] = None,
    judge: Judge = None,
) -> None:
    """The evaluator's own report card; exit code 1 where a rate is beyond its limit."""
    from evals.report.card import format_card

    with _errors():
        made = _make_card(articles, seed=seed, per_kind=per_kind, judge=judge, data=data)
    typer.echo(format_card(made))
    if made.outcome == "fail":
        raise typer.Exit(1)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def bench(
    context: typer.Context, name: Annotated[str, typer.Argument(help="public, retrieval, who_said, ...")] = ""
) -> None:
    """Measure: NAME, on public sets with --data DIR; no NAME lists them; NAME --help for its options."""
    import runpy

    known = _benchmarks()
    with _errors():
        if name in ("", "--help"):
            typer.echo("byline eval bench NAME [OPTIONS]; NAME --help for its options\n")
            typer.echo("\n".join(f"{known_name:18} {summary}" for known_name, summary in known.items()))
            return
        if name not in known:
            _stop(f"there is no benchmark {name!r}; there are {', '.join(known)}")
        sys.argv = [f"byline eval bench {name}", *context.args]
        runpy.run_module(f"evals.bench.{name}", run_name="__main__")


def _benchmarks() -> dict[str, str]:
    """Name to the first line of what it says of itself, read without importing any."""
    import ast

    texts = {
        file.stem: file.read_text(encoding="utf-8")
        for file in sorted((Path(__file__).parent / "bench").glob("*.py"))
    }
    return {
        name: (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0].partition(": ``")[0]
        for name, text in texts.items()
        if "__main__" in text
    }


@app.command()
def new(
    *,
    archive: Annotated[Path, typer.Option(help="Archive that holds the answers.")],
    out: Annotated[Path, typer.Option(help="File for the cases; must not exist yet.")],
    seed: Annotated[int, typer.Option(help="Another seed picks other cases.")] = 1,
    per_kind: Annotated[int, typer.Option(min=1, help="How many of each kind.")] = 10,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind; may be given several times.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Instead: a reader's report of a wrong sentence, as JSON.")
    ] = None,
) -> None:
    """Write cases from an archive, to be read by a person before they are pinned."""
    from evals.cases import write_cases
    from evals.errors import CaseError
    from evals.new_cases import MAKERS, read_report, write_new_cases
    from index.archive import Archive

    with _errors():
        if out.exists():
            raise CaseError(f"{out} exists and may hold cases that were corrected by hand; name another file")
        unknown = sorted(set(kind or ()) - set(MAKERS))
        if unknown:
            raise CaseError(f"there is no kind {unknown[0]!r}; there are {', '.join(MAKERS)}")
        with Archive.open(archive, create=False) as opened:
            if report is not None:
                cases = [read_report(report, opened)]
            else:
                cases = write_new_cases(opened, seed=seed, per_kind=per_kind, kinds=kind)
        write_cases(out, cases)
    typer.echo(f"{len(cases)} cases in {out}; read them before you pin them")


def _make_card(
    articles: Path, *, per_kind: int, seed: int = 0, judge: str | None = None, data: Path | None = None
) -> Card:
    from evals.card import make_card
    from evals.judges import open_judge
    from evals.labelled import read_sample_labelled

    labelled = read_sample_labelled(_read_articles(SAMPLE_ARTICLES))
    if data is not None:
        from evals.bench.judges import read_labelled

        labelled += read_labelled(data, None)
    return make_card(
        _read_articles(articles),
        seed=seed,
        per_kind=per_kind,
        labelled=labelled,
        verifiers=() if judge is None else (open_judge(judge),),
    )


def _read_articles(path: Path) -> list[Article]:
    from index.sources import read_sources

    return [item.read() for item in read_sources(path)]


def _endpoint_options(
    model: str | None, fields: str, key_variable: str, revision: str | None
) -> EndpointOptions:
    from evals.errors import UnavailableError
    from evals.systems.choose import EndpointOptions

    if key_variable and key_variable not in os.environ:
        raise UnavailableError(
            f"there is no environment variable {key_variable}; set it to the endpoint's key"
        )
    return EndpointOptions(model=model, fields=fields, key=os.environ.get(key_variable), revision=revision)


def _run(
    path: Path,
    choice: str,
    options: EndpointOptions,
    *,
    judge: str | None,
    workers: int,
    cache: Path | None,
    baselines: bool,
) -> tuple[RunRecord, Timings]:
    from rich.console import Console
    from rich.progress import Progress

    from evals.cases import read_cases
    from evals.errors import UnavailableError
    from evals.judges import RememberedJudge, open_judge
    from evals.run import run_cases
    from evals.systems.choose import open_system

    # Threads of the embedding model that wait for one another would else keep the processor busy: a third of
    # its time on a machine with other work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    cases = read_cases(path)
    asked = None if judge is None else RememberedJudge(open_judge(judge), judge, cache)
    with (
        open_system(choice, options) as system,
        _open_peers(system if baselines else None, cache) as peers,
        Progress(console=Console(stderr=True), transient=True) as bar,
    ):
        task = bar.add_task(f"asking {system.name}", total=len(cases))

        def advance(_case: EvalCase) -> None:
            bar.advance(task)

        record, timings = run_cases(
            cases,
            system,
            workers=workers,
            cache=cache,
            baselines=baselines,
            peers=peers,
            judge=asked,
            progress=advance,
        )
    if all(result.error is not None for result in record.results):
        raise UnavailableError(
            f"{choice} answered none of {len(cases)} cases; the first failed with {record.results[0].error}"
        )
    return record, timings


@contextmanager
def _open_peers(system: SystemUnderTest | None, cache: Path | None) -> Iterator[dict[str, Peer]]:
    """Stock LlamaIndex over the articles of byline; none where the articles are not known."""
    from tempfile import TemporaryDirectory

    from evals.bench.stock import StockBaseline
    from evals.systems.byline import BylineSystem

    with TemporaryDirectory() as folder:
        if isinstance(system, BylineSystem) and (articles := system.articles()):
            yield {StockBaseline.name: StockBaseline(articles, cache or Path(folder))}
        else:
            if system is not None:
                typer.echo(
                    "no row of stock LlamaIndex: what articles the system reads is not known", err=True
                )
            yield {}


def _report(
    out: Path,
    record: RunRecord,
    *,
    timings: Timings | None,
    previous: Path | None,
    verdict: GateReport | None = None,
) -> None:
    from evals.record import read_record
    from evals.report import write_reports

    earlier = None if previous is None else read_record(previous)
    write_reports(out, record, timings=timings, previous=earlier, gate=verdict)
    _print_summary(record, timings)
    if verdict is not None:
        for check in verdict.checks:
            if check.outcome != "pass":
                typer.echo(f"{check.outcome}: {check.metric}: {check.reason}")
        typer.echo(f"gate: {verdict.outcome}")
    typer.echo(f"reports in {out}")


def _print_summary(record: RunRecord, timings: Timings | None) -> None:
    from evals.report.figures import format_counts, format_interval, format_value, unscored_metrics

    for metric, found in record.summary.items():
        if found.mean is None:
            continue
        typer.echo(
            f"{metric:22} {format_value(found.mean):>6} {format_interval(found.interval):16}"
            f" {format_counts(found)}"
        )
    if unscored := unscored_metrics(record):
        typer.echo(f"scored on no case: {', '.join(unscored)}")
    failed = [result for result in record.results if result.error is not None]
    for result in failed[:5]:
        typer.echo(f"failed: {result.case.id}: {result.error}")
    if timings is not None and timings.seconds:
        import numpy as np

        median, high = np.percentile(list(timings.seconds.values()), [50, 95])
        cost = f", cost {sum(timings.cost.values()):.4f}" if timings.cost else ""
        typer.echo(f"latency: median {median:.3f} s, p95 {high:.3f} s{cost}")


@contextmanager
def _errors() -> Iterator[None]:
    """A set-up error on stderr and exit code 2."""
    try:
        yield
    except BylineError as error:
        _stop(str(error))


def _stop(message: str) -> NoReturn:
    print(f"byline eval: {message}", file=sys.stderr)  # noqa: T201  errors go to stderr
    raise typer.Exit(2)


if __name__ == "__main__":
    app()
