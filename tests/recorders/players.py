"""Players in other languages: programs that send the script under a recorder of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.recorders.processes import executable, run
from tests.support.paths import TOOLS

if TYPE_CHECKING:
    from pathlib import Path

PLAYERS = TOOLS / "recorders"


def run_player(name: str, folder: Path, *arguments: str, given: str = "") -> str:
    """Run a player on Node, with the packages of `tests/tools`, and return its output."""
    command = [executable("node"), str(PLAYERS / name), *arguments]
    return run(command, folder, given)
