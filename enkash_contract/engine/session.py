"""One run against one target: the baseline, each case judged while it is trusted, and the result.

A sandbox that knows only its own invoices rejects a made-up one for business reasons, and after
that a rejection of an invalid payload proves nothing. So the first request is one the user vouches
for, and its response decides what the others can mean. A target may change its mind in the middle
of a run, be gone for a moment or fail by chance. So the baseline is sent again from time to time,
and whenever a response would speak against the target; what speaks against it is believed when it
came again, with the baseline accepted before and after. `reruns` has the last word on it.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.clock import aside
from enkash_contract.engine.ledger import Ledger
from enkash_contract.engine.look_ups import LookUps
from enkash_contract.engine.notes import busy_note, silence_note
from enkash_contract.engine.opening import broken_off, opening
from enkash_contract.engine.pauses import Pauses
from enkash_contract.engine.plan import EVERY
from enkash_contract.engine.repetition import again, compared
from enkash_contract.engine.reruns import decide, rerun
from enkash_contract.engine.sending import Sending
from enkash_contract.engine.stability import Monitor
from enkash_contract.engine.watch import Watch
from enkash_contract.engine.workers import each
from enkash_contract.errors import TargetError
from enkash_contract.judging.judge import judge_case
from enkash_contract.judging.members import is_key
from enkash_contract.judging.result import Result
from enkash_contract.judging.settlement import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.engine.ledger import Entry
    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.sending import Exchanged
    from enkash_contract.engine.transport.delivery import Sender
    from enkash_contract.judging.case import Case
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction, Response

    Judged = Callable[[Result], None]

PATIENCE = 2
"""After so many failures of the baseline in a row, each of several tries, the rest is not sent."""


class Session(Sending):
    """One run against one target: what the baseline showed, and each case judged by it."""

    def __init__(
        self,
        plan: Plan,
        http: Sender,
        exchanged: Exchanged | None = None,
        *,
        monitor: Monitor | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        super().__init__(plan, http, monitor or Monitor(plan), exchanged)
        self._look_ups = LookUps(plan)
        self._opened: Result | None = None
        self._answerable = False
        self._sent = 0
        self.workers = 1
        self.ledger = Ledger(self._judge)
        self._pauses = pauses or Pauses()
        self._watch = Watch(self.ledger, self.monitor, self._pauses)

    async def open(self) -> Result:
        """Send the baseline and return what it means for the rest.

        Raises:
            TargetError: there was no response at all.

        """
        interaction = await self._first()
        for failures in range(1, self._pauses.tries):
            # It may have failed by chance; what comes again is believed.
            if self.outcome(interaction) != "error":
                break
            await self._pauses.wait(failures)
            interaction = await self._first()
        if interaction.aborted:
            note = busy_note(str(interaction.error))
            self._opened = Result((), {"inconclusive": 1}, baseline="unknown", notes=(note,))
        elif interaction.response is None:
            raise TargetError(f"{self._http.source} {interaction.error}")
        else:
            self._opened = self._begin(interaction, interaction.response)
        return self._opened

    def _begin(self, interaction: Interaction, response: Response) -> Result:
        """Return what the first response to the baseline shows, and begin to trust it or not."""
        baseline, outcome = self._plan.baseline, self.outcome(interaction)
        judged = self._judge(baseline, interaction, trusted=False)
        begun = opening(self._plan, judged, outcome, interaction, response)
        self._answerable = begun.answerable
        if outcome == "accepted":
            self.ledger.confirm(0)
        elif outcome == "error":
            # It failed every time.
            self.monitor.blame(baseline.id)
        return begun.result

    @property
    def trusted(self) -> bool:
        """Whether a rejection proves something now."""
        return self.ledger.trusted_since is not None

    @property
    def silent(self) -> bool:
        """Whether the target failed when the baseline was last sent."""
        return self._watch.silent > 0

    @property
    def worth_going_on(self) -> bool:
        """Whether another case could still show something."""
        return self._answerable and self._watch.silent < PATIENCE and not self._http.over

    async def run(self, cases: Iterable[Case], judged: Judged, *, workers: int = 1) -> None:
        """Send `cases`, call `judged` with what each shows so far; `close` sums up."""
        self.workers = workers

        async def work(case: Case) -> None:
            aside()(judged)(self.so_far(await self.send(case)))

        await each(cases, work, self)

    async def send(self, case: Case, *, once: bool = False, alone: bool = False) -> Result:
        """Send one case and return what it shows so far; `close` has the last word.

        With `once` it is not sent again when the response speaks against the target: where several
        requests are looked at together, all of them have to be repeated. Without a `close` to come,
        a case is sent `alone`: again and again until it is sure.
        """
        since, before = await self._period()
        interaction, times = await self.deliver(case), 0
        if not once and self._speaks_against(case, interaction, since):
            since, interaction, times = await again(self, case, interaction, alone=alone)
        self._sent += 1
        kept = not (once or alone)
        shows = self._enter(case, interaction, since, before, times=times, kept=kept)
        if self.knows and self._sent % EVERY == 0:
            await self.look()
        return shows

    async def send_again(self, entry: Entry) -> Interaction:
        """Send the case of a settled entry anew, in place of that; return what happened."""
        since, before = await self._period()
        interaction, case, times = await self.deliver(entry.case), entry.case, 0
        if self._speaks_against(case, interaction, since):
            since, interaction, times = await again(self, case, interaction)
        repeated = interaction.repeated or entry.interaction.repeated
        interaction = replace(interaction, repeated=repeated)
        self.ledger.drop(entry)
        self._enter(case, interaction, since, before, times=times)
        return interaction

    async def confirm(self, entry: Entry) -> None:
        """Send the case of a suspect once more."""
        since, before = await self._period()
        last = await self.deliver(entry.case)
        last, times = compared(self, entry.interaction, last, entry.times)
        self.ledger.drop(entry)
        self._enter(entry.case, last, since, before, times=times)

    async def _period(self) -> tuple[int | None, int]:
        """Return the present period of trust, and how many responses are entered."""
        if self.ledger.unsettled >= 2 * EVERY:
            # Another worker looks already, and it takes long: what is kept must not grow for ever.
            await self.look()
        return self.ledger.trusted_since, self.ledger.entered

    def _enter(
        self,
        case: Case,
        interaction: Interaction,
        since: int | None,
        before: int,
        *,
        times: int,
        kept: bool = True,
    ) -> Result:
        shows = self.ledger.enter(case, interaction, since, times=times, kept=kept)
        self._look_ups.enter(case, shows)
        if case.polarity == "accept" and shows.count("held"):
            # It was accepted after these responses, so they were rejected for what they are.
            self.ledger.accepted(before)
        return shows

    @aside()
    def so_far(self, shows: Result) -> Result:
        """Return what a case shows by what is known of its members so far."""
        return settled(shows + Result(members=self._look_ups.members))

    async def try_others(self) -> Result:
        """Try other values of the members in doubt; return which were accepted, and no more."""
        tried = Result()
        while self.trusted and self.worth_going_on and (case := self._look_ups.next()):
            shows = self._judge(case, await self.deliver(case), trusted=True)
            self._look_ups.enter(case, shows)
            tried += Result(members=shows.members)
        return tried

    async def close(self) -> Result:
        """Send the baseline once more, and return the sum of all cases as it now proves them."""
        unsure = (self.ledger.unsettled and self.trusted) or self.ledger.suspicious
        if unsure and self.worth_going_on:
            await self.look()
        await rerun(self)
        self.ledger.close()
        result = self.ledger.result(self._plan.cases) + await self.try_others()
        left = max(0, len(self._plan.cases) - self._sent)
        looks_up = functools.partial(is_key, result.members, self._plan.operation.id)
        notes = [*self._plan.notes, *self.ledger.notes(known=self.knows, looks_up=looks_up)]
        last = self._watch.last
        if self._watch.silent >= PATIENCE and last is not None:
            self.monitor.gone = True
            notes.append(silence_note(last, left))
        return result + Result(verdicts={"inconclusive": left}, notes=tuple(notes))

    def stop(self) -> Result:
        """Return what is known without sending anything more, `open`'s result included.

        What was rejected since the target last accepted something valid is not counted as proven.
        """
        self.ledger.close()
        decide(self)
        opened, total = self._opened or Result(), 1 + len(self._plan.cases)
        sent = min(total, self._sent + (self._opened is not None))
        return opened + self.ledger.result(self._plan.cases) + broken_off(sent, total)

    @property
    def knows(self) -> bool:
        """Whether the target is known to accept the baseline when all is well."""
        return self._opened is not None and self._opened.baseline == "accepted"

    def _speaks_against(self, case: Case, interaction: Interaction, since: int | None) -> bool:
        """Return whether a response would be held against a target that may fail by chance.

        The acceptance of an invalid request is no chance, and sent again it might change more.
        """
        outcome = self.outcome(interaction)
        if case.polarity == "accept" and outcome == "rejected":
            return self.ledger.trusts(since)
        return interaction.aborted or outcome == "error"

    async def look(self) -> bool:
        """Send the baseline again, and settle or invalidate what was sent before.

        Where several workers want to look at the same time, the first does it for the others.
        Return whether the target responds.
        """
        return await self._watch.look(self._baseline, known=self.knows)

    async def _baseline(self) -> tuple[Interaction, Outcome]:
        interaction = await self.deliver(self._plan.baseline)
        return interaction, self.outcome(interaction)

    @aside()
    def _judge(self, case: Case, interaction: Interaction, *, trusted: bool) -> Result:
        plan = self._plan
        # A valid request may be rejected because it was carried out already, without a response.
        clear = trusted and not (interaction.repeated and case.polarity == "accept")
        return judge_case(plan.operation, case, interaction, trusted=clear, fail_on=plan.fail_on)
