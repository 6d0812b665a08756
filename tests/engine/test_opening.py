"""The opening: what the first response to the baseline means for the rest of a run."""

from __future__ import annotations

import pytest

from enkash_contract.contract.operation import REQUEST
from enkash_contract.engine.opening import broken_off, only_baseline, opening
from enkash_contract.engine.plan import make_plan
from enkash_contract.judging.judge import judge_case
from enkash_contract.judging.result import Result, Tally
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.wire.message import Interaction, json_response, labelled

PLAN = make_plan()
ANSWER = {"payload": "x", "response_code": 0, "response_message": "x"}
REJECTION = ANSWER | {"response_code": 9}


@pytest.mark.parametrize(
    ("response", "outcome", "answerable"),
    [
        (json_response(200, ANSWER), "accepted", True),
        (json_response(400, REJECTION), "rejected", True),
        (json_response(200, {}), "unknown", True),
        (json_response(500, ANSWER), "error", False),
        (json_response(401, REJECTION), "unknown", False),
        (labelled(302, None, b"", ("Location", "/login")), "unknown", False),
    ],
)
def test_what_looked_at_the_request_is_worth_more_requests(
    response: object, outcome: str, *, answerable: bool
) -> None:
    """A crash, a redirection and a question for credentials are not."""
    interaction = Interaction(PLAN.baseline.request(), response)  # type: ignore[arg-type]
    judged = judge_case(PLAN.operation, PLAN.baseline, interaction, trusted=False)
    seen = outcome_of(PLAN.operation, interaction)
    begun = opening(PLAN, judged, seen, interaction, response)  # type: ignore[arg-type]
    assert (begun.result.baseline, begun.answerable) == (outcome, answerable)
    exercised = {rule for rule, _ in begun.result.tallies}
    rules = {rule.id for rule in PLAN.operation.rules.values() if rule.side == REQUEST}
    assert exercised == (rules if outcome == "accepted" else set())
    assert set(begun.result.tallies.values()) <= {Tally(1, 1)}
    assert bool(begun.result.notes) == (outcome != "accepted")


def test_only_the_baseline_is_left() -> None:
    """The findings on it belong to the item that sent it."""
    opened = Result(verdicts={"held": 1}, baseline="accepted", notes=("note",))
    assert only_baseline(opened) == Result(baseline="accepted", notes=("note",))


def test_a_run_that_was_broken_off_counts_what_is_left() -> None:
    """As inconclusive, with a note."""
    result = broken_off(3, 10)
    assert (result.verdicts, result.interrupted) == ({"inconclusive": 7}, True)
    assert result.notes == ("interrupted after 3 of 10 cases",)
