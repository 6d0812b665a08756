"""Responses of three HTTP libraries become the same interaction."""

from __future__ import annotations

import asyncio
import json
import warnings
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from enkash_contract.errors import UsageError
from enkash_contract.foreign import interaction_of
from enkash_contract.server import in_background

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from enkash_contract.interaction import Interaction

BODY = '{"name":"é"}'.encode()
LABEL = {"Content-Type": "application/json"}


async def echo(request: Request) -> JSONResponse:
    """Answer with what was asked."""
    body = (await request.body()).decode()
    answer = JSONResponse({"body": body}, 207, {"X-One": "1"})
    answer.raw_headers.append((b"x-one", b"2"))
    return answer


APP = Starlette(routes=[Route("/x", echo, methods=["POST", "GET"])])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve the application on loopback for the whole module."""
    with in_background(APP) as base:
        yield base + "/x"


def seen(found: Interaction, url: str) -> tuple[Any, ...]:
    """Return what all libraries have to agree on."""
    assert found.response is not None
    assert found.response.body is not None
    labels = [value for name, value in found.request.headers if name.lower() == "content-type"]
    ones = ", ".join(value for name, value in found.response.headers if name.lower() == "x-one")
    return (
        found.request.method,
        found.request.url == url,
        labels,
        found.request.body,
        found.response.status,
        ones,
        json.loads(found.response.body),
        found.error,
        found.source,
    )


def expected(body: bytes | None, source: str = "") -> tuple[Any, ...]:
    """Return what has to be seen of a request with that body."""
    sent = BODY if body is None else body
    return (
        "POST",
        True,
        [LABEL["Content-Type"]],
        body,
        207,
        "1, 2",
        {"body": sent.decode()},
        None,
        source,
    )


def test_a_response_of_httpx(url: str) -> None:
    """A response of httpx knows the request's bytes."""
    with httpx.Client(trust_env=False) as client:
        answer = client.post(url, content=BODY, headers=LABEL)

    assert seen(interaction_of(answer, "a test"), url) == expected(BODY, "a test")


def test_a_response_of_an_asynchronous_client(url: str) -> None:
    """It does not matter whether the client was awaited."""

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP)) as client:
            return await client.post(url, content=BODY, headers=LABEL)

    assert seen(interaction_of(asyncio.run(send())), url) == expected(BODY)


@pytest.mark.parametrize("body", [BODY, BODY.decode()])
def test_a_response_of_requests(url: str, body: bytes | str) -> None:
    """A response of requests knows the request's bytes, be they given as text or as bytes."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, data=body, headers=LABEL)

    assert seen(interaction_of(answer), url) == expected(BODY)


def test_a_request_without_a_body(url: str) -> None:
    """A request without a body has an empty one, which is something else than an unknown one."""
    with httpx.Client(trust_env=False) as client, requests.Session() as session:
        session.trust_env = False
        answers = [client.get(url), session.get(url)]

    assert [interaction_of(answer).request.body for answer in answers] == [b"", b""]


def test_bodies_that_were_streamed_away(url: str) -> None:
    """What was sent in pieces is not known any more, and is not taken for empty."""

    def pieces() -> Iterator[bytes]:
        yield BODY

    with httpx.Client(trust_env=False) as client, requests.Session() as session:
        session.trust_env = False
        answers = [
            client.post(url, content=pieces(), headers=LABEL),
            session.post(url, data=pieces(), headers=LABEL),
        ]

    assert [seen(interaction_of(answer), url) for answer in answers] == [expected(None)] * 2


def test_headers_given_as_bytes(url: str) -> None:
    """Names and values that are bytes are read as Latin-1, as HTTP has them."""
    with requests.Session() as session:
        session.trust_env = False
        headers: dict[Any, bytes] = {b"X-Name": "é".encode("latin-1")}
        answer = session.post(url, data=BODY, headers=headers)

    assert ("X-Name", "é") in interaction_of(answer).request.headers


def test_a_response_of_starlette_s_test_client() -> None:
    """Starlette's test client gives what the others give, whichever httpx it is built on."""
    with warnings.catch_warnings():
        # It would rather be built on httpx's successor, which need not be installed.
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient  # noqa: PLC0415 - only here, under that filter

        with TestClient(APP) as client:
            answer = client.post("/x", content=BODY, headers=LABEL)

    assert seen(interaction_of(answer), "http://testserver/x") == expected(BODY)


def test_a_response_that_was_not_read(url: str) -> None:
    """A response whose body was streamed away cannot be judged, and the error says so."""
    with (
        httpx.Client(trust_env=False) as client,
        client.stream("POST", url, content=BODY) as answer,
        pytest.raises(UsageError) as caught,
    ):
        interaction_of(answer)

    why = "Attempted to access streaming response content, without having called `read()`."
    assert str(caught.value) == (
        f"a Response is not a response with its request ({why}); "
        "pass one of httpx, requests or Starlette's TestClient"
    )


@pytest.mark.parametrize(
    ("thing", "kind", "why"),
    [
        ({"status": 200}, "dict", "'dict' object has no attribute 'request'"),
        (None, "NoneType", "'NoneType' object has no attribute 'request'"),
        (
            httpx.Response(200),
            "Response",
            "The request instance has not been set on this response.",
        ),
        (requests.Response(), "Response", "'NoneType' object has no attribute 'method'"),
    ],
)
def test_what_is_no_response(thing: object, kind: str, why: str) -> None:
    """An object that is no response, or does not know its request, is refused by its type."""
    with pytest.raises(UsageError) as caught:
        interaction_of(thing)

    assert str(caught.value) == (
        f"a {kind} is not a response with its request ({why}); "
        "pass one of httpx, requests or Starlette's TestClient"
    )
