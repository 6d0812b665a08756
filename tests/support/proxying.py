"""An HTTP proxy on loopback: tunnels for CONNECT, and requests with their whole address."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enkash_contract.wire.message import header
from tests.conftest import raw_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.wire.message import Headers


@contextlib.contextmanager
def proxy(credentials: str = "") -> Iterator[tuple[str, list[str]]]:
    """Serve as a proxy; yields its address and the first lines of what it was asked.

    Where `credentials` are wanted (what stands behind `Basic`), whoever has none is refused.
    """
    asked: list[str] = []

    def answer(connection: socket.socket) -> None:
        before = _head(connection)
        line = before.partition(b"\r\n")[0].decode()
        asked.append(line)
        given = header(_headers(before), "proxy-authorization")
        if credentials and given != f"Basic {credentials}":
            connection.sendall(b"HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n")
            return
        method, target, _ = line.split(" ")
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        with socket.create_connection((parts.hostname or "", parts.port or 80)) as onward:
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                # One request for each connection, so that no later head needs reading.
                origin = before.replace(target.encode(), parts.path.encode(), 1)
                onward.sendall(origin.replace(b"Connection: keep-alive", b"Connection: close"))
            _both_ways(connection, onward)

    def maybe(connection: socket.socket) -> None:
        # Whoever ends the server connects to it and says nothing.
        with contextlib.suppress(EOFError):
            answer(connection)

    with raw_server(maybe) as url:
        yield url, asked


def _head(connection: socket.socket) -> bytes:
    """Read up to the empty line and no further; what follows belongs to the other side."""
    found = b""
    while not found.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise EOFError
        found += byte
    return found


def _headers(before: bytes) -> Headers:
    parts = [line.partition(":") for line in before.decode("latin-1").split("\r\n")[1:]]
    return tuple((name, value.strip()) for name, _, value in parts)


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    back = threading.Thread(target=_pump, args=(other, one))
    back.start()
    _pump(one, other)
    back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
