"""Requests and responses are carried whole: within limits, whatever a client does to a body."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from enkash_contract.contract.contract import bundled
from enkash_contract.generation.responses import Answer
from enkash_contract.sandbox import asgi
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.sandbox.defects import Defect
from enkash_contract.wire.message import Response
from tests.support.asgi_client import messages, send

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HOME = bundled().pick().path
GOOD = json.dumps(bundled().pick().request.example).encode()
JSON = {"Content-Type": "application/json"}


def test_a_client_that_leaves() -> None:
    """A request that is broken off is no reason to fail; nobody reads the response."""

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    sent = messages(Sandbox(), receive, path=HOME)
    assert [message.get("status") for message in sent] == [400, None]


@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_body_that_is_too_long_is_not_read(*, chunked: bool) -> None:
    """It is told how much is read, and that nothing more is."""

    async def pieces() -> AsyncIterator[bytes]:
        yield GOOD
        yield b" "

    accepted, rejected = send(
        Sandbox(max_body=len(GOOD)),
        ("POST", HOME, GOOD, JSON),
        ("POST", HOME, pieces() if chunked else GOOD + b" ", JSON),
    )
    assert accepted.status_code == 200
    assert (rejected.status_code, rejected.headers["connection"]) == (413, "close")
    assert rejected.json() == {
        "payload": f"the body has more than {len(GOOD)} bytes",
        "response_code": 400,
        "response_message": "FAILED",
    }


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that is too slow is told so."""
    monkeypatch.setattr(asgi, "BODY_TIME", 0.01)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(5)
        return {}

    sent = messages(Sandbox(), receive, path=HOME)
    assert sent[0]["status"] == 408
    assert b"no whole body came within 0.01 s" in sent[1]["body"]


@pytest.mark.parametrize("path", [f"{HOME}%3Fx", f"{HOME}%23x", f"{HOME}%0A", f"/{HOME}"])
def test_a_path_that_only_looks_alike(path: str) -> None:
    """What is escaped in a path is part of it."""
    assert send(Sandbox(), ("POST", path, GOOD, JSON))[0].status_code == 404


def test_a_sandbox_below_a_prefix() -> None:
    """Mounted in another application, it serves its path below the prefix."""
    app: Any = Starlette(routes=[Mount("/below", app=Sandbox())])
    answers = send(app, ("POST", f"/below{HOME}", GOOD, JSON), ("POST", HOME, GOOD, JSON))
    assert [one.status_code for one in answers] == [200, 404]


def replying(response: Response) -> Defect:
    """Return a sandbox's defect of sending that response to any request."""
    answer = Answer(response, id="it", says="sends it", polarity="wrong", to="any")
    return Defect(answer.id, answer.says, answer=answer)


def test_a_field_that_is_repeated_is_sent_as_often() -> None:
    """Two cookies are two fields, in their order, and the length is said once."""
    headers = (("Set-Cookie", "a=1"), ("X-One", "1"), ("Set-Cookie", "b=2; Secure"))
    app = Sandbox(defect=replying(Response(200, headers, b"body")))
    (got,) = send(app, ("POST", HOME, GOOD, JSON))

    assert got.headers.multi_items() == [
        ("set-cookie", "a=1"),
        ("x-one", "1"),
        ("set-cookie", "b=2; Secure"),
        ("x-enkash-sandbox", "stateless stub, not EnKash"),
        ("content-length", "4"),
    ]


def test_a_length_that_is_given_is_sent_as_it_is() -> None:
    """A response may lie about its length; the sandbox adds none of its own."""
    app = Sandbox(defect=replying(Response(200, (("Content-Length", "9"),), b"body")))
    (got,) = send(app, ("POST", HOME, GOOD, JSON))
    assert got.headers.get_list("content-length") == ["9"]
