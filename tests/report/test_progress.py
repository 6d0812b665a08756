"""Being watched: a bar on a terminal, a line from time to time elsewhere, and nothing secret."""

from __future__ import annotations

import io
import itertools
import sys

import pytest

from enkash_contract.judging.result import Result
from enkash_contract.report.progress import EVERY, progress, reading
from enkash_contract.traffic.counting.reduction import Reduction
from tests.support.results import finding

ONE = Result((finding(),), {"violation": 1})


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests themselves are run in, there is no terminal, and progress is told."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR", "TERM", "COLUMNS", "CI"):
        monkeypatch.delenv(name, raising=False)
    # Other tests want no progress.
    monkeypatch.setattr("enkash_contract.report.progress.EVERY", EVERY)


def lines(capsys: pytest.CaptureFixture[str], seconds: float, total: int) -> list[str]:
    """Return what is written of a run in which each case takes so many seconds."""
    times = itertools.count()
    with progress(total, lambda: next(times) * seconds) as watch:
        for done in range(1, total + 1):
            watch.judged(ONE if done in (2, 40) else Result(verdicts={"held": 1}))
            watch(done, total)
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err.splitlines()


def test_a_log_gets_a_line_every_five_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    """How many are done, what was found so far, and how long it will take."""
    assert lines(capsys, 0.5, 50) == [
        "checking: 10 of 50, 1 violation, 20 s left",
        "checking: 20 of 50, 1 violation, 15 s left",
        "checking: 30 of 50, 1 violation, 10 s left",
        "checking: 40 of 50, 2 violations, 5 s left",
    ]


def test_long_waits_are_told_in_minutes(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line comes with the next case when one case takes longer than five seconds."""
    assert lines(capsys, 40, 4) == [
        "checking: 1 of 4, 0 violations, 2 min 0 s left",
        "checking: 2 of 4, 1 violation, 1 min 20 s left",
        "checking: 3 of 4, 1 violation, 40 s left",
    ]


def test_a_short_run_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """What is over within five seconds needs no progress."""
    assert lines(capsys, 0.01, 499) == []


def test_a_narrow_log_is_not_broken_into_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line stays one line, however few columns somebody says there are."""
    monkeypatch.setenv("COLUMNS", "10")
    assert len(lines(capsys, 3, 3)) == 1


class Terminal(io.StringIO):
    """A terminal that keeps what it shows."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("name", "value", "stream"),
    [
        ("FORCE_COLOR", "1", io.StringIO()),
        ("TTY_COMPATIBLE", "1", io.StringIO()),
        ("CI", "true", Terminal()),
        ("TERM", "dumb", Terminal()),
    ],
)
def test_a_log_gets_no_cursor_codes(
    name: str, value: str, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Colours that are forced make no terminal of it, and CI keeps what a terminal would lose."""
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stderr", stream)
    times = itertools.count()
    with progress(2, lambda: next(times) * 9.0) as watch:
        watch(1, 2)
    assert stream.getvalue() == "checking: 1 of 2, 0 violations, 9 s left\n"


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, standard error shows how many cases are done, and what was found."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    with progress(3) as watch:
        watch.judged(ONE)
        watch(2, 3)

    assert "checking" in shown.getvalue()
    assert "2/3" in shown.getvalue()
    assert "1 violation" in shown.getvalue()


# Recordings


def told(seconds: float, many: int) -> None:
    """Judge so many interactions of 100 bytes, each in so many seconds; every other is invalid."""
    times = itertools.count()
    total = Reduction()
    with reading(lambda: next(times) * seconds) as watch:
        for done in range(many):
            watch(total, 100 * done, 100 * many)
            total.add(Result(verdicts={"held": 1}) if done % 2 else ONE)


def test_a_log_of_recordings_gets_a_line_every_five_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """How much was read, how fast, what was found so far, and how long it will take."""
    told(2, 10)

    assert capsys.readouterr() == (
        "",
        "judging: 20%, 2 interactions, 0 a second, 1 violation, 24 s left\n"
        "judging: 50%, 5 interactions, 0 a second, 3 violations, 12 s left\n"
        "judging: 80%, 8 interactions, 0 a second, 4 violations, 4 s left\n",
    )


def test_recordings_that_are_soon_judged_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where nothing can be said of the rest yet."""
    told(0.1, 40)
    told(9, 1)

    assert capsys.readouterr() == ("", "")


def test_recordings_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same beside a bar."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("COLUMNS", "120")
    told(0.5, 4)

    assert "75%" in shown.getvalue()
    assert "3 interactions, 2 a second, 2 violations" in shown.getvalue()
