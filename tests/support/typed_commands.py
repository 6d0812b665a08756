"""Commands as they are typed, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from enkash_contract.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def typed(*words: str | Path, stdin: str | bytes = "") -> Result:
    """Type a command and return what happened."""
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def said(result: Result) -> tuple[int, str, str]:
    """Return the exit code, what was printed, and what was complained of."""
    return result.exit_code, result.stdout, result.stderr
