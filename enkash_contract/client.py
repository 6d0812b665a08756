"""Sending requests to what a user calls an implementation: a URL, or an application in here.

All go through one httpx client, so that a request is the same bytes on every way. What a server
does instead of answering (refusing the connection, hanging, answering without end or not in HTTP)
is put in the answer's place as an error; it never escapes as an exception. Secrets that a server
echoes are taken out of its answer here, before anyone can quote it.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import httpx

from enkash_contract import applications
from enkash_contract.applications import LIMIT
from enkash_contract.connection import WORKERS, Connection
from enkash_contract.errors import TargetError, UsageError
from enkash_contract.interaction import Headers, Interaction, Request, Response, shown_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from enkash_contract.contract import Operation

    Target = str | Any

SHORTEST_SECRET = 4
"""Fewer characters than this are no secret, and too likely to stand in an answer by chance."""

_IN_PROCESS = "http://in-process"

BACKOFF = 0.25
"""Seconds before a lost request is sent again; each further time it is twice as long."""


class _LostError(Exception):
    """The connection failed before an answer; the message says how."""


class Client:
    """Sends the requests of one run to one target."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        source: str,
        connection: Connection,
        *,
        remote: bool = True,
    ) -> None:
        self._http = http
        self._headers: Headers = tuple(connection.headers.items())
        self._timeout = connection.timeout
        # An application in this process loses no connection.
        self._pauses = [BACKOFF * 2**at for at in range(connection.retries)] if remote else []
        self._pauses = [0.0, *self._pauses]
        self._reached = False
        self._secrets = _secrets(url, self._headers)
        self.remote = remote
        self.url = url
        self.source = source

    def learn(self, secret: str) -> None:
        """Keep from now on a further secret out of answers."""
        self._secrets = _known([*self._secrets, secret.encode()])

    async def send(self, request: Request) -> Interaction:
        """Send `request`, with the headers of the run, and return what happened.

        What was lost on the way is sent again, after a pause that grows, while the target is known
        to be there. So a server may close a connection that is kept alive just when it is used
        again, or be gone for a moment; what happens every time is its answer.

        Raises:
            TargetError: nothing listens at the address.

        """
        request = replace(request, headers=(*request.headers, *self._headers))
        pauses, repeated = iter(self._pauses), False
        while True:
            try:
                response, error = await self._attempt(request, fresh=repeated)
                break
            except httpx.ConnectError as problem:
                pause = next(pauses, None) if self._reached else None
                if pause is None:
                    raise TargetError(self._unreachable(str(problem))) from None
            except _LostError as problem:
                repeated, pause = True, next(pauses, None)
                if pause is None:
                    response, error = None, str(problem)
                    break
            await asyncio.sleep(pause)
        return Interaction(request, response, error, source=self.source, repeated=repeated)

    async def _attempt(
        self, request: Request, *, fresh: bool
    ) -> tuple[Response | None, str | None]:
        """Send `request` once, on a connection of its own where it must be `fresh`."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(request, {"Connection": "close"} if fresh else {})
        except (TimeoutError, httpx.TimeoutException):
            return None, f"no whole answer within {self._timeout:g} s"
        except httpx.ConnectError:
            raise
        except httpx.RemoteProtocolError as problem:
            return None, f"did not answer in HTTP ({_first_line(problem)})"
        except httpx.DecodingError:
            return None, "answered in a content coding that cannot be undone"
        except httpx.ProxyError as problem:
            return None, f"is not reached by the proxy ({_first_line(problem)})"
        except (httpx.HTTPError, OSError) as problem:
            return None, f"broke off the exchange ({type(problem).__name__})"

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
        try:
            answer = await self._http.send(built, stream=True)
        except httpx.RemoteProtocolError as problem:
            raise _LostError(f"did not answer in HTTP ({_first_line(problem)})") from None
        except (httpx.ReadError, httpx.WriteError) as problem:
            raise _LostError(f"broke off the exchange ({type(problem).__name__})") from None
        self._reached = True
        try:
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > LIMIT:
                    return None, f"answered more than {LIMIT:,} bytes"
        finally:
            await answer.aclose()
        headers = tuple(answer.headers.multi_items())
        return Response(answer.status_code, headers, self._without_secrets(bytes(body))), None

    def _without_secrets(self, body: bytes) -> bytes:
        for secret in self._secrets:
            body = body.replace(secret, b"***")
        return body

    def _unreachable(self, why: str) -> str:
        reason = f" ({why})" if why else ""
        remedy = "is it running, and is the address right?"
        if "CERTIFICATE_VERIFY_FAILED" in why:
            remedy = "name the certificates to believe it by with --ca FILE"
        elif "ssl" in why.lower():
            remedy = "does it want a certificate of yours (--cert), or no https at all?"
        return f"{self.source} cannot be reached{reason}; {remedy}"


def _secrets(url: str, headers: Headers) -> list[bytes]:
    """List what must not come back: header values, their last words, password and query."""
    parts = urlsplit(url)
    found = [word for _, value in headers for word in (value, value.rpartition(" ")[2])]
    found += [value for _, value in parse_qsl(parts.query)]
    found += [parts.password or "", unquote(parts.password or "")]
    return _known([one.encode() for one in found])


def _known(secrets: list[bytes]) -> list[bytes]:
    """Return each secret that is one, the longest first: it may hold another."""
    wanted = {one for one in secrets if len(one) >= SHORTEST_SECRET}
    return sorted(wanted, key=len, reverse=True)


def _first_line(problem: BaseException) -> str:
    return str(problem).splitlines()[0] if str(problem) else type(problem).__name__


@contextlib.asynccontextmanager
async def connect(
    target: Target, operation: Operation, connection: Connection | None = None
) -> AsyncIterator[Client]:
    """Open a client for `target`: a URL, `module:attribute`, or an ASGI or WSGI application.

    Raises:
        TargetError: there is no such target.
        UsageError: the connection names a file that cannot be used.

    """
    how = connection or Connection()
    remote = is_url(target)
    async with contextlib.AsyncExitStack() as stack:
        if remote:
            url, source = _address(target, operation, how), shown_url(target)
            options = _network(how)
        else:
            application, source = applications.find(target)
            url = _IN_PROCESS + operation.path
            started = applications.start(application, source, how.timeout)
            options = {"transport": await stack.enter_async_context(started)}
        try:
            http = httpx.AsyncClient(timeout=how.timeout, **options)
            http.build_request(operation.method, url)
        except (httpx.InvalidURL, ValueError, ImportError, OSError) as problem:
            raise TargetError(f"{source} cannot be used: {_first_line(problem)}") from None
        yield Client(await stack.enter_async_context(http), url, source, how, remote=remote)


def _network(connection: Connection) -> dict[str, Any]:
    """Return what httpx must know of the way to an address."""
    workers = connection.workers or WORKERS
    limits = httpx.Limits(max_connections=workers, max_keepalive_connections=workers)
    made: dict[str, Any] = {"verify": connection.trust(), "limits": limits}
    if connection.proxy is not None:
        try:
            made["proxy"] = httpx.Proxy(connection.proxy)
        except (httpx.InvalidURL, ValueError):
            shown = shown_url(connection.proxy)
            raise UsageError(f"--proxy {shown} is no proxy; write http://HOST:PORT") from None
    return made


def is_url(target: Target) -> bool:
    """Say whether `target` is written as an http(s) URL."""
    return isinstance(target, str) and target.lower().startswith(("http://", "https://"))


def _address(target: str, operation: Operation, connection: Connection) -> str:
    """Complete a base URL with the operation's path; a full address stays as it is."""
    shown = shown_url(target)
    try:
        parts = urlsplit(target)
        host, _ = parts.hostname, parts.port
    except ValueError as problem:
        raise TargetError(f"{shown} is not a URL: {problem}") from None
    if not host:
        raise TargetError(f"{shown} names no host; write e.g. http://127.0.0.1:8080")
    if parts.username and (connection.authorized or connection.token):
        given = "a header Authorization" if connection.authorized else "a token"
        what = f"the URL holds a user, and {given} is given too"
        raise TargetError(f"{what}; both say the same header, so give one of them")
    path = parts.path.rstrip("/")
    full = path if path.endswith(operation.path) else path + operation.path
    return urlunsplit((parts.scheme, parts.netloc, full, parts.query, ""))
