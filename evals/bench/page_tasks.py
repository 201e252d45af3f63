"""Do five tasks on the page as somebody who sees it for the first time: what is pressed, how long it takes.

    python -m evals.bench.page_tasks

On the sample archive without a model, in Chromium at /usr/bin/chromium. The seconds are the page's: a person
also reads and thinks. The feed of the third task is served from loopback, which the archive is told to allow.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.ui.testing import QUESTION_BOX, begin_anew

if TYPE_CHECKING:
    from playwright.sync_api import Page

FEED = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>Harbour Post</title><item><title>Tower lit in green</title>
<link>{address}/tower</link><pubDate>Fri, 07 Mar 2025 10:00:00 GMT</pubDate></item></channel></rss>"""
PAGE = """<!doctype html><html lang="en"><head><title>Tower lit in green</title></head><body><article>
<h1>Tower lit in green</h1><p>The tower was lit in green on Friday night, for the first time in ten years.</p>
<p>The mayor, Ada Brandt, said that it would stay so until the harbour opens again in spring.</p>
<p>Hundreds of people came to the quay to see it, and the ferry sounded its horn.</p></article>
</body></html>"""


@dataclass
class Hand:
    """Presses and types like a person, and counts."""

    page: Page
    presses: int = 0
    """Clicks, and keys that are no text (Enter)."""
    letters: int = 0

    def press(self, selector: str) -> None:
        """Click what the selector names, once it can be seen."""
        self.page.click(selector)
        self.presses += 1

    def write(self, selector: str, text: str) -> None:
        """Type a text into a field, which is pressed first unless it has the focus, and press Enter."""
        if not self.page.evaluate("field => document.activeElement?.matches(field)", selector):
            self.press(selector)
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.letters += len(text)
        self.presses += 1

    def see(self, selector: str) -> None:
        """Wait for something to be seen."""
        self.page.wait_for_selector(selector, state="visible")


def find_statement(hand: Hand) -> None:
    """Find what a person said, and see it in the article."""
    hand.write(QUESTION_BOX, "What did Lavrov say about Trump?")
    hand.see("#live .turn:not(.live) .cite")
    hand.press("#live .answer .cite >> nth=1")
    hand.see("#article mark.active[data-numbers~='2']")


def check_quotation(hand: Hand) -> None:
    """Check a doubtful quotation: see what was altered, and the true words in their place."""
    hand.write(QUESTION_BOX, 'Did Lavrov say "the ball is in the Russian court"?')
    hand.see("#live .notice >> text=instead of")
    hand.press("#live .answer .cite >> nth=0")
    hand.see("#article mark.active")


def add_feed(hand: Hand, address: str) -> None:
    """Add a feed, and ask what is in it."""
    hand.press("role=tab[name='Library']")
    hand.write("#address textarea, #address input", address)
    hand.see(".item.done")
    hand.press("role=tab[name='Ask']")
    hand.write(QUESTION_BOX, "What did Ada Brandt say?")
    hand.see("#live .turn:not(.live) .cite")


def see_refusal(hand: Hand) -> None:
    """See why an answer was refused, and read the nearest article."""
    hand.write(QUESTION_BOX, "Who won the horse race at Ascot?")
    hand.see("#live .abstention >> text=Ascot")
    hand.press("#live .nearest .open-source >> nth=0")
    hand.see("#article mark.active")


def report_speaker(hand: Hand) -> None:
    """Report a wrong speaker."""
    hand.write(QUESTION_BOX, "What did Jerome Powell say?")
    hand.see("#live .turn:not(.live) .cite")
    hand.press("#live .report summary")
    hand.press("#live [data-report=speaker]")
    hand.see("text=Saved. Thank you.")


def main() -> None:
    """Print one row for each task."""
    from assistant import Assistant, Settings
    from assistant.ui.server import create_app
    from assistant.ui.testing import open_browser, open_page, serve_on_loopback
    from index import Archive
    from index.config import FetchLimits, IndexConfig

    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    with ExitStack() as stack:
        feed, folder = stack.enter_context(serve_feed()), stack.enter_context(TemporaryDirectory())
        allowed = FetchLimits(private_hosts=(urlsplit(feed).netloc,))
        archive = stack.enter_context(Archive.open(folder, config=IndexConfig(fetch=allowed)))
        archive.add([str(files("index") / "sample")])
        assistant = Assistant(archive, settings=Settings(model_url=None))
        assistant.ask("What happened in Baku?")  # loads modules and the embedding model
        tasks: tuple[Callable[[Hand], None], ...] = (
            find_statement,
            check_quotation,
            lambda hand: add_feed(hand, feed),
            see_refusal,
            report_speaker,
        )
        names = ("find a statement", "check a quotation", "add a feed", "see a refusal", "report a speaker")
        app = create_app(archive, assistant)
        address, browser = stack.enter_context(serve_on_loopback(app)), stack.enter_context(open_browser())
        page = stack.enter_context(open_page(browser, address))
        for name, task in zip(names, tasks, strict=True):
            begin_anew(page)
            page.wait_for_function("box => document.activeElement?.matches(box)", arg=QUESTION_BOX)
            hand, begun = Hand(page), time.perf_counter()
            task(hand)
            seconds = time.perf_counter() - begun
            print(f"{name:20} {hand.presses} presses, {hand.letters:3} letters, {seconds:5.2f} s")


@contextmanager
def serve_feed() -> Iterator[str]:
    """The feed on loopback; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            is_feed = self.path == "/feed.xml"
            self.send_header("Content-Type", "application/rss+xml" if is_feed else "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((FEED if is_feed else PAGE).replace("{address}", address).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"{address}/feed.xml"
        server.shutdown()


if __name__ == "__main__":
    main()
