"""Small ASGI and WSGI applications, and one request sent to a target."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.wire.message import Interaction, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.contract.operation import Operation

RIGHT = b'{"payload":"SUCCESS","response_code":0,"response_message":"SUCCESS"}'


def send(
    target: Any,
    operation: Operation,
    *,
    timeout: float = 10,
    headers: Mapping[str, str] | None = None,
    **how: Any,
) -> Interaction:
    """Send one request to `target` and return what happened; nothing is sent again later."""
    made = Connection(headers=headers or {}, timeout=timeout, **{"retries": 0, **how})

    async def once() -> Interaction:
        async with client.connect(target, operation, made) as http:
            return await http.send(Request("POST", http.url, (), b"{}"))

    return asyncio.run(once())


async def hang() -> None:
    """Never end; an application of a run is in its loop, whose time goes on by a minute at once."""
    loop: Any = asyncio.get_running_loop()
    loop.left_out -= 60
    await asyncio.Event().wait()


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """Answer as an ASGI application without a lifespan does."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": RIGHT})


def wsgi(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answer as a WSGI application does."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [RIGHT]
