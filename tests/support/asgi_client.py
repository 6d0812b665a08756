"""Requests to an ASGI application without a server, over HTTPX or as plain messages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def send(app: Any, *asked: tuple[str, str, Any, Any]) -> list[httpx.Response]:
    """Send requests (method, path, body, headers) to the application, one after another."""

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://h") as client:
            return [
                await client.request(method, path, content=body, headers=headers)
                for method, path, body, headers in asked
            ]

    return asyncio.run(all_of_them())


def messages(
    app: Any, receive: Callable[[], Awaitable[dict[str, Any]]], **scope: Any
) -> list[dict[str, Any]]:
    """Return the messages that an application sends to a client that sends by `receive`."""
    sent: list[dict[str, Any]] = []

    async def keep(message: dict[str, Any]) -> None:
        sent.append(message)

    whole = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(app({**whole, **scope}, receive, keep))
    return sent
