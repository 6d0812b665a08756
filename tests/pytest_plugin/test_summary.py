"""The last paragraph of a run, and the reports that are written at its end."""

from __future__ import annotations

import json

import pytest

from tests.support.inner_runs import run
from tests.support.item_runs import BUYER, CONFTEST
from tests.support.tapes import RIGHT, WRONG, taped
from tests.support.workflow_commands import commands

BUYER_RULES = [f"request/b2bIds/buyerB2BId#{word}" for word in ("required", "type", "pattern")]

SIDES = ("accept", "reject")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (
            "xml=a",
            "ERROR: --enkash-report 'xml=a': there is no format 'xml'; there is ",
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


@pytest.mark.parametrize(
    "workers",
    [
        pytest.param((), id="alone"),
        pytest.param(("-p", "xdist", "-n2"), id="workers", marks=pytest.mark.slow),
    ],
)
def test_the_coverage_of_all_tests_is_that_of_the_run(
    workers: tuple[str, ...], pytester: pytest.Pytester
) -> None:
    """Whatever is promised is held against all items together, and the report adds up."""
    promise = "--enkash-require-coverage=request/b2bIds/buyerB2BId#*=both"
    words = ("--enkash-report=json=result.json", *workers)
    names = [f"enkash contract::{rule} [{side}]" for rule in BUYER_RULES for side in SIDES]
    pytester.makeconftest(
        "import pytest, enkash_contract\n\n"
        "@pytest.fixture(scope='session')\n"
        "def enkash_target():\n"
        "    return enkash_contract.Sandbox()\n"
    )

    run(pytester, "--enkash", promise, *words, *names).assert_outcomes(passed=len(names))
    report = json.loads((pytester.path / "result.json").read_text())
    rules = {rule["id"]: rule for rule in report["rules"]}
    assert {name for name in rules if rules[name]["covered"] == ["accept", "reject", "both"]} >= {
        *BUYER_RULES
    }
    assert report["runs"][0]["command"] == "pytest"
    assert report["runs"][0]["started"] <= report["runs"][0]["finished"]
    assert report["operations"][0]["cases"] == report["cases"]
    assert report["promises"] == []


def test_a_promise_that_is_not_kept_fails_the_run(pytester: pytest.Pytester) -> None:
    """With the rules that lack something, even where no test is ours; a mistake is an error."""
    pytester.makepyfile("def test_nothing(): pass")
    result = run(pytester, "--enkash-require-coverage=request#json=both")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "nothing: coverage that was required is missing; 0 checked: *",
            "coverage: request#json lacks accept and reject",
        ]
    )
    wrong = run(pytester, "--enkash-require-coverage=nope=both")
    assert wrong.errlines[0].startswith("ERROR: --enkash-require-coverage 'nope=both' names no")


def test_github_is_told_unasked(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of a run that GitHub runs, for the process that has all results."""
    (pytester.path / "a.yaml").write_text(taped(WRONG))
    local = run(pytester, "a.yaml").stdout.str()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    told = [*commands(run(pytester, "a.yaml").stdout.str())]

    assert [*commands(local)] == []
    assert [(command.name, command.properties["file"]) for command in told] == [
        ("error", "a.yaml"),
        ("error", "a.yaml"),
    ]
