"""The last paragraph of a run, and the reports that are written at its end."""

from __future__ import annotations

import json

import pytest

from tests.support.inner_runs import run
from tests.support.item_runs import BUYER, CONFTEST
from tests.support.tapes import RIGHT, taped


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (
            "xml=a",
            "ERROR: --enkash-report 'xml=a': there is no format 'xml'; there is json, ",
        ),
        ("json=no/a", "ERROR: --enkash-report 'json=no/a': no/a cannot be written: No such file"),
    ],
)
def test_a_report_that_cannot_be_written(
    word: str, message: str, pytester: pytest.Pytester
) -> None:
    """The error comes before anything runs."""
    result = run(pytester, f"--enkash-report={word}")
    assert result.errlines[0].startswith(message)


def test_many_recordings_are_not_all_named(pytester: pytest.Pytester) -> None:
    """The summary names three; the report does the same."""
    names = [f"{name}.yaml" for name in "abcde"]
    for name in names:
        (pytester.path / name).write_text(taped(RIGHT))
    result = run(pytester, *names, "--enkash-report=json=result.json")
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["a.yaml, b.yaml, c.yaml and 2 more: conforms; 5 checked: *"])
    report = json.loads((pytester.path / "result.json").read_text())
    assert (report["target"], report["exit"]) == ("a.yaml, b.yaml, c.yaml and 2 more", 0)


def test_a_report_that_cannot_be_written_in_the_end(pytester: pytest.Pytester) -> None:
    """A folder may be gone by the end of a run, and a line says so."""
    pytester.mkdir("kept")
    pytester.makepyfile(
        "import shutil\ndef test_own(): shutil.rmtree('kept')\n"
        "def test_other():\n    import pathlib\n    pathlib.Path('kept').write_text('')\n"
    )
    result = run(pytester, "--enkash-report=json=kept/a.json")
    assert result.errlines[0] == (
        "ERROR: --enkash-report 'json=kept/a.json': kept/a.json cannot be written: Not a directory"
    )


def test_a_report_of_nothing(pytester: pytest.Pytester) -> None:
    """A run without findings or items of this package reports that nothing was concluded."""
    pytester.makepyfile("def test_own(): pass")
    run(pytester, "--enkash-report=json=a.json").assert_outcomes(passed=1)
    report = json.loads((pytester.path / "a.json").read_text())
    assert (report["target"], report["exit"]) == ("nothing", 3)


def test_an_object_has_no_file_of_tests(lax: pytest.Pytester) -> None:
    """An object that a fixture built has no name to import it by, and a line says so."""
    lax.makeconftest(CONFTEST)
    words = ["--enkash", f"--enkash-case={BUYER}#required/removed"]
    result = run(lax, *words, "--enkash-report=pytest=test_again.py")
    assert result.errlines[0] == (
        "ERROR: --enkash-report pytest=test_again.py: a file of tests needs an address or "
        "module:attribute to call, and the fixture enkash_target returned an object"
    )
