"""Judgement of a payload by itself, which was sent to nobody: whether it keeps its side's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.operation import REQUEST
from enkash_contract.judging.checks import Judgement, response_schema_conformance
from enkash_contract.judging.judge import judge_request
from enkash_contract.judging.result import Exercise, Result, Tally, worst
from enkash_contract.wire.message import Interaction, Request, labelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.validation.violation import Violation


def judge_payload(
    operation: Operation,
    side: Side,
    raw: bytes,
    violations: Iterable[Violation],
    source: str,
    fail_on: Level,
) -> Result:
    """Return what the `violations` of a payload come to; nothing was exercised by it."""
    label = (("Content-Type", side.media_type),)
    if side.name == REQUEST:
        request = Request(operation.method, operation.path, label, raw)
        interaction = Interaction(request, None, source=source)
        findings = judge_request(operation, interaction, [*violations], fail_on=fail_on).findings
    else:
        status = int(side.name.rpartition(".")[2].replace("X", "0"))
        response = labelled(status, side.media_type, raw)
        request = Request(operation.method, operation.path, label, None)
        interaction = Interaction(request, response, source=source)
        judgement = Judgement(operation, interaction, "accepted", fail_on)
        findings = tuple(response_schema_conformance(judgement))
    verdict = worst(findings, concluded=True)
    return Result(
        findings, {verdict: 1}, exercises={Exercise(operation.id, "", "", verdict): Tally(1)}
    )
