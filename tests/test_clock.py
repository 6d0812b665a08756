"""The real time, beside tests that freeze theirs."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import datetime as dt
import importlib
import time
from typing import TYPE_CHECKING

import freezegun
import pytest

from enkash_contract import clock
from tests.test_layout import PACKAGE, modules

if TYPE_CHECKING:
    from collections.abc import Callable

FROZEN = "2031-05-06"


def imports_time(source: str) -> bool:
    """Return whether a module imports the functions that tests freeze."""
    nodes = [*ast.walk(ast.parse(source))]
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return "time" in named or any(
        isinstance(node, ast.ImportFrom) and node.module == "time" for node in nodes
    )


def test_the_clock_agrees_with_the_module_that_everyone_sees() -> None:
    """To a second, while nobody has frozen it."""
    assert clock.monotonic() == pytest.approx(time.monotonic(), abs=1)
    assert clock.now() == pytest.approx(time.time(), abs=1)
    assert clock.today() - dt.datetime.now().astimezone().date() < dt.timedelta(days=1)


@pytest.mark.parametrize("again", [False, True], ids=["imported-before", "imported-meanwhile"])
def test_a_frozen_clock_is_not_seen(*, again: bool) -> None:
    """Neither by a module that was loaded before, nor by one that is loaded while time stands."""
    try:
        with freezegun.freeze_time(FROZEN):
            module = importlib.reload(clock) if again else clock
            assert time.time() == dt.datetime(2031, 5, 6, tzinfo=dt.UTC).timestamp()
            assert module.now() < time.time() - 3600
            assert module.monotonic() < time.monotonic() - 3600
            assert module.today() < dt.date(2031, 5, 5)
    finally:
        importlib.reload(clock)


def test_timers_run_while_time_stands() -> None:
    """Those that are set before, within, and over the end of a frozen time."""

    async def waits() -> list[float]:
        begun = [clock.monotonic()]
        with freezegun.freeze_time(FROZEN):
            await asyncio.sleep(0.01)
            begun.append(clock.monotonic())
            over_the_end = asyncio.create_task(asyncio.sleep(0.01))
            await asyncio.sleep(0)
        await over_the_end
        return [*begun, clock.monotonic()]

    first, second, last = clock.run(waits())
    assert 0.01 <= second - first < 5
    assert 0.01 <= last - second < 5


def test_every_module_takes_the_time_from_here() -> None:
    """So none of them stands still beside a test that freezes time; generated code is apart."""
    importing = {
        name for name, file in modules().items() if imports_time(file.read_text(encoding="utf-8"))
    }
    assert importing == {"enkash_contract.clock"}
    assert imports_time("from time import sleep")
    assert not imports_time((PACKAGE / "place.py").read_text(encoding="utf-8"))


def test_what_is_done_aside_does_not_count(busy: Callable[[float], None]) -> None:
    """Not even once, within other such work, and after an error."""

    async def work() -> tuple[float, float]:
        begun, loop_begun = clock.monotonic(), asyncio.get_running_loop().time()
        with clock.aside():
            busy(200)
            with contextlib.suppress(ValueError), clock.aside():
                busy(200)
                raise ValueError
        return clock.monotonic() - begun, asyncio.get_running_loop().time() - loop_begun

    real, counted = clock.run(work())
    assert real >= 400
    assert counted < 200


def test_elsewhere_nothing_is_done_about_it() -> None:
    """In a loop of somebody else's, and without any."""

    async def work() -> int:
        with clock.aside():
            return 1

    with clock.aside():
        assert asyncio.run(work()) == 1


def test_a_response_in_time_is_in_time(busy: Callable[[float], None]) -> None:
    """However long the process is busy with others before it is read."""

    async def waits(event: asyncio.Event) -> str:
        try:
            async with asyncio.timeout(50):
                await event.wait()
                return "in time"
        except TimeoutError:
            return "too late"

    async def work() -> str:
        event = asyncio.Event()
        task = asyncio.create_task(waits(event))
        await asyncio.sleep(0)
        with clock.aside():
            busy(100)
        await asyncio.sleep(0)
        event.set()
        return await task

    assert clock.run(work()) == "in time"
