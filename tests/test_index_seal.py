"""A sealed folder is opened only when every byte is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.seal import SealedFolder


@pytest.fixture
def sealed(tmp_path: Path) -> SealedFolder:
    folder = SealedFolder(tmp_path / "vectors")
    (folder.path / "inner").mkdir(parents=True)
    (folder.path / "inner" / "graph.bin").write_bytes(bytes(range(256)))
    (folder.path / "list.txt").write_text("a\nb\n")
    folder.set()
    return folder


def test_an_untouched_folder_shows_no_damage(sealed: SealedFolder) -> None:
    assert sealed.damage() is None


def test_a_lock_file_that_comes_and_goes_is_no_damage(sealed: SealedFolder) -> None:
    (sealed.path / "writer.lock").touch()
    assert sealed.damage() is None


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        pytest.param(lambda path: (path / "list.txt").unlink(), "list.txt is missing", id="a file deleted"),
        pytest.param(lambda path: (path / "new.bin").touch(), "new.bin is new", id="a file added"),
        pytest.param(
            lambda path: (path / "list.txt").write_text("a\n"), "list.txt was changed", id="a file cut short"
        ),
        pytest.param(
            lambda path: (path / "list.txt").write_text("a\nc\n"),
            "list.txt was changed",
            id="one byte changed",
        ),
        pytest.param(
            lambda path: path.rename(path.with_name("gone")), "vectors is missing", id="the folder deleted"
        ),
        pytest.param(
            lambda path: path.with_name("vectors.seal").unlink(), "has no seal", id="the seal deleted"
        ),
        pytest.param(
            lambda path: path.with_name("vectors.seal").write_text("{"), "unreadable", id="the seal cut short"
        ),
    ],
)
def test_damage_is_named(sealed: SealedFolder, harm: object, words: str) -> None:
    harm(sealed.path)
    assert words in (sealed.damage() or "")


@given(position=st.integers(0, 255), bit=st.integers(0, 7))
def test_any_flipped_bit_is_seen(tmp_path_factory: pytest.TempPathFactory, position: int, bit: int) -> None:
    folder = SealedFolder(tmp_path_factory.mktemp("seal") / "vectors")
    folder.path.mkdir()
    content = bytearray(range(256))
    (folder.path / "graph.bin").write_bytes(content)
    folder.set()
    content[position] ^= 1 << bit
    (folder.path / "graph.bin").write_bytes(content)
    assert folder.damage() is not None


def test_a_change_that_fails_leaves_the_seal_broken(sealed: SealedFolder) -> None:
    with pytest.raises(RuntimeError), sealed.changing():
        raise RuntimeError("killed")
    assert "has no seal" in (sealed.damage() or "")


def test_a_change_that_succeeds_is_sealed_again(sealed: SealedFolder) -> None:
    with sealed.changing():
        (sealed.path / "list.txt").write_text("other")
    assert sealed.damage() is None
