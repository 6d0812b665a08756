"""A server whose invoice moves on: each acceptance increases the version to name next."""

from __future__ import annotations

import copy
import json
from typing import Any

from enkash_contract.contract.contract import bundled
from enkash_contract.sandbox.app import Sandbox

EXAMPLE = bundled().pick().request.example
STALE = b'{"payload": "another version", "response_code": 31, "response_message": "FAILED"}'
HEADERS = [(b"content-type", b"application/json")]


class Moving:
    """An ASGI application that conforms, or has one defect, and knows one version at a time.

    By GET it gives the payload that it accepts next, `given` times so far.
    """

    def __init__(self, defect: str | None = None) -> None:
        self._inner = Sandbox(defect=defect)
        self.version = 1
        self.given = 0

    def payload(self) -> Any:
        """Return the payload that is accepted now."""
        self.given += 1
        payload = copy.deepcopy(EXAMPLE)
        payload["invoiceStatus"]["objectVersion"] = self._versions
        return payload

    @property
    def _versions(self) -> dict[str, int]:
        return {"currentVersion": self.version, "newVersion": self.version + 1}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError(scope["type"])
        if scope["path"] == "/payload":
            await respond(send, 200, json.dumps(self.payload()).encode())
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        sent: list[Any] = []

        async def again() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Any) -> None:
            sent.append(message)

        await self._inner(scope, again, keep)
        if sent[0]["status"] == 200 and not self._moves(body):
            await respond(send, 409, STALE)
            return
        for message in sent:
            await send(message)

    def _moves(self, body: bytes) -> bool:
        """Move on if a request that is accepted otherwise names the right versions."""
        try:
            named = json.loads(body)["invoiceStatus"]["objectVersion"]
        except (ValueError, LookupError, TypeError):
            # A defect has let it through, whatever it is.
            return True
        moves = named == self._versions
        self.version += moves
        return bool(moves)


async def respond(send: Any, status: int, body: bytes) -> None:
    """Respond with JSON."""
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})
    await send({"type": "http.response.body", "body": body})
