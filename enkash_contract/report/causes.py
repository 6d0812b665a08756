"""Findings as causes: what people read, waive and mend.

One missing check of a server shows in dozens of findings, at every member and in every way to break
the rule. So findings with one likely reason are one cause, told in one sentence. The reason is
guessed from the check and the kind of request; two causes with the same sentence are the same.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.contract.evidence import Level
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging import checks
from enkash_contract.judging.by_operation import tallies_of
from enkash_contract.judging.result import Tally
from enkash_contract.judging.samples import number_of
from enkash_contract.report.kinds import (
    ACCEPT,
    ANY,
    BROKEN,
    REJECT,
    TYPES,
    VALID,
    kind_of,
    whole_of,
)
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.judging.finding import Fault, Finding, Severity
    from enkash_contract.judging.result import Result
    from enkash_contract.report.document import ReportFinding
    from enkash_contract.report.kinds import Kind

SEVERITIES: tuple[Severity, ...] = ("violation", "waived", "assumption")
"""The severities, the worst first."""

CONFORMING = "conforming/"
"""How the sandboxes are called that have no defect."""

MANY = 3
"""A rule for which none of so many invalid requests was rejected is not enforced at all."""


@dataclass(frozen=True)
class Cause(Printed):
    """Findings of one severity with one likely reason, which `sentence` states.

    `fault` is the side that has to mend it.
    """

    sentence: str
    severity: Severity
    fault: Fault
    findings: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """How many findings there are, those included that are only counted."""
        return number_of(self.findings)

    @property
    def members(self) -> tuple[str, ...]:
        """The members that the findings are about; with several operations, each with its own."""
        return members_of(self.findings)

    @functools.cached_property
    def example(self) -> Finding:
        """The finding on the strongest evidence, and of those the first."""
        return min(self.findings, key=lambda finding: _rank(finding.evidence))

    @property
    def evidence(self) -> Evidence:
        """The strongest evidence that a finding rests on."""
        return self.example.evidence


def causes(result: Result, contract: Contract) -> list[Cause]:
    """Return the causes of the findings of `result`, the worst first."""
    namer = _Namer(result, contract)
    groups: defaultdict[tuple[Severity, Fault, str], list[Finding]] = defaultdict(list)
    for finding in result.findings:
        groups[finding.severity, finding.fault, namer.sentence(finding)].append(finding)
    known = [
        Cause(sentence, severity, fault, tuple(findings))
        for (severity, fault, sentence), findings in groups.items()
    ]
    return sorted(
        known,
        key=lambda cause: badness(cause.severity, cause.example.check, cause.evidence, cause.count),
    )


def members_of(findings: Collection[Finding | ReportFinding]) -> tuple[str, ...]:
    """Return the members that findings are about; with several operations, each with its own."""
    several = len({finding.operation for finding in findings}) > 1
    places = (
        f"{finding.operation}:{finding.pointer}" if several else finding.pointer
        for finding in findings
        if finding.pointer
    )
    return tuple(dict.fromkeys(places))


def badness(
    severity: Severity, check: str, evidence: Evidence, number: int
) -> tuple[int, int, int, int]:
    """Return what a cause of so many findings is sorted by, the worst first."""
    order = SEVERITIES.index(severity), [*SENTENCES].index(check)
    return *order, _rank(evidence), -number


_RANKS = {level: rank for rank, level in enumerate(Level)}


def _rank(evidence: Evidence) -> int:
    return _RANKS[evidence.level]


# Sentences


class _Namer:
    """Words findings, with a view of all that was found on the same rule."""

    def __init__(self, result: Result, contract: Contract) -> None:
        self._contract = contract
        names = dict.fromkeys(finding.operation for finding in result.findings)
        self._tallies = {name: tallies_of(result, name) for name in names}
        self._sentences: dict[tuple[str, ...], str] = {}
        self._families: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        for finding in result.findings:
            self._families[_of_rule(finding)].add(fuzz_ids.plain(finding.family))

    def sentence(self, finding: Finding) -> str:
        """Return the sentence of a finding, worded once for all that are alike."""
        alike = (*_of_rule(finding), finding.family)
        if alike not in self._sentences:
            self._sentences[alike] = SENTENCES[finding.check](self, finding)
        return self._sentences[alike]

    def invalid(self, finding: Finding) -> Kind:
        """Return the kind of an invalid request."""
        broken, families = BROKEN[keyword(finding)], self._families[_of_rule(finding)]
        tally = self._tallies[finding.operation].get((finding.rule, "reject"), Tally())
        if len(families) >= MANY and not tally.held and tally.exercised == len(families):
            return broken
        kind = kind_of(REJECT, self._family(finding))
        return broken if kind is None else whole_of(kind, families)

    def _family(self, finding: Finding) -> str:
        """Return the family of a finding; a text takes all numbers alike."""
        is_number = finding.family in ("type/fraction", "type/with-fraction")
        return "type/integer" if is_number and self.types(finding) != "integers" else finding.family

    def types(self, finding: Finding) -> str:
        """Return the types that a rule demands, in the plural."""
        operation = self._contract.get(finding.operation)
        rule = operation.rules.get(finding.rule) if operation else None
        if rule is None or rule.keyword != "type":
            return "valid values"
        names = [rule.value] if isinstance(rule.value, str) else rule.value
        plural = {"array": "lists", "null": "null"}
        return " or ".join(plural.get(name, f"{name}s") for name in names)


def _of_rule(finding: Finding) -> tuple[str, str, str]:
    return finding.operation, finding.check, finding.rule


def keyword(finding: Finding) -> str:
    """Return the keyword of the rule that a finding is about."""
    return finding.rule.rpartition("#")[2].rpartition("/")[2]


def _invalid_accepted(namer: _Namer, finding: Finding) -> str:
    kind = namer.invalid(finding)
    return f"{kind.subject} are accepted{kind.taken.replace(TYPES, namer.types(finding))}"


def _valid_rejected(_: _Namer, finding: Finding) -> str:
    return f"{(kind_of(ACCEPT, finding.family) or VALID).subject} are rejected"


def _server_error(namer: _Namer, finding: Finding) -> str:
    if finding.rule.startswith("response"):
        return "requests end in a server error, or without a response"
    if kind_of(REJECT, finding.family):
        return f"{namer.invalid(finding).subject} make the server fail"
    return f"{(kind_of(ACCEPT, finding.family) or ANY).subject} make the server fail"


def _invalid_sent(_: _Namer, finding: Finding) -> str:
    return f"the client sends {BROKEN[keyword(finding)].subject}"


def _response_broken(_: _Namer, finding: Finding) -> str:
    if keyword(finding) == "required":
        return "responses lack a required member"
    if keyword(finding) == "json":
        return "responses are not JSON"
    return f"responses hold {BROKEN[keyword(finding)].subject}"


def _status(_namer: _Namer, _finding: Finding) -> str:
    return "responses have a status that is not documented"


def _label(_: _Namer, finding: Finding) -> str:
    if keyword(finding) == "content-type-single":
        return "responses have two Content-Types"
    return "responses are not labelled with the documented media type"


def _of_suite(_: _Namer, finding: Finding) -> str:
    if finding.family.startswith(CONFORMING):
        return "the suite blames servers that conform"
    return "the suite misses defects of servers"


SENTENCES: dict[str, Callable[[_Namer, Finding], str]] = {
    checks.SERVER_ERROR: _server_error,
    checks.NEGATIVE: _invalid_accepted,
    checks.POSITIVE: _valid_rejected,
    checks.REQUEST_SCHEMA: _invalid_sent,
    checks.RESPONSE_SCHEMA: _response_broken,
    checks.STATUS: _status,
    checks.CONTENT_TYPE: _label,
    checks.SELFTEST: _of_suite,
}
"""The sentence of each check, the worst first."""


# Examples


def example(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what was expected in a finding and what there was instead, each with its label.

    What a case says of its request comes last where it is no reason for either.
    """
    parts = EXAMPLES[finding.check](finding)
    yield from zip(("expected", "actual", "request"), parts, strict=False)


