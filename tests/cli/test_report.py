"""The command `report`: results added up and written again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.typed_commands import PLAIN, said, typed

RULES = ("request/b2bIds/buyerB2BId#*", "request/b2bIds/supplierB2BId#*")

LACKING = f"{RULES[1].removesuffix('*')}type lacks"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the reports of two runs."""
    path = tmp_path_factory.mktemp("runs")
    for name, rule in zip("ab", RULES, strict=True):
        assert typed("check", "--only", rule, "--report", f"json={path / name}").exit_code == 0
    return path


def test_two_runs_are_added_up(folder: Path) -> None:
    """In numbers that are the sums of theirs; what is written is a report as well."""
    names = [str(folder / name) for name in "abc"]
    code, out, err = said(typed("report", *names[:2], "--report", f"json={names[2]}"))
    one, other, whole = (json.loads(Path(name).read_text()) for name in names)

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "coverage: 6 of 64 rules both ways",
        f"the embedded sandbox: conforms; 2 runs, {whole['cases']['total']} checked: "
        f"{whole['cases']['held']} held, 0 violations, 0 assumptions, 0 inconclusive",
    ]
    assert whole["cases"] == {key: one["cases"][key] + other["cases"][key] for key in one["cases"]}
    assert (whole["coverage"]["rules"], whole["coverage"]["both"]) == (64, 6)
    assert said(typed("report", names[2])) == (0, out, "")


def test_lines_fit_the_width(folder: Path) -> None:
    """As those of the runs do."""
    whole = typed("report", str(folder / "a")).stdout
    done = typed("report", str(folder / "a"), env=PLAIN | {"COLUMNS": "60"})

    assert max(map(len, whole.splitlines())) > 60 >= max(map(len, done.stdout.splitlines()))
    assert done.stdout.split() == whole.split()


def test_coverage_may_be_that_of_all_runs_together(folder: Path) -> None:
    """What one run lacks, another may have."""
    both = [str(folder / name) for name in "ab"]
    promise = ("--require-coverage", "request/b2bIds/*=both")

    lacking = typed("report", both[0], *promise)
    assert lacking.exit_code == 1
    assert f"coverage: {LACKING}" in lacking.stdout
    assert typed("report", *both, *promise).exit_code == 0


def test_the_standard_output_is_for_programs(folder: Path) -> None:
    """Then people read the rest on standard error."""
    done = typed("report", str(folder / "a"), "--report", "json=-")
    assert json.loads(done.stdout) == json.loads((folder / "a").read_text())
    assert done.stderr.startswith("coverage: ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a", "nope"], "nope cannot be read: No such file or directory"),
        (["a", "--report", "pytest=x.py"], "a module of tests is written by the run itself"),
        (["a", "--require-coverage", "nope=both"], "names no rule"),
    ],
)
def test_each_mistake_is_one_error(
    words: list[str], message: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As everywhere, with exit code 2."""
    monkeypatch.chdir(folder)
    code, _, err = said(typed("report", *words))
    assert code == 2
    assert err.startswith("error: ")
    assert message in err


def test_the_schema_is_published() -> None:
    """`schema --as report` prints it."""
    code, out, err = said(typed("schema", "--as", "report"))
    assert (code, err) == (0, "")
    assert json.loads(out)["$id"] == "urn:enkash-contract:report:2"


def test_a_check_that_did_not_exercise_what_it_promised_fails() -> None:
    """It names each rule with what it lacks, and the verdict says so."""
    promise = ("--require-coverage", "request/b2bIds/*=both")
    done = typed("check", "--only", RULES[0], *promise)

    assert done.exit_code == 1
    assert f"\ncoverage: {LACKING}" in done.stdout
    assert "the embedded sandbox: coverage that was required is missing; " in done.stdout
    assert typed("check", "--only", "request/b2bIds/*", *promise).exit_code == 0
