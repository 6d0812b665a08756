"""Connections of which a response is read although the request could not be sent.

A server may respond without reading the whole request, and then close (RFC 9110, section 15.5.14:
413, but proxies do so with 400, 401 and 429 as well). The next bytes that are sent to it meet a
reset connection, and asyncio closes its socket, with a response in it that nobody has read. So each
connection keeps a second handle on its socket. Under TLS that holds nothing that could be read, but
shows at least that sending has failed.
"""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from typing import TYPE_CHECKING, Any

import httpcore

LOOKS, PAUSE = 20, 0.005
"""How often a connection is looked at after a response, and the seconds in between."""

LARGE = 1 << 14
"""The bytes of a request that a server may not have read although they were sent."""

if TYPE_CHECKING:
    import socket
    import ssl

    import httpx


def read_early(http: httpx.AsyncClient) -> None:
    """Let `http` read such responses, through proxies too."""
    # There is no public way to a pool that would keep the proxies of the environment. With an httpx
    # that is built otherwise, some of these responses are lost, and no more.
    transports = (http._transport, *http._mounts.values())  # noqa: SLF001 - as above
    for pool in (getattr(transport, "_pool", None) for transport in transports):
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001 - as above


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

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        """Return a connection with a second handle on its socket."""
        return _twofold(await self._inner.connect_tcp(*args, **options))


def _twofold(stream: httpcore.AsyncNetworkStream) -> _Stream:
    return _Stream(stream, stream.get_extra_info("socket").dup(), plain=True)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection with a second handle on its socket."""

    def __init__(
        self, inner: httpcore.AsyncNetworkStream, handle: socket.socket, *, plain: bool
    ) -> None:
        self._inner, self._handle, self._plain = inner, handle, plain
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
        await self._inner.write(buffer, timeout)
        if self.is_reset:
            raise httpcore.WriteError("the connection was reset")

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
        inner = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        self._forgotten.detach()
        return _Stream(inner, self._handle, plain=False)

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection."""
        return self._inner.get_extra_info(info)
