"""How the body of a request is put on the wire, where its headers say so: in chunks, or later.

No other request follows on such a connection: a server that did not read the body would read it as
the next request.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from enkash_contract.wire.message import Headers, Request

CONTINUE = 0.05
"""Seconds between the head and the body of a request that asks first. RFC 9110 (10.1.1) lets a
client proceed without a 100; by then, a server that would reject the head has done so."""


def content_of(request: Request) -> tuple[bytes | AsyncIterator[bytes] | None, Headers]:
    """Return the body of `request` as it is to be sent, and the fields that this takes."""
    body = request.body
    if body and header(request.headers, "transfer-encoding") is not None:
        return _chunks(body), (("Connection", "close"),)
    if body and header(request.headers, "expect") is not None:
        length = ("Content-Length", str(len(body)))
        return _later(body), (length, ("Connection", "close"))
    return body, ()


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    yield body[: len(body) // 2]
    yield body[len(body) // 2 :]


async def _later(body: bytes) -> AsyncIterator[bytes]:
    await asyncio.sleep(CONTINUE)
    yield body
