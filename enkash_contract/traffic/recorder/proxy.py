"""An ASGI application that passes each request on to a server, and each response back.

It changes nothing but what belongs to one connection alone (RFC 9110, section 7.6.1), and the name
of the host. Bodies pass in parts, so that neither side waits for more than the other would make it
wait. Where the server does not respond, the client is told so with status 502; where a response
breaks off, it breaks off for the client too.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from starlette.applications import Starlette

from enkash_contract import clock
from enkash_contract.errors import UsageError
from enkash_contract.traffic.recorder.exchange import Exchange
from enkash_contract.wire.message import json_response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from starlette.types import Receive, Scope, Send

    from enkash_contract.wire.message import Headers

HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"transfer-encoding upgrade".split()
)
"""The headers that belong to one connection, and end there."""

NOTE = ("X-Enkash-Recorder", "the server did not respond")

CONNECT_TIME = 10.0
"""Seconds in which the server has to take a connection."""

BAD_GATEWAY = 502

NOT_IMPLEMENTED = 501

GREATEST = 599
"""No greater status can be passed on: HTTP has none, and servers for clients write none."""

GREATEST_PORT = 65_535

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.?|[0-9a-f.]*:[0-9a-f:.]*(?:%\w+)?", re.ASCII)
"""A name, or an address of either version."""

_QUOTED = re.compile(r":? (?:bytearray\()?b['\"].*", re.DOTALL)
"""What a problem with HTTP quotes of what was sent: it may be a secret."""

CONNECTIONS = 1_000
"""The most connections to the server at a time."""


def proxy(upstream: str, seen: Callable[[Exchange], None], transport: Any = None) -> Starlette:
    """Return the application that passes requests on to `upstream`, the URL of a server.

    `seen` is called with each exchange once it has passed. A `transport` of httpx takes the place
    of the network.

    Raises:
        UsageError: `upstream` is no address of a server.

    """
    base = base_of(upstream)
    client = httpx.AsyncClient(
        timeout=httpx.Timeout(None, connect=CONNECT_TIME),
        limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=100),
        transport=transport,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    app = Starlette(lifespan=lifespan)
    # A route would have to match, and not every target of a request is a path.
    app.router.default = functools.partial(_pass, client, base, seen)
    return app


def base_of(upstream: str) -> httpx.URL:
    """Return the address of a server.

    Raises:
        UsageError: it is none.

    """
    try:
        url = httpx.URL(upstream)
        # Names that are written wrong are found when they are asked for.
        host = url.host and url.raw_host.decode()
    except (httpx.InvalidURL, ValueError) as error:
        # A password with a slash in it ends up where the port should be, and so in the reason.
        why = "write /, ?, # and @ of a password as %2F, %3F, %23 and %40"
        reason = why if "@" in upstream else f"{error}; write one like https://host:443"
        raise UsageError(f"UPSTREAM is no URL: {reason}") from None
    if url.scheme not in ("http", "https") or not host:
        raise UsageError("UPSTREAM is no URL of a server; write one like https://host:443")
    if not _HOST.fullmatch(host):
        raise UsageError(
            "UPSTREAM names no host that there can be; write one like https://host:443"
        )
    if url.port is not None and not 0 < url.port <= GREATEST_PORT:
        raise UsageError(f"UPSTREAM: there is no port {url.port}; write one like https://host:443")
    if "?" in upstream or "#" in upstream:
        raise UsageError("UPSTREAM has a query; write the address of the server alone")
    return url


class _LeftError(Exception):
    """The client has left."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """One exchange on its way, with both ends of the connection to the client."""

    client: httpx.AsyncClient
    exchange: Exchange
    receive: Receive
    send: Send
    sent: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the request has come to its end: what is received then is that the client left."""

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the parts of the request's body as they come."""
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise _LeftError
            more = message.get("more_body", False)
            if part := message.get("body", b""):
                self.exchange.sent.add(part)
                yield part
        self.sent.set()

    async def ended(self, request: httpx.Request) -> None:
        """Send `request` and pass the response back, until the client leaves."""
        passed, left = (asyncio.ensure_future(work) for work in (self.passed(request), self.left()))
        who = "the client left"
        try:
            await asyncio.wait({passed, left}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            who = "the recorder was stopped"
            raise
        finally:
            for task in (passed, left):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                # A process that ends cancels it again.
                await asyncio.gather(passed, left, return_exceptions=True)
            if _is_cut(passed):
                self.exchange.error = f"{who} before the end of the response"

    async def passed(self, request: httpx.Request) -> None:
        """Send `request`, and pass the response back."""
        started = False
        try:
            response = await self.client.send(request, stream=True)
            async with contextlib.aclosing(response):
                if response.status_code > GREATEST:
                    problem = f"the status {response.status_code} is none of HTTP"
                    raise httpx.RemoteProtocolError(problem)
                fields = _passed(response.headers.raw)
                self.exchange.status = response.status_code
                self.exchange.response_headers = _texts(fields)
                start = {"type": "http.response.start", "status": response.status_code}
                started = True
                await self.send({**start, "headers": fields})
                async for part in response.aiter_raw():
                    self.exchange.received.add(part)
                    await self.send({"type": "http.response.body", "body": part, "more_body": True})
            await self.send({"type": "http.response.body"})
        except httpx.HTTPError as error:
            reason = _QUOTED.sub("", str(error))
            self.exchange.error = f"{type(error).__name__}: {reason}".rstrip(": ")
            if not started:
                await self.failed()

    async def failed(self) -> None:
        """Tell the client that the server did not respond."""
        reason = f"the server did not respond: {self.exchange.error}"
        await _answer(self.send, BAD_GATEWAY, reason, NOTE)

    async def left(self) -> None:
        """Wait until the client has left."""
        await self.sent.wait()
        await self.receive()


async def _pass(
    client: httpx.AsyncClient,
    base: httpx.URL,
    seen: Callable[[Exchange], None],
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Pass one request on and its response back, until the client leaves."""
    if scope["type"] != "http" or scope["method"] == "CONNECT":
        await _answer(send, NOT_IMPLEMENTED, "no tunnel is opened; send requests themselves")
        return
    target = _target(scope, base)
    # A request for the server itself, with `*`, has no path.
    url = f"{base.scheme}://{base.netloc.decode()}/{target.decode('latin-1').removeprefix('/')}"
    fields = [(b"host", base.netloc), *_passed(scope["headers"], b"host")]
    exchange = Exchange(scope["method"], url, _texts(fields), clock.now())
    passage = _Passage(client, exchange, receive, send)
    framed = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])
    content = passage.body()
    if not framed:
        # Nothing comes but the end.
        await anext(content, None)
    request = httpx.Request(
        scope["method"],
        base,
        headers=fields,
        content=content if framed else None,
        extensions={"target": target},
    )
    if not framed:
        # A length of none is added to what may have a body.
        request.headers.pop("content-length", None)
    begun = clock.monotonic()
    try:
        await passage.ended(request)
    finally:
        exchange.seconds = clock.monotonic() - begun
        seen(exchange)


def _is_cut(task: asyncio.Future[None]) -> bool:
    """Return whether a response could not be passed back to its end, whatever the server does."""
    if not task.done() or task.cancelled():
        return True
    return isinstance(task.exception(), (_LeftError, OSError))


def _target(scope: Scope, base: httpx.URL) -> bytes:
    """Return what is asked of the server: where a client was told of a proxy, without its host."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    if path == b"*":
        return path
    if not path.startswith(b"/"):
        authority = path.partition(b"://")[2]
        path = b"/" + authority.partition(b"/")[2]
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    return base.raw_path.rstrip(b"/") + path + query


async def _answer(send: Send, status: int, reason: str, *more: tuple[str, str]) -> None:
    """Send a response of the recorder's own."""
    response = json_response(status, {"error": reason}, *more)
    fields = [(name.lower().encode(), value.encode()) for name, value in response.headers]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": response.body})


def _passed(fields: Iterable[tuple[bytes, bytes]], *but: bytes) -> list[tuple[bytes, bytes]]:
    """Return the header fields that are passed on: those of the message, not of the connection."""
    fields = list(fields)
    named = b",".join(value for name, value in fields if name.lower() == b"connection")
    own = {name.strip().lower() for name in named.split(b",")} | HOP | {*but}
    return [(name, value) for name, value in fields if name.lower() not in own]


def _texts(fields: Iterable[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)
