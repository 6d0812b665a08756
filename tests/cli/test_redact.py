"""The command `redact`: what it writes, and what it says of the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.elsewhere import Elsewhere
from tests.support.paths import ROOT
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

RECORDED = ROOT / "tests" / "recordings"


def test_a_file_is_written_anew(tmp_path: Path) -> None:
    """The same salt writes the same."""
    (tmp_path / "salt").write_bytes(b"0123456789abcdef")
    outs = [tmp_path / "1.har", tmp_path / "2.har"]
    for out in outs:
        words = ["redact", str(RECORDED / "chromium.har"), str(out)]
        code, printed, err = said(typed(*words, "--salt-file", str(tmp_path / "salt")))
        assert (code, err) == (0, "")
        assert printed == (
            f"wrote 11 interactions to {out}\n"
            "left out 5 interactions: of no operation of the contract\n"
        )
    assert outs[0].read_bytes() == outs[1].read_bytes()
    code, _, _ = said(typed("redact", str(RECORDED / "chromium.har"), str(tmp_path / "3.har")))
    assert code == 0
    assert (tmp_path / "3.har").read_bytes() != outs[0].read_bytes()


def test_a_folder_is_written_anew(tmp_path: Path) -> None:
    """File by file, and what is no recording is left out."""
    source = tmp_path / "in" / "below"
    source.mkdir(parents=True)
    (source / "a.har").write_bytes((RECORDED / "chromium.har").read_bytes())
    (source / "b.json").write_text("{}")
    out = tmp_path / "out"
    words = ["redact", str(tmp_path / "in"), str(out), "--operation", "changeInvoiceStatus"]
    code, printed, err = said(typed(*words))
    assert (code, err) == (0, "")
    assert printed.startswith(f"wrote 11 interactions to {out}\n")
    assert [file.name for file in out.rglob("*.*")] == ["a.har"]
    code, _, err = said(typed(*words))
    assert (code, err) == (2, f"error: {out} is there already; name another folder\n")


def test_an_address_is_read_as_well(tmp_path: Path) -> None:
    """A file, or all below a folder."""
    recording = (RECORDED / "chromium.har").read_bytes()
    with Elsewhere() as elsewhere:
        for name in ("day/1.har", "day/2.har"):
            elsewhere.put(name, recording)
        out = tmp_path / "1.har"
        words = ["redact", "memory:///day/1.har", str(out)]
        assert said(typed(*words))[1].startswith(f"wrote 11 interactions to {out}\n")
        folder = tmp_path / "out"
        words = ["redact", "memory:///day", str(folder)]
        assert said(typed(*words))[1].startswith(f"wrote 22 interactions to {folder}\n")
        code, _, err = said(typed("redact", "memory:///no.har", str(tmp_path / "no.har")))
    assert sorted(file.name for file in folder.iterdir()) == ["1.har", "2.har"]
    problem = "there is no such file, folder or bucket; check the address"
    assert (code, err) == (2, f"error: memory:///no.har cannot be read: {problem}\n")


def test_files_at_an_address_are_written_into_their_own_folders(tmp_path: Path) -> None:
    """Those of each day may have the same name; none is written beside the folder."""
    recording = (RECORDED / "chromium.har").read_bytes()
    folder = tmp_path / "out"
    with Elsewhere() as elsewhere:
        for name in ("year/1/day.har", "year/1/../2/day.har", "year/2/night/day.har"):
            elsewhere.put(name, recording)
        done = said(typed("redact", "memory:///year", str(folder)))
        one = said(typed("redact", "memory:///year/*/night/day.har", str(tmp_path / "one")))
    assert done[1].startswith(f"wrote 33 interactions to {folder}\n")
    assert one[1].startswith(f"wrote 11 interactions to {tmp_path / 'one'}\n")
    written = [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.har")]
    assert sorted(written) == [
        "one/day.har",
        "out/1/2/day.har",
        "out/1/day.har",
        "out/2/night/day.har",
    ]


def test_nothing_is_written_elsewhere(tmp_path: Path) -> None:
    """But `file://` is one more way to write a path."""
    recording, out = RECORDED / "chromium.har", tmp_path / "out.har"
    assert said(typed("redact", str(recording), "s3://bucket/out.har")) == (
        2,
        "",
        "error: OUT s3://bucket/out.har is an address; name a file here, and copy it there\n",
    )
    assert said(typed("redact", str(recording), "-")) == (
        2,
        "",
        "error: OUT is -, and a recording is not printed; name a file\n",
    )
    assert said(typed("redact", str(recording), out.as_uri()))[0] == 0
    assert out.is_file()


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """Three places are named."""
    entries = [{"request": {"method": "POST"}}] * 5
    (tmp_path / "in.har").write_text(json.dumps({"log": {"entries": entries}}))
    code, printed, err = said(typed("redact", str(tmp_path / "in.har"), str(tmp_path / "o.har")))
    assert (code, printed) == (2, "wrote 0 interactions\n")
    *named, last = err.splitlines()
    assert len(named) == 3
    assert last == "error: and 2 more such places"


def test_nothing_of_ours_is_nothing_written(tmp_path: Path) -> None:
    """The exit code says so."""
    entries = [{"request": {"method": "GET", "url": "http://h/x"}}]
    (tmp_path / "in.har").write_text(json.dumps({"log": {"entries": entries}}))
    code, printed, _ = said(typed("redact", str(tmp_path / "in.har"), str(tmp_path / "o.har")))
    assert code == 3
    assert printed == (
        "wrote 0 interactions\nleft out 1 interaction: of no operation of the contract\n"
    )
    assert not (tmp_path / "o.har").exists()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "cannot be read: No such file or directory"),
        (" \n", "is empty; write some random bytes into it"),
    ],
)
def test_a_salt_that_is_none_is_told(text: str | None, problem: str, tmp_path: Path) -> None:
    """With what to do."""
    salt = tmp_path / "salt"
    if text is not None:
        salt.write_text(text)
    words = ["redact", str(RECORDED / "chromium.har"), str(tmp_path / "o.har")]
    code, _, err = said(typed(*words, "--salt-file", str(salt)))
    assert (code, err) == (2, f"error: --salt-file {salt} {problem}\n")
