"""What was found, and what was looked at: values that add up.

A `Result` is a sum: results of threads, of workers and of machines are added in any grouping and
give the same whole. Nothing here knows how a finding came about.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from enkash_contract.contract.evidence import FAIL_ON, Evidence, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.place import Place
    from enkash_contract.wire.message import Interaction

Severity = Literal["violation", "assumption", "waived"]
Verdict = Literal["held", "violation", "assumption", "inconclusive", "waived"]

CONFORMS, VIOLATED, MISUSED, INCONCLUSIVE = 0, 1, 2, 3
"""What the commands exit with."""

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""


@dataclass(frozen=True)
class Finding:
    """A check that did not hold.

    `rule` and `family` say what was tested; `evidence` is what the broken promise rests on, and
    makes the difference between a violation and an assumption. `document` is the rule's place,
    `source` where the interaction came from, `reason` why a waived finding is waived.
    """

    check: str
    operation: str
    rule: str
    evidence: Evidence
    severity: Severity
    message: str
    document: Place
    pointer: str = ""
    family: str = ""
    case: str = ""
    source: str = ""
    interaction: Interaction | None = field(default=None, repr=False, compare=False)
    reason: str = ""

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that stay the same from run to run."""
        return fingerprint(self.operation, self.check, self.rule, self.family)


def fingerprint(operation: str, check: str, rule: str, family: str) -> str:
    """Return the fingerprint of whatever `check` finds of `rule` in requests of `family`."""
    parts = (operation, check, rule, family)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one rule was put to the test from one side, and how often it held."""

    exercised: int = 0
    held: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.exercised + other.exercised, self.held + other.held)


@dataclass(frozen=True)
class Result:
    """Everything that came of a run; results add up with `+`, in any grouping.

    `verdicts` counts the cases (or recorded interactions) by verdict, `tallies` by rule and
    polarity. `baseline` is the outcome of the request that was sent first, None where there is no
    such thing. `unread` names what could not be read at all, and `notes` what a person should know.
    `waivers` names the waivers that have expired or are no longer needed.
    What was `interrupted` is not all that would have been found. `fuzzed` are the options that draw
    again what fuzzing drew, "" where nothing was.
    """

    findings: tuple[Finding, ...] = ()
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    tallies: Mapping[tuple[str, str], Tally] = field(default_factory=dict)
    baseline: str | None = None
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    interrupted: bool = False
    fuzzed: str = ""

    def __add__(self, other: Result) -> Result:
        return add((self, other))

    @property
    def total(self) -> int:
        """How many cases or interactions were judged."""
        return sum(self.verdicts.values())

    def count(self, verdict: Verdict) -> int:
        """How many cases or interactions ended in `verdict`."""
        return self.verdicts.get(verdict, 0)

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that fail a build."""
        return tuple(one for one in self.findings if one.severity == "violation")

    @property
    def assumptions(self) -> tuple[Finding, ...]:
        """The findings that rest on weak evidence: shown, never fatal."""
        return tuple(one for one in self.findings if one.severity == "assumption")

    @property
    def waived(self) -> tuple[Finding, ...]:
        """The findings that would fail a build, and are known and waived for now."""
        return tuple(one for one in self.findings if one.severity == "waived")

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 violated, 2 not all could be read, 3 nothing concluded, 130 interrupted."""
        if self.interrupted:
            return INTERRUPTED
        if self.violations or self.waivers:
            return VIOLATED
        if self.unread:
            return MISUSED
        unclear = self.count("inconclusive")
        if self.baseline not in (None, "accepted") or self.total == unclear:
            return INCONCLUSIVE
        # A run of which most shows nothing (a target that lets in few requests) is no success.
        if self.baseline is not None and 2 * unclear > self.total:
            return INCONCLUSIVE
        return CONFORMS

    @property
    def ok(self) -> bool:
        """Whether something was concluded and nothing violated."""
        return self.exit_code == CONFORMS

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {name}" for name, number in self.verdicts.items() if number)
        return f"<Result exit {self.exit_code}: {counts or 'nothing judged'}>"


def severity(evidence: Evidence, fail_on: Level = FAIL_ON) -> Severity:
    """Return how much a finding on `evidence` weighs."""
    return "violation" if evidence.at_least(fail_on) else "assumption"


def worst(findings: tuple[Finding, ...], *, concluded: bool) -> Verdict:
    """Return the verdict on what produced `findings`."""
    if any(finding.severity == "violation" for finding in findings):
        return "violation"
    if not concluded:
        return "inconclusive"
    return "assumption" if findings else "held"


def add(results: Iterable[Result]) -> Result:
    """Return the sum of results, in one pass over all of them."""
    parts = tuple(results)
    verdicts: dict[Verdict, int] = {}
    tallies: dict[tuple[str, str], Tally] = {}
    for one in parts:
        for verdict, number in one.verdicts.items():
            verdicts[verdict] = verdicts.get(verdict, 0) + number
        for key, tally in one.tallies.items():
            known = tallies.get(key)
            tallies[key] = tally if known is None else known + tally
    return Result(
        tuple(finding for one in parts for finding in one.findings),
        verdicts,
        tallies,
        next((one.baseline for one in parts if one.baseline is not None), None),
        tuple(dict.fromkeys(note for one in parts for note in one.notes)),
        tuple(unread for one in parts for unread in one.unread),
        tuple(dict.fromkeys(problem for one in parts for problem in one.waivers)),
        any(one.interrupted for one in parts),
        next((one.fuzzed for one in parts if one.fuzzed), ""),
    )
