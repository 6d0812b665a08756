"""The options of the plugin: their effects, and the one line that each mistake in them gets."""

from __future__ import annotations

import pytest

from enkash_contract.contract.evidence import Level
from enkash_contract.pytest_plugin import options
from tests.support.client_runs import write
from tests.support.inner_runs import run
from tests.support.plugin_runs import names


def test_the_marker_is_registered(pytester: pytest.Pytester) -> None:
    """`--markers` lists it, and --strict-markers accepts it."""
    write(pytester, "\n@pytest.mark.enkash(answers='cut')\ndef test_it(): pass\n")
    listed = run(pytester, "--markers").stdout.str()
    assert "@pytest.mark.enkash(answers=..., expect_violation=..., operation=...): which" in listed


def test_the_level_that_fails_can_be_chosen(pytester: pytest.Pytester) -> None:
    """With --enkash-fail-on=assumed an assumption fails; an unknown level is an error."""
    pytester.makepyfile(lenient="import enkash_contract as ec\napp = ec.Sandbox()")
    words = ["--enkash-app=lenient:app", "-k", "newVersion and minimum"]
    result = run(pytester, *words, "--enkash-fail-on=assumed")
    result.assert_outcomes(passed=1, failed=1, deselected=len(names(pytester)) - 2)
    assert run(pytester, "--enkash-fail-on=weak").ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--enkash-url=http://h", "--enkash-app=a:b"],
            "ERROR: --enkash-url and --enkash-app name two targets; give one of them",
        ),
        (
            ["--enkash-url=h"],
            "ERROR: --enkash-url 'h' is not an address; write http://HOST:PORT",
        ),
        (
            ["--enkash-app=no_such_module:app"],
            "ERROR: there is no module 'no_such_module', asked for by no_such_module:app",
        ),
        (
            ["--enkash-app="],
            "ERROR: --enkash-app is empty; give it a value, or leave it out",
        ),
        (
            ["--enkash-report=json=a", "--enkash-report= "],
            "ERROR: --enkash-report is empty; give it a value, or leave it out",
        ),
        (
            ["--enkash"],
            "ERROR: nothing says what to check: give --enkash-url or --enkash-app, or write a "
            "fixture enkash_target of scope session in a conftest.py",
        ),
        (
            ["--enkash-url=http://h", "--enkash-base=no.json"],
            "ERROR: no.json: cannot be read: No such file or directory; name a file that is there",
        ),
        (
            ["--enkash-url=http://h", "--enkash-overlay=no.yaml"],
            "ERROR: no.yaml: cannot be read: No such file or directory; name a file that is there",
        ),
    ],
)
def test_a_mistake_in_an_option_is_one_error(
    words: list[str], message: str, pytester: pytest.Pytester
) -> None:
    """It is a usage error of pytest, in one line, before anything runs."""
    result = run(pytester, *words)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.errlines


def test_the_levels_are_those_of_the_evidence() -> None:
    """The plugin repeats the names, because it loads no other module for its help."""
    assert [level.value for level in Level] == [*options.LEVELS]
