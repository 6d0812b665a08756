"""Packed bodies on either side: undone where they can be, and never held against anyone."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests
from starlette.middleware.gzip import GZipMiddleware

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.judging.judge import judge_record, judge_request
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.sandbox.server import in_background
from enkash_contract.validation.request import request_violations
from enkash_contract.wire.adapters import interaction_of
from enkash_contract.wire.message import Interaction, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import Message, Receive, Scope, Send

OPERATION = bundled().pick()
VALID = json.dumps(OPERATION.request.example).encode()
INVALID = b'{"device":1}'
CUT_OFF = gzip.compress(VALID, mtime=0)[:-9]
NOT_UNDONE = "is in the content coding compress, which is not undone here"


class Packing:
    """The sandbox, whose responses are sent in a coding of their own."""

    def __init__(self, coding: str, pack: Callable[[bytes], bytes]) -> None:
        self._coding = coding.encode()
        self._pack = pack
        self._app = Sandbox()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}

        async def packed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body = self._pack(message["body"])
            fields = [one for one in start["headers"] if one[0] != b"content-length"]
            fields += [
                (b"content-encoding", self._coding),
                (b"content-length", str(len(body)).encode()),
            ]
            await send({**start, "headers": fields})
            await send({"type": "http.response.body", "body": body})

        if scope["type"] == "http":
            await self._app(scope, receive, packed)
        else:
            await self._app(scope, receive, send)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Serve a sandbox that packs its responses for those who ask for it."""
    with in_background(GZipMiddleware(Sandbox(), minimum_size=0)) as base:
        yield base + OPERATION.path


def post(url: str, body: bytes, coding: str) -> requests.Response:
    """Send a body that has gone through `coding`."""
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    return requests.post(url, data=body, headers=headers, timeout=5)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body, wbits=-15)),
        ("deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    ],
    ids=["gzip", "two members", "deflate", "raw deflate", "both"],
)
def test_a_packed_request_is_judged(url: str, coding: str, pack: Callable[[bytes], bytes]) -> None:
    """Sandbox, `check_enkash` and guard see what was packed, and judge that."""
    for body, status in ((VALID, 200), (INVALID, 400)):
        sent = post(url, pack(body), coding)
        violations = request_violations(OPERATION, interaction_of(sent).request)

        assert (sent.status_code, bool(violations)) == (status, body == INVALID)
    with pytest.raises(ec.ContractViolated):
        ec.validate_request(sent.request)


@pytest.mark.parametrize(
    ("coding", "body", "why"),
    [
        ("compress", b"\x0b\x02\xff", NOT_UNDONE),
        ("gzip", CUT_OFF, "is in the content coding gzip, but it is cut off"),
    ],
)
def test_a_request_that_cannot_be_unpacked(url: str, coding: str, body: bytes, why: str) -> None:
    """The sandbox names what it reads, and no part of the request is held against the client."""
    sent = post(url, body, coding)
    interaction = interaction_of(sent)
    result = judge_request(OPERATION, interaction, [])

    assert (sent.status_code, sent.headers["accept-encoding"]) == (415, "gzip, deflate")
    assert sent.json()["payload"] == f"the body {why}"
    assert (dict(result.verdicts), result.findings) == ({"inconclusive": 1}, ())
    assert result.notes == (f"the body of a request {why}; it is not judged",)
    ec.validate_request(sent.request)


def test_only_an_announced_coding_is_undone(url: str) -> None:
    """The sandbox reads what is on the wire: packed bytes without the header are no JSON."""
    headers = {"Content-Type": "application/json"}
    packed = gzip.compress(VALID)

    assert requests.post(url, data=packed, headers=headers, timeout=5).status_code == 400
    # Nor does it read what was announced and is not there.
    assert post(url, VALID, "gzip").status_code == 415


def test_a_request_object_of_this_package_is_unpacked() -> None:
    """Who builds a request by hand is judged by what it holds, too."""
    headers = (("Content-Type", "application/json"), ("Content-Encoding", "gzip"))
    address = f"https://bank.example{OPERATION.path}"

    ec.validate_request(Request("POST", address, headers, gzip.compress(VALID)))
    with pytest.raises(ec.ContractViolated):
        ec.validate_request(Request("POST", address, headers, gzip.compress(INVALID)))


def test_a_packed_response_is_read() -> None:
    """A target that packs all of its responses conforms, as it does without."""
    for coding, pack in (("gzip", gzip.compress), ("deflate", zlib.compress)):
        result = ec.check_target(Packing(coding, pack), only=["*objectId*"])
        assert (result.exit_code, result.violations, result.notes) == (0, (), ())


def bomb(_: bytes) -> bytes:
    """Return a body that unpacks to much more than is ever read."""
    return gzip.compress(bytes(20_000_000))


@pytest.mark.parametrize(
    ("coding", "pack", "why"),
    [
        ("compress", lambda _: b"\x0b\x02\xff", NOT_UNDONE),
        ("gzip", lambda body: body, "is in the content coding gzip, but it is damaged"),
        (
            "gzip",
            bomb,
            "is in the content coding gzip, but it is too large when it is unpacked",
        ),
    ],
    ids=["unknown", "damaged", "bomb"],
)
def test_a_response_that_cannot_be_unpacked(
    coding: str, pack: Callable[[bytes], bytes], why: str
) -> None:
    """Nothing can be concluded, nothing is violated, and one line says why."""
    result = ec.check_target(Packing(coding, pack), only=["*objectId#pattern*"])
    unseen = [note for note in result.notes if "content coding" in note]

    assert (result.exit_code, result.findings) == (3, ())
    assert unseen == [f"the body of a response {why}; it is not judged"]


def test_a_response_of_a_library_that_could_not_unpack_it() -> None:
    """What httpx leaves packed is not taken for bytes that are not UTF-8."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=given, content=b"\x0b\x02\xff")

    given: dict[str, Any] = {"Content-Type": "application/json", "Content-Encoding": "br2"}
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        response = client.post(
            f"https://bank.example{OPERATION.path}",
            content=VALID,
            headers={"Content-Type": "application/json"},
        )
    found: Interaction = interaction_of(response)
    result = judge_record(OPERATION, found)
    why = NOT_UNDONE.replace("compress", "br2")

    assert (dict(result.verdicts), result.findings) == ({"inconclusive": 1}, ())
    assert result.notes == (f"the body of a response {why}; it is not judged",)
