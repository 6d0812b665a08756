"""WSGI applications in this process: all that PEP 3333 allows is a response like any other."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.engine.transport.wsgi import WsgiTransport
from enkash_contract.errors import TargetError
from tests.support.implementations import wsgi_app
from tests.support.transport import RIGHT, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from enkash_contract.contract.operation import Operation

HEADERS = [("Content-Type", "application/json")]


def call(application: Any, **request: Any) -> httpx.Response:
    """Return the response of `application` to one request."""

    async def once() -> httpx.Response:
        async with httpx.AsyncClient(transport=WsgiTransport(application)) as client:
            return await client.request("POST", "http://in-process/%C3%BC/a%2Fb?q=1", **request)

    return asyncio.run(once())


@given(
    chunks=st.lists(st.tuples(st.binary(max_size=5), st.booleans()), max_size=5),
    late=st.booleans(),
)
def test_a_body_is_the_same_however_it_is_handed_over(
    chunks: list[tuple[bytes, bool]],
    late: bool,  # noqa: FBT001 - drawn
) -> None:
    """Written, returned and yielded bytes are one body, in their order."""
    written = [chunk for chunk, through_write in chunks if through_write]
    returned = [chunk for chunk, through_write in chunks if not through_write]

    def body(start_response: Any) -> Iterator[bytes]:
        write = start_response("200 OK", HEADERS)
        for chunk in written:
            write(chunk)
        yield from returned

    def application(environ: Any, start_response: Any) -> Iterable[bytes]:
        chunks = body(start_response)
        return chunks if late else list(chunks)

    response = call(application)
    assert (response.status_code, response.headers.multi_items()) == (
        200,
        [("content-type", "application/json")],
    )
    assert response.content == b"".join([*written, *returned])


class Instance:
    """An application that is a class: each instance is the body of one response."""

    closed = 0

    def __init__(self, environ: Any, start_response: Any) -> None:
        self.environ, self.start_response = environ, start_response

    def __iter__(self) -> Iterator[bytes]:
        self.start_response("200 OK", HEADERS)
        yield b""
        yield RIGHT

    def close(self) -> None:
        """Count, and fail as late as can be."""
        type(self).closed += 1
        raise RuntimeError("the response is sent already")


def test_a_class_is_an_application_if_its_instances_iterate(operation: Operation) -> None:
    """The response is whole whatever `close` raises, and `close` is called once for each."""
    before = Instance.closed
    response = send(Instance, operation).response
    assert response is not None
    assert (response.status, response.body, Instance.closed - before) == (200, RIGHT, 1)


class Awaited:
    """An ASGI application that is a class, as Starlette's endpoints are."""

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.receive, self.send = scope, receive, send

    def __await__(self) -> Any:
        return self.respond().__await__()

    async def respond(self) -> None:
        """Respond at once."""
        assert self.scope["type"] == "http"
        await self.send({"type": "http.response.start", "status": 200, "headers": []})
        await self.send({"type": "http.response.body", "body": RIGHT})


def test_a_class_is_an_application_if_its_instances_are_awaited(operation: Operation) -> None:
    """So an endpoint of Starlette is called like any ASGI application."""
    response = send(Awaited, operation).response
    assert response is not None
    assert (response.status, response.body) == (200, RIGHT)


def test_a_class_that_makes_applications_is_none(operation: Operation) -> None:
    """The class of a framework takes two arguments as well, and returns no body."""

    class Framework:
        def __init__(self, name: str, folder: str) -> None:
            """Take two arguments."""

    with pytest.raises(TargetError, match="^Framework is a class, not an ASGI or WSGI"):
        send(Framework, operation)


