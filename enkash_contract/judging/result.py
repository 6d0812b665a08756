"""The findings, and counts of all that was judged: values that add up.

A `Result` is a sum: the results of threads, workers and machines can be added in any grouping and
give the same whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, get_args

from enkash_contract.contract.evidence import FAIL_ON, Evidence, Level
from enkash_contract.errors import UsageError
from enkash_contract.judging import members as of_members
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.samples import joined, number_of
from enkash_contract.judging.stability import Stability
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.judging.finding import Finding, Severity
    from enkash_contract.judging.members import Doubt, Members

Key = TypeVar("Key")

Verdict = Literal["held", "violation", "assumption", "inconclusive", "masked", "waived"]

Conclusion = Literal["conforms", "violated", "inconclusive"]
"""The verdict on an operation."""

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

RECORDED, VOUCHED = "recorded", "baseline"
"""The family of requests that were recorded, and of the one that the user vouches for."""

CONFORMS, VIOLATED, MISUSED, INCONCLUSIVE = 0, 1, 2, 3
"""The exit codes of the commands."""

INTERRUPTED = 130
"""The exit code that a shell expects of a program that Ctrl-C ended."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one rule was exercised with one polarity, and what came of it.

    Of those `exercised`, some `held`, and others are `masked`: rejected like every other value, so
    that nobody knows why. What was `inconclusive` is not counted as exercised.
    """

    exercised: int = 0
    held: int = 0
    masked: int = 0
    inconclusive: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.exercised + other.exercised,
            self.held + other.held,
            self.masked + other.masked,
            self.inconclusive + other.inconclusive,
        )

    def times(self, number: int) -> Tally:
        """Return the sum of so many tallies like this one."""
        return Tally(
            self.exercised * number,
            self.held * number,
            self.masked * number,
            self.inconclusive * number,
        )


class Exercise(NamedTuple):
    """One way in which requests, or responses, put the contract to the test.

    A case of the suite exercises its `rule` in its `family`; that of other requests is `RECORDED`
    or `VOUCHED`. One that is valid exercises every rule of its side, so its `rule` is that side's
    name (`request`); so is that of a response (`response.200`), which has no polarity. Each
    interaction counts once more, without a rule, and with its verdict in the place of the family.
    """

    operation: str
    rule: str = ""
    polarity: str = ""
    family: str = ""


@dataclass(frozen=True)
class Result(Printed):
    """The findings and counts of a run; results add up with `+`, in any grouping.

    `verdicts` counts the cases (or recorded interactions) by verdict, `tallies` by rule and
    polarity. `baseline` is the outcome of the request that was sent first, None if there was none.
    `unread` lists the sources that could not be read, `notes` remarks for people, and `waivers`
    those that have expired or are no longer needed; `promises` are those of coverage that were not
    kept. An `interrupted` run may lack findings.
    `fuzzed` holds the options that repeat the draws of fuzzing, "" if nothing was drawn.

    `requests` counts by polarity alone: one request may exercise many rules. `members` are those
    whose valid values were varied, and `doubts` counts the rejections that show nothing where such
    a member is the key of a look-up; `settlement` applies them to the sum. `stability` counts what
    the target left to chance. `exercises` counts as `tallies` do, by operation and family as well,
    and `durations` the responses by operation and by rounded microseconds. `recordings` counts what
    was read of recorded traffic. Of traffic, the first three `findings` of each kind are kept, and
    `number` counts them all. With several operations the ids in `tallies` are qualified;
    `unconcluded` are those of which a run concluded nothing.
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
    members: Members = field(default_factory=dict)
    doubts: Mapping[Doubt, int] = field(default_factory=dict)
    stability: Stability = field(default_factory=Stability)
    requests: Mapping[str, Tally] = field(default_factory=dict)
    exercises: Mapping[Exercise, Tally] = field(default_factory=dict)
    durations: Mapping[tuple[str, int], int] = field(default_factory=dict, compare=False)
    promises: tuple[str, ...] = ()
    recordings: Recordings = field(default_factory=Recordings)
    unconcluded: tuple[str, ...] = ()

    def __add__(self, other: Result) -> Result:
        return add((self, other))

    @property
    def operations(self) -> Mapping[str, Conclusion]:
        """The verdict on each operation that was judged."""
        from enkash_contract.judging.by_operation import conclusions

        return conclusions(self)

    @property
    def total(self) -> int:
        """How many cases or interactions were judged."""
        return sum(self.verdicts.values())

    def count(self, verdict: Verdict) -> int:
        """How many cases or interactions ended in `verdict`.

        Raises:
            UsageError: there is no such verdict.

        """
        if verdict not in VERDICTS:
            known = ", ".join(VERDICTS)
            raise UsageError(f"there is no verdict {verdict!r}; the verdicts are {known}")
        return self.verdicts.get(verdict, 0)

    def number(self, severity: Severity) -> int:
        """How many findings are of that severity, those included that are only counted."""
        return number_of(finding for finding in self.findings if finding.severity == severity)

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that fail a build."""
        return tuple(finding for finding in self.findings if finding.severity == "violation")

    @property
    def assumptions(self) -> tuple[Finding, ...]:
        """The findings on weak evidence: shown on demand, never fatal."""
        return tuple(finding for finding in self.findings if finding.severity == "assumption")

    @property
    def waived(self) -> tuple[Finding, ...]:
        """The findings that would fail a build, but are waived for now."""
        return tuple(finding for finding in self.findings if finding.severity == "waived")

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 violated, 2 not all could be read, 3 nothing concluded, 130 interrupted."""
        if self.interrupted:
            return INTERRUPTED
        if self.unread:
            # What was not read may hold anything, so no other verdict is the whole truth.
            return MISUSED
        if self.violations or self.waivers or self.promises:
            return VIOLATED
        unclear = self.count("inconclusive")
        if self.baseline not in (None, "accepted") or self.total == unclear or self.unconcluded:
            return INCONCLUSIVE
        if self.stability.exceeded or self.stability.ended:
            return INCONCLUSIVE
        # A run that is mostly inconclusive (a target that limits its requests) is no success.
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


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in the middle of a run; `result` is what was known by then."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result


