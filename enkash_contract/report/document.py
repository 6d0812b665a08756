"""A finished run as all formats of a report share it, or the sum of several.

A `Report` is built once, from a result (`build`) or from a file of version 2 (`read`), and handed
to the one function of each format. Nothing in it is secret: what was sent and received is held as
it may be shown. Reports add up: the counts exactly, and findings with one likely reason are one
cause in the sum.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import CONFORMS, INCONCLUSIVE, INTERRUPTED, MISUSED, VIOLATED
from enkash_contract.judging.samples import number_of
from enkash_contract.judging.stability import Stability
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.evidence import Evidence, Source
    from enkash_contract.judging.finding import Fault, Severity
    from enkash_contract.judging.result import Result, Tally, Verdict
    from enkash_contract.report import About
    from enkash_contract.report.coverage import RuleCoverage

    Headers = tuple[tuple[str, str], ...]

Encoding = Literal["utf-8", "base64"]
SandboxOutcome = Literal["found", "missed", "conforming", "blamed"]

SAMPLES = 3
"""So many findings of a cause are its samples."""

WORST = (INTERRUPTED, MISUSED, VIOLATED, INCONCLUSIVE, CONFORMS)
"""The exit codes, the one first that decides over the others when runs are added up."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body without its secrets: its `text` in an encoding, and the `size` of all of it in bytes.

    Only the beginning of a long body is kept; then it is `cut`.
    """

    text: str
    size: int
    encoding: Encoding = "utf-8"
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request as it may be shown; no body where none was recorded."""

    method: str
    url: str
    headers: Headers
    body: Body | None


