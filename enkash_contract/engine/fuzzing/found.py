"""The failures that fuzzing found: of each the smallest example, and what a person should know.

Only failures are counted beside the suite's cases. Draws that held are chance, in a number that
somebody chose: to count them would make a run look the more thorough the longer it took, and a
waiver needless because of requests that the next run does not draw.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.judging.result import Exercise, Result, Tally, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.engine.fuzzing.options import Fuzz
    from enkash_contract.engine.fuzzing.prober import Sighting
    from enkash_contract.judging.members import Members


class Failures:
    """The failures so far that the suite, with the result `suite`, did not find."""

    def __init__(self, options: Fuzz, suite: Result) -> None:
        self.suite = suite
        self.draws = 0
        self.members: Members = {}
        self._options = options
        self._repeats = 0
        self._of_suite = {finding.fingerprint for finding in suite.findings}
        self._least: dict[str, Sighting] = {}
        self._notes: list[str] = []

    @property
    def keys(self) -> set[str]:
        """The fingerprints of the failures."""
        return set(self._least)

    def begin(self, draws: int) -> None:
        """Note that so many more draws are begun: a run of all that were begun repeats this one."""
        self._repeats += draws

    def is_known(self, sighting: Sighting) -> bool:
        """Return whether the suite has reported the same failure."""
        return sighting.plain in self._of_suite

    def new(self, sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
        """Return the sightings of failures that the suite has not reported."""
        return tuple(sighting for sighting in sightings if not self.is_known(sighting))

    def keep(self, sightings: Iterable[Sighting]) -> list[Sighting]:
        """Keep the smallest example of each failure; return those that were not known."""
        added = []
        for sighting in self.new(sightings):
            known = self._least.get(sighting.key)
            if known is None:
                added.append(sighting)
            if known is None or sighting.size < known.size:
                self._least[sighting.key] = sighting
        return added

    def progress(self, before: int, elapsed: float) -> tuple[int, int]:
        """Return how many cases and draws are done, and how many there will be in all."""
        expected = self._options.draws
        if expected == math.inf:
            expected = self.draws * max(1.0, self._options.seconds / max(elapsed, 0.001))
        return before + self.draws, before + max(self.draws, round(expected))

    def not_begun(self, why: str) -> None:
        """Note why nothing is drawn."""
        self._notes.append(f"fuzzing was not begun: {why}")

    def note_over(self, *, silent: bool) -> None:
        """Note that the target ended the run before its time."""
        why = "the target no longer responds" if silent else "the baseline is now rejected"
        self._notes.append(f"fuzzing ended early: {why}")

    def result(self) -> Result:
        """Return the result of the suite and of fuzzing."""
        result = self.suite
        for part in self._parts():
            result += part
        notes = tuple(self._all_notes())
        return result + Result(notes=notes, fuzzed=self._command(), members=self.members)

    def stopped(self) -> Result:
        """Return the same for a run that was interrupted."""
        self._notes.append("interrupted while fuzzing")
        return self.result() + Result(interrupted=True)

    def _parts(self) -> Iterator[Result]:
        """Yield a result for each request that failed."""
        by_request: dict[int, list[Sighting]] = {}
        for sighting in self._least.values():
            by_request.setdefault(id(sighting.finding.interaction), []).append(sighting)
        for sightings in by_request.values():
            findings = tuple(sighting.finding for sighting in sightings)
            # One request is one case, however many checks it fails.
            tally, case = sightings[0].tally, sightings[0].step.case
            side: tuple[str, str] = (case.rule.id, case.polarity)
            tallies = {side: tally} if tally.exercised else {}
            requests = {polarity: tally for (_, polarity), tally in tallies.items()}
            verdict = worst(findings, concluded=True)
            way = Exercise(findings[0].operation, *side, case.family)
            judged = Exercise(way.operation, "", case.polarity if tallies else "", verdict)
            yield Result(
                findings,
                {verdict: 1},
                tallies,
                requests=requests,
                exercises={judged: Tally(1), **({way: tally} if tallies else {})},
            )

    def _all_notes(self) -> Iterator[str]:
        if self._repeats:
            failures = counted(len(self._least), "failure") if self._least else "nothing"
            draws = f"{counted(self.draws, 'draw')} with seed {self._options.seed}"
            command = self._command()
            yield f"fuzzing found {failures} beyond the suite in {draws}; {command} repeats it"
            if self._options.database is None:
                yield "what fuzzing finds is not remembered: there is no cache folder to write to"
        yield from self._notes

    def _command(self) -> str:
        return f"--fuzz {self._repeats} --seed {self._options.seed}" if self._repeats else ""
