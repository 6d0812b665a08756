"""One attempt: what is an error at once, what is lost, and when nobody can tell."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from enkash_contract.engine.transport.attempt import AMID, Attempt, Got, LostError
from enkash_contract.engine.transport.early import LARGE
from enkash_contract.wire.message import Request, Response

SMALL, LONG = b"{}", b" " * (LARGE + 1)


def attempted(raised: Exception | None, body: bytes, *steps: str) -> tuple[Got | str, Attempt]:
    """Return what comes of an attempt that meets an error, after httpx has told of `steps`."""

    async def respond(request: httpx.Request) -> httpx.Response:
        for step in steps:
            await request.extensions["trace"](step, {})
        if raised is not None:
            raise raised
        return httpx.Response(200, content=b"{}")

    async def work() -> tuple[Got | str, Attempt]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as http:
            attempt = Attempt(http, Request("POST", "http://h", (), body), 10)
            try:
                return await attempt.send({}), attempt
            except LostError as problem:
                return str(problem), attempt

    return asyncio.run(work())


RESET = "broke off the exchange (ReadError)"
GONE = httpx.RemoteProtocolError("gone\nand more")


@pytest.mark.parametrize(
    ("raised", "body", "steps", "got", "unclear"),
    [
        (httpx.ReadError("reset"), SMALL, [], RESET, False),
        (httpx.ReadError("reset"), SMALL, ["http11.send_request_body.failed"], RESET, False),
        (httpx.ReadError("reset"), LONG, [], AMID, True),
        (GONE, SMALL, [], "did not respond in HTTP (gone)", False),
        (GONE, LONG, [], "did not respond in HTTP (gone)", False),
        (
            GONE,
            LONG,
            ["http11.send_request_body.complete"],
            "did not respond in HTTP (gone)",
            False,
        ),
        (GONE, LONG, ["http11.send_request_headers.failed"], AMID, True),
        (
            httpx.ProxyError(""),
            SMALL,
            [],
            Got(error="is not reached by the proxy (ProxyError)"),
            False,
        ),
        (OSError(), LONG, [], Got(error="broke off the exchange (OSError)"), False),
        (httpx.PoolTimeout(""), LONG, [], Got(error="no whole response came within 10 s"), False),
        (None, SMALL, [], Got(Response(200, (("content-length", "2"),), b"{}")), False),
    ],
)
def test_what_comes_of_an_attempt(
    raised: Exception | None, body: bytes, steps: list[str], got: Any, *, unclear: bool
) -> None:
    """A text is lost and may be sent again; where a large request was cut off, nobody can tell."""
    result, attempt = attempted(raised, body, *steps)
    assert (result, attempt.is_unclear) == (got, unclear)
    assert attempt.reached == isinstance(getattr(result, "response", None), Response)


def test_that_nothing_listens_is_not_lost() -> None:
    """Nothing was sent, so it is raised as it is."""
    with pytest.raises(httpx.ConnectError):
        attempted(httpx.ConnectError("refused"), SMALL)
