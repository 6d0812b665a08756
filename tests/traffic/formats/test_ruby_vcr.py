"""Cassettes of Ruby's VCR: how an interaction is known, and how its text is encoded."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.traffic.formats import ruby_vcr
from tests.support.recorded import interaction

TAPED = {**interaction(), "recorded_at": "Fri, 27 Nov 2026 10:00:00 GMT"}


def test_an_interaction_is_known() -> None:
    """It has an `uri` and a time, and none of the members of betamax or Schemathesis."""
    assert ruby_vcr.alone(TAPED)
    assert not ruby_vcr.alone({**TAPED, "checks": []})
    assert not ruby_vcr.alone({**TAPED, **interaction({}, {"url": "http://h/"})})
    assert not ruby_vcr.alone(interaction())
    assert not ruby_vcr.alone(None)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("UTF-8", "é".encode()),
        ("ISO-8859-1", b"\xe9"),
        ("Windows-1252", b"\xe9"),
        ("ASCII-8BIT", "é".encode()),
        ("US-ASCII", "é".encode()),
        ("ISO-8859-99", "é".encode()),
        (None, "é".encode()),
        (7, "é".encode()),
    ],
)
def test_a_text_is_encoded_as_its_body_says(encoding: Any, body: bytes) -> None:
    """A name that stands for no encoding, or for none that has the text, says nothing."""
    sent = interaction({"body": {"encoding": encoding, "string": "é"}})
    found = ruby_vcr.FORMAT.entry({**TAPED, **sent}, "tape").interaction

    assert found is not None
    assert (found.request.body, found.at) == (body, 1_795_773_600.0)
