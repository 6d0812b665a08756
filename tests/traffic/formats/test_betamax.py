"""Cassettes of betamax: how an interaction is known, and where its address may be as well."""

from __future__ import annotations

from enkash_contract.traffic.formats import betamax
from tests.support.recorded import URL, interaction

TAPED = {**interaction({}, {"url": URL}), "recorded_at": "2026-11-27T10:00:00"}


def test_an_interaction_is_known() -> None:
    """Its response has an address too."""
    assert betamax.alone(TAPED)
    assert not betamax.alone({**TAPED, **interaction()})
    assert not betamax.alone(interaction({}, {"url": URL}))
    assert not betamax.alone([])


def test_the_address_of_the_response_is_that_of_the_request() -> None:
    """Where a request has lost its own, the other one is read."""
    lost = {**TAPED, **interaction({"uri": None}, {"url": URL})}
    found = betamax.FORMAT.entry(lost, "tape").interaction

    assert betamax.FORMAT.url_of(lost) == URL
    assert found is not None
    assert (found.request.url, found.at) == (URL, 1_795_773_600.0)
