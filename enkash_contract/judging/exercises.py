"""The rules that an interaction exercises, counted by polarity, family and verdict.

Verdicts rest on these counts, and so does the coverage of the contract: a run that looked at
nothing finds nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.operation import REQUEST
from enkash_contract.judging.checks import is_checked
from enkash_contract.judging.result import RECORDED, Exercise, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.checks import Judgement
    from enkash_contract.judging.result import Verdict
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.validation.violation import Violation


def tallies_of(
    operation: Operation, violations: list[Violation], outcome: Outcome
) -> Iterator[tuple[tuple[str, str], Tally]]:
    """Yield a tally for every rule that a request exercises, by rule and polarity."""
    broken = {violation.rule.id for violation in violations}
    for rule_id in broken:
        yield (rule_id, "reject"), Tally(1, int(outcome == "rejected"))
    # A valid request may be rejected for a business reason, which shows nothing about any rule.
    if not broken and outcome != "rejected":
        for rule in operation.rules.values():
            if rule.side == REQUEST:
                yield (rule.id, "accept"), Tally(1, int(outcome == "accepted"))


def recorded(
    operation: Operation, tallies: Mapping[tuple[str, str], Tally], violations: list[Violation]
) -> Iterator[tuple[Exercise, Tally]]:
    """Yield what a recorded request exercises, given its tallies: all valid ones at once."""
    for (rule, polarity), tally in tallies.items():
        exercised = rule if violations else REQUEST
        yield Exercise(operation.id, exercised, polarity, RECORDED), tally
        if not violations:
            return


def judged(
    judgement: Judgement, requests: Mapping[str, Tally], verdicts: Mapping[Verdict, int]
) -> dict[Exercise, Tally]:
    """Return the count of one interaction, and of its response if its rules were looked at."""
    operation, response, (verdict,) = judgement.operation, judgement.response, verdicts
    counts = {
        Exercise(operation.id, "", polarity, verdict): tally
        for polarity, tally in (requests or {"": Tally(1)}).items()
    }
    side = operation.response(response.status) if response is not None else None
    if side is not None and is_checked(judgement):
        counts[Exercise(operation.id, side.name)] = Tally(1)
    return counts


def of_one_request(tallies: Mapping[tuple[str, str], Tally]) -> dict[str, Tally]:
    """Return by polarity what came of one request, given the tallies of the rules it exercises."""
    # It was either accepted or not, whichever rule is asked.
    return {polarity: tally for (_, polarity), tally in tallies.items()}
