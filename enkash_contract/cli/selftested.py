"""The reports of `selftest`."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.cli import facts
from enkash_contract.clock import now

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.selftest import Matrix
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

    def write(self, matrix: Matrix, contract: Contract, operation: Operation) -> None:
        """Write the reports."""
        if not self.places:
            return
        from enkash_contract.report import About
        from enkash_contract.report.reproduction import Reproduction
        from enkash_contract.report.selftest import report_of

        words = [word for name in contract.document.layers[1:] for word in ("--overlay", name)]
        words += ["--operation", operation.id] if len(contract) > 1 else []
        about = About(
            contract,
            operation,
            "the suite",
            reproduction=Reproduction(test=shlex.join(["enkash-contract", "selftest", *words])),
            seconds=matrix.seconds,
            facts=facts.gathered(self.started, now()),
        )
        whole = report_of(matrix, about)
        for place in self.places:
            place.write(whole)


def begin(reports: tuple[str, ...]) -> Written:
    """Return what is to be written.

    Raises:
        UsageError: a report cannot be written.

    """
    if not reports:
        return Written([], 0.0)
    from enkash_contract.report.destinations import destinations

    return Written(destinations(reports), now())
