"""From one word on the command line to a system under test.

articles:FOLDER          byline over a fresh archive of these articles (default: the sample)
archive:FOLDER           byline over an existing archive
function:module:name     a Python function of a question
llama-index:module:name  a LlamaIndex query engine
langchain:module:name    a LangChain runnable
recorded:FILE            answers recorded earlier, JSON Lines
http:URL                 an endpoint that takes and returns JSON
openai:URL               an OpenAI-compatible endpoint for chat completions
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.errors import UnavailableError
from evals.systems.function import digest_module, load_attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evals.systems.protocol import SystemUnderTest

KINDS = ("articles", "archive", "function", "llama-index", "langchain", "recorded", "http", "openai")


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointOptions:
    """What only some kinds of system need."""

    model: str | None = None
    """For `openai`, the name of the model to ask for; for byline, the URL or the ``.gguf`` file of one."""
    key: str | None = None
    """Sent as a bearer token; never recorded."""
    fields: str = ""
    """Where in the response the answer stands (`evals.systems.endpoint.ResponseFields.parse`)."""
    revision: str | None = None
    """What the answers of a system of one's own depend on beside the question: a commit, the day of an
    index. Recorded, and part of what cached answers are found by."""


@contextmanager
def open_system(choice: str, options: EndpointOptions | None = None) -> Iterator[SystemUnderTest]:
    """The system that `choice` names, closed afterwards.

    Raises:
        UnavailableError: The kind is unknown, or there is no such function, file or folder.
    """
    options = options or EndpointOptions()
    if choice.startswith(("http://", "https://")):
        choice = f"http:{choice}"
    kind, colon, where = choice.partition(":")
    if not colon or not where or kind not in KINDS:
        raise UnavailableError(
            f"--system {choice!r} is not one of {', '.join(f'{name}:...' for name in KINDS)}"
        )
    if kind in {"articles", "archive"}:
        with _open_byline(kind, Path(where), options) as system:
            yield system
    else:
        yield _connect(kind, where, options)


@contextmanager
def _open_byline(kind: str, folder: Path, options: EndpointOptions) -> Iterator[SystemUnderTest]:
    from evals.systems.byline import BylineSystem, fresh_archive
    from index.archive import Archive

    if not folder.exists():
        raise UnavailableError(f"--system {kind}:{folder} names no folder; check the path")
    opened = fresh_archive(folder) if kind == "articles" else Archive.open(folder, create=False)
    with opened as archive:
        yield BylineSystem(archive, model=options.model)


def _connect(kind: str, where: str, options: EndpointOptions) -> SystemUnderTest:
    from evals.systems.endpoint import EndpointSystem
    from evals.systems.function import FunctionSystem, RunnableSystem
    from evals.systems.query_engine import QueryEngineSystem
    from evals.systems.recorded import RecordedSystem

    if kind == "recorded":
        return RecordedSystem(Path(where), name=Path(where).stem)
    revision = {} if options.revision is None else {"revision": options.revision}
    loaded: dict[str, Callable[..., SystemUnderTest]] = {
        "function": FunctionSystem,
        "llama-index": QueryEngineSystem,
        "langchain": RunnableSystem,
    }
    if kind in loaded:
        attribute = load_attribute(where)
        return loaded[kind](
            attribute, name=where, settings={"module_sha256": digest_module(where), **revision}
        )
    if kind == "openai" and not options.model:
        raise UnavailableError(f"--system {kind}:{where} needs --model NAME")
    return EndpointSystem(
        where,
        name=options.model or where,
        model=options.model if kind == "openai" else None,
        key=options.key,
        fields=options.fields,
        settings=revision,
    )
