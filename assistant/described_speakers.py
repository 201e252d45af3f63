"""Speakers asked for by office, document or body: "the mayor of Port Ellery", "the decree", "Brightwater".

The articles name them otherwise: the mayor by name, a company by its spokeswoman. Who is meant is read from
the words that credit a statement; where these give the office to somebody else's, it is not meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.nearness import holds, look_around
from assistant.terms import terms_of
from index.types import Article, Quote

if TYPE_CHECKING:
    from index.archive import Archive

_REACH = 90
"""Code points around the mention of a speaker within which an office or a document is his."""
_SPEAKS_FOR = "spokesman spokeswoman spokesperson"
_PARTS = re.compile(r"^(?:the|a|an|its|their)\s+|[’']s\b", re.IGNORECASE)
_OWNER = re.compile(r"\s(?:of|for|from|in|at)\s", re.IGNORECASE)


def find_described(archive: Archive, description: str, article_ids: Iterable[str]) -> list[Quote]:
    """The statements of whom a description means, in the given articles.

    Args:
        archive: Where they are.
        description: An office, a document or a body, in the words of the question.
        article_ids: The articles to look through.
    """
    heads, owner = _read_description(description)
    if not heads:
        return []
    found: list[tuple[int, Quote]] = []
    for article_id in article_ids:
        quotes = archive.quotes(article_id=article_id, limit=None)
        for quote in quotes:
            if quote.speaker is None:
                continue
            article = archive.article(quote.article_id, quote.version)
            nearness = _fit(quote, article, heads, owner)
            if nearness:
                found += [(nearness, one) for one in quotes if one.speaker == quote.speaker]
    best = max((nearness for nearness, _quote in found), default=0)
    return list(dict.fromkeys(quote for nearness, quote in found if nearness == best))


def _read_description(description: str) -> tuple[frozenset[str], frozenset[str]]:
    """The word for the office or document, with its forms, and the words that say whose it is.

    A body alone is asked for through those who speak for it.
    """
    bare = _PARTS.sub("", description.strip())
    head, *owners = _OWNER.split(bare, maxsplit=1)
    word = head.split()[-1] if head.split() else ""
    if not word or word[0].isupper():
        return terms_of(_SPEAKS_FOR), terms_of(bare)
    heads = terms_of(_SPEAKS_FOR) if word.startswith("spokes") else terms_of(word)
    return heads, (terms_of(head) | terms_of(" ".join(owners))) - terms_of(word) - heads


def _fit(quote: Quote, article: Article, heads: frozenset[str], owner: frozenset[str]) -> int:
    """How well a statement's credit fits: 0 not at all, else 1 and the owner's words in its sentence."""
    credit = _credit_of(quote, article)
    if heads.isdisjoint(terms_of(credit)):
        return 0
    around = look_around(quote, article)
    near = around.sentence | around.paragraph | around.title
    if not all(holds(near, term) for term in owner):
        return 0
    owners = terms_of(" ".join(_owners_in(credit)))
    if owners and owner and not any(holds(owners, term) for term in owner):
        return 0
    named = terms_of(credit)
    return 1 + sum(holds(named, term) for term in owner)


def _credit_of(quote: Quote, article: Article) -> str:
    """The words around the mention of the speaker, within its sentence, without the statement's own."""
    start, end = quote.speaker_start, quote.speaker_end
    if start is None or end is None:
        return quote.speaker or ""
    before = article.text[max(0, start - _REACH) : start]
    before = re.split(r"[.?!]\s|\n|[“”\"«»]", before)[-1]
    after = re.split(r"[.?!](?:\s|$)|\n|[“”\"«»]", article.text[end : end + _REACH])[0]
    return f"{quote.speaker} {before}{article.text[start:end]}{after}"


_OFFICE = (
    r"(?:spokes\w+|mayor|minister|president|secretary|chief|leader|director|head|manager|statement|report)"
)
_OWNED = re.compile(
    rf"(?P<before>(?:[A-Z][\w-]+\s?)+)[’']s\s(?:[\w-]+\s){{0,2}}{_OFFICE}\b"
    rf"|\b{_OFFICE}\s(?:of|for)\s(?:the\s)?(?P<after>(?:[A-Z][\w-]+\s?)+)"
)


def _owners_in(credit: str) -> list[str]:
    """Whose office or document a credit says it is: "Mr Brandt's spokesman", "the mayor of Port Ellery"."""
    return [match["before"] or match["after"] for match in _OWNED.finditer(credit)]
