"""A session whose base moves on with each acceptance.

The payload is asked for again before each baseline, and after each request that may have been
carried out; every case is derived anew from the present one when it is sent. Its id stays, and one
request is under way at a time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.wording import counted
from enkash_contract.engine.session import Session
from enkash_contract.errors import EnkashContractError
from enkash_contract.judging.case import BASELINE
from enkash_contract.judging.result import Result
from enkash_contract.wire.message import Interaction

if TYPE_CHECKING:
    from enkash_contract.engine.fresh_base import FreshBase
    from enkash_contract.engine.plan import Plan
    from enkash_contract.judging.case import Case


class FreshSession(Session):
    """A session that sends every case as it is derived from the present base."""

    def __init__(self, plan: Plan, base: FreshBase, **given: Any) -> None:
        super().__init__(plan, **given)
        self._base = base
        self._is_stale = True
        self._problem = ""
        self._left_out = 0

    @property
    def worth_going_on(self) -> bool:
        """Whether another case could still show something."""
        return super().worth_going_on and not self._problem

    async def send(self, case: Case, *, once: bool = False, alone: bool = False) -> Result:
        """Send one case, if the present base has a place for it."""
        try:
            present = await self._present(case)
        except EnkashContractError as problem:
            self._problem = str(problem)
            return Result(verdicts={"inconclusive": 1})
        if present is None:
            self._left_out += 1
            return Result(verdicts={"inconclusive": 1})
        return await super().send(present, once=once, alone=alone)

    async def close(self) -> Result:
        """Return the sum of all cases, with what the base has to do with it."""
        notes = []
        closed = await super().close()
        if self._problem:
            notes.append(f"the base could not be renewed: {self._problem}")
        if self._left_out:
            cases = counted(self._left_out, "case")
            notes.append(f"the base had no place for {cases}, by the time of sending")
        return closed + Result(notes=tuple(notes))

    async def _first(self) -> Interaction:
        await self._present(self._plan.baseline)
        baseline = self._due(self._plan.baseline)
        interaction = await self._http.send(baseline.request(self._http.url))
        return self._seen(self._report(baseline, interaction))

    async def deliver(self, case: Case) -> Interaction:
        """Send one case, and return what happened; without a base, nobody knows."""
        try:
            if not self._problem:
                await self._present(case)
        except EnkashContractError as problem:
            self._problem = str(problem)
        if self._problem:
            request = case.request(self._http.url)
            return Interaction(request, None, self._problem, aborted=True)
        return self._seen(await super().deliver(self._due(case)))

    def _due(self, case: Case) -> Case:
        return self._base.case(case) or case

    async def _present(self, case: Case) -> Case | None:
        """Return `case` by the present payload, asked for anew where it may have moved on."""
        if self._is_stale or case.id == BASELINE:
            # The user's function may take its time, or run an event loop of its own.
            await asyncio.to_thread(self._base.renew)
            self._is_stale = False
            self._http.secrets.add_body(self._due(self._plan.baseline).wire.body)
        return self._base.case(case)

    def _seen(self, interaction: Interaction) -> Interaction:
        # What was rejected was not carried out; anything else may have been.
        self._is_stale = self.outcome(interaction) != "rejected"
        return interaction


def session_of(plan: Plan, **given: Any) -> Session:
    """Return the session that carries out `plan`, with what is given to any session."""
    return Session(plan, **given) if plan.fresh is None else FreshSession(plan, plan.fresh, **given)
