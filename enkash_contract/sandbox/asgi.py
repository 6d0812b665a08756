"""The carrying of requests and responses over ASGI, of which a sandbox's decisions know nothing.

A client may send more than anybody wants to read, send it too slowly, or leave; a response may have
two fields of one name, or be cut off on purpose. All of that ends here: a sandbox receives whole
requests, whose bodies are in no content coding, and hands whole responses back.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.requests import Request as StarletteRequest
from starlette.responses import Response as StarletteResponse

from enkash_contract.contract.routing import encoded_path
from enkash_contract.wire.codings import NotSeen, codings_of, decoded
from enkash_contract.wire.message import Request

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from enkash_contract.wire.message import Headers, Response

ADDRESS = "http://sandbox"
"""The host in a request's URL, because a sandbox does not know its own."""

MAX_BODY = 1 << 20
"""The most bytes of a body that are read, by default."""

BODY_TIME = 30.0
"""Seconds in which a body has to arrive."""

LONGEST = 600.0
"""Seconds after which a sandbox that never responds closes the connection all the same."""


class UnreadError(Exception):
    """A body that is not read to its end, and the status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def read(scope: Scope, receive: Receive, max_body: int) -> Request:
    """Read one request, its body in no content coding.

    Raises:
        ClientDisconnect: the client left before its body was whole.
        UnreadError: the body has more than `max_body` bytes, or takes too long.

    """
    received = StarletteRequest(scope, receive)
    body = await _body(received, max_body)
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    query = f"?{received.url.query}" if received.url.query else ""
    headers = tuple(received.headers.items())
    return _request(received.method, f"{ADDRESS}{encoded_path(path)}{query}", headers, body)


async def _body(received: StarletteRequest, max_body: int) -> bytes:
    """Read a body, within the limits."""
    length = received.headers.get("content-length", "")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIME):
            if not length.isdecimal() or int(length[:18]) <= max_body:
                async for part in received.stream():
                    body += part
                    if len(body) > max_body:
                        break
                else:
                    return bytes(body)
    except TimeoutError:
        raise UnreadError(408, f"no whole body came within {BODY_TIME:g} s") from None
    raise UnreadError(413, f"the body has more than {max_body:,} bytes")


def _request(method: str, url: str, headers: Headers, body: bytes) -> Request:
    plain = decoded(body, codings_of(headers))
    if isinstance(plain, NotSeen):
        return Request(method, url, headers, None, unseen=plain.why)
    return Request(method, url, headers, plain)


async def has_left(receive: Receive, seconds: float) -> bool:
    """Wait for `seconds`, or until the client has left; return whether it has."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            # The body was read before, so there is nothing else to come.
            await receive()
            return True
    return False


async def write(
    response: Response, scope: Scope, receive: Receive, send: Send, *, cut: bool = False
) -> None:
    """Send a response, or only half of its body if it is to be `cut` off."""
    body = response.body or b""
    whole = StarletteResponse(body, response.status, dict(response.headers))
    # Starlette takes a mapping and adds the length; but two cookies are two fields of one name.
    fields = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in response.headers
    ]
    names = {name for name, _ in fields}
    whole.raw_headers = [*fields, *(field for field in whole.raw_headers if field[0] not in names)]
    if not cut:
        await whole(scope, receive, send)
        return
    await send(
        {"type": "http.response.start", "status": response.status, "headers": whole.raw_headers}
    )
    half = {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
    await send(half)
