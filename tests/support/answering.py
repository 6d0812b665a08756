"""Servers of Change Invoice Status that accept and reject as a test says, in this process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Respond = Callable[[Any], int]

OK = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
NO = {"payload": "FAILURE", "response_code": 7, "response_message": "no"}


def server(respond: Respond, *, accepted: Any = OK) -> Any:
    """Return an application that answers with the status that `respond` returns of a payload.

    A body that is not JSON is rejected.
    """

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError(scope["type"])
        event, body = await receive(), b""
        while event["type"] == "http.request":
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
            event = await receive()
        try:
            status = respond(json.loads(body))
        except ValueError:
            status = 400
        said = json.dumps(accepted if status == 200 else NO).encode()
        head = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": said})

    return app
