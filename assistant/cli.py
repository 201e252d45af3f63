"""The command `byline`: thin commands over `Archive` and `Assistant`.

Exit codes: 0 done; 1 something was found, a source failed, or an abstention was asked to fail; 2 usage or
set-up. Errors go to standard error as what happened, the value, and the next command.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from index.errors import BylineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answering import Assistant
    from assistant.config import Settings
    from assistant.llm import ChatModel
    from assistant.types import Answer
    from index.archive import Archive

FINDINGS, SET_UP = 1, 2
"""Exit codes besides 0."""

COMMAND_GROUP = "byline.commands"
"""Entry points of this group are sub-commands: packages that the assistant may not import bring theirs."""


class CommandGroup(TyperGroup):
    """The commands of this file and those of installed packages, which are imported when they are used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the help."""
        return [*super().list_commands(ctx), *sorted(_plugins())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        command = super().get_command(ctx, cmd_name)
        plugin = _plugins().get(cmd_name)
        if command is None and plugin is not None:
            command = typer.main.get_command(plugin.load())
        return command


def _plugins() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=COMMAND_GROUP)}


app = typer.Typer(
    name="byline",
    cls=CommandGroup,
    help="Ask a news archive, and get the exact words that prove each answer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; every expected error ends in one line and exit code 2."""
    try:
        app()
    except BylineError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.strerror or error}: {error.filename or ''}. Check the path and its permissions.")


def _fail(message: str) -> None:
    sys.stderr.write(f"byline: {message}\n")
    sys.exit(SET_UP)


# ---------------------------------------------------------------- options that several commands take


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no date. Write 2025-03-02 or 2025-03-02T18:00+01:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


ArchiveOption = Annotated[
    Path | None,
    typer.Option(
        "--archive",
        metavar="DIR",
        help="The archive's folder; else BYLINE_ARCHIVE, else ./newsroom.",
        show_default=False,
    ),
]
VersionOption = Annotated[bool, typer.Option("--version", help="Print the version and exit.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the same objects as JSON.")]
OutletOption = Annotated[list[str] | None, typer.Option(help="Only from this outlet; may be repeated.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option(parser=_read_moment, metavar="DATE", help="Only published then or later (ISO 8601)."),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option(parser=_read_moment, metavar="DATE", help="Only published before then (ISO 8601)."),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL|FILE",
        help="An OpenAI-compatible endpoint or a .gguf file; else BYLINE_MODEL_URL; 'none' for no model.",
    ),
]


@app.callback()
def common(ctx: typer.Context, *, archive: ArchiveOption = None, version: VersionOption = False) -> None:
    """Ask a news archive, and get the exact words that prove each answer."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(installed("byline"))
        raise typer.Exit
    ctx.obj = archive


def _settings(ctx: typer.Context, archive: Path | None) -> Settings:
    """The settings, with the archive of the command line where it names one."""
    from pydantic import ValidationError

    from assistant.config import Settings

    chosen = archive or ctx.obj
    try:
        return Settings() if chosen is None else Settings(archive=chosen)
    except ValidationError as error:
        wrong = "; ".join(
            f"BYLINE_{'.'.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False, include_context=False)
        )
        raise BylineError(f"The settings cannot be used: {wrong}. Correct the environment or .env.") from None


@contextmanager
def _open(settings: Settings, *, create: bool = False) -> Iterator[Archive]:
    from index.archive import Archive

    with Archive.open(settings.archive, create=create) as archive:
        yield archive


def _choose_model(model: str | None, settings: Settings) -> tuple[ChatModel | None, Settings]:
    """The model that the command line or the settings name, and the settings without one for "none"."""
    from assistant.llm import connect_model
    from assistant.logs import quiet_logs

    quiet_logs()
    if model == "none":
        return None, settings.model_copy(update={"model_url": None})
    return connect_model(model, settings), settings


def _print_json(value: object) -> None:
    from pydantic_core import to_jsonable_python

    text = json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=2)
    # JSON escapes the control characters below a blank; a terminal also obeys those from 0x7f to 0x9f.
    typer.echo(text.translate({code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}))


# ---------------------------------------------------------------- commands


@app.command()
def add(
    ctx: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders, addresses of pages and feeds, JSON Lines, or - for standard input.",
            show_default=False,
        ),
    ] = None,
    *,
    sample: Annotated[bool, typer.Option(help="Add the sample articles that come with byline.")] = False,
    wait: Annotated[
        bool, typer.Option(help="Wait for the vectors too; keyword search and quotes serve before.")
    ] = True,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add articles; adding the same again changes nothing."""
    from importlib.resources import files

    from assistant import terminal

    wanted = [*(sources or ()), *([str(files("index") / "sample")] if sample else ())]
    if not wanted:
        raise typer.BadParameter("Nothing to add. Name a file, folder or address, or use --sample.")
    with _open(_settings(ctx, archive), create=True) as opened, terminal.IngestBar() as bar:
        report = opened.add(wanted, wait=wait, progress=bar)
    if as_json:
        _print_json(report)
    else:
        terminal.show_report(report)
    raise typer.Exit(FINDINGS if report.failed else 0)


