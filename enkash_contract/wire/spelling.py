"""A request as it will stand on the wire: the bytes, their labels, the method, the path.

JSON can say one value in many ways, and some mistakes live in the spelling alone (`-0`, `1e0`, a
member's name that is there twice). So a payload under construction may hold a `Spelled`, which is
written as it stands; once written, nothing but bytes is left, and only bytes are ever judged.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.wire.message import Request, Response

if TYPE_CHECKING:
    from enkash_contract.wire.message import Headers

JSON = "application/json"

_MARK = "\x00spelled"
"""Stands for a `Spelled` until the rest is written; made longer where a payload holds it."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A value, or more than a value, that goes into the JSON text as it stands."""

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Draft:
    """What of a request is not the payload, and the bytes of it.

    `content_type` None: no media type is said; `repeated` are further Content-Type fields. `path`
    is another path than the operation's. Without `sized`, no Content-Length is sent.
    """

    method: str
    content_type: str | None
    body: bytes = field(repr=False)
    path: str = ""
    repeated: tuple[str, ...] = ()
    sized: bool = True

    def but(self, **changes: Any) -> Draft:
        """Return the same with some parts changed."""
        return replace(self, **changes)

    @property
    def headers(self) -> Headers:
        """The fields that label the content."""
        first = () if self.content_type is None else (self.content_type,)
        return tuple(("Content-Type", label) for label in (*first, *self.repeated))

    def request(self, path: str, url: str | None = None) -> Request:
        """Return the request to send to `url`, which ends with the operation's `path`."""
        address = url or path
        if self.path not in ("", path):
            before, mark, query = address.partition("?")
            address = f"{before.removesuffix(path).rstrip('/')}{self.path}{mark}{query}"
        return Request(self.method, address, self.headers, self.body, sized=self.sized)

    def response(self, status: int) -> Response:
        """Return the response with this content."""
        return Response(status, self.headers, self.body)


def compact(payload: Any) -> bytes:
    """Write `payload` as the plainest JSON there is."""
    try:
        return written(payload).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8, only an escape; whether it is right is for others to say.
        return written(payload, ensure_ascii=True).encode()


def written(payload: Any, *, indent: int | None = None, ensure_ascii: bool = False) -> str:
    """Write `payload` as JSON text, whatever is `Spelled` in it as it stands."""
    spelled: list[str] = []
    name = ""

    def mark(value: Any) -> str:
        if not isinstance(value, Spelled):
            raise TypeError(f"a {type(value).__name__} is no JSON value")
        spelled.append(value.text)
        return name

    separators = (",", ":") if indent is None else None
    write = functools.partial(
        json.dumps,
        payload,
        ensure_ascii=ensure_ascii,
        separators=separators,
        indent=indent,
        default=mark,
    )
    text: str = write()
    if not spelled:
        return text
    spelled, name = [], _MARK
    while json.dumps(name)[1:-1] in text:
        name += _MARK
    first, *rest = write().split(json.dumps(name))
    return first + "".join(one + after for one, after in zip(spelled, rest, strict=True))
