"""One run against one target: the baseline, each case judged in its light, and the last word.

A sandbox that knows only its own invoices refuses a made-up one for business reasons, and after
that a refusal of a wrong payload proves nothing. So the first request is one the user vouches for,
and what it shows decides what the rest can mean. A target may change its mind in the middle of a
run, be gone for a moment or fail by chance. So the baseline is sent again from time to time, and
whenever an answer would speak against the target; what fails is believed when it fails twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from enkash_contract import remarks
from enkash_contract.contract import REQUEST
from enkash_contract.errors import TargetError
from enkash_contract.explanations import counted
from enkash_contract.interaction import Interaction
from enkash_contract.judge import judge_case
from enkash_contract.outcome import Outcome, outcome_of
from enkash_contract.plan import EVERY
from enkash_contract.result import Result, Tally
from enkash_contract.validation import validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from enkash_contract.delivery import Sender
    from enkash_contract.plan import Plan
    from enkash_contract.suite import Case

    Exchanged = Callable[[Case, Interaction], None]
    Told = Callable[[Result], None]

PATIENCE = 3
"""When the baseline goes without an answer so often in a row, the rest is not sent."""


def add(results: list[Result]) -> Result:
    """Add up many results, pairwise, so that the time stays in proportion to their number."""
    while len(results) > 1:
        pairs = zip(results[::2], results[1::2], strict=False)
        odd = results[-1:] if len(results) % 2 else []
        results = [first + second for first, second in pairs] + odd
    return results[0]


def only_baseline(opened: Result) -> Result:
    """Keep of an opened session's result what the baseline means, not what it found."""
    return Result(baseline=opened.baseline, notes=opened.notes)


def broken_off(sent: int, total: int) -> Result:
    """Say of a run that was interrupted how far it came."""
    note = f"interrupted after {sent} of {counted(total, 'case')}"
    return Result(verdicts={"inconclusive": total - sent}, notes=(note,), interrupted=True)


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


