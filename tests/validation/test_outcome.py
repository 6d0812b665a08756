"""What a server did is what the document says of its answer; what it does not say is unknown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.validation.outcome import all_accepted, outcome_of
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.small_documents import OUTCOME, small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation


def answered(status: int, body: bytes | None) -> Interaction:
    """Return an interaction with that answer."""
    return Interaction(Request("POST", "http://h/x"), Response(status, (), body))


def coded(code: Any, **more: Any) -> bytes:
    """Return an answer with that response code."""
    answer = {"payload": "x", "response_code": code, "response_message": "x", **more}
    return json.dumps(answer).encode()


HTML = b"<!doctype html><title>503</title>"
DEEP = b'{"response_code":0,"payload":' + b"[" * 2000 + b"]" * 2000 + b"}"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, coded(0), "accepted"),
        (200, b'{"response_code":0}', "accepted"),
        (200, b'{"response_code":0.0}', "accepted"),
        (200, b'{"response_code":1,"response_code":0}', "accepted"),
        (200, coded(0, payload="\ud800"), "accepted"),
        (200, coded(1), "rejected"),
        (200, coded(-3), "rejected"),
        (200, b'{"response_code":1e400}', "rejected"),
        (200, coded("0"), "unknown"),
        (200, coded(False), "unknown"),
        (200, coded(0.5), "unknown"),
        (200, coded(None), "unknown"),
        (200, coded("\ud800"), "unknown"),
        (200, b'{"payload":"SUCCESS"}', "unknown"),
        (200, b"[0]", "unknown"),
        (200, b"null", "unknown"),
        (200, HTML, "unknown"),
        (200, DEEP, "unknown"),
        (200, b'{"response_code":0}x', "unknown"),
        (200, b"\xff", "unknown"),
        (200, b"", "unknown"),
        (200, None, "unknown"),
        (201, coded(0), "unknown"),
        (204, b"", "unknown"),
        (302, coded(0), "unknown"),
        (400, coded(400), "rejected"),
        (400, coded(0), "rejected"),
        (400, HTML, "rejected"),
        (400, b"", "rejected"),
        (400, None, "rejected"),
        (400, coded("\ud800"), "rejected"),
        (409, coded(409), "rejected"),
        (412, coded(412), "rejected"),
        (422, coded(422), "rejected"),
        (499, b"no", "rejected"),
        *((status, coded(status), "unknown") for status in (401, 403, 404, 408, 429)),
        (500, coded(0), "error"),
        (500, b"", "error"),
        (500, None, "error"),
        (500, coded("\ud800"), "error"),
        (503, HTML, "error"),
        (599, DEEP, "error"),
        (600, coded(0), "unknown"),
    ],
)
def test_outcomes(operation: Operation, status: int, body: bytes | None, outcome: str) -> None:
    """Status and body together say what happened; credentials, limits and paths say nothing."""
    assert outcome_of(operation, answered(status, body)) == outcome


def test_all_are_accepted_or_not(operation: Operation) -> None:
    """However many there are; acceptance is what is looked for first."""
    good, bad = ({"status": 200, "body": {"response_code": code}} for code in (0, 1))
    are = all_accepted(operation)
    assert (are([good, good]), are([good, bad]), are([])) == (True, False, True)
    assert next(iter(operation.outcomes)) == "accepted"


def test_without_an_answer(operation: Operation) -> None:
    """A server that does not answer fails; where the client may have left, nobody can tell."""
    request = Request("POST", "http://h/x")

    assert outcome_of(operation, Interaction(request, None, "no answer within 1 s")) == "error"
    assert outcome_of(operation, Interaction(request, None, "gone", aborted=True)) == "unknown"


def test_a_body_the_engine_cannot_read(tmp_path: Path) -> None:
    """Where a lone surrogate stands in the way of what the document asks, the status decides."""
    state = {"properties": {"state": {"const": "done"}}, "required": ["state"]}
    done = {"properties": {"status": {"const": 200}, "body": state}, "required": ["body"]}
    operation = small(tmp_path, {"type": "object"}, outcome={**OUTCOME, "accepted": done}).pick()
    bodies = {"done": b'{"state":"done"}', "surrogate": b'{"state":"\\ud800"}'}
    found = {
        (status, name): outcome_of(operation, answered(status, body))
        for status in (200, 400, 500)
        for name, body in bodies.items()
    }

    assert found == {
        (200, "done"): "accepted",
        (200, "surrogate"): "unknown",
        (400, "done"): "rejected",
        (400, "surrogate"): "rejected",
        (500, "done"): "error",
        (500, "surrogate"): "error",
    }
