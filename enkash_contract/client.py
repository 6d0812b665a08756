"""Sending requests to what a user calls an implementation: a URL, or an application in here.

All go through one httpx client, so that a request is the same bytes on every way. What a server
does instead of answering (refusing the connection, hanging, answering without end or not in HTTP)
is put in the answer's place as an error; it never escapes as an exception.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit, urlunsplit

import anyio.to_thread
import httpx

from enkash_contract.errors import TargetError
from enkash_contract.interaction import Headers, Interaction, Request, Response, shown_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from enkash_contract.contract import Operation

    Target = str | Any

LIMIT = 1 << 20
"""The most bytes of an answer that are read; EnKash's answers have about a hundred."""

TIMEOUT = 10.0
"""Seconds after which an answer that is not there yet is given up."""

_IN_PROCESS = "http://in-process"
_NAMED = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


class Client:
    """Sends the requests of one run to one target."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, source: str, headers: Headers, timeout: float
    ) -> None:
        self._http = http
        self._headers = headers
        self._timeout = timeout
        self.url = url
        self.source = source

    async def send(self, request: Request) -> Interaction:
        """Send `request`, with the headers of the run, and return what happened."""
        request = replace(request, headers=(*request.headers, *self._headers))
        built = self._http.build_request(
            request.method, request.url, headers=list(request.headers), content=request.body
        )
        try:
            async with asyncio.timeout(self._timeout):
                response, error = await self._exchange(built)
        except TimeoutError:
            response, error = None, f"no whole answer within {self._timeout:g} s"
        except httpx.ConnectError as problem:
            raise TargetError(self._unreachable(str(problem))) from None
        except httpx.TimeoutException:
            response, error = None, f"no whole answer within {self._timeout:g} s"
        except httpx.RemoteProtocolError as problem:
            response, error = None, f"did not answer in HTTP ({_first_line(problem)})"
        except (httpx.HTTPError, OSError) as problem:
            response, error = None, f"broke off the exchange ({type(problem).__name__})"
        return Interaction(request, response, error, source=self.source)

    async def _exchange(self, built: httpx.Request) -> tuple[Response | None, str | None]:
        answer = await self._http.send(built, stream=True)
        try:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LIMIT:
                    return None, f"answered more than {LIMIT:,} bytes"
        finally:
            await answer.aclose()
        headers = tuple(answer.headers.multi_items())
        return Response(answer.status_code, headers, bytes(body)), None

    def _unreachable(self, why: str) -> str:
        reason = f" ({why})" if why else ""
        return f"{self.source} cannot be reached{reason}; is it running, and is the address right?"


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0] if str(problem) else type(problem).__name__


@contextlib.asynccontextmanager
async def connect(
    target: Target,
    operation: Operation,
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,  # noqa: ASYNC109 - the user's word for how long one answer may take
) -> AsyncIterator[Client]:
    """Open a client for `target`: a URL, `module:attribute`, or an ASGI or WSGI application.

    Raises:
        TargetError: there is no such target.

    """
    async with contextlib.AsyncExitStack() as stack:
        transport: httpx.AsyncBaseTransport | None = None
        if isinstance(target, str) and target.startswith(("http://", "https://")):
            url, source = _address(target, operation), shown_url(target)
        else:
            application, source = _application(target)
            url = _IN_PROCESS + operation.path
            if _is_asgi(application, source):
                await stack.enter_async_context(_lifespan(application))
                transport = _InLoop(application, raise_app_exceptions=False)
            else:
                transport = _InThread(httpx.WSGITransport(application, raise_app_exceptions=False))
        try:
            http = httpx.AsyncClient(transport=transport, timeout=timeout)
            http.build_request(operation.method, url)
        except (httpx.InvalidURL, UnicodeError, ValueError) as problem:
            raise TargetError(f"{source} cannot be used: {_first_line(problem)}") from None
        given = tuple((headers or {}).items())
        yield Client(await stack.enter_async_context(http), url, source, given, timeout)


def _address(target: str, operation: Operation) -> str:
    """Complete a base URL with the operation's path; a full address stays as it is."""
    try:
        parts = urlsplit(target)
    except ValueError as problem:
        raise TargetError(f"{target} is not a URL: {problem}") from None
    if not parts.netloc:
        raise TargetError(f"{target} names no host; write e.g. http://127.0.0.1:8080")
    path = parts.path.rstrip("/")
    full = path if path.endswith(operation.path) else path + operation.path
    return urlunsplit((parts.scheme, parts.netloc, full, parts.query, ""))


