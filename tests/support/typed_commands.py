"""Commands as they are typed, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from enkash_contract.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PLAIN: dict[str, str | None] = dict.fromkeys(("CI", "COLUMNS", "FORCE_COLOR", "NO_COLOR"))
"""An environment in which nothing says how wide a screen is, and whether it has colours."""


def typed(
    *words: str | Path, stdin: str | bytes = "", env: Mapping[str, str | None] = PLAIN
) -> Result:
    """Type a command and return what happened."""
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin, env=env)


def verdict(result: Result) -> str:
    """Return the line with the verdict of a command."""
    (line,) = [line for line in result.stdout.splitlines() if " checked: " in line]
    return line


def said(result: Result) -> tuple[int, str, str]:
    """Return the exit code, what was printed, and what was complained of."""
    return result.exit_code, result.stdout, result.stderr
