"""Steps: each differs from the baseline as it says, proven on its final bytes."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.contract.evidence import Level
from enkash_contract.engine.fuzzing.steps import Draw, Maker, fingerprints
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.generation import fuzz_ids
from enkash_contract.generation.proof import broken_by
from enkash_contract.judging.case import BASELINE
from enkash_contract.judging.finding import fingerprint
from enkash_contract.wire.pointer import get, put, tokens

if TYPE_CHECKING:
    from enkash_contract.engine.fuzzing.steps import Leaf, Step

PLAN = make_plan()
MAKER = Maker(PLAN)
OPERATION = PLAN.operation
REMARKS = "/invoiceStatus/supplierRemarks"
BUYER = "/b2bIds/buyerB2BId"
DRAWN = ec.payloads()
LEAVES = st.lists(st.sampled_from(MAKER.leaves), unique=True)
MUTATIONS = st.sampled_from(MAKER.mutations)


def broken(step: Step) -> set[str]:
    """Return the ids of the rules that a step breaks."""
    return {*broken_by(OPERATION, step.case.wire)}


def leaf(pointer: str) -> Leaf:
    """Return the leaf at `pointer`."""
    return next(leaf for leaf in MAKER.leaves if leaf.pointer == pointer)


@given(DRAWN, LEAVES)
def test_a_payload_is_varied_only_where_it_may_be(payload: Any, leaves: list[Leaf]) -> None:
    """Every other place stays as it was vouched for."""
    mixed, varied = MAKER.vary(payload, leaves)
    assert {*varied} <= {leaf.pointer for leaf in leaves}
    for place in MAKER.leaves:
        source = payload if place.pointer in varied else MAKER.base
        assert get(mixed, place.at) == get(source, place.at)


@given(DRAWN, LEAVES)
def test_a_valid_step_breaks_nothing(payload: Any, leaves: list[Leaf]) -> None:
    """Of several varied places, each alone is nearer; together they are only assumed valid."""
    step = MAKER.valid(*MAKER.vary(payload, leaves))
    assert broken(step) == set()
    assert (step.case.polarity, step.case.twin) == ("accept", "")
    if len(step.varied) > 1:
        assert step.case.evidence.level is Level.ASSUMED
        assert [near.varied for near in step.nearer] == [
            (place.pointer,) for place in MAKER.leaves if place.pointer in step.varied
        ]
    else:
        assert step.nearer == ()


@given(MUTATIONS, DRAWN, LEAVES)
def test_an_invalid_step_breaks_its_rule_alone(
    mutation: Any, payload: Any, leaves: list[Leaf]
) -> None:
    """On the drawn payload, or else on the baseline; the valid one it is made of is nearer."""
    step = MAKER.invalid(mutation, *MAKER.vary(payload, leaves))
    assert broken(step) == {mutation.rule.id}
    assert (step.case.polarity, step.case.twin) == ("reject", BASELINE)
    assert [near.varied for near in step.nearer] == ([step.varied] if step.varied else [])


@settings(max_examples=30)
@given(MUTATIONS, MUTATIONS, DRAWN, LEAVES)
def test_two_rules_are_broken_at_once_or_not_at_all(
    first: Any, second: Any, payload: Any, leaves: list[Leaf]
) -> None:
    """The rule with the better evidence names the case, and each mutation alone is nearer."""
    step = MAKER.two(first, second, *MAKER.vary(payload, leaves))
    if step is None:
        return
    assert broken(step) == {first.rule.id, second.rule.id}
    assert fuzz_ids.name(step.case.id) == fuzz_ids.TWO
    assert all(step.case.evidence.at_least(one.evidence.level) for one in (first, second))
    assert [near.case.rule for near in step.nearer] == [first.rule, second.rule]


def test_two_mutations_of_one_rule_are_not_two() -> None:
    """Nothing would be known that each does not show alone."""
    mutation = MAKER.mutations[0]
    assert MAKER.two(mutation, mutation, MAKER.base, ()) is None


def test_two_of_equal_evidence_are_told_of_the_first() -> None:
    """So that the case does not depend on the order in which evidence is compared."""
    rules = [f"request{where}#type" for where in (REMARKS, BUYER)]
    pairs = [next(one for one in MAKER.mutations if one.rule.id == rule) for rule in rules]
    for first, second in (pairs, pairs[::-1]):
        step = MAKER.two(first, second, MAKER.base, ())
        assert step is not None
        assert step.case.rule == first.rule


@pytest.mark.parametrize("kind", fuzz_ids.HISTORIES)
def test_a_history_sends_two_steps(kind: str) -> None:
    """Each part that may be changed by the other has itself alone as what is nearer."""
    first, second = (
        MAKER.valid(*MAKER.vary(put(MAKER.base, tokens(where), "other"), [leaf(where)]))
        for where in (REMARKS, BUYER)
    )
    draw = MAKER.history(kind, first, second)
    assert draw.explores
    assert draw.at_once == (kind == fuzz_ids.TOGETHER)
    parts = [step for step in draw.steps if step.nearer]
    assert {fuzz_ids.name(step.case.id) for step in parts} == {kind}
    assert [step.nearer for step in parts] == {
        fuzz_ids.TWICE: [(first,)],
        fuzz_ids.AFTER: [(second,)],
        fuzz_ids.TOGETHER: [(first,), (second,)],
    }[kind]
    assert all(step.case.wire == step.nearer[0].case.wire for step in parts)


def test_equal_draws_have_equal_marks() -> None:
    """A draw is sent once; another order, or another manner, is another draw."""
    steps = [MAKER.invalid(mutation, MAKER.base, ()) for mutation in MAKER.mutations[:2]]
    again = [MAKER.invalid(mutation, MAKER.base, ()) for mutation in MAKER.mutations[:2]]
    assert Draw(tuple(steps)).mark == Draw(tuple(again)).mark
    marks = [
        Draw(tuple(steps)).mark,
        Draw(tuple(steps[::-1])).mark,
        Draw(tuple(steps), at_once=True).mark,
        Draw((steps[0],)).mark,
    ]
    assert len({*marks}) == len(marks)


@pytest.mark.parametrize(
    ("pins", "only", "varies"),
    [
        ({}, (), True),
        ({BUYER: "PINNED"}, (), False),
        ({}, (f"request{BUYER}#pattern",), True),
        ({}, (f"request{REMARKS}#pattern",), False),
    ],
)
def test_what_is_pinned_or_not_chosen_is_not_varied(
    pins: dict[str, Any], only: tuple[str, ...], *, varies: bool
) -> None:
    """A target may know one buyer only, and a user may look at one rule only."""
    maker = Maker(make_plan(Selection(only=only, pins=pins)))
    assert (BUYER in [place.pointer for place in maker.leaves]) == varies


def test_what_is_not_to_be_sent_is_not_drawn() -> None:
    """A limit to accepted cases allows no valid draw, and a polarity only its own."""
    for selection, valid, invalid in (
        (Selection(polarity="accept"), True, False),
        (Selection(polarity="reject"), False, True),
        (Selection(max_accepted=3), False, True),
    ):
        maker = Maker(make_plan(selection))
        assert (maker.draws_valid, maker.draws_invalid) == (valid, invalid)
        assert bool(maker.mutations) == invalid


def test_a_place_that_the_base_does_not_have_is_not_varied(payload: Any) -> None:
    """Of a part that is missing in what the user vouches for, no member can be drawn."""
    whole = json.loads(PLAN.baseline.wire.body)
    del payload["b2bIds"]
    sent = PLAN.baseline.wire.but(body=json.dumps(payload).encode())
    maker = Maker(dataclasses.replace(PLAN, baseline=dataclasses.replace(PLAN.baseline, wire=sent)))
    whole["invoiceStatus"]["supplierRemarks"] = "other"
    whole["b2bIds"]["buyerB2BId"] = "other"
    mixed, varied = maker.vary(whole, maker.leaves)
    assert "b2bIds" not in mixed
    assert REMARKS in varied
    assert not any(pointer.startswith("/b2bIds") for pointer in varied)


def test_every_drawn_fingerprint_is_known() -> None:
    """A waiver of one is not called unknown, although no suite has it."""
    known = {*fingerprints(OPERATION)}
    for step in (
        MAKER.valid(*MAKER.vary(put(MAKER.base, tokens(REMARKS), "x"), [leaf(REMARKS)])),
        *(MAKER.invalid(mutation, MAKER.base, ()) for mutation in MAKER.mutations),
    ):
        case = step.case
        check = f"{'posi' if case.polarity == 'accept' else 'nega'}tive_data_"
        check += "acceptance" if case.polarity == "accept" else "rejection"
        assert fingerprint(OPERATION.id, check, case.rule.id, case.family) in known
    suite = {
        fingerprint(OPERATION.id, check, case.rule.id, case.family)
        for case in PLAN.cases
        for check in ("positive_data_acceptance", "negative_data_rejection")
    }
    assert not known & suite
