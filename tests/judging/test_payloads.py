"""Payloads by themselves, judged as requests and responses are."""

from __future__ import annotations

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Level
from enkash_contract.judging.payloads import judge_payload
from enkash_contract.judging.result import Exercise, Result, Tally
from enkash_contract.validation.validator import validator

OPERATION = bundled().pick()


def judged(name: str, raw: bytes) -> Result:
    """Return what a payload of that side comes to."""
    side = OPERATION.side(name)
    violations = validator(OPERATION, side.name).of_bytes(raw)
    return judge_payload(OPERATION, side, raw, violations, "a.json:1", Level.ASSUMED)


@pytest.mark.parametrize(
    ("side", "check", "fault", "rule"),
    [
        ("request", "request_schema_conformance", "client", "request#json"),
        ("response", "response_schema_conformance", "server", "response.200#json"),
        ("response.4XX", "response_schema_conformance", "server", "response.4XX#json"),
    ],
)
def test_each_violation_is_a_finding(side: str, check: str, fault: str, rule: str) -> None:
    """With the payload, where it came from, and whose fault it is; it exercises nothing."""
    result = judged(side, b"{")
    (finding,) = result.findings

    assert (finding.check, finding.fault, finding.rule) == (check, fault, rule)
    assert finding.source == "a.json:1"
    assert finding.interaction is not None
    way = Exercise(OPERATION.id, "", "", "violation")
    assert (result.verdicts, result.exercises) == ({"violation": 1}, {way: Tally(1)})
    assert (result.tallies, result.requests) == ({}, {})


def test_a_valid_payload_holds() -> None:
    """And is counted all the same."""
    result = judged("response", b'{"payload": "A", "response_code": 0, "response_message": "B"}')
    assert (result.findings, result.verdicts) == ((), {"held": 1})
