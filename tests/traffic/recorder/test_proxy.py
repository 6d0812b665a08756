"""The proxy changes nothing, and survives whatever its server does."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import zlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from enkash_contract.errors import UsageError
from enkash_contract.sandbox import server
from enkash_contract.traffic.recorder.proxy import base_of, proxy
from tests.conftest import nobody_listens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.traffic.recorder.exchange import Exchange

PLAIN = {"server_header": False, "date_header": False}
"""Settings of a server that adds no header of its own."""


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    """Respond with what has come, in its headers and its body."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    fields = [
        (b"x-target", scope["raw_path"] + b"?" + scope["query_string"]),
        (b"x-method", scope["method"].encode()),
        *((b"x-got-" + name, value) for name, value in scope["headers"]),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
        (b"content-encoding", b"deflate"),
    ]
    packed = zlib.compress(body)
    await send({"type": "http.response.start", "status": 207, "headers": fields})
    await send({"type": "http.response.body", "body": packed[:3], "more_body": True})
    await send({"type": "http.response.body", "body": packed[3:]})


@contextlib.contextmanager
def _proxied(upstream: str) -> Iterator[tuple[str, list[Exchange]]]:
    seen: list[Exchange] = []
    with server.in_background(proxy(upstream, seen.append), **PLAIN) as address:
        yield address, seen


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    """The address of a server that echoes."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await _echo(scope, receive, send)

    with server.in_background(app, **PLAIN) as address:
        yield address


def _until(condition: Callable[[], object]) -> None:
    """Wait for what another thread does in its own time."""
    waited = threading.Event()
    for _ in range(500):
        if condition():
            return
        waited.wait(0.01)
    raise AssertionError("it never came")


def test_nothing_is_changed_on_the_way(echo: str) -> None:
    """Neither the target, nor a field of a header, nor a byte of the body."""
    sent = {"Authorization": "Bearer x", "X-Odd": "a;b, c", "Connection": "keep-alive, X-Hop"}
    with _proxied(f"{echo}/base/") as (address, seen), httpx.Client() as client:
        request = httpx.Request(
            "PUT",
            address,
            headers={**sent, "X-Hop": "1"},
            content=iter([b"one", b"two"]),
            extensions={"target": b"/a%2Db//c;d/?q=%41&q="},
        )
        response = client.send(request)
        _until(lambda: seen)
    fields = response.headers
    assert response.status_code == 207
    assert response.content == b"onetwo"
    assert fields["x-method"] == "PUT"
    assert fields["x-target"] == "/base/a%2Db//c;d/?q=%41&q="
    assert fields["x-got-host"] == echo.removeprefix("http://")
    assert fields["x-got-authorization"] == "Bearer x"
    assert fields["x-got-x-odd"] == "a;b, c"
    assert fields["x-got-transfer-encoding"] == "chunked"
    assert "x-got-x-hop" not in fields
    assert "x-got-user-agent" not in fields
    assert fields.get_list("set-cookie") == ["a=1", "b=2"]
    assert "server" not in fields
    (exchange,) = seen
    assert exchange.url == f"{echo}/base/a%2Db//c;d/?q=%41&q="
    assert exchange.sent.body == b"onetwo"
    assert (exchange.status, exchange.error) == (207, "")
    assert exchange.seconds > 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_request_without_a_body_stays_one(echo: str, method: str) -> None:
    """It gets no length, and no coding."""
    with _proxied(echo) as (address, seen):
        response = httpx.request(method, f"{address}/p")
        _until(lambda: seen)
    assert response.headers["x-method"] == method
    assert "x-got-content-length" not in response.headers
    assert "x-got-transfer-encoding" not in response.headers
    assert seen[0].sent.size == 0


def test_a_length_is_passed_on(echo: str) -> None:
    """The server is told as much as the proxy was."""
    with _proxied(echo) as (address, _):
        response = httpx.post(f"{address}/p", content=b"four")
    assert response.headers["x-got-content-length"] == "4"
    assert "x-got-transfer-encoding" not in response.headers


@contextlib.contextmanager
def _raw_server(reply: bytes) -> Iterator[str]:
    """Serve one connection by sending `reply` after a request has begun, and closing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(reply)
                connection.shutdown(socket.SHUT_WR)
                # Who closes with something unread resets the connection, and the reply may be lost.
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def test_a_server_that_is_not_there_is_a_bad_gateway() -> None:
    """The next request is served all the same."""
    with nobody_listens() as upstream, _proxied(upstream) as (address, seen):
        responses = [httpx.post(f"{address}/p", content=b"x") for _ in range(2)]
        _until(lambda: len(seen) == len(responses))
    for response in responses:
        assert response.status_code == 502
        assert response.headers["x-enkash-recorder"] == "the server did not respond"
        error = response.json()["error"]
        assert error == "the server did not respond: ConnectError: All connection attempts failed"
    assert seen[0].error == "ConnectError: All connection attempts failed"
    assert seen[0].status == 0


