"""The `Assistant` of byline as the system under test."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assistant.answering import Assistant
from assistant.config import Settings
from assistant.types import Turn
from evals.canonical import digest, plain
from evals.library import Library
from evals.systems.reading import read_byline_answer
from index.archive import Archive
from index.errors import ArticleNotFound
from index.types import Article

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from evals.types import EvalCase, FrozenArticle, SystemAnswer

_DIGESTED = frozenset(item.name for item in fields(Article)) - {"ingested"}
"""What of an article can change an answer; not when it was stored."""

_SETTINGS = {
    "retrievers", "history_turns", "passages", "statements", "answer_words", "evidence_characters",
    "model_parameters", "model_context_window", "model_answer_tokens",
}  # fmt: skip
"""Which settings can change an answer."""


class BylineSystem:
    """Asks an `Assistant` over one archive, or over the case's own articles where it brings some."""

    def __init__(
        self, archive: Archive, *, model: Any = None, settings: Settings | None = None, name: str = "byline"
    ) -> None:
        """Take an open archive.

        Args:
            archive: Asked for every case that brings no articles.
            model: What `Assistant` takes; None for the articles' own words, whatever the environment says.
            settings: Limits; read from the environment by default.
            name: Shown in tables.
        """
        self.name = name
        self._settings = (settings or Settings()).model_copy(update={"model_url": None})
        self._archive = archive
        self._model = model
        self._now = archive.stats().newest or datetime(2000, 1, 1, tzinfo=UTC)
        self._articles_digest = digest_articles(archive)
        self._library = Library(archive.article)

    def answer(self, case: EvalCase) -> SystemAnswer:
        """The assistant's answer, the history asked first.

        A case without `now` is asked at the time of the newest article.
        """
        with self._archive_of(case) as archive:
            assistant = Assistant(archive, self._model, now=case.now or self._now, settings=self._settings)
            history: list[Turn] = []
            for question in case.history:
                history.append(Turn(question, assistant.ask(question, history)))
            return read_byline_answer(assistant.ask(case.question, history))

    def describe(self) -> Mapping[str, Any]:
        """The articles that are asked and the model."""
        return {
            "articles_digest": self._articles_digest,
            "model": getattr(self._model, "name", self._model),
            "settings": self._settings.model_dump(mode="json", include=_SETTINGS),
            "now": plain(self._now),
        }

    def articles(self) -> list[Article]:
        """Everything that is asked, but for cases that bring their own."""
        return self._archive.articles()

    def library(self, case: EvalCase) -> Library:
        """The archive's articles, or those that the case brings."""
        if not case.evidence:
            return self._library
        own = {article.id: article for article in map(thaw_article, case.evidence)}

        def read(article_id: str, version: int) -> Article:
            if article_id not in own:
                raise ArticleNotFound(f"case {case.id!r} brings no article {article_id!r}, version {version}")
            return own[article_id]

        return Library(read)

    @contextmanager
    def _archive_of(self, case: EvalCase) -> Iterator[Archive]:
        if not case.evidence:
            yield self._archive
            return
        with TemporaryDirectory() as folder, Archive.open(folder) as archive:
            archive.add(thaw_article(article) for article in case.evidence)
            yield archive


def thaw_article(article: FrozenArticle) -> Article:
    """An article that a case brings along, as one of an archive."""
    return Article(
        id=article.id,
        text=article.text,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published=article.published,
        published_from="given" if article.published else "unknown",
    )


def digest_articles(archive: Archive) -> str:
    """sha256 over the current version of every article, ordered by id."""
    return digest(
        sorted(
            ({key: value for key, value in plain(article).items() if key in _DIGESTED}
             for article in archive.articles()),
            key=lambda row: str(row["id"]),
        )
    )  # fmt: skip


@contextmanager
def fresh_archive(sources: Path) -> Iterator[Archive]:
    """A temporary archive of the articles in a folder or file, removed afterwards."""
    with TemporaryDirectory() as folder, Archive.open(folder) as archive:
        archive.add(str(sources))
        yield archive
