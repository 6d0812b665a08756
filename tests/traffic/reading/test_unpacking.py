"""Packing around recordings: undone as a stream, with limits, whatever it holds."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import lzma
import os
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest
import zstandard

from enkash_contract.traffic.reading import access, stream, unpacking
from enkash_contract.traffic.reading.stream import TOO_MUCH
from tests.support.recorded import written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


TEXT = b'{"log":{"entries":[]}}' * 9


def zipped(**files: bytes) -> bytes:
    """Return a zip; `__` in a name stands for a dot."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return packed.getvalue()


def tarred(**files: bytes) -> bytes:
    """Return a tar; `__` in a name stands for a dot."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name.replace("__", "."))
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def zstd(data: bytes) -> bytes:
    """Return data packed by zstd."""
    return zstandard.ZstdCompressor().compress(data)


def read(path: Path) -> list[tuple[str, bytes, str]]:
    """Return name, text and problem of each stream in a file."""
    found = []
    for each in unpacking.streams(path):
        text = b"".join(iter(each.read, b""))
        found.append((each.name.removeprefix(str(path)), text, each.problem))
    return found


PACKED: dict[str, tuple[bytes, list[str]]] = {
    "plain": (TEXT, [""]),
    "gzip": (gzip.compress(TEXT), [""]),
    "gzip with padding": (gzip.compress(TEXT) + b"\0\0", [""]),
    "zstd": (zstd(TEXT), [""]),
    "gzip in gzip": (gzip.compress(gzip.compress(TEXT)), [""]),
    "zip": (zipped(a__har=TEXT, b__har=TEXT, c__txt=b"x"), [":a.har", ":b.har"]),
    "zip of other endings": (zipped(a__ndjson=TEXT, c__txt=b"x"), [":a.ndjson"]),
    "gzip in zip": (zipped(a__har__gz=gzip.compress(TEXT)), [":a.har.gz"]),
    "tar": (tarred(a__har=TEXT, c__txt=b"x", b__json=TEXT), [":a.har", ":b.json"]),
    "tar.gz": (gzip.compress(tarred(a__har=TEXT)), [":a.har"]),
    "tar.zst": (zstd(tarred(a__har=TEXT)), [":a.har"]),
    "tar.gz of gzip": (gzip.compress(tarred(a__har__gz=gzip.compress(TEXT))), [":a.har.gz"]),
    "UTF-8 with a mark": (b"\xef\xbb\xbf" + TEXT, [""]),
    "UTF-16": (TEXT.decode().encode("utf-16"), [""]),
    "UTF-16, the other way": (b"\xfe\xff" + TEXT.decode().encode("utf-16-be"), [""]),
    "UTF-16 without a mark": (TEXT.decode().encode("utf-16-le"), [""]),
    "UTF-32": (TEXT.decode().encode("utf-32"), [""]),
    "UTF-16 in gzip": (gzip.compress(TEXT.decode().encode("utf-16")), [""]),
}


@pytest.mark.parametrize("kind", PACKED)
def test_what_is_packed(kind: str, tmp_path: Path) -> None:
    """Names lie, so the first bytes decide."""
    data, names = PACKED[kind]
    assert read(written(tmp_path, data)) == [(name, TEXT, "") for name in names]


def test_two_members_are_one_text(tmp_path: Path) -> None:
    """So `cat` joins packed files."""
    for pack in (gzip.compress, zstd):
        assert read(written(tmp_path, pack(b"[1]") + pack(b"[2]"))) == [("", b"[1][2]", "")]


def test_long_texts_come_in_chunks(tmp_path: Path) -> None:
    """All of them, whatever they were packed by."""
    text = b"".join(b"%d," % number for number in range(100_000))
    for pack in (gzip.compress, zstd):
        assert read(written(tmp_path, pack(text))) == [("", text, "")]


TORN = "cannot be unpacked to its end: it is "


def cut(data: bytes) -> bytes:
    """Return data without its end."""
    return data[:-6]


def damaged(data: bytes) -> bytes:
    """Return data with other bytes at its end."""
    return data[:-8] + bytes(byte ^ 255 for byte in data[-8:])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (cut(gzip.compress(TEXT)), f"{TORN}cut off"),
        (cut(zstd(TEXT)), f"{TORN}cut off"),
        (damaged(gzip.compress(TEXT)), f"{TORN}damaged"),
        (damaged(zstd(TEXT)), f"{TORN}damaged"),
        (zipped(a__har=TEXT)[:50], "cannot be read as a zip: File is not a zip file"),
        (zipped(a__txt=TEXT), "holds no recording (.har, .json, .ndjson, .jsonl, .yaml, .yml)"),
        (tarred(a__txt=TEXT), "holds no recording (.har, .json, .ndjson, .jsonl, .yaml, .yml)"),
        (gzip.compress(zipped(a__har=TEXT)), "is a zip that is packed once more; unpack it first"),
        (gzip.compress(gzip.compress(gzip.compress(TEXT))), "is packed more than twice; unpack it"),
        (bz2.compress(TEXT), "is packed by bzip2, which is not undone here; unpack it"),
        (lzma.compress(TEXT), "is packed by xz, which is not undone here; unpack it"),
        (cut(gzip.compress(tarred(a__har=TEXT)[:700])), f"{TORN}cut off"),
    ],
    # What is packed differs from second to second.
    ids=itertools.count(),
)
def test_what_cannot_be_unpacked(data: bytes, problem: str, tmp_path: Path) -> None:
    """One line says why."""
    *_, (_, _, told) = read(written(tmp_path, data))
    assert told.startswith(problem)


def test_damage_in_a_member(tmp_path: Path) -> None:
    """It costs this member, and is told of it."""
    data = bytearray(zipped(a__har=TEXT, b__har=TEXT))
    data[40] ^= 255
    (first, _, problem), (second, text, none) = read(written(tmp_path, bytes(data)))
    assert (first, second, text, none) == (":a.har", ":b.har", TEXT, "")
    assert problem.startswith("cannot be unpacked to its end: ")


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        zstd,
        lambda data: zipped(a__har=data, b__har=data),
        lambda data: gzip.compress(tarred(a__har=data)),
    ],
    ids="gzip zstd zip tar.gz".split(),
)
def test_bombs(
    pack: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are unpacked as far as the limit goes."""
    monkeypatch.setattr(stream, "FREE", 1_000_000)
    monkeypatch.setattr(stream, "RATIO", 10)
    found = read(written(tmp_path, pack(bytes(20_000_000))))
    assert {problem for _, _, problem in found} == {TOO_MUCH}
    assert sum(len(text) for _, text, _ in found) < 10_000_000


