"""Take the pictures of the page that stand in ``docs/screenshots``.

    python -m evals.bench.screenshots [--out docs/screenshots]

Needs a Chromium at /usr/bin/chromium (Debian: apt-get install chromium). The pictures show the sample
archive, asked without a model.
"""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES = {"wide": (1280, 800), "phone": (375, 760)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LARGEST_BYTES = 300_000
"""A picture is looked at in a README: a larger one is a mistake."""


def main() -> None:
    """Write the pictures and say how large each is."""
    from assistant import Assistant, Settings
    from assistant.ui.server import create_app
    from assistant.ui.testing import open_browser, open_page, serve_on_loopback
    from index.archive import Archive

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"), help="folder for the pictures")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, Archive.open(folder) as archive, open_browser() as browser:
        assistant = Assistant(archive, settings=Settings(model_url=None))
        with serve_on_loopback(create_app(archive, assistant)) as address:
            with open_page(browser, address) as page:
                _save(page, out / "empty.png")
            archive.add([str(files("index") / "sample")])
            for size in SIZES:
                for scheme in SCHEMES:
                    _show_rooms(browser, address, out, size, scheme)


def _show_rooms(
    browser: Browser, address: str, out: Path, size: str, scheme: Literal["light", "dark"]
) -> None:
    from assistant.ui.testing import ask, open_page

    width, height = SIZES[size]
    with open_page(browser, address, width=width, height=height, scheme=scheme) as page:

        def save(name: str) -> None:
            _save(page, out / f"{name}-{size}-{scheme}.png")

        save("welcome")
        ask(page, "What did Lavrov say about Trump?")
        page.wait_for_timeout(800)  # for the scrolling to come to rest
        save("answer")
        marker = page.locator("#live .answer .cite").first
        if size == "phone":
            marker.click()
            page.wait_for_timeout(800)
            save("article")
            page.click("#back")
        else:
            marker.hover()
            page.wait_for_timeout(200)
            save("card")
        page.click(".filter-toggle")
        page.check("#filter-panel input[value='The Meridian']")
        page.fill("#filter-panel input[name=since]", "2024-11-01")
        save("filters")
        page.keyboard.press("Escape")
        for _ in range(2):  # take both filters back
            page.locator(".filter-chips .chip").first.click()
        ask(page, "How many people died in Hualien?")
        page.wait_for_timeout(800)
        save("differ")
        ask(page, "Who won the horse race at Ascot?")
        page.wait_for_timeout(800)
        save("refusal")
        page.get_by_role("tab", name="Who said what").click()
        page.fill("#who-speaker input", "Zelensky")
        page.keyboard.press("Enter")
        page.wait_for_selector(".statement")
        save("statements")
        page.get_by_role("tab", name="Library").click()
        page.wait_for_selector(".holding")
        save("library")


def _save(page: Page, path: Path) -> None:
    size = len(page.screenshot(path=path))
    print(f"{path}: {size:,} bytes")
    if size > LARGEST_BYTES:
        raise SystemExit(f"{path} has {size:,} bytes, more than {LARGEST_BYTES:,}")


if __name__ == "__main__":
    main()
