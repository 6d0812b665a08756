"""Cassettes of go-vcr, from its first version to its fourth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.traffic import check_traffic
from enkash_contract.traffic.formats import go_vcr
from tests.support.recorded import OPERATION, URL, written

if TYPE_CHECKING:
    from pathlib import Path

BODY = json.dumps(OPERATION.request.example)
REPLY = json.dumps(OPERATION.sides["response.200"].example)
LABEL = {"Content-Type": ["application/json"]}
FIRST: dict[str, Any] = {
    "request": {"body": BODY, "form": {}, "headers": LABEL, "url": URL, "method": "POST"},
    "response": {"body": REPLY, "headers": LABEL, "status": "200 OK", "code": 200},
}
FOURTH: dict[str, Any] = {
    "id": 0,
    "request": {
        "proto": "HTTP/1.1",
        "proto_major": 1,
        "proto_minor": 1,
        "content_length": len(BODY),
        "host": "api.example",
        "body": BODY,
        "headers": LABEL,
        "url": URL,
        "method": "POST",
    },
    "response": {
        "proto": "HTTP/2.0",
        "proto_major": 2,
        "proto_minor": 0,
        "content_length": -1,
        "uncompressed": True,
        "body": REPLY,
        "headers": LABEL,
        "status": "200 OK",
        "code": 200,
        "duration": "1.5ms",
    },
}


@pytest.mark.parametrize("recorded", [FIRST, FOURTH])
def test_each_version_is_read(recorded: Any, tmp_path: Path) -> None:
    """Go's unknown length says nothing of a body that is there."""
    assert go_vcr.alone(recorded)
    result = check_traffic(written(tmp_path, {"version": 2, "interactions": [recorded]}))

    assert (dict(result.verdicts), result.notes) == ({"held": 1}, ())


def test_a_body_that_a_hook_has_removed() -> None:
    """The length that was sent is still there."""
    emptied = {**FOURTH, "request": {**FOURTH["request"], "body": ""}}
    found = go_vcr.FORMAT.entry(emptied, "tape")
    assert found.problem == "the request body was not recorded"


@pytest.mark.parametrize("value", [7, {"request": {"uri": URL}}, {"request": {"url": URL}}])
def test_other_interactions(value: Any) -> None:
    """They have neither a form nor a code."""
    assert not go_vcr.alone(value)
