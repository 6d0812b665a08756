"""The command `traffic`: its screen, and the commands that it proposes."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.traffic.judging import Judge
from tests.support.elsewhere import Elsewhere
from tests.support.paths import RECORDINGS
from tests.support.recorded import entry, log
from tests.support.tapes import RIGHT, WRONG, taped
from tests.support.typed_commands import PLAIN, typed

if TYPE_CHECKING:
    from pathlib import Path


def test_both_sides_are_on_one_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a client did is validated, and the recorded host is asked of the server alone."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(RECORDINGS / "chromium.har", "a b.har")
    done = typed("traffic", "a b.har", "--fail-on", "documented", env=PLAIN | {"COLUMNS": "80"})
    lines = done.stdout.splitlines()
    repeated = [line for line in lines if line.startswith("   repeat")]

    assert done.exit_code == 1
    assert len(lines) <= 60
    assert [line for line in lines if line.startswith("1. ")] == [
        "1. the client sends bodies of other media types: 1 violation (client)"
    ]
    assert repeated == ["   repeat    enkash-contract traffic 'a b.har' --fail-on documented"]
    both = typed("traffic", "a b.har").stdout
    assert both.count("| enkash-contract validate -\n") == 1
    assert "next: " not in both


@pytest.mark.parametrize(
    ("words", "expected"), [((), True), (("--fail-on", "assumed"), False), (("--host", "*"), False)]
)
def test_recordings_that_hold_are_tests(
    words: tuple[str, ...], tmp_path: Path, *, expected: bool
) -> None:
    """Pytest keeps them so, where it can be told the same."""
    tape = tmp_path / "a tape.yaml"
    tape.write_text(taped(RIGHT))
    done = typed("traffic", tape, *words)

    assert done.exit_code == 0
    assert (f"\nnext: pytest '{tape}'\n" in done.stdout) is expected


def test_each_finding_is_a_line_on_demand(tmp_path: Path) -> None:
    """As editors and grep want it."""
    tape = tmp_path / "tape.yaml"
    tape.write_text(taped(RIGHT, WRONG))
    (line, *_) = [
        line
        for line in typed("traffic", tape, "--full").stdout.splitlines()
        if line.startswith("violation ")
    ]

    assert line.startswith(
        "violation request_schema_conformance request/b2bIds/buyerB2BId#required "
        f"{tape}:interactions[1]: /b2bIds/buyerB2BId is required, but missing ["
    )


def test_what_is_learned_is_told_at_the_end(tmp_path: Path) -> None:
    """With the command that uses it; a file that is there is kept."""
    tape, overlay = tmp_path / "tape.yaml", tmp_path / "seen it.yaml"
    tape.write_text(taped(RIGHT))
    words = ("traffic", tape, "--quiet", "--learn", overlay)
    done = typed(*words)
    assert done.exit_code == 0
    assert done.stderr == (
        f"learned: wrote 4 values, 1 step, 1 transition, 1 code, 2 messages to {overlay}\n"
        f"next: read it, then run again with --overlay '{overlay}'\n"
    )
    assert typed("traffic", tape, "--overlay", overlay).exit_code == 0
    again = typed(*words)
    assert (again.exit_code, again.stdout, again.stderr) == (
        2,
        "",
        f"error: {overlay} is there already; name another file for what is learned\n",
    )


def test_a_recording_that_is_missing_is_an_error(tmp_path: Path) -> None:
    """It is told on standard error; the others are judged all the same."""
    gone = tmp_path / "gone.har"
    message = f"error: {gone}: No such file or directory; name a recording\n"
    alone = typed("traffic", gone)
    assert (alone.exit_code, alone.stdout, alone.stderr) == (2, "", message)
    both = typed("traffic", gone, RECORDINGS / "mitmproxy.har")
    assert (both.exit_code, both.stderr) == (2, message)
    assert "violations" in both.stdout


def test_progress_goes_to_standard_error_and_ctrl_c_keeps_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 130, with the findings so far and a note that says how far it had come."""
    tape = tmp_path / "tape.yaml"
    tape.write_text(taped(RIGHT, WRONG))
    judge = Judge._judge

    def stopped(self: Judge, *given: Any) -> None:
        judge(self, *given)
        if given[-1].violations:
            raise KeyboardInterrupt

    monkeypatch.setattr(Judge, "_judge", stopped)
    done = typed("traffic", tape, tape)

    assert done.exit_code == 130
    assert "note: interrupted after 2 interactions\n" in done.stdout
    assert f"{tape}, {tape}: interrupted; 2 checked: 1 held" in done.stdout


def test_no_secret_of_an_address_is_printed(tmp_path: Path) -> None:
    """Neither in the verdict, nor in what repeats a finding, nor in a report."""
    page = tmp_path / "report.html"
    with Elsewhere() as elsewhere:
        elsewhere.put("a.har", json.dumps(log(entry({"postData": {"text": "1"}}))).encode())
        elsewhere.put("a.har?sig=hunter2", json.dumps(log(entry())).encode())
        words = ("memory:///a.har", "memory://u:hunter2@/a.har", "memory:///a.har?sig=hunter2")
        done = typed("traffic", *words, "--full", "--report", f"html={page}")
    assert "memory:///a.har?***" in done.stdout
    assert "hunter2" not in done.output + page.read_text()
    assert done.exit_code in (1, 2)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("qqqq://a.har", "qqqq://a.har: qqqq is no protocol that fsspec knows; s3, gs, abfs,"),
        ("file:///gone.har", "file:///gone.har: No such file or directory; name a recording"),
    ],
)
def test_addresses_that_nothing_reads(name: str, error: str) -> None:
    """One line says so."""
    done = typed("traffic", name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {error}")
