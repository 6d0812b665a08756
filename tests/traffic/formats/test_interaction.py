"""Our own shape of an interaction: what is there counts, and what is not there is not made up."""

from __future__ import annotations

import base64
import json
from typing import Any

import jsonschema
import pytest

from enkash_contract.traffic.entries.entry import Missing
from enkash_contract.traffic.formats import interaction
from enkash_contract.traffic.gateways.mapping import TARGETS
from enkash_contract.wire.message import Request, Response
from tests.support.recorded import OPERATION, URL

TEXT = json.dumps(OPERATION.request.example)
LABEL = (("Content-Type", "application/json"),)
RIGHT = Request("POST", URL, LABEL, TEXT.encode())


def ours(request: Any = None, response: Any = None, **more: Any) -> Any:
    """Return a right interaction, some members of its request and response changed."""
    sent = {
        "method": "POST",
        "url": URL,
        "headers": {"Content-Type": "application/json"},
        "body": TEXT,
    }
    received = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
    return {"request": sent | (request or {}), "response": received | (response or {}), **more}


@pytest.mark.parametrize(
    ("request_", "response", "asked", "answered"),
    [
        ({}, {}, RIGHT, Response(200, LABEL, b"{}")),
        ({"body": OPERATION.request.example}, {"body": {}}, RIGHT, Response(200, LABEL, b"{}")),
        (
            {"body": base64.b64encode(TEXT.encode()).decode(), "encoding": "BASE64"},
            {"body": 7},
            RIGHT,
            Response(200, LABEL, b"7"),
        ),
        ({"body": ["a"]}, {}, Request("POST", URL, LABEL, b'["a"]'), Response(200, LABEL, b"{}")),
        (
            {"body": "", "method": "get"},
            {},
            Request("GET", URL, LABEL),
            Response(200, LABEL, b"{}"),
        ),
        (
            {"body": None, "method": "GET"},
            {},
            Request("GET", URL, LABEL),
            Response(200, LABEL, b"{}"),
        ),
        ({}, {"status": 204, "body": None}, RIGHT, Response(204, LABEL, b"")),
    ],
)
def test_what_is_read(request_: Any, response: Any, asked: Request, answered: Response) -> None:
    """A body is a text, base64, or the JSON value that it was read as."""
    recorded = ours(request_, response, at="2026-11-27T10:00:00Z", seconds=0.5)
    found = interaction.entry(recorded, "log:1")

    assert found.problems == ()
    assert found.interaction is not None
    assert (found.interaction.request, found.interaction.response) == (asked, answered)
    assert (found.interaction.at, found.interaction.seconds) == (1_795_773_600.0, 0.5)


@pytest.mark.parametrize(
    ("request_", "response", "problem"),
    [
        ({"body": None}, {}, "the request body was not recorded"),
        ({"body": "", "size": 7}, {}, "the request body was not recorded"),
        (
            {"body": '{"a', "size": 7},
            {},
            "the request body was cut off by the recorder after 3 of 7 bytes",
        ),
        ({}, {"body": None}, "the response body was not recorded"),
        ({}, {"status": 0}, "the response was not recorded"),
        ({}, {"status": "?"}, "the response was unreadable (its status is no number)"),
        (
            {"body": {"a": b""}},
            {},
            "the request body was recorded as what cannot be bytes "
            "(Object of type bytes is not JSON serializable)",
        ),
    ],
)
def test_what_is_not_known(request_: Any, response: Any, problem: str) -> None:
    """It is neither empty nor a violation."""
    assert interaction.entry(ours(request_, response), "log:1").problem == problem


@pytest.mark.parametrize(
    ("request_", "address"),
    [
        ({}, URL),
        ({"url": "/a?b"}, "/a?b"),
        ({"url": "/a", "host": "h:1"}, "https://h:1/a"),
        ({"url": "/a", "host": "h", "scheme": "http"}, "http://h/a"),
        ({"url": "/a", "headers": {"Host": "h"}}, "https://h/a"),
        ({"url": 7}, None),
    ],
)
def test_an_address_may_be_a_path(request_: Any, address: str | None) -> None:
    """Its host stands beside it, or in a header, or nowhere."""
    assert interaction.url_of(ours(request_)) == address


SCHEMA = json.loads(interaction.schema_text())


def test_the_schema_describes_what_is_read() -> None:
    """It is a schema, and what is read keeps it; each target of a mapping is a member in it."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    members = [
        f"{side}.{name}"
        for side in ("request", "response")
        for name in SCHEMA["properties"][side]["properties"]
    ]

    for recorded in (
        ours(),
        ours({"body": {}, "headers": [["a", 1]]}, at=1.5),
        ours({"host": None}),
    ):
        assert [*validator.iter_errors(recorded)] == []
    for recorded in (7, {}, ours({"url": 7}), ours({}, {"status": "200"}), ours({"size": -1})):
        assert [*validator.iter_errors(recorded)] != []
    assert {*members, "at", "seconds"} == TARGETS.keys()


def test_an_interaction_without_an_address() -> None:
    """Nobody can tell what it was."""
    details = []
    for recorded in (7, ours({"url": 7}), ours({"url": None})):
        (missing,) = interaction.entry(recorded, "log:1").problems
        assert (missing.part, missing.reason) == ("address", "unreadable")
        details.append(missing.detail)
    assert details == [
        "(what should hold 'request' is not an object)",
        "('url' is not a string)",
        "('url' is missing)",
    ]
    assert Missing("address", "unreadable", detail=details[2]) == missing


@pytest.mark.parametrize(
    "value",
    [
        7,
        {"request": {"url": 7}},
        {"request": {"url": URL}},
        {"request": {"url": URL, "postData": {}}, "response": {"status": 200}},
        {"request": {"url": URL}, "response": 7},
        {"request": {"url": URL}, "response": {"status": 200, "content": {}}},
        {"request": {"url": URL}, "response": {"status": {"code": 200}, "body": ""}},
    ],
)
def test_what_is_in_another_shape(value: Any) -> None:
    """Members of other formats, or none of ours."""
    assert not interaction.alone(value)
