"""Where the configuration is: named, or the nearest above; in a file of ours or in a project's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from enkash_contract.config import toml
from enkash_contract.config.location import TABLE, holds, read_named, read_nearest
from enkash_contract.errors import ConfigError

OURS = "[tool.enkash-contract]\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def test_nothing_is_found_where_nothing_is() -> None:
    """No configuration is no mistake."""
    assert read_nearest(print) is None


@pytest.mark.parametrize(
    ("name", "text", "root"),
    [("enkash-contract.toml", "", ()), ("pyproject.toml", OURS, TABLE)],
)
def test_a_file_is_found_from_below(
    name: str, text: str, root: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its label is the way to it from here."""
    (tmp_path / name).write_text(text)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("# no enkash-contract here\n")
    monkeypatch.chdir(tmp_path / "a" / "b")
    located = read_nearest(print)
    assert located is not None
    assert (located.toml.label, located.root) == (f"../../{name}", root)
    assert located.folder.resolve() == tmp_path


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        "\ufeff[tool.enkash-contract]",
        " [ 'tool' . \"enkash-contract\" . env ]",
        "[[tool.enkash-contract.waiver]]",
        "[tool]\nenkash-contract = {}",
        "['tool']\nenkash-contract.x = 1",
        "tool.enkash-contract.x = 1",
        "tool = {enkash-contract = {}}",
    ],
)
def test_the_table_of_a_project_may_be_written_in_any_way(text: str, tmp_path: Path) -> None:
    """Every way in which TOML writes a table is seen."""
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    located = read_nearest(print)
    assert located is not None
    assert located.root == TABLE


@pytest.mark.parametrize("mark", [".git", ".hg", ".svn"])
def test_the_search_ends_at_the_repository(
    mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worktree's mark is a file, others are folders; what lies above is somebody else's."""
    (tmp_path / "enkash-contract.toml").touch()
    below = tmp_path / "repository" / "below"
    below.mkdir(parents=True)
    (tmp_path / "repository" / mark).touch()
    monkeypatch.chdir(below)
    assert read_nearest(print) is None


def test_the_search_ends_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of both, only this folder is looked at, and without a home as well."""
    (tmp_path / ".git").rmdir()
    below = tmp_path / "below"
    below.mkdir()
    (tmp_path / "enkash-contract.toml").touch()
    monkeypatch.chdir(below)
    assert read_nearest(print) is None

    def homeless() -> Path:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "home", homeless)
        assert read_nearest(print) is None
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    located = read_nearest(print)
    assert located is not None
    assert (located.toml.label, located.named) == ("../enkash-contract.toml", False)


def test_a_file_of_another_user_is_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It could run a command; a project's file that says nothing of us is no reason to speak."""
    (tmp_path / "enkash-contract.toml").write_text("no TOML")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1, raising=False)
    assert read_nearest(print) is None
    assert capsys.readouterr().out == (
        f"enkash-contract.toml is ignored: it belongs to another user ({os.getuid()}); "
        "--config enkash-contract.toml reads it\n"
    )
    monkeypatch.delattr(os, "geteuid")
    with pytest.raises(ConfigError):
        read_nearest(print)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    """A pipe would be waited for without end."""
    os.mkfifo(tmp_path / "enkash-contract.toml")
    (tmp_path / "pyproject.toml").mkdir()
    assert read_nearest(print) is None


def test_a_project_that_only_depends_on_us_is_not_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file may be large, and the commands are to start fast."""
    text = '[project]\ndependencies = ["enkash-contract"]\n[tool.ruff]\n'
    (tmp_path / "pyproject.toml").write_text(text)
    monkeypatch.setattr(toml, "parse", None)
    assert read_nearest(print) is None


def test_two_files_of_one_folder_are_one_too_many(tmp_path: Path) -> None:
    """Neither is preferred, and both are named."""
    (tmp_path / "enkash-contract.toml").touch()
    (tmp_path / "pyproject.toml").write_text(OURS)
    with pytest.raises(ConfigError, match=r"^pyproject.toml:1: enkash-contract.toml configures "):
        read_nearest(print)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("gone.toml", None, "gone.toml: cannot be read: No such file or directory; name another"),
        (".", None, ".: cannot be read: Is a directory; see to it, or name another"),
        (
            "pyproject.toml",
            "[tool]\n",
            "pyproject.toml:1: there is no [tool.enkash-contract]; add it, or name a file of your "
            "own",
        ),
    ],
)
def test_a_file_that_is_named_must_be_there(
    name: str, text: str | None, message: str, tmp_path: Path
) -> None:
    """With its table, in a project's file."""
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_named(name)
    assert str(caught.value) == message


def test_a_file_of_any_name_may_be_named(tmp_path: Path) -> None:
    """Its members are at its top, and paths in it start at its folder."""
    (tmp_path / "uat.toml").write_text("a = 1")
    located = read_named(str(tmp_path / "uat.toml"))
    assert (located.toml.data, located.root, located.folder) == ({"a": 1}, (), tmp_path)


@pytest.mark.parametrize(
    ("at", "there"),
    [((), True), (("a",), True), (("a", "b"), True), (("x",), False), (("a", "x", "y"), False)],
)
def test_a_table_is_there_or_not(at: Any, *, there: bool) -> None:
    """Whether or not those around it are."""
    assert holds(toml.parse(b"c = 1\n[a.b]\n", "f"), at) == there


def test_what_must_be_a_table_is_told() -> None:
    """With its line, and how it is written."""
    with pytest.raises(ConfigError) as caught:
        holds(toml.parse(b"\nc = 1\n", "f"), ("c",))
    assert str(caught.value) == "f:2: c must be a table; write [c]"
