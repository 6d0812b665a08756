"""Our failures as Schemathesis reports them: a violation, and that nothing can be concluded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemathesis.core.failures import Failure

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.finding import Finding
    from enkash_contract.wire.message import Interaction


class Violated(Failure):
    """A violation of the contract, worded as everywhere else in this package."""

    __slots__ = ("finding",)

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        lines = [
            f"{finding.message}",
            "",
            f"Evidence: {finding.evidence}",
            f"Document: {finding.document}",
        ]
        if finding.case:
            lines.append(f"Case: {finding.case}")
        lines.append(f"Fingerprint: {finding.fingerprint}")
        title = f"{finding.check} {finding.rule}"
        super().__init__(operation=finding.operation, title=title, message="\n".join(lines))

    @property
    def _unique_key(self) -> str:
        # One finding must never hide another: without this, all of them count as one failure.
        return self.finding.fingerprint


class Inconclusive(Failure):
    """The server has accepted nothing yet, so its rejections prove nothing."""

    __slots__ = ()

    def __init__(self, operation: Operation, baseline: Interaction | None) -> None:
        response = baseline and baseline.response
        status = f"the response is {response.status}" if response else "there is no response"
        message = (
            f"The document's example is not accepted ({status}), so rejections prove nothing.\n"
            "Name a request that this server accepts in an overlay: its `example`, "
            "and `examples` of each\nmember that only this server knows. Or give the requests "
            "the credentials they need, for instance with -H."
        )
        title = "Nothing can be concluded"
        super().__init__(operation=operation.id, title=title, message=message)
