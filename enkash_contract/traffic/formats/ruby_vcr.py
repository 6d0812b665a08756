"""Cassettes of Ruby's VCR: an address is a `uri`, and a body names how its text was encoded."""

from __future__ import annotations

from typing import Any

from enkash_contract.traffic.entries.entry import request_of
from enkash_contract.traffic.formats import cassette
from enkash_contract.traffic.formats.format import Format


def alone(value: Any) -> bool:
    """Return whether a value is an interaction by itself."""
    request, response = request_of(value), cassette.response_of(value) or {}
    known = request is not None and "uri" in request and "recorded_at" in value
    return known and "checks" not in value and not {"url", "elapsed"} & response.keys()


FORMAT = Format(
    "ruby-vcr",
    "a cassette of Ruby's VCR",
    ("http_interactions", ""),
    alone,
    cassette.entry,
    cassette.url_of,
)
