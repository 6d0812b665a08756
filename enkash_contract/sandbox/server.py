"""Serving an ASGI application over real HTTP: for the sandbox command, and for tests of clients."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import threading
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from enkash_contract import clock
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

PATIENCE = 2
"""Seconds that a server which is to stop leaves to requests under way."""


HEADER_TIME = 10.0
"""Seconds in which the first line and the header of a request have to arrive."""


class _Impatient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # by what is installed
    """A connection that is closed when no whole header comes: nobody can keep it for nothing."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting, unless a request has begun."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEADER_TIME, self.transport.close)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


@contextlib.contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """Listen on `host` and `port`; 0 chooses a free one.

    Raises:
        UsageError: the address cannot be listened on.

    """
    if not host.strip():
        # An empty name is every address of this machine, which nobody asks for by leaving it empty.
        raise UsageError("--host is empty; write an address, such as 127.0.0.1, or 0.0.0.0 for all")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only on sockets that say they are TCP; with it on, every
    # response in two parts waits 40 ms for the client's acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except (OSError, TypeError, ValueError) as error:
        # What is no host at all is an error of another kind.
        listener.close()
        why = getattr(error, "strerror", None) or error
        is_taken = getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES)
        other = "--port" if is_taken else "--host"
        raise UsageError(f"cannot listen on {host}:{port}: {why}; choose another {other}") from None
    with listener:
        yield listener


def serve(app: Any, listener: socket.socket, **more: Any) -> None:
    """Serve `app` on a listening socket until the process is told to stop, by Ctrl-C or SIGTERM.

    `more` are settings of uvicorn's.
    """
    # uvicorn passes on what has stopped it, and nothing behind it would run.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            _server(app, **{"log_level": "warning", **more}).run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def in_background(app: Any, **more: Any) -> Iterator[str]:
    """Serve `app` on a free loopback port in a thread; yields its base URL, ready to be used.

    `more` are settings of uvicorn's.
    """
    with listen("127.0.0.1", 0) as listener:
        # uvicorn's own configuration would close every handler of the logging of a process that is
        # not uvicorn's, pytest's log file among them.
        server = _server(
            app, log_level="critical", log_config=None, timeout_graceful_shutdown=PATIENCE, **more
        )
        # The server closes a socket of its own, even after everyone has stopped waiting for it.
        own = listener.dup()
        thread = threading.Thread(
            target=lambda: clock.run(server.serve(sockets=[own])), daemon=True
        )
        thread.start()
        try:
            # The socket already listens: a request sent now waits until the server reads it.
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            # Whatever keeps it, nobody waits for it for ever: it is a daemon.
            thread.join(5 * PATIENCE)


def _server(app: Any, **more: Any) -> uvicorn.Server:
    more |= {"http": _Impatient, "lifespan": "auto", "ws": "none", "access_log": False}
    return uvicorn.Server(uvicorn.Config(app, **more))
