"""From the result of a run to the `Report` that all formats share.

No format sees a header, a body or an address as it was sent: `shown` makes each exchange fit to be
shown, once.
"""

from __future__ import annotations

import hashlib
import platform
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.judging.case import BASELINE
from enkash_contract.report.causes import causes, example
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
from enkash_contract.report.seen import operations_of
from enkash_contract.report.shown import Exchanges, exchange_of, moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.config.waiver import Waiver
    from enkash_contract.contract.evidence import Source
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Result
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
    operations = operations_of(result, about)
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
        recordings=result.recordings,
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
    counts = (
        sorted(result.verdicts.items()),
        [(found.fingerprint, found.count) for found in result.findings],
    )
    named = (run, counts, about.operation.id)
    digest = hashlib.sha256(repr(named).encode(errors="backslashreplace"))
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
        count=finding.count,
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
        count=cause.count,
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
