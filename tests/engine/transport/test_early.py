"""Responses that come before the request was read: they are read, and never held against anyone."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme

import enkash_contract as ec
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.engine.transport.early import read_early
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.wire.message import Request
from tests.conftest import raw_server
from tests.support.transport import RIGHT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.wire.message import Interaction

LARGE = b" " * 1_000_000
REJECTION = b'{"payload": "too much", "response_code": 31, "response_message": "FAILED"}'


def response(status: int, body: bytes, *headers: bytes) -> bytes:
    """Return a response as it stands on the wire."""
    lines = [b"HTTP/1.1 %d X" % status, b"Content-Type: application/json", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def head(connection: socket.socket) -> bytes:
    """Read a request as far as its headers, and the beginning of its body that came with them."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = connection.recv(1024)
        if not part:
            raise ConnectionError("the client left")
        raw += part
    return raw


def early(raw: bytes, *, reset: bool) -> Callable[[socket.socket], None]:
    """Return a handler that responds without reading the body, and closes."""

    def respond(connection: socket.socket) -> None:
        head(connection)
        connection.sendall(raw)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return respond


def sent(
    url: str, operation: Operation, body: bytes = LARGE, *, times: int = 1, **how: object
) -> list[Interaction]:
    """Send the same request some times, and return what happened."""

    async def work() -> list[Interaction]:
        options = {"retries": 0, **how}
        async with client.connect(url, operation, Connection(**options)) as http:  # type: ignore[arg-type]
            request = Request("POST", http.url, (), body)
            return [await http.send(request) for _ in range(times)]

    return asyncio.run(work())


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("says", [(b"Connection: close",), ()], ids=["says-so", "silent"])
@pytest.mark.parametrize("status", [400, 401, 413, 429])
def test_an_early_response_is_read(
    status: int,
    says: tuple[bytes, ...],
    reset: bool,  # noqa: FBT001 - a parameter of the test
    operation: Operation,
) -> None:
    """Each time, without a second attempt, and known to be about no payload."""
    times = 60 if status == 413 else 15
    with raw_server(early(response(status, REJECTION, *says), reset=reset)) as url:
        seen = Counter(
            (it.response and (it.response.status, it.response.body), it.error, it.unread)
            for it in sent(url, operation, times=times)
        )
    assert seen == {((status, REJECTION), None, True): times}


def test_a_response_to_a_request_that_was_read_is_no_early_one(operation: Operation) -> None:
    """However large the request, and although the server closes."""

    def read_all(connection: socket.socket) -> None:
        raw = head(connection)
        while not raw.endswith(LARGE):
            raw += connection.recv(1 << 20)
        connection.sendall(response(400, REJECTION, b"Connection: close"))

    with raw_server(read_all) as url:
        (interaction,) = sent(url, operation)
    assert interaction.response is not None
    assert (interaction.response.status, interaction.unread) == (400, False)


def closing(connection: socket.socket) -> None:
    """Close amid the request, without a response."""
    head(connection)


def test_a_connection_closed_amid_the_request_is_nobody_s_fault(operation: Operation) -> None:
    """The server may have responded, and the network lost it."""
    with raw_server(closing) as url:
        (interaction,) = sent(url, operation, b" " * 20_000_000)
    assert (interaction.response, interaction.aborted) == (None, True)
    assert interaction.error == "closed the connection amid the request"


def test_a_request_that_nobody_reads_is_nobody_s_fault(operation: Operation) -> None:
    """When the time is over, part of it was never sent."""

    def waiting(connection: socket.socket) -> None:
        head(connection)
        over.wait(10)

    over = threading.Event()
    with raw_server(waiting) as url:
        (interaction,) = sent(url, operation, b" " * 50_000_000, timeout=0.3, retries=3)
        over.set()
    assert (interaction.error, interaction.aborted) == ("no whole response came within 0.3 s", True)


def test_under_tls_nothing_is_held_against_the_server(operation: Operation, tmp_path: Path) -> None:
    """What was not read in time cannot be read any more, so it is a response or nothing."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    respond = early(response(413, REJECTION), reset=True)

    def secured(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as channel:
            respond(channel)

    with raw_server(secured) as url:
        secure = url.replace("http:", "https:")
        interactions = sent(secure, operation, times=10, ca=str(tmp_path / "ca.pem"))
    assert all(it.aborted or (it.response and it.unread) for it in interactions)


def test_a_transport_without_connections_stays_as_it_is() -> None:
    """An application in this process has none."""
    transport = httpx.ASGITransport(Sandbox())
    client = httpx.AsyncClient(transport=transport)
    read_early(client)
    assert not hasattr(transport, "_pool")


@pytest.mark.parametrize("status", [400, 413])
def test_a_server_that_reads_no_large_request_conforms(status: int) -> None:
    """It keeps the contract; whether it would take a megabyte, nobody can tell."""

    def limited(connection: socket.socket) -> None:
        raw = head(connection)
        size = int(raw.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if size > 1 << 15:
            connection.sendall(response(status, REJECTION))
            return
        body = raw.partition(b"\r\n\r\n")[2]
        while len(body) < size:
            body += connection.recv(1 << 16)
        try:
            ec.validate_json(body)
        except ec.EnkashContractError:
            connection.sendall(response(400, REJECTION))
        else:
            connection.sendall(response(200, RIGHT))

    with raw_server(limited) as url:
        result = ec.check_target(url, only=["request#json/one-megabyte", "request#json/truncated"])
    assert (result.baseline, result.violations) == ("accepted", ())
    assert {name: count for name, count in result.verdicts.items() if count} == {
        "held": 2,
        "inconclusive": 1,
    }
