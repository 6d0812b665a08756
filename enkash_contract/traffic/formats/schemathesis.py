"""Reports of Schemathesis: its cassettes (`--report vcr`) and its events (`--report ndjson`).

Both have the interactions of Ruby's VCR. Of the events, one a line, only the end of a scenario
holds any. Bodies are base64 in events, and with `--report-preserve-bytes` in cassettes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.entries.entry import request_of
from enkash_contract.traffic.formats import cassette
from enkash_contract.traffic.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Iterable

_EVENTS = ("Started", "Finished")
_OTHERS = ("Initialize", "Warning", "NonFatalError", "FatalError", "Interrupted")


def alone(value: Any) -> bool:
    """Return whether a value is an interaction by itself."""
    response = cassette.response_of(value) or {}
    return request_of(value) is not None and ("checks" in value or "elapsed" in response)


def within(value: Any) -> Iterable[tuple[str, Any]] | None:
    """Return the interactions of an event, which most have none of; None if it is no event."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((name, event),) = value.items()
    if not isinstance(event, dict) or not (str(name).endswith(_EVENTS) or name in _OTHERS):
        return None
    recorder = event.get("recorder")
    found = recorder.get("interactions") if isinstance(recorder, dict) else None
    listed = found.items() if isinstance(found, dict) else ()
    return [(f"{name}.recorder.interactions.{case}", each) for case, each in listed]


FORMAT = Format(
    "schemathesis",
    "a report of Schemathesis (vcr, ndjson)",
    ("http_interactions", ""),
    alone,
    cassette.entry,
    cassette.url_of,
    within,
)
