"""A small server that answers each step of the traffic script in its own way.

It is no model of the operation: it knows the script, and lets `supplierInvoiceNumber` say which
answer is wanted. One server listens on two ports, so that there is another host to talk to.
"""

from __future__ import annotations

import base64
import gzip
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import uvicorn

from tests.recorders.traffic_script import OPERATION_PATH, OTHER_PATH, browser_script

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

Answer = tuple[int, dict[str, str], bytes]

PAGE = b"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>working</title><link rel="icon" href="data:,"></head>
<body><img src="/pixel.png" alt=""><script src="/traffic.js"></script></body>
</html>
"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "authorization, content-type",
}


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one HTTP request; leave a request that asks for silence without an answer."""
    if scope["type"] != "http":
        return
    body = await _body(receive)
    answer = _route(scope["method"], scope["path"], _content_type(scope), body)
    if answer is None:
        await _until_the_client_leaves(receive)
        return
    status, headers, content = answer
    lines = {**CORS, **headers, "content-length": str(len(content))}
    raw = [(name.encode(), value.encode()) for name, value in lines.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


async def _until_the_client_leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _content_type(scope: Message) -> str:
    headers = {name.lower(): value for name, value in scope["headers"]}
    value: bytes = headers.get(b"content-type", b"")
    return value.decode("latin-1").partition(";")[0].strip().lower()


def _route(method: str, path: str, content_type: str, body: bytes) -> Answer | None:
    if method == "OPTIONS":
        return 204, {}, b""
    if method == "POST" and path == OPERATION_PATH:
        return _change_status(content_type, body)
    if method == "POST" and path == OTHER_PATH:
        return _envelope(200, "CREATED", 0, "SUCCESS")
    return {
        "/": (200, {"content-type": "text/html; charset=utf-8"}, PAGE),
        "/traffic.js": (200, {"content-type": "text/javascript"}, browser_script().encode()),
        "/pixel.png": (200, {"content-type": "image/png"}, PIXEL),
    }.get(path, (404, {"content-type": "text/plain"}, b"Not Found"))


def _change_status(content_type: str, body: bytes) -> Answer | None:
    if content_type != "application/json":
        return _envelope(415, "Unsupported media type", 415, "FAILED")
    payload = json.loads(body)
    number = payload["invoiceStatus"]["supplierInvoiceNumber"]
    if number == "NEVER-ANSWER":
        return None
    if "buyerB2BId" not in payload["b2bIds"]:
        return _envelope(400, "b2bIds.buyerB2BId is required", 400, "FAILED")
    success = _envelope(200, "SUCCESS", 0, "SUCCESS")
    return {
        "REFUSE-ME": _envelope(400, "Invoice not found (चालान नहीं मिला)", 404, "FAILED"),
        "CRASH": (500, {"content-type": "text/plain"}, b"Internal Server Error"),
        "ZIP-ME": _zipped(success),
        "CODE-AS-STRING": _envelope(200, "SUCCESS", "0", "SUCCESS"),
    }.get(number, success)


def _envelope(status: int, payload: str, code: int | str, message: str) -> Answer:
    content = {"payload": payload, "response_code": code, "response_message": message}
    text = json.dumps(content, ensure_ascii=False)
    return status, {"content-type": "application/json"}, text.encode()


def _zipped(answer: Answer) -> Answer:
    status, headers, content = answer
    return status, {**headers, "content-encoding": "gzip"}, gzip.compress(content, mtime=0)


@contextmanager
def serving() -> Iterator[tuple[str, str]]:
    """Serve on two free loopback ports; yield the base URL and the other host's URL."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    base_url, other_url = (f"http://127.0.0.1:{item.getsockname()[1]}" for item in sockets)
    server = uvicorn.Server(
        uvicorn.Config(app, lifespan="off", log_level="critical", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, args=(sockets,), daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield base_url, other_url
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        for item in sockets:
            with suppress(OSError):
                item.close()
