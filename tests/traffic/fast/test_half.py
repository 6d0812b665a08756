"""A half of an exchange: what is certainly as it should be, of which there is nothing to say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from enkash_contract.traffic.fast import known
from enkash_contract.traffic.fast.half import Target
from enkash_contract.traffic.fast.typed import Body, Header, Received, Sent
from tests.support.recorded import OPERATION, URL

if TYPE_CHECKING:
    import pytest

LABEL = [Header("Content-Type", "application/json")]
BODY = json.dumps(OPERATION.request.example)


def sent(body: str = BODY) -> Sent:
    """Return a request with this body."""
    return Sent("POST", URL, LABEL, Body(body))


def test_the_label_of_a_content_is_that_of_a_response() -> None:
    """No request is sent with it."""
    target = Target(OPERATION)
    response = target.response(200)
    assert response is not None
    content = Body(json.dumps(OPERATION.sides["response.200"].example), "application/json")
    assert response.holds(Received(200, [], content))
    assert not target.holds(Sent("POST", URL, [], Body(BODY, "application/json")))
    assert target.holds(sent())


def test_responses_are_known_by_their_status() -> None:
    """Those that nothing is known of are none."""
    target = Target(OPERATION)
    assert target.response(200) is target.response(200)
    assert [target.response(status) for status in (204, 299, 299)] == [None] * 3


def test_a_rejection_is_not_what_should_be() -> None:
    """However well it is documented."""
    response = Target(OPERATION).response(200)
    assert response is not None
    rejection = OPERATION.sides["response.200"].example | {"response_code": 1}
    received = Received(200, LABEL, Body(json.dumps(rejection)))
    assert [response.holds(received), response.holds(received)] == [False, False]


def test_bodies_that_never_come_again_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as as many are known as may be."""
    monkeypatch.setattr(known, "MOST", 16)
    target = Target(OPERATION)
    for number in range(18):
        assert target.holds(sent(BODY.replace("Order", f"Order {number}")))
    assert target._bodies is None
    assert target.holds(sent())
