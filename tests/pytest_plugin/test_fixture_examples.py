"""What `pytest --fixtures` shows of the fixtures, and the types that a test annotates them with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from enkash_contract.pytest_plugin import fixtures
from tests.journeys.test_document_tools import BIN, node
from tests.support.inner_runs import run
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PUBLIC = (
    "check_enkash enkash_answer enkash_base enkash_contract enkash_deliver enkash_sandbox "
    "enkash_target"
)
IMPORTS = """\
import httpx
import pytest
from starlette.testclient import TestClient

import enkash_contract as ec
"""


def example_of(name: str) -> str:
    """Return the example in the docstring of a fixture."""
    paragraph, _, _ = (getattr(fixtures, name).__doc__ or "").partition("\n\n")
    return textwrap.dedent(paragraph.partition("\n")[2]).rstrip() + "\n"


EXAMPLES = {name: example_of(name) for name in PUBLIC.split()}
TESTS = IMPORTS + "\n\n".join(text for name, text in EXAMPLES.items() if name != "enkash_target")


def test_every_fixture_has_an_example() -> None:
    """A fixture whose name has no underscore before it is for tests of users."""
    known = [name for name in vars(fixtures) if "enkash" in name and name[0] != "_"]
    assert sorted(known) == PUBLIC.split()
    assert [name for name, text in EXAMPLES.items() if f"{name}:" not in text][1:] == []
    assert "def enkash_target(" in EXAMPLES["enkash_target"]


def test_the_examples_hold(pytester: pytest.Pytester) -> None:
    """As they stand, in one file of tests."""
    pytester.makepyfile(TESTS)
    outcomes = run(pytester, "-q").parseoutcomes()
    assert outcomes.keys() == {"passed"}
    assert outcomes["passed"] > 5


def test_pytest_shows_them(pytester: pytest.Pytester) -> None:
    """After what each fixture is for."""
    shown = run(pytester, "--fixtures", "-q").stdout.str()
    missing = [
        line
        for text in EXAMPLES.values()
        for line in text.strip().splitlines()
        if line.strip() not in shown
    ]
    assert missing == []


MISTAKES = """
ec.chek_target
ec.load().pick("a").rules["b"].idd
ec.check_target(ec.Sandbox()).count("hold")


def test_wrong(enkash_sandbox: ec.ScriptedSandbox, check_enkash: ec.ResponseCheck) -> None:
    enkash_sandbox.answer("rejected")
    enkash_sandbox.interactions[0].respons
    check_enkash(None).okay
    check_enkash(None, opration="a")


def test_validator(error: ec.RuleViolated) -> None:
    error.rulle
    ec.json_schema_validator(sid="request")
    ec.is_valid({}, engine=1)
"""
WRONG = 'chek_target idd "hold" answer respons okay opration rulle sid engine'.replace(
    '"', ""
).split()
"""What each mistake is about, in their order."""


def written(folder: Path, text: str) -> Path:
    """Write a file of tests that a type checker reads; returns its path."""
    file = folder / "test_partner.py"
    file.write_text(text, encoding="utf-8")
    return file


def lines_of(text: str, *words: str) -> set[int]:
    """Return the numbers of the lines that hold one of `words`."""
    return {
        number
        for number, line in enumerate(text.splitlines(), 1)
        if any(word in line for word in words)
    }


MISTAKEN = IMPORTS + MISTAKES
EXPECTED = {
    number
    for number, line in enumerate(MISTAKEN.splitlines(), 1)
    if number > IMPORTS.count("\n") + 1 and line.strip() and not line.startswith("def ")
}
"""The lines with a mistake: all but the imports and the signatures."""


@pytest.mark.slow
def test_mypy_knows_the_types_of_the_fixtures(tmp_path: Path) -> None:
    """The examples have no mistake, and each mistake is found."""
    options = ["--strict", "--follow-imports=silent", f"--cache-dir={tmp_path}", "--no-pretty"]

    def checked(text: str) -> tuple[int, set[int]]:
        command = [sys.executable, "-m", "mypy", *options, str(written(tmp_path, text))]
        done = subprocess.run(command, capture_output=True, check=False, text=True, cwd=ROOT)
        lines = [line.split(":") for line in done.stdout.splitlines() if ": error:" in line]
        return done.returncode, {int(line[1]) for line in lines}

    assert checked(TESTS) == (0, set())
    assert checked(MISTAKEN) == (1, EXPECTED)


@pytest.mark.slow
@pytest.mark.parametrize("tool", [pytest.param("pyright", marks=node)])
def test_pyright_knows_the_types_of_the_fixtures(tool: str, tmp_path: Path) -> None:
    """The same, by the checker of editors."""
    program = shutil.which(tool, path=str(BIN))
    if program is None:
        pytest.skip("pyright is not installed in tests/tools")

    def checked(text: str) -> set[int]:
        settings = tmp_path / "pyrightconfig.json"
        settings.write_text(json.dumps({"extraPaths": [str(ROOT)]}), encoding="utf-8")
        python = f"--pythonpath={sys.executable}"
        command = [program, "--outputjson", python, str(written(tmp_path, text))]
        done = subprocess.run(command, capture_output=True, check=False, text=True, cwd=tmp_path)
        found = json.loads(done.stdout)["generalDiagnostics"]
        return {one["range"]["start"]["line"] + 1 for one in found if one["severity"] == "error"}

    assert checked(TESTS) == set()
    assert checked(MISTAKEN) == EXPECTED
