"""The responses of a run and what they prove, which is only known once the next baseline is sent.

A target may stop accepting even the baseline, because it keeps state or limits requests. Then it
may have rejected the cases before for the same reason, and nobody noticed. If the baseline stops
being accepted, results since its last acceptance are inconclusive. So responses are entered here as
they come, and settled once something valid was accepted after them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from enkash_contract.engine.notes import outage_notes, response_notes, state_notes
from enkash_contract.judging.members import LOOK_UP
from enkash_contract.judging.result import Result, add

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Finding
    from enkash_contract.wire.message import Interaction

    class Judge(Protocol):
        """How the response to a case is judged."""

        def __call__(self, case: Case, interaction: Interaction, *, trusted: bool) -> Result:
            """Judge it; `trusted` is whether a rejection proves something."""


UNSUMMED = 50
"""The results that are kept before they are summed: each sum holds a tally for every rule, so that
summing each result would grow with the document, and keeping all of them with the run."""


PASSING = (409, 423, 425)
"""The statuses of rejections that may be about the state of the moment, whatever was sent."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A case with its response, and what it shows if `trusted` stays as it is.

    `since` is the ledger's `trusted_since` when the case was sent. `times` is how often in a row it
    came out so, where that speaks against the target. What is `kept` is not summed before the end
    of the run: it may be sent again. `reason` says why it shows nothing.
    """

    case: Case
    interaction: Interaction
    since: int | None
    trusted: bool
    shows: Result
    times: int = 0
    kept: bool = True
    reason: Literal["", "outage", "state"] = ""

    @property
    def status(self) -> tuple[int, str] | None:
        """The status, and the place it may be about; None if it says something for sure."""
        response = self.interaction.response
        if response is None or self.interaction.repeated or self.reason:
            return None
        status, place = response.status, self.case.rule.pointer
        if self.shows.count("inconclusive"):
            return status, place if status in LOOK_UP else ""
        return (status, place) if self._is_passing(status) else None

    def _is_passing(self, status: int) -> bool:
        return self.case.polarity == "reject" and status in PASSING


class Ledger:
    """The responses that are not settled yet, and the sum of those that are.

    `suspects` are cases to be blamed unless chance explains it, and `postponed` those that showed
    nothing for a reason that may pass; both are settled, and can be taken out to be sent again.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._losses = 0
        self._open: list[Entry] = []
        self._closed = 0
        self._failed = False
        self._settled: list[Result] = []
        self._reasons: Counter[str] = Counter()
        self._uninformative: Counter[tuple[int, str]] = Counter()
        self.suspects: list[Entry] = []
        self.postponed: list[Entry] = []
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

    @property
    def suspicious(self) -> bool:
        """Whether one of them speaks against the target."""
        return any(entry.times for entry in self._open)

    def trusts(self, since: int | None) -> bool:
        """Return whether the period `since` of trust, in which a case was sent, still goes on."""
        return since is not None and since == self.trusted_since

    def enter(
        self,
        case: Case,
        interaction: Interaction,
        since: int | None,
        *,
        times: int = 0,
        kept: bool = True,
    ) -> Result:
        """Enter the response to a case sent in the period `since`; return what it shows so far."""
        trusted = self.trusts(since)
        shows = self._judge(case, interaction, trusted=trusted)
        self._open.append(Entry(case, interaction, since, trusted, shows, times, kept))
        return shows

    def accepted(self, before: int) -> None:
        """Settle the first `before` responses: something valid was accepted after them."""
        self._settle(before, trusted=True, responds=True)

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
        self._settle(self.entered, trusted=False, responds=not failed)

    def close(self) -> None:
        """Settle all that is left, as proving nothing."""
        self._settle(self.entered, trusted=False, responds=False)

    def _settle(self, before: int, *, trusted: bool, responds: bool) -> None:
        number = max(0, before - self._closed)
        settled, self._open = self._open[:number], self._open[number:]
        self._closed += len(settled)
        for entry in settled:
            self._sort(self._proven(entry, trusted=trusted, responds=responds))
        if len(self._settled) > UNSUMMED:
            self._settled = [add(self._settled)]

    def _proven(self, entry: Entry, *, trusted: bool, responds: bool) -> Entry:
        """Return `entry` with what it shows, now that it is known what came after it."""
        proves = trusted and self.trusts(entry.since)
        interaction, shows = entry.interaction, entry.shows
        if entry.times and not responds:
            # It may have been an outage that began with this case.
            interaction = unknown(interaction)
        # Judging validates bodies, so it is not done again where nothing has changed.
        if proves != entry.trusted or interaction is not entry.interaction:
            shows = self._judge(entry.case, interaction, trusted=proves)
        reason: Literal["", "outage", "state"] = ""
        if not proves and shows.count("inconclusive"):
            reason = "outage" if self._failed or interaction.aborted else "state"
        return replace(entry, interaction=interaction, trusted=proves, shows=shows, reason=reason)

    def _sort(self, entry: Entry) -> None:
        """Keep what may be sent again, and sum the rest."""
        if entry.kept and (entry.reason or entry.status):
            self.postponed.append(entry)
        elif entry.kept and entry.times and not entry.shows.count("inconclusive"):
            self.suspects.append(entry)
        else:
            self.conclude(entry)

    def drop(self, entry: Entry) -> None:
        """Forget a settled entry that is kept."""
        self.suspects = [other for other in self.suspects if other is not entry]
        self.postponed = [other for other in self.postponed if other is not entry]

    def conclude(self, entry: Entry) -> None:
        """Sum a settled entry: nothing more will be known of it."""
        self._settled.append(entry.shows)
        _count(entry, self._reasons, self._uninformative)

    def acquit(self, entry: Entry) -> None:
        """Sum a settled entry as showing nothing: chance may explain it."""
        interaction = unknown(entry.interaction)
        shows = self._judge(entry.case, interaction, trusted=False)
        self._settled.append(shows)

    def result(self, cases: tuple[Case, ...]) -> Result:
        """Return the sum, its findings in the order of the `cases` and not of the responses."""
        order = {case.id: index for index, case in enumerate(cases)}
        kept = [entry.shows for entry in (*self.suspects, *self.postponed)]
        whole = add((*self._settled, *kept))

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
        reasons, uninformative = self._reasons.copy(), self._uninformative.copy()
        for entry in self.postponed:
            _count(entry, reasons, uninformative)
        statuses: Counter[int] = Counter()
        for (status, place), number in uninformative.items():
            if not (place and looks_up(place)):
                statuses[status] += number
        yield from response_notes(statuses)
        if known:
            yield from state_notes(reasons["state"], regained=self.trusted_since is not None)
            yield from outage_notes(reasons["outage"])


SERVER_ERRORS = 500
"""From this status on, nobody knows whether a request was carried out."""


def unknown(interaction: Interaction) -> Interaction:
    """Return an interaction of which nobody knows whose fault it was."""
    response = interaction.response
    if response is None or response.status >= SERVER_ERRORS:
        interaction = replace(interaction, repeated=True)
    return replace(interaction, response=None, aborted=True)


def _count(entry: Entry, reasons: Counter[str], statuses: Counter[tuple[int, str]]) -> None:
    """Count the reason for which an entry proves nothing, if it proves nothing."""
    if not entry.shows.count("inconclusive"):
        return
    reasons[entry.reason] += 1
    if entry.status:
        statuses[entry.status] += 1
