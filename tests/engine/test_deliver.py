"""One delivery of a webhook: exactly what was asked for, to exactly that address."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

import enkash_contract as ec
from enkash_contract.sandbox.server import in_background
from tests.support.receivers import WEBHOOK, receiver

OPERATION = ec.load()[WEBHOOK]


def test_the_example_is_delivered_to_exactly_that_address() -> None:
    """Nothing is added to the path, and the label is the documented one."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.append((scope["method"], scope["path"], dict(scope["headers"])))
            await receiver(lambda _: 204)(scope, receive, send)

    with in_background(app) as address:
        delivered = ec.deliver(
            f"{address}/hooks/7?x=1", operation=WEBHOOK, headers={"X-Signature": "s"}
        )
    assert delivered.response is not None
    assert delivered.response.status == 204
    assert delivered.request.body is not None
    assert json.loads(delivered.request.body) == OPERATION.request.example
    (method, path, headers) = seen[0]
    assert (method, path, headers[b"content-type"]) == ("POST", "/hooks/7", b"application/json")
    assert headers[b"x-signature"] == b"s"


def test_an_application_is_called_at_the_path_of_the_webhook() -> None:
    """With a payload of one's own, or with other values in it."""
    bodies: list[Any] = []

    def respond(body: bytes) -> int:
        bodies.append(body)
        return 200

    app = receiver(respond)
    pins = {"/invoiceStatus/supplierRemarks": "paid"}
    ec.deliver(app, operation=WEBHOOK, pins=pins)
    ec.deliver(app, operation=WEBHOOK, payload={"ä": "\ud800"})
    ec.deliver(app, operation=WEBHOOK, payload=b"no json")
    pinned, *others = bodies
    assert json.loads(pinned)["invoiceStatus"]["supplierRemarks"] == "paid"
    assert others == [b'{"\xc3\xa4": "\xed\xa0\x80"}', b"no json"]


def test_a_test_may_run_a_loop_of_its_own() -> None:
    """A delivery is made beside it."""

    async def test() -> ec.Interaction:
        return ec.deliver(receiver(lambda _: 200), operation=WEBHOOK)

    delivered = asyncio.run(test())
    assert delivered.response is not None
    assert delivered.response.status == 200


def test_a_crash_is_a_response_and_silence_is_an_error() -> None:
    """Neither is an exception of the delivery."""

    async def crashing(scope: Any, _: Any, __: Any) -> None:
        if scope["type"] == "http":
            raise KeyError("device")

    crashed = ec.deliver(crashing, operation=WEBHOOK)
    assert crashed.response is not None
    assert crashed.response.status == 500

    async def silent(scope: Any, _: Any, __: Any) -> None:
        if scope["type"] == "http":
            await asyncio.Event().wait()

    lost = ec.deliver(silent, operation=WEBHOOK, timeout=0.05)
    assert lost.response is None
    assert lost.error


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        (
            "statusChangeInvoice",
            "there is no webhook 'statusChangeInvoice'; did you mean statusChangeInvoiceRequest?",
        ),
    ],
)
def test_what_is_no_webhook_is_told(operation: str, problem: str) -> None:
    """With the nearest that is one."""
    with pytest.raises(ec.UsageError) as caught:
        ec.deliver(receiver(lambda _: 200), operation=operation)
    assert str(caught.value) == problem


def test_a_receiver_that_is_not_there_is_told() -> None:
    """As a target that is not there."""
    with pytest.raises(ec.TargetError):
        ec.deliver("http://127.0.0.1:1/hook", operation=WEBHOOK)
