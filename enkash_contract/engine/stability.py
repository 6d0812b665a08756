"""What fails by chance: how often it does, and so how often a case must fail to be blamed.

Some servers fail now and then, whatever they are sent. At one failure in seven, a case in fifty
fails twice in a row, and another in each run: no waiver would hold. So a case is blamed only if it
failed more often in a row than chance explains, and what fails without a pattern is one finding.

A gateway's 502, 503 and 504 and lost connections are the way to the target, and so is an outage, in
which one request after another fails: they are counted, and never held against it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from enkash_contract import clock
from enkash_contract.contract.operation import RESPONSE
from enkash_contract.engine.notes import chance_notes, contradiction_notes, unstable_notes
from enkash_contract.judging.checks import SERVER_ERROR, Judgement
from enkash_contract.judging.result import Result
from enkash_contract.judging.stability import LEAST, Stability
from enkash_contract.secrets.redaction import CORRELATION
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Verdict
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction

GATEWAY = (502, 503, 504)
"""The statuses with which a gateway speaks of the server behind it."""

TWICE = 2
"""So often in a row a case must fail to be blamed, where nothing is left to chance."""

AT_LEAST = 3
"""The same as soon as anything is; the rejection of a valid request must come once more."""

MOST = 6
"""No case is sent more often than this to find out whether it is to blame."""

FALSE_ALARMS = 0.01
"""So many cases of a run may be expected to be blamed for what is chance."""

SHARE = 1
"""The percentage of failures from which on it is a defect to fail without a pattern."""

SHOWN = 3
"""So many failures are quoted with their times and correlation ids."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: the request's number, its case, and the status, None for no response."""

    number: int
    case: str
    status: int | None
    interaction: Interaction
    at: float

    @property
    def seen(self) -> str:
        """When the response came, and by what it is found in a log."""
        at = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")
        headers = self.interaction.response.headers if self.interaction.response else ()
        ids = ((name, header(headers, name)) for name in CORRELATION)
        listed = "".join(f" {name} {value}" for name, value in ids if value)
        return f"{at.replace('+00:00', 'Z')}{listed}"


