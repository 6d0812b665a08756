"""A finding: one check that did not hold, with all that whoever has to mend it needs to know.

How it came about is not known here, nor what else was found: that is a `Result`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.place import Place
    from enkash_contract.wire.message import Interaction

Severity = Literal["violation", "assumption", "waived"]
Fault = Literal["client", "server", "suite"]


@dataclass(frozen=True)
class Finding(Printed):
    """A check that did not hold.

    `rule` and `family` name what was tested. The level of `evidence` decides between a violation
    and an assumption. `document` is the place of the rule, `pointer` that of the value, `source`
    where the interaction came from, `reason` why a waived finding is waived, and `fault` the side
    that has to mend it: in a selftest, the suite. It stands for `count` findings: itself, and those
    like it that were not kept.
    """

    check: str
    operation: str
    rule: str
    evidence: Evidence
    severity: Severity
    message: str
    document: Place
    pointer: str = ""
    family: str = ""
    case: str = ""
    source: str = ""
    interaction: Interaction | None = field(default=None, repr=False, compare=False)
    reason: str = ""
    fault: Fault = "server"
    count: int = 1

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that stay the same from run to run."""
        return fingerprint(self.operation, self.check, self.rule, self.family)


def fingerprint(operation: str, check: str, rule: str, family: str) -> str:
    """Return the fingerprint of the findings of `check` on `rule` in requests of `family`."""
    # Every command loads this module, and most never name a finding.
    import hashlib

    parts = (operation, check, rule, family)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