@app.command()
def ask(
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(help="In plain words.")],
    *,
    model: ModelOption = None,
    fail_on_abstain: Annotated[
        bool, typer.Option("--fail-on-abstain", help="Exit with 1 where the articles do not say.")
    ] = False,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the articles, every sentence with its source."""
    from assistant import terminal
    from assistant.answering import Assistant

    chosen, settings = _choose_model(model, _settings(ctx, archive))
    with _open(settings) as opened:
        answer = _ask(Assistant(opened, chosen, settings=settings), question)
    if as_json:
        _print_json(answer.to_dict())
    else:
        terminal.show_answer(answer)
    raise typer.Exit(FINDINGS if answer.abstained and fail_on_abstain else 0)


def _ask(assistant: Assistant, question: str) -> Answer:
    """The answer, with its steps shown on standard error while it is made."""
    from assistant import terminal
    from assistant.types import AnswerEvent, StepEvent

    with terminal.ERR.status("understanding the question") as status:
        for event in assistant.stream(question):
            if isinstance(event, StepEvent):
                status.update(terminal.plain(event.detail or event.name))
            if isinstance(event, AnswerEvent):
                return event.answer
    raise AssertionError("the last event of Assistant.stream is the answer")


@app.command()
def search(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    *,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    outlet: OutletOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    speaker: Annotated[str | None, typer.Option(help="Only where this person is quoted.")] = None,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages by words and by meaning."""
    from assistant import terminal

    with _open(_settings(ctx, archive)) as opened:
        passages = opened.search(query, k=k, outlet=outlet, since=since, until=until, speaker=speaker)
    if as_json:
        _print_json(passages)
    else:
        terminal.show_passages(passages)


