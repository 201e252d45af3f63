"""Markdown as plain text: front matter apart, paragraphs without their marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from index.worker import Reply, Worker

LONGEST_FRONT_MATTER = 4_000
"""Characters; a few hundred are usual, and 15,000 opening brackets keep the YAML parser for 3 s."""

_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(?=[\w-]+[ \t]*:)(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)


def split_front_matter(markdown: str) -> tuple[dict[str, object], str]:
    """Part a Markdown text into the fields of its YAML front matter (all text or lists of text) and the rest.

    Raises:
        SourceError: The front matter is no YAML mapping.
    """
    import yaml

    match = _FRONT_MATTER.match(markdown)
    if match is None:
        return {}, markdown
    if len(match[1]) > LONGEST_FRONT_MATTER:
        raise SourceError(f"the front matter has {len(match[1]):,} characters, over {LONGEST_FRONT_MATTER:,}")
    try:
        # BaseLoader makes only texts, lists and mappings: no objects, numbers, dates or merge keys.
        fields = yaml.load(match[1], Loader=yaml.BaseLoader) or {}  # noqa: S506
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        problem = " ".join(str(error).split())[:200]
        raise SourceError(f"the front matter is no YAML: {problem}; correct it or remove it") from error
    if not isinstance(fields, dict):
        raise SourceError("the front matter is no list of `field: value` lines; correct it or remove it")
    return {str(name): value for name, value in fields.items()}, markdown[match.end() :]


def read_markdown(markdown: str, worker: Worker) -> tuple[str, str]:
    """Return the headline (a level-1 heading at the top, else "") and the paragraphs as plain text.

    Emphasis, links and code keep their words; images, HTML and link targets go.

    Raises:
        ExtractError: It takes too much time or memory.
    """
    reply = worker.run("markdown", markdown.encode(errors="replace"))
    return reply["title"], reply["text"]


def parse_markdown(content: bytes) -> Reply:
    """Parse Markdown; runs in the worker process."""
    from markdown_it import MarkdownIt

    title = ""
    paragraphs: list[str] = []
    heading = ""
    for token in MarkdownIt("commonmark").parse(content.decode()):
        if token.type == "heading_open":
            heading = token.tag
        elif token.type == "inline":
            text = "".join(_words(token.children or [])).strip()
            if heading == "h1" and not paragraphs and not title:
                title = text
            elif text:
                paragraphs.append(text)
            heading = ""
        elif token.type in {"fence", "code_block"}:
            paragraphs.append(token.content.strip())
    return {"title": title, "text": "\n\n".join(paragraphs)}


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "
