"""Sending requests to an implementation: a URL, or an application in this process.

All go through one httpx client, so that a request is the same bytes on every way. Whatever a server
does instead of responding (refuse the connection, hang, send without end or not in HTTP) is an
error in the place of the response; it never escapes as an exception. Each exchange carries the
secrets it must be shown without; the response itself stays as it came, because it is yet to be
judged.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from enkash_contract.engine.transport import applications, logs
from enkash_contract.engine.transport.address import IN_PROCESS, address, is_url
from enkash_contract.engine.transport.connection import WORKERS, Connection
from enkash_contract.engine.transport.wsgi import LIMIT
from enkash_contract.errors import TargetError, UsageError
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.codings import ACCEPTED, NotSeen, codings_of, decoded
from enkash_contract.wire.message import Headers, Interaction, Request, Response, shown_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Mapping

    from enkash_contract.contract.operation import Operation

    Target = str | Any

BACKOFF = 0.25
"""Seconds before a lost request is sent again; each further time it is twice as long."""


class _LostError(Exception):
    """The connection failed before a response; the message says how."""


class Client:
    """Sends the requests of one run to one target."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        source: str,
        connection: Connection,
        secrets: Secrets,
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
        self.remote = remote
        self.secrets = secrets
        self.url = url
        self.source = source

    async def send(self, request: Request) -> Interaction:
        """Send `request`, with the headers of the run, and return what happened.

        A request that was lost on the way is sent again, after a pause that grows, while the target
        is known to be there. So a server may close a connection that is kept alive just when it is
        used again, or be gone for a moment; only what happens every time is held against it.

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
                    response, error = None, f"{problem}{self._hint()}"
                    break
            await asyncio.sleep(pause)
        return Interaction(
            request,
            response,
            error and self.secrets.hide(error),
            source=self.source,
            repeated=repeated,
            secrets=self.secrets,
        )

    async def _attempt(
        self, request: Request, *, fresh: bool
    ) -> tuple[Response | None, str | None]:
        """Send `request` once, on a connection of its own where it must be `fresh`."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(request, {"Connection": "close"} if fresh else {})
        except (TimeoutError, httpx.TimeoutException):
            return None, f"no whole response within {self._timeout:g} s"
        except httpx.ConnectError:
            raise
        except httpx.RemoteProtocolError as problem:
            return None, f"did not respond in HTTP ({_first_line(problem)})"
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
            reply = await self._http.send(built, stream=True)
        except httpx.RemoteProtocolError as problem:
            raise _LostError(f"did not respond in HTTP ({_first_line(problem)})") from None
        except (httpx.ReadError, httpx.WriteError) as problem:
            raise _LostError(f"broke off the exchange ({type(problem).__name__})") from None
        self._reached = True
        try:
            body = bytearray()
            # A response that was made in this process is there already, in no coding.
            raw = not reply.is_stream_consumed
            async for chunk in reply.aiter_raw() if raw else reply.aiter_bytes():
                body += chunk
                if len(body) > LIMIT:
                    return None, f"sent more than {LIMIT:,} bytes"
        finally:
            await reply.aclose()
        headers = tuple(reply.headers.multi_items())
        plain = decoded(bytes(body), codings_of(headers) if raw else (), LIMIT)
        if isinstance(plain, NotSeen):
            return Response(reply.status_code, headers, None, plain.why), None
        return Response(reply.status_code, headers, plain), None

    def _hint(self) -> str:
        """Return what may be the matter with a server that has never responded."""
        secured = self.url.lower().startswith("https:")
        # A server that misses a certificate hangs up after the handshake, without a word of HTTP.
        return (
            "; does it want a certificate of yours (--cert)?"
            if secured and not self._reached
            else ""
        )

    def _unreachable(self, why: str) -> str:
        reason = f" ({self.secrets.hide(why)})" if why else ""
        remedy = "is it running, and is the address right?"
        if "CERTIFICATE_VERIFY_FAILED" in why:
            remedy = "name the certificates to believe it by with --ca FILE"
        elif "ssl" in why.lower():
            remedy = "does it want a certificate of yours (--cert), or no https at all?"
        return f"{self.source} cannot be reached{reason}; {remedy}"


def _secrets(url: str, connection: Connection, described: Iterable[str]) -> Secrets:
    """Return what must not be shown of a run: its headers, and passwords in addresses."""
    secrets = Secrets(described)
    for name, value in connection.headers.items():
        secrets.add_header(name, value)
    for each in (url, connection.proxy or "", *getproxies().values()):
        secrets.add_url(each)
    return secrets


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
            url, source = address(target, operation), shown_url(target)
            _one_login(url, how)
            options = _network(how)
        else:
            application, source = applications.find(target)
            url = IN_PROCESS + operation.path
            started = applications.start(application, source, how.timeout)
            options = {"transport": await stack.enter_async_context(started)}
        secrets = _secrets(url, how, operation.described)
        stack.enter_context(logs.without(secrets))
        try:
            # Asked for is what can be undone, whatever httpx could with other packages.
            accept = {"Accept-Encoding": ACCEPTED}
            http = httpx.AsyncClient(timeout=how.timeout, headers=accept, **options)
            http.build_request(operation.method, url)
        except (httpx.InvalidURL, ValueError, ImportError, OSError) as problem:
            why = secrets.hide(_first_line(problem))
            raise TargetError(f"{source} cannot be used: {why}") from None
        yield Client(
            await stack.enter_async_context(http), url, source, how, secrets, remote=remote
        )


def _network(connection: Connection) -> dict[str, Any]:
    """Return the arguments of an httpx client that reaches an address."""
    workers = connection.workers or WORKERS
    limits = httpx.Limits(max_connections=workers, max_keepalive_connections=workers)
    options: dict[str, Any] = {"verify": connection.trust(), "limits": limits}
    if connection.proxy is not None:
        try:
            options["proxy"] = httpx.Proxy(connection.proxy)
        except (httpx.InvalidURL, ValueError):
            shown = shown_url(connection.proxy)
            raise UsageError(f"--proxy {shown} is no proxy; write http://HOST:PORT") from None
    return options


def _one_login(url: str, connection: Connection) -> None:
    """Raise if the user of a URL and another header both say who sends the requests."""
    if urlsplit(url).username and (connection.authorized or connection.token):
        given = "a header Authorization" if connection.authorized else "a token"
        what = f"the URL holds a user, and {given} is given too"
        raise TargetError(f"{what}; both say the same header, so give one of them")
