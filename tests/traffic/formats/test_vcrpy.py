"""Cassettes of vcrpy: how an interaction is known."""

from __future__ import annotations

from enkash_contract.traffic.formats import vcrpy
from tests.support.recorded import interaction


def test_an_interaction_has_an_uri_and_no_time() -> None:
    """Ruby's VCR writes a time as well, and Kong how long its parts took."""
    assert vcrpy.alone(interaction())
    assert not vcrpy.alone({**interaction(), "recorded_at": "today"})
    assert not vcrpy.alone({**interaction(), "latencies": {}})
    assert not vcrpy.alone({"request": {"url": "http://h/"}})
    assert not vcrpy.alone(7)
