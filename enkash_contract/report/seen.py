"""All that a run has seen of each operation: its requests, its rules, and how long responses took.

A result counts by operation, rule, polarity and family; here the counts come together with the
rules that they are about, so that what nobody looked at is seen as well.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.operation import REQUEST, RESPONSE
from enkash_contract.contract.rules import expectation
from enkash_contract.judging.by_operation import names_of
from enkash_contract.judging.case import BASELINE, of_operation
from enkash_contract.judging.result import Tally
from enkash_contract.report.coverage import RuleCoverage, SideCoverage, add_tallies
from enkash_contract.report.document import ReportOperation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Result, Verdict
    from enkash_contract.report import About


def operations_of(result: Result, about: About) -> tuple[ReportOperation, ...]:
    """Return the operations that a run was about."""
    used = _used(result, about)
    return tuple(_operation(each, result, about, alone=used == [each]) for each in used)


def _used(result: Result, about: About) -> list[Operation]:
    """Return the operations that a run was about."""
    named = [name for name in names_of(result) if name in about.contract]
    if named[1:]:
        # In the order of the document: all of it is read only where there are several.
        named = [name for name in about.contract if name in named]
    return [about.contract[name] for name in named] or [about.operation]


def _operation(
    operation: Operation, result: Result, about: About, *, alone: bool
) -> ReportOperation:
    return ReportOperation(
        id=operation.id,
        method=operation.method,
        path=operation.path,
        summary=operation.summary,
        verdicts=dict(result.verdicts) if alone else _verdicts(operation, result),
        requests=dict(result.requests) if alone else _requests(operation, result),
        rules=tuple(_rules(operation, result, about.cases())),
        durations={
            took: number for (of, took), number in result.durations.items() if of == operation.id
        },
    )


def _verdicts(operation: Operation, result: Result) -> dict[Verdict, int]:
    """Return the verdicts on one of several operations, each of which was only recorded."""
    verdicts: Counter[Any] = Counter()
    for way, tally in result.exercises.items():
        if way.operation == operation.id and not way.rule:
            verdicts[way.family] += tally.exercised + tally.inconclusive
    found: dict[int, set[str]] = {}
    for finding in result.findings:
        if finding.operation == operation.id:
            found.setdefault(id(finding.interaction), set()).add(finding.severity)
    waived = sum("waived" in each and "violation" not in each for each in found.values())
    # What was waived by itself, before it was added up, is counted already.
    waived = max(0, waived - verdicts["waived"])
    verdicts.update({"violation": -waived, "waived": waived})
    return dict(+verdicts)


def _requests(operation: Operation, result: Result) -> dict[str, Tally]:
    requests: dict[str, Tally] = {}
    for way, tally in result.exercises.items():
        if way.operation == operation.id and way.polarity and not way.rule:
            requests[way.polarity] = requests.get(way.polarity, Tally()) + tally
    return requests


def coverage_of(result: Result, about: About) -> list[RuleCoverage]:
    """Return the coverage of the rules of all operations that a run was about."""
    cases = about.cases()
    return [rule for each in _used(result, about) for rule in _rules(each, result, cases)]


def _rules(operation: Operation, result: Result, cases: Iterable[Case]) -> Iterator[RuleCoverage]:
    seen = _Seen(operation, result)
    own = of_operation(operation, cases)
    suite = Counter((case.rule.id, case.polarity) for case in own if case.id != BASELINE)
    for rule in operation.rules.values():
        of_request = rule.side == REQUEST
        yield RuleCoverage(
            operation=operation.id,
            id=rule.id,
            pointer=rule.pointer,
            keyword=rule.keyword,
            demands=expectation(rule),
            evidence=rule.evidence,
            receiver=rule.receiver,
            place=str(rule.place),
            accept=SideCoverage(seen.families(rule, "accept"), suite[rule.id, "accept"]),
            reject=SideCoverage(seen.families(rule, "reject"), suite[rule.id, "reject"]),
            responses=0 if of_request else seen.responses(rule),
            violations=seen.found[rule.id, True],
            others=seen.found[rule.id, False],
            breakable=not (rule.keyword == "additionalProperties" and rule.value in (True, {})),
        )


class _Seen:
    """All that was seen of one operation, by rule."""

    def __init__(self, operation: Operation, result: Result) -> None:
        self._families: dict[tuple[str, str], dict[str, Tally]] = {}
        for way, tally in result.exercises.items():
            if way.operation == operation.id and way.rule:
                self._families.setdefault((way.rule, way.polarity), {})[way.family] = tally
        self.found = Counter[tuple[str, bool]]()
        for finding in result.findings:
            if finding.operation == operation.id:
                self.found[finding.rule, finding.severity == "violation"] += finding.count

    def families(self, rule: Rule, polarity: str) -> dict[str, Tally]:
        """Return the counts of the requests that exercise `rule`, by family."""
        shared = self._families.get((rule.side, polarity), {})
        own = self._families.get((rule.id, polarity), {})
        return add_tallies(shared, own)

    def responses(self, rule: Rule) -> int:
        """Return how many responses were held against `rule`."""
        sides = [tallies for (side, _), tallies in self._families.items() if _is_in(rule, side)]
        return sum(tally.exercised for tallies in sides for tally in tallies.values())


def _is_in(rule: Rule, side: str) -> bool:
    """Return whether `rule` is of that side, or of all responses."""
    return rule.side == side or (rule.side == RESPONSE and side.startswith(RESPONSE))
