"""Cases of Schemathesis: drawn from our strategies, and known again when their response comes."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import schemathesis

import enkash_contract as ec
from enkash_contract.contract import contract
from enkash_contract.schemathesis_hooks import cases
from enkash_contract.wire.message import Request
from tests.support.schemathesis_runs import PATH, judged, theirs


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_fuzzing_draws_from_our_strategies(mode: schemathesis.GenerationMode, seed: int) -> None:
    """Each case is valid, or breaks one rule, and a conforming sandbox fails none of them."""
    operation, own = theirs(ec.Sandbox()), contract.bundled().pick()
    polarities: list[str] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=4)
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def draw(case: Any) -> None:
        label = (("Content-Type", case.headers["Content-Type"]),)
        drawn = cases.expected(own, Request(case.method, PATH, label, case.body))
        assert drawn is not None
        polarities.append(drawn.polarity)
        assert judged(case) == []

    draw()
    assert set(polarities) == {"accept" if mode.is_positive else "reject"}


def test_a_drawn_request_has_the_weakest_evidence_of_its_values() -> None:
    """A valid request is as certain as the weakest of the constraints its values come from."""
    assert str(cases._evidence(contract.bundled().pick())).startswith("sibling ")


LEFT_OUT = {"request#content-type-present", "request#content-type-single", "request#path"}
"""The rules whose cases Schemathesis cannot send."""


def test_cases_that_schemathesis_cannot_send_are_left_out() -> None:
    """It sends to one path, with one label and a length; the baseline comes first."""
    operation = contract.bundled().pick()
    found = cases.suite_cases(operation)
    left_out = {case.rule.id for case in ec.cases()} - {case.rule.id for case in found}
    assert found[0] == cases.baseline(operation)
    assert left_out == LEFT_OUT


def test_only_so_many_requests_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run may last for hours: the oldest are forgotten, and judged like any other request."""
    monkeypatch.setattr(cases, "REMEMBERED", 2)
    monkeypatch.setattr(cases, "_sent", type(cases._sent)())
    operation, own = theirs(ec.Sandbox()), contract.bundled().pick()
    three = [case for case in ec.cases() if case.polarity == "reject" and "#pattern" in case.id][:3]
    for case in three:
        cases.put(own, case, operation.Case())
    known = [cases.expected(own, case.request()) for case in three]
    assert known == [None, *three[1:]]
