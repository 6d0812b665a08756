"""The ways to break, and to stretch, what no schema can say: the bytes, their label, the method.

The same idea as `mutations`, one layer below: a family maps a right body to named requests that
break one wire rule. What is right JSON stays right however it is spelled, so stretching is a new
spelling.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Family = Callable[["Wire", Any], Iterator[tuple[str, "Wire"]]]

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Wire:
    """What of a request is not the payload: method, media type (None: not said) and bytes."""

    method: str
    content_type: str | None
    body: bytes

    def but(self, **changes: Any) -> Wire:
        """Return the same with some parts changed."""
        parts = {"method": self.method, "content_type": self.content_type, "body": self.body}
        return Wire(**(parts | changes))


def compact(payload: Any) -> bytes:
    """Write `payload` as the plainest JSON there is."""
    try:
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8, only an escape; whether it is right is for others to say.
        return json.dumps(payload, separators=(",", ":")).encode()


def not_json(right: Wire, payload: Any) -> Iterator[tuple[str, Wire]]:
    """Bytes that are not JSON as RFC 8259 defines it."""
    body = right.body
    yield "malformed", right.but(body=body.replace(b":", b"=", 1))
    yield "truncated", right.but(body=body[: len(body) // 2])
    yield "last-byte-missing", right.but(body=body[:-1])
    yield "empty", right.but(body=b"")
    yield "trailing-bytes", right.but(body=body + b"x")
    yield "second-value", right.but(body=body + body)
    yield "trailing-comma", right.but(body=body[:-1] + b",}")
    yield "single-quotes", right.but(body=body.replace(b'"', b"'"))


def not_utf8(right: Wire, payload: Any) -> Iterator[tuple[str, Wire]]:
    """Bytes that are not UTF-8, inside a string of the payload."""
    at = right.body.find(b'":"')
    if at >= 0:
        at += 3
        yield "invalid-byte", right.but(body=right.body[:at] + b"\xff" + right.body[at:])
        yield "latin-1", right.but(body=right.body[:at] + b"\xe9" + right.body[at:])


def repeated_name(right: Wire, payload: Any) -> Iterator[tuple[str, Wire]]:
    """A member that is there twice, with the same value."""
    if isinstance(payload, dict) and payload:
        name, value = next(iter(payload.items()))
        twice = compact({name: value})[:-1] + b"," + right.body[1:]
        yield "same-value", right.but(body=twice)


def other_media_types(right: Wire, payload: Any) -> Iterator[tuple[str, Wire]]:
    """The right bytes under another label."""
    for label in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "text/html",
    ):
        yield label.replace("/", "-"), right.but(content_type=label)


def no_media_type(right: Wire, payload: Any) -> Iterator[tuple[str, Wire]]:
    """The right bytes without a label."""
    yield "absent", right.but(content_type=None)


def other_methods(right: Wire, payload: Any) -> Iterator[tuple[str, Wire]]:
    """The right request by another method."""
    for method in ("GET", "PUT", "PATCH", "DELETE", "POST"):
        if method != right.method:
            yield method, right.but(method=method)


REJECT: dict[str, tuple[Family, ...]] = {
    "method": (other_methods,),
    "content-type": (other_media_types,),
    "content-type-present": (no_media_type,),
    "encoding": (not_utf8,),
    "json": (not_json,),
    "duplicate-names": (repeated_name,),
}
"""How to break each wire rule of a request."""


def spellings(right: Wire, payload: Any) -> Iterator[tuple[str, Wire]]:
    """The same JSON, spelled in other ways."""
    yield "reordered", right.but(body=compact(_reversed(payload)))
    yield "pretty-printed", right.but(body=json.dumps(payload, indent=2).encode())
    escaped = _STRING.sub(_escaped, json.dumps(payload, separators=(",", ":")))
    yield "escaped", right.but(body=escaped.encode())


def with_charset(right: Wire, payload: Any) -> Iterator[tuple[str, Wire]]:
    """The media type with the parameter that many clients add."""
    yield "charset-utf-8", right.but(content_type=f"{JSON}; charset=utf-8")


ACCEPT: dict[str, tuple[Family, ...]] = {
    "json": (spellings,),
    "content-type": (with_charset,),
}
"""How to stretch each wire rule that can be."""


def _reversed(payload: Any) -> Any:
    if isinstance(payload, dict):
        return {name: _reversed(payload[name]) for name in reversed(payload)}
    return payload


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def _escaped(string: re.Match[str]) -> str:
    """Write every character of a JSON string, names included, as its UTF-16 escape."""
    units = json.loads(string[0]).encode("utf-16-be", "surrogatepass").hex()
    return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'
