"""Bytes that belong to no request: a second response, or what follows the length of a body.

Left on a connection, they would be read as the response to the next request, and everything after
that would be judged by the response to something else. So such a connection is closed. Under TLS
only what has been received counts; httpcore closes a connection on which more is waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

_FAREWELL = (b"HTTP/1.1 408", b"HTTP/1.0 408")
"""How a server may say that it closes a connection on which nothing comes (RFC 9110, 15.5.9)."""

_WAY = "stream _stream _httpcore_stream _stream _connection _h11_state trailing_data".split()
"""From a response of httpx to what was read behind it; there is no public way."""


class Strays:
    """How many responses of a run were followed by such bytes."""

    def __init__(self) -> None:
        self.seen = 0

    def note(self, left: bytes) -> None:
        """Note what has come, or its beginning."""
        self.seen += not left.startswith(_FAREWELL)

    def notes(self) -> Iterator[str]:
        """Yield what a person should know of them."""
        if self.seen:
            yield (
                f"after {counted(self.seen, 'response')} the target sent more (a second response, "
                "or a body longer than its Content-Length), so every further request got a "
                "connection of its own; mend that first: what comes late is taken for the response "
                "to the next request, perhaps in this run as well"
            )


def read_behind(reply: httpx.Response | None) -> bytes:
    """Return what was read behind a response that is whole."""
    at: object = reply
    for name in _WAY:
        # With an httpx that is built otherwise, only what comes later is noticed.
        at = getattr(at, name, None)
    return at[0] if isinstance(at, tuple) else b""