def _status_of(finding: Finding) -> str:
    response = finding.interaction.response if finding.interaction else None
    return f" with status {response.status}" if response else ""


def _of_accepted(finding: Finding) -> tuple[str, str]:
    because = finding.message.removeprefix("accepted, although ")
    return f"rejected, because {because}", f"accepted{_status_of(finding)}"


def _of_rejected(finding: Finding) -> tuple[str, str]:
    begun = "rejected, although it keeps every rule: "
    says, mark, quoted = finding.message.removeprefix(begun).rpartition("; the response was ")
    actual = f"rejected{_status_of(finding)}{': ' if mark else ''}"
    return (f"accepted: {says}", f"{actual}{quoted}") if mark else (f"accepted: {quoted}", actual)


_FAILURE = re.compile(r'(answered \d{3}(?: \(".*(?:"|… \([\d,]+ characters\))\))?): (.*)')
"""A server's failure, with what it says of it, which ends in a quote or is cut."""


def _of_failure(finding: Finding) -> tuple[str, ...]:
    # The message of a finding of a case ends in what the case says of its request.
    parts = _FAILURE.fullmatch(finding.message)
    return ("any response but a server error", *(parts.groups() if parts else (finding.message,)))


def _of_broken(finding: Finding) -> tuple[str, str]:
    expected, mark, actual = finding.message.partition(", but ")
    return (expected, actual) if mark else ("", finding.message)


EXAMPLES: dict[str, Callable[[Finding], tuple[str, ...]]] = {
    checks.SERVER_ERROR: _of_failure,
    checks.NEGATIVE: _of_accepted,
    checks.POSITIVE: _of_rejected,
    checks.REQUEST_SCHEMA: _of_broken,
    checks.RESPONSE_SCHEMA: _of_broken,
    checks.STATUS: _of_broken,
    checks.CONTENT_TYPE: _of_broken,
    checks.SELFTEST: _of_broken,
}
"""The parts of the message of each check."""
