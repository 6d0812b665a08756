"""How a command that judged something ends: result printed, reports written, exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from enkash_contract.judging.result import Result
    from enkash_contract.report import About

WIDE = 120
"""How many columns a table may take where there is no terminal to ask."""


def finish(result: Result, about: About, paths: Iterable[tuple[str, Path]]) -> NoReturn:
    """Print the result, write the reports, and exit.

    Raises:
        UsageError: a report cannot be written.

    """
    from rich.console import Console

    from enkash_contract import report
    from enkash_contract.report import text

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDE)
    text.show(result, about, console)
    for form, path in paths:
        try:
            with path.open("w", encoding="utf-8") as stream:
                report.write(form, result, about, stream)
        except OSError as error:
            why = error.strerror or error
            raise UsageError(f"the report {path} cannot be written: {why}") from None
    sys.exit(result.exit_code)
