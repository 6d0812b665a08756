"""Traces of Playwright (`trace.zip`): what crossed the network is in `trace.network`, one a line.

Each line holds an entry of HAR, whose bodies are files in the folder `resources` beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.entries.entry import request_of
from enkash_contract.traffic.formats import har
from enkash_contract.traffic.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.traffic.entries.entry import Entry

SNAPSHOT = "resource-snapshot"
OTHERS = frozenset(
    "action after before console context-options error event frame-snapshot input log object "
    "screencast-frame stderr stdout".split()
)
"""The types of the other lines of a trace, which hold no exchange."""


def alone(value: Any) -> bool:
    """Return whether a value is a line that holds an exchange."""
    return _type(value) == SNAPSHOT and request_of(value.get("snapshot")) is not None


def url_of(value: Any) -> str | None:
    """Return the address of an exchange; None if there is none to be read."""
    return har.url_of(_snapshot(value))


def entry(recorded: Any, source: str) -> Entry:
    """Return the entry for a line that holds an exchange."""
    return har.entry(_snapshot(recorded), source)


def within(value: Any) -> Iterable[tuple[str, Any]] | None:
    """Return no interactions for a line that holds none; None if it is another line."""
    known = _type(value) in OTHERS and "request" not in value
    return () if known else None


def _type(value: Any) -> str:
    found = value.get("type") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _snapshot(value: Any) -> Any:
    return value.get("snapshot") if isinstance(value, dict) else None


FORMAT = Format("playwright-trace", "a trace of Playwright", ("",), alone, entry, url_of, within)
