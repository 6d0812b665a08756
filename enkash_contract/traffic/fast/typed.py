"""The members of an entry in JSON that decide in most cases, decoded once and by their types.

Only what is written in the most usual way is decoded: everything else is read by its format. So a
struct names what it needs and, as `Absent`, what would give an entry another meaning.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Absent = Literal["\0absent"]
"""The type of a member that must not be there, of which this is the default."""

ABSENT: Absent = "\0absent"


class Header(msgspec.Struct, gc=False):
    """A field of a message."""

    name: str
    value: str
    disabled: None = None


class Glance(NamedTuple):
    """What is decided by; a `label` is that of a response without one among its headers."""

    method: str
    url: str
    sent_headers: list[Header]
    sent_body: str
    status: int
    received_headers: list[Header]
    received_body: str
    label: str
    seconds: float | None


class _Body(msgspec.Struct, gc=False, rename="camel"):
    text: str
    mime_type: str = ""
    encoding: None = None


class _HarRequest(msgspec.Struct, gc=False, rename="camel"):
    method: str
    url: str
    headers: list[Header]
    post_data: _Body
    body: Absent = ABSENT
    uri: Absent = ABSENT
    form: Absent = ABSENT
    header: Absent = ABSENT


class _HarResponse(msgspec.Struct, gc=False):
    status: int
    headers: list[Header]
    content: _Body
    body: Absent = ABSENT
    code: Absent = ABSENT
    elapsed: Absent = ABSENT


class _HarEntry(msgspec.Struct, gc=False):
    request: _HarRequest
    response: _HarResponse
    time: float | None = None
    checks: Absent = ABSENT
    recorded_at: Absent = ABSENT


class _Request(msgspec.Struct, gc=False, rename="camel"):
    method: str
    url: str
    headers: dict[str, str] | list[Header]
    body: str
    encoding: None = None
    uri: Absent = ABSENT
    form: Absent = ABSENT
    cookies: Absent = ABSENT
    http_version: Absent = ABSENT
    post_data: Absent = ABSENT
    header: Absent = ABSENT
    content: Absent = ABSENT
    code: Absent = ABSENT


class _Response(msgspec.Struct, gc=False, rename="camel"):
    status: int
    headers: dict[str, str] | list[Header]
    body: str
    encoding: None = None
    uri: Absent = ABSENT
    form: Absent = ABSENT
    cookies: Absent = ABSENT
    http_version: Absent = ABSENT
    post_data: Absent = ABSENT
    header: Absent = ABSENT
    content: Absent = ABSENT
    code: Absent = ABSENT


class _Interaction(msgspec.Struct, gc=False):
    request: _Request
    response: _Response
    seconds: float | None = None


class _Addressed(msgspec.Struct, gc=False):
    url: str
    method: str = ""
    body: Absent = ABSENT
    uri: Absent = ABSENT
    form: Absent = ABSENT
    header: Absent = ABSENT


class _Unlabelled(msgspec.Struct, gc=False):
    body: Absent = ABSENT
    code: Absent = ABSENT
    elapsed: Absent = ABSENT


class _Address(msgspec.Struct, gc=False):
    request: _Addressed
    response: _Unlabelled | None = None
    checks: Absent = ABSENT
    recorded_at: Absent = ABSENT


_address = msgspec.json.Decoder(_Address).decode
_har = msgspec.json.Decoder(_HarEntry).decode
_interaction = msgspec.json.Decoder(_Interaction).decode
FAILURES = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)


HAR = "log.entries"
"""Where HAR lists its entries."""


def address(raw: bytes, where: str) -> tuple[str, str] | None:
    """Return the method and the address of an entry of HAR; None if they are not certain."""
    if where not in ("", HAR):
        return None
    try:
        request = _address(raw).request
    except FAILURES:
        return None
    return request.method, request.url


def glance(raw: bytes, where: str) -> Glance | None:
    """Return what decides of an entry that was cut out of a list; None if it is not certain.

    `where` is the path of the list, and "" where the entry stands by itself.
    """
    if where == HAR:
        return _of_har(raw)
    return None if where else _of_har(raw) or _of_interaction(raw)


def _of_har(raw: bytes) -> Glance | None:
    try:
        entry = _har(raw)
    except FAILURES:
        return None
    sent, received, took = entry.request, entry.response, entry.time
    members = (
        sent.method,
        sent.url,
        sent.headers,
        sent.post_data.text,
        received.status,
        received.headers,
        received.content.text,
        received.content.mime_type,
        None if took is None else took / 1000,
    )
    # One call less than `Glance(...)`, for each entry.
    return tuple.__new__(Glance, members)


def _of_interaction(raw: bytes) -> Glance | None:
    try:
        entry = _interaction(raw)
    except FAILURES:
        return None
    sent, received = entry.request, entry.response
    # A path alone may be completed by other members.
    if sent.url.startswith("/"):
        return None
    return Glance(
        sent.method,
        sent.url,
        _fields(sent.headers),
        sent.body,
        received.status,
        _fields(received.headers),
        received.body,
        "",
        entry.seconds,
    )


def _fields(headers: dict[str, str] | list[Header]) -> list[Header]:
    if isinstance(headers, dict):
        return [Header(name, value) for name, value in headers.items()]
    return headers
