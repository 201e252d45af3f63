"""A process that parses what strangers wrote, and can be killed while it does.

Markup parsers have inputs that keep them busy for minutes or fill the memory (one tag with 100,000
attributes took lxml and trafilatura over 30 s), and a thread cannot be stopped. So pages, feeds and
Markdown are parsed in a child process with a limit of processor time for each document and a memory
limit. The child is started fresh, not forked, stays warm between documents and is replaced after a
failure. Processor time, because on a busy machine an innocent page waits for its turn; a deadline of
wall time, further away, ends a child that does not come to its turn at all.

Requests and replies are frames: 8 bytes of length, then the bytes. A request is two of them, JSON
(the parser's name and its arguments) and the document; a reply is one, JSON. Nothing is pickled.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import threading
import weakref
from dataclasses import asdict
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from index.config import ExtractLimits
from index.errors import ExtractError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Reply: TypeAlias = dict[str, Any]
"""What a parser returns: JSON values only."""

PARSERS = {
    "page": "index.extract:parse_page",
    "feed": "index.feeds:parse_feed",
    "markdown": "index.markdown:parse_markdown",
}
"""Each takes ``(content: bytes, **arguments: str | None)``, returns a `Reply`, and raises
`ExtractError` where there is nothing to return."""

_WARMED = ("trafilatura", "htmldate")
"""Libraries that would take a second of the first page's time."""
WALL_FACTOR = 6
"""Wall time that a document may take, in limits of its processor time: six busy processes for each core."""
ORPHAN_SECONDS = 5.0
"""How long after its deadline a child whose parent was killed ends by itself."""
START_SECONDS = 60.0
"""For the child's imports: under 2 s on an idle machine."""
_PROCESSOR_TIME = getattr(signal, "ITIMER_PROF", 0)
_OUT_OF_TIME = getattr(signal, "SIGPROF", 0)
"""What that timer sends; it ends a process that does not handle it, in the middle of any library."""
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
"""The only environment that the child sees: keys in the others are no business of a parser."""


class Worker:
    """Runs the `PARSERS`, one document at a time, in a child process that starts on first use.

    Safe to share between threads. The child ends with the worker, or at `close`; a closed worker
    starts again when it is used again.
    """

    def __init__(self, limits: ExtractLimits | None = None) -> None:
        self._limits = limits or ExtractLimits()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._end: Callable[[], object] = _nothing

    def run(self, parser: str, content: bytes, **arguments: str | None) -> Reply:
        """Parse one document.

        Raises:
            ExtractError: It holds nothing to extract, or needs more time or memory than allowed.
        """
        with self._lock:
            process = self._started()
            request = json.dumps({"parser": parser, "arguments": arguments}).encode()
            reply = self._exchange(process, request, content, self._limits.seconds * WALL_FACTOR)
        if "failure" in reply:
            raise ExtractError(reply["failure"])
        return reply

    def close(self) -> None:
        """End the child process, whatever it is doing."""
        self._process = None
        self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
            package_root = str(Path(__file__).resolve().parents[1])
            environment["PYTHONPATH"] = os.pathsep.join([package_root, *filter(None, sys.path)])
            self._process = subprocess.Popen(  # noqa: S603  # this interpreter, fixed arguments
                [sys.executable, "-P", "-m", "index.worker", json.dumps(asdict(self._limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
            self._end = weakref.finalize(self, _end_process, self._process)
            self._exchange(self._process, b"{}", b"", START_SECONDS)
        return self._process

    def _exchange(
        self, process: subprocess.Popen[bytes], request: bytes, content: bytes, seconds: float
    ) -> Reply:
        """Send a request and wait for its reply; at the deadline the child is killed, which ends the wait."""
        assert process.stdin is not None
        assert process.stdout is not None
        overdue = threading.Event()

        def stop() -> None:
            overdue.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            _write_frame(process.stdin, request)
            _write_frame(process.stdin, content)
            frame = _read_frame(process.stdout)
        except OSError:
            frame = None
        finally:
            timer.cancel()
        if frame is not None and not overdue.is_set():
            reply: Reply = json.loads(frame)
            return reply
        self.close()
        if overdue.is_set() or process.returncode == -_OUT_OF_TIME:
            raise ExtractError(
                f"it was not read within {self._limits.seconds:g} s; it may be built to keep a parser busy"
            )
        raise ExtractError("the parser died on it; it may be damaged or built to do that")


@cache
def shared_worker(limits: ExtractLimits) -> Worker:
    """The one worker of this process for these limits: starting one takes about a second."""
    return Worker(limits)


def serve(requests: IO[bytes], replies: IO[bytes], limits: ExtractLimits) -> None:
    """Answer requests until there are no more: the child's side."""
    parsers = {name: _load(path) for name, path in PARSERS.items()}
    for library in _WARMED:
        import_module(library)
    _limit_memory(limits.memory_bytes)
    while (request := _read_frame(requests)) is not None:
        content = _read_frame(requests) or b""
        called = json.loads(request)
        if not called:  # the parent asks whether the imports are done
            _write_frame(replies, b"{}")
            continue
        try:
            with _alarm(limits.seconds):
                reply = parsers[called["parser"]](content, **called["arguments"])
        except MemoryError:
            reply = {"failure": f"it needs more than {limits.memory_bytes:,} bytes of memory to read"}
        except RecursionError:
            reply = {"failure": "it is nested too deeply to read"}
        except ExtractError as error:
            reply = {"failure": str(error)}
        except Exception as error:  # noqa: BLE001  # a parser's bug on one document must not end a batch
            reply = {"failure": f"it cannot be parsed ({type(error).__name__}: {str(error)[:200]})"}
        _write_frame(replies, json.dumps(reply).encode())


def _nothing(*_arguments: object) -> None:
    """No process to end, no timer to set."""


def _end_process(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # unsent bytes of a killed child cannot be flushed
            pipe.close()  # type: ignore[union-attr]  # both are pipes, see Worker._started


def _load(path: str) -> Callable[..., Reply]:
    module, _, name = path.partition(":")
    function: Callable[..., Reply] = getattr(import_module(module), name)
    return function


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """End this process after so much processor time, or long after the deadline: its parent may be gone."""
    alarm = getattr(signal, "alarm", _nothing)
    limit = getattr(signal, "setitimer", _nothing)
    limit(_PROCESSOR_TIME, seconds)
    alarm(math.ceil(seconds * WALL_FACTOR + ORPHAN_SECONDS))
    try:
        yield
    finally:
        limit(_PROCESSOR_TIME, 0)
        alarm(0)


def _limit_memory(memory_bytes: int) -> None:
    """Let this process grow by so much and no more, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has the deadline only
        return
    pages = Path("/proc/self/statm")
    used = int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else 0
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = used + memory_bytes
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _write_frame(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(len(content).to_bytes(8, "big"))
    pipe.write(content)
    pipe.flush()


def _read_frame(pipe: IO[bytes]) -> bytes | None:
    """Return the next frame, or None where the other side is gone."""
    header = pipe.read(8)
    if len(header) < 8:
        return None
    length = int.from_bytes(header, "big")
    content = pipe.read(length)
    return content if len(content) == length else None


if __name__ == "__main__":
    sys.setrecursionlimit(3_000)
    serve(sys.stdin.buffer, sys.stdout.buffer, ExtractLimits(**json.loads(sys.argv[1])))
