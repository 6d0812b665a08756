"""Sending requests to what a user calls an implementation: a URL, or an application in here.

All go through one httpx client, so that a request is the same bytes on every way. What a server
does instead of answering (refusing the connection, hanging, answering without end or not in HTTP)
is put in the answer's place as an error; it never escapes as an exception. Each exchange carries
what it must not be quoted with; the answer itself stays as it came, because it is yet to be judged.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies

import httpx

from enkash_contract import applications, logs
from enkash_contract.applications import LIMIT
from enkash_contract.errors import TargetError
from enkash_contract.interaction import Headers, Interaction, Request, Response, shown_url
from enkash_contract.redaction import Secrets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from enkash_contract.contract import Operation

    Target = str | Any

_IN_PROCESS = "http://in-process"

_BEFORE_ANY_ANSWER = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)


class Client:
    """Sends the requests of one run to one target."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        source: str,
        headers: Headers,
        secrets: Secrets | None = None,
    ) -> None:
        self._http = http
        self._headers = headers
        self._timeout = http.timeout.read
        self.secrets = secrets or _secrets(url, headers)
        self.url = url
        self.source = source

    async def send(self, request: Request) -> Interaction:
        """Send `request`, with the headers of the run, and return what happened.

        Raises:
            TargetError: nothing listens at the address.

        """
        request = replace(request, headers=(*request.headers, *self._headers))
        response, error = None, None
        try:
            async with asyncio.timeout(self._timeout):
                response, error = await self._sent(request)
        except (TimeoutError, httpx.TimeoutException):
            error = f"no whole answer within {self._timeout:g} s"
        except httpx.ConnectError as problem:
            raise TargetError(self._unreachable(str(problem))) from None
        except httpx.RemoteProtocolError as problem:
            error = f"did not answer in HTTP ({_first_line(problem)})"
        except httpx.DecodingError:
            error = "answered in a content coding that cannot be undone"
        except (httpx.HTTPError, OSError) as problem:
            error = f"broke off the exchange ({type(problem).__name__})"
        error = error and self.secrets.hide(error)
        return Interaction(request, response, error, source=self.source, secrets=self.secrets)

    async def _sent(self, request: Request) -> tuple[Response | None, str | None]:
        try:
            return await self._exchange(request, {})
        except _BEFORE_ANY_ANSWER:
            # A server may close a connection that is kept alive just when it is used again. On a
            # connection of its own, the same happening once more is the server's answer.
            return await self._exchange(request, {"Connection": "close"})

    async def _exchange(
        self, request: Request, more: Mapping[str, str]
    ) -> tuple[Response | None, str | None]:
        built = self._http.build_request(
            request.method,
            request.url,
            headers=[*request.headers, *more.items()],
            content=request.body,
        )
        if not request.sized:
            built.headers.pop("Content-Length", None)
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
        reason = f" ({self.secrets.hide(why)})" if why else ""
        return f"{self.source} cannot be reached{reason}; is it running, and is the address right?"


def _secrets(url: str, headers: Headers, described: Iterable[str] = ()) -> Secrets:
    """Return what must not be shown of a run: what is sent, and what a proxy is told."""
    made = Secrets(described)
    for name, value in headers:
        made.add_header(name, value)
    for address in (url, *getproxies().values()):
        made.add_url(address)
    return made


def _first_line(problem: BaseException) -> str:
    return str(problem).splitlines()[0] if str(problem) else type(problem).__name__


@contextlib.asynccontextmanager
async def connect(
    target: Target,
    operation: Operation,
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float,  # noqa: ASYNC109 - the user's word for how long one answer may take
) -> AsyncIterator[Client]:
    """Open a client for `target`: a URL, `module:attribute`, or an ASGI or WSGI application.

    Raises:
        TargetError: there is no such target.

    """
    given = tuple((headers or {}).items())
    async with contextlib.AsyncExitStack() as stack:
        transport: httpx.AsyncBaseTransport | None = None
        if is_url(target):
            url, source = _address(target, operation, given), shown_url(target)
        else:
            application, source = applications.find(target)
            url = _IN_PROCESS + operation.path
            transport = await stack.enter_async_context(
                applications.start(application, source, timeout)
            )
        secrets = _secrets(url, given, operation.described)
        stack.enter_context(logs.without(secrets))
        try:
            http = httpx.AsyncClient(transport=transport, timeout=timeout)
            http.build_request(operation.method, url)
        except (httpx.InvalidURL, ValueError, ImportError, OSError) as problem:
            why = secrets.hide(_first_line(problem))
            raise TargetError(f"{source} cannot be used: {why}") from None
        yield Client(await stack.enter_async_context(http), url, source, given, secrets)


def is_url(target: Target) -> bool:
    """Say whether `target` is written as an http(s) URL."""
    return isinstance(target, str) and target.lower().startswith(("http://", "https://"))


def _address(target: str, operation: Operation, headers: Headers) -> str:
    """Complete a base URL with the operation's path; a full address stays as it is."""
    shown = shown_url(target)
    try:
        parts = urlsplit(target)
        host, _ = parts.hostname, parts.port
    except ValueError as problem:
        # A password with a slash in it ends up where the port should be, and so in the reason.
        why = "write /, ?, # and @ of a password as %2F, %3F, %23 and %40"
        raise TargetError(f"{shown} is not a URL: {why if '@' in target else problem}") from None
    if not host:
        raise TargetError(f"{shown} names no host; write e.g. http://127.0.0.1:8080")
    if parts.username and any(name.lower() == "authorization" for name, _ in headers):
        what = "the URL holds a user, and a header Authorization is given too"
        raise TargetError(f"{what}; both say the same header, so give one of them")
    path = parts.path.rstrip("/")
    full = path if path.endswith(operation.path) else path + operation.path
    return urlunsplit((parts.scheme, parts.netloc, full, parts.query, ""))
