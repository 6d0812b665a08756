"""Serving an ASGI application over real HTTP: for the sandbox command, and for tests of clients."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

import uvicorn

from enkash_contract import clock
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 2
"""Seconds that a server which is to stop leaves to requests under way."""


@contextlib.contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """Listen on `host` and `port`; 0 chooses a free one.

    Raises:
        UsageError: the address cannot be listened on.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only on sockets that say they are TCP; with it on, every
    # response in two parts waits 40 ms for the client's acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        why = error.strerror or error
        raise UsageError(f"cannot listen on {host}:{port}: {why}; choose another --port") from None
    with listener:
        yield listener


def serve(app: Any, listener: socket.socket) -> None:
    """Serve `app` on a listening socket until the process is told to stop."""
    with contextlib.suppress(KeyboardInterrupt):
        _server(app, log_level="warning").run(sockets=[listener])


@contextlib.contextmanager
def in_background(app: Any) -> Iterator[str]:
    """Serve `app` on a free loopback port in a thread; yields its base URL, ready to be used."""
    with listen("127.0.0.1", 0) as listener:
        # uvicorn's own configuration would close every handler of the logging of a process that is
        # not uvicorn's, pytest's log file among them.
        server = _server(
            app, log_level="critical", log_config=None, timeout_graceful_shutdown=PATIENCE
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
    return uvicorn.Server(uvicorn.Config(app, lifespan="auto", ws="none", access_log=False, **more))
