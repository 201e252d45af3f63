"""Everything parsed from the texts, made anew: after a new parser, chunk size or embedding model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.clusters import join_cluster
from index.ingest import COMMIT_ARTICLES, PARSER_FACT, Parser
from index.progress import Progress, ProgressHook
from index.quotes import QUOTE_PARSER_VERSION

if TYPE_CHECKING:
    from index.store import Store


def parse_again(store: Store, parser: Parser, progress: ProgressHook) -> None:
    """Replace the chunks, statements and clusters of every article; safe to interrupt and repeat.

    Args:
        store: Whose articles; the caller holds the writer lock.
        parser: What to derive from a text.
        progress: Told of every article that is done.
    """
    article_ids = store.article_ids()
    done = 0
    for start in range(0, len(article_ids), COMMIT_ARTICLES):
        batch = article_ids[start : start + COMMIT_ARTICLES]
        parsed = [parser.parse(article) for article in store.articles(ids=batch)]
        with store.transaction() as connection:
            for each in parsed:
                store.put_parsed(connection, each)
        for each in parsed:
            done += 1
            progress(Progress("updated", each.article.title, done, len(article_ids), each.article.id))
    with store.transaction() as connection:
        for article_id in article_ids:
            store.set_cluster(connection, [article_id], article_id)
        for article_id in article_ids:
            join_cluster(store, connection, article_id)
    store.set_fact(PARSER_FACT, str(QUOTE_PARSER_VERSION))