def test_a_response_that_breaks_off_breaks_off_for_the_client() -> None:
    """Nobody completes it."""
    with (
        _raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf") as upstream,
        _proxied(upstream) as (address, seen),
    ):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(f"{address}/p", content=b"x")
        _until(lambda: seen)
    assert seen[0].status == 200
    assert seen[0].error.startswith("RemoteProtocolError: ")
    assert seen[0].received.body == b"half"


def test_bytes_that_are_no_http_are_a_bad_gateway() -> None:
    """The reason is passed on."""
    with _raw_server(b"nonsense\r\n\r\n") as upstream, _proxied(upstream) as (address, seen):
        response = httpx.post(f"{address}/p", content=b"x")
        _until(lambda: seen)
    assert response.status_code == 502
    # What was sent instead may be a secret.
    assert seen[0].error == "RemoteProtocolError: illegal status line"


async def _called(app: Any, messages: list[Any], **members: Any) -> list[Any]:
    """Return what `app` sends when it receives `messages`, and then nothing more.

    Some `members` of the scope are others.
    """
    sent: list[Any] = []
    waiting = [*messages]

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    fields = [(b"content-length", b"4"), (b"host", b"proxy")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/p",
        "root_path": "",
        "query_string": b"",
        "headers": fields,
        **members,
    }
    await app(scope, receive, send)
    return sent


def test_a_client_that_leaves_amid_its_request_ends_it() -> None:
    """Nothing is sent to it."""
    seen: list[Exchange] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        await request.aread()
        raise AssertionError

    app = proxy("http://upstream", seen.append, httpx.MockTransport(handle))
    part = {"type": "http.request", "body": b"ab", "more_body": True}
    assert asyncio.run(_called(app, [part, {"type": "http.disconnect"}])) == []
    assert seen[0].error == "the client left before the end of the response"
    assert seen[0].sent.body == b"ab"


def test_a_client_that_leaves_while_it_waits_ends_the_request() -> None:
    """A server that never responds keeps nothing."""
    seen: list[Exchange] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        await request.aread()
        await asyncio.Event().wait()
        raise AssertionError

    app = proxy("http://upstream", seen.append, httpx.MockTransport(handle))
    whole = {"type": "http.request", "body": b"abcd"}
    assert asyncio.run(_called(app, [whole, {"type": "http.disconnect"}])) == []
    assert seen[0].error == "the client left before the end of the response"


@pytest.mark.parametrize("times", [1, 2])
def test_an_exchange_under_way_is_recorded_when_the_recorder_stops(times: int) -> None:
    """Servers cancel what they wait for, and so do the loops that they ran in."""
    seen: list[Exchange] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        await request.aread()
        try:
            await asyncio.Event().wait()
        finally:
            # It takes its time to end, too.
            await asyncio.sleep(0)
        raise AssertionError

    async def stopped() -> None:
        app = proxy("http://upstream", seen.append, httpx.MockTransport(handle))
        whole = {"type": "http.request", "body": b"abcd"}
        task = asyncio.ensure_future(_called(app, [whole]))
        for _ in range(5):
            await asyncio.sleep(0)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
    assert [each.error for each in seen] == [
        "the recorder was stopped before the end of the response"
    ]
    assert seen[0].sent.body == b"abcd"


