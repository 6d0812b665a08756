"""The command `selftest`: the suites of some operations on trial, and the reports of it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import facts, output
from enkash_contract.clock import now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.selftest import Matrix
    from enkash_contract.report import About
    from enkash_contract.report.destinations import Destination


@dataclass(frozen=True)
class Written:
    """The places of reports, which are known to be fit, and when the selftest began."""

    places: list[Destination]
    started: float

    @property
    def aside(self) -> bool:
        """Whether a report is on the standard output, and people read the standard error."""
        return any(place.path is None for place in self.places)

    def write(self, contract: Contract, matrices: Mapping[Operation, Matrix]) -> None:
        """Write the reports."""
        if not self.places:
            return
        from enkash_contract.report.addition import added
        from enkash_contract.report.selftest import report_of

        parts = [
            (operation.id, report_of(matrix, self._about(contract, operation, matrix)))
            for operation, matrix in matrices.items()
        ]
        whole = added(parts)
        for place in self.places:
            place.write(whole)

    def _about(self, contract: Contract, operation: Operation, matrix: Matrix) -> About:
        from enkash_contract.report import About
        from enkash_contract.report.reproduction import Reproduction

        words = [word for name in contract.document.layers[1:] for word in ("--overlay", name)]
        words += ["--operation", operation.id] if contract.default is not operation else []
        return About(
            contract,
            operation,
            "the suite",
            reproduction=Reproduction(test=shlex.join(["enkash-contract", "selftest", *words])),
            seconds=matrix.seconds,
            facts=facts.gathered(self.started, now()),
        )


def run(reports: tuple[str, ...], contract: Contract, operations: tuple[Operation, ...]) -> int:
    """Run the suite of each operation against every defect of it, and return the exit code."""
    from enkash_contract.engine.bench import sandboxes
    from enkash_contract.engine.selftest import selftest
    from enkash_contract.report.progress import progress

    written = begin(reports)
    matrices: dict[Operation, Matrix] = {}
    for operation in operations:
        with progress(len(sandboxes(operation))) as step:
            matrix = selftest(contract=contract, operation=operation.id, progress=step)
        matrices[operation] = matrix
        if operations[1:]:
            click.echo(f"{operation.id}:", err=written.aside)
        for line in output.matrix_lines(matrix):
            click.echo(line, err=written.aside)
    if operations[1:]:
        click.echo(output.matrices_line([*matrices.values()]), err=written.aside)
    written.write(contract, matrices)
    return max(matrix.exit_code for matrix in matrices.values())


def begin(reports: tuple[str, ...]) -> Written:
    """Return what is to be written.

    Raises:
        UsageError: a report cannot be written.

    """
    if not reports:
        return Written([], 0.0)
    from enkash_contract.report.destinations import destinations

    return Written(destinations(reports), now())
