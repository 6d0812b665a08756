"""Responses of three HTTP libraries become the same interaction."""

from __future__ import annotations

import asyncio
import json
import urllib.request
import warnings
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import pytest
import requests
import starlette.requests
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from enkash_contract.errors import UsageError
from enkash_contract.sandbox.server import in_background
from enkash_contract.wire.adapters import glance, interaction_of, path_of, request_of
from enkash_contract.wire.message import Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from enkash_contract.wire.message import Interaction

BODY = '{"name":"é"}'.encode()
LABEL = {"Content-Type": "application/json"}


async def echo(request: starlette.requests.Request) -> JSONResponse:
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


# Requests

ADDRESS = "https://bank.example/x?a=1"


def read(request: Any) -> tuple[str, str, list[str], bytes | None]:
    """Return what is read of a request, and see that the quick ways read the same."""
    found = request_of(request)
    labels = [value for name, value in found.headers if name.lower() == "content-type"]
    assert path_of(request) in (found.path, found.url.partition("?")[0])
    method, label, body = glance(request)
    if method:
        assert (method, label) == (found.method, ", ".join(labels) or None)
        assert isinstance(body, bytes) <= (body == found.body)
    return found.method, found.url, labels, found.body


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("POST", ADDRESS, content=BODY, headers=LABEL),
        httpx.Request("POST", ADDRESS, stream=httpx.ByteStream(BODY), headers=LABEL),
        requests.Request("post", ADDRESS, data=BODY, headers=LABEL).prepare(),
        requests.Request("POST", ADDRESS, data=BODY.decode(), headers=LABEL).prepare(),
        requests.Request("POST", ADDRESS, data=bytearray(BODY), headers=LABEL).prepare(),
        urllib.request.Request(ADDRESS, BODY, LABEL),
        urllib.request.Request(ADDRESS, BODY, LABEL, method="POST"),
        Request("POST", ADDRESS, (*LABEL.items(),), BODY),
    ],
)
def test_a_request_before_it_is_sent(request_: Any) -> None:
    """Every library's request object says the same."""
    assert read(request_) == ("POST", ADDRESS, [LABEL["Content-Type"]], BODY)


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("GET", ADDRESS),
        requests.Request("GET", ADDRESS).prepare(),
        urllib.request.Request(ADDRESS),
        Request("GET", ADDRESS),
    ],
)
def test_a_request_without_a_body_before_it_is_sent(request_: Any) -> None:
    """Its body is empty, which is known, and it has no label."""
    assert read(request_) == ("GET", ADDRESS, [], b"")


def test_the_label_that_urllib_adds() -> None:
    """It goes out with every body that has none, so it is read as well."""
    form = "application/x-www-form-urlencoded"
    assert read(urllib.request.Request(ADDRESS, BODY)) == ("POST", ADDRESS, [form], BODY)
    once = urllib.request.Request(ADDRESS, BODY)
    once.add_unredirected_header("Content-Type", "a/b")
    assert read(once) == ("POST", ADDRESS, ["a/b"], BODY)


def test_a_text_that_is_no_unicode_is_read_as_bytes_that_are_none() -> None:
    """Whoever judges the bytes finds that they are not UTF-8."""
    asked = requests.Request("POST", ADDRESS, headers=LABEL).prepare()
    asked.body = "\ud800"
    assert request_of(asked).body == b"\xed\xa0\x80"


def test_bodies_that_reading_would_use_up(tmp_path: Path) -> None:
    """Neither a stream nor a file is touched, and their content is not known."""
    file = tmp_path / "body"
    file.write_bytes(BODY)

    def pieces() -> Iterator[bytes]:
        yield BODY

    with file.open("rb") as one:
        found = [
            read(httpx.Request("POST", ADDRESS, content=pieces()))[3],
            read(httpx.Request("POST", ADDRESS, files={"a": one}))[3],
            read(requests.Request("POST", ADDRESS, data=one).prepare())[3],
            read(requests.Request("POST", ADDRESS, data=pieces()).prepare())[3],
            read(urllib.request.Request(ADDRESS, one, LABEL))[3],
        ]
        assert one.read() == BODY
    assert found == [None] * 5


def test_a_request_that_starlette_received() -> None:
    """Its body is known once it was awaited, and awaiting it is left to others."""
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "https",
        "path": "/x",
        "query_string": b"a=1",
        "headers": [(b"host", b"bank.example"), (b"content-type", b"a/b"), (b"content-type", b"c")],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY}

    async def both() -> tuple[Any, Any]:
        asked = starlette.requests.Request(scope, receive)
        before = read(asked)
        await asked.body()
        return before, read(asked)

    found = ("POST", ADDRESS, ["a/b", "c"])
    assert asyncio.run(both()) == ((*found, None), (*found, BODY))


def test_a_request_of_aiohttp(url: str, tmp_path: Path) -> None:
    """A middleware of its client sees the request; what is not in memory is left alone."""
    file = tmp_path / "body"
    file.write_bytes(BODY)
    seen = []

    async def look(request: aiohttp.ClientRequest, send: Any) -> aiohttp.ClientResponse:
        seen.append(read(request))
        answer: aiohttp.ClientResponse = await send(request)
        return answer

    async def pieces() -> AsyncIterator[bytes]:
        yield BODY

    async def run() -> list[Any]:
        with file.open("rb") as one:
            async with aiohttp.ClientSession(middlewares=(look,), headers=LABEL) as client:
                bodies: list[Any] = [BODY, BODY.decode(), memoryview(BODY), one, pieces()]
                return [
                    (await (await client.post(url, data=body)).json())["body"] for body in bodies
                ]

    assert asyncio.run(run()) == [BODY.decode()] * 5
    known = ("POST", url, [LABEL["Content-Type"]])
    assert seen == [(*known, BODY)] * 2 + [(*known, None)] * 3


@pytest.mark.parametrize(
    ("thing", "kind", "why"),
    [
        (None, "NoneType", "'NoneType' object has no attribute 'full_url'"),
        ({"url": "x"}, "dict", "'dict' object has no attribute 'full_url'"),
        (
            requests.Request("GET", ADDRESS),
            "Request",
            "'Request' object has no attribute 'content'",
        ),
        (
            requests.PreparedRequest(),
            "PreparedRequest",
            "'PreparedRequest' object has no attribute 'full_url'",
        ),
        (
            httpx.Response(200),
            "Response",
            "The request instance has not been set on this response.",
        ),
        (
            httpx.Response(200, request=httpx.Request("GET", ADDRESS)),
            "Response",
            "'Response' object has no attribute 'method'",
        ),
        (httpx.Client(), "Client", "'Client' object has no attribute 'full_url'"),
    ],
)
def test_what_is_no_request(thing: Any, kind: str, why: str) -> None:
    """An object that is no request, or not one that can be sent, is refused by its type."""

    def both() -> None:
        path_of(thing)
        assert glance(thing) == ("", None, None)
        request_of(thing)

    with pytest.raises(UsageError) as caught:
        both()
    assert str(caught.value) == (
        f"a {kind} is not a request as it is sent ({why}); "
        "pass one of httpx, requests (prepared), urllib.request, aiohttp or Starlette"
    )
