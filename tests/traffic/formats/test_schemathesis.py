"""Reports of Schemathesis: cassettes and events."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from enkash_contract.traffic.formats import schemathesis
from enkash_contract.wire.message import Request, Response
from tests.support.paths import RECORDINGS
from tests.support.recorded import OPERATION, URL, interaction

BODY = json.dumps(OPERATION.request.example).encode()
EVENTED = {
    "request": {
        "method": "POST",
        "uri": URL,
        "headers": {"Content-Type": ["application/json"]},
        "body": {"$base64": base64.b64encode(BODY).decode()},
    },
    "response": {
        "status_code": 200,
        "headers": {"content-type": ["application/json"]},
        "content": {"$base64": "e30="},
        "elapsed": 0.007,
    },
    "timestamp": 1795773600.0,
}


def test_an_interaction_of_an_event_is_read() -> None:
    """Its bodies are base64, its time a number."""
    found = schemathesis.FORMAT.entry(EVENTED, "report").interaction
    label = (("Content-Type", "application/json"),)

    assert found is not None
    assert found.request == Request("POST", URL, label, BODY)
    assert found.response == Response(200, (("content-type", "application/json"),), b"{}")
    assert found.at == 1795773600.0


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ({"ScenarioFinished": {"recorder": {"interactions": {"a": EVENTED}}}}, ["a"]),
        ({"ScenarioFinished": {"recorder": {"interactions": []}}}, []),
        ({"ScenarioFinished": {"recorder": None}}, []),
        ({"Initialize": {"seed": 1}}, []),
    ],
)
def test_an_event_holds_interactions(value: Any, places: list[str]) -> None:
    """Most of them hold none, which is no problem."""
    found = [*(schemathesis.within(value) or ())]
    start = "ScenarioFinished.recorder.interactions."

    assert schemathesis.within(value) is not None
    assert found == [(f"{start}{case}", EVENTED) for case in places]


@pytest.mark.parametrize(
    "value", [7, {}, {"a": {}}, {"Initialize": 1}, {"a": {}, "Initialize": {}}, EVENTED]
)
def test_what_is_no_event(value: Any) -> None:
    """An event is one object under its name."""
    assert schemathesis.within(value) is None


def test_an_interaction_is_known() -> None:
    """By its checks, or by the time that it took."""
    assert schemathesis.alone(EVENTED)
    assert schemathesis.alone({**interaction(), "checks": []})
    assert not schemathesis.alone(interaction())
    assert not schemathesis.alone({"checks": []})


def test_every_line_of_a_real_report_is_an_event() -> None:
    """None is taken for anything else."""
    lines = (RECORDINGS / "schemathesis.ndjson").read_text(encoding="utf-8").splitlines()
    found = [schemathesis.within(json.loads(line)) for line in lines]

    assert None not in found
    assert sum(len([*(interactions or ())]) for interactions in found) >= 11
