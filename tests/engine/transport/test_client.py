"""Sending requests: what a target is, and everything a server can do instead of answering."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import ssl
import struct
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import trustme

from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.errors import TargetError
from enkash_contract.wire.message import Interaction, Request, Response
from tests.conftest import nobody_listens, raw_server
from tests.support.transport import RIGHT, send

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.operation import Operation


def heard(connection: socket.socket) -> None:
    """Read the whole request: a connection closed with bytes unread is reset, not closed."""
    raw = b""
    while not raw.endswith(b"{}"):
        part = connection.recv(65536)
        if not part:
            raise ConnectionError("the client left")
        raw += part


def answering(raw: bytes) -> Callable[[socket.socket], None]:
    """Return a handler that reads a request and sends `raw`, whatever was asked."""

    def answer(connection: socket.socket) -> None:
        heard(connection)
        connection.sendall(raw)

    return answer


def whole(body: bytes, *headers: bytes) -> bytes:
    """Return a right HTTP answer."""
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def test_an_answer_is_status_headers_and_body(operation: Operation) -> None:
    """What the server sent is in the response, and the interaction knows where it came from."""
    with raw_server(answering(whole(RIGHT, b"Content-Type: application/json"))) as url:
        found = send(url, operation)
    headers = (("content-length", str(len(RIGHT))), ("content-type", "application/json"))
    assert found.response == Response(200, headers, RIGHT)
    assert found.source == url


@pytest.mark.parametrize("proxy", ["http://user:ca/na/ry@h:1", "u:canary@h:x"])
@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTP_PROXY"])
def test_a_proxy_of_the_environment_that_is_none(
    name: str, proxy: str, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable is named, and no part of the password is shown."""
    monkeypatch.setenv(name, proxy)
    with pytest.raises(TargetError, match=f"{name} http://h:[1x] is no proxy; write") as caught:
        send("http://127.0.0.1:9", operation)
    assert "canary" not in str(caught.value)
    assert "ry" not in str(caught.value)


def test_a_compressed_answer_is_read(operation: Operation) -> None:
    """Content codings are taken off."""
    packed = gzip.compress(RIGHT)
    with raw_server(answering(whole(packed, b"Content-Encoding: gzip"))) as url:
        found = send(url, operation)
    assert found.response is not None
    assert found.response.body == RIGHT


def test_a_coding_that_cannot_be_undone(operation: Operation) -> None:
    """The response is there, and nobody knows what it holds; httpx is not asked."""
    with raw_server(answering(whole(b"not gzip", b"Content-Encoding: gzip"))) as url:
        found = send(url, operation)
    headers = (("content-length", "8"), ("content-encoding", "gzip"))
    assert found.response is not None
    assert (found.response.body, found.response.unseen, found.error) == (
        None,
        "is in the content coding gzip, but it is damaged",
        None,
    )
    assert sorted(found.response.headers) == sorted(headers)


def hang(connection: socket.socket) -> None:
    """Read and never answer, until the client leaves."""
    while connection.recv(65536):
        pass


def drip(connection: socket.socket) -> None:
    """Answer so slowly that no single wait is long."""
    for byte in whole(RIGHT):
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def close(connection: socket.socket) -> None:
    """Read the request and close the connection."""
    heard(connection)


