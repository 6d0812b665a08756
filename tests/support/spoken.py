"""HTTP spoken by hand on a socket, for servers that break its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket


def heard(connection: socket.socket) -> bytes:
    """Read one request; nothing once the client has left."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += (part := connection.recv(1 << 16))
        if not part:
            return b""
    size = int(raw.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    end = raw.index(b"\r\n\r\n") + 4 + size
    while len(raw) < end:
        raw += connection.recv(1 << 16)
    return raw


def said(status: int, body: bytes = b"", *headers: bytes) -> bytes:
    """Return a response as it stands on the wire."""
    label = b"Content-Type: application/json"
    lines = [b"HTTP/1.1 %d X" % status, label, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join([*lines, b"", body])
