"""Watching over the baseline: whether the target still accepts it, or responds at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from enkash_contract.engine.ledger import Ledger
    from enkash_contract.engine.pauses import Pauses
    from enkash_contract.engine.stability import Monitor
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction

    Baseline = Callable[[], Awaitable[tuple[Interaction, Outcome]]]


class Watch:
    """The looks of one session: `last` is the last, `silent` how many in a row found nobody."""

    def __init__(self, ledger: Ledger, monitor: Monitor, pauses: Pauses) -> None:
        self._ledger, self._monitor, self._pauses = ledger, monitor, pauses
        self._looking = asyncio.Lock()
        self._looks = 0
        self._failures = 0
        self._rejected_once = False
        self.last: Interaction | None = None
        self.silent = 0

    async def look(self, baseline: Baseline, *, known: bool) -> bool:
        """Send the `baseline` until it is accepted; return whether the target responds.

        `known` is whether it was ever accepted. Several workers that want to look at the same time
        share one look.
        """
        begun = self._looks
        async with self._looking:
            if self._looks == begun:
                self._looks += 1
                await self._look(baseline, known=known)
        return not self.silent

    async def _look(self, baseline: Baseline, *, known: bool) -> None:
        before, outcome = self._ledger.entered, await self._try(baseline)
        if outcome == "rejected" and known and self._ledger.trusted_since is not None:
            # Another instance may know better; but what was rejected before it did proves nothing.
            self._rejected(failed=False)
            await self._pauses.wait(1)
            outcome = await self._try(baseline)
        failed = outcome == "error"
        self.silent = self.silent + 1 if failed else 0
        if outcome == "accepted":
            self._monitor.contradicted(int(self._rejected_once))
            self._rejected_once = False
            self._ledger.confirm(before)
        else:
            self._rejected(failed=failed)

    def _rejected(self, *, failed: bool) -> None:
        self._rejected_once |= not failed
        self._ledger.invalidate(failed=failed)

    async def _try(self, baseline: Baseline) -> Outcome:
        """Send the baseline until it does not fail, as often as it is worth; return the outcome."""
        for _ in range(self._pauses.tries):
            await self._pauses.wait(self._failures)
            self.last, outcome = await baseline()
            if outcome != "error" and not self.last.aborted:
                self._failures = 0
                return outcome
            self._failures += 1
            if self.last.aborted:
                # Whoever sends has waited for it long enough.
                break
        return "error"
