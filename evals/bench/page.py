"""Measure the page: how soon a reader sees something, and what it costs to open.

    python -m evals.bench.page [--questions 50] [--readers 20]

On the sample archive without a model. One reader is a real browser (Chromium at /usr/bin/chromium); many
readers at once are clients of the same assistant over ``/api/ask/stream``. Nothing but loopback is asked.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from importlib.resources import files
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

WATCH = """async (question) => {
  const box = document.querySelector('#question textarea');
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, question);
  box.dispatchEvent(new Event('input', {bubbles: true}));
  await new Promise((done) => setTimeout(done, 50));
  const stages = {
    feedback: () => document.body.classList.contains('asking') || document.querySelector('#live .turn.live'),
    step: () => shown('.turn.live .step') || finished(),
    source: () => shown('.source') || shown('.abstention'),
    text: () => shown('.answer') || shown('.abstention'),
    complete: () => finished(),
  };
  const mine = () => document.querySelector('#live .question')?.textContent === question;
  const shown = (selector) => mine() && document.querySelector('#live ' + selector);
  const finished = () => mine() && document.querySelector('#live .turn:not(.live)');
  const seen = {};
  const begun = performance.now();
  document.querySelector('#ask').click();
  while (Object.keys(seen).length < 5) {
    for (const [name, reached] of Object.entries(stages))
      if (!(name in seen) && reached()) seen[name] = performance.now() - begun;
    await new Promise((done) => setTimeout(done, 4));
  }
  while (!document.querySelector('#ask')) await new Promise((done) => setTimeout(done, 20));
  return seen;
}"""
"""Milliseconds from the click to each thing a reader sees; a refusal has neither sources nor text."""

COST = """() => {
  const loaded = [performance.getEntriesByType('navigation')[0], ...performance.getEntriesByType('resource')];
  const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  const before = loaded.filter((one) => one.responseEnd <= painted);
  return {
    requests: loaded.length,
    bytesBefore: before.reduce((sum, one) => sum + one.transferSize, 0),
    requestsBefore: before.length,
    bytes: loaded.reduce((sum, one) => sum + one.transferSize, 0),
    outside: loaded.filter((one) => !one.name.startsWith(location.origin)).length,
    painted,
    blocked: window.longTasks.reduce((sum, task) => sum + task - 50, 0),
  };
}"""

COUNT_LONG_TASKS = """
window.longTasks = [];
new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => task.duration)))
  .observe({type: 'longtask', buffered: true});
"""


def main() -> None:
    """Print the figures."""
    from assistant import Assistant, Settings
    from assistant.ui.server import create_app
    from assistant.ui.testing import open_browser, open_page, serve_on_loopback
    from index.archive import Archive

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--readers", type=int, default=20)
    options = parser.parse_args()
    with TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add([str(files("index") / "sample")])
        assistant = Assistant(archive, settings=Settings(model_url=None))
        questions = write_questions(archive.speakers(), options.questions)
        assistant.ask(questions[0])  # loads modules and the embedding model
        with serve_on_loopback(create_app(archive, assistant)) as address:
            with open_browser() as browser:
                print_cost(browser.new_page(), address)
                with open_page(browser, address) as page:
                    seen = [page.evaluate(WATCH, question) for question in questions]
            print(f"one reader in the browser, {len(questions)} questions, milliseconds:")
            for stage in ("feedback", "step", "source", "text", "complete"):
                print(f"  first {stage:9}" + describe([one[stage] for one in seen]))
            for readers in (1, options.readers):
                print(f"{readers} readers over HTTP, {len(questions)} questions, milliseconds:")
                timed = asyncio.run(read_streams(address, questions, readers))
                for stage in ("step", "sources", "claim", "answer"):
                    reached = [one[stage] for one in timed if stage in one]
                    print(f"  first {stage:9}" + describe(reached))


def write_questions(speakers: Sequence[tuple[str, int]], count: int) -> list[str]:
    """So many different questions: about statements, and in every fifth place one of fact."""
    names = [name for name, _ in speakers]
    asked = [f"What did {name} say?" for name in names]
    facts = [f"What happened to {name}?" for name in names]
    mixed = [facts[number] if number % 5 == 4 else asked[number] for number in range(len(names))]
    return mixed[:count]


def print_cost(page: Page, address: str) -> None:
    """What opening the page takes in a browser that has nothing of it."""
    page.add_init_script(COUNT_LONG_TASKS)
    page.goto(address)
    page.wait_for_selector("#welcome .welcome")
    cost = page.evaluate(COST)
    print(
        f"opening: {cost['requests']} requests, {cost['bytes']:,} bytes, {cost['outside']} from outside; "
        f"first paint after {cost['painted']:.0f} ms, {cost['requestsBefore']} requests and "
        f"{cost['bytesBefore']:,} bytes; main thread blocked for {cost['blocked']:.0f} ms"
    )
    page.close()


async def read_streams(address: str, questions: Sequence[str], readers: int) -> list[dict[str, float]]:
    """Ask all questions, so many at a time; milliseconds to the first event of each kind."""
    import httpx

    places = asyncio.Semaphore(readers)
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:

        async def read(question: str) -> dict[str, float]:
            async with places:
                begun, first = time.perf_counter(), dict[str, float]()
                async with client.stream("POST", "api/ask/stream", json={"question": question}) as response:
                    async for line in response.aiter_lines():
                        if line.startswith("event: "):
                            first.setdefault(line[7:], (time.perf_counter() - begun) * 1000)
                return first

        return list(await asyncio.gather(*(read(question) for question in questions)))


def describe(milliseconds: Sequence[float]) -> str:
    """Median and 95th percentile."""
    if len(milliseconds) < 2:
        return "too few"
    return f"median {median(milliseconds):6.0f}   p95 {quantiles(milliseconds, n=20)[-1]:6.0f}"


if __name__ == "__main__":
    main()
