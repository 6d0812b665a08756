"""Files on this machine and elsewhere, read as far as they were there when they were opened."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from enkash_contract.traffic import detection
from enkash_contract.traffic.reading import access, unpacking
from enkash_contract.traffic.reading.stream import UnreadableError
from tests.support.elsewhere import Elsewhere
from tests.support.recorded import entry, log, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.traffic.reading.address import Address

TEXT = b'{"log":{"entries":[]}}' * 9


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Files in memory, at addresses."""
    with Elsewhere() as files:
        yield files


def read(file: Path | Address) -> list[tuple[str, bytes, str]]:
    """Return name, text and problem of each stream in a file."""
    found = [(each, b"".join(iter(each.read, b""))) for each in unpacking.streams(file)]
    return [(each.name.rpartition("/")[2], text, each.problem) for each, text in found]


def zipped() -> bytes:
    """Return a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.har", TEXT)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.har", TEXT),
        ("a.har.gz", gzip.compress(TEXT, mtime=0)),
        ("a.zip", zipped()),
        ("a.har.gz", gzip.compress(TEXT, mtime=0)[:-9]),
        ("empty.har", b""),
    ],
)
def test_files_elsewhere_are_read_alike(
    name: str, content: bytes, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """With all that is packed around them."""
    assert read(elsewhere.put(name, content)) == read(written(tmp_path, content, name))


def test_a_file_elsewhere_that_changes(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told of, as one on this machine is."""
    monkeypatch.setattr(access, "CHUNK", 8)
    address = elsewhere.put("a.har", TEXT * 9)
    for stream in unpacking.streams(address):
        text = stream.read()
        elsewhere.put("a.har", TEXT * 10)
        assert text + b"".join(iter(stream.read, b"")) == TEXT * 9
        assert stream.problem.startswith("has grown while it was read")


def test_a_file_elsewhere_that_is_gone(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is so when it is opened, or a moment later."""
    problem = "cannot be read: there is no such file, folder or bucket; check the address"
    assert read(elsewhere.at("gone.har")) == [("gone.har", b"", problem)]
    monkeypatch.setattr(type(elsewhere.at("")), "open", lambda *_, **__: io.BytesIO(b""))
    assert read(elsewhere.at("gone.har")) == [("gone.har", b"", problem)]


def test_a_file_of_unknown_size() -> None:
    """It is read to its end, wherever that is."""
    unknown = access.State(None, [])
    access.unchanged(unknown, unknown)
    with pytest.raises(UnreadableError):
        access.unchanged(unknown, access.State(None, ["other"]))


def test_a_body_beside_a_recording_elsewhere(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the same folder, or is not there."""
    address = elsewhere.put("traffic/a.har", b"")
    elsewhere.put("traffic/body.json", b"{}")
    elsewhere.put("secret.json", b"hunter2")
    attached = access.beside(address)
    names = ["body.json", "gone.json", "../secret.json"]
    assert [attached(name) for name in names] == [b"{}", None, None]
    monkeypatch.setattr(access, "ATTACHED", 1)
    assert attached("body.json") is None


def test_sizes(elsewhere: Elsewhere, tmp_path: Path) -> None:
    """Nobody is asked for those of files elsewhere."""
    assert access.size(elsewhere.put("a.har", b"123")) == 0
    assert access.size(written(tmp_path, b"123", "a.har")) == 3
    assert access.size(tmp_path / "gone.har") == 0


def test_entries_elsewhere(elsewhere: Elsewhere) -> None:
    """They are found by their content, and named by their address."""
    address = elsewhere.put("day", json.dumps(log(entry())).encode())
    assert detection.head(address).startswith(b'{"log"')
    assert [each.source for each in detection.entries(address)] == ["memory:///day:log.entries[0]"]
