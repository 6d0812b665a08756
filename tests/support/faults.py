"""What can go wrong with an answer on its way, written byte by byte.

No HTTP server breaks its own promises on demand, so these bytes are made by hand. A fault either
stands in the place of an answer (`FAILURES`), or is only another right way to write it (`FORMS`).
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
import struct
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from enkash_contract.wire.message import Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from random import Random

    from enkash_contract.wire.message import Request

JSON = ("Content-Type", "application/json")
SUCCESS, REFUSED = 0, 9
"""What `response_code` says."""


@dataclass(frozen=True)
class Faults:
    """Which faults happen, and how often; the same seed gives a request the same faults.

    `failing` and `forms` hold the share of requests (0 to 1) that each fault of `FAILURES` or
    `FORMS` hits. The same request is hit `most` times at most, of them `most_lost` times by what
    a client cannot know to be harmless (a half answer, a 500, none at all).
    """

    seed: int = 0
    failing: Mapping[str, float] = field(default_factory=dict)
    forms: Mapping[str, float] = field(default_factory=dict)
    most: int = 2
    most_lost: int = 1
    aim: Literal["all", "first", "others"] = "all"
    """Whether faults hit the request that came first, whenever it comes, or only others."""
    calm: int = 0
    """How many requests are spared before anything fails."""
    latency: tuple[float, float] = (0.0, 0.0)
    """Seconds, from and to."""
    crowd: int = 0
    """How many requests have to be under way at a time, once, before the second is answered."""
    burst: int = 1
    """How many requests in a row are turned away once one is."""
    waits: tuple[str, ...] = ("0",)
    """Values of Retry-After: seconds, `+N` and `-N` for a date so far from now, or nothing."""
    token_uses: int = 0
    """After so many requests a token has expired; 0 asks for none."""
    stale_after: int | None = None
    """After so many accepted requests, everything is refused."""
    stale_for: int | None = None
    """That many requests long; None is for ever."""
    once: bool = False
    """Whether a request other than the first is refused when it was accepted before."""
    outage: tuple[int, float] | None = None
    """At which request nobody listens any more, and for how many seconds."""


@dataclass(frozen=True)
class Exchange:
    """One request, the way back, and what the server would say."""

    request: Request
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    random: Random
    faults: Faults
    answer: Callable[[], Response]

    def perhaps_carry_out(self) -> None:
        """Do what was asked, or not: who gets no answer cannot know which."""
        if self.random.random() < 0.5:
            self.answer()

    def whole(self) -> tuple[bytes, bytes]:
        """Return head and body of the plain answer."""
        response = self.answer()
        return head(response, ("Content-Length", str(len(response.body or b"")))), (
            response.body or b""
        )


def head(response: Response, *more: tuple[str, str], version: str = "1.1") -> bytes:
    """Write a status line and headers."""
    lines = [f"HTTP/{version} {response.status} {HTTPStatus(response.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in (*response.headers, *more)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def saying(status: int, code: int, message: str, *more: tuple[str, str]) -> Response:
    """Return an answer in the shape that the document knows."""
    body = {"payload": message, "response_code": code, "response_message": message}
    return Response(status, (JSON, *more), json.dumps(body).encode())


# In the place of an answer


async def reset(exchange: Exchange) -> None:
    """Reset the connection."""
    exchange.perhaps_carry_out()
    sock = exchange.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.writer.transport.abort()


async def close(exchange: Exchange) -> None:
    """Close the connection."""
    exchange.perhaps_carry_out()
    exchange.writer.close()


async def reuse(exchange: Exchange) -> None:
    """Close a connection that was kept alive, just when it is used again: nothing was done."""
    exchange.writer.close()


async def cut_head(exchange: Exchange) -> None:
    """Stop in the middle of the headers."""
    before, _ = exchange.whole()
    exchange.writer.write(before[: exchange.random.randrange(1, len(before) - 1)])
    exchange.writer.close()


async def cut_body(exchange: Exchange) -> None:
    """Stop in the middle of the body."""
    before, body = exchange.whole()
    exchange.writer.write(before + body[: exchange.random.randrange(len(body))])
    exchange.writer.close()


async def hang(exchange: Exchange) -> None:
    """Say nothing until the client leaves."""
    with contextlib.suppress(OSError):
        await exchange.reader.read()
    exchange.writer.close()


async def busy(exchange: Exchange) -> None:
    """Say that there were too many requests."""
    await _turned_away(exchange, 429)


async def unavailable(exchange: Exchange) -> None:
    """Say that the service is away for a while."""
    await _turned_away(exchange, 503)


async def _turned_away(exchange: Exchange, status: int) -> None:
    wait = exchange.random.choice(exchange.faults.waits)
    if wait[:1] in {"+", "-"}:
        wait = formatdate(time.time() + float(wait), usegmt=True)
    more = [("Retry-After", wait)] if wait else []
    await plain(exchange, saying(status, REFUSED, "come back later", *more))


async def crash(exchange: Exchange) -> None:
    """Fail as servers do."""
    exchange.perhaps_carry_out()
    await plain(exchange, Response(500, (("Content-Type", "text/plain"),), b"oops"))


FAILURES: dict[str, Callable[[Exchange], Awaitable[None]]] = {
    one.__name__: one
    for one in (reset, close, reuse, cut_head, cut_body, hang, busy, unavailable, crash)
}
"""What may happen instead of an answer."""

LOST = frozenset({"cut_head", "cut_body", "hang", "crash"})
"""After these a client knows neither whether it was heard, nor whether it is to blame."""


# Other ways to write an answer


async def plain(exchange: Exchange, response: Response) -> None:
    """With its length, on a connection that is kept."""
    body = response.body or b""
    await _send(exchange, head(response, ("Content-Length", str(len(body)))), body)


async def chunked(exchange: Exchange, response: Response) -> None:
    """In chunks of any size, one of them with an extension, and a trailer."""
    body = response.body or b""
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        size = exchange.random.randint(1, len(body) - at)
        parts.append(b"%x;part=%d\r\n%b\r\n" % (size, len(parts), body[at : at + size]))
        at += size
    whole = b"".join([*parts, b"0\r\nX-Trailer: there\r\n\r\n"])
    await _send(exchange, head(response, ("Transfer-Encoding", "chunked")), whole)


async def packed(exchange: Exchange, response: Response) -> None:
    """Compressed."""
    body = gzip.compress(response.body or b"", 1)
    more = (("Content-Encoding", "gzip"), ("Content-Length", str(len(body))))
    await _send(exchange, head(response, *more), body)


async def http10(exchange: Exchange, response: Response) -> None:
    """Without a length, up to the end of the connection, as HTTP/1.0 does."""
    await _send(exchange, head(response, version="1.0"), response.body or b"")
    exchange.writer.close()


async def leaving(exchange: Exchange, response: Response) -> None:
    """Whole, on a connection that is closed right after it without a word."""
    await plain(exchange, response)
    exchange.writer.close()


async def pieces(exchange: Exchange, response: Response) -> None:
    """In pieces, each on its own way."""
    body = response.body or b""
    whole = head(response, ("Content-Length", str(len(body))))
    whole += b"" if exchange.request.method == "HEAD" else body
    for at in range(0, len(whole), 50):
        exchange.writer.write(whole[at : at + 50])
        await exchange.writer.drain()
        await asyncio.sleep(0)


async def _send(exchange: Exchange, before: bytes, body: bytes) -> None:
    exchange.writer.write(before + (b"" if exchange.request.method == "HEAD" else body))
    await exchange.writer.drain()


FORMS: dict[str, Callable[[Exchange, Response], Awaitable[None]]] = {
    one.__name__: one for one in (plain, chunked, packed, http10, leaving, pieces)
}
"""The right ways to write an answer."""
