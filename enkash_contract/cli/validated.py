"""The reports of `validate`: payloads judged as others judge requests and responses."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import facts, output
from enkash_contract.clock import now
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.operation import REQUEST

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.result import Result
    from enkash_contract.report.destinations import Destination
    from enkash_contract.report.document import Report
    from enkash_contract.report.reproduction import Reproduction
    from enkash_contract.validation.violation import Violation


@dataclass
class Judged:
    """What payloads come to, as far as somebody wants a report of it.

    GitHub wants annotations `unasked`.
    """

    places: list[Destination]
    operations: tuple[Operation, ...]
    side: str
    files: tuple[str, ...]
    started: float
    results: dict[Operation, list[Result]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    unasked: bool = False

    @property
    def aside(self) -> bool:
        """Whether a report is on the standard output, and people read the standard error."""
        return any(place.path is None for place in self.places)

    @property
    def is_wanted(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.places) or self.unasked

    def add(
        self, operation: Operation, name: str, at: int, raw: bytes, violations: list[Violation]
    ) -> None:
        """Judge a payload of the file `name`, which begins after line `at`."""
        if not self.is_wanted:
            return
        from enkash_contract.judging.payloads import judge_payload

        source = f"{output.file_name(name)}:{at + 1}"
        side, level = operation.side(self.side), Level.of(_options()["fail_on"])
        judged = judge_payload(operation, side, raw, violations, source, level)
        self.results.setdefault(operation, []).append(judged)

    def write(self, contract: Contract) -> None:
        """Write the reports."""
        if not self.is_wanted:
            return
        from enkash_contract.report import write
        from enkash_contract.report.addition import added

        whole = added([(each.id, self._report(contract, each)) for each in self.operations])
        for place in self.places:
            place.write(whole)
        if self.unasked:
            aside = self.aside or _options()["form"] == "json"
            write("github", whole, sys.stderr if aside else sys.stdout)

    def _report(self, contract: Contract, operation: Operation) -> Report:
        """Return the report of the payloads of one operation; the first has what was not read."""
        from enkash_contract.judging.result import Result, add
        from enkash_contract.report import About
        from enkash_contract.report.build import build

        unread = tuple(self.unread) if operation is self.operations[0] else ()
        result = add([Result(unread=unread), *self.results.get(operation, ())])
        about = About(
            contract,
            operation,
            ", ".join(map(output.file_name, self.files)),
            reproduction=self._reproduction(contract, operation),
            facts=facts.gathered(self.started, now()),
        )
        return build(result, about)

    def _reproduction(self, contract: Contract, operation: Operation) -> Reproduction:
        """Return how findings are repeated: a request by its bytes, a response from its file."""
        from enkash_contract.report.reproduction import Reproduction, of_recordings

        given = [("--overlay", name) for name in contract.document.layers[1:]]
        given += [("--operation", operation.id)] if contract.default is not operation else []
        level = _options()["fail_on"]
        given += [("--fail-on", level)] if level != FAIL_ON.value else []
        if self.side == REQUEST:
            return of_recordings((), [*given], [])
        again = of_recordings((), [*given, ("--as", self.side)], []).validation
        return Reproduction(test=f"enkash-contract validate{again} {shlex.join(self.files)}")


def begin(
    reports: tuple[str, ...], operations: tuple[Operation, ...], side: str, files: tuple[str, ...]
) -> Judged:
    """Return what is to be filled and written; its paths are known to be fit.

    Raises:
        UsageError: a report cannot be written.

    """
    from enkash_contract.report.ci import is_annotated

    unasked = is_annotated(given.partition("=")[0] for given in reports)
    if not reports:
        return Judged([], operations, side, files, now(), unasked=unasked)
    from enkash_contract.report.destinations import destinations

    return Judged(destinations(reports), operations, side, files, now(), unasked=unasked)


def _options() -> dict[str, str]:
    return click.get_current_context().params
