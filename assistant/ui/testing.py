"""For tests of the page and for its pictures: the application on loopback, and a real browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
"""Where Debian installs it."""

_QUIET_BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""A browser that asks for nothing of its own, so that every recorded request is the page's."""

START_SECONDS = 30.0

QUESTION_BOX = "#question textarea"
"""Selector of the field that questions are written into."""


@contextmanager
def serve_on_loopback(app: FastAPI) -> Iterator[str]:
    """Serve an application from a thread; yields its address."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise TimeoutError(f"the server did not start within {START_SECONDS:.0f} s")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_QUIET_BROWSER)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    browser: Browser,
    address: str,
    *,
    width: int = 1280,
    height: int = 800,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Page]:
    """The page in a fresh browser profile, ready to be asked."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("#welcome .welcome")
        yield page
    finally:
        context.close()


def ask(page: Page, question: str) -> None:
    """Ask and wait for the finished answer."""
    submit_question(page, question)
    page.wait_for_function(
        "question => document.querySelector('#live .turn:not(.live) .question')?.textContent === question",
        arg=question,
    )
    page.wait_for_selector("#ask")


def submit_question(page: Page, question: str) -> None:
    """Type a question and send it."""

    def submit() -> None:
        page.fill(QUESTION_BOX, question)
        page.keyboard.press("Enter")

    _until_shown(
        page,
        submit,
        "question => document.querySelector('#live .turn .question')?.textContent === question",
        question,
    )


def begin_anew(page: Page) -> None:
    """Begin a new conversation on an open page."""
    _until_shown(
        page,
        page.get_by_role("button", name="New", exact=True).click,
        "() => !document.querySelector('#live .turn')"
        " && document.querySelector('#welcome .welcome')?.checkVisibility()",
    )


def _until_shown(page: Page, act: Callable[[], None], shown: str, argument: str | None = None) -> None:
    """Act, and again where a reply that was still on its way has undone it."""
    from playwright.sync_api import TimeoutError as NotInTime

    for patience in (8_000, 8_000):
        act()
        with suppress(NotInTime):
            page.wait_for_function(shown, arg=argument, timeout=patience)
            return
    act()
    page.wait_for_function(shown, arg=argument)
