"""A line for each exchange, and the same verdict as that of the recording."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract import clock
from enkash_contract.traffic.recorder.exchange import Exchange
from enkash_contract.traffic.recorder.har_file import HarFile
from enkash_contract.traffic.recorder.live import Live
from tests.support.both_ways import OTHER

if TYPE_CHECKING:
    from pathlib import Path

OPERATION = ec.load().pick()
PATH = OPERATION.path
ACCEPTED = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
JSON = (("content-type", "application/json"),)


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "time_of_day", lambda: "12:00:00")


def _exchange(
    sent: Any, status: int = 200, received: Any = ACCEPTED, path: str = PATH, error: str = ""
) -> Exchange:
    exchange = Exchange("POST", f"http://bank.example{path}", JSON, 1.0, error=error)
    exchange.status, exchange.response_headers = status, JSON
    exchange.sent.add(json.dumps(sent).encode())
    exchange.received.add(json.dumps(received).encode())
    return exchange


EXAMPLE = OPERATION.request.example
WITHOUT = {name: value for name, value in EXAMPLE.items() if name != "device"}

EXCHANGES = {
    f"12:00:00 POST {PATH} 200 accepted": _exchange(EXAMPLE),
    f"12:00:00 POST {PATH} 400 rejected; client: request_schema_conformance "
    "request/device#required": _exchange(WITHOUT, 400),
    f"12:00:00 POST {PATH} 200 accepted; client: request_schema_conformance "
    "request/device#required; server: negative_data_rejection request/device#required": (
        _exchange(WITHOUT)
    ),
    f"12:00:00 POST {PATH} 200 unknown; server: response_schema_conformance "
    "response.200#type": _exchange(EXAMPLE, received=[]),
    f"12:00:00 POST {PATH} no response: ConnectError: refused by ***": _exchange(
        EXAMPLE | {"token": "s3cr3t-s3cr3t"}, 0, error="ConnectError: refused by s3cr3t-s3cr3t"
    ),
    f"12:00:00 POST {PATH} response broken off: the client left": (
        _exchange(EXAMPLE, 200, error="the client left")
    ),
    "12:00:00 POST /health 204 is of no operation of the contract": _exchange(
        EXAMPLE, 204, path="/health"
    ),
    "12:00:00 POST /health no response is of no operation of the contract": _exchange(
        EXAMPLE, 0, path="/health", error="ReadTimeout"
    ),
}


@pytest.mark.parametrize("line", EXCHANGES)
def test_a_line_says_what_each_side_broke(line: str, tmp_path: Path) -> None:
    """A line names rules, and never a value."""
    lines: list[str] = []
    with HarFile(tmp_path / "out.har", "1") as file:
        Live(file, [OPERATION], lines.append).add(EXCHANGES[line])
    assert lines == [line]


def test_the_recording_is_judged_alike(tmp_path: Path) -> None:
    """Verdict by verdict."""
    path = tmp_path / "out.har"
    with HarFile(path, "1") as file:
        live = Live(file, [OPERATION], print, quiet=True)
        for exchange in EXCHANGES.values():
            live.add(exchange)
    result = ec.check_traffic(path)
    assert dict(live.verdicts) == result.verdicts == {"held": 1, "violation": 3, "inconclusive": 2}
    assert (
        live.summary()
        == "recorded 8 exchanges, 6 of the contract: 1 held, 3 violations, 2 inconclusive"
    )


def test_a_direction_that_is_a_guess_accuses_nobody(tmp_path: Path) -> None:
    """As in the recording: once a webhook went there, the host may be the partner's."""
    path, lines = tmp_path / "out.har", list[str]()
    with HarFile(path, "1") as file:
        live = Live(file, ec.load().values(), lines.append)
        live.add(_exchange([], path=OTHER.path))
        live.add(_exchange(EXAMPLE, received={"response_code": "none"}))
    assert lines[1] == f"12:00:00 POST {PATH} 200 unknown; inconclusive"
    assert (
        dict(live.verdicts)
        == (ec.check_traffic(path).verdicts)
        == {"violation": 1, "inconclusive": 1}
    )


def test_a_full_disk_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stands still for it."""
    lines: list[str] = []
    with HarFile(tmp_path / "out.har", "1") as file:
        live = Live(file, [OPERATION], lines.append)

        def add(_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(file, "add", add)
        for _ in range(2):
            live.add(_exchange(EXAMPLE))
    held = f"12:00:00 POST {PATH} 200 accepted"
    assert lines == [
        "error: the recording cannot be written: No space left on device",
        held,
        held,
    ]
    assert live.summary() == (
        "recorded 0 exchanges, 2 of the contract: 2 held; 2 exchanges could not be written"
    )
