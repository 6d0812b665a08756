"""Cassettes of vcrpy, from version 5 on.

It keeps what an HTTP library saw, so the form of a body depends on the library.
"""

from __future__ import annotations

from typing import Any

from enkash_contract.traffic.entries.entry import request_of
from enkash_contract.traffic.formats import cassette
from enkash_contract.traffic.formats.format import Format

OTHERS = frozenset({"recorded_at", "latencies"})
"""Members that interactions of Ruby's VCR and lines of Kong's log have, which look much alike."""


def alone(value: Any) -> bool:
    """Return whether a value is an interaction by itself."""
    request = request_of(value)
    return request is not None and "uri" in request and not OTHERS & value.keys()


FORMAT = Format(
    "vcrpy",
    "a cassette of vcrpy",
    ("interactions", ""),
    alone,
    cassette.entry,
    cassette.url_of,
)
