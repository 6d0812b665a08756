"""Bytes that belong to no request: noticed, and never taken for the response to the next one."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme

import enkash_contract as ec
from enkash_contract.engine.transport import client, early
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.engine.transport.strays import Strays, read_behind
from enkash_contract.wire.message import Request
from tests.conftest import raw_server
from tests.support.spoken import heard, said

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.wire.message import Interaction

    Handler = Callable[[socket.socket], None]

STRAY = said(200, b'"stray"')


def numbered(astray: Callable[[socket.socket, int], None]) -> Handler:
    """Return a handler that responds with the number in each request, and then sends strays."""

    def respond(connection: socket.socket) -> None:
        number = 0
        while raw := heard(connection):
            number += 1
            connection.sendall(said(200, raw.partition(b"\r\n\r\n")[2]))
            astray(connection, number)

    return respond


def sent(url: str, operation: Operation, number: int, **how: Any) -> tuple[list[Any], Any]:
    """Send numbers one after another; return the bodies that came back, and the notes."""

    async def work() -> tuple[list[Interaction], tuple[str, ...]]:
        async with client.connect(url, operation, Connection(**how)) as http:
            requests = [Request("POST", http.url, (), b"%d" % index) for index in range(number)]
            return [await http.send(request) for request in requests], http.notes()

    interactions, notes = asyncio.run(work())
    return [it.response.body if it.response else it.error for it in interactions], notes


def note(number: int) -> tuple[str, ...]:
    """Return the note on so many responses."""
    strays = Strays()
    strays.seen = number
    return tuple(strays.notes())


def at_once(connection: socket.socket, _: int) -> None:
    """Send a second response at once."""
    connection.sendall(STRAY)


def a_moment_later(connection: socket.socket, _: int) -> None:
    """Send it later."""
    time.sleep(0.03)
    connection.sendall(STRAY)


@pytest.mark.parametrize("astray", [at_once, a_moment_later])
def test_a_second_response_is_nobody_s(
    astray: Callable[[socket.socket, int], None],
    operation: Operation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every request gets its own response, on a connection of its own once that is known."""
    # So long is waited by default; on a busy machine the other thread may take longer.
    assert early.LINGER > 0.03
    monkeypatch.setattr(early, "LOOKS", early.LOOKS * 100)
    monkeypatch.setattr(early, "LINGER", early.LINGER * 100)
    with raw_server(numbered(astray)) as url:
        bodies, notes = sent(url, operation, 9)
    assert bodies == [b"%d" % index for index in range(9)]
    assert notes
    assert "(a second response, or a body longer than its Content-Length)" in notes[0]


def test_a_second_response_together_with_the_first(operation: Operation) -> None:
    """Each is counted."""

    def respond(connection: socket.socket) -> None:
        while raw := heard(connection):
            connection.sendall(said(200, raw.partition(b"\r\n\r\n")[2]) + STRAY)

    with raw_server(respond) as url:
        bodies, notes = sent(url, operation, 9)
    assert (bodies, notes) == ([b"%d" % index for index in range(9)], note(9))


def test_a_body_longer_than_its_length(operation: Operation) -> None:
    """What is behind it belongs to nobody."""

    def respond(connection: socket.socket) -> None:
        while raw := heard(connection):
            connection.sendall(said(200, raw.partition(b"\r\n\r\n")[2]) + b"0123456789")

    with raw_server(respond) as url:
        bodies, notes = sent(url, operation, 3)
    assert (bodies, notes) == ([b"0", b"1", b"2"], note(3))


def test_strays_of_a_connection_that_was_used(operation: Operation) -> None:
    """A response before which another may have been sent is asked for again."""
    seen: list[bytes] = []

    def respond(connection: socket.socket) -> None:
        while raw := heard(connection):
            seen.append(raw.partition(b"\r\n\r\n")[2])
            connection.sendall(said(200, seen[-1]) + STRAY * (len(seen) == 3))

    with raw_server(respond) as url:
        bodies, notes = sent(url, operation, 5)
    assert (bodies, notes) == ([b"%d" % index for index in range(5)], note(1))
    assert seen == [b"0", b"1", b"2", b"2", b"3", b"4"]


