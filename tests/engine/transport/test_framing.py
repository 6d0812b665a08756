"""Valid requests in chunks, or announced by Expect: as they are sent, and how servers take them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from tests.conftest import raw_server
from tests.support.implementations import wsgi_app

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

CHUNKED, EXPECT = "request#json/chunked", "request#json/expect-continue"
BODY = ec.cases()[0].wire.body
GOOD = b'{"payload":"SUCCESS","response_code":0,"response_message":"SUCCESS"}'
ACCEPTED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
REJECTED = b'{"payload":"no","response_code":4,"response_message":"FAILED"}'
ACCEPTED = ACCEPTED % len(GOOD) + GOOD


def received(connection: socket.socket, end: bytes) -> bytes:
    """Return what comes until `end` does and not beyond, or until the client leaves."""
    raw = b""
    while not raw.endswith(end) and (part := connection.recv(1)):
        raw += part
    return raw


def serving(
    heads: list[bytes], bodies: list[bytes], otherwise: Callable[[socket.socket], None]
) -> Callable[[socket.socket], None]:
    """Return a handler that keeps what comes; `otherwise` responds to what has no plain length."""

    def answer(connection: socket.socket) -> None:
        while head := received(connection, b"\r\n\r\n"):
            if b"Transfer-Encoding" in head or b"Expect" in head:
                heads.append(head)
                otherwise(connection)
                return
            bodies.append(received(connection, BODY[-20:]))
            connection.sendall(ACCEPTED)

    return answer


def test_they_are_sent_as_they_say() -> None:
    """Two chunks without a length; and a head, then a 100, then the body with its length."""
    heads: list[bytes] = []
    bodies: list[bytes] = []

    def read(connection: socket.socket) -> None:
        if b"Expect" in heads[-1]:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        bodies.append(received(connection, b"0\r\n\r\n" if len(heads) == 1 else BODY[-20:]))
        connection.sendall(ACCEPTED)

    with raw_server(serving(heads, bodies, read)) as url:
        result = ec.check_target(url, only=[CHUNKED, EXPECT], workers=1)
    chunked, expect = heads
    half = len(BODY) // 2
    pieces = (BODY[:half], BODY[half:])
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)

    assert result.verdicts == {"held": 3}
    assert b"\r\nTransfer-Encoding: chunked\r\n" in chunked
    assert b"Content-Length" not in chunked
    assert bodies[1] == chunks + b"0\r\n\r\n"
    assert b"\r\nExpect: 100-continue\r\n" in expect
    assert b"\r\nContent-Length: %d\r\n" % len(BODY) in expect
    assert bodies[2] == BODY
    assert all(b"\r\nConnection: close\r\n" in head for head in heads)


def failing(status: bytes) -> Callable[[socket.socket], None]:
    """Return a handler that reads all that comes and responds with `status`."""

    def answer(connection: socket.socket) -> None:
        received(connection, b"0\r\n\r\n")
        # Nothing but its status is wrong with it.
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        connection.sendall(head % (status, len(REJECTED)) + REJECTED)

    return answer


@pytest.mark.parametrize(
    ("otherwise", "check", "verdict"),
    [
        (failing(b"411 Length Required"), "positive_data_acceptance", "assumption"),
        (failing(b"501 Not Implemented"), "not_a_server_error", "assumption"),
        (failing(b"500 Internal Server Error"), "not_a_server_error", "violation"),
        (lambda connection: connection.close(), "not_a_server_error", "assumption"),
    ],
)
def test_a_server_may_not_take_chunks(
    otherwise: Callable[[socket.socket], None], check: str, verdict: str
) -> None:
    """Its rejection, its 501 and its hanging up rest on an assumption; a crash is a crash."""
    with raw_server(serving([], [], otherwise)) as url:
        result = ec.check_target(url, only=[CHUNKED], workers=1, retries=0)

    assert [(one.check, one.case, one.severity) for one in result.findings] == [
        (check, CHUNKED, verdict)
    ]


def test_an_asgi_application_gets_them_in_pieces() -> None:
    """As a server hands them over: the fields as sent, the body without its frames."""
    seen: list[tuple[dict[bytes, bytes], list[bytes]]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        pieces, more = [], True
        while more:
            message = await receive()
            pieces.append(message["body"])
            more = message["more_body"]
        seen.append((dict(scope["headers"]), pieces))
        label = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": label})
        await send({"type": "http.response.body", "body": GOOD})

    result = ec.check_target(app, only=[CHUNKED, EXPECT])
    (chunked, pieces), (expect, whole) = seen[1], seen[2]

    assert result.verdicts == {"held": 3}
    assert (chunked[b"transfer-encoding"], b"content-length" in chunked) == (b"chunked", False)
    assert (b"".join(pieces), sum(map(bool, pieces))) == (BODY, 2)
    assert (expect[b"expect"], expect[b"content-length"]) == (b"100-continue", b"%d" % len(BODY))
    assert b"".join(whole) == BODY


def test_a_wsgi_application_gets_them_whole() -> None:
    """The gateway has read the chunks, and knows the length."""
    seen: list[dict[str, Any]] = []

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        seen.append(environ)
        return wsgi_app.app(environ, start_response)

    result = ec.check_target(app, only=[CHUNKED, EXPECT])

    assert result.verdicts == {"held": 3}
    assert {environ["CONTENT_LENGTH"] for environ in seen} == {str(len(BODY))}
    assert seen[2]["HTTP_EXPECT"] == "100-continue"


def test_the_sandbox_takes_them() -> None:
    """The embedded sandbox reads both, and the cases differ in nothing but how they are sent."""
    result = ec.check_target(only=[CHUNKED, EXPECT])
    named = {case.id: case for case in ec.cases()}

    assert result.verdicts == {"held": 3}
    assert json.loads(BODY) == json.loads(named[CHUNKED].wire.body)
    assert (named[CHUNKED].wire.sized, named[EXPECT].wire.sized) == (False, True)