@pytest.mark.parametrize(
    ("target", "expected", "url"),
    [
        (b"http://other.example/a//b", b"/base/a//b?q=1", "http://upstream/base/a//b?q=1"),
        (b"http://other.example", b"/base/?q=1", "http://upstream/base/?q=1"),
        (b"*", b"*", "http://upstream/*"),
    ],
)
def test_a_target_need_not_be_a_path(target: bytes, expected: bytes, url: str) -> None:
    """A client that was told of a proxy names the host; and the server itself may be meant."""
    seen: list[Exchange] = []
    requests: list[httpx.Request] = []

    async def handle(request: httpx.Request) -> httpx.Response:
        await request.aread()
        requests.append(request)
        return httpx.Response(200)

    app = proxy("http://upstream/base", seen.append, httpx.MockTransport(handle))
    whole = {"type": "http.request", "body": b""}
    scope = {"path": target.decode(), "raw_path": target, "query_string": b"q=1", "headers": []}
    asyncio.run(_called(app, [whole], **scope))
    assert requests[0].extensions["target"] == expected
    assert "content-length" not in requests[0].headers
    assert seen[0].url == url


@pytest.mark.parametrize("members", [{"method": "CONNECT"}, {"type": "websocket"}])
def test_a_tunnel_is_refused(members: dict[str, str]) -> None:
    """Nobody could look into it."""
    start, body = asyncio.run(_called(proxy("http://upstream", print), [], **members))
    assert start["status"] == 501
    assert body["body"] == b'{"error": "no tunnel is opened; send requests themselves"}'


def test_a_status_that_is_none_is_a_bad_gateway() -> None:
    """No server could write it for the client."""
    seen: list[Exchange] = []
    transport = httpx.MockTransport(lambda _: httpx.Response(600))
    app = proxy("http://upstream", seen.append, transport)
    start, _ = asyncio.run(_called(app, [{"type": "http.request", "body": b"abcd"}]))
    assert start["status"] == 502
    assert seen[0].error == "RemoteProtocolError: the status 600 is none of HTTP"


@pytest.mark.parametrize(
    ("upstream", "problem"),
    [
        ("localhost:80", "UPSTREAM is no URL of a server; write one like https://host:443"),
        ("http://", "UPSTREAM is no URL of a server; write one like https://host:443"),
        ("http://h/?a", "UPSTREAM has a query; write the address of the server alone"),
        ("http://h/?", "UPSTREAM has a query; write the address of the server alone"),
        (
            "http://h:x",
            "UPSTREAM is no URL: Invalid port: 'x'; write one like https://host:443",
        ),
        (
            "http://user:pass/word@h",
            "UPSTREAM is no URL: write /, ?, # and @ of a password as %2F, %3F, %23 and %40",
        ),
        (
            "http://xn--",
            "UPSTREAM is no URL: Malformed A-label, no Punycode eligible content found; "
            "write one like https://host:443",
        ),
        *(
            (
                f"http://{host}",
                "UPSTREAM names no host that there can be; write one like https://host:443",
            )
            for host in ("a b", "*", "..", "a..b", "h\\x")
        ),
        *(
            (
                f"http://h:{port}",
                f"UPSTREAM: there is no port {port}; write one like https://host:443",
            )
            for port in (0, -1, 65_536)
        ),
    ],
)
def test_an_address_that_is_none_is_told(upstream: str, problem: str) -> None:
    """Each with what to write."""
    with pytest.raises(UsageError) as caught:
        proxy(upstream, print)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    "upstream", ["http://[::1]:80", "http://1.2.3.4/base", "https://user:word@a_b.example.:65535"]
)
def test_any_address_of_a_server_will_do(upstream: str) -> None:
    """Names and addresses of either version, and with somebody's password."""
    assert str(base_of(upstream)) == upstream.replace(":80", "")
