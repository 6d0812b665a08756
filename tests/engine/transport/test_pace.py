"""The pace of a run: pauses that grow, for everybody, with one budget."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.engine.transport.pace import Pace


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(clock: Clock, *, rate: float | None = None, max_wait: float = 60.0) -> Pace:
    """Return a pace by a clock that only sleep moves, with chance that can be repeated."""
    chance = random.Random(1).uniform
    return Pace(rate, max_wait, sleep=clock.sleep, clock=clock, chance=chance)


def requests_sent(asked: list[float], max_wait: float) -> tuple[int, Clock, Pace]:
    """Send to a server that is always busy, and asks for those times in turn, until it is over."""
    clock = Clock()
    pace = paced(clock, max_wait=max_wait)

    async def work() -> int:
        number = 0
        while not pace.over:
            sent_at = await pace.turn()
            pace.rejected(429, asked[number % len(asked)], sent_at)
            number += 1
        return number

    return asyncio.run(work()), clock, pace


@given(st.lists(st.floats(0, 100), min_size=1, max_size=5), st.floats(0, 1000))
def test_the_waits_of_a_run_are_bounded(asked: list[float], max_wait: float) -> None:
    """Whatever a server asks for, the run waits no longer in all, and sends few requests."""
    sent, clock, pace = requests_sent(asked, max_wait)
    assert sum(clock.slept) <= max_wait + 1e-6
    assert pace.waited == pytest.approx(sum(clock.slept))
    # Six pauses that grow, and then one each 15 seconds at least.
    assert sent <= 8 + max_wait / 15


def test_each_pause_is_longer_than_the_last_could_be_short() -> None:
    """They double, with chance in the upper half, up to half a minute."""
    _, clock, _ = requests_sent([0.0], 200)
    longest = [1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert len(clock.slept) >= 8
    for slept, most in zip(clock.slept, longest, strict=False):
        assert most / 2 <= slept <= most


def test_what_was_under_way_does_not_make_the_pause_grow() -> None:
    """Eight workers that were rejected at the same time wait once, for as long as one was asked."""
    clock = Clock()
    pace = paced(clock)

    async def work() -> list[float]:
        moments = [await pace.turn() for _ in range(8)]
        for number, moment in enumerate(moments):
            pace.rejected(429, 3.0 if number == 7 else 0.0, moment)
        return [await pace.turn() for _ in range(3)]

    # While nobody knows whether the pause was long enough, they come one by one.
    assert asyncio.run(work()) == pytest.approx([103.0, 103.25, 103.5])
    assert pace.notes() == ("the target was busy: 8 responses 429 made the run wait",)


def test_what_gets_through_ends_the_growth() -> None:
    """But not what was sent before the target was busy."""
    clock = Clock()
    pace = paced(clock)

    async def work() -> None:
        early = await pace.turn()
        for _ in range(3):
            pace.rejected(503, 0.0, await pace.turn())
            clock.now += 1
            pace.accepted(early)
        pace.accepted(await pace.turn())
        clock.slept.clear()
        clock.now += 1
        pace.rejected(503, 0.0, await pace.turn())
        await pace.turn()

    asyncio.run(work())
    (slept,) = clock.slept
    assert 0.5 <= slept <= 1


def test_nobody_sleeps_once_it_is_over() -> None:
    """Those who waited are told at once."""
    clock = Clock()
    pace = paced(clock, rate=0.001, max_wait=0)

    async def work() -> None:
        pace.rejected(429, 9.0, await pace.turn())
        await pace.turn()

    asyncio.run(work())
    assert (pace.over, clock.slept) == (True, [])
