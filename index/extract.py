"""An HTML page as an article: its text without the page around it, and who published it when.

`parse_page` runs in the worker process (see `index.worker`), `extract_page` asks for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, cast
from urllib.parse import urljoin

from index.addresses import canonical_url, host_name
from index.dates import find_times
from index.errors import ExtractError
from index.hidden import drop_hidden

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from index.types import PublishedFrom
    from index.worker import Reply, Worker

HEAD_BYTES = 500_000
"""Where a page names its canonical address: always in its head, which seldom has over 300 kB."""
SHORTEST_ARTICLE = 50
"""Characters; what is shorter is the rest of a page that needs scripts to show anything."""

_LINK = re.compile(rb"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([a-z:]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_TITLE_END = re.compile(r"\s+[|–—·«»:-]\s+([^|–—·«»]{2,60})$")
_SIGNED = re.compile(r"^(?:(?:view all )?posts by|written by|by|author|autor(?:in)?)[:\s]+", re.IGNORECASE)
"""What stands before the name in a byline, or in the link from it."""
_BLOCKS = frozenset(  # names in running lines read better than one a line
    """
    address article blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main ol p pre section table td th tr ul
    """.split()
)
_SILENT = ("script", "style", "noscript", "iframe", "object", "svg", "form", "button")


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractedPage:
    """What a page says, before cleaning; unknown is None or empty."""

    text: str
    """The article's paragraphs, parted by blank lines."""
    title: str
    outlet: str | None
    authors: tuple[str, ...]
    published: datetime | None
    published_from: PublishedFrom
    updated: datetime | None
    language: str | None
    """ISO 639-1, from the page's ``lang``."""


def extract_page(content: bytes, url: str | None, worker: Worker) -> ExtractedPage:
    """Extract the article of an HTML page.

    Args:
        content: The page's bytes, in any encoding that it declares or shows.
        url: Its canonical address, where known.
        worker: Runs the parsers.

    Raises:
        ExtractError: There is no article on it, or it needs too much time or memory.
    """
    reply = worker.run("page", content, url=url)
    return ExtractedPage(
        text=reply["text"],
        title=reply["title"],
        outlet=reply["outlet"],
        authors=tuple(reply["authors"]),
        published=_time(reply["published"]),
        published_from=cast("PublishedFrom", reply["published_from"]),
        updated=_time(reply["updated"]),
        language=reply["language"],
    )


def find_canonical_url(content: bytes, base: str | None = None) -> str | None:
    """Read the canonical address out of a page's head, without parsing the page.

    ``<link rel="canonical">`` comes before ``og:url``. The address of a whole site ("/") is no
    article's and is passed over, as is, for a fetched page, one on another site than `base`: a page
    may not speak for another outlet.
    """
    head = content[:HEAD_BYTES]
    for pattern, mark, value in (
        (_LINK, ("rel", "canonical"), "href"),
        (_META, ("property", "og:url"), "content"),
    ):
        for tag in pattern.finditer(head):
            attributes = {
                match[1].decode().lower(): unescape(
                    (match[2] or match[3] or match[4] or b"").decode(errors="replace")
                )
                for match in _ATTRIBUTE.finditer(tag[0])
            }
            if attributes.get(mark[0], "").strip().lower() != mark[1]:
                continue
            url = canonical_url(urljoin(base or "", attributes.get(value, "")))
            if url is not None and _names_article(url) and (base is None or _is_same_site(url, base)):
                return url
    return None


def parse_page(content: bytes, *, url: str | None) -> Reply:
    """Extract a page; runs in the worker process.

    Raises:
        ExtractError: There is no article on it.
    """
    import trafilatura
    from trafilatura.settings import Document
    from trafilatura.utils import decode_file

    tree = trafilatura.load_html(decode_file(content, max_size=len(content)))
    if tree is None:
        raise ExtractError("it is no HTML page")
    times = find_times(tree, url)
    drop_hidden(tree)
    document = trafilatura.bare_extraction(tree, url=url, include_comments=False, with_metadata=True)
    if not isinstance(document, Document) or len((document.text or "").strip()) < SHORTEST_ARTICLE:
        raise ExtractError("no article text was found on the page")
    return {
        "text": (document.text or "").replace("\n", "\n\n"),
        "title": _without_outlet(document.title or "", document.sitename),
        "outlet": document.sitename,
        "authors": _people(document.author or "", document.sitename or ""),
        "published": times.published.isoformat() if times.published else None,
        "published_from": times.published_from,
        "updated": times.updated.isoformat() if times.updated else None,
        "language": _page_language(tree),
    }


def html_to_text(html: str) -> str:
    """Reduce a piece of HTML, such as a feed entry's body, to its visible paragraphs."""
    from lxml import etree
    from lxml.html import fragment_fromstring

    if not html.strip():
        return ""
    try:
        tree = fragment_fromstring(html, create_parent="div")
    except (etree.ParserError, ValueError):
        return ""
    drop_hidden(tree)
    for element in list(tree.iter(*_SILENT, etree.Comment)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in tree.iter(*_BLOCKS):
        element.text = "\n\n" + (element.text or "")
        element.tail = "\n\n" + (element.tail or "")
    return str(tree.text_content())


def _without_outlet(title: str, outlet: str | None) -> str:
    """Cut the outlet's name off a headline: "Talks resume | The Paper"."""
    match = _TITLE_END.search(title)
    if (
        match is None
        or not outlet
        or match[1].casefold() not in {outlet.casefold(), f"the {outlet}".casefold()}
    ):
        return title
    return title[: match.start()]


def _people(authors: str, outlet: str) -> list[str]:
    """Names of a byline without the outlet, which content systems like to sign with."""
    names = (_SIGNED.sub("", name.strip()) for name in authors.split(";"))
    nobody = {
        "",
        "follow",
        "admin",
        outlet.casefold(),
    }  # a button beside the byline, the system's own account
    return [name for name in names if name.casefold() not in nobody]


def _page_language(tree: HtmlElement) -> str | None:
    match = _LANGUAGE.fullmatch(tree.get("lang", "").strip())
    return match[1].lower() if match else None


def _names_article(url: str) -> bool:
    _, _, path = url.partition("://")
    return bool(path.partition("/")[2].strip("/"))


def _is_same_site(a: str, b: str) -> bool:
    """Whether two addresses have one host, or one of them a host below the other's (m., edition.)."""
    hosts = sorted((f".{host_name(a)}", f".{host_name(b)}"), key=len)
    return hosts[1].endswith(hosts[0])


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