@dataclass(frozen=True, slots=True)
class ShownResponse:
    """A response as it may be shown."""

    status: int
    headers: Headers
    body: Body | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its response, or with the `error` in its place.

    `at` is when the request was sent, in ISO 8601 with the offset, "" where nobody knows; `seconds`
    is how long the response took. `correlation` holds the headers by which those who run the server
    find it in their logs.
    """

    request: ShownRequest
    response: ShownResponse | None
    error: str = ""
    at: str = ""
    seconds: float | None = None
    correlation: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """A finding as it may be shown; its members are those of `judging.finding.Finding`.

    `cause` is the id of its cause, `document` the place of its rule as `file:line`, `reproduce` the
    command that repeats it ("" where there is none), and `run` the id of the run that found it.
    `expected` and `actual` are the two parts of its message. It stands for `count` findings.
    """

    fingerprint: str
    check: str
    operation: str
    rule: str
    family: str
    case: str
    pointer: str
    evidence: Evidence
    severity: Severity
    fault: Fault
    reason: str
    message: str
    expected: str
    actual: str
    document: str
    source: str
    reproduce: str
    cause: str
    run: str
    exchange: Exchange | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class ReportCause:
    """Findings with one likely reason, which `sentence` states; `count` is how many they are.

    `id` is the same in every run. `samples` are up to three findings, each of another rule where
    there are as many, the one on the strongest evidence first; `repeat` is the shortest command
    that repeats the first, and `valid` the nearest valid request, if there is one.
    """

    id: str
    sentence: str
    severity: Severity
    fault: Fault
    evidence: Evidence
    count: int
    members: tuple[str, ...]
    operations: tuple[str, ...]
    samples: tuple[ReportFinding, ...]
    repeat: str = ""
    valid: ShownRequest | None = None


@dataclass(frozen=True, slots=True)
class ReportWaiver:
    """A waiver that was in force: findings of `rule`, or the one with `fingerprint`."""

    rule: str
    fingerprint: str
    operation: str
    reason: str
    until: str
    place: str


@dataclass(frozen=True, slots=True)
class Run:
    """The facts of one run.

    `id` is another in each run. `tool` and `python` are versions, `sha256` and `overlays` of the
    document; `started` and `finished` are in ISO 8601. `options` holds the options that matter, as
    they were typed, without secrets; `baseline` is the outcome of the first request, None where
    none was sent, `seed` that of fuzzing.
    """

    id: str
    command: str
    tool: str
    python: str
    target: str
    sha256: str
    overlays: tuple[str, ...]
    fail_on: str
    exit: int
    baseline: str | None = None
    started: str = ""
    finished: str = ""
    seconds: float | None = None
    seed: int | None = None
    options: tuple[tuple[str, str], ...] = ()
    waivers: tuple[ReportWaiver, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportSandbox:
    """A sandbox on which a selftest tried the suite: its id, and what it `says` of itself.

    `rule` is that of its defect, "" where it has none and conforms; `others` are the rules that the
    suite named besides.
    """

    operation: str
    id: str
    says: str
    rule: str
    outcome: SandboxOutcome
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportOperation:
    """One operation in a report: its verdicts, its requests by polarity, and its rules.

    `durations` counts responses by how many microseconds they took, rounded to two digits.
    """

    id: str
    method: str
    path: str
    summary: str
    verdicts: Mapping[Verdict, int]
    requests: Mapping[str, Tally]
    rules: tuple[RuleCoverage, ...]
    durations: Mapping[int, int]


@dataclass(frozen=True)
class Report(Printed):
    """All that is written down of one run, or of several.

    `verdicts` counts the cases (or recorded interactions), those included of which nobody knows the
    operation. `notes` are remarks for people, `unread` the sources that could not be read,
    `waivers` the problems of waivers, and `promises` those of coverage that were not kept.
    `sources` are all pages that the evidence in it names, by id, `sandboxes` those of selftests,
    and `recordings` the counts of what was read of recorded traffic.
    `origin` is what a report of this process was built from: only for a format that writes requests
    that are to be sent again.
    """

    runs: tuple[Run, ...]
    operations: tuple[ReportOperation, ...]
    findings: tuple[ReportFinding, ...] = field(repr=False)
    causes: tuple[ReportCause, ...] = field(repr=False)
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    stability: Stability = field(default_factory=Stability)
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)
    sandboxes: tuple[ReportSandbox, ...] = field(default=(), repr=False)
    recordings: Recordings = field(default_factory=Recordings)
    origin: tuple[Result, About] | None = field(default=None, repr=False, compare=False)

    @property
    def remarks(self) -> tuple[str, ...]:
        """How much of recorded traffic was judged, if any was, and the notes."""
        return (*filter(None, (str(self.recordings),)), *self.notes)

    @property
    def exit_code(self) -> int:
        """The exit code of the run; of several, the one that decides over the others."""
        codes = {run.exit for run in self.runs}
        codes |= {VIOLATED} if self.promises else set()
        return next((code for code in WORST if code in codes), INCONCLUSIVE)

    @property
    def target(self) -> str:
        """The targets of all runs."""
        return ", ".join(dict.fromkeys(run.target for run in self.runs))

    @property
    def total(self) -> int:
        """How many cases or interactions were judged."""
        return sum(self.verdicts.values())

    def count(self, verdict: Verdict) -> int:
        """How many cases or interactions ended in `verdict`."""
        return self.verdicts.get(verdict, 0)

    def number(self, severity: Severity) -> int:
        """How many findings are of that severity, those included that are only counted."""
        return number_of(self.of_severity(severity))

    def of_severity(self, severity: Severity) -> tuple[ReportFinding, ...]:
        """Return the findings of that severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    def of_cause(self, cause: ReportCause) -> tuple[ReportFinding, ...]:
        """Return all findings of a cause."""
        return self._by_cause.get(cause.id, ())

    @functools.cached_property
    def _by_cause(self) -> Mapping[str, tuple[ReportFinding, ...]]:
        groups: dict[str, list[ReportFinding]] = {}
        for finding in self.findings:
            groups.setdefault(finding.cause, []).append(finding)
        return {cause: tuple(findings) for cause, findings in groups.items()}

    @property
    def rules(self) -> tuple[RuleCoverage, ...]:
        """The rules of all operations."""
        return tuple(rule for operation in self.operations for rule in operation.rules)
