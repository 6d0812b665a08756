"""The command `init`: what it writes, that this works, and that nothing is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.support import inner_runs
from tests.support.paths import ROOT
from tests.support.typed_commands import said, typed

FILES = (
    "enkash-contract.toml",
    "accepted.example.json",
    "tests/test_enkash_contract.py",
    ".github/workflows/enkash-contract.yml",
)


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_files_of_a_project_are_written() -> None:
    """They are named, and so is what to do next."""
    assert said(typed("init", "a partner")) == (
        0,
        "wrote enkash-contract.toml\n"
        "wrote accepted.example.json\n"
        "wrote tests/test_enkash_contract.py\n"
        "wrote .github/workflows/enkash-contract.yml\n"
        "next:\n"
        "  cd 'a partner'\n"
        "  pytest\n"
        "  replace accepted.example.json, an example, by a request that your server accepts\n"
        "  enkash-contract check\n"
        "  replace is_accepted in tests/test_enkash_contract.py by your own client\n"
        f"  put a wheel of enkash-contract into vendor/, for {FILES[3]}\n",
        "",
    )
    folder = Path("a partner")
    found = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert found == {*FILES}


def test_the_project_works_as_it_is(pytester: pytest.Pytester) -> None:
    """Its tests pass against the embedded sandbox, and so does a check with its configuration."""
    assert typed("init").exit_code == 0
    (run,) = [words for words in commands(FILES[3]) if words[:3] == ["python", "-m", "pytest"]]
    inner_runs.run(pytester, *run[3:]).assert_outcomes(passed=3)
    assert json.loads(Path("enkash-tests.json").read_text())["exit"] == 0

    (run,) = [words for words in commands(FILES[3]) if words[0] == "enkash-contract"]
    assert typed(*run[1:], "--only", "request#method").exit_code == 0
    assert json.loads(Path("enkash-check.json").read_text())["exit"] == 0


def commands(file: str) -> list[list[str]]:
    """Return the words of each command that a workflow runs."""
    steps = yaml.safe_load(Path(file).read_text())["jobs"]["contract"]["steps"]
    return [step["run"].split() for step in steps if "run" in step]


def test_the_workflow_is_that_of_the_docs() -> None:
    """The example cannot fall behind."""
    typed("init")
    assert Path(FILES[3]).read_text() == (ROOT / "docs" / "github-actions.yml").read_text()


def test_nothing_is_overwritten() -> None:
    """What is there is left, and named; what is missing is written."""
    Path(FILES[0]).write_text("# mine\n")
    code, out, err = said(typed("init"))
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [
        *(f"wrote {name}" for name in FILES[1:]),
        "left enkash-contract.toml as it is: it is there already",
    ]
    assert Path(FILES[0]).read_text() == "# mine\n"

    code, out, err = said(typed("init"))
    assert (code, err) == (2, "error: .: everything is there already, so nothing was written\n")
    assert out == "".join(f"left {name} as it is: it is there already\n" for name in FILES)


def test_a_project_that_is_configured_gets_no_second_configuration() -> None:
    """Two files of one folder would be a mistake."""
    Path("pyproject.toml").write_text("[tool.enkash-contract.check]\ntimeout = 5\n")
    out = typed("init").stdout
    assert "left enkash-contract.toml as it is: pyproject.toml configures enkash-contract\n" in out
    assert not Path(FILES[0]).exists()
    assert typed("check", "--only", "request#method", "-q").exit_code == 0


@pytest.mark.parametrize("words", [[], ["--app", "bank.gateway:app"]])
def test_what_is_in_this_process_is_checked_each_time(words: list[str]) -> None:
    """The target stands in the configuration; the sandbox needs none."""
    typed("init", *words)
    (line,) = [line for line in Path(FILES[0]).read_text().splitlines() if "target =" in line]
    target = 'target = "bank.gateway:app"' if words else '# target = "https://uat.bank.example"'
    assert line == target
    assert "workflow_dispatch'" not in Path(FILES[3]).read_text()


def test_a_live_server_is_checked_by_hand() -> None:
    """A check has side effects, and needs a secret."""
    typed("init", "--target", "https://uat.bank.example")
    assert 'target = "https://uat.bank.example"' in Path(FILES[0]).read_text().splitlines()
    steps = yaml.safe_load(Path(FILES[3]).read_text())["jobs"]["contract"]["steps"]
    (step,) = [step for step in steps if step.get("name") == "Check"]
    assert step["if"] == "github.event_name == 'workflow_dispatch'"
    assert step["env"] == {"ENKASH_TOKEN": "${{ secrets.ENKASH_TOKEN }}"}


def test_a_workflow_below_the_root_of_a_repository_has_to_be_moved() -> None:
    """GitHub would not read it."""
    Path(".git").mkdir()
    last = f"  move {FILES[3]} to the root of the repository, or GitHub will not read it"
    assert typed("init", "below").stdout.splitlines()[-1] == last
    assert last not in typed("init").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--target", "nope"], "--target is no URL; write it like https://uat.bank.example"),
        (
            ["--target", "https://me:hunter2@uat.bank.example"],
            "--target has a user, a query or a fragment, which no file should hold; give the rest, "
            "and a header by $NAME in the file",
        ),
        (
            ["--app", "nope"],
            "--app 'nope' is not of the form module:attribute, e.g. bank.gateway:app",
        ),
        (
            ["--app", "a:b", "--target", "http://h"],
            "--target and --app both name what to check; give one of them",
        ),
        (["file"], "file/enkash-contract.toml cannot be written: File exists; name another folder"),
    ],
)
def test_a_mistake_writes_nothing(words: list[str], message: str) -> None:
    """The message says what to write instead."""
    Path("file").write_text("")
    assert said(typed("init", *words)) == (2, "", f"error: {message}\n")
    assert [path.name for path in Path().iterdir()] == ["file"]
