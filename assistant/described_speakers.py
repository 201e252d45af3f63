"""Speakers asked for by office, document or body: "the mayor of Port Ellery", "the decree", "Brightwater".

The articles name them otherwise: the mayor by name, a company by its spokeswoman. Who is meant is read from
the words that credit a statement; where these give the office to somebody else's, it is not meant.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.nearness import holds, look_around
from assistant.terms import terms_of
from index.types import Article, Quote

if TYPE_CHECKING:
    from index.archive import Archive

_REACH = 90
"""Code points before and after the mention of a speaker that are read for his title and apposition."""
_MENTIONS = 20
"""Mentions of a name looked at in one article."""
_TITLE_ENDS = re.compile(
    r"[^\w\s.’'-]|\.\s(?=[A-Z][a-z]{4})|\n|\b(?:said|says|told|that|and|by|with|to|of|from)\s"
)
"""What a title before a name cannot run over."""
_APPOSED = re.compile(r"(?:,\s|\s\(|\s(?=(?:of|for|at)\s))[^,.;:()“”\"\n]+")
"""An apposition or complement right after a name: ", the mayor of Port Ellery"."""
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
        quotes = [quote for quote in archive.quotes(article_id=article_id, limit=None) if quote.speaker]
        articles = read_articles(archive, quotes)
        by_name: dict[str, list[str]] = {}
        for quote in quotes:
            assert quote.speaker is not None
            article = articles[quote.article_id, quote.version]
            known = by_name.setdefault(quote.speaker, _credits_of_name(quote.speaker, article))
            known.append(_credit_of(quote, article))
        for quote in quotes:
            assert quote.speaker is not None
            around = look_around(quote, articles[quote.article_id, quote.version])
            near = around.sentence | around.paragraph | around.title
            nearness = max(_fit(credit, near, heads, owner) for credit in by_name[quote.speaker])
            if nearness:
                found.append((nearness, quote))
    best = max((nearness for nearness, _quote in found), default=0)
    return [quote for nearness, quote in found if nearness == best]


def read_articles(archive: Archive, quotes: Iterable[Quote]) -> dict[tuple[str, int], Article]:
    """The articles that statements stand in, each read once, by id and version."""
    wanted = dict.fromkeys((quote.article_id, quote.version) for quote in quotes)
    return {key: archive.article(*key) for key in wanted}


def _read_description(description: str) -> tuple[frozenset[str], frozenset[str]]:
    """The word for the office or document, with its forms, and the words that say whose it is.

    A body alone is asked for through those who speak for it.
    """
    bare = _PARTS.sub("", description.strip())
    head, *owners = _OWNER.split(bare, maxsplit=1)
    word = head.split()[-1] if head.split() else ""
    if not word:
        return frozenset(), frozenset()
    if word[0].isupper():
        owner = terms_of(bare)  # none of "the WHO", whose letters are a word of grammar
        return (terms_of(_SPEAKS_FOR), owner) if owner else (frozenset(), frozenset())
    heads = terms_of(_SPEAKS_FOR) if word.startswith("spokes") else terms_of(word)
    return heads, (terms_of(head) | terms_of(" ".join(owners))) - terms_of(word) - heads


def _fit(credit: str, near: frozenset[str], heads: frozenset[str], owner: frozenset[str]) -> int:
    """How well a credit fits: 0 not at all, else 1 and the number of the owner's words in it.

    Args:
        credit: A speaker's name with the words that say what he is.
        near: Folded words around the statement, in which the owner may be named instead.
        heads: Folded words for the office or document.
        owner: Folded words for whose it is.
    """
    named = terms_of(credit)
    if heads.isdisjoint(named) or not all(holds(near | named, term) for term in owner):
        return 0
    owners = terms_of(" ".join(_owners_in(credit)))
    if owners and owner and not any(holds(owners, term) for term in owner):
        return 0
    return 1 + sum(holds(named, term) for term in owner)


def _credit_of(quote: Quote, article: Article) -> str:
    """The speaker with what the mention that credits the statement says of him."""
    if quote.speaker_start is None or quote.speaker_end is None:
        return quote.speaker or ""
    return f"{quote.speaker} {_described(article.text, quote.speaker_start, quote.speaker_end)}"


def _credits_of_name(speaker: str, article: Article) -> list[str]:
    """What the article says of a speaker wherever it names him in full, title and headline included."""
    if " " not in speaker:
        return []
    text = f"{article.title}\n{article.text}"
    found = itertools.islice(re.finditer(rf"\b{re.escape(speaker)}\b", text), _MENTIONS)
    return [_described(text, *mention.span()) for mention in found]


def _described(text: str, start: int, end: int) -> str:
    """A mention with the title before it and the apposition or complement after it."""
    before = _TITLE_ENDS.split(text[max(0, start - _REACH) : start])[-1]
    after = _APPOSED.match(text, end, end + _REACH)
    return f"{before}{text[start:end]}{after[0] if after else ''}"


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
