"""The strategies of fuzzing: nothing is drawn that was not chosen, and everything is proven."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from enkash_contract.engine.fuzzing.draws import draws
from enkash_contract.engine.fuzzing.steps import Draw, Maker
from enkash_contract.engine.plan import Plan, make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.generation import fuzz_ids
from enkash_contract.generation.proof import broken_by

REMARKS = "/invoiceStatus/supplierRemarks"


def strategy(plan: Plan, kept: tuple[str, ...] = ()) -> st.SearchStrategy[Draw]:
    """Return the strategy of a plan that has one."""
    drawn = draws(Maker(plan), plan.contract, kept)
    assert drawn is not None
    return drawn


WHOLE = make_plan()


@settings(max_examples=50)
@given(strategy(WHOLE))
def test_a_step_breaks_what_it_says(draw: Draw) -> None:
    """Whatever is drawn: a valid step nothing, an invalid one its rule, and no more than two."""
    for step in draw.steps:
        broken = {*broken_by(WHOLE.operation, step.case.wire)}
        if step.case.polarity == "accept":
            assert broken == set()
        else:
            assert step.case.rule.id in broken
            assert len(broken) == 1 + (fuzz_ids.name(step.case.id) == fuzz_ids.TWO)


@settings(max_examples=50)
@given(strategy(WHOLE))
def test_what_has_no_expectation_of_its_own_explores(draw: Draw) -> None:
    """Two rules at once, and everything that takes two requests."""
    names = {fuzz_ids.name(step.case.id) for step in draw.steps}
    assert draw.explores == bool(names & {fuzz_ids.TWO, *fuzz_ids.HISTORIES})
    assert len(draw.steps) == (2 if names & {*fuzz_ids.HISTORIES} else min(1, len(draw.steps)))


@pytest.mark.parametrize("name", [fuzz_ids.RIGHT, fuzz_ids.TWO, *fuzz_ids.HISTORIES])
def test_every_kind_is_drawn(name: str) -> None:
    """No kind is hidden behind another."""
    find(
        strategy(WHOLE),
        lambda draw: name in {fuzz_ids.name(step.case.id) for step in draw.steps},
        settings=settings(phases=[Phase.generate], max_examples=2_000),
    )


def test_the_simplest_is_one_rule_broken_on_the_baseline() -> None:
    """Failures shrink to it."""
    draw = find(strategy(WHOLE), lambda draw: bool(draw.steps))
    (step,) = draw.steps
    assert (step.case.polarity, step.varied, step.nearer) == ("reject", (), ())


@pytest.mark.parametrize("polarity", ["accept", "reject"])
@given(data=st.data())
@settings(max_examples=20)
def test_only_the_chosen_polarity_is_drawn(polarity: Any, data: st.DataObject) -> None:
    """Also as a part of a history; and without valid draws the baseline itself is broken."""
    plan = make_plan(Selection(polarity=polarity, only=[f"request{REMARKS}#*"]))
    draw = data.draw(strategy(plan))
    assert {step.case.polarity for step in draw.steps} <= {polarity}
    if polarity == "reject":
        assert not any(step.varied for step in draw.steps)


@given(data=st.data())
@settings(max_examples=20)
def test_a_kept_place_stays_as_it_is(data: st.DataObject) -> None:
    """A target that insists on its own value is given no other."""
    plan = make_plan(Selection(only=[f"request{REMARKS}#*", "request/b2bIds/*"]))
    draw = data.draw(strategy(plan, (REMARKS,)))
    assert not any(REMARKS in step.varied for step in draw.steps)


def test_nothing_is_drawn_where_nothing_was_chosen() -> None:
    """Neither a place to vary nor a rule to break is left."""
    plan = make_plan(Selection(polarity="accept", only=[f"request{REMARKS}#*"]))
    assert draws(Maker(plan), plan.contract, (REMARKS,)) is None
