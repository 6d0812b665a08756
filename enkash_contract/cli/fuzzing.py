"""The options of a command that fuzzes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import commands
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    click.option(
        "--fuzz",
        metavar="SECONDS|N",
        help="Fuzz as well: for 30s, or 500 draws.",
    ),
    click.option(
        "--seed",
        type=int,
        metavar="N",
        help="Draw what the run with this seed drew.",
    ),
    click.option(
        "--database",
        metavar="FOLDER",
        help="Keep what fuzzing finds there.",
    ),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add these options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_idle() -> None:
    """Refuse the options that were typed and do nothing; a file may hold them for other runs.

    Raises:
        UsageError: there is one.

    """
    for name in ("seed", "database"):
        if commands.typed(name):
            raise UsageError(f"--{name} is of --fuzz SECONDS|N; give that as well")
