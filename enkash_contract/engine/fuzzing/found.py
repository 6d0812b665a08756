"""What fuzzing found: of each failure the smallest example, and what a person should know.

Only what failed is counted beside the suite's cases. What held was drawn by chance, in a number
that somebody chose: to count it would make a run look the more thorough the longer it took, and a
waiver needless because of requests that the next run does not draw.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.engine.notes import chance_notes
from enkash_contract.judging.result import Result, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.engine.fuzzing.options import Fuzz
    from enkash_contract.engine.fuzzing.prober import Told


class Found:
    """The failures found so far that the suite, with the result `suite`, did not find."""

    def __init__(self, asked: Fuzz, suite: Result) -> None:
        self.suite = suite
        self.draws = 0
        self._asked = asked
        self._repeats = 0
        self._told_before = {one.fingerprint for one in suite.findings}
        self._least: dict[str, Told] = {}
        self._notes: list[str] = []

    @property
    def keys(self) -> set[str]:
        """The fingerprints of what was found."""
        return set(self._least)

    def begin(self, draws: int) -> None:
        """Note that so many draws more are begun: a run of all begun repeats this one."""
        self._repeats += draws

    def is_known(self, told: Told) -> bool:
        """Say whether the suite has told the same."""
        return told.plain in self._told_before

    def new(self, told: Iterable[Told]) -> tuple[Told, ...]:
        """Return what the suite has not told already."""
        return tuple(one for one in told if not self.is_known(one))

    def keep(self, told: Iterable[Told]) -> list[Told]:
        """Keep the smallest example of each failure; return those that were not known."""
        added = []
        for one in self.new(told):
            known = self._least.get(one.key)
            if known is None:
                added.append(one)
            if known is None or one.size < known.size:
                self._least[one.key] = one
        return added

    def progress(self, before: int, elapsed: float) -> tuple[int, int]:
        """Return how many cases and draws are done, and how many there will be in all."""
        asked = self._asked
        expected = asked.draws
        if expected == math.inf:
            expected = self.draws * max(1.0, asked.seconds / max(elapsed, 0.001))
        return before + self.draws, before + max(self.draws, round(expected))

    def not_begun(self, why: str) -> None:
        """Note why nothing is drawn."""
        self._notes.append(f"fuzzing was not begun: {why}")

    def note_insisted(self, places: list[str]) -> None:
        """Note the members of which the target accepted the baseline's value only."""
        if places:
            named = ", ".join(places)
            self._notes.append(
                f"the target accepted no other right value than the baseline's of {named}; where "
                "it looks them up that is no fault, so nothing follows: pin them with --pin"
            )

    def note_chance(self, unrepeated: int) -> None:
        """Note what failed, and did not when the same was sent again."""
        self._notes += chance_notes(unrepeated)

    def note_over(self, *, silent: bool) -> None:
        """Note that the target ended the run before its time."""
        why = "requests are not answered any more" if silent else "the baseline is now refused"
        self._notes.append(f"fuzzing ended early: {why}")

    def result(self) -> Result:
        """Return what was found by the suite and by fuzzing."""
        made = self.suite
        for part in self._parts():
            made += part
        return made + Result(notes=tuple(self._said()), fuzzed=self._command())

    def stopped(self) -> Result:
        """Return the same of a run that was interrupted."""
        self._notes.append("interrupted while fuzzing")
        return self.result() + Result(interrupted=True)

    def _parts(self) -> Iterator[Result]:
        """Yield a result for each request that showed something."""
        by_request: dict[int, list[Told]] = {}
        for one in self._least.values():
            by_request.setdefault(id(one.finding.interaction), []).append(one)
        for together in by_request.values():
            findings = tuple(one.finding for one in together)
            tally, case = together[0].tally, together[0].step.case
            side: tuple[str, str] = (case.rule.id, case.polarity)
            tallies = {side: tally} if tally.exercised else {}
            yield Result(findings, {worst(findings, concluded=True): 1}, tallies)

    def _said(self) -> Iterator[str]:
        if self._repeats:
            found = counted(len(self._least), "failure") if self._least else "nothing"
            what = f"{counted(self.draws, 'draw')} with seed {self._asked.seed}"
            yield f"fuzzing found {found} beyond the suite in {what}; {self._command()} repeats it"
            if self._asked.database is None:
                yield "what fuzzing finds is not remembered: there is no cache folder to write to"
        yield from self._notes

    def _command(self) -> str:
        return f"--fuzz {self._repeats} --seed {self._asked.seed}" if self._repeats else ""
