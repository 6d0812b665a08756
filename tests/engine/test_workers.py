"""Workers: as many as asked for, and none of them goes on for nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from enkash_contract.engine.workers import each


class Going:
    """Stands in for a session that is worth going on with for so many items."""

    def __init__(self, workers: int, worth: int) -> None:
        self.workers, self.worth = workers, worth
        self.done: list[int] = []
        self.most = 0
        self._flying = 0

    @property
    def worth_going_on(self) -> bool:
        """Whether there is more to learn."""
        return len(self.done) < self.worth

    async def work(self, item: int) -> None:
        """Take some time over an item."""
        self._flying += 1
        self.most = max(self.most, self._flying)
        await asyncio.sleep(0)
        self._flying -= 1
        self.done.append(item)


@pytest.mark.parametrize("workers", [1, 3])
def test_every_item_is_worked_on_once(workers: int) -> None:
    """By as many as there are workers."""
    going: Any = Going(workers, 99)
    asyncio.run(each(range(9), going.work, going))
    assert sorted(going.done) == [*range(9)]
    assert going.most == workers


@pytest.mark.parametrize("workers", [1, 3])
def test_nobody_goes_on_for_nothing(workers: int) -> None:
    """What is under way by then is finished."""
    going: Any = Going(workers, 4)
    asyncio.run(each(range(9), going.work, going))
    assert 4 <= len(going.done) < 4 + workers
