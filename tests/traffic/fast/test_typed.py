"""What decides of an entry, and the entries of which that is not certain."""

from __future__ import annotations

import json

from enkash_contract.traffic.fast.typed import Glance, Header, glance
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
    expected = Glance(
        "POST", "u", [label], "a", 200, [Header("content-type", label.value)], "b", "", 0.5
    )  # fmt: skip
    raw = json.dumps(recorded).encode()
    assert glance(raw, "log.entries") == glance(raw, "") == expected
    assert glance(raw, "interactions") is None
    assert glance(json.dumps({**recorded, "checks": []}).encode(), "") is None


def test_an_interaction_of_our_own_format_is_looked_at() -> None:
    """Its headers are an object or a list."""
    expected = Glance(
        "POST", "https://a/b", [Header("A", "b")], "{}", 200, [Header("C", "d")], "[]", "", 2.0
    )  # fmt: skip
    raw = json.dumps(EXCHANGE).encode()
    assert glance(raw, "") == expected
    assert glance(raw, "log.entries") is None
    assert glance(raw.replace(b"https://a", b""), "") is None
    for broken in (raw[:-1], b"\xff", b"[" * 10_000, raw.replace(b"POST", b"\xff")):
        assert glance(broken, "") is None
