"""Sending requests: what a target is, and everything a server can do instead of answering."""

from __future__ import annotations

import asyncio
import functools
import gzip
import itertools
import socket
import struct
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.errors import TargetError
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.wire.message import Interaction, Request, Response
from tests.conftest import raw_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

RIGHT = b'{"payload":"SUCCESS","response_code":0,"response_message":"SUCCESS"}'


def send(
    target: Any,
    operation: Operation,
    *,
    timeout: float = 10,
    headers: Mapping[str, str] | None = None,
    **how: Any,
) -> Interaction:
    """Send one request to `target` and return what happened; nothing is sent again later."""
    made = Connection(headers=headers or {}, timeout=timeout, **{"retries": 0, **how})

    async def once() -> Interaction:
        async with client.connect(target, operation, made) as http:
            return await http.send(Request("POST", http.url, (), b"{}"))

    return asyncio.run(once())


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


def test_a_compressed_answer_is_read(operation: Operation) -> None:
    """Content codings are taken off."""
    packed = gzip.compress(RIGHT)
    with raw_server(answering(whole(packed, b"Content-Encoding: gzip"))) as url:
        found = send(url, operation)
    assert found.response is not None
    assert found.response.body == RIGHT


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
        (hang, "no whole answer within 0.3 s"),
        (drip, "no whole answer within 0.3 s"),
        (close, "did not answer in HTTP (Server disconnected without sending a response.)"),
        (endless, "answered more than 1,048,576 bytes"),
        (
            answering(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
            "did not answer in HTTP (illegal status line: ",
        ),
        (
            answering(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"),
            "did not answer in HTTP (peer closed connection without sending complete message body",
        ),
        (
            answering(whole(b"not gzip", b"Content-Encoding: gzip")),
            "answered in a content coding that cannot be undone",
        ),
    ],
)
def test_no_answer_is_an_error_in_its_place(
    answer: Callable[[socket.socket], None], error: str, operation: Operation
) -> None:
    """Whatever a server does instead of answering, there is an interaction that says so."""
    with raw_server(answer) as url:
        found = send(url, operation, timeout=0.3)
    assert found.response is None
    assert (found.error or "").startswith(error)


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        (httpx.ReadTimeout("late"), "no whole answer within 10 s"),
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
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TargetError) as caught:
        send(f"http://user:secret@127.0.0.1:{port}/?key=secret", operation)
    assert str(caught.value) == (
        f"http://127.0.0.1:{port}/ cannot be reached (All connection attempts failed); "
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


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """Answer as an ASGI application without a lifespan does."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": RIGHT})


def wsgi(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answer as a WSGI application does."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [RIGHT]


class Callable2:
    """A WSGI application that is an object."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return wsgi(environ, start_response)


def as_asgi(scope: Any, receive: Any, send: Any) -> Any:
    """Return what must be awaited, as some decorators do."""
    return asgi(scope, receive, send)


@pytest.mark.parametrize(
    "target",
    [
        asgi,
        wsgi,
        Callable2(),
        as_asgi,
        Sandbox(),
        functools.partial(wsgi),
        "tests.engine.transport.test_client:wsgi",
    ],
    ids=["asgi", "wsgi", "wsgi-object", "asgi-plain", "asgi-object", "partial", "named"],
)
def test_applications_of_every_form_are_called(target: Any, operation: Operation) -> None:
    """ASGI and WSGI are told apart by how they are called."""
    found = send(target, operation)
    assert found.response is not None
    assert found.response.status in (200, 400, 415)


def test_a_module_beside_the_user_is_found(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`module:attribute` is looked for in the current folder, which stays on the path."""
    (tmp_path / "gateway_here.py").write_text(
        "from tests.engine.transport.test_client import wsgi as app"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [one for one in sys.path if one])
    before = list(sys.path)
    for _ in range(2):
        assert send("gateway_here:app", operation).response is not None
        assert sys.path == ["", *before]
    del sys.modules["gateway_here"]


def test_a_raising_application_is_a_server_that_answers_500(operation: Operation) -> None:
    """An exception never comes out of an application in this process."""

    def broken_wsgi(environ: Any, start_response: Any) -> Iterable[bytes]:
        raise RuntimeError("broken")

    async def broken_asgi(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("broken")

    for target in (broken_wsgi, broken_asgi):
        found = send(target, operation)
        assert found.response is not None
        assert found.response.status == 500


def test_a_silent_asgi_application_did_not_answer(operation: Operation) -> None:
    """An application that returns without an answer is an error in its place."""

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        pass

    assert send(silent, operation).error == (
        "did not answer in HTTP (the application sent no answer)"
    )


def test_an_application_answering_without_end_is_cut(operation: Operation) -> None:
    """A WSGI application's body is read only as far as it is wanted."""

    def long(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        while True:
            yield b" " * 65536

    assert send(long, operation).error == "answered more than 1,048,576 bytes"


def test_a_hanging_wsgi_application_is_left_behind(operation: Operation) -> None:
    """The thread that waits is not waited for."""
    released = threading.Event()

    def slow(environ: Any, start_response: Any) -> Iterable[bytes]:
        released.wait(5)
        return wsgi(environ, start_response)

    started = time.monotonic()
    try:
        assert send(slow, operation, timeout=0.2).error == "no whole answer within 0.2 s"
        assert time.monotonic() - started < 4
    finally:
        released.set()


def test_the_lifespan_is_kept(operation: Operation) -> None:
    """An application is started before its first request and stopped after its last."""
    heard: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            heard.append("request")
            await asgi(scope, receive, send)
            return
        for word in ("startup", "shutdown"):
            message = await receive()
            heard.append(message["type"])
            await send({"type": f"lifespan.{word}.complete"})

    send(app, operation)
    assert heard == ["lifespan.startup", "request", "lifespan.shutdown"]


@pytest.mark.parametrize(
    ("message", "why"),
    [({"message": "Traceback\nno database"}, "no database"), ({}, "no reason given")],
)
def test_an_application_that_does_not_start_says_why(
    message: dict[str, str], why: str, operation: Operation
) -> None:
    """A failed start is one line, the last of what the application says."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", **message})

    with pytest.raises(TargetError, match=f"^app did not start: {why}$"):
        send(app, operation)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http://", "http:// names no host; write e.g. http://127.0.0.1:8080"),
        ("http://[", "http://[ is not a URL: Invalid IPv6 URL"),
        ("http://a:b", "http://a:b is not a URL: Port could not be cast to integer value as 'b'"),
        (
            "localhost:8080",
            "'localhost:8080' is neither a URL nor an application; write http://HOST:PORT, "
            "or module:attribute of an ASGI or WSGI application",
        ),
        (
            "no_such_module:app",
            "there is no module 'no_such_module', asked for by no_such_module:app",
        ),
        (
            "tests.engine.transport.test_client:nothing",
            "the module 'tests.engine.transport.test_client' has no 'nothing'",
        ),
        (
            "tests.engine.transport.test_client:RIGHT",
            "tests.engine.transport.test_client:RIGHT is a bytes, not an ASGI or WSGI application; "
            "name the application object itself",
        ),
        (
            "math:sqrt",
            "math:sqrt is a builtin_function_or_method, not an ASGI or WSGI application; "
            "name the application object itself",
        ),
        (
            7,
            "int is a int, not an ASGI or WSGI application; name the application object itself",
        ),
    ],
)
def test_what_is_no_target_says_so(target: Any, message: str, operation: Operation) -> None:
    """Each wrong target is one line that says what to write."""
    with pytest.raises(TargetError) as caught:
        send(target, operation)
    assert str(caught.value) == message


def test_a_module_that_fails_to_load_is_named(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exception of somebody else's module becomes one line."""
    (tmp_path / "gateway_broken.py").write_text("raise RuntimeError('no settings\\nat all')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        TargetError, match="^importing 'gateway_broken' failed: RuntimeError: no set"
    ):
        send("gateway_broken:app", operation)


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
        "did not answer in HTTP (Server disconnected without sending a response.)"
    )


@pytest.mark.parametrize("retries", [0, 3])
def test_a_target_that_was_there_may_be_gone_for_a_moment(
    retries: int, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refused connection is tried again where there was an answer before, and not where none."""
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def paused(seconds: float, *_: Any) -> None:
        pauses.append(seconds)
        await sleep(0)

    async def twice() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

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
    ("variable", "value"), [("SSL_CERT_FILE", "/nowhere"), ("HTTP_PROXY", "nonsense://h")]
)
def test_what_the_environment_spoils_is_told(
    variable: str, value: str, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy or certificate that cannot be used is one line, not a traceback."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(TargetError, match="^http://127.0.0.1:9 cannot be used: "):
        send("http://127.0.0.1:9", operation)


def test_the_credentials_of_a_proxy_are_not_told(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with a proxy is told without its user and password."""
    monkeypatch.setenv("HTTP_PROXY", "nonsense://canary-1:canary-2@h")
    with pytest.raises(TargetError, match=r"nonsense://.*\*\*\*") as raised:
        send("http://127.0.0.1:9", operation)
    assert "canary" not in str(raised.value)


async def exiting(scope: Any, receive: Any, send: Any) -> None:
    """Leave the process, as if nobody else lived in it."""
    sys.exit(3)


async def cancelled(scope: Any, receive: Any, send: Any) -> None:
    """Raise what looks like a time-out of ours, and is not."""
    raise asyncio.CancelledError


async def text_for_bytes(scope: Any, receive: Any, send: Any) -> None:
    """Answer with a body that is not bytes."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": "text"})


def exiting_wsgi(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Leave the process, as if nobody else lived in it."""
    sys.exit(3)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (exiting, b"SystemExit: 3"),
        (cancelled, b"CancelledError"),
        (text_for_bytes, b"TypeError: "),
        (exiting_wsgi, b"SystemExit: 3"),
    ],
)
def test_whatever_an_application_does_its_server_survives(
    target: Any, said: bytes, operation: Operation
) -> None:
    """It is a 500 that says what was raised."""
    found = send(target, operation)
    assert found.response is not None
    assert found.response.status == 500
    assert (found.response.body or b"").startswith(said)


def test_an_endless_asgi_answer_is_cut(operation: Operation) -> None:
    """The application is stopped when it has sent more than anyone reads."""

    async def endless_app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b" " * 65536, "more_body": True})

    assert send(endless_app, operation).error == "answered more than 1,048,576 bytes"


