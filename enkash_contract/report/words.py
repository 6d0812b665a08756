"""The words that formats share: what a report comes to, and what it says of coverage."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.judging.checks import SELFTEST
from enkash_contract.judging.result import CONFORMS, INTERRUPTED, MISUSED, VIOLATED
from enkash_contract.judging.samples import number_of
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
    if is_selftest(report):
        return f"{selftest_verdict(report)}."
    # What the suite has to mend is told apart: it is no violation of the contract.
    violations = [each for each in report.of_severity("violation") if each.fault != "suite"]
    blamed = [each for each in report.causes if each.fault != "suite"]
    number = sum(cause.severity == "violation" for cause in blamed)
    found = f"{counted(number_of(violations), 'violation')}, {counted(number, 'cause')}"
    target = report.target or "what was checked"
    several = ", " in target
    begun = target[:1].upper() + target[1:] if target.startswith(("the ", "what ")) else target
    if report.exit_code == INTERRUPTED:
        return f"The run on {target} was interrupted: {found} by then."
    if report.exit_code == MISUSED:
        return f"Not all could be read of {target}: {found} in the rest."
    if report.exit_code == VIOLATED:
        if violations:
            return f"{begun} {'violate' if several else 'violates'} the contract: {found}."
        if report.of_severity("violation"):
            return f"{selftest_verdict(report)}."
        if report.promises:
            return f"{begun} {'were' if several else 'was'} not tested as promised."
        return f"{begun} {'have' if several else 'has'} no violation, but waivers are out of date."
    if report.exit_code != CONFORMS:
        return f"Nothing could be concluded about {target}."
    return f"{begun} {'conform' if several else 'conforms'} to the contract{_weak(report)}."


def _weak(report: Report) -> str:
    waived = report.number("waived")
    rules = {(each.operation, each.rule) for each in report.of_severity("assumption")}
    parts = [f"{counted(waived, 'violation')} waived"] if waived else []
    parts += [f"{counted(len(rules), 'assumed rule')} broken, which fails nothing"] if rules else []
    return f"; {', and '.join(parts)}" if parts else ""


def proven(report: Report) -> str:
    """Return how much of the contract was put to the test."""
    if is_selftest(report):
        return tried(report)
    states = [rule.state for rule in report.rules]
    parts = [f"{states.count(state):,} {state}" for state in STATES if state in states]
    return f"{counted(len(states), 'rule')}: {', '.join(parts)}; {coverage.sentence(report.rules)}"


def is_selftest(report: Report) -> bool:
    """Return whether the suite was tested, and no server or recording with it."""
    return bool(report.sandboxes) and all(run.command == SELFTEST for run in report.runs)


def tried(report: Report) -> str:
    """Return what became of the sandboxes of selftests."""
    counts = Counter(sandbox.outcome for sandbox in report.sandboxes)
    defects = counted(counts["found"] + counts["missed"], "defect")
    variants = counted(counts["conforming"] + counts["blamed"], "conforming variant")
    return (
        f"{defects}, {counts['found']:,} found, {counts['missed']:,} missed; "
        f"{variants}, {counts['blamed']:,} blamed"
    )


def selftest_verdict(report: Report) -> str:
    """Return what a selftest comes to."""
    counts = Counter[str](sandbox.outcome for sandbox in report.sandboxes)
    parts = {"missed": "defect", "blamed": "conforming variant"}
    failed = [
        f"{counted(counts[name], word)} {name}" for name, word in parts.items() if counts[name]
    ]
    end = f"fails the selftest: {', '.join(failed)}" if failed else "passes the selftest"
    return f"The suite {end}"
