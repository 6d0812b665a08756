"""The pauses between the tries of a request that failed: each longer than the last, none alike.

A server that is being restarted, or a gateway that has lost its backend, is back within seconds; a
run that asks again at once only learns once more that it is gone.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FIRST = 0.2
"""Seconds before the second try, at most; each further pause is twice as long."""

LONGEST = 2.0
"""No pause is longer than so many seconds."""

TRIES = 4
"""So often in a row a baseline that fails is sent, with pauses in between."""

AT_ONCE = 2
"""The same where nobody waits, as with an application in this process."""


class Pauses:
    """The pauses of one run; without `sleep` there are none."""

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]] | None = None,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._sleep, self._chance = sleep, chance
        self.tries = AT_ONCE if sleep is None else TRIES

    async def wait(self, failures: int) -> None:
        """Wait after so many failures in a row; not at all after none."""
        if failures and self._sleep is not None:
            longest = min(LONGEST, FIRST * 2.0 ** (failures - 1))
            # Workers that failed together must not come back together.
            await self._sleep(self._chance(longest / 2, longest))
