"""What decides of an entry, and the entries of which that is not certain."""

from __future__ import annotations

import json

import pytest

from enkash_contract.traffic.cutting.run import ItemRun, LineRun
from enkash_contract.traffic.fast.typed import (
    Body,
    Glance,
    Header,
    Received,
    Sent,
    glance,
    glances,
)
from tests.support.recorded import entry

EXCHANGE = {
    "seconds": 2,
    "request": {"method": "POST", "url": "https://a/b", "headers": {"A": "b"}, "body": "{}"},
    "response": {"status": 200, "headers": [{"name": "C", "value": "d"}], "body": "[]"},
}


def test_an_entry_of_har_is_looked_at() -> None:
    """In a list of entries and by itself."""
    recorded = entry({"url": "u", "postData": {"text": "a"}}, {"content": {"text": "b"}}, time=500)
    label = Header("Content-Type", "application/json")
    received = Received(200, [Header("content-type", label.value)], Body("b"))
    expected = Glance(Sent("POST", "u", [label], Body("a")), received, 500)
    raw = json.dumps(recorded).encode()
    assert glance(raw, "log.entries") == glance(raw, "") == expected
    assert expected.seconds == 0.5
    assert glance(raw, "interactions") is None
    assert glance(json.dumps({**recorded, "checks": []}).encode(), "") is None


def test_an_interaction_of_our_own_format_is_looked_at() -> None:
    """Its headers are an object or a list."""
    raw = json.dumps(EXCHANGE).encode()
    found = glance(raw, "")
    assert found is not None
    assert found.request == Sent("POST", "https://a/b", [Header("A", "b")], Body("{}"))
    assert found.response == Received(200, [Header("C", "d")], Body("[]"))
    assert found.seconds == 2
    assert glance(raw, "log.entries") is None
    whole = glance(raw.replace(b'"{}"', b'{"a": 1.0}'), "")
    assert whole is not None
    assert whole.request.content == Body('{"a":1.0}')
    without = glance(raw.replace(b"https://a", b""), "")
    assert without is not None
    assert without.request.url == ""
    for broken in (raw[:-1], b"\xff", b"[" * 10_000, raw.replace(b"POST", b"\xff")):
        assert glance(broken, "") is None


@pytest.mark.parametrize("recorded", [entry(), EXCHANGE])
def test_many_are_looked_at_at_once(recorded: object) -> None:
    """Items of a list or lines, of one format; one that is odd is none that can be counted."""
    raw = json.dumps(recorded).encode()
    one = glance(raw, "")
    for run in (ItemRun(raw + b"," + raw, 1, "", "x[", 0, 0), LineRun(raw + b"\n" + raw, 1, "x:")):
        assert glances(run) == [one, one]
        assert run.number == 2
    assert glances(ItemRun(raw + b", 1", 1, "", "x[", 0, 0)) is None
    assert glances(ItemRun(raw, 1, "interactions", "x[", 0, 0)) is None
    for odd in (b"\n" + raw, raw + b" " + raw, raw + b"," + raw, raw.replace(b", ", b",\n", 1)):
        assert glances(LineRun(odd, 1, "x:")) is None
