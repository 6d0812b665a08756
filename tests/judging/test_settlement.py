"""Settling a sum: a rejection that may be that of a look-up shows nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.generation import suite
from enkash_contract.judging.checks import POSITIVE
from enkash_contract.judging.judge import judge_case
from enkash_contract.judging.result import Result, Tally, add
from enkash_contract.judging.settlement import settled
from enkash_contract.wire.message import Interaction, Response

if TYPE_CHECKING:
    from enkash_contract.judging.result import Verdict

OPERATION = bundled().pick()
CASES = {case.id: case for case in suite.cases()}
JSON = (("content-type", "application/json"),)
RESPONSES = {
    "accepted": Response(200, JSON, b'{"payload":"","response_code":0,"response_message":""}'),
    "rejected": Response(422, JSON, b'{"payload":"","response_code":1,"response_message":""}'),
    "strange": Response(422, JSON, b"{}"),
    "unlabelled": Response(200, (), b'{"payload":"","response_code":1,"response_message":""}'),
    "missing": Response(404, JSON, b'{"payload":"","response_code":1,"response_message":""}'),
    "unauthorised": Response(401, JSON, b'{"payload":"","response_code":1,"response_message":""}'),
}
ID = "request/invoiceStatus/objectId"
BUYER = "request/b2bIds/buyerB2BId"
VALID, OTHER, INVALID = f"{ID}#pattern/shortest", f"{ID}#type/another", f"{ID}#type/null"


def shown(*pairs: tuple[str, str]) -> Result:
    """Return what cases with these responses show, added up and not settled."""
    return add(
        judge_case(
            OPERATION,
            CASES[name],
            Interaction(CASES[name].request("http://h" + OPERATION.path), RESPONSES[response]),
        )
        for name, response in pairs
    )


@pytest.mark.parametrize(
    ("pairs", "verdicts", "findings"),
    [
        # Nothing else of the member was accepted.
        ([(VALID, "rejected")], {"inconclusive": 1}, 0),
        ([(VALID, "rejected"), (OTHER, "rejected")], {"inconclusive": 2}, 0),
        ([(VALID, "rejected"), (INVALID, "rejected")], {"inconclusive": 1, "masked": 1}, 0),
        ([(VALID, "missing"), (INVALID, "rejected")], {"inconclusive": 1, "masked": 1}, 0),
        ([(VALID, "missing"), (INVALID, "missing")], {"inconclusive": 1, "masked": 1}, 0),
        ([(VALID, "strange"), (INVALID, "strange")], {"inconclusive": 1, "assumption": 1}, 6),
        ([(VALID, "unlabelled")], {"violation": 1}, 1),
        # Something else was.
        ([(VALID, "rejected"), (OTHER, "accepted")], {"violation": 1, "held": 1}, 1),
        ([(OTHER, "accepted"), (INVALID, "rejected")], {"held": 2}, 0),
        ([(OTHER, "accepted"), (INVALID, "missing")], {"held": 1, "inconclusive": 1}, 0),
        # Nothing was tried, or what was proves nothing.
        ([(INVALID, "rejected")], {"held": 1}, 0),
        ([(VALID, "unauthorised"), (INVALID, "rejected")], {"inconclusive": 1, "held": 1}, 0),
        # Elsewhere all is as ever.
        (
            [(VALID, "rejected"), (f"{BUYER}#type/null", "rejected")],
            {"inconclusive": 1, "held": 1},
            0,
        ),
        ([(VALID, "rejected"), (INVALID, "accepted")], {"inconclusive": 1, "violation": 1}, 1),
        ([("request#json/escaped", "rejected")], {"violation": 1}, 1),
        (
            [("request/b2bIds#additionalProperties/unknown-member", "rejected")],
            {"assumption": 1},
            1,
        ),
        (
            [(f"{ID}#type/another", "rejected"), ("request#json/empty", "rejected")],
            {"inconclusive": 1, "held": 1},
            0,
        ),
        # An object of which nothing was accepted is masked with what it holds.
        (
            [(f"{BUYER}#type/another", "rejected"), ("request/b2bIds#type/null", "rejected")],
            {"inconclusive": 1, "masked": 1},
            0,
        ),
    ],
)
def test_what_a_rejection_shows(
    pairs: list[tuple[str, str]], verdicts: dict[Verdict, int], findings: int
) -> None:
    """It counts once another valid value of the member was accepted, whichever came first."""
    for order in (pairs, pairs[::-1]):
        result = settled(shown(*order))
        assert (result.verdicts, len(result.findings)) == (verdicts, findings)
        assert result.doubts == {}


def test_tallies_of_a_look_up() -> None:
    """What is masked was exercised, and what is inconclusive was not."""
    responses = [(VALID, "rejected"), (INVALID, "rejected"), (f"{ID}#type/array", "missing")]

    assert settled(shown(*responses)).tallies == {
        (f"{ID}#pattern", "accept"): Tally(inconclusive=1),
        (f"{ID}#type", "reject"): Tally(exercised=2, masked=2),
    }


def test_what_is_waived_stays_so_or_goes() -> None:
    """Findings may be waived before the sum is settled."""
    result = shown((VALID, "rejected"), (f"{ID}#type/another", "unlabelled"))
    findings = tuple(replace(finding, severity="waived") for finding in result.findings)
    final = settled(replace(result, findings=findings, verdicts={"waived": 2}))

    assert final.verdicts == {"inconclusive": 1, "waived": 1}
    assert [finding.check for finding in final.findings] == ["content_type_conformance"]


PAIRS = st.tuples(
    st.sampled_from(
        [VALID, OTHER, INVALID, f"{BUYER}#type/another", f"{BUYER}#pattern/quote"]
    ).filter(CASES.__contains__),
    st.sampled_from(sorted(RESPONSES)),
)


@given(st.lists(PAIRS, unique_by=lambda pair: pair[0]))
def test_settling_loses_no_case(pairs: list[tuple[str, str]]) -> None:
    """However much is doubted, each case has one verdict; settled once, nothing is left to do."""
    result = shown(*pairs)
    final = settled(result)

    assert (
        final.total
        == len(pairs)
        == sum(tally.exercised + tally.inconclusive for tally in final.tallies.values())
    )
    assert settled(final) == final
    assert {finding.check for finding in result.findings if finding not in final.findings} <= {
        POSITIVE
    }
