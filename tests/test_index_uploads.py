"""Uploads: stored under names of our own, whatever the sender called them."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.config import UploadLimits
from index.uploads import UploadResult, shown_name, store_upload

TEXT = b"The harbour of Velmora reopened on Tuesday."


def upload(content: bytes, name: str, folder: Path, limits: UploadLimits | None = None) -> UploadResult:
    return store_upload(io.BytesIO(content), name, folder, limits)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


HOSTILE_NAMES = {
    "parent": "../../etc/cron.d/x.txt",
    "parent_windows": "..\\..\\windows\\x.txt",
    "absolute": "/etc/passwd.txt",
    "drive": "C:\\temp\\x.txt",
    "network_share": "\\\\host\\share\\x.txt",
    "nul": "x.php\x00.txt",
    "reserved": "CON.txt",
    "dots": "....//x.txt",
    "hidden": ".bashrc.txt",
    "line_break": "x\n<script>.txt",
    "direction_override": "x\u202etxt.exe.txt",
    "very_long": "x" * 5_000 + ".txt",
    "home": "~/x.txt",
    "percent": "%2e%2e%2fx.txt",
}


@pytest.mark.parametrize("name", HOSTILE_NAMES.values(), ids=HOSTILE_NAMES.keys())
def test_a_hostile_name_decides_nothing_about_where_a_file_goes(name: str, tmp_path: Path) -> None:
    result = upload(TEXT, name, tmp_path / "uploads")
    (stored,) = result.stored
    assert stored.path.parent == tmp_path / "uploads"
    assert stored.path.name == f"{stored.path.stem}.txt"
    assert len(stored.path.stem) == 32
    assert stored.path.read_bytes() == TEXT
    assert files_in(tmp_path) == [stored.path]


@given(st.text(max_size=60))
def test_no_name_at_all_leads_out_of_the_folder(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("upload")
    upload(TEXT, name + ".md", folder / "inside")
    assert all(path.parent == folder / "inside" for path in files_in(folder))
    shown = shown_name(name)
    assert shown.isprintable()
    assert "/" not in shown


def test_the_same_file_twice_is_one_file(tmp_path: Path) -> None:
    first, second = upload(TEXT, "a.txt", tmp_path), upload(TEXT, "b.txt", tmp_path)
    assert first.stored[0].path == second.stored[0].path
    assert (first.stored[0].name, second.stored[0].name) == ("a.txt", "b.txt")
    assert len(files_in(tmp_path)) == 1


def test_a_file_on_disk_is_taken_as_well(tmp_path: Path) -> None:
    source = tmp_path / "gradio" / "story.html"
    source.parent.mkdir()
    source.write_bytes(TEXT)
    (stored,) = store_upload(source, "story.html", tmp_path / "uploads").stored
    assert stored.path.read_bytes() == TEXT


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.exe", TEXT),
        ("x", TEXT),
        ("x.pkl", TEXT),
        ("x.txt.zip.exe", TEXT),
        ("photo.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("program.html", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("large.txt", b"x" * 1_001),
        ("broken.zip", b"PK\x03\x04 and nothing more"),
        ("text.zip", TEXT),
        ("empty.zip", zipped()),
    ],
    ids=[
        "program",
        "no_suffix",
        "pickle",
        "last_suffix_counts",
        "png",
        "exe",
        "large",
        "broken_zip",
        "no_zip",
        "empty",
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(name: str, content: bytes, tmp_path: Path) -> None:
    result = upload(content, name, tmp_path, UploadLimits(file_bytes=1_000))
    assert result.stored == ()
    (refused,) = result.refused
    assert refused.reason
    assert files_in(tmp_path) == []


def test_an_archive_of_articles_is_unpacked(tmp_path: Path) -> None:
    content = zipped(
        ("day/a.txt", TEXT), ("day/", b""), ("b.md", b"# Harbour\n\nIt reopened."), ("c.jsonl", b"{}")
    )
    result = upload(content, "Stories.ZIP", tmp_path)
    assert [stored.name for stored in result.stored] == ["a.txt", "b.md", "c.jsonl"]
    assert result.refused == ()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "member",
    [
        "../slip.txt",
        "a/../../slip.txt",
        "/etc/slip.txt",
        "..\\slip.txt",
        "C:\\slip.txt",
        link(),
        "image.png",
        "in.zip",
    ],
    ids=["parent", "inner_parent", "absolute", "backslash", "drive", "link", "wrong_type", "nested"],
)
def test_one_bad_member_is_refused_and_the_others_are_stored(
    member: str | zipfile.ZipInfo, tmp_path: Path
) -> None:
    result = upload(zipped((member, TEXT), ("good.txt", TEXT)), "x.zip", tmp_path / "uploads")
    assert [stored.name for stored in result.stored] == ["good.txt"]
    assert len(result.refused) == 1
    assert files_in(tmp_path) == [result.stored[0].path]


@pytest.mark.parametrize("is_honest", [True, False], ids=["honest_size", "false_size"])
def test_a_zip_bomb_is_stopped_while_it_unfolds(is_honest: bool, tmp_path: Path) -> None:
    """20 MB of blanks in 20 kB; the false directory says that they are 10 bytes."""
    content = bytearray(zipped(("bomb.txt", b" " * 20_000_000)))
    if not is_honest:
        directory = content.rindex(b"PK\x01\x02")
        content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    result = upload(bytes(content), "x.zip", tmp_path, UploadLimits(file_bytes=1_000_000))
    assert len(result.refused) == 1
    assert files_in(tmp_path) == []


def test_an_archive_with_too_many_files_is_refused_whole(tmp_path: Path) -> None:
    content = zipped(*((f"{n}.txt", TEXT) for n in range(201)))
    result = upload(content, "x.zip", tmp_path)
    assert "more than 200" in result.refused[0].reason
    assert files_in(tmp_path) == []


def test_all_files_of_an_archive_share_one_limit(tmp_path: Path) -> None:
    content = zipped(*((f"{n}.txt", b"%d" % n * 600) for n in range(1, 4)))
    result = upload(content, "x.zip", tmp_path, UploadLimits(archive_bytes=1_500))
    assert [stored.name for stored in result.stored] == ["1.txt", "2.txt"]
    assert [refused.source for refused in result.refused] == ["x.zip: 3.txt"]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_archive_reader(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("noise")
    whole = zipped(("a.txt", TEXT), ("b.txt", TEXT * 9))
    for content in (noise, whole[: len(whole) // 2] + noise, whole[:30] + noise + whole[30 + len(noise) :]):
        upload(content, "x.zip", folder / "uploads")
    assert all(path.parent == folder / "uploads" for path in files_in(folder))
