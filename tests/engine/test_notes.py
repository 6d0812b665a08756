"""Notes: one sentence each, with what to do about it."""

from __future__ import annotations

from typing import Any

import pytest

import enkash_contract as ec
from enkash_contract.engine import notes
from enkash_contract.wire.message import Interaction, Response

REQUEST = ec.cases()[0].request()
CREDENTIALS = (
    "the credentials were rejected; pass them with -H 'Authorization: …', --bearer-env or "
    "--token-command"
)


@pytest.mark.parametrize(
    ("outcome", "status", "note"),
    [
        (
            "rejected",
            400,
            "the baseline was rejected, so a rejection of anything else proves nothing; vouch for "
            "a request that is accepted: --base FILE, or --pin /pointer=value",
        ),
        (
            "error",
            500,
            "the response to the baseline was 500, so nothing was sent after it; mend the server, "
            "or try again later",
        ),
        ("unknown", 401, f"the response to the baseline was 401: {CREDENTIALS}"),
        ("unknown", 403, f"the response to the baseline was 403: {CREDENTIALS}"),
        (
            "unknown",
            404,
            "the response to the baseline was 404: nothing is served at that address, or no such "
            "invoice; check the address, or vouch for an invoice with --base FILE",
        ),
        (
            "unknown",
            407,
            "the response to the baseline was 407: the proxy wants credentials; give them in its "
            "address, --proxy http://USER:PASSWORD@HOST",
        ),
        (
            "unknown",
            408,
            "the response to the baseline was 408: the target is busy; try again later",
        ),
        (
            "unknown",
            307,
            "the response to the baseline was 307: the target is somewhere else; give the address "
            "it redirects to",
        ),
        (
            "unknown",
            200,
            "the response to the baseline was 200 in a way the document does not know; see the "
            "findings on the response, or describe it in an overlay's x-outcome",
        ),
    ],
)
def test_a_baseline_is_explained(outcome: Any, status: int, note: str) -> None:
    """A rejection, a crash, a status that says nothing, and a response nobody has described."""
    assert notes.baseline_note(outcome, status) == note


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
        "the target is busy; try again later, or slow down with --rate"
    )
