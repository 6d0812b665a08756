"""Our own format: one interaction a line (NDJSON), in the shape that anybody can write.

It is what a log is mapped to as well. All that is not there was not recorded; a body that was empty
is an empty text. `schema/interaction.schema.json` beside this room describes the shape.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.entries.bodies import (
    BODILESS,
    EMPTY_STATUSES,
    MISSING,
    NOT_BYTES,
    of_base64,
    of_text,
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
from enkash_contract.traffic.formats.format import Format
from enkash_contract.wire.message import Request, Response, header

if TYPE_CHECKING:
    from enkash_contract.traffic.entries.bodies import Body
    from enkash_contract.traffic.entries.entry import Entry, Problems

OTHERS = frozenset("uri form cookies httpVersion postData header content code".split())
"""Members that messages of other formats have, and none of ours."""


def schema_text() -> str:
    """Return the JSON Schema of an interaction, as it is published."""
    from importlib.resources import files

    file = files("enkash_contract.traffic").joinpath("schema/interaction.schema.json")
    return file.read_text("utf-8")


def alone(value: Any) -> bool:
    """Return whether a value is an interaction in our shape."""
    request = request_of(value)
    if request is None or OTHERS & request.keys() or not isinstance(request.get("url"), str):
        return False
    response = value.get("response")
    if response is None:
        return "body" in request
    if not isinstance(response, dict) or OTHERS & response.keys():
        return False
    bodies = "body" in request or "body" in response
    return bodies and not isinstance(response.get("status"), dict)


def url_of(value: Any) -> str | None:
    """Return the address of an interaction; None if there is none to be read.

    A log may have the path alone, with the host in a member or a header of its own.
    """
    request = request_of(value)
    url = text_at(request, "url")
    if request is None or url is None or not url.startswith("/"):
        return url
    host = text_at(request, "host") or header(headers_of(request), "host") or ""
    return f"{text_at(request, 'scheme') or 'https'}://{host}{url}" if host else url


def entry(recorded: Any, source: str) -> Entry:
    """Return the entry for one interaction."""

    def request(sent: dict[str, Any], problems: Problems) -> Request:
        url = url_of(recorded)
        if url is None:
            raise BrokenError(
                "'url' is missing" if not sent.get("url") else "'url' is not a string"
            )
        method, headers = method_of(sent), headers_of(sent)
        body = _body(sent)
        if sent.get("body") is None and method in BODILESS:
            body = b""
        sizes = (sent.get("size"),)
        return Request(method, url, headers, settled("request", body, headers, sizes, problems))

    def response(received: dict[str, Any], problems: Problems) -> Response | Missing:
        status = status_of(received.get("status"))
        if status <= 0:
            return NOT_RECORDED
        headers, sizes = headers_of(received), (received.get("size"),)
        body = _body(received)
        if received.get("body") is None and status in EMPTY_STATUSES:
            body = b""
        return Response(status, headers, settled("response", body, headers, sizes, problems))

    known = recorded if isinstance(recorded, dict) else {}
    return entry_of(
        recorded, source, request, response, at=known.get("at"), seconds=known.get("seconds")
    )


def _body(message: dict[str, Any]) -> Body:
    """Return the bytes of a body: a text, or the JSON value that it was read as."""
    value, encoding = message.get("body"), message.get("encoding")
    if isinstance(value, str):
        labelled = isinstance(encoding, str) and encoding.strip().lower() == "base64"
        return of_base64(value) if labelled else of_text(value)
    if value is None:
        return MISSING
    try:
        return json.dumps(value).encode()
    except (TypeError, ValueError, RecursionError) as problem:
        return replace(NOT_BYTES, detail=f"({problem})")


FORMAT = Format("interaction", "interactions, one a line", ("",), alone, entry, url_of)