class Session:
    """One run against one target: what the baseline showed, and each case judged in its light.

    The answers since the target last accepted something right are kept, because a target that has
    stopped accepting the baseline (it keeps state, or lets in only so many requests) may have
    refused everything since then for that reason alone. A time during which the baseline was
    accepted is a light; it ends when the baseline is refused, and what was sent in it and not yet
    confirmed proves nothing any more.
    """

    def __init__(self, made: Plan, http: Sender, exchanged: Exchanged | None = None) -> None:
        self._plan = made
        self._http = http
        self._exchanged = exchanged
        self._opened: Result | None = None
        self._light: int | None = None
        self._lights = 0
        self._answerable = False
        self._settled = Result()
        self._since: list[_Sent] = []
        self._confirmed = 0
        self._sent = 0
        self._looking = asyncio.Lock()
        self._looks = 0
        self._last: Interaction | None = None
        self._silent = 0
        self._out = False
        self._unproven = 0
        self._unknown = 0
        self._unrepeated = 0
        self._uninformative: Counter[int] = Counter()

    async def open(self) -> Result:
        """Send the baseline and say what it means for the rest.

        Raises:
            TargetError: there was no answer at all.

        """
        made = self._plan
        interaction = await self._http.send(made.baseline.request(self._http.url))
        response = interaction.response
        if interaction.aborted:
            note = remarks.of_business(str(interaction.error))
            self._opened = Result((), {"inconclusive": 1}, baseline="unknown", notes=(note,))
            return self._opened
        if response is None:
            raise TargetError(f"{self._http.source} {interaction.error}")
        self._tell(made.baseline, interaction)
        outcome = outcome_of(made.operation, interaction)
        judged = judge_case(
            made.operation, made.baseline, interaction, trusted=False, fail_on=made.fail_on
        )
        # A wrong answer to a right request is worth looking at from every side; one that says the
        # request was not looked at (401 and such), moved or broke the server is not.
        redirected = response.status // 100 == remarks.REDIRECTION
        looked_at = outcome in ("accepted", "rejected") or bool(judged.violations)
        self._answerable = looked_at and outcome != "error" and not redirected
        if outcome == "accepted":
            self._light = self._lights
        notes = () if self.trusted else (remarks.of_baseline(outcome, response.status),)
        tallies = self._accepted() if self.trusted else {}
        self._opened = replace(judged, baseline=outcome, notes=notes, tallies=tallies)
        return self._opened

    @property
    def trusted(self) -> bool:
        """Whether a refusal now proves something."""
        return self._light is not None

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

    async def send(self, case: Case) -> Result:
        """Send one case and return what it shows so far; `close` has the last word."""
        if len(self._since) >= 2 * EVERY:
            # Somebody looks already, and it takes long: nobody goes on in the dark for ever.
            await self._look()
        light, before = self._light, self._confirmed + len(self._since)
        interaction = await self._answer(case)
        if self._speaks_against(case, interaction, light):
            light, interaction = await self._again(case, interaction)
        self._sent += 1
        lit = self._shines(light)
        shows = self._judge(case, interaction, trusted=lit)
        self._since.append(_Sent(case, interaction, light, lit, shows))
        if case.polarity == "accept" and shows.count("held"):
            # It was accepted after these were answered, so they were refused for what they are.
            self._settle(before, trusted=True)
        if self._knows and self._sent % EVERY == 0:
            await self._look()
        return shows

    async def close(self) -> Result:
        """Send the baseline once more, and return the sum of all cases in the light of it."""
        if self._since and self.trusted and self.worth_going_on:
            await self._look()
        self._settle_all()
        left = max(0, len(self._plan.cases) - self._sent)
        notes = [*self._plan.notes, *remarks.of_answers(self._uninformative)]
        notes += remarks.of_state(self._unproven, regained=self.trusted)
        notes += remarks.of_outage(self._unknown)
        notes += remarks.of_chance(self._unrepeated)
        if self._silent >= PATIENCE and self._last is not None:
            notes.append(remarks.of_silence(str(self._last.error), left))
        return self._sorted(self._settled) + Result(
            verdicts={"inconclusive": left}, notes=tuple(notes)
        )

    def stop(self) -> Result:
        """Return what is known without sending anything more, `open`'s result included.

        What was refused since the target last accepted something right is not counted as proven.
        """
        self._settle_all()
        opened = self._opened or Result()
        total = 1 + len(self._plan.cases)
        sent = min(total, self._sent + (self._opened is not None))
        return opened + self._sorted(self._settled) + broken_off(sent, total)

    @property
    def _knows(self) -> bool:
        """Whether the target is known to accept the baseline when all is well."""
        return self._opened is not None and self._opened.baseline == "accepted"

    def _shines(self, light: int | None) -> bool:
        return light is not None and light == self._light

    def _speaks_against(self, case: Case, interaction: Interaction, light: int | None) -> bool:
        """Say whether an answer would be held against the target, which may have failed by chance.

        A wrong request that is accepted is no chance, and sent again it might change more.
        """
        outcome = self._outcome(interaction)
        if case.polarity == "accept" and outcome == "rejected":
            return self._shines(light)
        return interaction.aborted or outcome == "error"

    async def _again(self, case: Case, first: Interaction) -> tuple[int | None, Interaction]:
        """Send a case once more, now that the target is known to be there; return the light, too.

        While the baseline fails as well, nobody can tell whose fault it was.
        """
        failed = self._outcome(first) != "rejected"
        if self._knows:
            await self._look()
            if self._silent:
                return None, replace(first, response=None, aborted=True)
        light = self._light
        again = await self._answer(case)
        if self._outcome(again) == self._outcome(first) or again.aborted:
            return light, again
        self._unrepeated += 1
        return light, replace(again, repeated=again.repeated or failed)

    async def _look(self) -> None:
        """Send the baseline again and draw the consequences for what was sent before.

        Of several that want to look at the same time, the first one does it for all the others.
        """
        begun = self._looks
        async with self._looking:
            if self._looks > begun:
                return
            self._looks += 1
            before = self._confirmed + len(self._since)
            self._last = await self._answer(self._plan.baseline)
            outcome = self._outcome(self._last)
            failed = self._last.aborted or outcome == "error"
            self._silent = self._silent + 1 if failed else 0
            if outcome == "accepted":
                self._settle(before, trusted=True)
                self._light = self._lights
            else:
                self._light, self._lights, self._out = None, self._lights + 1, failed
                self._settle_all()

    def _settle_all(self) -> None:
        self._settle(self._confirmed + len(self._since), trusted=False)

    def _settle(self, before: int, *, trusted: bool) -> None:
        """Decide what the answers prove that arrived as the first so many of the run."""
        number = max(0, before - self._confirmed)
        done, self._since = self._since[:number], self._since[number:]
        self._confirmed += len(done)
        results = []
        for one in done:
            lit = trusted and self._shines(one.light)
            same = lit == one.lit
            shows = one.shows if same else self._judge(one.case, one.interaction, trusted=lit)
            results.append(shows)
            if shows.count("inconclusive"):
                self._wonder(one.interaction, lit=lit)
        self._settled = add([self._settled, *results])

    def _wonder(self, interaction: Interaction, *, lit: bool) -> None:
        """Keep count of the reasons for which answers prove nothing."""
        if not lit:
            self._unknown += self._knows and self._out
            self._unproven += self._knows and not self._out
        elif interaction.response is not None and not interaction.repeated:
            self._uninformative[interaction.response.status] += 1

    def _sorted(self, result: Result) -> Result:
        """Return `result` with its findings in the order of the cases, not of the answers."""
        places = {case.id: at for at, case in enumerate(self._plan.cases)}
        end = len(places)
        found = sorted(result.findings, key=lambda one: places.get(one.case, end))
        return replace(result, findings=tuple(found))

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
        broken = {one.rule for one in validator(made.operation).of_bytes(body)[1]}
        return {
            (rule.id, "accept"): Tally(1, 1)
            for rule in made.operation.rules.values()
            if rule.side == REQUEST and rule not in broken
        }
