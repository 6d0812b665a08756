"""Interactions of cassettes, as far as those of all recorders are alike.

A body may be text, bytes (`!!binary`), a list of pieces, an object that names how the text was
encoded, or the object that aiohttp was to write as JSON. Responses are packed unless the recorder
unpacks them. A body that a filter has removed was not recorded, which does not mean that it was
empty: the length that was sent tells one from the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.entries.bodies import (
    BODILESS,
    EMPTY_STATUSES,
    MISSING,
    as_encoded,
    is_buffer,
    of_base64,
    of_value,
    settled,
)
from enkash_contract.traffic.entries.entry import (
    address,
    entry_of,
    headers_of,
    method_of,
    number_of,
    request_of,
    status_of,
    text_at,
)
from enkash_contract.wire.message import JSON, Request, Response, header

if TYPE_CHECKING:
    from enkash_contract.traffic.entries.bodies import Body
    from enkash_contract.traffic.entries.entry import Entry, Problems
    from enkash_contract.wire.message import Headers

_IN_PARTS = frozenset({"string", "base64_string", "encoding", "$base64"})
"""The members of an object that stands for a body, and is none itself."""


def url_of(value: Any) -> str | None:
    """Return the address of an interaction; None if there is none to be read."""
    return text_at(request_of(value), "uri", "url") or text_at(response_of(value), "url")


def response_of(value: Any) -> dict[str, Any] | None:
    """Return the response of an interaction, if it is an object."""
    response = value.get("response") if isinstance(value, dict) else None
    return response if isinstance(response, dict) else None


def entry(recorded: Any, source: str) -> Entry:
    """Return the entry for one interaction, as a recorder writes it or has it in memory."""
    if not isinstance(recorded, dict):
        return entry_of(recorded, source, _request, _response)
    at = recorded.get("recorded_at", recorded.get("timestamp"))
    # betamax writes the address of a response as well.
    beside = text_at(response_of(recorded), "url")

    def request(sent: dict[str, Any], problems: Problems) -> Request:
        known = {"url": beside} if beside and not text_at(sent, "uri", "url") else {}
        return _request(sent | known, problems)

    return entry_of(recorded, source, request, _response, at=at)


def _request(sent: dict[str, Any], problems: Problems) -> Request:
    method, url, headers = method_of(sent), address(sent, "uri", "url"), headers_of(sent)
    value = sent.get("body")
    parts = value if isinstance(value, dict) and value and value.keys() <= _IN_PARTS else None
    # vcrpy before 5 keeps no object that aiohttp writes as JSON, and who sends nothing says so.
    is_removed = value is None or (parts is not None and _is_removed(parts))
    is_unknown = is_removed and method not in BODILESS and not _is_sized(headers)
    body = MISSING if is_unknown else of_value(value) if parts is None else _in_parts(parts)
    is_object = parts is None and isinstance(value, (dict, list))
    if (is_unknown or is_object) and header(headers, "content-type") is None:
        # aiohttp adds the label of an object on the way out, where vcrpy does not see it.
        headers = (*headers, ("Content-Type", JSON))
    sizes = (sent.get("content_length"),)
    return Request(method, url, headers, settled("request", body, headers, sizes, problems))


def _is_sized(headers: Headers) -> bool:
    return any(header(headers, name) for name in ("content-length", "transfer-encoding"))


def _response(received: dict[str, Any], problems: Problems) -> Response:
    headers = headers_of(received)
    # vcrpy before 6 wrote `content` for httpx, with a body that was decoded already.
    value = received.get("content" if "content" in received else "body")
    body = of_value(value)
    if isinstance(value, dict) and not is_buffer(value):
        body = _in_parts(value)
    status, length = _status(received), received.get("content_length")
    is_empty = status in EMPTY_STATUSES or length == 0 or header(headers, "content-length") == "0"
    if _is_removed(value) and not is_empty:
        # A hook of its user has removed it.
        body = MISSING
    return Response(status, headers, settled("response", body, headers, (length,), problems))


def _is_removed(value: Any) -> bool:
    """Return whether a body is none at all: where it was empty, recorders write an empty text."""
    if isinstance(value, dict) and value.keys() <= _IN_PARTS:
        return all(value.get(name) is None for name in _IN_PARTS - {"encoding"})
    return value is None


def _in_parts(value: dict[str, Any]) -> Body:
    """Return the bytes of an object that stands for a body."""
    spelled = value.get("base64_string", value.get("$base64"))
    if spelled is not None:
        return of_base64(str(spelled))
    text = value.get("string")
    return as_encoded(text, value.get("encoding")) if isinstance(text, str) else of_value(text)


def _status(received: dict[str, Any]) -> int:
    """Return the status, which each recorder writes at another place."""
    status = received.get("status")
    named = status.get("code") if isinstance(status, dict) else status
    values = (received.get("status_code"), received.get("code"), named)
    return status_of(next((value for value in values if number_of(value) is not None), None))
