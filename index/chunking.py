"""An article's text into chunks of whole sentences, with exact offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from index.sentences import split_sentences
from index.types import Article, Chunk, Span


def split_chunks(article: Article, longest: int) -> tuple[Chunk, ...]:
    """Consecutive sentences packed into chunks of at most `longest` code points, in reading order.

    Every sentence lies in exactly one chunk; one that is longer than `longest` is a chunk of its own.
    """
    spans = _pack(split_sentences(article.text, article.language), longest)
    return tuple(
        Chunk(
            id=f"{article.id}:{article.version}:{start}-{end}",
            article_id=article.id,
            version=article.version,
            start=start,
            end=end,
            text=article.text[start:end],
        )
        for start, end in spans
    )


def _pack(sentences: list[Span], longest: int) -> Iterator[Span]:
    if not sentences:
        return
    start, end = sentences[0]
    for sentence in sentences[1:]:
        if sentence.end - start > longest:
            yield Span(start, end)
            start = sentence.start
        end = sentence.end
    yield Span(start, end)


def text_to_embed(article: Article, chunk: Chunk) -> str:
    """What the model reads of a chunk: title, outlet and day before the text.

    A chunk in the middle of an article often names neither its subject nor its day.
    """
    day = f"{article.published:%d %B %Y}" if article.published else ""
    head = ", ".join(part for part in (article.title, article.outlet, day) if part)
    return f"{head}\n{chunk.text}" if head else chunk.text


def embedding_key(embedder: str, text: str) -> str:
    """Under which key the vector of a text is kept: the same text is never embedded twice."""
    return hashlib.blake2b(f"{embedder}\0{text}".encode(), digest_size=16).hexdigest()
