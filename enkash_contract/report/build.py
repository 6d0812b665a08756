"""From the result of a run to the `Report` that all formats share.

No format sees a header, a body or an address as it was sent: `shown` makes each exchange fit to be
shown, once.
"""

from __future__ import annotations

import hashlib
import platform
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.operation import REQUEST, RESPONSE
from enkash_contract.contract.rules import expectation
from enkash_contract.judging.case import BASELINE
from enkash_contract.judging.result import Tally
from enkash_contract.report.causes import causes, example
from enkash_contract.report.coverage import RuleCoverage, SideCoverage, add_tallies
from enkash_contract.report.document import (
    SAMPLES,
    Report,
    ReportCause,
    ReportFinding,
    ReportOperation,
    ReportWaiver,
    Run,
    ShownRequest,
)
from enkash_contract.report.shown import Exchanges, exchange_of, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.config.waiver import Waiver
    from enkash_contract.contract.evidence import Source
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Finding, Result, Verdict
    from enkash_contract.report import About
    from enkash_contract.report.causes import Cause


def build(result: Result, about: About) -> Report:
    """Return the report of one run."""
    run = run_of(result, about)
    known = causes(result, about.contract)
    ids = {id(finding): cause_id(cause) for cause in known for finding in cause.findings}
    exchanges = Exchanges()
    shown = {
        id(finding): _finding(finding, about, exchanges, ids[id(finding)], run.id)
        for finding in result.findings
    }
    operations = tuple(_operation(each, result, about) for each in _used(result, about))
    suite = {case.id: case for case in about.cases()} if known else {}
    return Report(
        runs=(run,),
        operations=operations,
        findings=tuple(shown[id(finding)] for finding in result.findings),
        causes=tuple(_cause(cause, about, shown, suite) for cause in known),
        verdicts=dict(result.verdicts),
        stability=result.stability,
        notes=result.notes,
        unread=result.unread,
        waivers=result.waivers,
        promises=result.promises,
        sources=_sources(result, operations),
        origin=(result, about),
    )


# The run


def run_of(result: Result, about: About) -> Run:
    """Return the facts of a run."""
    from enkash_contract import __version__

    document, facts = about.contract.document, about.facts
    seed = re.search(r"--seed (-?\d+)", result.fuzzed)
    run = Run(
        id="",
        command=facts.command,
        tool=__version__,
        python=platform.python_version(),
        target=about.target,
        sha256=document.sha256,
        overlays=document.layers[1:],
        fail_on=facts.fail_on,
        exit=result.exit_code,
        baseline=result.baseline,
        started=moment(facts.started),
        finished=moment(facts.finished),
        seconds=about.seconds,
        seed=int(seed[1]) if seed else None,
        options=facts.options,
        waivers=tuple(map(_waiver, facts.waivers)),
    )
    # The same run has the same id, however often it is written down.
    counts = (sorted(result.verdicts.items()), [found.fingerprint for found in result.findings])
    digest = hashlib.sha256(repr((run, counts)).encode(errors="backslashreplace"))
    return replace(run, id=digest.hexdigest()[:16])


def _waiver(waiver: Waiver) -> ReportWaiver:
    return ReportWaiver(
        waiver.rule,
        waiver.fingerprint,
        waiver.operation,
        waiver.reason,
        str(waiver.until),
        str(waiver.place),
    )


# Findings and their causes


def cause_id(cause: Cause) -> str:
    """Return twelve hexadecimal digits that are the same for equal causes, in any run."""
    parts = f"{cause.severity}\n{cause.fault}\n{cause.sentence}"
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def _finding(
    finding: Finding, about: About, exchanges: Exchanges, cause: str, run: str
) -> ReportFinding:
    parts = dict(example(finding))
    return ReportFinding(
        fingerprint=finding.fingerprint,
        check=finding.check,
        operation=finding.operation,
        rule=finding.rule,
        family=finding.family,
        case=finding.case,
        pointer=finding.pointer,
        evidence=finding.evidence,
        severity=finding.severity,
        fault=finding.fault,
        reason=finding.reason,
        message=finding.message,
        expected=parts["expected"],
        actual=parts["actual"],
        document=str(finding.document),
        source=finding.source,
        reproduce=about.reproduction.of(finding),
        cause=cause,
        run=run,
        exchange=None if finding.interaction is None else exchanges.of(finding.interaction),
    )


