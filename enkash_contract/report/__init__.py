"""Writing a `Result` down: one module per format, each with one function of one signature.

To add a format, write a module with `write(result, about, stream)` and name it in `FORMATS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from enkash_contract.errors import UsageError
from enkash_contract.report.reproduction import Reproduction

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.result import Result

FORMATS = {
    "json": "enkash_contract.report.json_report",
    "pytest": "enkash_contract.report.pytest_module.write",
}
"""The formats of `--report FORMAT=PATH`, and the module that writes each."""


@dataclass(frozen=True)
class About:
    """The facts that a report gives beside the result: the target, and how to repeat a finding.

    `plan` is the plan of the run; None where nothing was sent. `seconds` is how long it took,
    `remark` is said behind the counts, and `next_command` returns the command to try after a
    result, "" if there is none.
    """

    contract: Contract
    operation: Operation
    target: str
    plan: Plan | None = None
    reproduction: Reproduction = field(default_factory=Reproduction)
    seconds: float | None = None
    remark: str = ""
    next_command: Callable[[Result], str] = lambda _: ""


def write(form: str, result: Result, about: About, stream: TextIO) -> None:
    """Write `result` to `stream` in one of `FORMATS`."""
    import_module(FORMATS[form]).write(result, about, stream)


def report_paths(given: tuple[str, ...]) -> list[tuple[str, Path]]:
    """Read `FORMAT=PATH` pairs.

    Raises:
        UsageError: the format is unknown, or the file cannot be written.

    """
    paths = []
    for pair in given:
        form, equals, path = pair.partition("=")
        if not equals or not path or form not in FORMATS:
            formats = ", ".join(f"{name}=PATH" for name in FORMATS)
            raise UsageError(f"--report {pair!r} is not of the form FORMAT=PATH; write {formats}")
        try:
            # Tried before the run, so that no result is lost for want of a place to write it.
            with Path(path).open("a", encoding="utf-8"):
                paths.append((form, Path(path)))
        except OSError as error:
            why = error.strerror or error
            raise UsageError(f"--report {pair!r}: {path} cannot be written: {why}") from None
    return paths
