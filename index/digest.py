"""What tells two contents of an article apart, and a stored one from a damaged one."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.types import Article


def content_digest(article: Article) -> str:
    """Digest of what a reader sees of an article; a new version is one where it differs."""
    seen = [
        article.title,
        article.text,
        article.outlet,
        article.authors,
        article.url,
        article.published.isoformat() if article.published else None,
        article.updated.isoformat() if article.updated else None,
    ]
    return hashlib.blake2b(json.dumps(seen, ensure_ascii=False).encode(), digest_size=16).hexdigest()
