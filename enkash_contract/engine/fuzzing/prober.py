"""Sending what was drawn, and telling what it shows of the nearest request that shows the same.

A drawn request changes many things at once. If it makes the server crash, somebody wants to know
which of them: so the nearer requests of its step are sent too, and whichever shows the same is told
in its place.

**Refusals of right requests.** A live sandbox knows its own invoice and refuses all others, for
reasons that the document says nothing of. So a refusal is told only where the target has shown that
it does not insist on its own value: when it refuses a right value in one member, everything else
being as it was vouched for, and has accepted another value there. A member of which nothing but
the baseline's value was ever accepted may be the key of a look-up: it is named in a note and no
longer varied. Members that are refused only together are no violation either, because the document
does not say how values relate; they are an assumption.

**Chance.** A crash, or the refusal of what is right, is believed when it comes twice, as in the
suite: the baseline is sent, and then all that it took once more. An acceptance is no chance; but
one that does not come again depends on what came before. It is told so, and not of the rule that
happened to be looked at.

**Histories.** A change may be refused because of the one before, lawfully. So what was drawn to
explore (two rules broken at once, and everything that takes two requests) counts only where no
server has an excuse: crashes, broken answers, and the acceptance of what is surely wrong.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from enkash_contract.engine.session import PATIENCE
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging.case import family_of
from enkash_contract.judging.checks import NEGATIVE, POSITIVE, SERVER_ERROR
from enkash_contract.judging.result import Finding, Tally, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.engine.fuzzing.steps import Draw, Step
    from enkash_contract.engine.session import Session
    from enkash_contract.judging.case import Case

INSISTS = 3
"""After so many refusals, and no acceptance, of other values in one member it is not varied."""

OF_CASES = {"accept": (POSITIVE, SERVER_ERROR), "reject": (NEGATIVE, SERVER_ERROR)}
"""What can be shown of a case by itself, by its polarity; the rest is about the answer."""


@dataclass(frozen=True, eq=False)
class Told:
    """A finding, with the step that showed it and what else was found out of its case."""

    finding: Finding
    step: Step
    tally: Tally

    @property
    def key(self) -> str:
        """What is the same for the same failure."""
        return self.finding.fingerprint

    @property
    def plain(self) -> str:
        """The fingerprint that the suite gives to the same failure."""
        one = self.finding
        return fingerprint(one.operation, one.check, one.rule, fuzz_ids.plain(one.family))

    @property
    def size(self) -> tuple[int, int, bytes]:
        """How much there is to read before it is understood."""
        body = self.step.case.wire.body
        return len(self.step.varied), len(body), body


class Prober:
    """Sends draws by one session, and remembers what the target showed of each member."""

    def __init__(
        self, session: Session, baseline: Case, known: Callable[[Told], bool] = lambda _: False
    ) -> None:
        self._session = session
        self._baseline = baseline
        self._known = known
        self._free: set[str] = set()
        self.unrepeated = 0
        self._refused: dict[str, list[Told]] = {}

    @property
    def over(self) -> bool:
        """Whether nothing more is to be learnt: no answers, or the baseline is not accepted."""
        return not (self._session.trusted and self._session.worth_going_on)

    async def refresh(self) -> None:
        """Send the baseline, so that what was refused since it was last accepted is settled.

        A target that does not answer may be gone for a moment only, so it is tried again.
        """
        for _ in range(PATIENCE):
            await self._session.look()
            if not self.over:
                break

    async def look(self, draw: Draw) -> tuple[Told, ...]:
        """Send a draw, and whatever may explain what it shows."""
        heard = await self._together(draw)
        told: dict[str, Told] = {}
        for step in draw.steps:
            for one in await self._explained(step, heard, draw):
                if self._counts(one, draw):
                    told.setdefault(one.key, one)
        return tuple(told.values())

    def late(self) -> Iterator[Told]:
        """Yield the refusals that mean something only since another value was accepted."""
        for where, refused in self._refused.items():
            if where in self._free:
                yield from refused

    def insisted(self) -> list[str]:
        """Return the members in which nothing but the baseline's value was ever accepted."""
        return [where for where in self._refused if where not in self._free]

    def kept(self) -> set[str]:
        """Return the members that are not worth varying any more."""
        distinct = Counter(
            {where: len({one.size for one in self._refused[where]}) for where in self.insisted()}
        )
        return {where for where, number in distinct.items() if number >= INSISTS}

    async def _together(self, draw: Draw) -> dict[Step, list[Told]]:
        """Send the steps of a draw as it says, and return what each of them shows."""
        if draw.at_once:
            both = await asyncio.gather(*map(self._sent, draw.steps))
            return dict(zip(draw.steps, both, strict=True))
        return {step: await self._sent(step) for step in draw.steps}

    async def _hear(self, step: Step, heard: dict[Step, list[Told]]) -> list[Told]:
        if step not in heard:
            heard[step] = await self._sent(step)
        return heard[step]

    async def _explained(self, step: Step, heard: dict[Step, list[Told]], draw: Draw) -> list[Told]:
        """Return what a step showed, each told of the nearest step that shows the same."""
        told = []
        for one in await self._hear(step, heard):
            theirs: list[Told] = []
            for nearer in step.nearer:
                if one.finding.check not in OF_CASES[nearer.case.polarity]:
                    continue
                if draw.steps[1:] and nearer not in heard:
                    # So that it does not come right after itself, which may be what is wrong.
                    await self.refresh()
                found = await self._explained(nearer, heard, draw)
                theirs += [two for two in found if two.finding.check == one.finding.check]
            told += theirs or await self._confirmed(one, draw)
        return told

    async def _confirmed(self, told: Told, draw: Draw) -> list[Told]:
        """Return what was shown, as far as it is to be believed."""
        finding, case = told.finding, told.step.case
        if finding.check == POSITIVE and (draw.explores or not told.step.varied):
            return []
        if self._known(told) or finding.check not in (POSITIVE, NEGATIVE, SERVER_ERROR):
            return [told]
        if finding.check == NEGATIVE:
            return [told if fuzz_ids.is_history(case.id) else await self._placed(told)]
        if await self._comes_again(told, draw):
            return [told]
        self.unrepeated += not self.over
        return []

    async def _comes_again(self, told: Told, draw: Draw) -> bool:
        """Send all that it took to show something once more; say whether it shows again.

        While the baseline fails as well, nobody can tell whose fault it was.
        """
        await self.refresh()
        if not fuzz_ids.is_history(told.step.case.id):
            again = await self._sent(told.step)
        else:
            heard = await self._together(draw)
            # Which of two that go at the same time is the one that fails, is chance.
            again = [one for step in draw.steps if step.nearer for one in heard[step]]
        return any(one.finding.check == told.finding.check for one in again)

    async def _placed(self, told: Told) -> Told:
        """Return the acceptance that comes again as it is, else as one that depends on others."""
        finding, case = told.finding, told.step.case
        await self.refresh()
        again = await self._sent(told.step)
        if self.over or any(one.finding.check == finding.check for one in again):
            return told
        message = f"{finding.message}; not again, when it was sent after the baseline"
        named = fuzz_ids.case_id(case.rule, fuzz_ids.AFTER, case.wire)
        changed = replace(finding, case=named, message=message)
        return replace(told, finding=self._drawn(changed))

    def _counts(self, told: Told, draw: Draw) -> bool:
        """Say whether what was shown is a finding; remember it where it may become one."""
        finding, varied = told.finding, told.step.varied
        explores = draw.explores and told.step in draw.steps
        if finding.check == NEGATIVE and (explores or fuzz_ids.is_history(finding.case)):
            return finding.severity == "violation"
        if finding.check != POSITIVE:
            return True
        if len(varied) > 1 or varied[0] in self._free:
            return True
        self._refused.setdefault(varied[0], []).append(told)
        return False

    async def _sent(self, step: Step) -> list[Told]:
        if self.over:
            return []
        result = await self._session.send(step.case, once=True)
        tally = result.tallies.get((step.case.rule.id, step.case.polarity), Tally())
        if step.case.polarity == "accept" and tally.held:
            self._free.update(step.varied)
        return [Told(self._drawn(one), step, tally) for one in result.findings]

    def _drawn(self, finding: Finding) -> Finding:
        """Return a finding with a family of its own, also where it is about the answer alone."""
        name, root = fuzz_ids.name(finding.case), self._baseline.rule
        of_two = finding.check == SERVER_ERROR and name == fuzz_ids.TWO
        if of_two or (name in fuzz_ids.HISTORIES and finding.family):
            # What it takes two changes to show is no matter of the rule that either breaks: a race
            # is told once, and not for each rule that was looked at meanwhile.
            return replace(
                finding,
                rule=root.id,
                pointer=root.pointer,
                document=root.place,
                family=fuzz_ids.family(family_of(root, name)),
            )
        return finding if finding.family else replace(finding, family=fuzz_ids.DRAWN)
