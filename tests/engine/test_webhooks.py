"""Webhooks follow accepted calls: the one that fits, later, again, or out of order."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract import clock
from enkash_contract.engine import webhooks
from enkash_contract.engine.webhooks import Network, Webhooks, following, payload_of
from enkash_contract.sandbox.server import in_background
from enkash_contract.wire.message import Request
from tests.support.receivers import WEBHOOK, receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = ec.load()
CALL = CONTRACT["changeInvoiceStatus"]
LEVEL = ec.Level.SIBLING


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "time_of_day", lambda: "12:00:00")


def _request(**changes: Any) -> Request:
    payload = json.loads(json.dumps(CALL.request.example))
    payload["invoiceStatus"].update(changes)
    return Request("POST", CALL.path, (), json.dumps(payload).encode())


@contextlib.contextmanager
def _received() -> Iterator[tuple[str, list[Any]]]:
    """Yield the address of a receiver, and what it has received."""
    bodies: list[Any] = []

    def respond(body: bytes) -> int:
        bodies.append(json.loads(body))
        return 204

    with in_background(receiver(respond)) as address:
        yield f"{address}/hook", bodies


def _run(url: str, requests: list[Request], lines: list[str], **options: Any) -> None:
    """Let webhooks follow calls, and wait for the last of them."""

    async def calls() -> None:
        network = Network(delay=0, **options)
        sent = Webhooks(CONTRACT, url, lines.append, network=network, level=LEVEL)
        for request in requests:
            sent.accepted(CALL, request)
        task = sent._task
        assert task is not None
        await task

    asyncio.run(calls())


@pytest.mark.parametrize(
    ("operation", "webhook"),
    [
        ("changeInvoiceStatus", "statusChangeInvoiceRequest"),
        ("payInvoice", "paymentRequest"),
        ("sendPurchaseOrder", "sendPurchaseOrderResponse"),
        ("registerB2BId", None),
    ],
)
def test_the_webhook_that_fits_has_the_same_path_or_that_of_the_response(
    operation: str, webhook: str | None
) -> None:
    """Where there is none, nothing is guessed."""
    found = following(CONTRACT, CONTRACT[operation])
    assert (found.id if found else None) == webhook


def test_a_webhook_says_what_the_call_said() -> None:
    """Where that would be no valid delivery, it says what its example says."""
    webhook = CONTRACT[WEBHOOK]
    told = payload_of(webhook, _request(supplierRemarks="paid in full"), LEVEL)
    assert told["invoiceStatus"]["supplierRemarks"] == "paid in full"
    assert ec.is_valid(told, operation=WEBHOOK)
    for request in (_request(supplierRemarks=""), Request("POST", "/", (), b"no json")):
        assert payload_of(webhook, request, LEVEL) == webhook.request.example


def test_each_accepted_call_is_followed() -> None:
    """In the order of the calls, and as often as is asked for."""
    lines: list[str] = []
    with _received() as (url, bodies):
        _run(url, [_request(supplierRemarks=str(number)) for number in (1, 2)], lines, times=2)
    remarks = [body["invoiceStatus"]["supplierRemarks"] for body in bodies]
    assert remarks == ["1", "1", "2", "2"]
    assert lines == [f"12:00:00 {WEBHOOK} to {url}: 204 accepted"] * 4


def test_the_second_of_two_overtakes_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last of an odd number comes when nobody overtakes it."""
    monkeypatch.setattr(webhooks, "PATIENCE", 0.01)
    with _received() as (url, bodies):
        calls = [_request(supplierRemarks=str(number)) for number in (1, 2, 3)]
        _run(url, calls, [], order="swapped")
    remarks = [body["invoiceStatus"]["supplierRemarks"] for body in bodies]
    assert remarks == ["2", "1", "3"]


def test_a_receiver_that_is_not_there_is_told() -> None:
    """The sandbox goes on."""
    lines: list[str] = []
    _run("http://127.0.0.1:1/hook", [_request()], lines)
    assert len(lines) == 1
    assert lines[0].startswith(f"12:00:00 {WEBHOOK} to http://127.0.0.1:1/hook: ")
    assert "cannot be reached" in lines[0]


def test_silence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the reason why there is no response."""
    monkeypatch.setattr(webhooks, "TIMEOUT", 0.05)
    lines: list[str] = []

    async def silent(scope: Any, receive: Any, __: Any) -> None:
        """Until the client has left."""
        while scope["type"] == "http" and (await receive())["type"] != "http.disconnect":
            pass

    with in_background(silent) as address:
        _run(address, [_request()], lines)
    assert len(lines) == 1
    assert "accepted" not in lines[0]


def test_a_call_that_nothing_follows_is_told() -> None:
    """Unless one webhook is to follow all of them."""
    lines: list[str] = []
    call = CONTRACT["registerB2BId"]
    Webhooks(CONTRACT, "http://h", lines.append, level=LEVEL).accepted(call, _request())
    assert lines == ["12:00:00 no webhook is known to follow registerB2BId"]
    with pytest.raises(ec.UsageError):
        Webhooks(CONTRACT, "http://h", lines.append, level=LEVEL, webhook="changeInvoiceStatus")
