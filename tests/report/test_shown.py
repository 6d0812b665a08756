"""Exchanges as they may be shown."""

from __future__ import annotations

import base64

from enkash_contract.report.document import Body, Exchange, ShownRequest, ShownResponse
from enkash_contract.report.shown import Exchanges, exchange_of, moment
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.message import Interaction, Request, Response

CANARY = "canary-4711-sesame"

LONG = 65_536


def test_nothing_secret_is_left() -> None:
    """Whether it is in the address, a header, a member, or repeated by the response."""
    request = Request(
        "POST",
        f"https://user:{CANARY}@h/{CANARY}?key={CANARY}",
        (
            ("Authorization", f"Bearer {CANARY}"),
            ("Content-Type", "application/json"),
            ("X", CANARY),
        ),
        f'{{"password": "{CANARY}", "word": "{CANARY}"}}'.encode(),
    )
    headers = (("X-Request-Id", "r-1"), ("CF-Ray", CANARY), ("Set-Cookie", f"sid={CANARY}"))
    response = Response(500, headers, f"no {CANARY}".encode())

    shown = exchange_of(
        Interaction(request, response, f"lost {CANARY}", at=1_764_000_000.25, seconds=0.123_456_78)
    )

    body = Body('{"password": "***", "word": "***"}', 64)
    assert shown == Exchange(
        ShownRequest(
            "POST",
            "https://h/***",
            (("Authorization", "***"), ("Content-Type", "application/json"), ("X", "***")),
            body,
        ),
        ShownResponse(
            500,
            (("X-Request-Id", "r-1"), ("CF-Ray", "***"), ("Set-Cookie", "***")),
            Body("no ***", 21),
        ),
        "lost ***",
        "2025-11-24T16:00:00.250+00:00",
        0.123457,
        {"x-request-id": "r-1", "cf-ray": "***"},
    )


def test_what_is_not_known_is_empty() -> None:
    """No response, no body that was recorded, no time."""
    shown = exchange_of(Interaction(Request("POST", "http://h/x", (), None), None))

    assert shown == Exchange(ShownRequest("POST", "http://h/x", (), None), None)
    assert moment(None) == ""


def test_a_body_that_is_no_text_is_base64() -> None:
    """Bytes that no text holds survive."""
    shown = exchange_of(Interaction(Request("POST", "http://h/x", (), b"\xff\x00"), None))

    assert shown.request.body == Body(base64.b64encode(b"\xff\x00").decode(), 2, "base64")


def test_a_long_body_is_cut() -> None:
    """Its size stays known; no character and no secret is cut in two."""
    secret = f'{{"password": "{CANARY}"}}'.encode()
    texts = {
        "ascii": b"a" * (LONG + 1),
        "wide": b"a" + "ä".encode() * LONG,
        "secret": b" " * (LONG - 20) + secret,
        "bytes": b"\xff" * (LONG + 1),
    }
    bodies = {}
    for name, text in texts.items():
        shown = exchange_of(Interaction(Request("POST", "http://h/x", (), text), None))
        assert shown.request.body is not None
        bodies[name] = shown.request.body

    assert bodies["ascii"] == Body("a" * LONG, LONG + 1, cut=True)
    assert bodies["wide"] == Body("a" + "ä" * (LONG // 2 - 1), 2 * LONG + 1, cut=True)
    assert CANARY[:4] not in bodies["secret"].text
    assert (bodies["bytes"].encoding, bodies["bytes"].cut) == ("base64", True)


def test_the_same_texts_are_searched_once() -> None:
    """And each exchange is the same as if it were alone."""
    secrets = Secrets()
    request = Request("POST", "http://h/x", (("A", "b"),), b"{}")
    interaction = Interaction(request, Response(200, (("A", "b"),), b"{}"), secrets=secrets)
    exchanges = Exchanges()

    assert exchanges.of(interaction) == exchanges.of(interaction) == exchange_of(interaction)
