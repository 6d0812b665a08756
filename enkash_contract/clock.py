"""The real time, whatever clock the tests around it see.

Tests freeze time (freezegun, time-machine's kin), and libraries do it by replacing the functions of
the module `time` in the whole process. An event loop whose clock jumps or stands never wakes up: a
server in a thread beside such a test could not be stopped. So the functions used here are those of
a copy of that module which nobody else holds.

Most commands only ask for the time, so `asyncio` is imported where a loop is wanted.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import importlib.util
import time as _visible
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine, Iterator

_Done = TypeVar("_Done")

# The copy is made by the spec of the module itself, so it is right even where time stands already.
_spec: Any = _visible.__spec__
_own: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_own)


def monotonic() -> float:
    """Return the seconds of a clock that never goes back."""
    return float(_own.monotonic())


def now() -> float:
    """Return the seconds since the epoch."""
    return float(_own.time())


def today() -> dt.date:
    """Return the day here."""
    year, month, day, *_ = _own.localtime()
    return dt.date(year, month, day)


def time_of_day() -> str:
    """Return the hour, the minute and the second here."""
    return str(_own.strftime("%H:%M:%S", _own.localtime()))


@functools.cache
def _loop_type() -> Any:
    import asyncio

    class Loop(asyncio.SelectorEventLoop):
        """An event loop whose timers run by the real time, without what was done `aside`."""

        left_out = 0.0
        """The seconds that its timers leave out."""

        def time(self) -> float:
            """Return the time by which timers are set."""
            return monotonic() - self.left_out

    return Loop


def new_loop() -> asyncio.AbstractEventLoop:
    """Return an event loop whose timers run by the real time, without what was done `aside`."""
    loop: asyncio.AbstractEventLoop = _loop_type()()
    return loop


@contextlib.contextmanager
def aside() -> Iterator[None]:
    """Keep what is done meanwhile, without awaiting anything, out of the time of the loop.

    A response that came while this process was busy with another was in time: no time-out may count
    the work of the client. Such work may be done within other such work; it is left out once.
    """
    import asyncio

    loop: Any
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        loop = None
    if not isinstance(loop, _loop_type()):
        yield
        return
    begun, before = monotonic(), loop.left_out
    try:
        yield
    finally:
        loop.left_out = before + monotonic() - begun


def run(work: Coroutine[Any, Any, _Done]) -> _Done:
    """Run `work` to its end in a loop of its own, and return what it returns."""
    import asyncio

    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


def run_anywhere(work: Coroutine[Any, Any, _Done]) -> _Done:
    """Run `work` to its end, in a thread of its own when this one has a loop running."""
    import asyncio
    import concurrent.futures

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return run(work)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(run, work).result()