def _cause(
    cause: Cause, about: About, shown: Mapping[int, ReportFinding], suite: Mapping[str, Case]
) -> ReportCause:
    return ReportCause(
        id=cause_id(cause),
        sentence=cause.sentence,
        severity=cause.severity,
        fault=cause.fault,
        evidence=cause.evidence,
        count=len(cause.findings),
        members=cause.members,
        operations=tuple(dict.fromkeys(finding.operation for finding in cause.findings)),
        samples=tuple(shown[id(finding)] for finding in samples(cause)),
        repeat=about.reproduction.briefly(cause.example),
        valid=_twin(cause.example, suite),
    )


def _twin(finding: Finding, suite: Mapping[str, Case]) -> ShownRequest | None:
    """Return the valid request that is nearest to the one of a finding, if the suite knows it."""
    case = suite.get(finding.case)
    twin = suite.get(case.twin or BASELINE) if case and case.id != BASELINE else None
    if case is None or twin is None or finding.interaction is None:
        return None
    # It would have gone to the same address, but for what the case changes in the path.
    valid, own, url = twin.request(), case.request().url, finding.interaction.request.url
    if url.endswith(own):
        url = url[: len(url) - len(own)] + valid.url
    return exchange_of(replace(finding.interaction, request=replace(valid, url=url))).request


def samples(cause: Cause) -> list[Finding]:
    """Return some findings of a cause: its example, then others of other rules, then any."""
    first = cause.example
    others = [finding for finding in cause.findings if finding is not first]
    by_rule = {(finding.operation, finding.rule): finding for finding in reversed(others)}
    by_rule.pop((first.operation, first.rule), None)
    firsts = [*reversed(by_rule.values())]
    chosen = {id(finding): finding for finding in (first, *firsts, *others)}
    return [*chosen.values()][:SAMPLES]


def _sources(result: Result, operations: tuple[ReportOperation, ...]) -> dict[str, Source]:
    """Return all sources that are named, by id."""
    evidence = [finding.evidence for finding in result.findings]
    for operation in operations:
        evidence += [each for rule in operation.rules for each in (rule.evidence, rule.receiver)]
    found = {source.id: source for each in evidence for source in each.sources}
    return dict(sorted(found.items()))


# Operations and their rules


def _used(result: Result, about: About) -> list[Operation]:
    """Return the operations that a run was about."""
    named = {way.operation for way in result.exercises}
    named |= {finding.operation for finding in result.findings}
    return [each for each in about.contract.values() if each.id in named] or [about.operation]


def _operation(operation: Operation, result: Result, about: About) -> ReportOperation:
    alone = _used(result, about) == [operation]
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
    verdicts.update({"violation": -waived, "waived": waived})
    return dict(+verdicts)


def _requests(operation: Operation, result: Result) -> dict[str, Tally]:
    requests: dict[str, Tally] = {}
    for way, tally in result.exercises.items():
        if way.operation == operation.id and way.polarity and not way.rule:
            requests[way.polarity] = requests.get(way.polarity, Tally()) + tally
    return requests


def rules_of(result: Result, about: About) -> list[RuleCoverage]:
    """Return the rules of all operations that a run was about."""
    cases = about.cases()
    return [rule for each in _used(result, about) for rule in _rules(each, result, cases)]


def _rules(operation: Operation, result: Result, cases: Iterable[Case]) -> Iterator[RuleCoverage]:
    seen = _Seen(operation, result)
    suite = Counter((case.rule.id, case.polarity) for case in cases if case.id != BASELINE)
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
        self.found = Counter(
            (finding.rule, finding.severity == "violation")
            for finding in result.findings
            if finding.operation == operation.id
        )

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
