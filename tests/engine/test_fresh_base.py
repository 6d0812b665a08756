"""The payloads that a function gives: derived from once each, and refused in one line."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.engine.fresh_base import FreshBase
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.errors import TargetError, UsageError
from enkash_contract.generation import suite
from tests.support.moving import EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.judging.case import Case

OPERATION = bundled().pick()
PINS = {"/b2bIds/buyerB2BId": "PINNED"}


def fresh(give: Callable[[], Any], seen: list[Case] | None = None) -> FreshBase:
    """Return the payloads of `give`; the baselines that are built are added to `seen`."""
    baselines: list[Case] = [] if seen is None else seen
    return FreshBase(OPERATION, give, Selection(pins=PINS), baselines.append)


def payload(version: int) -> Any:
    """Return the example with that version."""
    changed = copy.deepcopy(EXAMPLE)
    changed["invoiceStatus"]["objectVersion"]["newVersion"] = version
    return changed


def test_every_case_is_that_of_the_suite_of_the_present_payload() -> None:
    """To the byte, with the pins, by the id that it has in the suite of another."""
    usual = suite.build(OPERATION, payload(2), PINS)
    base = fresh(lambda: payload(7))
    base.renew()
    known = {case.id: case for case in suite.build(OPERATION, payload(7), PINS)}
    for case in usual:
        derived, other = base.case(case), known.get(case.id)
        assert (derived and (derived.wire, derived.says, derived.varied)) == (
            other and (other.wire, other.says, other.varied)
        )
        assert derived is None or (derived.id, derived.twin) == (case.id, case.twin)


def test_equal_payloads_are_derived_from_once() -> None:
    """Also when another came in between, and although the user's own object changes."""
    given, seen = payload(1), []  # type: ignore[var-annotated]
    base = fresh(lambda: given, seen)
    case = suite.build(OPERATION)[5]
    derived = []
    for version in (1, 2, 1):
        given["invoiceStatus"]["objectVersion"]["newVersion"] = version
        base.renew()
        derived.append(base.case(case))
    assert len(seen) == 2
    assert (derived[0] is derived[2], derived[0] is derived[1]) == (True, False)


def failing(problem: Exception) -> Callable[[], Any]:
    """Return a function that raises `problem`."""

    def give() -> Any:
        raise problem

    return give


@pytest.mark.parametrize(
    ("give", "kind", "message"),
    [
        (failing(OSError("none\nat all")), TargetError, "the base failed with OSError: none"),
        (failing(TargetError("gone")), TargetError, "gone"),
        (lambda: None, UsageError, "the base is None; return the payload that the target accepts"),
        (lambda: {1, 2}, UsageError, "the base payload cannot be written as JSON: "),
    ],
)
def test_what_is_no_payload_is_refused(
    give: Callable[[], Any], kind: type[Exception], message: str
) -> None:
    """In one line."""
    with pytest.raises(kind) as raised:
        fresh(give).renew()
    assert str(raised.value).startswith(message)
    assert len(str(raised.value).splitlines()) == 1


def test_a_payload_that_breaks_the_contract_is_refused() -> None:
    """Whenever it comes, as any other base."""
    with pytest.raises(UsageError, match="^the base payload itself breaks the contract: "):
        make_plan(base=dict)
