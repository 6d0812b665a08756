"""A server that validates as another one does, and then looks up what the baseline names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import bundled
from enkash_contract.wire.pointer import get, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

KNOWN = bundled().pick().request.example
BUYER, INVOICE = "/b2bIds/buyerB2BId", "/invoiceStatus/objectId"
NUMBER, VERSION = "/invoiceStatus/supplierInvoiceNumber", "/invoiceStatus/objectVersion/newVersion"
EVERY = (BUYER, "/b2bIds/supplierB2BId", INVOICE, NUMBER, VERSION)
BODY = b'{"payload": "", "response_code": 31, "response_message": "No such invoice"}'


def look_up(
    inner: Any, status: int = 422, places: Iterable[str] = EVERY, *, first: bool = False
) -> Any:
    """Return an ASGI application that rejects with `status` what differs from KNOWN at `places`.

    It asks `inner` before, and looks up only what that accepts; with `first` it looks up whatever
    can be read.
    """
    keys = [tokens(place) for place in places]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        sent: list[Any] = []

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Any) -> None:
            sent.append(message)

        await inner(scope, again, keep)
        accepted = sent[0]["status"] == 200 and b"SUCCESS" in sent[1]["body"]
        if (accepted or first) and _differs(body, keys):
            headers = [(b"content-type", b"application/json")]
            sent = [
                {"type": "http.response.start", "status": status, "headers": headers},
                {"type": "http.response.body", "body": BODY},
            ]
        for message in sent:
            await send(message)

    return app


def _differs(body: bytes, keys: list[tuple[str, ...]]) -> bool:
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return any(get(payload, key) != get(KNOWN, key) for key in keys)
