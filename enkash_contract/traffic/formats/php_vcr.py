"""Cassettes of PHP-VCR: a list of interactions in YAML or JSON, each header one text."""

from __future__ import annotations

from typing import Any

from enkash_contract.traffic.entries.entry import request_of
from enkash_contract.traffic.formats import cassette
from enkash_contract.traffic.formats.format import Format


def alone(value: Any) -> bool:
    """Return whether a value is an interaction by itself: nothing in HAR is a `body`."""
    request, response = request_of(value), cassette.response_of(value) or {}
    if request is None or "uri" in request:
        return False
    return "body" in request or "body" in response or isinstance(response.get("status"), dict)


FORMAT = Format("php-vcr", "a cassette of PHP-VCR", ("",), alone, cassette.entry, cassette.url_of)
