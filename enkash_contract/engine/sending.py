"""Cases sent to one target: each exchange is remembered for its stability, and shown as it happens.

What the exchanges prove, and when they have to be repeated, only a `session` knows.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from enkash_contract.clock import aside
from enkash_contract.errors import TargetError
from enkash_contract.validation.outcome import Outcome, outcome_of
from enkash_contract.wire.message import Interaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.engine.plan import Plan
    from enkash_contract.engine.stability import Monitor
    from enkash_contract.engine.transport.delivery import Sender
    from enkash_contract.judging.case import Case

    Exchanged = Callable[[Case, Interaction], None]


class Sending:
    """Sends the cases of a plan; `exchanged` is called with each exchange as it happens."""

    def __init__(
        self, plan: Plan, http: Sender, monitor: Monitor, exchanged: Exchanged | None = None
    ) -> None:
        self._plan, self._http = plan, http
        http.secrets.add_body(plan.baseline.wire.body)
        self._exchanged = exchanged
        self.monitor = monitor

    async def _first(self) -> Interaction:
        """Send the baseline; that nothing listens at the address is raised here, and only here."""
        baseline = self._plan.baseline
        return self._report(baseline, await self._http.send(baseline.request(self._http.url)))

    async def deliver(self, case: Case) -> Interaction:
        """Send one case, and return what happened; of several at once, the worst."""
        if case.at_once == 1:
            return await self._deliver(case)
        together = [self._deliver(case) for _ in range(case.at_once)]
        return max(await asyncio.gather(*together), key=self._badness)

    async def _deliver(self, case: Case) -> Interaction:
        request = case.request(self._http.url)
        try:
            interaction = await self._http.send(request)
        except TargetError as problem:
            interaction = Interaction(request, None, str(problem), source=self._http.source)
        return self._report(case, interaction)

    def _badness(self, interaction: Interaction) -> int:
        return ("accepted", "rejected", "unknown", "error").index(self.outcome(interaction))

    @aside()
    def _report(self, case: Case, interaction: Interaction) -> Interaction:
        self.monitor.record(case, interaction, self.outcome(interaction))
        if self._exchanged is not None:
            self._exchanged(case, interaction)
        return interaction

    @aside()
    def outcome(self, interaction: Interaction) -> Outcome:
        """Return what a target did with a request, as the document reads its response."""
        return outcome_of(self._plan.operation, interaction)
