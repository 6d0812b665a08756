"""One run against one target: the baseline, each case judged while it is trusted, and the result.

A sandbox that knows only its own invoices rejects a made-up one for business reasons, and after
that a rejection of an invalid payload proves nothing. So the first request is one the user vouches
for, and its response decides what the others can mean. A target may change its mind in the middle
of a run, be gone for a moment or fail by chance. So the baseline is sent again from time to time,
and whenever a response would speak against the target; a failure is believed when it comes twice.
"""

from __future__ import annotations

import asyncio
import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.wording import counted
from enkash_contract.engine.baseline import REDIRECTION, baseline_note
from enkash_contract.engine.ledger import Ledger
from enkash_contract.engine.look_ups import LookUps
from enkash_contract.engine.notes import (
    busy_note,
    chance_notes,
    silence_note,
)
from enkash_contract.engine.plan import EVERY
from enkash_contract.errors import TargetError
from enkash_contract.judging.judge import judge_case
from enkash_contract.judging.members import is_key
from enkash_contract.judging.result import Result, Tally
from enkash_contract.judging.settlement import settled
from enkash_contract.validation.outcome import Outcome, outcome_of
from enkash_contract.validation.validator import validator
from enkash_contract.wire.message import Interaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.transport.delivery import Sender
    from enkash_contract.judging.case import Case
    from enkash_contract.wire.message import Response

    Exchanged = Callable[[Case, Interaction], None]
    Judged = Callable[[Result], None]

PATIENCE = 2
"""After so many failures of the baseline in a row, the rest is not sent."""


def only_baseline(opened: Result) -> Result:
    """Return an opened session's result with what the baseline means, without its findings."""
    return Result(baseline=opened.baseline, notes=opened.notes)


def broken_off(sent: int, total: int) -> Result:
    """Return the result of a run that was interrupted after `sent` of `total` cases."""
    note = f"interrupted after {sent} of {counted(total, 'case')}"
    return Result(verdicts={"inconclusive": total - sent}, notes=(note,), interrupted=True)