def test_zstd_needs_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says how to get it."""
    monkeypatch.setitem(sys.modules, "zstandard", None)
    file = written(tmp_path, zstd(TEXT))
    assert read(file) == [
        ("", b"", "is packed by zstd, which needs pip install 'enkash-contract[traffic]'")
    ]


# Files


def test_what_is_no_file(tmp_path: Path) -> None:
    """It is named with the reason; a pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    found = {
        name: read(tmp_path / name)[0][2] for name in ("pipe", "gone", "", "a\0b", "/dev/zero")
    }
    no_file = "cannot be read: it is no file; save it as one first"
    assert found == {
        "pipe": no_file,
        "gone": "cannot be read: No such file or directory",
        "": "cannot be read: Is a directory",
        "a\0b": "cannot be read: embedded null byte",
        "/dev/zero": no_file,
    }


@pytest.mark.parametrize(
    ("change", "problem", "harmless"),
    [
        (lambda file: file.write_bytes(TEXT * 10), "has grown while it was read", True),
        (lambda file: file.write_bytes(b"{}"), "changed while it was read", False),
        (lambda file: os.utime(file, (1, 1)), "changed while it was read", False),
    ],
    ids="longer shorter other".split(),
)
def test_a_file_that_changes_while_it_is_read(
    change: Callable[[Path], None],
    problem: str,
    harmless: bool,  # noqa: FBT001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it held is read, no more, and one line says so."""
    monkeypatch.setattr(access, "CHUNK", 8)
    file = written(tmp_path, TEXT * 9)
    for each in unpacking.streams(file):
        text = each.read()
        change(file)
        text += b"".join(iter(each.read, b""))
        assert (TEXT * 9).startswith(text)
        assert each.problem.startswith(problem)
        assert each.harmless is harmless


def test_files_beside_a_recording(tmp_path: Path) -> None:
    """They are read, but none that is elsewhere or no file."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(b"hunter2")
    (folder / "body.json").write_bytes(b"{}")
    (folder / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    names = ["body.json", "../secret", str(tmp_path / "secret"), "link", "pipe", "gone", "a\0b"]
    (found,) = unpacking.streams(written(folder, TEXT))
    assert [found.attached(name) for name in names] == [b"{}", *[None] * 6]


def test_a_file_beside_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as not there."""
    monkeypatch.setattr(access, "ATTACHED", 1)
    (tmp_path / "body.json").write_bytes(b"{}")
    (found,) = unpacking.streams(written(tmp_path, TEXT))
    assert found.attached("body.json") is None
