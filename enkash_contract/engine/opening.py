"""The beginning of a run: what the first response to the baseline means for the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.wording import counted
from enkash_contract.engine.baseline import REDIRECTION, baseline_note
from enkash_contract.judging.result import VOUCHED, Exercise, Result, Tally
from enkash_contract.validation.validator import validator

if TYPE_CHECKING:
    from enkash_contract.engine.plan import Plan
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction, Response


@dataclass(frozen=True)
class Opening:
    """What the baseline showed, and whether cases sent after it could show anything."""

    result: Result
    answerable: bool


def opening(
    plan: Plan, judged: Result, outcome: Outcome, interaction: Interaction, response: Response
) -> Opening:
    """Return what the `response` to the baseline means, which was `judged`."""
    # A response that breaks the contract is worth looking at from every side. One that did not
    # look at the request (401 and such), redirects it or is a crash is not.
    redirected = response.status // 100 == REDIRECTION
    looked_at = outcome in ("accepted", "rejected") or bool(judged.violations)
    answerable = looked_at and outcome != "error" and not redirected
    if outcome == "accepted":
        accepted = replace(judged, baseline=outcome, tallies=_accepted(plan))
        return Opening(_exercised(accepted, plan), answerable)
    note = baseline_note(plan.operation, outcome, interaction, response)
    notes = (note, *judged.notes)
    other = replace(judged, baseline=outcome, notes=notes, tallies={})
    return Opening(_exercised(other, plan), answerable)


def _accepted(plan: Plan) -> dict[tuple[str, str], Tally]:
    """Count the accepting side of every rule that the accepted baseline keeps."""
    operation, body = plan.operation, plan.baseline.wire.body
    broken = {violation.rule for violation in validator(operation).of_bytes(body)}
    return {
        (rule.id, "accept"): Tally(1, 1)
        for rule in operation.rules.values()
        if rule.side == REQUEST and rule not in broken
    }


def _exercised(judged: Result, plan: Plan) -> Result:
    """Return the result with the rules that the accepted baseline exercises, which is no case."""
    operation, rule = plan.operation.id, plan.baseline.rule.id
    ways = {way: tally for way, tally in judged.exercises.items() if way.rule != rule}
    for (kept, polarity), tally in judged.tallies.items():
        ways[Exercise(operation, kept, polarity, VOUCHED)] = tally
    return replace(judged, exercises=ways)


def only_baseline(opened: Result) -> Result:
    """Return an opened session's result with what the baseline means, without its findings."""
    return Result(baseline=opened.baseline, notes=opened.notes)


def broken_off(sent: int, total: int) -> Result:
    """Return the result of a run that was interrupted after `sent` of `total` cases."""
    note = f"interrupted after {sent} of {counted(total, 'case')}"
    return Result(verdicts={"inconclusive": total - sent}, notes=(note,), interrupted=True)
