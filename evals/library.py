"""The articles behind the sources, for checks that must look beyond the cited words.

"He said so" is credited rightly or not by what stands before it in its article. Where the system
under test can show its articles, the checks read them, and the statements in them, for themselves;
they never take the system's word for who spoke.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from index.errors import ArticleNotFound
from index.quotes import extract_quotes

if TYPE_CHECKING:
    from collections.abc import Callable

    from evals.types import EvalCase, Source
    from index.types import Article, Quote


class Library:
    """Articles by id and version, each read and searched for statements once."""

    def __init__(self, read: Callable[[str, int], Article]) -> None:
        """Take a function that raises `ArticleNotFound` for what it does not have."""
        self._article = lru_cache(maxsize=4096)(read)
        self._statements = lru_cache(maxsize=4096)(extract_quotes)

    def article(self, article_id: str, version: int) -> Article:
        """One version of an article; raises `ArticleNotFound`."""
        return self._article(article_id, version)

    def holds(self, source: Source) -> bool:
        """Whether the source's text stands at its offsets in an article of the library."""
        if source.article_id is None or source.start is None or source.end is None:
            return False
        try:
            text = self.article(source.article_id, source.version).text
        except ArticleNotFound:
            return False
        return text[source.start : source.end] == source.text

    def statements(self, source: Source) -> tuple[Quote, ...]:
        """The statements of the source's article that overlap its span; only for what it `holds`."""
        assert source.article_id is not None
        assert source.start is not None
        assert source.end is not None
        return tuple(
            quote
            for quote in self._statements(self.article(source.article_id, source.version))
            if quote.start < source.end and source.start < quote.end
        )


@runtime_checkable
class ShowsArticles(Protocol):
    """A system under test whose articles can be read."""

    def library(self, case: EvalCase) -> Library:
        """The articles that a case is answered from."""
        ...
