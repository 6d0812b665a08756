"""Reports of Newman (`newman run --reporters json`), which list executions.

An address is an object of its parts, headers are pairs of `key` and `value`, and the body of a
response is a buffer of Node's: a list of numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.entries.bodies import (
    AS_PARAMETERS,
    AS_VALUE,
    MISSING,
    of_text,
    of_value,
    settled,
)
from enkash_contract.traffic.entries.entry import (
    NOT_RECORDED,
    BrokenError,
    Missing,
    entry_of,
    headers_of,
    method_of,
    request_of,
    status_of,
    text_at,
)
from enkash_contract.traffic.entries.moments import duration
from enkash_contract.traffic.formats.format import Format
from enkash_contract.wire.message import Request, Response

if TYPE_CHECKING:
    from enkash_contract.traffic.entries.bodies import Body
    from enkash_contract.traffic.entries.entry import Entry, Problems


def alone(value: Any) -> bool:
    """Return whether a value is an execution by itself: nothing else has headers in `header`."""
    request = request_of(value)
    return request is not None and isinstance(request.get("header"), list)


def url_of(value: Any) -> str | None:
    """Return the address of an execution; None if there is none to be read."""
    request = request_of(value)
    url = request.get("url") if request else None
    return _address(url) if isinstance(url, dict) else text_at(request, "url")


def _address(url: dict[str, Any]) -> str | None:
    """Return the address whose parts an object names."""
    host, path = _joined(url.get("host"), "."), _joined(url.get("path"), "/")
    if not host and not path:
        return text_at(url, "raw")
    port = url.get("port")
    authority = host + (f":{port}" if isinstance(port, (str, int)) and port else "")
    pairs = url.get("query")
    query = "&".join(
        f"{pair.get('key')}={pair.get('value')}"
        for pair in (pairs if isinstance(pairs, list) else ())
        if isinstance(pair, dict) and not pair.get("disabled")
    )
    scheme = text_at(url, "protocol") or "http"
    return f"{scheme}://{authority}/{path.lstrip('/')}{query and '?'}{query}"


def _joined(parts: Any, by: str) -> str:
    if isinstance(parts, list):
        return by.join(part for part in parts if isinstance(part, str))
    return parts if isinstance(parts, str) else ""


def entry(recorded: Any, source: str) -> Entry:
    """Return the entry for one of `run.executions`."""

    def request(sent: dict[str, Any], problems: Problems) -> Request:
        url = url_of(recorded)
        if url is None:
            raise BrokenError("'url' is missing")
        headers = headers_of(sent, "header")
        body = settled("request", _sent(sent.get("body")), headers, (), problems)
        return Request(method_of(sent), url, headers, body)

    def response(received: dict[str, Any], problems: Problems) -> Response | Missing:
        status = status_of(received.get("code"))
        if status <= 0:
            return NOT_RECORDED
        headers, value = headers_of(received, "header"), received.get("stream")
        body: Body = MISSING if value is None else of_value(value)
        sizes = (received.get("responseSize"),)
        return Response(status, headers, settled("response", body, headers, sizes, problems))

    taken = _milliseconds(recorded)
    return entry_of(recorded, source, request, response, seconds=taken)


def _milliseconds(recorded: Any) -> float | None:
    """Return the seconds that an execution took, as far as it is known."""
    response = recorded.get("response") if isinstance(recorded, dict) else None
    return duration(response.get("responseTime"), 1000) if isinstance(response, dict) else None


def _sent(part: Any) -> Body:
    """Return the bytes of the body of a request."""
    if part is None or part == {}:
        return b""
    if not isinstance(part, dict):
        return of_value(part)
    raw, mode = part.get("raw"), part.get("mode")
    if isinstance(raw, str) and mode in ("raw", None):
        return of_text(raw)
    if mode == "urlencoded":
        return AS_PARAMETERS
    return AS_VALUE if raw is not None or mode == "graphql" else MISSING


FORMAT = Format("newman", "a JSON report of Newman", ("run.executions", ""), alone, entry, url_of)
