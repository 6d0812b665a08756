"""Files of tools that answer in a server's place: they state what would be sent, and nothing was.

They look much like recordings, and some lie in the same folder. Judging them would prove nothing,
so each is named for what it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_MATCHERS = frozenset(
    "urlPath urlPattern urlPathPattern urlPathTemplate bodyPatterns queryParameters".split()
)
"""Members of a request that say which requests a stub of WireMock is for."""


_PARTIES = [re.compile(rb'"%b"\s*:\s*\{' % party) for party in (b"consumer", b"provider")]
"""The members by which a Pact names those that it is between."""


def stub_of(value: Any) -> str | None:
    """Return whose stubs `value` holds; None if it holds none that are known."""
    return next((name for name, matches in STUBS.items() if matches(value)), None)


def stub_in_list(value: Any, beginning: bytes) -> str | None:
    """Return whose stubs a list of interactions holds, by its first item and what is before it."""
    if all(party.search(beginning) for party in _PARTIES):
        return "Pact"
    if not _has(value, "description", "request") or not _has(value["request"], "path"):
        return None
    return None if {"url", "uri"} & value["request"].keys() else "Pact"


def _has(value: Any, *names: str) -> bool:
    return isinstance(value, dict) and all(name in value for name in names)


def _all(value: Any, *names: str) -> bool:
    """Return whether `value` is an object with these members, or a list of such objects."""
    each = value if isinstance(value, list) else [value]
    return bool(each) and all(_has(one, *names) for one in each)


def _responses(value: Any) -> bool:
    return _has(value, "responses") and _all(value["responses"], "response")


def _wiremock(value: Any) -> bool:
    if _has(value, "mappings"):
        return isinstance(value["mappings"], list)
    if not _has(value, "request", "response") or not isinstance(value["request"], dict):
        return False
    url = value["request"].get("url")
    relative = isinstance(url, str) and url.startswith("/") and "headers" not in value["request"]
    return relative or bool(_MATCHERS & value["request"].keys())


def _hoverfly(value: Any) -> bool:
    return _has(value, "data") and _has(value["data"], "pairs")


STUBS: dict[str, Callable[[Any], bool]] = {
    "responses": _responses,
    "WireMock": _wiremock,
    "nock": lambda value: _all(value, "scope", "path"),
    "MockServer": lambda value: _all(value, "httpRequest"),
    "Hoverfly": _hoverfly,
    "Mountebank": lambda value: _has(value, "imposters"),
    "Pact": lambda value: _has(value, "consumer", "provider"),
    "Postman": lambda value: _has(value, "info", "item"),
}
"""The test that tells the stubs of each tool."""
