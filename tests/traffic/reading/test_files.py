"""Which files are taken for recordings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from enkash_contract.traffic.reading import files
from enkash_contract.traffic.reading.files import RecordingFile, found, is_named_as_one

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name",
    "a.har A.HAR a.yml a.ndjson a.har.gz a.har.zst a.har.zip a.har.tar a.har.tar.gz "
    "logs.zip logs.tar logs.tgz logs.tar.gz logs.tar.zst".split(),
)
def test_names_of_recordings(name: str) -> None:
    """By their endings, also packed; an archive may have any name."""
    assert is_named_as_one(name)


@pytest.mark.parametrize("name", "har a.txt a.har.bak a.gz notes.txt.gz a.zst".split())
def test_names_of_other_files(name: str) -> None:
    """Nobody wants them to be read."""
    assert not is_named_as_one(name)


def test_a_file_that_is_named(tmp_path: Path) -> None:
    """It is taken whatever it is, and if it is not there."""
    for path in (tmp_path / "a.har", tmp_path / "a\0b", tmp_path / "notes.txt"):
        assert [*found(path)] == [RecordingFile(path)]


def test_what_cannot_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is told by whoever opens it."""

    def is_dir(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "is_dir", is_dir)
    assert [*found(tmp_path)] == [RecordingFile(tmp_path)]


def test_a_folder(tmp_path: Path) -> None:
    """All recordings below it, in the order of their paths; each else is left alone."""
    names = ["a.har", "b/c.yaml", "b/d/e.json", "b.har", "notes.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [*found(tmp_path)] == [
        RecordingFile(tmp_path / name, named=False)
        for name in ["a.har", "b/c.yaml", "b/d/e.json", "b.har"]
    ]


def test_an_empty_folder(tmp_path: Path) -> None:
    """It holds none, which is an error; so it is where everything has a problem."""
    assert [*map(str, found(tmp_path))] == [f"{tmp_path} {files.NONE}"]
    os.mkfifo(tmp_path / "a.har")
    assert [*found(tmp_path)] == [
        RecordingFile(tmp_path / "a.har", named=False, problem=files.NO_FILE, harmless=True),
        RecordingFile(tmp_path, problem=files.NONE),
    ]


def test_links(tmp_path: Path) -> None:
    """They are followed where they stay in the folder and lead to what was not found yet."""
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    (outside / "deep").mkdir(parents=True)
    (outside / "a.har").touch()
    folder.mkdir()
    for name in ("blob", "c.har"):
        (folder / name).touch()
    targets = {
        "a.har": outside / "a.har",
        "current.har": folder / "blob",
        "deep": outside / "deep",
        "gone.har": folder / "gone",
        "latest.har": folder / "c.har",
        "notes": outside / "a.har",
        "round.har": folder / "round.har",
        "up": folder,
    }
    for name, target in targets.items():
        (folder / name).symlink_to(target)

    assert [(each.path.name, each.problem) for each in found(folder)] == [
        ("a.har", files.OUTSIDE),
        ("c.har", ""),
        ("current.har", ""),
        ("deep", files.OUTSIDE),
        *[("round.har", each.problem) for each in found(folder) if "round" in each.path.name],
    ]


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named with the reason, and others are searched."""
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "a.har").touch()
    listed = type(tmp_path).iterdir

    def iterdir(path: Path) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(type(tmp_path), "iterdir", iterdir)
    assert [*map(str, found(tmp_path))] == [
        str(tmp_path / "a.har"),
        f"{closed} cannot be read: Permission denied",
    ]
