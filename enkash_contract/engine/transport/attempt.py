"""One attempt to send a request, and what came of it: a response, or the error in its place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from enkash_contract.engine.transport.early import LARGE, is_unread, linger, rest
from enkash_contract.engine.transport.framing import content_of
from enkash_contract.engine.transport.wsgi import LIMIT
from enkash_contract.wire.codings import NotSeen, codings_of, decoded
from enkash_contract.wire.message import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.wire.message import Request


AMID = "closed the connection amid the request"
"""What a server did that cannot have read a request."""


class LostError(Exception):
    """The connection failed before a response; the message says how."""


@dataclass(frozen=True, slots=True)
class Got:
    """A response, or an error."""

    response: Response | None = None
    error: str | None = None


class Attempt:
    """One attempt, of which httpx tells every step.

    `reused` is whether its connection was there already, `reached` whether a response has begun,
    `unread` whether the server has surely not read the request whole, and `is_doubtful` whether the
    response may be one to another request.
    """

    def __init__(self, http: httpx.AsyncClient, request: Request, timeout: float) -> None:
        self._http, self._request, self._timeout = http, request, timeout
        self._is_large = len(request.body or b"") > LARGE
        self.unread = False
        self.reached = False
        self.reused = True
        self.is_doubtful = False
        self._reply: httpx.Response | None = None

    @property
    def is_unclear(self) -> bool:
        """Whether a response may have been lost, if there was none; small requests are read."""
        return self.unread and self._is_large

    async def __call__(self, step: str, _: Mapping[str, Any]) -> None:
        """Note that a connection was opened, and when the request could not be sent whole."""
        self.reused = self.reused and step != "connection.connect_tcp.started"
        failed = (".send_request_headers.failed", ".send_request_body.failed")
        # One that could not be used any more was replaced by another.
        is_begun = step.endswith(".send_request_headers.started")
        self.unread = not is_begun and (self.unread or step.endswith(failed))
        if step == "http11.receive_response_body.complete":
            # Where a connection was used before, this may be the second response to that request.
            self.is_doubtful = rest(self._reply) and self.reused

    async def linger(self) -> None:
        """Wait for a moment whether more comes than the response."""
        await linger(self._reply)

    async def send(self, more: Mapping[str, str]) -> Got:
        """Send the request with `more` headers.

        Raises:
            LostError: the connection failed before a response.
            httpx.ConnectError: there was no connection.

        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(more)
        except (TimeoutError, httpx.TimeoutException):
            return Got(error=f"no whole response came within {self._timeout:g} s")
        except httpx.ConnectError:
            raise
        except httpx.RemoteProtocolError as problem:
            return self._lost(f"did not respond in HTTP ({first_line(problem)})")
        except (httpx.ReadError, httpx.WriteError) as problem:
            # A connection that had something left to read is reset.
            self.unread = self.unread or self._is_large
            return self._lost(f"broke off the exchange ({type(problem).__name__})")
        except httpx.ProxyError as problem:
            return Got(error=f"is not reached by the proxy ({first_line(problem)})")
        except (httpx.HTTPError, OSError) as problem:
            return Got(error=f"broke off the exchange ({type(problem).__name__})")

    def _lost(self, how: str) -> Got:
        """Return the error; raise it where it may be another the next time."""
        if self.is_unclear or not self.reached:
            raise LostError(AMID if self.is_unclear else how)
        return Got(error=how)

    async def _exchange(self, more: Mapping[str, str]) -> Got:
        request = self._request
        content, own = content_of(request)
        built = self._http.build_request(
            request.method,
            request.url,
            headers=[*request.headers, *own, *more.items()],
            content=content,
            extensions={"trace": self},
        )
        if not request.sized:
            built.headers.pop("Content-Length", None)
        reply = self._reply = await self._http.send(built, stream=True)
        self.reached = True
        try:
            self.unread = self.unread or await is_unread(reply)
            body = bytearray()
            # A response that was made in this process is there already, in no coding.
            raw = not reply.is_stream_consumed
            async for chunk in reply.aiter_raw() if raw else reply.aiter_bytes():
                body += chunk
                if len(body) > LIMIT:
                    return Got(error=f"sent more than {LIMIT:,} bytes")
        finally:
            await reply.aclose()
        headers = tuple(reply.headers.multi_items())
        plain = decoded(bytes(body), codings_of(headers) if raw else (), LIMIT)
        if isinstance(plain, NotSeen):
            return Got(Response(reply.status_code, headers, None, plain.why))
        return Got(Response(reply.status_code, headers, plain))


def first_line(problem: BaseException) -> str:
    """Return the first line of an error, or what it is called."""
    return str(problem).splitlines()[0] if str(problem) else type(problem).__name__