def test_headers_that_come_twice_stay_two() -> None:
    """Cookies cannot be joined by commas, so the headers are pairs."""

    def application(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-\xe9", "\xe9")])
        return []

    assert call(application).headers.raw == [
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
        (b"X-\xe9", b"\xe9"),
    ]


def raised(start_response: Any, *before: bytes) -> Iterator[bytes]:
    """Begin well, and respond otherwise after an exception."""
    start_response("200 OK", HEADERS)
    yield from before
    try:
        raise ValueError("no such invoice")
    except ValueError:
        start_response("400 Bad Request", HEADERS, exc_info=sys.exc_info())
        yield b"{}"


def test_a_response_begins_anew_after_an_exception() -> None:
    """With `exc_info` the status and the headers may still change, as long as nothing was sent."""
    response = call(lambda _, start: raised(start, b""))
    assert (response.status_code, response.content) == (400, b"{}")


def not_started(_: Any, start_response: Any) -> Iterable[bytes]:
    """Return a body without a status."""
    return [RIGHT]


def empty_and_not_started(_: Any, start_response: Any) -> Iterable[bytes]:
    """Return neither a status nor a body."""
    return []


def started_twice(_: Any, start_response: Any) -> Iterable[bytes]:
    """Change the status for no reason."""
    start_response("200 OK", [])
    start_response("400 Bad Request", [])
    return [RIGHT]


def of_text(_: Any, start_response: Any) -> Iterable[Any]:
    """Return a body that is not bytes."""
    start_response("200 OK", [])
    return ["text"]


@pytest.mark.parametrize(
    ("application", "says"),
    [
        (not_started, "AssertionError: the body began before start_response was called"),
        (empty_and_not_started, "AssertionError: start_response was not called"),
        (started_twice, "AssertionError: start_response was called twice"),
        (lambda _, start: raised(start, b"{"), "ValueError: no such invoice"),
        (of_text, "TypeError: memoryview: a bytes-like object is required, not 'str'"),
    ],
    ids=["not-started", "nothing", "twice", "sent-already", "text"],
)
def test_what_no_gateway_would_send_is_a_crash(application: Callable[..., Any], says: str) -> None:
    """An application that breaks PEP 3333 is a server that responds 500."""
    response = call(application)
    assert (response.status_code, response.text) == (500, says)


def test_a_body_written_without_end_is_cut(operation: Operation) -> None:
    """The application is stopped when it has written more than anyone reads."""

    def endless(environ: Any, start_response: Any) -> Iterable[bytes]:
        write = start_response("200 OK", [])
        while True:
            write(b" " * 65536)

    assert send(endless, operation).error == "sent more than 1,048,576 bytes"


def test_the_environment_is_that_of_a_gateway() -> None:
    """The path is decoded to Latin-1, and headers of one name are joined; the length is known."""
    seen: dict[str, Any] = {}

    def application(environ: Any, start_response: Any) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("204 No Content", [])
        return []

    headers = [("X-A", "1"), ("X-A", "2"), ("Content-Type", "text/plain")]
    call(application, headers=[*headers, ("Transfer-Encoding", "chunked")], content=b"body")
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/\xc3\xbc/a/b", "q=1")
    assert (seen["HTTP_X_A"], seen["CONTENT_TYPE"]) == ("1, 2", "text/plain")
    assert (seen["body"], seen["CONTENT_LENGTH"]) == (b"body", "4")
    assert "HTTP_TRANSFER_ENCODING" not in seen


def written(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Respond as the plain implementation does, through `write`."""
    begun: list[Any] = []
    body = b"".join(wsgi_app.app(environ, lambda *head: begun.append(head)))  # type: ignore[arg-type]
    write = start_response(*begun[0])
    write(body[:5])
    write(body[5:])
    return []


class Iterated:
    """The same as a class, whose instances respond when they are iterated over."""

    def __init__(self, environ: Any, start_response: Any) -> None:
        self.environ, self.start_response = environ, start_response

    def __iter__(self) -> Iterator[bytes]:
        yield from wsgi_app.app(self.environ, self.start_response)


@pytest.mark.parametrize("target", [written, Iterated])
def test_an_application_of_any_form_conforms(target: Any) -> None:
    """Nothing is held against a form that PEP 3333 allows."""
    result = ec.check_target(target, only=["request#*", "request/b2bIds*"])
    assert (result.violations, result.baseline) == ((), "accepted")
