"""Connections that show what httpx does not: responses before the request was sent, and strays.

A server may respond without reading the whole request, and then close (RFC 9110, section 15.5.14:
413, but proxies do so with 400, 401 and 429 as well). The next bytes that are sent to it meet a
reset connection, and asyncio closes its socket, with a response in it that nobody has read. So each
connection keeps a second handle on its socket. Under TLS that holds nothing that could be read, but
shows at least that sending has failed. The same handle shows what comes while nothing is asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import weakref
from typing import TYPE_CHECKING, Any

import httpcore

from enkash_contract.engine.transport.strays import Strays, read_behind

LOOKS, PAUSE = 20, 0.005
"""How often a connection is looked at after a response, and the seconds in between."""

LARGE = 1 << 14
"""The bytes of a request that a server may not have read although they were sent."""

LINGER = 0.1
"""Seconds for which the first connection is watched for a second response."""

ENOUGH = 64
"""So many bytes show what has come."""

if TYPE_CHECKING:
    import ssl

    import httpx


def read_early(http: httpx.AsyncClient) -> Strays:
    """Let `http` read such responses, through proxies too; return what counts strays."""
    strays = Strays()
    # There is no public way to a pool that would keep the proxies of the environment. With an httpx
    # that is built otherwise, some of these responses are lost, and no more.
    transports = (http._transport, *http._mounts.values())  # noqa: SLF001 - as above
    for pool in (getattr(transport, "_pool", None) for transport in transports):
        if pool is not None:
            backend = pool._network_backend  # noqa: SLF001 - as above
            pool._network_backend = _Backend(backend, strays)  # noqa: SLF001 - as above
    return strays


def rest(reply: httpx.Response | None) -> bool:
    """Note that a response is whole; return whether more was sent, which belongs to no request."""
    stream = reply and reply.extensions.get("network_stream")
    return isinstance(stream, _Stream) and stream.rest(read_behind(reply))


async def linger(reply: httpx.Response | None) -> None:
    """Watch the connection of a response for a moment."""
    stream = reply and reply.extensions.get("network_stream")
    if isinstance(stream, _Stream):
        for _ in range(LOOKS):
            if stream.is_over:
                return
            await asyncio.sleep(LINGER / LOOKS)


async def is_unread(reply: httpx.Response) -> bool:
    """Return whether a server has rejected a large request before it had read it whole.

    What was sent may lie in the buffers of the system. A server that closes then resets the
    connection, because there is something left to read.
    """
    stream = reply.extensions.get("network_stream")
    size = int(reply.request.headers.get("Content-Length", 0))
    if not (reply.is_client_error and size > LARGE and isinstance(stream, _Stream)):
        return False
    for _ in range(LOOKS):
        if stream.is_reset:
            return True
        await asyncio.sleep(PAUSE)
    return False


class _Backend(httpcore.AsyncNetworkBackend):
    """Opens connections as another backend does."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend, strays: Strays) -> None:
        self._inner, self._strays = inner, strays

    async def connect_tcp(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        """Return a connection with a second handle on its socket."""
        return _twofold(await self._inner.connect_tcp(*args, **options), self._strays)


def _twofold(stream: httpcore.AsyncNetworkStream, strays: Strays) -> _Stream:
    return _Stream(stream, stream.get_extra_info("socket").dup(), strays, plain=True)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection with a second handle on its socket."""

    def __init__(
        self,
        inner: httpcore.AsyncNetworkStream,
        handle: socket.socket,
        strays: Strays,
        *,
        plain: bool,
    ) -> None:
        self._inner, self._handle, self._plain = inner, handle, plain
        self._strays = strays
        self._rests = self._is_spoiled = False
        self._has_read = False
        # A connection that is lost is not always closed by those who used it.
        self._forgotten = weakref.finalize(self, handle.close)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return what has come, also of a connection that was reset."""
        try:
            return await self._inner.read(max_bytes, timeout)
        except httpcore.ReadError:
            came = self._left(max_bytes)
            self._has_read = self._has_read or bool(came)
            # At the end of what is left it is over; where nothing is, it is the error.
            if not self._has_read:
                raise
            return came

    def _left(self, max_bytes: int) -> bytes:
        """Return what nobody has read of a connection that was reset."""
        if self._plain and self.is_reset:
            with contextlib.suppress(OSError):
                return self._handle.recv(max_bytes)
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send, and raise if the connection is reset, which anyio would only find on reading."""
        if self._rests and self.is_over:
            # The pool then takes another connection.
            raise httpcore.ConnectionNotAvailable
        self._rests = False
        await self._inner.write(buffer, timeout)
        if self.is_reset:
            raise httpcore.WriteError("the connection was reset")

    def rest(self, left: bytes) -> bool:
        """Note that a response is whole, and what is `left` behind it; return if there is more."""
        self._rests = True
        self._spoil(left)
        self._look()
        return self._is_spoiled

    def _spoil(self, left: bytes) -> None:
        if left and not self._is_spoiled:
            self._is_spoiled = True
            self._strays.note(left)

    def _look(self) -> None:
        """Notice what has come that belongs to no request."""
        # The socket does not wait. Under TLS nothing is read from it here, only decrypted.
        with contextlib.suppress(OSError):
            if self._plain:
                self._spoil(self._handle.recv(ENOUGH, socket.MSG_PEEK))
            else:
                self._spoil(self._inner.get_extra_info("ssl_object").read(ENOUGH))

    @property
    def is_over(self) -> bool:
        """Whether no further request may be sent."""
        self._look()
        # Once a server has sent strays, no connection is used twice.
        return self._is_spoiled or self._strays.seen > 0 or self._handle.fileno() < 0

    @property
    def is_reset(self) -> bool:
        """Whether the other side has reset the connection."""
        try:
            self._handle.getpeername()
        except OSError:
            # Once this side has closed it, nobody knows.
            return self._handle.fileno() >= 0
        return False

    async def aclose(self) -> None:
        """Close both handles."""
        self._handle.close()
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
    ) -> httpcore.AsyncNetworkStream:
        """Return the connection with TLS on it."""
        try:
            inner = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            # The other handle is closed by now, and the server would wait for this one.
            self._handle.close()
            raise
        self._forgotten.detach()
        return _Stream(inner, self._handle, self._strays, plain=False)

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection; a pool closes one that is readable too soon."""
        if info == "is_readable" and self.is_over:
            return True
        return self._inner.get_extra_info(info)
