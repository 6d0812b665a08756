"""Calling a WSGI application in this process, the way a gateway does (PEP 3333).

An application may return its body, yield it, or hand it to `write`; call `start_response` late, or
again with an exception; and be a class, whose instances are the bodies. Responses are whole before
anything is made of them, so an application that raises in the middle is a server that crashed.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from types import TracebackType

    _Raised = tuple[type[BaseException], BaseException, TracebackType]

LIMIT = 1 << 20
"""The most bytes of a response that are read; EnKash's responses have about a hundred."""


def crash(problem: BaseException) -> httpx.Response:
    """Return the response of a server whose application raised, naming the exception."""
    return httpx.Response(500, text=summary(problem))


def summary(problem: BaseException) -> str:
    """Return an exception as one line."""
    lines = str(problem).splitlines()
    return f"{type(problem).__name__}: {lines[0]}" if lines else type(problem).__name__


class WsgiTransport(httpx.AsyncBaseTransport):
    """Runs a WSGI application in a thread of its own, so that one that hangs can be left behind."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Call the application with `request` and return its response, or that of its crash."""
        await request.aread()
        return await _in_thread(lambda: self._answer(request))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return _Gateway().response(self._application, _environ(request))
        except (Exception, SystemExit) as problem:  # noqa: BLE001 - a server would survive it
            return crash(problem)


class _TooLongError(Exception):
    """More was sent than is read."""


class _Gateway:
    """One call of an application: keeps its status, its headers as pairs, and its body."""

    def __init__(self) -> None:
        self._head: tuple[int, list[tuple[bytes, bytes]]] | None = None
        self._body = bytearray()

    def response(self, application: Any, environ: dict[str, Any]) -> httpx.Response:
        """Call `application` and return its response."""
        with contextlib.suppress(_TooLongError):
            self._run(application, environ)
        if self._head is None:
            raise AssertionError("start_response was not called")
        status, headers = self._head
        return httpx.Response(status, headers=headers, stream=_Bytes(bytes(self._body)))

    def _run(self, application: Any, environ: dict[str, Any]) -> None:
        chunks = application(environ, self._start)
        try:
            for chunk in chunks:
                if chunk:
                    self._write(chunk)
        finally:
            # The response is on its way by then: what `close` raises ends in a server's log.
            with contextlib.suppress(Exception):
                getattr(chunks, "close", lambda: None)()

    def _start(
        self, status: str, response_headers: list[tuple[str, str]], exc_info: _Raised | None = None
    ) -> Callable[[bytes], None]:
        """Begin the response, or begin it anew after an exception while nothing was sent."""
        if exc_info is not None and self._body:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self._head is not None:
            raise AssertionError("start_response was called twice")
        pairs = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in response_headers
        ]
        self._head = (int(status.split(maxsplit=1)[0]), pairs)
        return self._write

    def _write(self, chunk: bytes) -> None:
        if self._head is None:
            raise AssertionError("the body began before start_response was called")
        # Through a view, because a bytearray would also take a list of numbers.
        self._body += memoryview(chunk)
        if len(self._body) > LIMIT:
            raise _TooLongError


def _environ(request: httpx.Request) -> dict[str, Any]:
    """Return the environment of a request whose body is there as a whole."""
    url = request.url
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.raw_path.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": url.query.decode("ascii"),
        "SERVER_NAME": url.host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(request.content),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.multi_items():
        key = name.upper().replace("-", "_")
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[key] = value
        else:
            key = f"HTTP_{key}"
            environ[key] = f"{environ[key]}, {value}" if key in environ else value
    if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
        # A gateway that has read the chunks knows the length.
        environ["CONTENT_LENGTH"] = str(len(request.content))
    return environ


async def _in_thread(call: Callable[[], httpx.Response]) -> httpx.Response:
    """Await `call` in a daemon thread: neither a time-out nor the process's end waits for it."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[httpx.Response] = loop.create_future()

    def settle(answer: httpx.Response) -> None:
        if not found.done():
            found.set_result(answer)

    def work() -> None:
        answer = call()
        # The loop may be gone by the time a hanging application responds.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, answer)

    threading.Thread(target=work, daemon=True).start()
    return await found


class _Bytes(httpx.AsyncByteStream):
    """Bytes already read; content codings are still on them, as they would be on the wire."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
