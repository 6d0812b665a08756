"""Webhooks that follow the calls of a partner: later, again, or out of order.

A sandbox tells which calls it has accepted. No page says when a webhook comes, or how often EnKash
tries again, so a partner tries out what its receiver makes of each way.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from enkash_contract import clock
from enkash_contract.contract.operation import REQUEST, TO_PARTNER
from enkash_contract.engine.deliver import encoded, request_of, webhook_of
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import TIMEOUT, Connection
from enkash_contract.errors import TargetError, UsageError
from enkash_contract.generation.known_good import base
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.validation.validator import validator
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.operation import Operation
    from enkash_contract.wire.message import Interaction, Request

Order = Literal["kept", "swapped"]
"""How the webhooks of two calls come: in their order, or the second first."""

ORDERS: tuple[Order, ...] = get_args(Order)

PATIENCE = 2.0
"""Seconds that the first of two waits for the second, to be overtaken by it."""


@dataclass(frozen=True)
class Network:
    """How webhooks come: after `delay` seconds, so many `times` each, in an `order`."""

    delay: float = 0.1
    times: int = 1
    order: Order = "kept"


def following(contract: Contract, operation: Operation) -> Operation | None:
    """Return the webhook that follows a call of `operation`; None where none is known to.

    It has the same path, or that of the response to it (`req-pay`, `resp-pay`).
    """
    known = [one for one in contract.values() if one.direction == TO_PARTNER]
    paths = (operation.path, operation.path.replace("/req-", "/resp-"))
    return next((one for path in paths for one in known if one.path == path), None)


def payload_of(webhook: Operation, request: Request, level: Level) -> Any:
    """Return what a webhook says of a call: its example, with the values of the call in it."""
    example = base(webhook)
    try:
        merged = _merged(example, json.loads(request.body or b""))
    except ValueError:
        return example
    valid = next(validator(webhook, REQUEST, level).of_bytes(encoded(merged)), None) is None
    return merged if valid else example


def _merged(example: Any, payload: Any) -> Any:
    """Return `example` with the values that `payload` has at the same places."""
    if isinstance(example, dict) and isinstance(payload, dict):
        return {
            name: _merged(value, payload[name]) if name in payload else value
            for name, value in example.items()
        }
    is_leaf = not isinstance(example, (dict, list)) and not isinstance(payload, (dict, list))
    return payload if is_leaf else example


class Webhooks:
    """Delivers to the receiver at `url` what follows each call that was accepted.

    `log` is called with a line for each delivery. With a `webhook`, that one follows every call.

    Raises:
        UsageError: there is no such webhook.

    """

    def __init__(
        self,
        contract: Contract,
        url: str,
        log: Callable[[str], None],
        *,
        network: Network | None = None,
        webhook: str | None = None,
        level: Level,
    ) -> None:
        self._contract, self._url, self._log, self._level = contract, url, log, level
        self._network = network or Network()
        self._always = None if webhook is None else webhook_of(contract, webhook)
        self._waiting: asyncio.Queue[tuple[Operation, bytes]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def accepted(self, operation: Operation, request: Request) -> None:
        """Let a webhook follow a call; called by the event loop of the sandbox."""
        webhook = self._always or following(self._contract, operation)
        if webhook is None:
            self._log(f"{clock.time_of_day()} no webhook is known to follow {operation.id}")
            return
        body = encoded(payload_of(webhook, request, self._level))
        self._waiting.put_nowait((webhook, body))
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        """Deliver what is waiting."""
        while not self._waiting.empty():
            together = [await self._waiting.get()]
            await asyncio.sleep(self._network.delay)
            if self._network.order == "swapped":
                # The last of an odd number comes alone.
                with contextlib.suppress(TimeoutError):
                    together.insert(0, await asyncio.wait_for(self._waiting.get(), PATIENCE))
            for webhook, body in together:
                await self._deliver(webhook, body)

    async def _deliver(self, webhook: Operation, body: bytes) -> None:
        for _ in range(self._network.times):
            try:
                told = _told(webhook, await self._sent(webhook, body))
            except (TargetError, UsageError) as problem:
                told = str(problem)
            self._log(f"{clock.time_of_day()} {webhook.id} to {shown_url(self._url)}: {told}")

    async def _sent(self, webhook: Operation, body: bytes) -> Interaction:
        connection = Connection(timeout=TIMEOUT, retries=0)
        async with client.connect(self._url, webhook, connection) as http:
            return await http.send(request_of(webhook, http.url, body))


def _told(webhook: Operation, interaction: Interaction) -> str:
    response = interaction.response
    if response is None:
        return str(interaction.error)
    return f"{response.status} {outcome_of(webhook, interaction)}"
