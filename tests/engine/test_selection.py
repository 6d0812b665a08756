"""A selection: ids and globs, what beats what, and how few cases still cover most rules."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.engine.selection import Polarities, Selection, polarity_of, refuse_idle
from enkash_contract.errors import UsageError

CASES = ec.cases()
ACCEPTS = [case for case in CASES if case.polarity == "accept"]


@given(st.sampled_from(CASES))
def test_an_id_names_its_own(case: ec.Case) -> None:
    """Also one that holds characters of globs, such as `*` or a bracket."""
    ids = (case.id, case.rule.id)
    for wish in ids:
        assert Selection(only=[wish]).chooses(*ids)
        assert Selection(only=[wish]).names(*ids)
        assert not Selection(skip=[wish]).chooses(*ids)
    assert Selection().chooses(*ids)
    assert not Selection().names(*ids)


@given(st.lists(st.sampled_from(CASES), max_size=5), st.lists(st.sampled_from(CASES), max_size=5))
def test_skip_beats_only(only: list[ec.Case], skip: list[ec.Case]) -> None:
    """What is chosen and left out is left out."""
    selection = Selection(only=[case.id for case in only], skip=[case.id for case in skip])
    chosen = {case.id for case in CASES if selection.chooses(case.id, case.rule.id)}
    wanted = {case.id for case in (only or CASES)}
    assert chosen == wanted - {case.id for case in skip}


@given(st.integers(0, len(ACCEPTS) + 5))
def test_a_limit_keeps_as_many_rules_as_can_be(limit: int) -> None:
    """One case of each rule before a second one of any, in the order of the suite."""
    kept = [*Selection(max_accepted=limit).limit(ACCEPTS)]
    assert len(kept) == min(limit, len(ACCEPTS))
    assert kept == [case for case in ACCEPTS if case in kept]
    rules = {case.rule for case in ACCEPTS}
    assert len({case.rule for case in kept}) == min(limit, len(rules))


def test_no_limit_keeps_all() -> None:
    """By default."""
    assert Selection().limit(ACCEPTS) == ACCEPTS


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (
            {"polarity": "wrong"},
            "there is no polarity 'wrong'; choose one of both, reject, accept",
        ),
        ({"max_accepted": -1}, "max_accepted cannot be -1; give 0 or more"),
    ],
)
def test_an_impossible_choice_is_an_error(choice: dict[str, Any], message: str) -> None:
    """In Python, where no command line looks at it first."""
    with pytest.raises(UsageError) as caught:
        Selection(**choice)
    assert str(caught.value) == message


@pytest.mark.parametrize("choice", ["only", "skip"])
def test_one_text_is_no_list(choice: str) -> None:
    """Its characters would be taken for globs."""
    wrong: Any = {choice: "request#json"}
    with pytest.raises(ec.UsageError) as caught:
        Selection(**wrong)
    assert str(caught.value) == f"{choice} is a list of rules; write {choice}=['request#json']"


@pytest.mark.parametrize("choice", ["only", "skip"])
def test_a_choice_that_matches_nothing_is_an_error(choice: str) -> None:
    """A mistyped rule is not a run of nothing."""
    choices: dict[str, Any] = {choice: ["request#json", "request#metod"]}
    with pytest.raises(UsageError) as caught:
        Selection(**choices).check_known(CASES)
    assert str(caught.value) == (
        "'request#metod' matches no rule and no case; `enkash-contract check --list` lists the "
        "cases, `enkash-contract rules` the rules"
    )


WEBHOOK, SERVED = map(bundled().pick, ["statusChangeInvoiceRequest", "changeInvoiceStatus"])


def test_a_receiver_gets_what_is_invalid_only_for_robustness() -> None:
    """All others get both, or what was chosen."""
    for polarity in get_args(Polarities):
        assert polarity_of(SERVED, polarity, robustness=False) == polarity
        assert polarity_of(WEBHOOK, polarity, robustness=True) == polarity
    assert polarity_of(WEBHOOK, "both", robustness=False) == "accept"
    with pytest.raises(UsageError) as raised:
        polarity_of(WEBHOOK, "reject", robustness=False)
    assert str(raised.value) == (
        "statusChangeInvoiceRequest is a webhook, whose receivers get invalid deliveries only "
        "with robustness; add it"
    )


def test_robustness_without_a_receiver_is_a_mistake() -> None:
    """One webhook among the operations is enough."""
    refuse_idle([SERVED], robustness=False)
    refuse_idle([SERVED, WEBHOOK], robustness=True)
    with pytest.raises(UsageError) as raised:
        refuse_idle([SERVED], robustness=True)
    assert str(raised.value) == (
        "robustness is for receivers of webhooks, and changeInvoiceStatus is none; leave it out"
    )
