"""Cassettes of vcrpy (5 and later), go-vcr, Ruby's VCR, betamax and PHP-VCR.

vcrpy keeps what an HTTP library saw, so a body may be text, bytes (`!!binary`), a list of pieces,
or the object that aiohttp was to write as JSON. Responses are packed unless
`decode_compressed_response` was on. A body that a filter has removed was not recorded, which does
not mean that it was empty: the length that was sent tells one from the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.bodies import of_base64, of_value, settled
from enkash_contract.traffic.entry import (
    BrokenError,
    address,
    entry_of,
    headers_of,
    method_of,
    number_of,
    request_of,
    text_at,
)
from enkash_contract.traffic.formats.format import Format
from enkash_contract.wire.message import JSON, Request, Response, header

if TYPE_CHECKING:
    from enkash_contract.traffic.bodies import Body
    from enkash_contract.traffic.entry import Entry, Problems

_IN_PARTS = frozenset({"string", "base64_string", "encoding"})
"""The members of an object that stands for a body, and is none itself."""


def alone(value: Any) -> bool:
    """Return whether a value is an interaction by itself: nothing in HAR is a `body`."""
    request = request_of(value)
    if request is None:
        return False
    response = value.get("response")
    bodies = "body" in request or (isinstance(response, dict) and "body" in response)
    return bodies or "uri" in request


def url_of(value: Any) -> str | None:
    """Return the address of an interaction; None if there is none to be read."""
    return text_at(request_of(value), "uri", "url")


def entry(recorded: Any, source: str) -> Entry:
    """Return the entry for one interaction, as a recorder writes it or has it in memory."""
    return entry_of(recorded, source, _request, _response)


def _request(sent: dict[str, Any], problems: Problems) -> Request:
    method, url, headers = method_of(sent), address(sent, "uri", "url"), headers_of(sent)
    value = sent.get("body")
    if isinstance(value, dict) and value and value.keys() <= _IN_PARTS:
        body = _in_parts(value)
    else:
        body = of_value(value)
        if isinstance(value, (dict, list)) and header(headers, "content-type") is None:
            # aiohttp adds the label of an object on the way out, where vcrpy does not see it.
            headers = (*headers, ("Content-Type", JSON))
    return Request(method, url, headers, settled("request", body, headers, (), problems))


def _response(received: dict[str, Any], problems: Problems) -> Response:
    headers = headers_of(received)
    # vcrpy before 6 wrote `content` for httpx, with a body that was decoded already.
    value = received.get("content" if "content" in received else "body")
    body = _in_parts(value) if isinstance(value, dict) else of_value(value)
    status = _status(received)
    return Response(status, headers, settled("response", body, headers, (), problems))


def _in_parts(value: dict[str, Any]) -> Body:
    spelled = value.get("base64_string")
    return of_base64(str(spelled)) if spelled is not None else of_value(value.get("string"))


def _status(received: dict[str, Any]) -> int:
    """Return the status, which each recorder writes at another place."""
    status = received.get("status")
    named = status.get("code") if isinstance(status, dict) else status
    for value in (received.get("status_code"), received.get("code"), named):
        found = number_of(value)
        if found is not None:
            return found
    raise BrokenError("its status is no number")


FORMAT = Format(
    "cassette",
    "cassettes of vcrpy, go-vcr, Ruby's VCR, betamax and PHP-VCR",
    ("interactions", "http_interactions", ""),
    alone,
    entry,
    url_of,
)
