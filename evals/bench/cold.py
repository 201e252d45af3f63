"""How long a new process takes to its first answer, and where the time goes.

Run with ``python -m evals.bench.cold``. It asks the sample archive on the command line, once about somebody's
words (statements only: no model is loaded) and once about a fact (which loads the embedding model), and
starts the page and asks it over HTTP. Every run is a process of its own; the files are in the system's cache
after the first. Where the time goes is measured in a run of its own, since measuring imports slows them.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

SAYING = "What did Lavrov say about Trump?"
FACT = "How many people died when the Baltimore bridge collapsed?"
COMMAND = "from assistant.cli import main; main()"
LARGEST = 8
"""Packages that are named; the rest is one line."""
_IMPORT = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s*([\w.]+)", re.MULTILINE)


def command(*arguments: str, python: tuple[str, ...] = ()) -> list[str]:
    """``byline`` with these arguments, in a new process of this Python."""
    return [sys.executable, *python, "-c", COMMAND, *arguments]


def time_command(arguments: list[str]) -> tuple[float, str]:
    """Seconds of wall time to the end of a command, and what it printed."""
    began = time.perf_counter()
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout  # noqa: S603 - ourselves
    return time.perf_counter() - began, said


def import_seconds(log: str) -> dict[str, float]:
    """Seconds by top-level package, largest first, from what ``python -X importtime`` writes."""
    spent: Counter[str] = Counter()
    for microseconds, module in _IMPORT.findall(log):
        spent[module.partition(".")[0]] += int(microseconds)
    return {package: count / 1e6 for package, count in spent.most_common()}


def show_command(name: str, arguments: list[str], rounds: int) -> None:
    """Print the wall time of a question on the command line and its parts."""
    taken = [time_command(command(*arguments)) for _ in range(rounds)]
    seconds = [each for each, _said in taken]
    timings = json.loads(taken[-1][1])["timings"]
    print(
        f"\n{name}: {statistics.median(seconds):.2f} s"
        f" (of {rounds}: {min(seconds):.2f} to {max(seconds):.2f})"
    )
    print(f"  answering   {timings['total']:.2f} s of the last run")
    traced = command(*arguments, python=("-X", "importtime"))
    log = subprocess.run(traced, capture_output=True, text=True, check=True).stderr  # noqa: S603 - ourselves
    spent = import_seconds(log)
    print(f"  imports     {sum(spent.values()):.2f} s in a traced run")
    for package in list(spent)[:LARGEST]:
        print(f"    {package:22} {spent[package]:.2f} s")
    print(f"    {'all others':22} {sum(list(spent.values())[LARGEST:]):.2f} s")


def show_page(archive: Path) -> None:
    """Print when the page answers a browser and its first two questions."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    serving = command("--archive", str(archive), "serve", "--model", "none", "--port", str(port))
    with subprocess.Popen(serving, stderr=subprocess.DEVNULL) as process, httpx.Client(timeout=120) as client:  # noqa: S603
        try:
            while process.poll() is None:
                try:
                    client.get(address).raise_for_status()
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            print(f"\npage: {time.perf_counter() - began:.2f} s to the first byte of the page")
            for question in (SAYING, FACT):
                client.post(f"{address}/api/ask", json={"question": question}).raise_for_status()
                print(f"  answered {question!r} {time.perf_counter() - began:.2f} s after the start")
        finally:
            process.terminate()


def main() -> None:
    """Make the sample archive and print the three measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "newsroom"
        time_command(command("--archive", str(archive), "add", "--sample"))
        for name, question in (("ask for words", SAYING), ("ask for a fact", FACT)):
            show_command(
                name, ["--archive", str(archive), "ask", question, "--model", "none", "--json"], rounds
            )
        show_page(archive)


if __name__ == "__main__":
    main()