def endless(connection: socket.socket) -> None:
    """Answer a hundred megabytes, as far as anyone reads them."""
    heard(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(1600):
        connection.sendall(b" " * 65536)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (hang, "no whole response came within 0.3 s"),
        (drip, "no whole response came within 0.3 s"),
        (close, "did not respond in HTTP (Server disconnected without sending a response.)"),
        (endless, "sent more than 1,048,576 bytes"),
        (
            answering(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
            "did not respond in HTTP (illegal status line: ",
        ),
        (
            answering(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"),
            "did not respond in HTTP (peer closed connection without sending complete message body",
        ),
    ],
)
def test_no_answer_is_an_error_in_its_place(
    answer: Callable[[socket.socket], None], error: str, operation: Operation
) -> None:
    """Whatever a server does instead of answering, there is an interaction that says so."""
    # Whoever does anything has all the time for it.
    with raw_server(answer) as url:
        found = send(url, operation, timeout=0.3 if answer in {hang, drip} else 10)
    assert found.response is None
    assert (found.error or "").startswith(error)


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        (httpx.ReadTimeout("late"), "no whole response came within 10 s"),
        (httpx.CloseError("closed"), "broke off the exchange (CloseError)"),
        (OSError("closed"), "broke off the exchange (OSError)"),
    ],
)
def test_what_httpx_notices_first_is_told_like_any_other(
    problem: Exception, error: str, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out of its own reads as ours, and no exception of its comes out."""

    async def failing(*_: Any, **__: Any) -> httpx.Response:
        raise problem

    monkeypatch.setattr(httpx.AsyncClient, "send", failing)
    assert send("http://127.0.0.1:1", operation).error == error


def test_nothing_listening_is_a_target_error(operation: Operation) -> None:
    """A refused connection says which address, and what to look at."""
    with nobody_listens() as url, pytest.raises(TargetError) as caught:
        send(f"{url.replace('//', '//user:secret@')}/?key=secret", operation)
    assert str(caught.value) == (
        f"{url}/ cannot be reached (All connection attempts failed); "
        "is it running, and is the address right?"
    )


def test_a_server_that_speaks_no_tls_is_told_as_such(operation: Operation) -> None:
    """An address with an s too many is no server that is not running."""

    def plain(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(whole(RIGHT))

    with raw_server(plain) as url, pytest.raises(TargetError) as caught:
        send(url.replace("http:", "https:"), operation)
    assert str(caught.value).endswith(
        "; does it want a certificate of yours (--cert), or no https at all?"
    )


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("http://h", "http://h/api/v0/invoice/req-status-change-invoice"),
        ("http://h/", "http://h/api/v0/invoice/req-status-change-invoice"),
        ("https://h:8/gate/", "https://h:8/gate/api/v0/invoice/req-status-change-invoice"),
        (
            "http://h/api/v0/invoice/req-status-change-invoice",
            "http://h/api/v0/invoice/req-status-change-invoice",
        ),
        ("http://h/x?key=1#y", "http://h/x/api/v0/invoice/req-status-change-invoice?key=1"),
    ],
)
def test_an_address_is_completed(target: str, url: str, operation: Operation) -> None:
    """A base URL gets the operation's path, a full address stays as it is."""

    async def address() -> str:
        async with client.connect(target, operation, Connection(timeout=1)) as http:
            return http.url

    assert asyncio.run(address()) == url


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http://", "http:// names no host; write e.g. http://127.0.0.1:8080"),
        ("http://[", "http://[ is not a URL: Invalid IPv6 URL"),
        ("http://a:b", "http://a:b is not a URL: Port could not be cast to integer value as 'b'"),
        (
            "localhost:8080",
            "'localhost:8080' is neither a URL nor an application; did you mean "
            "http://localhost:8080?",
        ),
        (
            "no_such_module:app",
            "there is no module 'no_such_module', asked for by no_such_module:app",
        ),
        (
            "tests.support.transport:nothing",
            "the module 'tests.support.transport' has no 'nothing'",
        ),
        (
            "tests.support.transport:RIGHT",
            "tests.support.transport:RIGHT is of type bytes, not an ASGI or WSGI application; "
            "name the application object itself",
        ),
        (
            "math:sqrt",
            "math:sqrt is of type builtin_function_or_method, not an ASGI or WSGI application; "
            "name the application object itself",
        ),
        (
            7,
            "int is of type int, not an ASGI or WSGI application; "
            "name the application object itself",
        ),
    ],
)
def test_what_is_no_target_says_so(target: Any, message: str, operation: Operation) -> None:
    """Each wrong target is one line that says what to write."""
    with pytest.raises(TargetError) as caught:
        send(target, operation)
    assert str(caught.value) == message


def test_a_connection_closed_just_when_it_is_used_again_is_no_fault(operation: Operation) -> None:
    """A server may close a connection it kept alive; the request is sent once more on a new one."""
    answered = itertools.count()

    def closing(connection: socket.socket) -> None:
        heard(connection)
        next(answered)
        connection.sendall(whole(RIGHT))

    async def twice(url: str) -> list[Interaction]:
        async with client.connect(url, operation) as http:
            request = Request("POST", http.url, (), b"{}")
            return [await http.send(request) for _ in range(20)]

    with raw_server(closing) as url:
        found = asyncio.run(twice(url))
    assert [one.response is not None for one in found] == [True] * 20


