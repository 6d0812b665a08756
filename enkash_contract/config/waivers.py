"""What waivers do to a result: findings that are known and agreed fail nothing, each until a day.

A waiver is a debt, so it is reported as soon as it is no longer needed: a file of waivers can only
shrink. A finding counts as gone only where the run would have found it; a run that was narrowed, or
that concluded nothing about the rule, reports nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract import clock
from enkash_contract.contract.operation import REQUEST
from enkash_contract.engine.fuzzing import steps
from enkash_contract.generation import suite
from enkash_contract.judging import checks
from enkash_contract.judging.by_operation import tallies_of
from enkash_contract.judging.case import of_operation
from enkash_contract.judging.finding import fingerprint
from enkash_contract.judging.result import Result, Tally

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from enkash_contract.config.waiver import Waiver
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Exercise, Verdict

BOTH = (True, False)
"""Whether a result is of recorded traffic, or of a run."""

OF_CASES = (checks.POSITIVE, checks.NEGATIVE, checks.SERVER_ERROR)
"""The checks whose findings in a run belong to the family of a case."""

OF_RESPONSES = tuple(name for name in checks.CHECKS if name not in OF_CASES)
"""The checks whose findings belong to no family."""

OF_RECORDS = (*OF_RESPONSES, *OF_CASES, checks.REQUEST_SCHEMA)
"""The checks on recorded traffic, which has no families."""


def apply(
    result: Result,
    waivers: Iterable[Waiver],
    *operations: Operation,
    today: dt.date | None = None,
    cases: Callable[[], tuple[Case, ...]] | None = None,
) -> Result:
    """Return `result` with its findings waived, and with the waivers that are not needed.

    Results are added up first: only the whole run shows that something was not found.

    Args:
        result: of a run, or of recorded traffic (which has no baseline).
        waivers: those in force; an expired one waives nothing.
        operations: those that were checked.
        today: the day by which waivers have expired or not, by default this one.
        cases: returns all cases that could have been sent, by default the operations' suites.

    """
    day = today or clock.today()
    given = tuple(waivers)
    run = _Run(result, operations, cases)
    problems = tuple(problem for waiver in given for problem in run.problems(waiver, day))
    return waived(result, given, today=day) + Result(waivers=problems)


def waived(result: Result, waivers: Iterable[Waiver], *, today: dt.date | None = None) -> Result:
    """Return `result`, which may be a part of one, with its findings waived."""
    day = today or clock.today()
    live = [waiver for waiver in waivers if day <= waiver.until]
    findings = tuple(_waived(finding, live) for finding in result.findings)
    verdicts = _verdicts(result, findings)
    if verdicts is result.verdicts or result.total > 1:
        return replace(result, findings=findings, verdicts=verdicts)
    # Of one interaction by itself, the count of its operation is known as well.
    exercises = {
        way._replace(family="waived") if _is_violated(way) else way: tally
        for way, tally in result.exercises.items()
    }
    return replace(result, findings=findings, verdicts=verdicts, exercises=exercises)


def _is_violated(way: Exercise) -> bool:
    return not way.rule and way.family == "violation"


def _waived(finding: Finding, live: list[Waiver]) -> Finding:
    for waiver in live if finding.severity == "violation" else ():
        if waiver.matches(finding):
            return replace(finding, severity="waived", reason=waiver.reason)
    return finding


def _verdicts(result: Result, findings: tuple[Finding, ...]) -> Mapping[Verdict, int]:
    """Count anew what was a violation and now is waived altogether."""
    before, after = set(), set()
    for was, finding in zip(result.findings, findings, strict=True):
        # All findings of one interaction made one verdict, waived only if all of them are.
        key = (finding.case, finding.source, id(finding.interaction))
        if was.severity == "violation":
            before.add(key)
        if finding.severity == "violation":
            after.add(key)
    number = len(before - after)
    if not number:
        return result.verdicts
    moved: dict[Verdict, int] = {
        "violation": result.count("violation") - number,
        "waived": result.count("waived") + number,
    }
    return {**result.verdicts, **moved}


class _Run:
    """A run with what it looked at: whether it would have found what a waiver is for."""

    def __init__(
        self,
        result: Result,
        operations: tuple[Operation, ...],
        cases: Callable[[], tuple[Case, ...]] | None,
    ) -> None:
        self.result, self.operations = result, operations
        self.recorded = result.baseline is None
        self._cases = cases or self._suites

    def problems(self, waiver: Waiver, day: dt.date) -> Iterator[str]:
        """Yield the problem of a waiver that has expired or is not needed."""
        where = f"{waiver.place}: {waiver}"
        occurs = any(waiver.matches(finding) for finding in self.result.findings)
        if waiver.until < day:
            do = "mend what it waives, or agree on another day" if occurs else "remove it"
            yield f"{where} expired on {waiver.until}; {do}"
        elif not occurs and self._would_find(waiver):
            kind = "check" if self.recorded else "traffic"
            scope = f"write [[{kind}.waiver]] if only `{kind}` finds it"
            yield f"{where} is not needed: nothing of it was found; remove it, or {scope}"

    def _suites(self) -> tuple[Case, ...]:
        return tuple(case for operation in self.operations for case in suite.build(operation))

    def _would_find(self, waiver: Waiver) -> bool:
        """Whether this run would have found what `waiver` is for."""
        if mark := waiver.fingerprint:
            here = self._marks(self._cases(), recorded=self.recorded)
            if mark in here:
                return self._looked_at(*here[mark])
            # What only fuzzing finds is found by chance: it proves nothing that it was not drawn.
            if any(mark in steps.fingerprints(operation) for operation in self.operations):
                return False
            # A fingerprint that no run can have is that of a rule or a family that is gone.
            suites = self._suites()
            return not any(mark in self._marks(suites, recorded=recorded) for recorded in BOTH)
        operations = [found for found in self.operations if waiver.concerns(found.id)]
        rules = [
            (operation, rule)
            for operation in operations
            for rule in operation.rules.values()
            if waiver.covers(rule.id)
        ]
        if not rules and operations and not self.recorded:
            # All cases of a rule are needed to say that one of them was sent.
            rules = [
                (operation, case.rule)
                for operation in operations
                for case in of_operation(operation, self._cases())
                if waiver.covers(case.id, case.family)
            ]
        return bool(rules) and all(self._looked_at(*pair) for pair in rules)

    def _looked_at(self, operation: Operation, rule: Rule) -> bool:
        result = self.result
        if operation.id in result.unconcluded:
            return False
        known = tallies_of(result, operation.id)
        tallies = {
            polarity: known.get((rule.id, polarity), Tally()) for polarity in ("accept", "reject")
        }
        # What is masked would have been rejected in any case.
        exercised = {side: tally.exercised - tally.masked for side, tally in tallies.items()}
        clear = result.total - result.count("inconclusive")
        if self.recorded:
            return any(exercised.values()) if rule.side == REQUEST else clear > 0
        if result.baseline != "accepted":
            return False
        if rule.side != REQUEST:
            # Every response may show it, so all of them are needed.
            return result.total >= len(self._cases()) and clear > result.count("inconclusive")
        cases = of_operation(operation, self._cases())
        wanted = Counter(case.polarity for case in cases[1:] if case.rule is rule)
        # The accepted baseline exercises every rule once.
        return (
            bool(wanted)
            and exercised["accept"] > wanted["accept"]
            and exercised["reject"] >= wanted["reject"]
        )

    def _marks(
        self, cases: tuple[Case, ...], *, recorded: bool
    ) -> dict[str, tuple[Operation, Rule]]:
        """Return every fingerprint that a finding of such a run may have, with its rule."""
        sent = () if recorded else cases
        names = OF_RECORDS if recorded else OF_RESPONSES
        return {
            fingerprint(operation.id, check, rule.id, family): (operation, rule)
            for operation in self.operations
            for rule, family, by in (
                *((rule, "", names) for rule in operation.rules.values()),
                *((case.rule, case.family, OF_CASES) for case in of_operation(operation, sent)),
            )
            for check in by
        }
