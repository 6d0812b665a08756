"""The words that formats share: what a report comes to, and what it says of coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.judging.result import CONFORMS, INTERRUPTED, MISUSED, VIOLATED
from enkash_contract.report import coverage

if TYPE_CHECKING:
    from enkash_contract.report.coverage import State
    from enkash_contract.report.document import Report

STATES: dict[State, str] = {
    "held": "what was tested of it was kept",
    "broken": "it was broken at least once",
    "masked": "rejected, but so is every other value: nobody knows why",
    "inconclusive": "tested, and nothing could be concluded",
    "not exercised": "no request or response was about it",
}
"""The states of a rule, and what each means."""


def verdict(report: Report) -> str:
    """Return what a report comes to, as a sentence."""
    violations = report.of_severity("violation")
    number = sum(cause.severity == "violation" for cause in report.causes)
    found = f"{counted(len(violations), 'violation')}, {counted(number, 'cause')}"
    target = report.target or "what was checked"
    begun = target[:1].upper() + target[1:] if target.startswith("the ") else target
    if report.exit_code == INTERRUPTED:
        return f"The run on {target} was interrupted: {found} by then."
    if report.exit_code == MISUSED:
        return f"Not all could be read of {target}: {found} in the rest."
    if report.exit_code == VIOLATED:
        if violations:
            return f"{begun} violates the contract: {found}."
        if report.promises:
            return f"{begun} was not tested as promised."
        return f"{begun} has no violation, but waivers are out of date."
    if report.exit_code != CONFORMS:
        return f"Nothing could be concluded about {target}."
    return f"{begun} conforms to the contract{_weak(report)}."


def _weak(report: Report) -> str:
    waived = len(report.of_severity("waived"))
    rules = {(each.operation, each.rule) for each in report.of_severity("assumption")}
    parts = [f"{counted(waived, 'violation')} waived"] if waived else []
    parts += [f"{counted(len(rules), 'assumed rule')} broken, which fails nothing"] if rules else []
    return f"; {', and '.join(parts)}" if parts else ""


def proven(report: Report) -> str:
    """Return how much of the contract was put to the test."""
    states = [rule.state for rule in report.rules]
    parts = [f"{states.count(state):,} {state}" for state in STATES if state in states]
    return f"{counted(len(states), 'rule')}: {', '.join(parts)}; {coverage.sentence(report.rules)}"
