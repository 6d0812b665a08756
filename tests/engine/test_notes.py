"""Notes: one sentence each, with what to do about it."""

from __future__ import annotations

import pytest

import enkash_contract as ec
from enkash_contract.engine import notes
from enkash_contract.wire.message import Interaction, Response

REQUEST = ec.cases()[0].request()


def test_what_did_not_happen_is_no_note() -> None:
    """A run without incidents has nothing to say."""
    assert [
        *notes.response_notes({}),
        *notes.state_notes(0, regained=False),
        *notes.outage_notes(0),
        *notes.chance_notes(0),
    ] == []


def test_responses_are_counted_by_status() -> None:
    """In order, so that the same run says the same."""
    assert [*notes.response_notes({429: 1, 403: 2})] == [
        "the response 403, to 2 cases, says nothing about the payload",
        "the response 429, to 1 case, says nothing about the payload",
    ]


@pytest.mark.parametrize(
    ("regained", "note"),
    [
        (
            True,
            "the baseline was accepted, then rejected, and later accepted again, so the responses "
            "to 2 cases in between prove nothing; see to the target's state, or run it again",
        ),
        (
            False,
            "the baseline was accepted and later rejected: the target keeps state, so its "
            "responses to 2 cases since it last accepted something prove nothing; pin what it "
            "knows with --pin, or choose fewer cases with --only or --max-accepted",
        ),
    ],
)
def test_a_state_is_explained(regained: bool, note: str) -> None:  # noqa: FBT001 - a parameter of the test
    """What helps depends on whether the baseline was accepted again."""
    assert [*notes.state_notes(2, regained=regained)] == [note]


@pytest.mark.parametrize(
    ("last", "problem"),
    [
        (Interaction(REQUEST, Response(503)), "responds 503"),
        (Interaction(REQUEST, None, "is gone"), "is gone"),
    ],
)
def test_a_target_that_is_gone_is_explained(last: Interaction, problem: str) -> None:
    """The last that was seen of it, and how many cases were not sent."""
    assert notes.silence_note(last, 3) == (
        f"the baseline failed repeatedly (the target {problem}), so 3 cases were not sent; see to "
        "the server, give it more time with --timeout, or slow down with --rate"
    )


def test_outages_chance_and_business_are_noted() -> None:
    """None of them is a verdict."""
    assert [*notes.outage_notes(1)] == [
        "the target was out of order for a time, so nothing is known of 1 case sent then"
    ]
    assert [*notes.chance_notes(2)] == [
        "the responses to 2 cases spoke against the target, and changed when sent again; what "
        "happens by chance is not counted"
    ]
    assert notes.busy_note("is busy") == (
        "the target is busy, so the run ended with what was known; try again later, slow down with "
        "--rate, or wait longer with --max-wait"
    )
