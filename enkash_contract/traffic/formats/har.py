"""HAR 1.2, as browsers, proxies and libraries write it.

They differ in what they leave out. A body that is absent was not recorded, which does not mean that
it was empty. Status 0 and below stands for an exchange that was broken off, and nobody can tell by
whom. Text is decoded in the file, so the original bytes are known only as far as the text goes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.bodies import (
    AS_TEXT,
    BODY,
    EXPORT,
    MISSING,
    of_base64,
    of_text,
    settled,
)
from enkash_contract.traffic.entry import (
    NOT_RECORDED,
    BrokenError,
    Missing,
    address,
    entry_of,
    headers_of,
    method_of,
    number_of,
    request_of,
    text_at,
)
from enkash_contract.traffic.formats.format import Format
from enkash_contract.wire.message import Request, Response, header

if TYPE_CHECKING:
    from enkash_contract.traffic.bodies import Body
    from enkash_contract.traffic.entry import Entry, Problems

BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE", "TRACE"})
"""The methods whose requests have no body as a rule, so that none was left out."""

EMPTY_STATUSES = frozenset({204, 205, *range(300, 400)})
"""The statuses whose responses have no body, or none that says anything."""

BROKEN_OFF = Missing("response", "broken off")
IN_A_FILE = Missing(BODY, "recorded in a file of its own, which is not there", EXPORT)
AS_A_VALUE = Missing(BODY, "recorded as a value, which does not say how it was written", AS_TEXT)
AS_PARAMETERS = Missing(
    BODY, "recorded as parameters, which do not say how it was written", AS_TEXT
)


def alone(value: Any) -> bool:
    """Return whether a value is an entry of HAR by itself."""
    return request_of(value) is not None


def url_of(value: Any) -> str | None:
    """Return the address of an entry; None if there is none to be read."""
    return text_at(request_of(value), "url")


def entry(recorded: Any, source: str) -> Entry:
    """Return the entry for one of `log.entries`."""

    def response_of(received: dict[str, Any], problems: Problems) -> Response | Missing:
        status = number_of(received.get("status"))
        if status is None:
            raise BrokenError("its status is no number")
        if status <= 0:
            reason = received.get("_error") or recorded.get("_error")
            unanswered = BROKEN_OFF if reason else NOT_RECORDED
            return replace(unanswered, detail=f"({reason or f'status {status}'})")
        return _response(status, received, problems)

    return entry_of(recorded, source, _request, response_of)


def _request(sent: dict[str, Any], problems: Problems) -> Request:
    method, part = method_of(sent), sent.get("postData")
    headers = headers_of(sent)
    url = address(sent, "url")
    if not headers and _label(part):
        # Without any header the recorder left them out; this is the label that it kept.
        headers = (("Content-Type", _label(part)),)
    empty = method in BODILESS or header(headers, "content-length") == "0"
    body: Body = b"" if not part and empty else _body(part)
    sizes = (sent.get("bodySize"), *_sizes(part))
    return Request(method, url, headers, settled("request", body, headers, sizes, problems))


def _response(status: int, received: dict[str, Any], problems: Problems) -> Response:
    content, headers = received.get("content"), headers_of(received)
    if header(headers, "content-type") is None and _label(content):
        headers = (*headers, ("Content-Type", _label(content)))
    target = received.get("redirectURL")
    if header(headers, "location") is None and isinstance(target, str) and target:
        headers = (*headers, ("Location", target))
    if status in EMPTY_STATUSES:
        return Response(status, headers, b"")
    # Firefox counts the headers into `bodySize`.
    body = settled("response", _body(content), headers, _sizes(content), problems)
    return Response(status, headers, body)


def _label(part: Any) -> str:
    label = part.get("mimeType") if isinstance(part, dict) else None
    return label if isinstance(label, str) else ""


def _sizes(part: Any) -> tuple[Any, ...]:
    return (part.get("size"),) if isinstance(part, dict) else ()


def _body(part: Any) -> Body:
    """Return the bytes of `postData` or `content`."""
    if not isinstance(part, dict):
        return MISSING
    text = part.get("text")
    if isinstance(text, str):
        encoding = part.get("encoding")
        labelled = isinstance(encoding, str) and encoding.lower() == "base64"
        return of_base64(text) if labelled else of_text(text)
    if "_file" in part:
        return IN_A_FILE
    if isinstance(text, (dict, list)):
        return AS_A_VALUE
    if part.get("params"):
        return AS_PARAMETERS
    return MISSING


FORMAT = Format("har", "HAR 1.2", ("log.entries", ""), alone, entry, url_of)
