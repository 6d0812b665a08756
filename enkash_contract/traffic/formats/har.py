"""HAR 1.2, as browsers, proxies and libraries write it.

They differ in what they leave out. A body that is absent was not recorded, which does not mean that
it was empty. Status 0 and below stands for an exchange that was broken off, and nobody can tell by
whom. Text is decoded in the file, so the original bytes are known only as far as the text goes.
Playwright writes bodies to files of their own (`_file`), which lie beside the HAR or in one zip.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.entries.bodies import (
    AS_PARAMETERS,
    AS_VALUE,
    BODILESS,
    BODY,
    CUT_OFF,
    EMPTY_STATUSES,
    EXPORT,
    MISSING,
    UNKNOWN_SIZE,
    is_buffer,
    is_json,
    of_base64,
    of_text,
    of_value,
    settled,
)
from enkash_contract.traffic.entries.entry import (
    NOT_RECORDED,
    Missing,
    address,
    entry_of,
    headers_of,
    method_of,
    request_of,
    status_of,
    text_at,
)
from enkash_contract.traffic.entries.moments import duration
from enkash_contract.traffic.formats.format import Format
from enkash_contract.wire.message import Request, Response, header

if TYPE_CHECKING:
    from enkash_contract.traffic.entries.bodies import Body
    from enkash_contract.traffic.entries.entry import Entry, Problems

BROKEN_OFF = Missing("response", "broken off")
IN_A_FILE = Missing(BODY, "recorded in a file that is not beside the recording", EXPORT)

_LEFT_OUT = re.compile(r"(?i)not included|not (?:been )?(?:saved|recorded|captured)")
_TRUNCATED = re.compile(r"(?i)truncated|cut off|exceed")

_REASON = re.compile(
    r"net::ERR_[A-Z_]+|NS_[A-Z_]+|E[A-Z]{4,20}|(?:Client|Server) disconnected\.?", re.ASCII
)
"""Reasons as browsers and proxies name them; any other text may quote what was sent."""


def alone(value: Any) -> bool:
    """Return whether a value is an entry of HAR by itself, and no line of Kong's log."""
    return request_of(value) is not None and "latencies" not in value


def url_of(value: Any) -> str | None:
    """Return the address of an entry; None if there is none to be read."""
    return text_at(request_of(value), "url")


def entry(recorded: Any, source: str) -> Entry:
    """Return the entry for one of `log.entries`."""

    def response_of(received: dict[str, Any], problems: Problems) -> Response | Missing:
        status = status_of(received.get("status"))
        if status <= 0:
            return _unanswered(status, (received, recorded))
        return _response(status, received, problems)

    known = recorded if isinstance(recorded, dict) else {}
    return entry_of(
        recorded,
        source,
        _request,
        response_of,
        at=known.get("startedDateTime"),
        seconds=duration(known.get("time"), 1000),
    )


def _unanswered(status: int, owners: tuple[dict[str, Any], ...]) -> Missing:
    """Return why there is no response, as far as one of `owners` says so."""
    reasons = [owner.get(name) for owner in owners for name in ("_error", "_failureText")]
    reason = next(filter(None, reasons), None)
    if reason is None:
        return replace(NOT_RECORDED, detail=f"(status {status})")
    known = isinstance(reason, str) and _REASON.fullmatch(reason)
    return replace(BROKEN_OFF, detail=f"({reason})") if known else BROKEN_OFF


def _request(sent: dict[str, Any], problems: Problems) -> Request:
    method, part = method_of(sent), sent.get("postData")
    headers = headers_of(sent)
    url = address(sent, "url")
    if not headers and _label(part):
        # Without any header the recorder left them out; this is the label that it kept.
        headers = (("Content-Type", _label(part)),)
    body = _body(part)
    if method in BODILESS or header(headers, "content-length") == "0":
        # A recorder that knows of no body may leave the part out.
        body = body if part and body else b""
        sizes: tuple[Any, ...] = ()
    else:
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
    body, sizes = _body(content), _sizes(content)
    if body == MISSING and header(headers, "content-length") == "0":
        # Chromium writes no text where there was none.
        body = b""
    size = received.get("bodySize")
    if not body and (size != UNKNOWN_SIZE or not sizes):
        # Firefox counts the headers into it, so it says something of an empty body alone.
        sizes = (*sizes, size)
    return Response(status, headers, settled("response", body, headers, sizes, problems))


def _label(part: Any) -> str:
    """Return the media type of a body; "" if it is none, as the `x-unknown` of browsers."""
    label = part.get("mimeType") if isinstance(part, dict) else None
    return label if isinstance(label, str) and "/" in label else ""


def _sizes(part: Any) -> tuple[Any, ...]:
    """Return the size that a body has of its own, if that is a number at all."""
    size = part.get("size") if isinstance(part, dict) else None
    return (size,) if isinstance(size, (int, float)) else ()


def _body(part: Any) -> Body:
    """Return the bytes of `postData` or `content`."""
    if not isinstance(part, dict):
        return MISSING
    text, comment = part.get("text"), text_at(part, "comment") or ""
    if text and isinstance(text, str):
        encoding = part.get("encoding")
        labelled = isinstance(encoding, str) and encoding.strip().lower() == "base64"
        body = of_base64(text) if labelled else of_text(text)
        is_whole = not _TRUNCATED.search(comment) or (isinstance(body, bytes) and is_json(body))
        return body if is_whole else CUT_OFF
    if part.keys() & {"_file", "_sha1"}:
        return IN_A_FILE
    if text is not None and not isinstance(text, str):
        # Some write the bytes as numbers.
        return of_value(text) if is_buffer(text) else AS_VALUE
    if part.get("params"):
        return AS_PARAMETERS
    return b"" if text == "" and not _LEFT_OUT.search(comment) else MISSING


FORMAT = Format("har", "HAR 1.2", ("log.entries", ""), alone, entry, url_of)
