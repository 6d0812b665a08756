"""The rules that an interaction exercises: all of a valid request, or those that it breaks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.operation import REQUEST
from enkash_contract.judging.checks import Judgement
from enkash_contract.judging.exercises import judged, of_one_request, recorded, tallies_of
from enkash_contract.judging.result import RECORDED, Exercise, Tally
from enkash_contract.validation.request import request_violations
from enkash_contract.wire.message import Interaction, Request, Response

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation
    from enkash_contract.validation.outcome import Outcome

JSON = (("Content-Type", "application/json"),)
DONE = Response(200, JSON, b'{"payload": "", "response_code": 0, "response_message": ""}')


def sent(operation: Operation, payload: object) -> Request:
    """Return a request with this payload."""
    return Request("POST", operation.path, JSON, json.dumps(payload).encode())


@pytest.mark.parametrize(("outcome", "held"), [("accepted", 1), ("error", 0), ("unknown", 0)])
def test_a_valid_request_exercises_every_rule(
    operation: Operation, outcome: Outcome, held: int
) -> None:
    """All are kept at once, so they are written down once, and the request is counted once."""
    tallies = dict(tallies_of(operation, [], outcome))
    rules = [rule.id for rule in operation.rules.values() if rule.side == REQUEST]

    assert tallies == {(rule, "accept"): Tally(1, held) for rule in rules}
    assert dict(recorded(operation, tallies, [])) == {
        Exercise(operation.id, REQUEST, "accept", RECORDED): Tally(1, held)
    }
    assert of_one_request(tallies) == {"accept": Tally(1, held)}


def test_a_valid_request_that_was_rejected_shows_nothing(operation: Operation) -> None:
    """A server may have reasons that no rule knows."""
    assert dict(tallies_of(operation, [], "rejected")) == {}
    assert dict(recorded(operation, {}, [])) == {}
    assert of_one_request({}) == {}


@pytest.mark.parametrize(("outcome", "held"), [("accepted", 0), ("rejected", 1)])
def test_an_invalid_request_exercises_what_it_breaks(
    operation: Operation, outcome: Outcome, held: int
) -> None:
    """And of the rules that it keeps, none: it was rejected for others, or should have been."""
    violations = list(request_violations(operation, sent(operation, {})))
    tallies = dict(tallies_of(operation, violations, outcome))

    assert tallies == {(each.rule.id, "reject"): Tally(1, held) for each in violations} != {}
    assert dict(recorded(operation, tallies, violations)) == {
        Exercise(operation.id, each.rule.id, "reject", RECORDED): Tally(1, held)
        for each in violations
    }


def test_an_interaction_is_counted_by_its_verdict_and_its_response(operation: Operation) -> None:
    """Of a response that came, the side whose rules were looked at; without one, none."""
    interaction = Interaction(sent(operation, operation.request.example), DONE)
    judgement = Judgement(operation, interaction, "accepted", FAIL_ON)
    counted = {Exercise(operation.id, "", "accept", "held"): Tally(1, 1)}

    assert judged(judgement, {"accept": Tally(1, 1)}, {"held": 1}) == {
        **counted,
        Exercise(operation.id, "response.200"): Tally(1),
    }
    alone = Judgement(operation, replace(interaction, response=None), "unknown", FAIL_ON)
    assert judged(alone, {}, {"inconclusive": 1}) == {
        Exercise(operation.id, "", "", "inconclusive"): Tally(1)
    }
