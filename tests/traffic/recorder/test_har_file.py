"""A HAR file is whole after each entry, whatever ends the recorder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.errors import UsageError
from enkash_contract.traffic.recorder.har_file import HarFile

if TYPE_CHECKING:
    from pathlib import Path


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers()), max_size=4))
def test_it_is_whole_after_each_entry(
    tmp_path_factory: pytest.TempPathFactory, entries: list[dict[str, object]]
) -> None:
    """It was never closed when it is read."""
    path = tmp_path_factory.mktemp("recorded") / "out.har"
    file = HarFile(path, "1.0")
    written: list[object] = []
    with file:
        assert json.loads(path.read_bytes())["log"]["entries"] == []
        for entry in entries:
            file.add(entry)
            written.append(entry)
            assert json.loads(path.read_bytes())["log"]["entries"] == written
    assert file.entries == len(entries)
    assert path.stat().st_mode & 0o077 == 0


def test_no_file_is_written_over(tmp_path: Path) -> None:
    """A recording cannot be made again."""
    path = tmp_path / "out.har"
    path.write_text("kept")
    with pytest.raises(UsageError) as caught:
        HarFile(path, "1.0")
    assert str(caught.value) == f"--out {path}: it is there already; name another file"
    assert path.read_text() == "kept"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Nothing is made."""
    path = tmp_path / "none" / "out.har"
    with pytest.raises(UsageError) as caught:
        HarFile(path, "1.0")
    assert str(caught.value) == f"--out {path} cannot be written: No such file or directory"
