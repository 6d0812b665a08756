"""Servers that only fuzzing finds at fault, and right ones that it must not call wrong.

Each is the hand-written WSGI application with one peculiarity, and an attribute of this module, so
that a command can name it.
"""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

from enkash_contract.generation.families.accept_text import TEXTS
from tests.support.implementations import fastapi_app, wsgi_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Peculiar = Callable[[bytes, Any], str | None]

CRASH, REFUSAL = "500 Internal Server Error", "400 Bad Request"

OWN = ("BUYER-0001", "INV0123456789ABCDEF0123456789abcdef")
"""The buyer and the invoice that `one_invoice` knows."""


def create(peculiar: Peculiar, *, of_right: bool = False) -> Any:
    """Return an application that answers with the status that `peculiar` says, if it says one.

    It is asked about the body and the payload in it; when `of_right`, only where both are right.
    """

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        raw = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(raw)
        usual: list[Any] = []

        def kept(*head: Any) -> Any:
            usual.extend(head)

        body = wsgi_app.app(environ, kept)
        right = usual[0].startswith("200")
        status = peculiar(raw, _payload(raw)) if right or not of_right else None
        if status is None:
            start_response(*usual)
            return body
        answer = {"payload": "no", "response_code": 1, "response_message": "FAILED"}
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    return app


def _payload(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def get(payload: Any, *names: str) -> Any:
    """Return the member at `names`, None where there is none."""
    for name in names:
        payload = payload.get(name) if isinstance(payload, dict) else None
    return payload


def remarks(payload: Any) -> str:
    """Return the remarks as text."""
    return str(get(payload, "invoiceStatus", "supplierRemarks"))


def own(payload: Any) -> tuple[Any, Any]:
    """Return what `one_invoice` looks up."""
    return get(payload, "b2bIds", "buyerB2BId"), get(payload, "invoiceStatus", "objectId")


def is_short(payload: Any) -> bool:
    """Say whether the remarks are short, and none of the short texts that the suite tries."""
    text = get(payload, "invoiceStatus", "supplierRemarks")
    return isinstance(text, str) and 2 <= len(text) < 12 and text not in TEXTS.values()


short_crashes = create(lambda _, payload: CRASH if is_short(payload) else None)
short_refused = create(lambda _, payload: REFUSAL if is_short(payload) else None, of_right=True)
one_invoice = create(lambda _, payload: None if own(payload) == OWN else REFUSAL)
alike_refused = create(
    lambda _, payload: (
        REFUSAL
        if get(payload, "b2bIds", "buyerB2BId") == get(payload, "b2bIds", "supplierB2BId")
        else None
    ),
    of_right=True,
)


def _wrong_ids(_: bytes, payload: Any) -> str | None:
    ids = [get(payload, "b2bIds", name) for name in ("buyerB2BId", "supplierB2BId")]
    texts = [*ids, get(payload, "invoiceStatus", "supplierRemarks")]
    right = [isinstance(one, str) and bool(wsgi_app.B2B_ID.fullmatch(one)) for one in texts]
    return CRASH if isinstance(payload, dict) and right.count(False) > 1 else None


two_wrong_crash = create(_wrong_ids)


def twice_crashes() -> Any:
    """Return a server that cannot take the same change, not the known one, twice in a row."""
    last: list[bytes] = [b""]

    def peculiar(raw: bytes, payload: Any) -> str | None:
        again = last[0] == raw and own(payload)[0] != OWN[0]
        last[0] = raw
        return CRASH if again else None

    return create(peculiar, of_right=True)


def second_is_not_looked_at() -> Any:
    """Return a server that accepts anything of a buyer right after a change of another one."""
    last: list[Any] = [None]

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        raw = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(raw)
        before, last[0] = last[0], own(_payload(raw))[0]
        if before not in (None, OWN[0]):
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b'{"payload":"SUCCESS","response_code":0,"response_message":"SUCCESS"}']
        return wsgi_app.app(environ, start_response)

    return app


def anything_beside_short(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Accept any payload whose remarks are short."""
    raw = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(raw)
    if is_short(_payload(raw)):
        return wsgi_app.all_success(environ, start_response)
    return wsgi_app.app(environ, start_response)


def race_crashes() -> Any:
    """Return a server that fails when it has two requests at once."""
    busy = [False]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await fastapi_app.app(scope, receive, send)
            return
        if busy[0]:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b"locked"})
            return
        busy[0] = True
        try:
            # Turns enough for the other, if there is one, to come in; no time has to pass.
            for _ in range(100):
                await asyncio.sleep(0)
            await fastapi_app.app(scope, receive, send)
        finally:
            busy[0] = False

    return app


def every_nth_crashes(number: int, of: Callable[[Any], bool]) -> Any:
    """Return a server that fails once in a while, whatever it is asked."""
    count = [0]

    def peculiar(_: bytes, payload: Any) -> str | None:
        count[0] += of(payload)
        return CRASH if of(payload) and count[0] % number == 0 else None

    return create(peculiar)


def counting(after: int, status: str) -> Any:
    """Return a server that answers every request with `status` once it had `after` of them."""
    count = [0]

    def peculiar(*_: Any) -> str | None:
        count[0] += 1
        return status if count[0] > after else None

    return create(peculiar)