@pytest.mark.parametrize(("retries", "times"), [(0, 2), (3, 5)])
def test_a_server_that_never_answers_is_asked_so_often(
    retries: int, times: int, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once on a connection of its own, then as often as is asked for; then it is an answer."""
    monkeypatch.setattr(client, "BACKOFF", 0)
    asked = itertools.count()

    def closing(connection: socket.socket) -> None:
        heard(connection)
        next(asked)

    with raw_server(closing) as url:
        found = send(url, operation, retries=retries)
    assert (found.response, found.repeated, next(asked)) == (None, True, times)
    assert found.error == (
        "did not respond in HTTP (Server disconnected without sending a response.)"
    )


@pytest.mark.parametrize("retries", [0, 3])
def test_a_target_that_was_there_may_be_gone_for_a_moment(
    retries: int, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused connection is tried again where there was an answer before, and not where none."""
    pauses: list[float] = []
    sleep = asyncio.sleep
    ours = threading.get_ident()

    async def paused(seconds: float, *_: Any) -> None:
        """Only in this thread: the servers of other tests sleep in theirs."""
        if threading.get_ident() == ours:
            pauses.append(seconds)
            seconds = 0
        await sleep(seconds)

    async def twice() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        address = listener.getsockname()
        url = f"http://127.0.0.1:{address[1]}"

        def once() -> None:
            with listener, listener.accept()[0] as connection:
                answering(whole(RIGHT, b"Connection: close"))(connection)

        thread = threading.Thread(target=once)
        thread.start()
        async with client.connect(url, operation, Connection(retries=retries)) as http:
            request = Request("POST", http.url, (), b"{}")
            assert (await http.send(request)).response is not None
            thread.join()
            monkeypatch.setattr(asyncio, "sleep", paused)
            # Who holds the port, and does not listen, keeps all others from it.
            with socket.socket() as held:
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                held.bind(address)
                with pytest.raises(TargetError, match="cannot be reached"):
                    await http.send(request)
            monkeypatch.undo()

    asyncio.run(twice())
    assert [one for one in pauses if one] == [0.25, 0.5, 1.0][:retries]


def test_secrets_that_come_back_are_known_and_stay(operation: Operation) -> None:
    """The answer is judged as it came; what it must not be quoted with goes along with it."""

    def echo(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(whole(b"Bearer canary-4 canary-4 canary-5 canary-6 ok"))

    async def once(url: str) -> Interaction:
        target = url.replace("//", "//me:canary-5@") + "?key=canary-6"
        async with client.connect(target, operation, Connection(headers=given)) as http:
            return await http.send(Request("POST", http.url, (), b"{}"))

    given = {"X-Key": "Bearer canary-4", "X-Short": "ok"}
    with raw_server(echo) as url:
        found = asyncio.run(once(url))
    assert found.response is not None
    assert found.secrets is not None
    assert found.response.body == b"Bearer canary-4 canary-4 canary-5 canary-6 ok"
    assert found.secrets.hide_bytes(found.response.body) == b"*** *** *** *** ok"
    assert "canary" not in repr(found)


def test_two_credentials_for_one_header_are_a_mistake(operation: Operation) -> None:
    """A user in the URL and an Authorization header say the same, so one must go."""
    with pytest.raises(TargetError, match="^the URL holds a user, and a header Authorization"):
        send("http://me:secret@h", operation, headers={"authorization": "Bearer x"})


@pytest.mark.parametrize(
    ("variable", "value", "url"),
    [
        ("SSL_CERT_FILE", "/nowhere", "https://127.0.0.1:9"),
        ("HTTP_PROXY", "nonsense://h", "http://127.0.0.1:9"),
    ],
)
def test_what_the_environment_spoils_is_told(
    variable: str, value: str, url: str, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy or certificate that cannot be used is one line, not a traceback."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(TargetError, match=f"^{url} cannot be used: "):
        send(url, operation)


def test_a_certificate_that_nobody_vouches_for_is_told(operation: Operation) -> None:
    """With the option that names who does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    def secured(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    with (
        raw_server(secured) as url,
        pytest.raises(
            TargetError,
            match=r"cannot be reached \(.*CERTIFICATE_VERIFY_FAILED.*\); "
            "name the certificates to believe it by with --ca FILE$",
        ),
    ):
        send(url.replace("http:", "https:"), operation)


def test_certificates_that_are_not_needed_spoil_nothing(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address without TLS is reached, whatever the environment says of certificates."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    with raw_server(answering(whole(RIGHT))) as url:
        assert send(url, operation).response is not None


def test_the_credentials_of_a_proxy_are_not_told(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with a proxy is told without its user and password."""
    monkeypatch.setenv("HTTP_PROXY", "nonsense://canary-1:canary-2@h")
    with pytest.raises(TargetError, match=r"nonsense://.*\*\*\*") as raised:
        send("http://127.0.0.1:9", operation)
    assert "canary" not in str(raised.value)


def test_a_connection_that_is_reset_is_an_error(operation: Operation) -> None:
    """A server that resets every connection broke off the exchange."""

    def reset(connection: socket.socket) -> None:
        connection.recv(1)
        # With this option, closing sends a reset instead of an end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with raw_server(reset) as url:
        found = send(url, operation)
    assert found.error == "broke off the exchange (ReadError)"
