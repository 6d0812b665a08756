"""Findings as failures of tests: the lines of each, and what differs from a right request."""

from __future__ import annotations

import json

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.judging.case import BASELINE
from enkash_contract.judging.judge import judge_case
from enkash_contract.judging.result import add
from enkash_contract.report import About, failure
from enkash_contract.report.failure import CHANGED, WIDTH, differences
from enkash_contract.report.reproduction import Reproduction
from enkash_contract.wire.message import Interaction, Response

OPERATION = bundled().pick()
CASES = {case.id: case for case in ec.cases()}
WRONG = b'{"payload": "SUCCESS", "response_code": "0", "response_message": "SUCCESS"}'
REPRODUCTION = Reproduction("pytest", "--enkash-case", in_process=True)
SUCCESS = b'{"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}'
ABOUT = About(bundled(), OPERATION, "app", reproduction=REPRODUCTION)


def differing(case_id: str) -> list[str]:
    """Return how a case differs from its twin."""
    case = CASES[case_id]
    return differences(CASES[case.twin or BASELINE].wire, case.wire)


@pytest.mark.parametrize(
    ("case", "shown"),
    [
        (
            "request/b2bIds/buyerB2BId#type/integer",
            ['- "buyerB2BId": "BUYER-0001"', '+ "buyerB2BId": 7'],
        ),
        ("request/b2bIds/buyerB2BId#required/removed", ['- "buyerB2BId": "BUYER-0001"']),
        (
            "request#method/GET",
            [f"- POST {OPERATION.path}", f"+ GET {OPERATION.path}"],
        ),
        (
            "request#content-type-present/absent",
            ["- Content-Type: application/json"],
        ),
        (
            "request#type/array",
            ["- {", '- "device": {', '- "tag": {', '- "name": "GEOCODE"', '- "value": "string"'],
        ),
    ],
)
def test_the_difference_is_shown(case: str, shown: list[str]) -> None:
    """Lines of the request that were taken away, and lines that came instead."""
    assert differing(case)[: len(shown)] == shown


def test_every_case_is_shown_to_differ() -> None:
    """In a few short lines, whatever it is: bytes where the payload is the same or is none."""
    for case in CASES.values():
        if case.id == BASELINE:
            continue
        shown = differing(case.id)
        assert 1 <= len(shown) <= CHANGED + 1, case.id
        assert all(len(line) <= WIDTH + 4 and line.isprintable() for line in shown), case.id
        assert all(line.startswith(("- ", "+ ")) for line in shown[:CHANGED]), case.id


def test_the_same_payload_in_other_bytes_differs_in_them() -> None:
    """What two spellings have in common is left out."""
    right = CASES[BASELINE].wire
    spelled = right.but(body=right.body.replace(b'"buyerB2BId":', b'"buyerB2BId" :'))
    common = '…value":"string"}},"b2bIds":{"buyerB2BId"'
    assert [line[: 2 + len(common) + 2] for line in differences(right, spelled)] == [
        f'- {common}:"',
        f"+ {common} :",
    ]


def test_a_failure_takes_fifteen_lines_at_most() -> None:
    """For every reject case that is accepted, and every accept case that is rejected."""
    for case in CASES.values():
        accepted = {"payload": "SUCCESS", "response_code": 0, "response_message": "SUCCESS"}
        rejected = {"payload": "FAILED", "response_code": 1, "response_message": "FAILED"}
        status, body = (200, accepted) if case.polarity == "reject" else (400, rejected)
        label = (("Content-Type", "application/json"),)
        response = Response(status, label, json.dumps(body).encode())
        interaction = Interaction(case.request("http://h" + OPERATION.path), response)
        result = judge_case(OPERATION, case, interaction, fail_on=ec.Level.ASSUMED)
        shown = list(failure.lines(result, ABOUT, CASES))

        assert 7 <= len(shown) <= 15, case.id
        assert shown[0].startswith(("accepted, although ", "rejected, although ")), case.id
        assert all(line.isprintable() for line in shown), case.id


def test_equal_findings_are_shown_once() -> None:
    """With how many there are; a violation of the response is placed there."""
    case = CASES["request/b2bIds/buyerB2BId#type/integer"]
    response = Response(200, (("Content-Type", "application/json"),), WRONG)
    interaction = Interaction(case.request("http://h" + OPERATION.path), response)
    result = judge_case(OPERATION, case, interaction)
    first, *_ = failure.lines(result + result, ABOUT, CASES)

    assert first.startswith("in the response, /response_code must be an integer, ")
    assert first.endswith(" (and 1 more like it)")
    assert "  response     /response_code" in list(failure.lines(result, ABOUT, CASES))


def test_after_three_findings_each_has_one_line() -> None:
    """The first ones get mended first; of the others the message and the case are enough."""
    response = Response(200, (("Content-Type", "application/json"),), SUCCESS)
    names = [f"request#type/{name}" for name in ("null", "array", "string", "boolean", "integer")]
    url = "http://h" + OPERATION.path
    results = [
        judge_case(OPERATION, CASES[name], Interaction(CASES[name].request(url), response))
        for name in names
    ]
    shown = list(failure.lines(add(results), ABOUT, CASES))
    others = names[failure.WHOLE :]

    assert len(others) == 2
    assert shown[-len(others) - 1] == ""
    assert [line.rpartition(" ")[2] for line in shown[-len(others) :]] == [
        f"[{name}]" for name in others
    ]