def test_a_server_that_bids_farewell(operation: Operation) -> None:
    """408 on a connection on which nothing comes is lawful; the next request has another."""

    def respond(connection: socket.socket) -> None:
        raw = heard(connection)
        response = said(200, raw.partition(b"\r\n\r\n")[2])
        # Sent by itself, it may come after the next request was sent, and then answers that.
        connection.sendall(response + said(408, b"", b"Connection: close"))

    with raw_server(respond) as url:
        bodies, notes = sent(url, operation, 3)
    assert (bodies, notes) == ([b"0", b"1", b"2"], ())


@pytest.mark.parametrize("late", [False, True])
def test_strays_between_two_requests(
    operation: Operation, monkeypatch: pytest.MonkeyPatch, *, late: bool
) -> None:
    """Those that come after the pool has chosen the connection, too."""
    if late:
        # The pool looks, and sees nothing yet.
        monkeypatch.setattr(early._Stream, "get_extra_info", lambda *_: None)

    async def work() -> tuple[list[Any], tuple[str, ...]]:
        bodies = []
        async with client.connect(url, operation) as http:
            for index in range(4):
                request = Request("POST", http.url, (), b"%d" % index)
                interaction = await http.send(request)
                bodies.append(interaction.response and interaction.response.body)
                if index == 1:
                    is_read.set()
                    await asyncio.to_thread(is_sent.wait, 30)
            return bodies, http.notes()

    def later(connection: socket.socket, number: int) -> None:
        if number == 2:
            is_read.wait(30)
            connection.sendall(STRAY)
            is_sent.set()

    is_read, is_sent = threading.Event(), threading.Event()
    with raw_server(numbered(later)) as url:
        bodies, notes = asyncio.run(work())
    assert (bodies, notes) == ([b"0", b"1", b"2", b"3"], note(1))


def test_under_tls(operation: Operation, tmp_path: Path) -> None:
    """In one record with the response; nothing can look into a record of its own in time."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def secured(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as channel:
            while raw := heard(channel):
                channel.sendall(said(200, raw.partition(b"\r\n\r\n")[2]) + STRAY)

    with raw_server(secured) as url:
        secure = url.replace("http:", "https:")
        bodies, _ = sent(secure, operation, 6, ca=str(tmp_path / "ca.pem"))
    assert bodies == [b"%d" % index for index in range(6)]


def test_a_response_of_another_transport() -> None:
    """Of what was not read from a connection nothing is known."""
    assert read_behind(httpx.Response(200, content=b"{}")) == b""


@pytest.mark.parametrize("defect", [None, "request/b2bIds/buyerB2BId#required/unenforced"])
def test_defects_are_found_all_the_same(defect: str | None) -> None:
    """And a right server that sends its responses twice violates nothing."""
    sandbox = ec.Sandbox(defect=defect)

    def twice(connection: socket.socket) -> None:
        while raw := heard(connection):
            head, _, body = raw.partition(b"\r\n\r\n")
            method, path = head.decode().split()[:2]
            label = "application/json" if b"application/json" in head else "text/plain"
            request = Request(method, path, (("Content-Type", label),), body)
            response = sandbox.answer(request).response
            assert response is not None
            connection.sendall(said(response.status, response.body or b"") * 2)

    with raw_server(twice) as url:
        result = ec.check_target(url, only=["request/b2bIds/*"])
    assert {finding.rule for finding in result.violations} == (
        set() if defect is None else {"request/b2bIds/buyerB2BId#required"}
    )
    assert result.exit_code == (0 if defect is None else 1)
    assert result.notes == note(result.stability.requests)
