"""The time of an exchange, which each recorder writes in its own way."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LATEST = 10**11
"""Seconds since the epoch that no recording can reach; what is more counts a smaller unit."""

MOST_SECONDS = 10**9
"""More than any exchange takes; recorders write such numbers where they know of none."""

_NUMBER = re.compile(r"\d{1,19}(?:\.\d{1,9})?", re.ASCII)
_STEPS = 4
"""So many units are told apart, each a thousandth of the one before."""


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


def duration(value: Any, in_a_second: int = 1) -> float | None:
    """Return the seconds that a number of units is, of which so many are in a second.

    None is returned for anything else, and for what no exchange takes.
    """
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value / in_a_second if known and 0 <= value < MOST_SECONDS * in_a_second else None


def _of(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _of_number(number: float) -> float | None:
    # Longer integers than that cannot even be divided.
    if not 0 <= number < LATEST * 1000 ** (_STEPS - 1):
        return None
    while number >= LATEST:
        number /= 1000
    return float(number)


def _of_http(text: str) -> datetime:
    # What reads mail takes long to import, and few recorders write so.
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(text)


# The last is how servers have written the time since the first of them.
_READERS: tuple[Callable[[str], datetime], ...] = (
    datetime.fromisoformat,
    _of_http,
    lambda text: datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z"),
)
