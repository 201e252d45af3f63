"""Offline doubles for tests of byline and of programs that use it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.embedding import FloatMatrix


class HashEmbedder:
    """An `Embedder` without a model: each word adds a fixed pseudo-random direction.

    Texts that share words are near each other, which is enough to test everything but the model.
    """

    name = "hash"

    def __init__(self, dimension: int = 64) -> None:
        """Choose the length of the vectors."""
        self._dimension = dimension

    def encode_document(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), dimension), unit length."""
        return np.stack([self._encode(text) for text in texts])

    encode_query = encode_document

    def _encode(self, text: str) -> FloatMatrix:
        vector = np.full(self._dimension, 1e-3)  # a text without words is not the zero vector
        for word in re.findall(r"\w+", text.casefold()):
            seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
            vector += np.random.default_rng(seed).standard_normal(self._dimension)
        unit: FloatMatrix = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit
