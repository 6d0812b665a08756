"""The moments at which the requests of a run may be sent: at its rate, and later to a busy target.

A server that responds 429 wants fewer requests, whatever it says of the time: some name 0 seconds,
and some the same few for ever. So a pause is never shorter than one that grows as long as nothing
gets through, one request after another finds out whether it was long enough, and all pauses of a
run have one budget.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections import Counter
from typing import TYPE_CHECKING

from enkash_contract.clock import monotonic
from enkash_contract.contract.wording import counted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FIRST = 1.0
"""Seconds of the first pause, at most; each further one in a row is twice as long."""

LONGEST = 30.0
"""No pause is longer, unless the target asks for it."""

APART = 0.25
"""Seconds between requests while nobody knows whether a pause was long enough."""

CLOSE = 1e-3
"""A moment as near as this has come: timers are not exact."""


class Pace:
    """The pace of one run; `over` once it would have to wait for more than `max_wait` seconds."""

    def __init__(
        self,
        rate: float | None,
        max_wait: float,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = monotonic,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._sleep, self._clock, self._chance = sleep, clock, chance
        self._step = 1 / rate if rate else 0.0
        self._max_wait = max_wait
        self._next = clock()
        self._rejected_at = self._until = -math.inf
        self._times = 0
        self._busy: Counter[int] = Counter()
        self.waited = 0.0
        self.over = False

    async def turn(self) -> float:
        """Wait until a request may be sent, and return the moment; at once when it is over."""
        while True:
            now = self._clock()
            if self.over or self._next - now <= CLOSE:
                break
            # Another worker may find the target busy meanwhile, so the moment is looked at again.
            await self._sleep(self._next - now)
        step = max(self._step, APART) if self._times else self._step
        # A timer that was late must not slow down all that follows.
        self._next = step + (self._next if now - self._next < step else now)
        return now

    def accepted(self, sent_at: float) -> None:
        """Note that a request that was sent then got through."""
        if sent_at > self._rejected_at:
            self._times = 0

    def rejected(self, status: int, asked: float, sent_at: float) -> None:
        """Let all requests wait, because one that was sent then found the target busy.

        They all wait for as long as the server `asked`. What was under way when that was decided is
        no sign that the pause was too short.
        """
        now, shortest = self._clock(), 0.0
        if sent_at > self._rejected_at:
            longest = min(LONGEST, FIRST * 2.0**self._times)
            # Clients that were rejected together must not come back together.
            shortest = self._chance(longest / 2, longest)
            self._rejected_at = now
            self._times += 1
        until = max(self._until, now + max(asked, shortest))
        longer = until - max(self._until, now)
        self._busy[status] += 1
        if self.waited + longer > self._max_wait:
            self.over = True
        else:
            self.waited += longer
            self._until, self._next = until, max(self._next, until)

    def notes(self) -> tuple[str, ...]:
        """Return how often the target was busy."""
        return tuple(
            f"the target was busy: {counted(times, 'response')} {status} made the run wait"
            for status, times in sorted(self._busy.items())
        )
