"""The pauses between tries: they grow up to a limit, and no two workers have the same."""

from __future__ import annotations

import asyncio
import random

from enkash_contract.engine.pauses import AT_ONCE, FIRST, LONGEST, TRIES, Pauses


def waited(pauses: Pauses, slept: list[float], failures: range) -> list[float]:
    """Return how long the pauses are after so many failures."""

    async def work() -> None:
        for number in failures:
            await pauses.wait(number)

    asyncio.run(work())
    return slept


def test_each_pause_is_longer_than_the_last() -> None:
    """Twice as long at most, down to the half of that, never longer than the limit."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pauses = Pauses(sleep, random.Random(7).uniform)
    assert pauses.tries == TRIES
    found = waited(pauses, slept, range(9))
    longest = [min(LONGEST, FIRST * 2**at) for at in range(8)]
    assert all(most / 2 <= pause <= most for pause, most in zip(found, longest, strict=True))
    assert len(set(found)) == len(found)


def test_without_a_way_to_wait_there_are_no_pauses() -> None:
    """An application in this process is not away for a moment."""
    pauses = Pauses()
    assert (pauses.tries, waited(pauses, [], range(3))) == (AT_ONCE, [])
