"""Commands are imported when they are looked at, and not before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import pytest

from enkash_contract.cli.later import Later

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Later:
    """Two commands that are named, and one that is there."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("first", "second"):
        text = f"import click\n{name} = click.Command('{name}', help='of {name}')\n"
        (tmp_path / f"command_{name}.py").write_text(text)
        monkeypatch.delitem(sys.modules, f"command_{name}", raising=False)
    later = Later()
    for name in ("first", "second"):
        later.name(name, f"command_{name}")
    later["third"] = click.Command("third")
    return later


def test_names_import_nothing(commands: Later) -> None:
    """The order is that of naming."""
    assert list(commands) == ["first", "second", "third"]
    assert "command_first" not in sys.modules


def test_a_command_is_imported_when_it_is_looked_up(commands: Later) -> None:
    """The others are not."""
    assert commands["first"].help == "of first"
    assert "command_second" not in sys.modules
    assert commands.get("third") is commands["third"]
    assert commands.get("fourth") is None


def test_all_are_imported_for_a_look_at_all(commands: Later) -> None:
    """A copy holds commands, not names."""
    known = {**commands}
    assert [command.help for command in known.values()] == ["of first", "of second", None]


def test_a_command_can_be_taken_away(commands: Later) -> None:
    """One that was never imported, too."""
    del commands["first"]
    assert list(commands) == ["second", "third"]
    assert len(commands) == len(("second", "third"))
