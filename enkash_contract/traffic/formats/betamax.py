"""Cassettes of betamax, in JSON: as those of Ruby's VCR, with the address in the response too."""

from __future__ import annotations

from typing import Any

from enkash_contract.traffic.entries.entry import request_of
from enkash_contract.traffic.formats import cassette
from enkash_contract.traffic.formats.format import Format


def alone(value: Any) -> bool:
    """Return whether a value is an interaction by itself."""
    request, response = request_of(value), cassette.response_of(value) or {}
    return request is not None and "recorded_at" in value and "url" in response


FORMAT = Format(
    "betamax",
    "a cassette of betamax",
    ("http_interactions", ""),
    alone,
    cassette.entry,
    cassette.url_of,
)
