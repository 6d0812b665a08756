"""One run against one target: the baseline, each case judged in its light, and the last word.

A sandbox that knows only its own invoices refuses a made-up one for business reasons, and after
that a refusal of a wrong payload proves nothing. So the first request is one the user vouches for,
and what it shows decides what the rest can mean. A target may change its mind in the middle of a
run, be gone for a moment or fail by chance. So the baseline is sent again from time to time, and
whenever an answer would speak against the target; what fails is believed when it fails twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.wording import counted
from enkash_contract.engine import notes as remarks
from enkash_contract.engine.ledger import Ledger
from enkash_contract.engine.plan import EVERY
from enkash_contract.errors import TargetError
from enkash_contract.judging.judge import judge_case
from enkash_contract.judging.result import Result, Tally
from enkash_contract.validation.outcome import Outcome, outcome_of
from enkash_contract.validation.validate import validator
from enkash_contract.wire.message import Interaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.transport.delivery import Sender
    from enkash_contract.judging.case import Case

    Exchanged = Callable[[Case, Interaction], None]
    Told = Callable[[Result], None]

PATIENCE = 2
"""When the baseline goes without an answer so often in a row, the rest is not sent."""


def only_baseline(opened: Result) -> Result:
    """Keep of an opened session's result what the baseline means, not what it found."""
    return Result(baseline=opened.baseline, notes=opened.notes)


def broken_off(sent: int, total: int) -> Result:
    """Say of a run that was interrupted how far it came."""
    note = f"interrupted after {sent} of {counted(total, 'case')}"
    return Result(verdicts={"inconclusive": total - sent}, notes=(note,), interrupted=True)


