"""The answers of a run and what they prove, which is only known once the next baseline is accepted.

A target that has stopped accepting the baseline (it keeps state, or lets in only so many requests)
may have refused everything since it last did for that reason alone. So answers are entered here as
they come, and settled when something right was accepted after them. A time during which the
baseline is accepted is a light; it ends when the baseline is refused, and what was sent in it and
not settled proves nothing any more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from enkash_contract.engine import notes as remarks
from enkash_contract.judging.result import Result, add

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.judging.case import Case
    from enkash_contract.wire.message import Interaction

    class Judge(Protocol):
        """How an answer to a case is judged."""

        def __call__(self, case: Case, interaction: Interaction, *, trusted: bool) -> Result:
            """Judge it; `trusted` says whether a refusal proves something."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A case that was answered, and what it shows while it is `lit`: trusted to prove something.

    `light` is the one in which it was sent, None when the baseline had not been accepted.
    """

    case: Case
    interaction: Interaction
    light: int | None
    lit: bool
    shows: Result


class Ledger:
    """Holds the answers that are not settled yet, and the sum of those that are."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._lights = 0
        self._open: list[_Sent] = []
        self._closed = 0
        self._failed = False
        self._sum = Result()
        self._unproven = 0
        self._unknown = 0
        self._uninformative: Counter[int] = Counter()
        self.light: int | None = None

    @property
    def entered(self) -> int:
        """How many answers have come."""
        return self._closed + len(self._open)

    @property
    def unsettled(self) -> int:
        """How many of them are still to be settled."""
        return len(self._open)

    def shines(self, light: int | None) -> bool:
        """Whether what was sent in `light` is trusted still."""
        return light is not None and light == self.light

    def enter(self, case: Case, interaction: Interaction, light: int | None) -> Result:
        """Enter the answer to a case that was sent in `light`; return what it shows so far."""
        lit = self.shines(light)
        shows = self._judge(case, interaction, trusted=lit)
        self._open.append(_Sent(case, interaction, light, lit, shows))
        return shows

    def accepted(self, before: int) -> None:
        """Note that something right was accepted after the first `before` answers had come."""
        self._settle(before, trusted=True)

    def lighten(self, before: int) -> None:
        """Note the same of the baseline: from now on refusals prove something."""
        self.accepted(before)
        self.light = self._lights

    def darken(self, *, failed: bool) -> None:
        """Note that the baseline is refused, or `failed`: what is not settled proves nothing."""
        self.light, self._lights, self._failed = None, self._lights + 1, failed
        self.close()

    def close(self) -> None:
        """Settle all that is left, as proving nothing."""
        self._settle(self.entered, trusted=False)

    def _settle(self, before: int, *, trusted: bool) -> None:
        number = max(0, before - self._closed)
        done, self._open = self._open[:number], self._open[number:]
        self._closed += len(done)
        results = []
        for one in done:
            lit = trusted and self.shines(one.light)
            same = lit == one.lit
            shows = one.shows if same else self._judge(one.case, one.interaction, trusted=lit)
            results.append(shows)
            if shows.count("inconclusive"):
                self._wonder(one.interaction, lit=lit)
        self._sum = add([self._sum, *results])

    def _wonder(self, interaction: Interaction, *, lit: bool) -> None:
        """Keep count of the reasons for which answers prove nothing."""
        if not lit:
            self._unknown += self._failed
            self._unproven += not self._failed
        elif interaction.response is not None and not interaction.repeated:
            self._uninformative[interaction.response.status] += 1

    def result(self, cases: tuple[Case, ...]) -> Result:
        """Return the sum, its findings in the order of the `cases` and not of the answers."""
        places = {case.id: at for at, case in enumerate(cases)}
        found = sorted(self._sum.findings, key=lambda one: places.get(one.case, len(places)))
        return replace(self._sum, findings=tuple(found))

    def notes(self, *, known: bool) -> Iterator[str]:
        """Say why answers prove nothing; `known` says whether the baseline was ever accepted."""
        yield from remarks.of_answers(self._uninformative)
        if known:
            yield from remarks.of_state(self._unproven, regained=self.light is not None)
            yield from remarks.of_outage(self._unknown)
