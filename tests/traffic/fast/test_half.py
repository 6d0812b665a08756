"""A half of an exchange: what is certainly as it should be, of which there is nothing to say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

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
    return Sent("POST", URL, [Header("X-Request-Id", "7"), *LABEL], Body(body))


def test_the_label_of_a_content_is_that_of_a_response() -> None:
    """No request is sent with it."""
    target = Target(OPERATION)
    response = target.response(200)
    assert response is not None
    content = Body(json.dumps(OPERATION.sides["response.200"].example), "application/json")
    assert response.hold([Received(200, [], content)]) == [True]
    bare = Sent("POST", URL, [], Body(BODY, "application/json"))
    assert target.hold([bare, sent(), bare]) == [False, True, False]


def test_responses_are_known_by_their_status() -> None:
    """Those that nothing is known of are none."""
    target = Target(OPERATION)
    assert target.response(200) is target.response(200)
    assert [target.response(status) for status in (204, 299, 299)] == [None] * 3


def test_a_rejection_is_not_what_should_be() -> None:
    """However well it is documented."""
    response = Target(OPERATION).response(200)
    assert response is not None
    accepted = OPERATION.sides["response.200"].example
    rejection = accepted | {"response_code": 1}
    received = [
        Received(200, LABEL, Body(json.dumps(body))) for body in (rejection, accepted, rejection)
    ]
    for _ in range(2):
        assert response.hold(received) == [False, True, False]


WRONG = {
    "invalid": BODY.replace('"CANCEL"', "7"),
    "repeated": BODY.replace('"device"', '"device": 1, "device"', 1),
    "cut off": BODY[:-1],
    "begun": BODY[:-1] + ', "more": [{}',
    "ended": "{}]}",
    "two": f"{BODY}, {BODY}",
    "two in lists": f"{BODY}], [{BODY}",
    "two lines": f"{BODY}]\n[{BODY}",
    "list": "[{}]",
    "number": BODY.replace("1", "1" * 400, 1),
    "deep": '{"a": ' + "[" * 5000,
    "surrogate": BODY.replace("Order", "\\ud800"),
    "blank before": f" {BODY}",
}
RIGHT = {
    "plain": BODY,
    "compact": json.dumps(OPERATION.request.example, separators=(",", ":")),
    "indented": json.dumps(OPERATION.request.example, indent=2),
    "more members": BODY.replace('"device"', '"more": {}, "device"', 1),
    "other letters": BODY.replace("Order", "\u0906"),
    "escaped": BODY.replace("Order", "\\u0906"),
}


@given(st.lists(st.sampled_from([*WRONG, *RIGHT]), max_size=7))
@example(["begun", "ended", "two"])
@example(["begun", "ended", "two in lists"])
@example([*WRONG])
@example([*RIGHT])
def test_no_body_decides_of_another(names: list[str]) -> None:
    """However many are looked at together, each is what it is alone."""
    bodies = WRONG | RIGHT
    target = Target(OPERATION)
    for _ in range(2):
        found = target.hold(sent(bodies[name]) for name in names)
        assert found == [name in RIGHT for name in names]


def test_bodies_that_never_come_again_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as as many are known as may be."""
    monkeypatch.setattr(known, "MOST", 16)
    target = Target(OPERATION)
    for number in range(18):
        assert target.hold([sent(BODY.replace("Order", f"Order {number}"))]) == [True]
    assert target._bodies is None
    assert target.hold([sent(), sent()]) == [True, True]
