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
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from enkash_contract.clock import monotonic, now
from enkash_contract.engine.transport import applications, logs
from enkash_contract.engine.transport.address import IN_PROCESS, address, is_url
from enkash_contract.engine.transport.attempt import Attempt, Got, LostError, first_line
from enkash_contract.engine.transport.connection import WORKERS, Connection
from enkash_contract.engine.transport.early import read_early
from enkash_contract.errors import TargetError, UsageError
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.codings import ACCEPTED
from enkash_contract.wire.message import Headers, Interaction, Request, shown_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.engine.transport.strays import Strays

    Target = str | Any

BACKOFF = 0.25
"""Seconds before a lost request is sent again; each further time it is twice as long."""


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
        strays: Strays,
        remote: bool = True,
    ) -> None:
        self._http, self._strays = http, strays
        self._headers: Headers = tuple(connection.headers.items())
        self._timeout = connection.timeout
        # An application in this process loses no connection.
        self._pauses = [BACKOFF * 2**at for at in range(connection.retries)] if remote else []
        self._pauses = [0.0, *self._pauses]
        self._reached = False
        self._kept = 0
        self.remote = remote
        self.secrets = secrets
        self.url = url
        self.source = source

    @property
    def hangs_up(self) -> bool:
        """Whether the target closes its connections without saying so, which is lawful."""
        return self._kept < 0

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
        pause: float | None
        while True:
            attempt = Attempt(self._http, request, self._timeout)
            began, at = monotonic(), now()
            alone = repeated or self._strays.seen > 0
            try:
                # Sent again, it gets a connection of its own.
                got = await attempt.send({"Connection": "close"} if alone else {})
                if not attempt.is_doubtful:
                    break
                repeated, pause = True, 0.0
            except httpx.ConnectError as problem:
                pause = next(pauses, None) if self._reached else None
                if pause is None:
                    raise TargetError(self._unreachable(str(problem))) from None
            except LostError as problem:
                self._kept -= attempt.reused
                repeated, pause = True, next(pauses, None)
                if pause is None:
                    got = Got(error=f"{problem}{self._hint()}")
                    break
            await asyncio.sleep(pause)
        took = monotonic() - began
        await self._learn(attempt, got)
        return Interaction(
            request,
            got.response,
            got.error and self.secrets.hide(got.error),
            aborted=attempt.is_unclear and got.response is None,
            source=self.source,
            repeated=repeated,
            unread=attempt.unread and got.response is not None,
            secrets=self.secrets,
            at=at,
            seconds=took,
        )

    async def _learn(self, attempt: Attempt, got: Got) -> None:
        """Remember what the last attempt shows of the target."""
        if attempt.reached and not self._reached:
            # Where a server sends two responses to a request, the first of all shows it.
            await attempt.linger()
        self._reached = self._reached or attempt.reached
        if got.response is not None:
            self.secrets.add_cookies(got.response.headers)
        self._kept += attempt.reused and attempt.reached

    def notes(self) -> tuple[str, ...]:
        """Return what a person should know of the connections."""
        return tuple(self._strays.notes())

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
            _check_environment(source, how)
            options = _network(how, url)
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
            cookies = None if how.cookies else CookieJar(DefaultCookiePolicy(allowed_domains=()))
            http = httpx.AsyncClient(
                timeout=how.timeout, headers=accept, cookies=cookies, **options
            )
            http.build_request(operation.method, url)
            strays = read_early(http)
        except (httpx.InvalidURL, ValueError, ImportError, OSError) as problem:
            why = secrets.hide(first_line(problem))
            raise TargetError(f"{source} cannot be used: {why}") from None
        yield Client(
            await stack.enter_async_context(http),
            url,
            source,
            how,
            secrets,
            strays=strays,
            remote=remote,
        )


def _network(connection: Connection, url: str) -> dict[str, Any]:
    """Return the arguments of an httpx client that reaches an address."""
    trust = connection.trust(secured=url.lower().startswith("https:"))
    workers = connection.workers or WORKERS
    limits = httpx.Limits(max_connections=workers, max_keepalive_connections=workers)
    options: dict[str, Any] = {"verify": trust, "limits": limits}
    if connection.proxy is not None:
        try:
            options["proxy"] = httpx.Proxy(connection.proxy)
        except (httpx.InvalidURL, ValueError):
            shown = shown_url(connection.proxy)
            raise UsageError(f"--proxy {shown} is no proxy; write http://HOST:PORT") from None
    return options


def _check_environment(source: str, connection: Connection) -> None:
    """Raise for a proxy of the environment that is no address; httpx would quote its password."""
    given = {} if connection.proxy is not None else getproxies()
    for scheme in {"http", "https", "all"} & {*given}:
        address_ = given[scheme] if "://" in given[scheme] else f"http://{given[scheme]}"
        try:
            httpx.URL(address_)
        except httpx.InvalidURL:
            shown = f"{scheme.upper()}_PROXY {shown_url(address_)} is no proxy"
            why = f"{source} cannot be used: {shown}; write http://HOST:PORT"
            raise TargetError(why) from None


def _one_login(url: str, connection: Connection) -> None:
    """Raise if the user of a URL and another header both say who sends the requests."""
    if urlsplit(url).username and (connection.authorized or connection.token):
        given = "a header Authorization" if connection.authorized else "a token"
        what = f"the URL holds a user, and {given} is given too"
        raise TargetError(f"{what}; both say the same header, so give one of them")
