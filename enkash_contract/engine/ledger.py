"""The responses of a run and what they prove, which is only known once the next baseline is sent.

A target may stop accepting even the baseline, because it keeps state or limits requests. Then it
may have rejected the cases before for the same reason, and nobody noticed. If the baseline stops
being accepted, results since its last acceptance are inconclusive. So responses are entered here as
they come, and settled once something valid was accepted after them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from enkash_contract.engine.notes import outage_notes, response_notes, state_notes
from enkash_contract.judging.members import LOOK_UP
from enkash_contract.judging.result import Result, add

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Finding
    from enkash_contract.wire.message import Interaction

    class Judge(Protocol):
        """How the response to a case is judged."""

        def __call__(self, case: Case, interaction: Interaction, *, trusted: bool) -> Result:
            """Judge it; `trusted` is whether a rejection proves something."""


UNSUMMED = 50
"""The results that are kept before they are summed: each sum holds a tally for every rule, so that
summing each result would grow with the document, and keeping all of them with the run."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A case with its response, not settled yet, and what it shows if `trusted` stays as it is.

    `since` is the ledger's `trusted_since` when the case was sent.
    """

    case: Case
    interaction: Interaction
    since: int | None
    trusted: bool
    shows: Result


class Ledger:
    """The responses that are not settled yet, and the sum of those that are."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._losses = 0
        self._open: list[_Entry] = []
        self._closed = 0
        self._failed = False
        self._settled: list[Result] = []
        self._unproven = 0
        self._unknown = 0
        self._uninformative: Counter[tuple[int, str]] = Counter()
        self.trusted_since: int | None = None
        """The present period in which the baseline is trusted; None while it is not.

        Periods are numbered by how often the trust was lost before. The number of responses would
        not do: two periods can begin at the same one, while a case of the first is under way.
        """

    @property
    def entered(self) -> int:
        """How many responses have been entered."""
        return self._closed + len(self._open)

    @property
    def unsettled(self) -> int:
        """How many of them are still to be settled."""
        return len(self._open)

    def trusts(self, since: int | None) -> bool:
        """Return whether the period `since` of trust, in which a case was sent, still goes on."""
        return since is not None and since == self.trusted_since

    def enter(self, case: Case, interaction: Interaction, since: int | None) -> Result:
        """Enter the response to a case sent in the period `since`; return what it shows so far."""
        trusted = self.trusts(since)
        shows = self._judge(case, interaction, trusted=trusted)
        self._open.append(_Entry(case, interaction, since, trusted, shows))
        return shows

    def accepted(self, before: int) -> None:
        """Settle the first `before` responses: something valid was accepted after them."""
        self._settle(before, trusted=True)

    def confirm(self, before: int) -> None:
        """Settle them likewise, and trust the baseline, which was accepted."""
        self.accepted(before)
        self.trusted_since = self._losses

    def invalidate(self, *, failed: bool) -> None:
        """Stop trusting the baseline, which was rejected or `failed`.

        What is not settled proves nothing.
        """
        self.trusted_since, self._failed = None, failed
        self._losses += 1
        self.close()

    def close(self) -> None:
        """Settle all that is left, as proving nothing."""
        self._settle(self.entered, trusted=False)

    def _settle(self, before: int, *, trusted: bool) -> None:
        number = max(0, before - self._closed)
        settled, self._open = self._open[:number], self._open[number:]
        self._closed += len(settled)
        for entry in settled:
            proves = trusted and self.trusts(entry.since)
            shows = entry.shows
            # Judging validates bodies, so it is not done again where nothing has changed.
            if proves != entry.trusted:
                shows = self._judge(entry.case, entry.interaction, trusted=proves)
            self._settled.append(shows)
            if shows.count("inconclusive"):
                self._count_reason(entry, trusted=proves)
        if len(self._settled) > UNSUMMED:
            self._settled = [add(self._settled)]

    def _count_reason(self, entry: _Entry, *, trusted: bool) -> None:
        """Count the reason for which a response proves nothing."""
        interaction = entry.interaction
        if not trusted:
            self._unknown += self._failed
            self._unproven += not self._failed
        elif interaction.response is not None and not interaction.repeated:
            status = interaction.response.status
            self._uninformative[status, entry.case.rule.pointer if status in LOOK_UP else ""] += 1

    def result(self, cases: tuple[Case, ...]) -> Result:
        """Return the sum, its findings in the order of the `cases` and not of the responses."""
        order = {case.id: index for index, case in enumerate(cases)}
        whole = add(self._settled)

        def place(of: Finding) -> int:
            return order.get(of.case, len(order))

        findings = sorted(whole.findings, key=place)
        return replace(whole, findings=tuple(findings))

    def notes(
        self, *, known: bool, looks_up: Callable[[str], bool] = lambda _: False
    ) -> Iterator[str]:
        """Yield why responses prove nothing; `known` is whether the baseline was ever accepted.

        The responses about members that the target `looks_up` are left to a note of their own.
        """
        statuses: Counter[int] = Counter()
        for (status, place), number in self._uninformative.items():
            if not (place and looks_up(place)):
                statuses[status] += number
        yield from response_notes(statuses)
        if known:
            yield from state_notes(self._unproven, regained=self.trusted_since is not None)
            yield from outage_notes(self._unknown)
