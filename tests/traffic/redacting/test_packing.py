"""New files for redacted recordings: packed as their names say."""

from __future__ import annotations

import gzip
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest
import zstandard

from enkash_contract.errors import UsageError
from enkash_contract.traffic.redacting import packing
from enkash_contract.traffic.redacting.packing import PACKINGS, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "first: é\nsecond\n"


def unzipped(path: Path) -> bytes:
    """Return what is in an archive, whose only file is named as it is."""
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [path.stem]
        return archive.read(path.stem)


UNPACK: dict[str, Callable[[Path], bytes]] = {
    "": lambda path: path.read_bytes(),
    ".gz": lambda path: gzip.decompress(path.read_bytes()),
    ".zip": unzipped,
    ".zst": lambda path: zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read(),
}


@pytest.mark.parametrize("ending", UNPACK)
def test_a_file_is_packed_as_its_name_ends(ending: str, tmp_path: Path) -> None:
    """In lower case or upper case; nobody else can read it."""
    for name in (f"out.har{ending}", f"OUT.HAR{ending.upper()}"):
        path = tmp_path / name
        with opened(path, ".har") as file:
            file.write(TEXT)
        assert UNPACK[ending](path).decode() == TEXT
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {*PACKINGS, ""} == {*UNPACK}


def test_what_is_missing_is_named_before_a_file_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra of the package brings it."""
    monkeypatch.setattr(packing, "find_spec", lambda _: None)
    path = tmp_path / "out.har.zst"
    message = f"{path} would be packed by zstd, which needs pip install 'enkash-contract[traffic]'"
    with pytest.raises(UsageError) as raised, opened(path, ".har"):
        pass
    assert str(raised.value) == message
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "inner"),
    [("out.zip", "out.har"), ("2026.11.zip", "2026.11.har"), ("OUT.YML.ZIP", "OUT.YML")],
)
def test_a_file_in_an_archive_is_named_as_a_recording(
    name: str, inner: str, tmp_path: Path
) -> None:
    """Nobody would look into it otherwise."""
    with opened(tmp_path / name, ".har") as file:
        file.write(TEXT)
    with zipfile.ZipFile(tmp_path / name) as archive:
        assert archive.namelist() == [inner]
