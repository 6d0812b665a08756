"""Receivers of webhooks, as partners write them: tolerant, strict, and with mistakes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import enkash_contract as ec

if TYPE_CHECKING:
    from collections.abc import Callable

WEBHOOK = "statusChangeInvoiceRequest"


def receiver(respond: Callable[[bytes], int]) -> Any:
    """Return an ASGI application that responds to a body with the status that `respond` returns."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        status = respond(body)
        label = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": status, "headers": label})
        await send({"type": "http.response.body", "body": b"ok"})

    return app


def tolerant(_: bytes) -> int:
    """Take whatever comes."""
    return 200


def strict(body: bytes) -> int:
    """Reject what breaks any rule of the contract."""
    try:
        ec.validate_json(body, operation=WEBHOOK, fail_on="assumed")
    except ec.ContractViolated:
        return 422
    return 200


def careless(body: bytes) -> int:
    """Take what an example shows, and crash where a member that may be there is not."""
    payload = json.loads(body)
    return 200 if payload["invoiceStatus"]["objectId"].upper() else 500


def picky(body: bytes) -> int:
    """Reject other scripts than Latin, which nothing published allows."""
    return 200 if body.isascii() and b"\\u0" not in body else 400


def once() -> Callable[[bytes], int]:
    """Return a receiver whose table has one row for each body, and which crashes on a second."""
    rows: set[bytes] = set()

    def insert(body: bytes) -> int:
        status = 500 if body in rows else 200
        rows.add(body)
        return status

    return insert


def conflicting() -> Callable[[bytes], int]:
    """Return a receiver that says of a body it has seen that there is a conflict."""
    rows: set[bytes] = set()

    def insert(body: bytes) -> int:
        status = 409 if body in rows else 200
        rows.add(body)
        return status

    return insert