def severity(evidence: Evidence, fail_on: Level = FAIL_ON) -> Severity:
    """Return the severity of a finding on `evidence`."""
    return "violation" if evidence.at_least(fail_on) else "assumption"


def worst(findings: tuple[Finding, ...], *, concluded: bool) -> Verdict:
    """Return the verdict on the case or interaction that produced `findings`."""
    if any(finding.severity == "violation" for finding in findings):
        return "violation"
    if not concluded:
        return "inconclusive"
    return "assumption" if findings else "held"


def add(results: Iterable[Result]) -> Result:
    """Return the sum of results, in one pass over all of them."""
    parts = tuple(results)
    verdicts: dict[Verdict, int] = {}
    for part in parts:
        for verdict, number in part.verdicts.items():
            verdicts[verdict] = verdicts.get(verdict, 0) + number
    return Result(
        joined(tuple(finding for part in parts for finding in part.findings)),
        verdicts,
        _tallied(_tallies(parts)),
        next((part.baseline for part in parts if part.baseline is not None), None),
        tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        tuple(unread for part in parts for unread in part.unread),
        tuple(dict.fromkeys(problem for part in parts for problem in part.waivers)),
        any(part.interrupted for part in parts),
        next((part.fuzzed for part in parts if part.fuzzed), ""),
        of_members.union(part.members for part in parts),
        of_members.counted(part.doubts for part in parts),
        sum((part.stability for part in parts), start=Stability()),
        _tallied(part.requests for part in parts),
        _tallied(part.exercises for part in parts),
        of_members.counted(part.durations for part in parts),
        tuple(dict.fromkeys(promise for part in parts for promise in part.promises)),
        sum((part.recordings for part in parts), start=Recordings()),
        tuple(dict.fromkeys(operation for part in parts for operation in part.unconcluded)),
    )


def _tallies(parts: tuple[Result, ...]) -> Iterator[Mapping[tuple[str, str], Tally]]:
    """Yield the tallies of all parts, with qualified ids where they are of several operations."""
    counted = [part for part in parts if part.tallies]
    if len(counted) < 2:  # noqa: PLR2004 - one is as it is
        yield from (part.tallies for part in counted)
        return
    named = [(part.tallies, {way.operation for way in part.exercises}) for part in counted]
    several = len(set().union(*(operations for _, operations in named))) > 1
    for tallies, operations in named:
        if several and len(operations) == 1:
            (operation,) = operations
            yield {(f"{operation}:{rule}", side): tally for (rule, side), tally in tallies.items()}
        else:
            yield tallies


def _tallied(parts: Iterable[Mapping[Key, Tally]]) -> dict[Key, Tally]:
    """Return the sum of tallies by their keys."""
    whole: dict[Key, Tally] = {}
    for part in parts:
        for key, tally in part.items():
            known = whole.get(key)
            whole[key] = tally if known is None else known + tally
    return whole
