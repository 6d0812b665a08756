"""Servers that validate every payload, and are as tolerant as servers are of how it is written.

Nothing published obliges them to reject other media types, bytes that are not UTF-8, or JSON as
lenient readers read it. They share no code with the package but the verdict on the payload.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

import enkash_contract as ec
from enkash_contract.contract.contract import bundled

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    Judge = Callable[[Any], bool]

PATH = bundled().pick().path

REWRITTEN = (
    (r"^\ufeff", ""),
    (r"//[^\n]*\n|/\*.*?\*/", ""),
    (r"'", '"'),
    (r"([{,])(\w+):", r'\1"\2":'),
    (r'"=', '":'),
    (r",([}\]])", r"\1"),
    (r":0x(\d)", r":\1"),
    (r":0+(\d)", r":\1"),
    (r":\+(\d)", r":\1"),
    (r":(\d+)\.([,}])", r":\1\2"),
)
"""Patterns of what JSON has not, and what a lenient reader makes of it."""


def read(raw: bytes) -> Any:
    """Read one JSON value as leniently as can be, and overlook what follows it."""
    if raw[:1] == b"\0" or raw[1:2] == b"\0" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        big = raw[:1] == b"\0" or raw[:2] == b"\xfe\xff"
        text = raw.decode("utf-16-be" if big else "utf-16-le", "replace")
    else:
        text = raw.decode("utf-8", "replace")
    text = re.sub(r"\\ud[89a-f]..", r"\\ufffd", text)
    reader = json.JSONDecoder(strict=False, parse_constant=lambda _: 1)
    try:
        return reader.raw_decode(text.strip())[0]
    except ValueError:
        for pattern, plain in REWRITTEN:
            text = re.sub(pattern, plain, text, flags=re.DOTALL)
        return reader.raw_decode(text.strip())[0]


def server(judge: Judge = ec.is_valid, *, crash: str = "") -> Starlette:
    """Return the application; with `crash`, it responds 500 to bodies that match that pattern."""

    async def change(request: Request) -> Response:
        raw = await request.body()
        if crash and re.search(crash.encode(), raw):
            return PlainTextResponse("Internal Server Error", 500)
        try:
            accepted = judge(read(raw))
        except (ValueError, RecursionError):
            accepted = False
        if accepted:
            message = "SUCCESS"
            return JSONResponse(
                {"payload": message, "response_code": 0, "response_message": message}
            )
        envelope = {"payload": "invalid", "response_code": 400, "response_message": "FAILED"}
        return JSONResponse(envelope, 400)

    return Starlette(routes=[Route(PATH, change, methods=["POST"])])


def in_utf16(payload: Any) -> bool:
    """Return whether a payload is valid for whoever counts the units of UTF-16."""
    wide = re.sub(
        "[\U00010000-\U0010ffff]", "\ue000\ue000", json.dumps(payload, ensure_ascii=False)
    )
    return ec.is_valid(json.loads(wide))


def without_number(payload: Any) -> bool:
    """Return whether a payload is valid to a server that forgot `supplierInvoiceNumber`."""
    status = payload.get("invoiceStatus") if isinstance(payload, dict) else None
    if isinstance(status, dict):
        status["supplierInvoiceNumber"] = "1"
    return ec.is_valid(payload)
