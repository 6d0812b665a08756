"""The files for other tools: the hook for pre-commit, and the image of the sandbox."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from enkash_contract.cli.main import main
from tests.support.paths import ROOT
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

DOCKERFILE = ROOT / "docs" / "sandbox.Dockerfile"
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def hook() -> dict[str, Any]:
    """Return the one hook."""
    (found,) = yaml.safe_load(HOOKS.read_text())
    return dict(found)


def test_the_hook_validates_the_files_that_it_is_given(tmp_path: Path, payload: Any) -> None:
    """Its entry is a command, whose exit code is the verdict."""
    valid, invalid = tmp_path / "valid.json", tmp_path / "invalid.json"
    valid.write_text(json.dumps(payload))
    invalid.write_text("{}")
    program, *words = hook()["entry"].split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert program in project["scripts"]
    assert typed(*words, valid).exit_code == 0
    code, out, _ = said(typed(*words, valid, invalid))
    assert (code, len(out.splitlines())) == (1, 3)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("payloads/a.json", True),
        ("tests/payloads/many/a.ndjson", True),
        ("payloads/a.jsonl", True),
        ("package.json", False),
        ("payloads/README.md", False),
    ],
)
def test_the_hook_leaves_other_json_alone(name: str, *, fits: bool) -> None:
    """A package.json is no payload."""
    assert bool(re.search(hook()["files"], name)) is fits


@pytest.mark.slow
def test_pre_commit_runs_the_hook(
    tmp_path: Path, payload: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an environment of its own, which takes an index of packages."""
    programs = [shutil.which(name) for name in ("pre-commit", "git")]
    if None in programs:
        pytest.skip("pre-commit or git is not installed")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    pre_commit, git = map(str, programs)
    repository = tmp_path / "repository"
    folder = repository / "payloads"
    folder.mkdir(parents=True)
    subprocess.run([git, "init", "-q", repository], check=True)
    (folder / "valid.json").write_text(json.dumps(payload))
    (folder / "invalid.json").write_text("{}")
    for name, code in (("valid", 0), ("invalid", 1)):
        files = ["--files", f"payloads/{name}.json"]
        command = [pre_commit, "try-repo", str(ROOT), hook()["id"], *files]
        done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert ("payloads/invalid.json:1: violation" in done.stdout) is bool(code)


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, each on one line."""
    whole = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text())
    lines = [line for line in whole.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_is_made_of_what_is_there() -> None:
    """Each file that is copied is in the clone, and none that is needed is kept out."""
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [
        name
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for name in rest.split()[:-1]
    ]
    assert sorted(copied) == sorted(line[1:] for line in ignored if line.startswith("!"))
    assert [name for name in copied if not (ROOT / name).exists()] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    forced = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {project["project"]["readme"], *forced} <= {*copied}


def test_the_image_serves_without_being_root() -> None:
    """On a base that is pinned, its command is one, and it says whether it is well."""
    found = instructions()
    assert {rest.split()[0] for word, rest in found if word == "FROM"} == {
        "python:3.13.1-slim-bookworm"
    }
    words = [word for word, _ in found]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert dict(found)["USER"] == "sandbox"
    started = json.loads(dict(found)["ENTRYPOINT"])
    assert started[:2] == ["enkash-contract", "sandbox"]
    options = main.commands["sandbox"].make_parser(main.make_context("x", ["sandbox"])).parse_args
    assert options(started[2:])[0]["host"] == "0.0.0.0"  # noqa: S104 - in a container
    check = json.loads(dict(found)["HEALTHCHECK"].partition("CMD ")[2])
    assert check[:2] == ["python", "-c"]
    compile(check[2], "healthcheck", "exec")


@pytest.mark.slow
def test_the_image_can_be_built() -> None:
    """Where docker is there, and its daemon runs."""
    docker = shutil.which("docker")
    known = docker and subprocess.run([docker, "info"], capture_output=True, check=False)
    if not known or known.returncode:
        pytest.skip("docker is not there, or its daemon does not run")
    command = [str(docker), "build", "-q", "-f", str(DOCKERFILE), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    image = done.stdout.strip()
    helped = [str(docker), "run", "--rm", "--network=none", image, "--help"]
    assert "sandbox" in subprocess.run(helped, capture_output=True, text=True, check=True).stdout
