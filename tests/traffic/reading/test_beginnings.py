"""Archives are known by how they begin."""

from __future__ import annotations

import io
import tarfile
import zipfile

from enkash_contract.traffic.reading.beginnings import is_archive


def test_archives() -> None:
    """A zip, also an empty one, and a tar."""
    zipped, empty, tarred = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a.har", "{}")
    zipfile.ZipFile(empty, "w").close()
    with tarfile.open(fileobj=tarred, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("a.har"))
    heads = [file.getvalue()[:512] for file in (zipped, empty, tarred)]

    assert [*map(is_archive, heads)] == [True] * 3
    assert not is_archive(b'{"log": {}}')
