"""Writing a result down: one module per format, each with one function of one signature.

All formats share one `Report` (`document`), which `build` makes of a result, and `read` of a file.
To add a format, write a module with `write(report, stream)` and name it in `FORMATS`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING

from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.errors import UsageError
from enkash_contract.report.reproduction import Reproduction

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.config.waiver import Waiver
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result
    from enkash_contract.report.document import Report

FORMATS = {
    "github": "enkash_contract.report.github",
    "har": "enkash_contract.report.har",
    "html": "enkash_contract.report.html.write",
    "json": "enkash_contract.report.json_report",
    "junit": "enkash_contract.report.junit",
    "markdown": "enkash_contract.report.markdown",
    "pytest": "enkash_contract.report.pytest_module.write",
    "sarif": "enkash_contract.report.sarif",
}
"""The formats of `--report FORMAT=PATH`, and the module that writes each."""

NEEDED = {"html": "jinja2"}
"""The packages that formats need beside those that are always there."""


@dataclass(frozen=True)
class Facts:
    """The facts of a run that nothing else knows: its command, its times, its options.

    `started` and `finished` are seconds since the epoch. `options` are those that matter, by name,
    with nothing secret in them; `waivers` are those in force.
    """

    command: str = ""
    fail_on: str = FAIL_ON.value
    started: float | None = None
    finished: float | None = None
    options: tuple[tuple[str, str], ...] = ()
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class About:
    """The facts that a report gives beside the result: the target, and how to repeat a finding.

    `plan` is the plan of the run; None where nothing was sent. `seconds` is how long it took,
    `remark` is said behind the counts, and `next_command` returns the command to try after a
    result, "" if there is none. `cases` returns the whole suite, whether or not it was sent.
    """

    contract: Contract
    operation: Operation
    target: str
    plan: Plan | None = None
    reproduction: Reproduction = field(default_factory=Reproduction)
    seconds: float | None = None
    remark: str = ""
    next_command: Callable[[Result], str] = lambda _: ""
    facts: Facts = field(default_factory=Facts)
    cases: Callable[[], tuple[Case, ...]] = tuple


def check(form: str, given: str = "") -> None:
    """Make sure that what a format needs is installed; `given` says how it was asked for.

    Raises:
        UsageError: it is not.

    """
    package = NEEDED.get(form)
    if package and find_spec(package) is None:
        raise UsageError(f"{given}{form} needs {package}: pip install 'enkash-contract[report]'")


def write(form: str, report: Report, stream: IO[str]) -> None:
    """Write `report` to `stream` in one of `FORMATS`."""
    import_module(FORMATS[form]).write(report, stream)
