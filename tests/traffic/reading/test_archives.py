"""Archives: what is attached to a recording in one, and headers that ask for too much."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from typing import TYPE_CHECKING

from enkash_contract.traffic import check_traffic
from enkash_contract.traffic.reading import archives, unpacking
from tests.support.recorded import OPERATION, entry, log, written

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_attached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files in the folder of the recording, in the archive and nowhere else."""
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("x/har.har", "x/body.json", "body.txt", "x/y/other.har"):
            archive.writestr(name, name)
        archive.mkdir("x/z.har")
    attached = {each.name: each.attached for each in unpacking.streams(file)}
    assert [*attached] == [
        f"{file}:{name}" for name in ("x/har.har", "x/y/other.har", "x/body.json")
    ]
    for each in unpacking.streams(file):
        if each.name.endswith("/har.har"):
            names = ["body.json", "body.txt", "gone", "../body.txt", "../../etc/passwd"]
            assert [each.attached(name) for name in names] == [b"x/body.json", *[None] * 4]
            monkeypatch.setattr(archives, "ATTACHED", 3)
            assert each.attached("body.json") is None


def test_other_recordings_beside_har(tmp_path: Path) -> None:
    """They are judged as well, unless a HAR has them for bodies, or Playwright named them so."""
    file, value = tmp_path / "a.zip", entry()
    value["response"]["content"] = {"_file": "body.json"}
    body = json.dumps(OPERATION.sides["response.200"].example)
    hashed = f"{'0a' * 20}.json"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("more.ndjson", json.dumps(entry()))
        archive.writestr("body.json", body)
        archive.writestr(hashed, body)
        archive.writestr("z.har", json.dumps(log(value)))
    result = check_traffic(file)

    assert (result.exit_code, result.verdicts, result.notes) == (0, {"held": 2}, ())


def test_a_password(tmp_path: Path) -> None:
    """A member that needs one is named with the reason."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.har", "{}")
    data = packed.getvalue().replace(b"PK\x03\x04\x14\0\0", b"PK\x03\x04\x14\0\1")
    file = written(
        tmp_path, data.replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1")
    )
    (found,) = unpacking.streams(file)
    assert (found.name, found.found) == (f"{file}:a.har", True)
    assert found.problem == "needs a password; unpack it first"


def test_a_header_that_is_too_long(tmp_path: Path) -> None:
    """A name of some gigabytes is not read."""
    member = tarfile.TarInfo("a.har")
    member.type, member.size = tarfile.XHDTYPE, 1 << 33
    data = member.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20)
    (found,) = unpacking.streams(written(tmp_path, gzip.compress(data)))
    assert found.problem == "cannot be read as a tar to its end: a name in it is too long"
