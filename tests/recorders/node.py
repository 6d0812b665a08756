"""Players that run on Node, with the packages of `tests/tools`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.recorders.processes import executable, run
from tests.support.paths import TOOLS

if TYPE_CHECKING:
    from pathlib import Path

PLAYERS = TOOLS / "recorders"


def run_player(name: str, folder: Path, *arguments: str, given: str = "") -> str:
    """Run one of the players in `folder` and return its output."""
    command = [executable("node"), str(PLAYERS / name), *arguments]
    return run(command, folder, given)
