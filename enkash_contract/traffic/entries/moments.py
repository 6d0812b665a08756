"""The time of an exchange, which each recorder writes in its own way."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LATEST = 10**11
"""Seconds since the epoch that no recording can reach; what is more counts a smaller unit."""

_NUMBER = re.compile(r"\d{1,19}(?:\.\d{1,9})?", re.ASCII)
_STEPS = 4


def seconds_since_epoch(value: Any) -> float | None:
    """Return the time that `value` stands for; None if it stands for none.

    It is a number of seconds, milliseconds, microseconds or nanoseconds since the epoch, or a date
    of ISO 8601, of HTTP or of a common log. Without a time zone it is in UTC.
    """
    if isinstance(value, datetime):
        return _of(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_number(value)
    if not isinstance(value, str):
        return None
    for read in _READERS:
        try:
            return _of(read(value))
        except (ValueError, TypeError, OverflowError):
            continue
    return None


def _of(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _of_number(number: float) -> float | None:
    for _ in range(_STEPS):
        if 0 <= number < LATEST:
            return float(number)
        number /= 1000
    return None


# The last is how servers have written the time since the first of them.
_READERS: tuple[Callable[[str], datetime], ...] = (
    datetime.fromisoformat,
    parsedate_to_datetime,
    lambda text: datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z"),
)
