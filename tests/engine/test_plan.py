"""A plan: the baseline, and of the suite what was chosen, in an order that is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.contract.evidence import Level
from enkash_contract.engine.plan import make_plan, one_case
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.engine.plan import Plan

WHOLE = make_plan()


def ids(plan: Plan, polarity: str) -> Iterator[str]:
    """Return the ids of the cases of one polarity, in order."""
    return (case.id for case in plan.cases if case.polarity == polarity)


def test_everything_is_planned_by_default() -> None:
    """The suite of the bundled document, its first case as the baseline."""
    suite = ec.cases()
    assert WHOLE.baseline.id == suite[0].id
    assert sorted(case.id for case in WHOLE.cases) == sorted(case.id for case in suite[1:])
    assert (WHOLE.notes, WHOLE.fail_on, WHOLE.selection) == ((), Level.SIBLING, Selection())


def test_rejections_come_first() -> None:
    """They change nothing at the target; each half is in the order of the document."""
    polarities = [case.polarity for case in WHOLE.cases]
    assert polarities == sorted(polarities, reverse=True)


def test_one_polarity_alone_can_be_sent() -> None:
    """The baseline goes with both."""
    for polarity in ("reject", "accept"):
        plan = make_plan(Selection(polarity=polarity))
        assert [case.id for case in plan.cases] == [*ids(WHOLE, polarity)]
        assert (plan.baseline.id, plan.notes) == (WHOLE.baseline.id, ())


@settings(max_examples=20)
@given(limit=st.integers(0, 60))
def test_a_limit_to_accepted_cases_is_noted(limit: int) -> None:
    """Rejections are not limited, and the note counts what was left out."""
    plan = make_plan(Selection(max_accepted=limit))
    assert [*ids(plan, "reject")] == [*ids(WHOLE, "reject")]
    left = len([*ids(WHOLE, "accept")]) - len([*ids(plan, "accept")])
    cases = f"{left} case{'' if left == 1 else 's'}"
    note = f"{cases} that a conforming server accepts were not sent, as --max-accepted asks"
    assert plan.notes == ((note,) if left else ())


def test_cases_can_be_chosen() -> None:
    """`only` and `skip` take rule ids, case ids and globs, and the baseline is always sent."""
    only = ["request#method/GET", "request/b2bIds/*#required/re*"]
    plan = make_plan(Selection(only=only, skip=["request/b2bIds/supplierB2BId#required"]))
    assert [case.id for case in plan.cases] == [
        "request#method/GET",
        "request/b2bIds/buyerB2BId#required/removed",
    ]
    assert plan.baseline.id == "request#type/baseline"


def test_an_empty_plan_is_an_error() -> None:
    """Unless the baseline alone was asked for."""
    with pytest.raises(UsageError) as raised:
        make_plan(Selection(skip=["*"]))
    assert str(raised.value) == (
        "nothing is left to send: '*' leaves out every case; leave out less"
    )
    with pytest.raises(UsageError, match=r"^'request#metod' matches no rule and no case; "):
        make_plan(Selection(only=["request#metod"]))
    assert make_plan(Selection(only=["request#type/baseline"])).cases == ()


def test_pins_are_in_every_case_that_can_hold_them() -> None:
    """They are set in the baseline, of which every case is derived."""
    only = ["request/device*#required"]
    plan = make_plan(Selection(only=only, pins={"/b2bIds/buyerB2BId": "PINNED"}))
    assert all(b"PINNED" in case.wire.body for case in (plan.baseline, *plan.cases))


def test_an_invalid_base_is_an_error(payload: Any) -> None:
    """With every rule that it breaks, and what to do."""
    payload["b2bIds"]["buyerB2BId"] = "\\"
    with pytest.raises(UsageError) as caught:
        make_plan(base=payload)
    message = str(caught.value)
    assert message.startswith("the base payload itself breaks the contract: /b2bIds/buyerB2BId ")
    assert message.endswith("Mend it, or say in an overlay what you know better")


def test_the_connection_is_that_of_the_plan() -> None:
    """Its headers and its time-out are known to reports."""
    plan = make_plan(connection=Connection(headers={"X-Key": "1"}, timeout=3))
    assert (plan.headers, plan.timeout) == ({"X-Key": "1"}, 3)


def test_one_case_is_left_alone() -> None:
    """With the baseline, that comes with every run."""
    case = WHOLE.cases[7]
    assert one_case(WHOLE, case.id).cases == (case,)
    assert one_case(WHOLE, WHOLE.baseline.id).cases == ()
    with pytest.raises(UsageError, match=r"^there is no case 'request#methd/GET'; did you mean "):
        one_case(WHOLE, "request#methd/GET")
    with pytest.raises(
        UsageError, match="^there is no case 'x'; `enkash-contract check --list` lists them$"
    ):
        one_case(WHOLE, "x")


def test_elsewhere_no_path_is_wrong() -> None:
    """Only at the documented address is another path a mistake; a note says what is left out."""
    plan = make_plan(target="http://h" + WHOLE.operation.path + "/")
    assert plan.notes == (
        "the address is not the documented one, so no case of request#path is sent",
    )
    assert "request#path" in {case.rule.id for case in WHOLE.cases}
    assert "request#path" not in {case.rule.id for case in plan.cases}


def test_a_webhook_is_delivered_as_it_is() -> None:
    """To exactly the address given, in exactly one way, without a note."""
    webhook = "statusChangeInvoiceRequest"
    plan = make_plan(target="http://h/hook", operation=webhook, robustness=True)
    assert plan.notes == ()
    assert {"request#path", "request#method"}.isdisjoint({case.rule.id for case in plan.cases})
