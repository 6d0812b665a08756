"""Reports of Newman: addresses in parts, headers of keys, bodies as numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from enkash_contract.traffic.entries.entry import Missing
from enkash_contract.traffic.formats import newman
from enkash_contract.wire.message import Request, Response
from tests.support.paths import RECORDINGS
from tests.support.recorded import OPERATION, URL

TEXT = json.dumps(OPERATION.request.example)
PARTS = {
    "protocol": "https",
    "host": ["api", "example"],
    "path": OPERATION.path.strip("/").split("/"),
    "query": [],
}
KEYED = [{"key": "Content-Type", "value": "application/json"}]
RIGHT = Request("POST", URL, (("Content-Type", "application/json"),), TEXT.encode())


def execution(request: Any = None, response: Any = None) -> Any:
    """Return a right execution, some members of its request and response changed."""
    sent = {
        "url": PARTS,
        "header": KEYED,
        "method": "POST",
        "body": {"mode": "raw", "raw": TEXT},
    }
    received = {
        "code": 200,
        "status": "OK",
        "header": KEYED,
        "stream": {"type": "Buffer", "data": [123, 125]},
        "responseTime": 7,
        "responseSize": 2,
    }
    return {"request": sent | (request or {}), "response": received | (response or {})}


def test_an_execution_is_read() -> None:
    """Both sides of it, and what it took."""
    found = newman.entry(execution(), "report").interaction

    assert found is not None
    assert found.request == RIGHT
    assert found.response == Response(200, (("Content-Type", "application/json"),), b"{}")
    assert found.seconds == 0.007


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (PARTS, URL),
        (URL, URL),
        ({"raw": URL}, URL),
        ({}, None),
        (7, None),
        ({"host": "h", "path": "/a", "port": "8080"}, "http://h:8080/a"),
        ({"host": ["h"], "port": 1, "path": [7, "a"]}, "http://h:1/a"),
        (
            {
                "host": ["h"],
                "query": [{"key": "a", "value": "1"}, {"key": "b", "disabled": True}, 7],
            },
            "http://h/?a=1",
        ),
        ({"host": 7, "path": ["a"], "query": 7}, "http:///a"),
    ],
)
def test_an_address_in_parts(url: Any, address: str | None) -> None:
    """What is missing is left out."""
    assert newman.url_of(execution({"url": url})) == address


@pytest.mark.parametrize(
    ("body", "sent", "why"),
    [
        (None, b"", ""),
        ({}, b"", ""),
        ({"raw": "{}"}, b"{}", ""),
        ({"mode": "raw", "raw": ""}, b"", ""),
        ("{}", b"{}", ""),
        ({"mode": "raw"}, None, "not recorded"),
        (
            {"mode": "raw", "raw": {}},
            None,
            "recorded as a value, which does not say how it was written",
        ),
        ({"mode": "file", "file": {"src": "a"}}, None, "not recorded"),
        (
            {"mode": "urlencoded", "urlencoded": []},
            None,
            "recorded as parameters, which do not say how it was written",
        ),
        (
            {"mode": "graphql"},
            None,
            "recorded as a value, which does not say how it was written",
        ),
    ],
)
def test_the_body_of_a_request(body: Any, sent: bytes | None, why: str) -> None:
    """Text is known; what Newman makes of forms and files is not."""
    found = newman.entry(execution({"body": body}), "report")

    assert found.interaction is not None
    assert found.interaction.request.body == sent
    assert found.problem == (f"the request body was {why}" if why else "")


def test_headers_that_were_not_sent() -> None:
    """A field that is switched off is kept in the report."""
    fields = [*KEYED, {"key": "a", "value": "1", "disabled": True}]
    found = newman.entry(execution({"header": fields}), "report").interaction

    assert found is not None
    assert found.request == RIGHT


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        ({"code": None}, "the response was unreadable (its status is no number)"),
        ({"code": 0}, "the response was not recorded"),
        ({"stream": None}, "the response body was not recorded"),
        (
            {"stream": {"type": "Buffer", "data": [256]}},
            "the response body was recorded as what cannot be bytes "
            "(bytes must be in range(0, 256))",
        ),
        ({"stream": {"type": "Buffer", "data": []}}, "the response body was not recorded"),
    ],
)
def test_responses_that_are_not_known(response: Any, problem: str) -> None:
    """The request is read all the same."""
    assert newman.entry(execution({}, response), "report").problem == problem


def test_executions_without_an_address() -> None:
    """Nobody can tell what such an execution was."""
    for recorded in (7, execution({"url": None})):
        found = newman.entry(recorded, "report")
        assert found.interaction is None
    assert found.problems == (Missing("address", "unreadable", detail="('url' is missing)"),)


def test_an_execution_is_known() -> None:
    """Nothing else has headers in `header`."""
    report = json.loads((RECORDINGS / "newman.json").read_text(encoding="utf-8"))
    assert all(map(newman.alone, report["run"]["executions"]))
    assert not newman.alone({"request": {"headers": []}})
