"""The report of a selftest: what the suite made of each sandbox.

Here the suite is what is tested, so a rule of the contract is neither held nor broken, and none is
counted. A defect that was missed is a finding, and so is each rule for which a conforming variant
was blamed; the suite has to mend both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.judging.checks import SELFTEST
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.result import Result
from enkash_contract.report.build import build
from enkash_contract.report.document import ReportSandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.bench import Row
    from enkash_contract.engine.selftest import Matrix
    from enkash_contract.judging.result import Verdict
    from enkash_contract.report import About
    from enkash_contract.report.document import Report, SandboxOutcome


def report_of(matrix: Matrix, about: About) -> Report:
    """Return the report of a selftest."""
    operation = about.operation
    report = build(result_of(matrix, operation), about)
    sandboxes = tuple(_sandbox(row, operation) for row in matrix.rows)
    untested = tuple(replace(each, rules=()) for each in report.operations)
    sources = {
        source.id: source for finding in report.findings for source in finding.evidence.sources
    }
    return replace(report, operations=untested, sandboxes=sandboxes, sources=sources)


def result_of(matrix: Matrix, operation: Operation) -> Result:
    """Return a selftest as a result: each sandbox is a case, and held or violated."""
    held = sum(row.ok for row in matrix.rows)
    findings = tuple(found for row in matrix.rows for found in _findings(row, operation))
    notes = tuple(
        f"{row.defect} also shows as {', '.join(sorted(row.others))}"
        for row in matrix.defects
        if row.ok and row.others
    )
    verdicts: dict[Verdict, int] = {"held": held}
    if held < len(matrix.rows):
        verdicts["violation"] = len(matrix.rows) - held
    return Result(findings, verdicts, notes=notes)


def _findings(row: Row, operation: Operation) -> Iterator[Finding]:
    named = ", ".join(sorted(row.named)) or "nothing"
    if row.ok:
        return
    if row.rule:
        demand = f"the suite must name {row.rule} on a server that {row.says}"
        yield _finding(row, row.rule, f"{demand}, but it names {named}", operation)
        return
    for rule in sorted(row.named):
        demand = f"the suite must find nothing on a conforming server that {row.says}"
        yield _finding(row, rule, f"{demand}, but it names {rule}", operation)


def _finding(row: Row, rule_id: str, message: str, operation: Operation) -> Finding:
    rule = operation.rules[rule_id]
    return Finding(
        SELFTEST,
        operation.id,
        rule_id,
        rule.evidence,
        "violation",
        message,
        rule.place,
        pointer=rule.pointer,
        family=row.defect,
        source=f"sandbox {row.defect}",
        fault="suite",
    )


def _sandbox(row: Row, operation: Operation) -> ReportSandbox:
    outcomes: tuple[SandboxOutcome, SandboxOutcome]
    outcomes = ("missed", "found") if row.rule else ("blamed", "conforming")
    return ReportSandbox(
        operation.id, row.defect, row.says, row.rule, outcomes[row.ok], tuple(sorted(row.others))
    )