class Monitor:
    """The requests of one run, and those that failed."""

    def __init__(
        self, plan: Plan, *, in_process: bool = False, now: Callable[[], float] = clock.now
    ) -> None:
        self._plan = plan
        self._in_process = in_process
        self._now = now
        self._failures: list[Failure] = []
        self._lost: list[str] = []
        self._blamed: set[str] = set()
        self._changed: Counter[int | None] = Counter()
        self._valid = 0
        self._baselines = 0
        self._contradicted = 0
        self.sent = 0
        self.gone = False
        """Whether the run ended because the target no longer responds, and a note says so."""

    def record(self, case: Case, interaction: Interaction, outcome: Outcome) -> None:
        """Count a request with what came of it."""
        self.sent += 1
        self._valid += case.polarity == "accept"
        self._baselines += case.id == self._plan.baseline.id
        if outcome == "error":
            status = interaction.response.status if interaction.response else None
            failure = Failure(self.sent, case.id, status, interaction, self._now())
            self._failures.append(failure)
        elif interaction.repeated:
            self._lost.append(case.id)

    def changed(self, first: Interaction | None, outcome: Outcome) -> None:
        """Note that the response to a case with that first outcome was another the next time."""
        status = first.response.status if first and first.response else None
        self._changed[status if outcome == "error" else 0] += 1
        if outcome != "error":
            self.contradicted(1)

    def contradicted(self, number: int) -> None:
        """Note that so many rejections did not come again."""
        self._contradicted += number

    def blame(self, case_id: str) -> None:
        """Note that the failures of a case are its own."""
        self._blamed.add(case_id)

    def needed(self, outcome: Outcome, suspects: Collection[str] = ()) -> int:
        """Return how often in a row a case must come out so, for chance not to explain it.

        More than `MOST` if nothing can show it. The failures of `suspects` are not counted as
        chance while nobody knows.
        """
        failures = len(self._chance(suspects))
        if outcome == "error":
            number, total, least = failures, self.sent, AT_LEAST
        else:
            number, total, least = self._rejections()
        if not (failures or self._lost or self._contradicted):
            return TWICE
        # One more than were seen: so few say little about how often it happens.
        rate = min(1.0, (number + bool(number)) / max(total, 1))
        times = least
        while times <= MOST and total * rate**times >= FALSE_ALARMS:
            times += 1
        return times

    def _rejections(self) -> tuple[int, int, int]:
        """Return how many valid requests were contradicted, of how many, and how often is least."""
        of_cases = sum(number for status, number in self._changed.items() if status == 0)
        cases = self._valid - self._baselines
        if of_cases * self._valid > self._contradicted * cases:
            return of_cases, cases, AT_LEAST + 1
        return self._contradicted, self._valid, AT_LEAST + 1

    def _chance(self, suspects: Collection[str] = ()) -> list[Failure]:
        """Return the failures that no case is to blame for."""
        own = self._blamed.union(suspects)
        return [failure for failure in self._failures if failure.case not in own]

    def _is_crash(self, status: int | None) -> bool:
        """Return whether a failure is the target's own, and not one of the way there."""
        # There is no way to an application in this process.
        return self._in_process if status is None else status not in GATEWAY

    def result(self, *, hangs_up: bool = False) -> Result:
        """Return what fails without a pattern, and how stable the target was.

        Where it `hangs_up` after each response, connections that were lost and opened again are
        no sign of instability.
        """
        chance = self._chance()
        crashes = [failure for failure in chance if self._is_crash(failure.status)]
        alone = self._alone(crashes)
        enough = len(alone) >= LEAST and 100 * len(alone) >= SHARE * self.sent
        findings = tuple(self._findings(crashes)) if enough or self._in_process else ()
        # What came one after another was an outage, and a single failure is next to nothing.
        own = alone if not findings else crashes
        lost = 0 if hangs_up else sum(case not in self._blamed for case in self._lost)
        unstable = len(chance) - len(own) + lost + self._contradicted
        stability = Stability(
            self.sent, unstable, self._valid, self._contradicted, self._plan.max_unstable
        )
        verdicts: dict[Verdict, int] = {finding.severity: 1 for finding in findings}
        notes = list(self._notes(reported=bool(findings)))
        if not self.gone:
            notes += unstable_notes(stability)
        return Result(findings, verdicts, notes=tuple(notes), stability=stability)

    def _alone(self, failures: list[Failure]) -> list[Failure]:
        """Return those of `failures` with no failure right before or after them."""
        numbers = {failure.number for failure in self._failures}
        return [
            failure
            for failure in failures
            if not numbers & {failure.number - 1, failure.number + 1}
        ]

    def _findings(self, crashes: list[Failure]) -> Iterator[Finding]:
        """Yield the one finding on all that failed without a pattern."""
        if not crashes:
            return
        operation = self._plan.operation
        judgement = Judgement(operation, crashes[0].interaction, "error", self._plan.fail_on)
        yield judgement.finding(
            SERVER_ERROR,
            operation.rules[f"{RESPONSE}#status"],
            self._message(crashes),
            evidence=operation.outcome_evidence["error"],
            of_response=True,
        )

    def _message(self, crashes: list[Failure]) -> str:
        statuses = sorted({failure.status for failure in crashes if failure.status is not None})
        words = " or ".join(map(str, statuses))
        silent = any(failure.status is None for failure in crashes)
        number = f"{len(crashes):,} of {self.sent:,}"
        what = f"{number} responses were {words}"
        if silent:
            what = f"{number} requests got no response" + (f", or {words}" if words else "")
        first = ", ".join(failure.seen for failure in crashes[:SHOWN])
        return f"{what}; no request causes it; the first at {first}"

    def _notes(self, *, reported: bool) -> Iterator[str]:
        """Yield what a person should know of responses that changed, without those `reported`."""
        numbers = [
            number
            for status, number in self._changed.items()
            if not (reported and status != 0 and self._is_crash(status))
        ]
        yield from contradiction_notes(self._contradicted, self._valid)
        yield from chance_notes(sum(numbers))
