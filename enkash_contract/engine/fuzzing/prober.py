"""Sending a draw, and reporting each failure of the nearest request that shows the same.

A drawn request changes many things at once. If it makes the server crash, a reader wants to know
which of them: so the nearer requests of its step are sent too, and a failure that one of them shows
as well is reported of that one.

**Rejections of valid requests.** A live sandbox knows its own invoice and rejects all others, for
reasons that the document does not give. So a rejection is kept until another valid value of its
member was accepted, by the rule of `members`, and a member that may be the key of a look-up is no
longer varied. Members that are rejected only together are no violation either, because the document
does not say how values relate; they are an assumption.

**Chance.** A crash, or the rejection of a valid request, is believed when it comes again as often
as in the suite: the baseline is sent, and then all that it took once more. An acceptance is no
chance; but one that does not come again depends on what came before. It is reported as such, and
not of the rule that happened to be looked at.

**Histories.** A change may be rejected because of the one before, lawfully. So what was drawn to
explore (two rules broken at once, and everything that takes two requests) counts only where no
server has an excuse: crashes, broken responses, and the acceptance of what is surely invalid.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from enkash_contract.engine.session import PATIENCE
from enkash_contract.engine.stability import MOST
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging.case import family_of
from enkash_contract.judging.checks import NEGATIVE, POSITIVE, SERVER_ERROR
from enkash_contract.judging.finding import Finding, fingerprint
from enkash_contract.judging.members import Member, is_free, keys, union
from enkash_contract.judging.result import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.engine.fuzzing.steps import Draw, Step
    from enkash_contract.engine.session import Session
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.members import Members
    from enkash_contract.validation.outcome import Outcome

INSISTS = 3
"""After so many rejections, and no acceptance, of other values a member is no longer varied."""

OF_CASES = {"accept": (POSITIVE, SERVER_ERROR), "reject": (NEGATIVE, SERVER_ERROR)}
"""The checks on a case by its polarity; all others are about the response alone."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """A finding, with the step that showed it and the tally of its case."""

    finding: Finding
    step: Step
    tally: Tally

    @property
    def key(self) -> str:
        """Key that is equal for the same failure."""
        return self.finding.fingerprint

    @property
    def plain(self) -> str:
        """The fingerprint that the suite gives to the same failure."""
        finding = self.finding
        family = fuzz_ids.plain(finding.family)
        return fingerprint(finding.operation, finding.check, finding.rule, family)

    @property
    def size(self) -> tuple[int, int, bytes]:
        """How much of it there is to read: less is easier to understand."""
        body = self.step.case.wire.body
        return len(self.step.varied), len(body), body


class Prober:
    """Sends draws by one session, and remembers which values the target accepts in each member."""

    def __init__(
        self,
        session: Session,
        baseline: Case,
        known: Callable[[Sighting], bool] = lambda _: False,
        members: Members | None = None,
    ) -> None:
        self._session = session
        self._baseline = baseline
        self._known = known
        self.members = members or {}
        self._doubted: list[Sighting] = []

    @property
    def over(self) -> bool:
        """Whether nothing more can be learnt: no responses, or the baseline is not accepted."""
        return not (self._session.trusted and self._session.worth_going_on)

    async def refresh(self) -> None:
        """Send the baseline, so that what was rejected since its last acceptance is settled.

        A target that does not respond may be gone for a moment only, so it is tried again.
        """
        for _ in range(PATIENCE):
            await self._session.look()
            if not self.over:
                break

    async def look(self, draw: Draw) -> tuple[Sighting, ...]:
        """Send a draw, and the nearer requests that may explain what it shows."""
        shown = await self._together(draw)
        sightings: dict[str, Sighting] = {}
        for step in draw.steps:
            for sighting in await self._explained(step, shown, draw):
                if self._counts(sighting, draw):
                    sightings.setdefault(sighting.key, sighting)
        return tuple(sightings.values())

    def late(self) -> Iterator[Sighting]:
        """Yield the rejections that became findings when another value was accepted later."""
        yield from (one for one in self._doubted if self._is_free(one.step.varied[0], one))

    def kept(self) -> set[str]:
        """Return the members that are not worth varying any more."""
        return {
            place
            for operation, place in keys(self.members)
            if len(self.members[operation, place].rejected) >= INSISTS
        }

    async def _together(self, draw: Draw) -> dict[Step, list[Sighting]]:
        """Send the steps of a draw, in turn or at once, and return what each of them shows."""
        if draw.at_once:
            both = await asyncio.gather(*map(self._sent, draw.steps))
            return dict(zip(draw.steps, both, strict=True))
        return {step: await self._sent(step) for step in draw.steps}

    async def _shown(self, step: Step, shown: dict[Step, list[Sighting]]) -> list[Sighting]:
        """Return what a step shows, sent only once however many others it is nearer than."""
        if step not in shown:
            shown[step] = await self._sent(step)
        return shown[step]

    async def _explained(
        self, step: Step, shown: dict[Step, list[Sighting]], draw: Draw
    ) -> list[Sighting]:
        """Return what a step shows, each reported of the nearest step that shows the same."""
        sightings = []
        for sighting in await self._shown(step, shown):
            check = sighting.finding.check
            explanations: list[Sighting] = []
            for nearer in step.nearer:
                if check not in OF_CASES[nearer.case.polarity]:
                    continue
                if draw.steps[1:] and nearer not in shown:
                    # So that it does not come right after itself, which may be the very mistake.
                    await self.refresh()
                found = await self._explained(nearer, shown, draw)
                explanations += [other for other in found if other.finding.check == check]
            if explanations:
                self._blame(sighting)
            sightings += explanations or await self._confirmed(sighting, draw)
        return sightings

    async def _confirmed(self, sighting: Sighting, draw: Draw) -> list[Sighting]:
        """Return a sighting as far as it is to be believed."""
        finding, case = sighting.finding, sighting.step.case
        if finding.check == POSITIVE and (draw.explores or not sighting.step.varied):
            return []
        if self._known(sighting) or finding.check not in (POSITIVE, NEGATIVE, SERVER_ERROR):
            self._blame(sighting)
            return [sighting]
        if finding.check == NEGATIVE:
            return [sighting if fuzz_ids.is_history(case.id) else await self._placed(sighting)]
        if not await self._is_no_chance(sighting, draw):
            return []
        self._blame(sighting)
        return [sighting]

    def _blame(self, sighting: Sighting) -> None:
        if sighting.finding.check == SERVER_ERROR:
            self._session.monitor.blame(sighting.step.case.id)

    async def _is_no_chance(self, sighting: Sighting, draw: Draw) -> bool:
        """Return whether a sighting comes again so often that chance does not explain it.

        While the baseline fails as well, nobody can know whose fault it was.
        """
        monitor, case = self._session.monitor, sighting.step.case
        outcome: Outcome = "error" if sighting.finding.check == SERVER_ERROR else "rejected"
        times = 1
        while times < min(MOST, monitor.needed(outcome, {case.id})):
            if not await self._comes_again(sighting, draw):
                if not self.over:
                    monitor.changed(sighting.finding.interaction, outcome)
                return False
            times += 1
        await self.refresh()
        return not self.over and times >= monitor.needed(outcome, {case.id})

    async def _comes_again(self, sighting: Sighting, draw: Draw) -> bool:
        """Send all that led to a sighting once more; return whether it comes again."""
        await self.refresh()
        if not fuzz_ids.is_history(sighting.step.case.id):
            again = await self._sent(sighting.step)
        else:
            shown = await self._together(draw)
            # Of two that are sent at the same time, chance decides which one fails.
            again = [other for step in draw.steps if step.nearer for other in shown[step]]
        return any(other.finding.check == sighting.finding.check for other in again)

    async def _placed(self, sighting: Sighting) -> Sighting:
        """Return an acceptance that comes again as it is, else as one that depends on others."""
        finding, case = sighting.finding, sighting.step.case
        await self.refresh()
        again = await self._sent(sighting.step)
        if self.over or any(other.finding.check == finding.check for other in again):
            return sighting
        message = f"{finding.message}; not again, when it was sent after the baseline"
        history = fuzz_ids.case_id(case.rule, fuzz_ids.AFTER, case.wire)
        changed = replace(finding, case=history, message=message)
        return replace(sighting, finding=self._drawn(changed))

    def _counts(self, sighting: Sighting, draw: Draw) -> bool:
        """Return whether a sighting is a finding; remember it where it may become one."""
        finding, varied = sighting.finding, sighting.step.varied
        explores = draw.explores and sighting.step in draw.steps
        if finding.check == NEGATIVE and (explores or fuzz_ids.is_history(finding.case)):
            return finding.severity == "violation"
        if finding.check != POSITIVE:
            return True
        if len(varied) > 1 or self._is_free(varied[0], sighting):
            return True
        seen = Member(rejected=frozenset({sighting.step.case.id}))
        self.members = union((self.members, {(finding.operation, varied[0]): seen}))
        self._doubted.append(sighting)
        return False

    def _is_free(self, place: str, sighting: Sighting) -> bool:
        return is_free(self.members, sighting.finding.operation, place)

    async def _sent(self, step: Step) -> list[Sighting]:
        if self.over:
            return []
        result = await self._session.send(step.case, once=True)
        tally = result.tallies.get((step.case.rule.id, step.case.polarity), Tally())
        # What is rejected proves nothing before it was confirmed, nor after another change.
        accepted = {at: seen for at, seen in result.members.items() if seen.accepted}
        self.members = union((self.members, accepted))
        return [Sighting(self._drawn(finding), step, tally) for finding in result.findings]

    def _drawn(self, finding: Finding) -> Finding:
        """Return a finding with a drawn family, also where it is about the response alone."""
        name, root = fuzz_ids.name(finding.case), self._baseline.rule
        of_two = finding.check == SERVER_ERROR and name == fuzz_ids.TWO
        if of_two or (name in fuzz_ids.HISTORIES and finding.family):
            # A failure that takes two changes is no matter of the rule that either breaks: a race
            # is reported once, and not for each rule that was looked at meanwhile.
            return replace(
                finding,
                rule=root.id,
                pointer=root.pointer,
                document=root.place,
                family=fuzz_ids.family(family_of(root, name)),
            )
        return finding if finding.family else replace(finding, family=fuzz_ids.DRAWN)