def test_a_busy_asgi_application_does_not_keep_the_time_out_out(operation: Operation) -> None:
    """One that sends for ever in small pieces is given up in time."""

    async def busy(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"", "more_body": True})

    assert send(busy, operation, timeout=0.2).error == "no whole answer within 0.2 s"


def test_a_start_that_never_ends_is_given_up(operation: Operation) -> None:
    """A lifespan that hangs is one line after the time an answer may take."""

    async def hanging(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(60)

    with pytest.raises(TargetError, match=r"^hanging did not start: nothing within 0\.2 s$"):
        send(hanging, operation, timeout=0.2)


def test_a_stop_that_never_ends_is_given_up(operation: Operation) -> None:
    """What the run found is not lost to an application that does not stop."""

    async def stays(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asgi(scope, receive, send)
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await asyncio.sleep(60)

    assert send(stays, operation, timeout=0.3).response is not None


def test_what_the_lifespan_puts_in_its_state_reaches_the_requests(operation: Operation) -> None:
    """The state of ASGI's lifespan is in the scope of each request, a copy for each."""

    async def stateful(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            scope["state"]["answer"] = RIGHT
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["state"]["answer"]})

    found = send(stateful, operation)
    assert found.response is not None
    assert found.response.body == RIGHT


def test_a_class_is_no_application(operation: Operation) -> None:
    """A class where an object is meant is told, instead of being called as WSGI."""
    with pytest.raises(TargetError, match="^Callable2 is a class, not an ASGI or WSGI"):
        send(Callable2, operation)


def test_a_module_that_exits_or_lacks_something_itself_is_told(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong inside the module is not blamed on the name after the colon."""
    (tmp_path / "gateway_exits.py").write_text("import sys\nsys.exit(5)")
    (tmp_path / "gateway_lacks.py").write_text("import sys\nsys.nothing_there")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(TargetError, match="^importing 'gateway_exits' failed: SystemExit: 5$"):
        send("gateway_exits:app", operation)
    with pytest.raises(TargetError, match="^importing 'gateway_lacks' failed: AttributeError: "):
        send("gateway_lacks:app", operation)


def test_a_connection_that_is_reset_is_an_error(operation: Operation) -> None:
    """A server that resets every connection broke off the exchange."""

    def reset(connection: socket.socket) -> None:
        connection.recv(1)
        # With this option, closing sends a reset instead of an end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with raw_server(reset) as url:
        found = send(url, operation)
    assert found.error == "broke off the exchange (ReadError)"


def test_an_answer_that_comes_too_late_is_let_go(operation: Operation) -> None:
    """A WSGI application that answers after its time does not disturb what follows."""
    released = threading.Event()

    def slow(environ: Any, start_response: Any) -> Iterable[bytes]:
        released.wait(10)
        return wsgi(environ, start_response)

    async def twice() -> list[Interaction]:
        async with client.connect(slow, operation, Connection(timeout=0.2)) as http:
            request = Request("POST", http.url, (), b"{}")
            first = await http.send(request)
            released.set()
            await asyncio.sleep(0.2)
            return [first, await http.send(request)]

    first, second = asyncio.run(twice())
    assert (first.error, second.error) == ("no whole answer within 0.2 s", None)
