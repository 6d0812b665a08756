"""The records that lines of a log hold, also of logs that a collector has wrapped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

WRAPPED = ("message", "log")
"""The members in which collectors (CloudWatch, Docker) keep the line of a log as text."""

ABSENT = frozenset({"", "-"})
"""What nginx logs in the place of a value that there is not."""

_REQUEST_LINE = frozenset("request request_method request_uri uri method".split())
"""The variables of nginx that hold the line that a request begins with, or parts of it."""


def lines(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a line holds, or each item of a list of lines."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield f"[{index}]", _unwrapped(each)
    elif isinstance(value, dict) and isinstance(value.get("events"), list):
        # What `aws logs filter-log-events` prints.
        for index, each in enumerate(value["events"]):
            yield f"events[{index}]", _unwrapped(each)
    else:
        yield "", _unwrapped(value)


def nginx_lines(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the same, but for requests of which nginx could not read as much as the first line."""
    for place, record in lines(value):
        names = record.keys() & _REQUEST_LINE if isinstance(record, dict) else ()
        values = [record[name] for name in names]
        if not values or not all(isinstance(each, str) and each in ABSENT for each in values):
            yield place, record


def _unwrapped(value: Any) -> Any:
    """Return the object that a text of a collector spells, else the value itself."""
    for name in WRAPPED:
        text = value.get(name) if isinstance(value, dict) else None
        if isinstance(text, str) and text.lstrip().startswith("{"):
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return value
    return value
