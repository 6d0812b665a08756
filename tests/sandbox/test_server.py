"""Serving an application over real HTTP, on a port that is free."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
import time
from typing import Any

import httpx
import pytest

from enkash_contract.clock import monotonic
from enkash_contract.errors import UsageError
from enkash_contract.sandbox import server
from enkash_contract.sandbox.app import NOTE, Sandbox
from enkash_contract.sandbox.server import in_background, listen


def test_a_server_in_the_background_is_ready_when_its_address_is_known() -> None:
    """The first request is answered, and after the end nobody listens there any more."""
    with in_background(Sandbox()) as url:
        response = httpx.get(url)
    assert (response.status_code, response.headers[NOTE[0]]) == (404, NOTE[1])
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_port_zero_is_any_free_port(host: str) -> None:
    """Of either family of addresses; the socket is closed at the end."""
    with listen(host, 0) as listener:
        assert listener.getsockname()[1] > 0
    assert listener.fileno() == -1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_stands_behind_a_server_runs_when_it_is_told_to_stop(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uvicorn raises the signal once more at its end; afterwards it means what it meant before."""

    class Stopped:
        def run(self, sockets: list[socket.socket]) -> None:
            signal.raise_signal(number)
            raise AssertionError(sockets)

    monkeypatch.setattr(server, "_server", lambda *_, **__: Stopped())
    before = signal.getsignal(signal.SIGTERM)
    with listen("127.0.0.1", 0) as listener:
        server.serve(Sandbox(), listener)
    assert signal.getsignal(signal.SIGTERM) == before


def test_an_address_in_use_is_an_error_with_advice() -> None:
    """The message names the address, and the option that chooses another one."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(UsageError) as raised, listen("127.0.0.1", port):
            pass
    assert str(raised.value) == (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another --port"
    )


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("", "--host is empty; write an address, such as 127.0.0.1, or 0.0.0.0 for all"),
        ("a b", "cannot listen on a b:0: Name or service not known; choose another --host"),
    ],
)
def test_a_host_that_is_none_is_an_error(host: str, message: str) -> None:
    """An empty one would be every address of the machine."""
    with pytest.raises(UsageError) as raised, listen(host, 0):
        pass
    assert str(raised.value) == message


@pytest.mark.parametrize("blocks", [False, True], ids=["it-waits", "it-blocks-its-loop"])
def test_a_server_that_is_busy_is_left_behind(
    *, blocks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for the end of a request that never ends."""
    monkeypatch.setattr(server, "PATIENCE", 0.1)
    entered, released = threading.Event(), threading.Event()

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        if scope["type"] == "http":
            entered.set()
            if blocks:
                released.wait()
            else:
                await asyncio.Event().wait()

    def ask(url: str) -> None:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(url, timeout=30)

    with in_background(app) as url:
        client = threading.Thread(target=ask, args=(url,))
        client.start()
        assert entered.wait(30)
        begun = monotonic()
    assert monotonic() - begun < 5
    released.set()
    client.join(30)
    assert not client.is_alive()


def accepting(app: Any, begun: threading.Event) -> Any:
    """Return `app` on a server that accepts no connection before `begun`: who connects waits."""

    async def held(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            begun.wait(30)
        await app(scope, receive, send)

    return held


WHOLE = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"", b""),
        (b"POST / HTTP/1.1\r\nHost: h\r\n", b""),
        (WHOLE, b"GET"),
        # What comes with a whole request is left when no request has come for five seconds.
        pytest.param(WHOLE + b"GET", b"", marks=pytest.mark.slow),
    ],
)
def test_who_sends_no_whole_header_is_left(
    first: bytes, second: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection is not kept for nothing, be it the first request or one after it."""
    monkeypatch.setattr(server, "HEADER_TIME", 0.2)
    begun = threading.Event()
    app = accepting(Sandbox(), begun)
    with in_background(app) as url, socket.create_connection(address(url), 10) as client:
        client.sendall(first)
        begun.set()
        received = client.recv(4096)
        client.sendall(second)
        received += b"".join(iter(lambda: client.recv(4096), b""))
    assert received.startswith(b"HTTP/1.1 404" if first.startswith(b"GET") else b"")


def test_who_sends_a_whole_header_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The body has a time of its own, and after the response the next request has one."""
    monkeypatch.setattr(server, "HEADER_TIME", 0.1)
    begun = threading.Event()
    app = accepting(Sandbox(), begun)
    with in_background(app) as url, socket.create_connection(address(url), 10) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{")
        begun.set()
        time.sleep(0.3)
        client.sendall(b"}")
        assert client.recv(4096).startswith(b"HTTP/1.1 404")


def address(url: str) -> tuple[str, int]:
    """Return the host and the port of a URL."""
    host, port = url.removeprefix("http://").split(":")
    return host, int(port)
