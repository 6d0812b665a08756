"""Where reports are written to: known before a run, and written as a whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from enkash_contract import report
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Result
from enkash_contract.report import destinations
from enkash_contract.report.build import build
from enkash_contract.report.destinations import Destination
from tests.support.results import RESULT, about

REPORT = build(RESULT, about())


def text(form: str = "json") -> str:
    """Return the report as it is written."""
    stream = io.StringIO()
    report.write(form, REPORT, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("jsn=a", "--report 'jsn=a': there is no format 'jsn'; did you mean json?"),
        ("=a", "--report '=a': there is no format ''; there is "),
        ("", "--report '': there is no format ''; there is "),
        ("json", "--report 'json' has no path; write json=PATH, or json=-"),
        ("json=", "--report 'json=' has no path; write json=PATH, or json=-"),
        ("json=no/a", "--report 'json=no/a': no/a cannot be written: No such file or directory"),
        ("json=.", "--report 'json=.': . is a folder; name a file in it"),
        ("json=a\0", r"--report 'json=a\x00': a\x00 cannot be written: embedded null byte"),
        (f"json={'a' * 300}", "cannot be written: File name too long"),
    ],
)
def test_each_mistake_is_one_error(
    pair: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which option, what is wrong, and what to write; and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        destinations.destinations([pair])

    assert message in str(caught.value)
    assert [*tmp_path.iterdir()] == []


def test_what_a_format_needs_is_asked_for_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that is missing is known before the run, with the remedy."""
    monkeypatch.setattr(report, "NEEDED", {"html": "no_such_package"})
    with pytest.raises(UsageError) as caught:
        destinations.destinations([f"html={tmp_path / 'a'}"], "--enkash-report")

    assert str(caught.value) == (
        f"--enkash-report 'html={tmp_path / 'a'}': html needs no_such_package: "
        "pip install 'enkash-contract[report]'"
    )


def test_two_reports_have_two_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the same path is spelled; the standard output is one path as well."""
    monkeypatch.chdir(tmp_path)
    Path("link").symlink_to("a")
    for first, second in (("a", "./a"), ("a", "link"), ("-", "-")):
        with pytest.raises(UsageError, match="have one path; give each its own"):
            destinations.destinations([f"json={first}", f"pytest={second}"])
    assert len(destinations.destinations(["json=a", "json=b", "json=-"])) == 3


def test_a_file_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a link, with its mode; where writing fails, the old one stays."""
    file, link = tmp_path / "a.json", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    (place,) = destinations.destinations([f"json={link}"])
    assert file.read_text() == "old"

    whole = text()
    place.write(REPORT)
    assert file.read_text() == whole
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report, "write", fail)
    with pytest.raises(UsageError) as caught:
        place.write(REPORT)
    assert str(caught.value) == (
        f"--report 'json={link}': {link} cannot be written: No space left on device"
    )
    assert file.read_text() == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "link"]


def test_a_new_file_is_readable_as_usual(tmp_path: Path) -> None:
    """It has the mode of any new file, and no trace of it was left before."""
    (place,) = destinations.destinations([f"json={tmp_path / 'new.json'}"])
    assert [*tmp_path.iterdir()] == []

    place.write(REPORT)
    usual = tmp_path / "usual"
    usual.touch()
    assert place.path is not None
    assert place.path.stat().st_mode == usual.stat().st_mode


def test_a_file_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not replaced just because its folder may be written."""
    file = tmp_path / "a.json"
    file.write_text("old")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UsageError, match="a.json cannot be written: Permission denied"):
        destinations.destinations([f"json={file}"])


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    """What is no file is never replaced by one."""
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    (place,) = destinations.destinations([f"json={pipe}"])
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    place.write(REPORT)
    reader.join(10)

    assert read == [text()]
    assert pipe.is_fifo()


def test_the_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """The dash stands for it."""
    (place,) = destinations.destinations(["json=-"], "--enkash-report")
    place.write(REPORT)

    assert capsys.readouterr().out == text()
    assert place == Destination("json", None, "--enkash-report")
    assert place.name == "--enkash-report 'json=-'"


def test_a_module_of_tests_needs_the_run() -> None:
    """A report that was read has lost what was sent."""
    with pytest.raises(UsageError, match="a module of tests is written by the run itself"):
        report.write("pytest", replace(build(Result(), about()), origin=None), io.StringIO())
