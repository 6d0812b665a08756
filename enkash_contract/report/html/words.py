"""The words of pages: what marks mean, and how much was tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.evidence import Level
from enkash_contract.contract.wording import counted
from enkash_contract.judging.result import CONFORMS, INTERRUPTED, VIOLATED
from enkash_contract.report.words import STATES, is_selftest, tried

if TYPE_CHECKING:
    from enkash_contract.judging.finding import Severity
    from enkash_contract.judging.result import Verdict
    from enkash_contract.report.coverage import RuleCoverage, State
    from enkash_contract.report.document import Report

LEVELS: dict[Level, str] = {
    Level.CONFIRMED: "EnKash wrote it to whoever added it",
    Level.DOCUMENTED: "the operation's own page says it",
    Level.EXAMPLE: "an example on the page shows it",
    Level.SIBLING: "the page of a similar operation says it",
    Level.OBSERVED: "it was seen in traffic",
    Level.DISPUTED: "pages contradict each other",
    Level.ASSUMED: "our own reading; nothing published supports it",
}
"""The levels of evidence, and what each means."""

SEVERITIES: dict[Severity, str] = {
    "violation": "on good evidence: these fail the run",
    "waived": "violations that are waived for now, each for a reason",
    "assumption": "on weak evidence: these never fail a run",
}
"""The severities, and what each means."""

VERDICTS: dict[Verdict, str] = {
    "held": "held",
    "violation": "with violations",
    "assumption": "with assumptions",
    "inconclusive": "inconclusive",
    "masked": "masked",
    "waived": "waived",
}
"""The verdicts by the words that count requests: one may have several violations."""


def colour(report: Report) -> State:
    """Return the state by whose colour the verdict on a report is shown."""
    if report.exit_code == CONFORMS:
        return "held"
    is_broken = report.exit_code == VIOLATED or report.of_severity("violation")
    return "broken" if is_broken and report.exit_code != INTERRUPTED else "inconclusive"


def proven(report: Report) -> str:
    """Return how much of the contract was put to the test."""
    if is_selftest(report):
        return f"{tried(report)}."
    rules = report.rules
    weak = sum(map(is_weak, rules))
    states = [rule.state for rule in rules]
    parts = [f"{states.count(state):,} {state}" for state in STATES if state in states]
    known = [rule for rule in rules if rule.is_of_request]
    both = sum(rule.covers("both") for rule in known)
    remark = f" broken ({weak:,} on weak evidence, or waived)" if weak else " broken"
    return (
        f"Of {counted(len(rules), 'rule')}: {', '.join(parts).replace(' broken', remark)}. "
        "Exercised both ways, by valid requests on the bound and by invalid ones past it: "
        f"{both:,} of {counted(len(known), 'rule')} of requests."
    )


def is_weak(rule: RuleCoverage) -> bool:
    """Return whether a rule is broken, and nothing fails for it."""
    return rule.state == "broken" and not rule.violations


def side(name: str) -> str:
    """Return the title of a side."""
    status = name.partition(".")[2]
    return f"Response {status}" if status else "Request" if name == "request" else "Any response"


def all_of(kept: int, count: int) -> str:
    """Return the title of the list of findings, of which some may be counted and not kept."""
    number = counted(count, "finding")
    return f"All {number}" if kept == count else f"{kept:,} of {number}"
