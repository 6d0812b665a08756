"""Writing a `Result` down: one module per format, each with one function of one signature.

To add a format, write a module with `write(result, about, stream)` and name it in `FORMATS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.result import Result

FORMATS = {
    "json": "enkash_contract.report.json_report",
    "pytest": "enkash_contract.report.pytest_module.write",
}
"""The formats of `--report FORMAT=PATH`, and the module that writes each."""


SANDBOX = "enkash_contract:Sandbox"
"""What `About.application` says of the embedded sandbox, which is made and not found."""


@dataclass(frozen=True)
class About:
    """What a report says beside the result: what was checked, and how to repeat it.

    `again` is the command that repeats one case, for a target that curl cannot reach; `option` and
    the case's id are appended to it. `fallback` is such a command too, for what no curl line can
    say without telling a secret, and `fuzzed` the one that fuzzes again. `plan` is what was sent,
    where something was, and `application` names what was called in this process, as
    `module:attribute`.
    """

    contract: Contract
    operation: Operation
    target: str
    again: str = ""
    plan: Plan | None = None
    application: str = ""
    fallback: str = ""
    fuzzed: str = ""
    option: str = "--case"


def write(form: str, result: Result, about: About, stream: TextIO) -> None:
    """Write `result` to `stream` in one of `FORMATS`."""
    import_module(FORMATS[form]).write(result, about, stream)