@app.command()
def quotes(
    ctx: typer.Context,
    *,
    speaker: Annotated[str | None, typer.Option(help="Who said it, in any usual spelling.")] = None,
    about: Annotated[str | None, typer.Option(help="A person, organisation, place or topic.")] = None,
    outlet: OutletOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what people said, as the articles credit it."""
    from assistant import terminal

    with _open(_settings(ctx, archive)) as opened:
        found = opened.quotes(
            speaker=speaker, about=about, outlet=outlet, since=since, until=until, limit=limit
        )
    if as_json:
        _print_json(found)
    else:
        terminal.show_quotes(found)


@app.command()
def articles(
    ctx: typer.Context,
    *,
    outlet: OutletOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many at most; else all.")] = None,
    offset: Annotated[int, typer.Option(min=0, help="How many to leave out first.")] = 0,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles, newest first."""
    from assistant import terminal

    with _open(_settings(ctx, archive)) as opened:
        found = opened.articles(outlet=outlet, since=since, until=until, limit=limit, offset=offset)
    if as_json:
        _print_json(found)
    else:
        terminal.show_articles(found)


@app.command()
def remove(
    ctx: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, see `byline articles`.")],
    *,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove articles with all their versions and everything made from them."""
    with _open(_settings(ctx, archive)) as opened:
        for article_id in ids:
            opened.remove(article_id)
    if as_json:
        _print_json({"removed": ids})
    else:
        typer.echo(f"{len(ids)} removed")


@app.command()
def stats(ctx: typer.Context, *, archive: ArchiveOption = None, as_json: JsonOption = False) -> None:
    """Say how much the archive holds."""
    from assistant import terminal

    with _open(_settings(ctx, archive)) as opened:
        held = opened.stats()
    if as_json:
        _print_json(held)
    else:
        terminal.show_stats(held)


@app.command()
def check(ctx: typer.Context, *, archive: ArchiveOption = None, as_json: JsonOption = False) -> None:
    """Look for damage and drift; exit with 1 and say what to run where there is any."""
    from assistant import terminal

    with _open(_settings(ctx, archive)) as opened:
        report = opened.check()
    if as_json:
        _print_json(report)
    else:
        terminal.show_check(report)
    raise typer.Exit(0 if report.healthy else FINDINGS)


@app.command()
def rebuild(ctx: typer.Context, *, archive: ArchiveOption = None, as_json: JsonOption = False) -> None:
    """Make the search indexes and statements anew from the stored articles."""
    from assistant import terminal

    with _open(_settings(ctx, archive)) as opened, terminal.IngestBar() as bar:
        opened.rebuild(progress=bar)
        held = opened.stats()
    if as_json:
        _print_json(held)
    else:
        typer.echo(
            f"{held.articles:,} articles, {held.chunks:,} passages, {held.quotes:,} statements rebuilt"
        )


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to; overwritten if it exists.")],
    *,
    archive: ArchiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the articles to one file, also while others are being added."""
    with _open(_settings(ctx, archive)) as opened:
        opened.backup(file)
    size = file.stat().st_size
    if as_json:
        _print_json({"file": file, "bytes": size})
    else:
        typer.echo(f"{file}: {size:,} bytes. To restore: copy it to DIR/archive.sqlite, then byline rebuild")


@app.command()
def serve(
    ctx: typer.Context,
    *,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on [default: BYLINE_PAGE_HOST, else 127.0.0.1].")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="TCP port [default: BYLINE_PAGE_PORT, else 7860].")
    ] = None,
    model: ModelOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Serve the page until interrupted; to others than this machine only with BYLINE_PAGE_USERS."""
    from assistant.answering import Assistant
    from assistant.ui.server import read_users
    from assistant.ui.server import serve as serve_page

    chosen, settings = _choose_model(model, _settings(ctx, archive))
    with _open(settings, create=True) as opened:
        assistant = Assistant(opened, chosen, settings=settings)
        host, port = host or settings.page_host, port or settings.page_port
        typer.echo(f"byline: http://{host}:{port} (Ctrl+C stops it)", err=True)
        serve_page(opened, assistant, host=host, port=port, users=read_users(settings))


@app.command()
def mcp(ctx: typer.Context, *, model: ModelOption = None, archive: ArchiveOption = None) -> None:
    """Serve the archive to an agent over standard input and output (Model Context Protocol)."""
    from assistant.answering import Assistant
    from assistant.mcp import serve_stdio

    chosen, settings = _choose_model(model, _settings(ctx, archive))
    with _open(settings) as opened:
        serve_stdio(opened, Assistant(opened, chosen, settings=settings))


@app.command()
def model(ctx: typer.Context, *, model: ModelOption = None, as_json: JsonOption = False) -> None:
    """Say which model is in use and try it; without one, say what could be used."""
    from assistant.model_trial import try_model

    chosen, _settings_used = _choose_model(model, _settings(ctx, None))
    trial = try_model(chosen)
    if as_json:
        _print_json(trial)
    else:
        typer.echo(trial.describe())
    raise typer.Exit(0 if trial.error is None else SET_UP)
