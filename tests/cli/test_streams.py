"""Output that nobody reads, that is full, or that is not there."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from enkash_contract.cli import streams
from enkash_contract.judging.result import MISUSED
from tests.support.paths import RECORDINGS, ROOT

FULL = Path("/dev/full")
COMMANDS = (
    "rules",
    "--help",
    "--version",
    "check --only request#method",
    f"traffic {RECORDINGS / 'chromium.har'}",
    "sandbox --port 0",
    *(
        pytest.param(words, marks=pytest.mark.slow)
        for words in (
            "cases --format json",
            "schema",
            "document",
            "check --help",
            "check --list --only request#method",
            "check --show-config",
            "explain request#method",
        )
    ),
)
full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


def started(words: str, **how: Any) -> subprocess.Popen[bytes]:
    """Start a command in a process of its own."""
    command = [sys.executable, "-m", "enkash_contract", *words.split()]
    return subprocess.Popen(command, cwd=ROOT, **how)


@full
@pytest.mark.parametrize("words", COMMANDS)
def test_a_full_disk_is_one_line(words: str) -> None:
    """Whatever the command prints, its exit code says that nobody has it."""
    with FULL.open("wb") as device, started(words, stdout=device, stderr=subprocess.PIPE) as done:
        _, err = done.communicate(timeout=120)
    assert (done.returncode, err.decode()) == (
        2,
        "error: standard output cannot be written: No space left on device\n",
    )


@full
def test_an_error_that_cannot_be_told_keeps_its_exit_code() -> None:
    """Where standard error is full as well, the code is all there is."""
    with FULL.open("wb") as device:
        for words, code in (("rules", 2), ("check --only nope", 2), ("validate nope.json", 2)):
            with started(words, stdout=device, stderr=device) as done:
                assert done.wait(120) == code


def test_a_reader_who_leaves_changes_no_exit_code() -> None:
    """As `| head` does; and nothing is complained of."""
    for words in ("rules", "cases", "check --list"):
        reading, writing = os.pipe()
        os.close(reading)
        with started(words, stdout=writing, stderr=subprocess.PIPE) as done:
            os.close(writing)
            _, err = done.communicate(timeout=120)
        assert (done.returncode, err) == (0, b"")


def test_a_run_goes_on_without_its_reader(tmp_path: Path) -> None:
    """The exit code is that of its result."""
    payload = tmp_path / "payload.json"
    payload.write_text("{}", encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    with started(f"validate {payload}", stdout=writing, stderr=writing) as done:
        os.close(writing)
        assert done.wait(120) == 1


class Original:
    """A stream of the process, with a descriptor of its own."""

    def __init__(self, number: int, *, terminal: bool = False) -> None:
        self.stream = io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding="ascii")
        self.terminal = terminal

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def isatty(self) -> bool:
        return self.terminal


def writing(monkeypatch: pytest.MonkeyPatch, original: Any, text: str) -> str:
    """Write `text` to such a standard output; return what is said of it then."""
    monkeypatch.setattr(sys, "stdout", original)
    monkeypatch.setattr(sys, "__stdout__", original)
    with streams.forgiving():
        if sys.stdout is not None:
            click.echo(text)
        why = streams.unwritable()
    assert sys.stdout is original
    return why


@full
def test_a_problem_is_known_once_it_is_flushed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that a command may stop which is of no use without its output."""
    with FULL.open("wb") as device, pytest.raises(SystemExit) as raised:
        writing(monkeypatch, Original(device.fileno()), "text")
    assert raised.value.code == MISUSED == streams.MISUSED
    assert capsys.readouterr().err == (
        "error: standard output cannot be written: No space left on device\n"
    )


def test_what_can_be_written_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the encoding of the stream; where there is none, nothing is."""
    with (tmp_path / "out.txt").open("wb") as file:
        assert writing(monkeypatch, Original(file.fileno()), "text") == ""
    assert (tmp_path / "out.txt").read_text(encoding="utf-8").strip() == "text"
    assert writing(monkeypatch, None, "") == ""


def test_a_terminal_and_a_test_s_stream_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal has ways of its own, and a test wants to see what is printed."""
    terminal = Original(1, terminal=True)
    monkeypatch.setattr(sys, "__stdout__", terminal)
    for stream in (terminal, io.StringIO()):
        monkeypatch.setattr(sys, "stdout", stream)
        with streams.forgiving():
            assert sys.stdout is stream


def test_a_closed_pipe_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader has seen enough."""
    reading, number = os.pipe()
    os.close(reading)
    assert writing(monkeypatch, Original(number), "text") == ""
    os.close(number)
