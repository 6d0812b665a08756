"""JUnit XML, which Jenkins, GitLab and nearly every other CI shows as a list of tests.

A test case is a rule seen from one side, so a dashboard shows from run to run which rules hold, and
each of them always has the same name. Two dialects are common, and neither allows all that the
other does: what is written is valid in both. So the reason of a skip is a text, not an attribute,
and the counts stand at the suites alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO
from xml.etree import ElementTree as ET

from enkash_contract.contract.wording import counted
from enkash_contract.judging.checks import POSITIVE, SELFTEST
from enkash_contract.judging.result import CONFORMS, RECORDED, VIOLATED
from enkash_contract.judging.samples import number_of
from enkash_contract.report import coverage, plain, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.report.coverage import RuleCoverage, SideCoverage, State
    from enkash_contract.report.document import (
        Report,
        ReportCause,
        ReportFinding,
        ReportOperation,
    )

    Found = dict[tuple[str, str, str], list[ReportFinding]]

FAILED = ("missed", "blamed")
"""The outcomes of a selftest in which the suite fails."""

TOLD = 3
"""So many findings of a test case are told in full."""

UNKNOWN_TIME = "1970-01-01T00:00:00"
"""The time of a run of which nobody knows it: a suite must have one."""


@dataclass(frozen=True)
class Entry:
    """A test case: `outcome` is "" where it passes, otherwise the element that says why not."""

    classname: str
    name: str
    outcome: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


@dataclass(frozen=True)
class Suite:
    """A suite of test cases, with its properties."""

    name: str
    seconds: float
    started: str
    cases: list[Entry]
    properties: dict[str, str] = field(default_factory=dict)

    def count(self, outcome: str) -> str:
        """Return how many test cases ended so."""
        return str(sum(case.outcome == outcome for case in self.cases))


def write(report: Report, stream: TextIO) -> None:
    """Write `report` as JUnit XML."""
    root = ET.Element("testsuites")
    for number, suite in enumerate(suites(report)):
        root.append(_element(suite, number))
    ET.indent(root)
    # Plain ASCII survives every reader's guess of the encoding.
    text = ET.tostring(root, "us-ascii").decode()
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def suites(report: Report) -> Iterator[Suite]:
    """Yield the suites: the run itself, then each operation."""
    started = next((run.started[:19] for run in report.runs if run.started), UNKNOWN_TIME)
    seconds = sum(run.seconds or 0 for run in report.runs)
    yield Suite("run", seconds, started, list(_of_run(report)), _facts(report))
    found = _found(report)
    sentences = {cause.id: cause for cause in report.causes}
    for operation in report.operations:
        took = sum(took * number for took, number in operation.durations.items()) / 1e6
        cases = list(_of_operation(operation, found, sentences))
        cases += _of_selftest(operation, report)
        about = {
            "operation": f"{operation.method} {operation.path}",
            "coverage": coverage.sentence(operation.rules) if operation.rules else "",
        }
        yield Suite(operation.id, took, started, cases, about)


# The run itself


def _facts(report: Report) -> dict[str, str]:
    """Return the facts of the runs; of several, each with its number."""
    properties = {"verdict": words.verdict(report), "coverage": words.proven(report)}
    properties |= {"recordings": str(report.recordings)} if report.recordings.files else {}
    for number, run in enumerate(report.runs, 1):
        end = f".{number}" if len(report.runs) > 1 else ""
        facts = {
            "target": run.target,
            "command": run.command,
            "document.sha256": run.sha256,
            "document.overlays": ", ".join(run.overlays),
            "fail-on": run.fail_on,
            "exit": str(run.exit),
            "seed": "" if run.seed is None else str(run.seed),
            "enkash-contract": run.tool,
        }
        properties |= {f"{name}{end}": value for name, value in facts.items() if value}
    return properties


def _of_run(report: Report) -> Iterator[Entry]:
    """Yield what a run may fail for beside its findings, so that no dashboard stays green."""
    name = "everything is read and concluded"
    if report.exit_code in (CONFORMS, VIOLATED):
        yield Entry("enkash.run", name)
    else:
        remarks = _listed((*report.unread, *report.remarks))
        kind, message = f"exit {report.exit_code}", words.verdict(report)
        yield Entry("enkash.run", name, "error", kind, message, remarks)
    problems = {
        "waivers are in date": report.waivers,
        "coverage is as promised": report.promises,
    }
    for name, found in problems.items():
        if found:
            yield Entry("enkash.run", name, "failure", "run", found[0], _listed(found))
        else:
            yield Entry("enkash.run", name)


def _listed(remarks: tuple[str, ...]) -> str:
    return "\n".join(map(plain.shortened, remarks))


# Rules


def _found(report: Report) -> Found:
    """Return the findings by operation, rule and side, in the order of their causes."""
    rules = {(rule.operation, rule.id): rule for rule in report.rules}
    found: Found = defaultdict(list)
    for cause in report.causes:
        for finding in report.of_cause(cause):
            if finding.check == SELFTEST:
                continue
            rule = rules.get((finding.operation, finding.rule))
            found[finding.operation, finding.rule, side_of(finding, rule)].append(finding)
    return found


def side_of(finding: ReportFinding, rule: RuleCoverage | None) -> str:
    """Return the side from which a finding shows that its rule is broken."""
    if finding.fault == "client":
        return "sent"
    if rule is not None and not rule.is_of_request:
        return "response"
    is_valid = rule is not None and finding.family in rule.accept.families
    return "accept" if is_valid or finding.check == POSITIVE else "reject"


def _of_operation(
    operation: ReportOperation, found: Found, causes: dict[str, ReportCause]
) -> Iterator[Entry]:
    """Yield a test case for each rule and side, the worst of its findings deciding."""
    for rule in operation.rules:
        for side, state in _sides(rule):
            findings = found.pop((operation.id, rule.id, side), [])
            name = f"{side} {rule.id}"
            if findings:
                yield _failing(operation.id, name, findings, causes)
            elif state == "held":
                yield Entry(f"enkash.{operation.id}", name)
            else:
                text = f"{state}: {_why(state)}"
                yield Entry(f"enkash.{operation.id}", name, "skipped", text=text)
    for (of, rule_id, side), findings in found.items():
        if of == operation.id:
            yield _failing(operation.id, f"{side} {rule_id}", findings, causes)


def _of_selftest(operation: ReportOperation, report: Report) -> Iterator[Entry]:
    """Yield a test case for each sandbox: the suite must find its defect, or blame nothing."""
    failures: defaultdict[str, list[ReportFinding]] = defaultdict(list)
    for finding in report.findings:
        if finding.check == SELFTEST and finding.operation == operation.id:
            failures[finding.family].append(finding)
    for sandbox in report.sandboxes:
        if sandbox.operation == operation.id:
            name = f"{'finds' if sandbox.rule else 'accepts'} {sandbox.id}"
            found = failures[sandbox.id] if sandbox.outcome in FAILED else []
            text = "\n\n".join("\n".join(plain.finding_lines(each)) for each in found)
            end = ("failure", SELFTEST, found[0].message) if found else ("", "", "")
            yield Entry(f"enkash.selftest.{operation.id}", name, *end, text)


def _sides(rule: RuleCoverage) -> Iterator[tuple[str, State]]:
    """Yield the sides from which a rule is seen, each with its state."""
    if not rule.is_of_request:
        yield "response", "held" if rule.responses else "not exercised"
        return
    yield "accept", rule.accept.state
    if rule.breakable:
        yield "reject", rule.reject.state
    if _recorded(rule.accept) or _recorded(rule.reject):
        yield "sent", "held"


def _recorded(side: SideCoverage) -> bool:
    """Return whether requests of a client were seen, not ours alone."""
    return RECORDED in side.families


def _why(state: State) -> str:
    if state == "broken":
        # A crash after a valid request is told once, at the rule of the response.
        return "not every such request went well; see the other tests"
    return words.STATES[state]


def _failing(
    operation: str, name: str, findings: list[ReportFinding], causes: dict[str, ReportCause]
) -> Entry:
    """Return the test case of findings, the worst of which come first."""
    worst = findings[0]
    outcome = "failure" if worst.severity == "violation" else "skipped"
    message = f"{causes[worst.cause].sentence} ({counted(number_of(findings), 'finding')})"
    blocks = ["\n".join(plain.finding_lines(finding)) for finding in findings[:TOLD]]
    more = number_of(findings) - len(blocks)
    blocks += [f"and {counted(more, 'more finding')}"] if more > 0 else []
    text = "\n\n".join(blocks)
    if outcome == "skipped":
        why = f": {worst.reason}" if worst.severity == "waived" else ""
        text = f"{worst.severity}{why}: {message}\n\n{text}"
    return Entry(f"enkash.{operation}", name, outcome, worst.check, message, text)


# XML


def _element(suite: Suite, number: int) -> ET.Element:
    element = ET.Element(
        "testsuite",
        {
            "name": token(suite.name),
            "package": "enkash",
            "id": str(number),
            "timestamp": suite.started,
            "hostname": "localhost",
            "tests": str(len(suite.cases)),
            "failures": suite.count("failure"),
            "errors": suite.count("error"),
            "skipped": suite.count("skipped"),
            "time": f"{suite.seconds:.3f}",
        },
    )
    properties = ET.SubElement(element, "properties")
    for name, value in suite.properties.items():
        if value:
            ET.SubElement(properties, "property", {"name": name, "value": plain.shortened(value)})
    for case in suite.cases:
        names = {"name": token(case.name), "classname": token(case.classname), "time": "0"}
        shown = ET.SubElement(element, "testcase", names)
        if case.outcome:
            reason = ET.SubElement(shown, case.outcome)
            reason.text = legal(case.text)
            if case.outcome != "skipped":
                reason.set("message", plain.shortened(case.message))
                reason.set("type", case.kind)
    ET.SubElement(element, "system-out")
    ET.SubElement(element, "system-err")
    return element


_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 cannot hold in any spelling, and the carriage return, which readers
make a line's end of."""


def legal(text: str) -> str:
    """Return `text` with what no XML may hold as an escape."""
    return _ILLEGAL.sub(lambda found: ascii(found[0])[1:-1], text)


def token(text: str) -> str:
    """Return `text` as a name: in one line, with no blanks in a row."""
    return " ".join(legal(text).split())
