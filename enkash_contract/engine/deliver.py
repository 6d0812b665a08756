"""One delivery of a webhook to a partner's receiver, as EnKash sends it.

Nothing is published on signatures or on how often EnKash tries again: a delivery carries the
payload and its label, and whatever headers the caller adds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from enkash_contract import clock
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.operation import TO_PARTNER
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import TIMEOUT, Connection
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.generation.known_good import base
from enkash_contract.wire.message import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.wire.message import Interaction


def deliver(
    target: Any,
    *,
    operation: str,
    payload: Any = None,
    pins: Mapping[str, Any] | None = None,
    contract: Contract | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Interaction:
    """Deliver a webhook once to a receiver, and return what was sent and what came back.

    Args:
        target: the address of the receiver, which is used as it is; or `module:attribute` or the
            object of an ASGI or WSGI application, which is called at the webhook's path.
        operation: the id of the webhook, such as `statusChangeInvoiceRequest`.
        payload: what to send, as a value that is written as JSON or as bytes; by default the
            document's example.
        pins: values to set in it, by JSON Pointer.
        contract: the contract, by default the bundled one.
        headers: sent as well; never shown anywhere.
        timeout: seconds that the response may take.

    A response that never came is the `error` of the interaction.

    Raises:
        TargetError: the receiver cannot be reached or loaded.
        UsageError: there is no such webhook, or a pin points at nothing.

    """
    webhook = webhook_of(bundled() if contract is None else contract, operation)
    body = payload if isinstance(payload, bytes) else encoded(base(webhook, payload, pins))
    connection = Connection(headers=headers or {}, timeout=timeout, retries=0)

    async def sent() -> Interaction:
        async with client.connect(target, webhook, connection) as http:
            return await http.send(request_of(webhook, http.url, body))

    return clock.run_anywhere(sent())


def webhook_of(contract: Contract, operation: str) -> Operation:
    """Return the webhook with that id.

    Raises:
        UsageError: there is none.

    """
    known = [one.id for one in contract.values() if one.direction == TO_PARTNER]
    if operation not in known:
        listed = f"the document has {', '.join(known)}" if known else "the document has none"
        hint = did_you_mean(operation, known, listed)
        raise UsageError(f"there is no webhook {operation!r}; {hint}")
    return contract[operation]


def encoded(payload: Any) -> bytes:
    """Return a payload as JSON."""
    return json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")


def request_of(webhook: Operation, url: str, body: bytes) -> Request:
    """Return the request that delivers `body`."""
    return Request(webhook.method, url, (("Content-Type", webhook.request.media_type),), body)
