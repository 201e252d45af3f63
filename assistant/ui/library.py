"""The library room: what the archive holds, adding with the fate of each item, removing."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import gradio as gr

from assistant.address_book import AddressBook
from assistant.ui.html import counted, render, web_address
from assistant.ui.reading import whole_number
from assistant.ui.script import html_part
from index.errors import ArticleNotFound, BylineError

if TYPE_CHECKING:
    from markupsafe import Markup

    from index.archive import Archive
    from index.progress import Progress
    from index.types import Article, IngestReport

PAGE_ARTICLES = 25
"""Articles listed at once; counting sentences and statements of more would be felt."""

LAST_PAGE = 1_000_000
PASTED_CHARACTERS = 200_000
SHORTEST_TEXT_WORDS = 8
"""Fewer words are a mistyped address rather than an article."""

REDRAW_SECONDS = 0.15

GIVEN_SECONDS = 3600
"""How long an item that failed can be tried again; Gradio keeps an upload as long."""

ADDING = "<h2>Add articles</h2><p>Text, Markdown, HTML, JSON Lines or a feed.</p>"

ItemState = Literal["waiting", "working", "done", "failed"]
_SIGNS: dict[ItemState, str] = {"waiting": "·", "working": "…", "done": "✓", "failed": "✗"}


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedItem:
    """One thing that a reader gave, and what has become of it."""

    label: str
    """File name or address."""
    source: str | Article
    """What the archive is given: a path, an address, or the article itself where its text was pasted."""
    state: ItemState = "waiting"
    words: str = "waiting"
    """What happened, for a person."""

    @property
    def address(self) -> str | None:
        """The web address, if it is one: that can be tried again."""
        return web_address(self.source) if isinstance(self.source, str) else None


def read_pasted(text: str) -> list[AddedItem]:
    """What a reader means by what was written or pasted: addresses, or the text of one article."""
    words = text.split()
    if all(web_address(word) for word in words):
        return [AddedItem(label=word, source=word) for word in words]
    if len(words) < SHORTEST_TEXT_WORDS:
        wrong = "neither a web address (http or https) nor the text of an article"
        return [AddedItem(label=text.strip()[:100], source=text, state="failed", words=wrong)]
    from index.cleaning import split_title
    from index.types import Article

    title, body = split_title(text)
    return [AddedItem(label=title or " ".join(words[:8]) + " …", source=Article(title=title, text=body))]


async def add_items(
    archive: Archive, items: Sequence[AddedItem], book: AddressBook
) -> AsyncIterator[list[AddedItem]]:
    """Add one item after the other and tell the state of all of them whenever it changes.

    An item that fails does not stop the others. What became of an address is kept in the book.
    """
    states = list(items)
    for number, item in enumerate(states):
        latest: list[Progress] = []
        work = asyncio.create_task(asyncio.to_thread(_add, archive, item, latest, book))
        while not work.done():
            states[number] = replace(item, state="working", words=_progress_words(latest))
            yield states
            await asyncio.wait({work}, timeout=REDRAW_SECONDS)
        states[number] = work.result()
        yield states


def _add(archive: Archive, item: AddedItem, latest: list[Progress], book: AddressBook) -> AddedItem:
    try:
        report = archive.add([item.source], wait=False, progress=latest.append)
    except BylineError as error:
        added = replace(item, state="failed", words=str(error))
    else:
        state: ItemState = "failed" if _is_failure(report) else "done"
        added = replace(item, state=state, words=describe_report(report, item))
    if item.address and added.state == "failed":
        book.record_failure(item.address, added.words)
    elif item.address:
        articles = _articles_of(archive, report)
        dates = [article.published for article in articles if article.published]
        book.record_read(item.address, len(articles), max(dates, default=None))
    return added


def _articles_of(archive: Archive, report: IngestReport) -> list[Article]:
    given = (*report.added, *report.updated, *report.unchanged, *report.duplicates)
    return [archive.article(article_id) for article_id in dict.fromkeys(one.article_id for one in given)]


def _is_failure(report: IngestReport) -> bool:
    return bool(report.failed) and not (
        report.added or report.updated or report.unchanged or report.duplicates
    )


def describe_report(report: IngestReport, item: AddedItem) -> str:
    """What became of one item: ``3 articles added, 1 unchanged; 1 failed: ...``."""
    counts = (
        ("added", len(report.added)),
        ("updated", len(report.updated)),
        ("already here", len(report.unchanged)),
        ("added as copies of others", len(report.duplicates)),
    )
    parts = [f"{counted(number, 'article')} {words}" for words, number in counts if number]
    if report.failed:
        first = report.failed[0].reason.replace(str(item.source), item.label)
        parts.append(f"{len(report.failed)} failed: {first}" if parts or len(report.failed) > 1 else first)
    return "; ".join(parts) or "no article in it"


def _progress_words(latest: Sequence[Progress]) -> str:
    return f"{counted(latest[-1].done, 'article')} read" if latest else "reading"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """One article of the list."""

    article: Article
    sentences: int
    statements: int


def render_items(items: Sequence[AddedItem], *, can_try_again: bool = True) -> Markup:
    """The given items with their states; what could not even be read is not worth a second try."""
    return render("items.html", items=items, signs=_SIGNS, can_try_again=can_try_again)


def render_addresses(book: AddressBook) -> Markup:
    """The addresses that were read, each with how fresh it is and what went wrong last."""
    return render("addresses.html", addresses=book.addresses(), now=datetime.now(UTC))


def render_library(
    archive: Archive, query: str = "", outlet: str | None = None, page: int = 0, problem: str | None = None
) -> Markup:
    """The list of articles, newest first, or those that a query finds, best first; above it a problem."""
    if query:
        hits = archive.search(query, k=2 * PAGE_ARTICLES, outlet=outlet, retrievers=("keyword",))
        articles = [
            archive.article(article_id) for article_id in dict.fromkeys(hit.article_id for hit in hits)
        ]
        total = len(articles)
    else:
        articles = archive.articles(outlet=outlet, limit=PAGE_ARTICLES, offset=page * PAGE_ARTICLES)
        total = archive.stats().articles if outlet is None else dict(archive.outlets()).get(outlet, 0)
    return render(
        "library.html",
        problem=problem,
        holdings=[_holding(archive, article) for article in articles],
        total=total,
        query=query,
        narrowed=bool(query or outlet or page),
        where={"query": query, "outlet": outlet},
        page=page,
        last_page=max(0, (total - 1) // PAGE_ARTICLES),
    )


def _holding(archive: Archive, article: Article) -> Holding:
    from index.sentences import split_sentences

    return Holding(
        article=article,
        sentences=len(split_sentences(article.text, article.language)),
        statements=len(archive.quotes(article_id=article.id, limit=None)),
    )


# --- the room -----------------------------------------------------------------------------------


class LibraryRoom:
    """The Gradio components of the room and their events."""

    def __init__(self, archive: Archive) -> None:
        """Show this archive, and the addresses that it was filled from."""
        self._archive = archive
        self._book = AddressBook(archive.folder)

    def build(self, private: Mapping[str, Any]) -> None:
        """Lay the room out inside the current Gradio context."""

        def list_articles(request: Mapping[str, Any]) -> str:
            return self.list_articles(request)

        def remove_article(request: Mapping[str, Any]) -> str:
            return self.remove_article(request)

        def forget_address(request: Mapping[str, Any]) -> str:
            self._book.forget(str(request.get("address", "")))
            return str(render_addresses(self._book))

        self._given = gr.State([], time_to_live=GIVEN_SECONDS)
        with gr.Column(elem_id="library-room"):
            html_part("adding-title", ADDING)
            with gr.Row(elem_id="adding", equal_height=False):
                self._files = gr.File(
                    label="Files to add",
                    show_label=False,
                    file_count="multiple",
                    elem_id="drop",
                    height=120,
                    min_width=220,
                )
                with gr.Column(elem_id="address", min_width=220):
                    self._address = gr.Textbox(
                        label="Web address of an article or a feed, or an article's text",
                        placeholder="https://",
                        max_lines=5,
                        max_length=PASTED_CHARACTERS,
                    )
                    add = gr.Button("Add", elem_id="add-address", min_width=72)
            self._progress = html_part("progress", events=["try_again"])
            self._addresses = html_part("addresses", functions=[forget_address])
            html_part("holdings-title", "<h2>In the archive</h2>")
            with gr.Row(elem_id="filters-of-list"):
                words = gr.Textbox(
                    label="Find",
                    placeholder="words in the article",
                    elem_id="find",
                    max_length=300,
                    min_width=160,
                )
                self._outlet = gr.Dropdown(
                    label="Outlet", choices=[("All outlets", "")], value="", elem_id="outlet", min_width=160
                )
            self._listing = html_part("listing", functions=[remove_article, list_articles])
        self.inputs = [words, self._outlet]
        self.shown = [self._outlet, self._listing, self._addresses]
        gr.on([words.submit, self._outlet.input], self.refresh, self.inputs, self.shown, **private)
        self._connect_adding(add, private)

    def _connect_adding(self, add: gr.Button, private: Mapping[str, Any]) -> None:
        """One reader's articles are added after another's: the archive has one writer."""
        changed = [self._progress, self._given, *self.shown]
        one_by_one: dict[str, Any] = {"concurrency_id": "ingest", "concurrency_limit": 1, **private}
        self._files.upload(
            self._add_files, [self._files, *self.inputs], [self._files, *changed], **one_by_one
        )
        gr.on(
            [self._address.submit, add.click],
            self._add_pasted,
            [self._address, *self.inputs],
            [self._address, *changed],
            **one_by_one,
        )
        self._progress.try_again(self._try_again, [self._given, *self.inputs], changed, **one_by_one)

    def refresh(self, words: str | None, outlet: str) -> tuple[Any, str, str]:
        """The choice of outlets, the list and the addresses as they are now."""
        outlets = [name for name, _ in self._archive.outlets()]
        choices = [("All outlets", ""), *((name, name) for name in outlets)]
        kept = outlet if outlet in outlets else ""
        listed = render_library(self._archive, (words or "").strip(), kept or None)
        return gr.update(choices=choices, value=kept), str(listed), str(render_addresses(self._book))

    async def _add_all(
        self, items: list[AddedItem], words: str, outlet: str
    ) -> AsyncIterator[dict[Any, Any]]:
        states: list[AddedItem] = []
        async for states in add_items(self._archive, items, self._book):
            yield {self._progress: str(render_items(states))}
        shown = await asyncio.to_thread(self.refresh, words, outlet)
        yield {self._given: states, **dict(zip(self.shown, shown, strict=True))}
        for item in states:
            if item.state == "done" and isinstance(item.source, str):
                _discard_upload(Path(item.source))

    async def _add_files(
        self, paths: list[str] | None, words: str, outlet: str
    ) -> AsyncIterator[dict[Any, Any]]:
        if not paths:
            return
        yield {self._files: None}
        items = [AddedItem(label=Path(path).name, source=path) for path in paths]
        async for update in self._add_all(items, words, outlet):
            yield update

    async def _add_pasted(self, text: str, words: str, outlet: str) -> AsyncIterator[dict[Any, Any]]:
        items = read_pasted(text or "")
        refused = [item for item in items if item.state == "failed"]
        if not items or refused:
            yield {self._progress: str(render_items(refused, can_try_again=False)), self._given: []}
            return
        yield {self._address: ""}
        async for update in self._add_all(items, words, outlet):
            yield update

    async def _try_again(
        self, event: gr.EventData, given: list[AddedItem], words: str, outlet: str
    ) -> AsyncIterator[dict[Any, Any]]:
        number = whole_number(event._data.get("item"))  # noqa: SLF001 - Gradio gives it in no other way
        if number is None or not 0 <= number < len(given):
            return
        async for update in self._add_all([given[number]], words, outlet):
            yield update

    def list_articles(self, request: Mapping[str, Any], problem: str | None = None) -> str:
        """One page of the list. The request comes from a browser: nothing in it is trusted."""
        page = whole_number(request.get("page")) or 0
        outlet = request.get("outlet")
        return str(
            render_library(
                self._archive,
                str(request.get("query") or "")[:300],
                str(outlet) if outlet else None,
                page if 0 <= page < LAST_PAGE else 0,
                problem,
            )
        )

    def remove_article(self, request: Mapping[str, Any]) -> str:
        """Remove an article for good and list the others."""
        try:
            with suppress(ArticleNotFound):  # somebody else was faster
                self._archive.remove(str(request.get("article", "")))
        except BylineError as error:
            return self.list_articles(request, str(error))
        return self.list_articles(request)


def _discard_upload(path: Path) -> None:
    """Delete a file that Gradio kept for the upload; its article is in the store."""
    if path.is_relative_to(tempfile.gettempdir()):
        path.unlink(missing_ok=True)
