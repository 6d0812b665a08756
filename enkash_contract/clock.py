"""The real time, whatever clock the tests around it see.

Tests freeze time (freezegun, time-machine's kin), and libraries do it by replacing the functions of
the module `time` in the whole process. An event loop whose clock jumps or stands never wakes up: a
server in a thread beside such a test could not be stopped. So the functions used here are those of
a copy of that module which nobody else holds.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib.util
import time as _visible
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

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


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose timers run by the real time."""

    def time(self) -> float:
        """Return the time by which timers are set."""
        return monotonic()


def run(work: Coroutine[Any, Any, _Done]) -> _Done:
    """Run `work` to its end in a loop of its own, and return what it returns."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(work)