class Session:
    """One run against one target: what the baseline showed, and each case judged in its light."""

    def __init__(self, made: Plan, http: Sender, exchanged: Exchanged | None = None) -> None:
        self._plan = made
        self._http = http
        http.secrets.add_body(made.baseline.wire.body)
        self._exchanged = exchanged
        self._ledger = Ledger(self._judge)
        self._opened: Result | None = None
        self._answerable = False
        self._sent = 0
        self._looking = asyncio.Lock()
        self._looks = 0
        self._last: Interaction | None = None
        self._silent = 0
        self._unrepeated = 0

    async def open(self) -> Result:
        """Send the baseline and say what it means for the rest.

        Raises:
            TargetError: there was no answer at all.

        """
        interaction = await self._http.send(self._plan.baseline.request(self._http.url))
        self._tell(self._plan.baseline, interaction)
        if self._outcome(interaction) == "error":
            # It may have failed by chance; the second time it is an answer.
            interaction = await self._http.send(self._plan.baseline.request(self._http.url))
            self._tell(self._plan.baseline, interaction)
        if interaction.aborted:
            note = remarks.of_business(str(interaction.error))
            self._opened = Result((), {"inconclusive": 1}, baseline="unknown", notes=(note,))
        elif interaction.response is None:
            raise TargetError(f"{self._http.source} {interaction.error}")
        else:
            self._opened = self._begin(interaction, interaction.response.status)
        return self._opened

    def _begin(self, interaction: Interaction, status: int) -> Result:
        """Draw the consequences of how the baseline was answered."""
        outcome = self._outcome(interaction)
        judged = self._judge(self._plan.baseline, interaction, trusted=False)
        # A wrong answer to a right request is worth looking at from every side; one that says the
        # request was not looked at (401 and such), moved or broke the server is not.
        redirected = status // 100 == remarks.REDIRECTION
        looked_at = outcome in ("accepted", "rejected") or bool(judged.violations)
        self._answerable = looked_at and outcome != "error" and not redirected
        if outcome == "accepted":
            self._ledger.lighten(0)
            return replace(judged, baseline=outcome, tallies=self._accepted())
        notes = (remarks.of_baseline(outcome, status),)
        return replace(judged, baseline=outcome, notes=notes, tallies={})

    @property
    def trusted(self) -> bool:
        """Whether a refusal now proves something."""
        return self._ledger.light is not None

    @property
    def worth_going_on(self) -> bool:
        """Whether another case could still show something."""
        return self._answerable and self._silent < PATIENCE

    async def run(self, cases: Iterable[Case], told: Told, *, workers: int = 1) -> None:
        """Send `cases`, so many at a time, and tell what each shows so far; `close` sums up."""
        left = iter(cases)

        async def work() -> None:
            for case in left:
                if not self.worth_going_on:
                    return
                told(await self.send(case))

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

        With `once` it is not sent again when the answer speaks against the target: whoever looks
        at what several requests do together has to repeat all of them.
        """
        ledger = self._ledger
        if ledger.unsettled >= 2 * EVERY:
            # Somebody looks already, and it takes long: nobody goes on in the dark for ever.
            await self.look()
        light, before = ledger.light, ledger.entered
        interaction = await self._answer(case)
        if not once and self._speaks_against(case, interaction, light):
            light, interaction = await self._again(case, interaction)
        self._sent += 1
        shows = ledger.enter(case, interaction, light)
        if case.polarity == "accept" and shows.count("held"):
            # It was accepted after these were answered, so they were refused for what they are.
            ledger.accepted(before)
        if self._knows and self._sent % EVERY == 0:
            await self.look()
        return shows

    async def close(self) -> Result:
        """Send the baseline once more, and return the sum of all cases in the light of it."""
        if self._ledger.unsettled and self.trusted and self.worth_going_on:
            await self.look()
        self._ledger.close()
        left = max(0, len(self._plan.cases) - self._sent)
        notes = [*self._plan.notes, *self._ledger.notes(known=self._knows)]
        notes += remarks.of_chance(self._unrepeated)
        if self._silent >= PATIENCE and self._last is not None:
            notes.append(remarks.of_silence(self._last, left))
        unsent = Result(verdicts={"inconclusive": left}, notes=tuple(notes))
        return self._ledger.result(self._plan.cases) + unsent

    def stop(self) -> Result:
        """Return what is known without sending anything more, `open`'s result included.

        What was refused since the target last accepted something right is not counted as proven.
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

    def _speaks_against(self, case: Case, interaction: Interaction, light: int | None) -> bool:
        """Say whether an answer would be held against the target, which may have failed by chance.

        A wrong request that is accepted is no chance, and sent again it might change more.
        """
        outcome = self._outcome(interaction)
        if case.polarity == "accept" and outcome == "rejected":
            return self._ledger.shines(light)
        return interaction.aborted or outcome == "error"

    async def _again(self, case: Case, first: Interaction) -> tuple[int | None, Interaction]:
        """Send a case once more, now that the target is known to be there; return the light, too.

        While the baseline fails as well, nobody can tell whose fault it was.
        """
        if self._knows:
            await self.look()
            if self._silent:
                return None, replace(first, response=None, aborted=True)
        light = self._ledger.light
        again = await self._answer(case)
        if self._outcome(again) != self._outcome(first) and not again.aborted:
            self._unrepeated += 1
        # What was refused was not carried out; what failed may have been.
        repeated = first.repeated or self._outcome(first) != "rejected"
        return light, replace(again, repeated=again.repeated or repeated)

    async def look(self) -> None:
        """Send the baseline again and draw the consequences for what was sent before.

        Of several that want to look at the same time, the first one does it for all the others.
        """
        begun = self._looks
        async with self._looking:
            if self._looks > begun:
                return
            self._looks += 1
            before = self._ledger.entered
            last = await self._answer(self._plan.baseline)
            if self._outcome(last) == "error":
                # As any case it may fail once.
                last = await self._answer(self._plan.baseline)
            failed = last.aborted or self._outcome(last) == "error"
            self._last, self._silent = last, self._silent + 1 if failed else 0
            if self._outcome(last) == "accepted":
                self._ledger.lighten(before)
            else:
                self._ledger.darken(failed=failed)

    def _outcome(self, interaction: Interaction) -> Outcome:
        return outcome_of(self._plan.operation, interaction)

    def _judge(self, case: Case, interaction: Interaction, *, trusted: bool) -> Result:
        made = self._plan
        # A right request may be refused because it was carried out already, unanswered.
        clear = trusted and not (interaction.repeated and case.polarity == "accept")
        return judge_case(made.operation, case, interaction, trusted=clear, fail_on=made.fail_on)

    async def _answer(self, case: Case) -> Interaction:
        request = case.request(self._http.url)
        try:
            interaction = await self._http.send(request)
        except TargetError as problem:
            interaction = Interaction(request, None, str(problem), source=self._http.source)
        self._tell(case, interaction)
        return interaction

    def _tell(self, case: Case, interaction: Interaction) -> None:
        if self._exchanged is not None:
            self._exchanged(case, interaction)

    def _accepted(self) -> dict[tuple[str, str], Tally]:
        """Count the accepting side of every rule that the accepted baseline keeps."""
        made = self._plan
        body = made.baseline.wire.body
        broken = {one.rule for one in validator(made.operation).of_bytes(body)}
        return {
            (rule.id, "accept"): Tally(1, 1)
            for rule in made.operation.rules.values()
            if rule.side == REQUEST and rule not in broken
        }
