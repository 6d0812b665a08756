"""Each implementation does what it says, and each mistake shows itself and no other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx
import pytest

from tests.support.implementations import MISTAKES, fastapi_app, wsgi_app

PATH = "/api/v0/invoice/req-status-change-invoice"
JSON = {"Content-Type": "application/json"}
SUCCESS = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
RIGHT: dict[str, Any] = {
    "device": {"tag": {"name": "GEOCODE", "value": "19.0760,72.8777"}},
    "b2bIds": {"buyerB2BId": "BUYER-0001", "supplierB2BId": "SUPPLIER-0001"},
    "invoiceStatus": {
        "objectId": "INV" + "a1B2" * 8,
        "supplierInvoiceNumber": "SUP/2026/0042",
        "objectVersion": {"currentVersion": 1, "newVersion": 2},
        "supplierAction": "CANCEL",
        "supplierRemarks": "Raised twice",
        "statusTransition": {"currentStatus": "CREATED", "newStatus": "CREATED"},
    },
}
MISSING = object()
LEAVES = [
    ("device", "tag", "name"),
    ("device", "tag", "value"),
    ("b2bIds", "buyerB2BId"),
    ("b2bIds", "supplierB2BId"),
    ("invoiceStatus", "objectId"),
    ("invoiceStatus", "supplierInvoiceNumber"),
    ("invoiceStatus", "objectVersion", "currentVersion"),
    ("invoiceStatus", "objectVersion", "newVersion"),
    ("invoiceStatus", "supplierAction"),
    ("invoiceStatus", "supplierRemarks"),
    ("invoiceStatus", "statusTransition", "currentStatus"),
    ("invoiceStatus", "statusTransition", "newStatus"),
]
PARENTS = sorted({leaf[:end] for leaf in LEAVES for end in range(1, len(leaf))})
VERSIONS = [leaf for leaf in LEAVES if "objectVersion" in leaf]
STRINGS = [leaf for leaf in LEAVES if leaf not in VERSIONS]
BOUNDS = {
    ("b2bIds", "buyerB2BId"): 100,
    ("b2bIds", "supplierB2BId"): 100,
    ("invoiceStatus", "supplierInvoiceNumber"): 50,
    ("invoiceStatus", "supplierRemarks"): 100,
}
OBJECT_ID = ("invoiceStatus", "objectId")
BUYER = ("b2bIds", "buyerB2BId")

Send = Callable[..., httpx.Response]


def send_wsgi(mistake: str | None, body: bytes, *, method: str = "POST", **more: Any) -> Any:
    """Send one request to the WSGI implementation."""
    headers = more.get("headers", JSON)
    transport = httpx.WSGITransport(wsgi_app.create_app(mistake))
    with httpx.Client(transport=transport, base_url="http://test") as client:
        return client.request(method, PATH, content=body, headers=headers)


def send_fastapi(mistake: str | None, body: bytes, *, method: str = "POST", **more: Any) -> Any:
    """Send one request to the FastAPI implementation."""
    headers = more.get("headers", JSON)

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(fastapi_app.create_app(mistake))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, PATH, content=body, headers=headers)

    return asyncio.run(send())


@pytest.fixture(params=[send_wsgi, send_fastapi], ids=["wsgi", "fastapi"])
def send(request: pytest.FixtureRequest) -> Send:
    """Return the function that sends one request to one of the implementations."""
    function: Send = request.param
    return function


def altered(path: tuple[str, ...], value: object) -> bytes:
    """Return the right body with one member replaced or, given `MISSING`, left out."""
    payload = deepcopy(RIGHT)
    parent = payload
    for name in path[:-1]:
        parent = parent[name]
    parent[path[-1]] = value
    if value is MISSING:
        del parent[path[-1]]
    return json.dumps(payload).encode()


def right_bodies() -> list[bytes]:
    """Return bodies that must be accepted, the bounds among them."""
    text = json.dumps(RIGHT)
    bodies = [text.encode(), f" \r\n\t{text} ".encode(), altered(("unknown",), [None])]
    bodies += [altered(path, "𝄞" * bound) for path, bound in BOUNDS.items()]
    bodies += [altered(path, "x") for path in STRINGS if path != OBJECT_ID]
    bodies += [altered(path, "a\n") for path in STRINGS if path != OBJECT_ID]
    bodies += [altered(path, value) for path in VERSIONS for value in (1, 1.0, 2**80)]
    bodies += [altered(OBJECT_ID, "VIN" + "0" * 32)]
    bodies += [text.replace('"newVersion": 2', f'"newVersion": {n}').encode() for n in BIG]
    return bodies


BIG = ("1e2", "10e-1", "1e400", "1E+999999999999")
TINY = ("1e-400", "1.0000000000000000000000001", "0.99999999999999999999", "-1", "0", "-0.0")


NOT_OBJECTS: tuple[object, ...] = ([], "x", 1, {}, True)
NOT_TEXTS: tuple[object, ...] = ("", 1, True, ["x"], {})
NOT_VERSIONS: tuple[object, ...] = ("1", True, 0, -1, 1.5, [1])


def wrong_bodies() -> list[bytes]:
    """Return bodies that break one rule each."""
    text = json.dumps(RIGHT)
    bodies = [altered(path, MISSING) for path in LEAVES + PARENTS]
    bodies += [altered(path, None) for path in LEAVES + PARENTS]
    bodies += [altered(path, value) for path in PARENTS for value in NOT_OBJECTS]
    bodies += [altered(path, value) for path in STRINGS for value in NOT_TEXTS]
    bodies += [altered(path, value) for path in VERSIONS for value in NOT_VERSIONS]
    bodies += [altered(path, "x" * (bound + 1)) for path, bound in BOUNDS.items()]
    bodies += [altered(path, value) for path in BOUNDS for value in ("a\\b", 'a"b')]
    objects = ["INV" + "0" * n for n in (31, 33)] + ["INX" + "0" * 32, "inv" + "0" * 32]
    objects += ["INV" + "0" * 32 + "\n", " INV" + "0" * 32, "INV" + "\u0660" * 32]
    bodies += [altered(OBJECT_ID, value) for value in objects]
    bodies += [altered(path, "\ud800") for path in STRINGS]
    bodies += [text.replace('"newVersion": 2', f'"newVersion": {n}').encode() for n in TINY]
    unknown = ("NaN", "-Infinity", "1" * 5000, "1e" + "9" * 30, "01", "[" * 100_000, '"\t"', "'x'")
    bodies += [text.replace("{", f'{{"unknown": {value},', 1).encode() for value in unknown]
    bodies += [text.replace("{", '{"b2bIds": {},', 1).encode(), text.encode() + b"x"]
    bodies += [text.encode("utf-16"), text.encode("utf-8-sig"), b"\xff", b"", b"null", b"1"]
    bodies += [altered(BUYER, "ü").replace(rb"\u00fc", b"\xfc"), b"[]", b'"x"', b"{}", b"[[]]"]
    return bodies


def test_right_bodies_are_accepted(send: Send) -> None:
    """A body that keeps every rule is answered with success, bounds and exponents included."""
    answers = {body: send(None, body) for body in right_bodies()}
    seen = {body: (answer.status_code, answer.json()) for body, answer in answers.items()}

    assert seen == dict.fromkeys(answers, (200, SUCCESS))


def test_wrong_bodies_are_refused(send: Send) -> None:
    """A body that breaks a rule, or is no JSON at all, is refused with the envelope."""
    answers = {body: send(None, body) for body in wrong_bodies()}

    assert [body[:300] for body, answer in answers.items() if not refused(answer, 400)] == []


def refused(answer: httpx.Response, status: int) -> bool:
    """Tell whether the answer is a refusal with this status, in the envelope."""
    body = answer.json()
    expected = {"payload": body["payload"], "response_code": status, "response_message": "FAILED"}
    is_reason = isinstance(body["payload"], str) and body["payload"] != ""
    return answer.status_code == status and body == expected and is_reason


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=UTF-8", 'application/json ;charset="utf-8"'],
)
def test_json_media_types_are_accepted(send: Send, content_type: str) -> None:
    """The media type may be written in any case and may name its charset."""
    answer = send(None, json.dumps(RIGHT).encode(), headers={"Content-Type": content_type})

    assert (answer.status_code, answer.json()) == (200, SUCCESS)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/jsonp"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_other_media_types_are_refused(send: Send, headers: dict[str, str]) -> None:
    """Another media type, and none, is refused although the body is right."""
    assert refused(send(None, json.dumps(RIGHT).encode(), headers=headers), 415)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(send: Send, method: str) -> None:
    """Another method is refused although the body is right, and told which is allowed."""
    answer = send(None, json.dumps(RIGHT).encode(), method=method)

    assert (refused(answer, 405), answer.headers["allow"]) == (True, "POST")


PROBES = {
    "right": json.dumps(RIGHT).encode(),
    "no remarks": altered(("invoiceStatus", "supplierRemarks"), MISSING),
    "null remarks": altered(("invoiceStatus", "supplierRemarks"), None),
    "string version": altered(VERSIONS[0], "1"),
    "string new version": altered(VERSIONS[1], "1"),
    "100 characters": altered(BUYER, "x" * 100),
    "101 characters": altered(BUYER, "x" * 101),
    "102 characters": altered(BUYER, "x" * 102),
    "list": b"[]",
    "no JSON": b"{",
}
STATUSES = dict(zip(PROBES, (200, 400, 400, 400, 400, 200, 400, 400, 400, 400), strict=True))
DIFFERENCES: dict[str, dict[str, int]] = {
    "missing-member-accepted": {"no remarks": 200},
    "string-version-accepted": {"string version": 200},
    "over-long-accepted": {"101 characters": 200},
    "bound-refused": {"100 characters": 400},
    "crash-on-list": {"list": 500},
    "code-as-string": {},
    "html-answer": {},
    "all-success": dict.fromkeys(PROBES, 200),
    "refuses-everything": dict.fromkeys(PROBES, 400),
    "unauthorised": dict.fromkeys(PROBES, 401),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_changes_what_it_says_and_nothing_else(send: Send, mistake: str) -> None:
    """Each mistake shows in the statuses it is about; all others are those of the right one."""
    statuses = {name: send(mistake, body).status_code for name, body in PROBES.items()}

    assert statuses == STATUSES | DIFFERENCES[mistake]


def test_wrong_answers_are_wrong_as_named(send: Send) -> None:
    """The two mistakes of the answer are a code that is a string, and a page."""
    code = send("code-as-string", PROBES["right"])
    page = send("html-answer", PROBES["right"])

    assert code.json() == SUCCESS | {"response_code": "0"}
    assert page.headers["content-type"].partition(";")[0] == "text/html"


def test_all_success_does_not_even_look_at_the_method(send: Send) -> None:
    """The implementation that accepts everything accepts methods nobody has heard of."""
    answer = send("all-success", b"", method="BREW", headers={})

    assert (answer.status_code, answer.json()) == (200, SUCCESS)


@pytest.mark.parametrize("module", [wsgi_app, fastapi_app])
def test_every_mistake_has_an_attribute(module: Any) -> None:
    """Each mistake can be named on a command line as an attribute of the module."""
    names = [name.replace("-", "_") for name in MISTAKES]

    assert [name for name in names if not callable(getattr(module, name))] == []
    with pytest.raises(ValueError, match="no such mistake: typo"):
        module.create_app("typo")
