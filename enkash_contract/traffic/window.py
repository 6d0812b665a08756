"""The time within which recorded interactions are judged, as people write it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from enkash_contract import clock
from enkash_contract.errors import UsageError

EARLY, LATE = "earlier than --since", "later than --until"
"""Reasons for which interactions are left alone."""

Moment = str | dt.date | dt.timedelta
"""A time in ISO 8601, a day, or how long ago it was, such as "24h"."""

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_BACK = re.compile(rf"(\d{{1,9}})([{''.join(_UNITS)}])")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` on and before `until`, in seconds since the epoch; None where it is open."""

    since: float | None = None
    until: float | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    def outside(self, at: float) -> str:
        """Return the reason why what began at a time is left alone; "" if it is not."""
        if self.since is not None and at < self.since:
            return EARLY
        return LATE if self.until is not None and at >= self.until else ""


def window(since: Moment | None = None, until: Moment | None = None) -> Window:
    """Return the window between two times; a day at its end belongs to it.

    Raises:
        UsageError: one of them is no time, or nothing is between them.

    """
    now = clock.now()
    begins = None if since is None else _seconds("since", since, now, end=False)
    ends = None if until is None else _seconds("until", until, now, end=True)
    if begins is not None and ends is not None and begins >= ends:
        raise UsageError(f"--since {since} is not before --until {until}; nothing is between them")
    return Window(begins, ends)


def _seconds(name: str, moment: Moment, now: float, *, end: bool) -> float:
    try:
        if isinstance(moment, str):
            back = _BACK.fullmatch(moment.strip())
            if back:
                return now - int(back[1]) * _UNITS[back[2]]
            moment = _written(moment.strip())
        if isinstance(moment, dt.timedelta):
            return now - moment.total_seconds()
        if not isinstance(moment, dt.datetime):
            day = dt.datetime.combine(moment, dt.time())
            moment = day + _DAY if end else day
        # Without an offset, it is the time of whoever asks.
        return moment.timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"--{name} {moment!r} is no time; write a day (2026-03-31), a time "
            "(2026-03-31T14:00:00Z) or how long ago it was (90m, 24h, 7d)"
        ) from None


def _written(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.datetime.fromisoformat(text)