def _application(target: Target) -> tuple[Any, str]:
    if not isinstance(target, str):
        return target, getattr(target, "__name__", type(target).__name__)
    if not _NAMED.fullmatch(target):
        raise TargetError(
            f"{target!r} is neither a URL nor an application; write http://HOST:PORT, "
            "or module:attribute of an ASGI or WSGI application"
        )
    name, _, attribute = target.partition(":")
    here = "" in sys.path or sys.path[:1] == ["."]
    if not here:
        sys.path.insert(0, "")
    try:
        found: Any = importlib.import_module(name)
        for part in attribute.split("."):
            found = getattr(found, part)
    except ModuleNotFoundError as problem:
        raise TargetError(f"there is no module {problem.name!r}, asked for by {target}") from None
    except AttributeError:
        raise TargetError(f"the module {name!r} has no {attribute!r}") from None
    except Exception as problem:
        what = f"{type(problem).__name__}: {_first_line(problem)}"
        raise TargetError(f"importing {name!r} failed: {what}") from problem
    finally:
        if not here:
            sys.path.remove("")
    return found, target


def _is_asgi(application: Any, source: str) -> bool:
    """Tell an ASGI application (three arguments, awaited) from a WSGI one (two)."""
    if callable(application):
        call = application if inspect.isroutine(application) else type(application).__call__
        if inspect.iscoroutinefunction(call):
            return True
        with contextlib.suppress(ValueError):
            signature = inspect.signature(application)
            for count, asgi in ((2, False), (3, True)):
                with contextlib.suppress(TypeError):
                    signature.bind(*range(count))
                    return asgi
    what = f"{source} is a {type(application).__name__}"
    raise TargetError(
        f"{what}, not an ASGI or WSGI application; name the application object itself"
    )


@contextlib.asynccontextmanager
async def _lifespan(application: Any) -> AsyncIterator[None]:
    """Start and stop an ASGI application; one without a lifespan just raises, as ASGI foresees."""
    to_app: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    from_app: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    task = asyncio.ensure_future(application(scope, to_app.get, from_app.put))

    async def ask(what: str) -> dict[str, str]:
        await to_app.put({"type": f"lifespan.{what}"})
        answer = asyncio.ensure_future(from_app.get())
        await asyncio.wait({task, answer}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        answer.cancel()
        return {}

    try:
        started = await ask("startup")
        if started.get("type") == "lifespan.startup.failed":
            why = started.get("message", "").strip() or "no reason given"
            raise TargetError(f"the application did not start: {why.splitlines()[-1]}")
        yield
        await ask("shutdown")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _InLoop(httpx.ASGITransport):
    """Runs an ASGI application; one that returns without an answer did not answer in HTTP."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except AssertionError:
            raise httpx.RemoteProtocolError("the application sent no answer") from None


class _InThread(httpx.AsyncBaseTransport):
    """Runs a WSGI application in a thread, so that one that hangs can be left behind."""

    def __init__(self, wsgi: httpx.WSGITransport) -> None:
        self._wsgi = wsgi

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return await anyio.to_thread.run_sync(self._answer, request, abandon_on_cancel=True)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = bytearray()
        try:
            answer = self._wsgi.handle_request(request)
            for chunk in cast("httpx.SyncByteStream", answer.stream):
                body += chunk
                if len(body) > LIMIT:
                    break
        except Exception:  # noqa: BLE001 - whatever an application raises, its server answers 500
            return httpx.Response(500)
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=_Bytes(bytes(body))
        )


class _Bytes(httpx.AsyncByteStream):
    """Bytes already read; content codings are still on them, as they would be on the wire."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
