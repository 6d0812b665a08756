"""Cassettes of go-vcr, versions 1 to 4.

The later versions keep what Go knows of a message as well, such as its `content_length`, which is
-1 where nobody has said it. The status is the text of the status line, and a number beside it.
"""

from __future__ import annotations

from typing import Any

from enkash_contract.traffic.entries.entry import request_of
from enkash_contract.traffic.formats import cassette
from enkash_contract.traffic.formats.format import Format


def alone(value: Any) -> bool:
    """Return whether a value is an interaction by itself."""
    request, response = request_of(value), cassette.response_of(value) or {}
    return request is not None and "url" in request and ("form" in request or "code" in response)


FORMAT = Format(
    "go-vcr",
    "a cassette of go-vcr",
    ("interactions", ""),
    alone,
    cassette.entry,
    cassette.url_of,
)