class Session:
    """One run against one target: what the baseline showed, and each case judged by it."""

    def __init__(self, plan: Plan, http: Sender, exchanged: Exchanged | None = None) -> None:
        self._plan = plan
        self._http = http
        http.secrets.add_body(plan.baseline.wire.body)
        self._exchanged = exchanged
        self._ledger = Ledger(self._judge)
        self._look_ups = LookUps(plan)
        self._opened: Result | None = None
        self._answerable = False
        self._sent = 0
        self._looking = asyncio.Lock()
        self._looks = 0
        self._last: Interaction | None = None
        self._silent = 0
        self._unrepeated = 0

    async def open(self) -> Result:
        """Send the baseline and return what it means for the rest.

        Raises:
            TargetError: there was no response at all.

        """
        interaction = await self._first()
        if self._outcome(interaction) == "error":
            # It may have failed by chance; the second time it is believed.
            interaction = await self._first()
        if interaction.aborted:
            note = busy_note(str(interaction.error))
            self._opened = Result((), {"inconclusive": 1}, baseline="unknown", notes=(note,))
        elif interaction.response is None:
            raise TargetError(f"{self._http.source} {interaction.error}")
        else:
            self._opened = self._begin(interaction, interaction.response)
        return self._opened

    async def _first(self) -> Interaction:
        """Send the baseline; that nothing listens at the address is raised here, and only here."""
        interaction = await self._http.send(self._plan.baseline.request(self._http.url))
        self._report(self._plan.baseline, interaction)
        return interaction

    def _begin(self, interaction: Interaction, response: Response) -> Result:
        """Return what the first response to the baseline shows, and begin to trust it or not."""
        outcome = self._outcome(interaction)
        judged = self._judge(self._plan.baseline, interaction, trusted=False)
        # A response that breaks the contract is worth looking at from every side. One that did not
        # look at the request (401 and such), redirects it or is a crash is not.
        redirected = response.status // 100 == REDIRECTION
        looked_at = outcome in ("accepted", "rejected") or bool(judged.violations)
        self._answerable = looked_at and outcome != "error" and not redirected
        if outcome == "accepted":
            self._ledger.confirm(0)
            return replace(judged, baseline=outcome, tallies=self._accepted())
        note = baseline_note(self._plan.operation, outcome, interaction, response)
        notes = (note, *judged.notes)
        return replace(judged, baseline=outcome, notes=notes, tallies={})

    @property
    def trusted(self) -> bool:
        """Whether a rejection proves something now."""
        return self._ledger.trusted_since is not None

    @property
    def worth_going_on(self) -> bool:
        """Whether another case could still show something."""
        return self._answerable and self._silent < PATIENCE

    async def run(self, cases: Iterable[Case], judged: Judged, *, workers: int = 1) -> None:
        """Send `cases`, call `judged` with what each shows so far; `close` sums up."""
        left = iter(cases)

        async def work() -> None:
            for case in left:
                if not self.worth_going_on:
                    return
                judged(self.so_far(await self.send(case)))

        if workers == 1:
            await work()
            return
        tasks = [asyncio.ensure_future(work()) for _ in range(workers)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def send(self, case: Case, *, once: bool = False) -> Result:
        """Send one case and return what it shows so far; `close` has the last word.

        With `once` it is not sent again when the response speaks against the target: where several
        requests are looked at together, all of them have to be repeated.
        """
        ledger = self._ledger
        if ledger.unsettled >= 2 * EVERY:
            # Another worker looks already, and it takes long: what is kept must not grow for ever.
            await self.look()
        since, before = ledger.trusted_since, ledger.entered
        interaction = await self._deliver(case)
        if not once and self._speaks_against(case, interaction, since):
            since, interaction = await self._again(case, interaction)
        self._sent += 1
        shows = ledger.enter(case, interaction, since)
        self._look_ups.enter(case, shows)
        if case.polarity == "accept" and shows.count("held"):
            # It was accepted after these responses, so they were rejected for what they are.
            ledger.accepted(before)
        if self._knows and self._sent % EVERY == 0:
            await self.look()
        return shows

    def so_far(self, shows: Result) -> Result:
        """Return what a case shows by what is known of its members so far."""
        return settled(shows + Result(members=self._look_ups.members))

    async def try_others(self) -> Result:
        """Try other values of the members in doubt; return which were accepted, and no more."""
        tried = Result()
        while self.trusted and self.worth_going_on and (case := self._look_ups.next()):
            shows = self._judge(case, await self._deliver(case), trusted=True)
            self._look_ups.enter(case, shows)
            tried += Result(members=shows.members)
        return tried

    async def close(self) -> Result:
        """Send the baseline once more, and return the sum of all cases as it now proves them."""
        if self._ledger.unsettled and self.trusted and self.worth_going_on:
            await self.look()
        self._ledger.close()
        result = self._ledger.result(self._plan.cases) + await self.try_others()
        left = max(0, len(self._plan.cases) - self._sent)
        looks_up = functools.partial(is_key, result.members, self._plan.operation.id)
        notes = [*self._plan.notes, *self._ledger.notes(known=self._knows, looks_up=looks_up)]
        notes += chance_notes(self._unrepeated)
        if self._silent >= PATIENCE and self._last is not None:
            notes.append(silence_note(self._last, left))
        unsent = Result(verdicts={"inconclusive": left}, notes=tuple(notes))
        return result + unsent

    def stop(self) -> Result:
        """Return what is known without sending anything more, `open`'s result included.

        What was rejected since the target last accepted something valid is not counted as proven.
        """
        self._ledger.close()
        opened = self._opened or Result()
        total = 1 + len(self._plan.cases)
        sent = min(total, self._sent + (self._opened is not None))
        return opened + self._ledger.result(self._plan.cases) + broken_off(sent, total)

    @property
    def _knows(self) -> bool:
        """Whether the target is known to accept the baseline when all is well."""
        return self._opened is not None and self._opened.baseline == "accepted"

    def _speaks_against(self, case: Case, interaction: Interaction, since: int | None) -> bool:
        """Return whether a response would be held against a target that may fail by chance.

        The acceptance of an invalid request is no chance, and sent again it might change more.
        """
        outcome = self._outcome(interaction)
        if case.polarity == "accept" and outcome == "rejected":
            return self._ledger.trusts(since)
        return interaction.aborted or outcome == "error"

    async def _again(self, case: Case, first: Interaction) -> tuple[int | None, Interaction]:
        """Send a case again, now that the target is known to be there; return since when, too.

        While the baseline fails as well, nobody can know whose fault it was.
        """
        if self._knows:
            await self.look()
            if self._silent:
                return None, replace(first, response=None, aborted=True)
        since = self._ledger.trusted_since
        again = await self._deliver(case)
        if self._outcome(again) != self._outcome(first) and not again.aborted:
            self._unrepeated += 1
        # What was rejected was not carried out; what failed may have been.
        repeated = first.repeated or self._outcome(first) != "rejected"
        return since, replace(again, repeated=again.repeated or repeated)

    async def look(self) -> None:
        """Send the baseline again, and settle or invalidate what was sent before.

        Where several workers want to look at the same time, the first does it for the others.
        """
        begun = self._looks
        async with self._looking:
            if self._looks > begun:
                return
            self._looks += 1
            before = self._ledger.entered
            last = await self._deliver(self._plan.baseline)
            if self._outcome(last) == "error":
                # Like any case it may fail once by chance.
                last = await self._deliver(self._plan.baseline)
            failed = last.aborted or self._outcome(last) == "error"
            self._last, self._silent = last, self._silent + 1 if failed else 0
            if self._outcome(last) == "accepted":
                self._ledger.confirm(before)
            else:
                self._ledger.invalidate(failed=failed)

    def _outcome(self, interaction: Interaction) -> Outcome:
        return outcome_of(self._plan.operation, interaction)

    def _judge(self, case: Case, interaction: Interaction, *, trusted: bool) -> Result:
        plan = self._plan
        # A valid request may be rejected because it was carried out already, without a response.
        clear = trusted and not (interaction.repeated and case.polarity == "accept")
        return judge_case(plan.operation, case, interaction, trusted=clear, fail_on=plan.fail_on)

    async def _deliver(self, case: Case) -> Interaction:
        request = case.request(self._http.url)
        try:
            interaction = await self._http.send(request)
        except TargetError as problem:
            interaction = Interaction(request, None, str(problem), source=self._http.source)
        self._report(case, interaction)
        return interaction

    def _report(self, case: Case, interaction: Interaction) -> None:
        if self._exchanged is not None:
            self._exchanged(case, interaction)

    def _accepted(self) -> dict[tuple[str, str], Tally]:
        """Count the accepting side of every rule that the accepted baseline keeps."""
        operation, body = self._plan.operation, self._plan.baseline.wire.body
        broken = {violation.rule for violation in validator(operation).of_bytes(body)}
        return {
            (rule.id, "accept"): Tally(1, 1)
            for rule in operation.rules.values()
            if rule.side == REQUEST and rule not in broken
        }
