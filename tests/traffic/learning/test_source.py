"""The source of what is learned: hashes and days, and no names."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from enkash_contract import clock
from enkash_contract.traffic.learning.learned import Learned
from enkash_contract.traffic.learning.source import source

if TYPE_CHECKING:
    from pathlib import Path


def test_recordings_are_named_by_their_hashes(tmp_path: Path) -> None:
    """And by the days on which something was sent."""
    file = tmp_path / "acme.har"
    file.write_bytes(b"{}")
    digest = sha256(b"{}").hexdigest()
    name, row = source(Learned(number=2, files=[file], first=0, last=100_000))
    assert name == f"recordings-{sha256(digest.encode()).hexdigest()[:12]}"
    assert row == {
        "read": clock.today().isoformat(),
        "shows": f"2 interactions in 1 recording (SHA-256 {digest}), "
        "sent 1970-01-01 to 1970-01-02.",
    }


def test_many_hashes_are_counted(tmp_path: Path) -> None:
    """A row is read by people."""
    files = [tmp_path / str(number) for number in range(12)]
    for file in files:
        file.write_text(file.name)
    _, row = source(Learned(files=[*files], first=1e300, last=1e300))
    assert row["shows"].startswith("0 interactions in 12 recordings (SHA-256 ")
    assert row["shows"].endswith(" and 2 more), sent at no day that there is.")


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes")
def test_what_can_be_read_once_has_no_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor has a file that is gone."""
    pipe, gone = tmp_path / "pipe", tmp_path / "gone"
    os.mkfifo(pipe)
    gone.touch()
    monkeypatch.setattr("pathlib.Path.open", lambda *_: (_ for _ in ()).throw(OSError()))
    _, row = source(Learned(files=[pipe, gone]))
    assert row["shows"] == "0 interactions in 2 recordings."
