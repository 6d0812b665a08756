"""Waivers as they are written: for a rule, a case or a family, of one operation or of all."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.config import waivers
from enkash_contract.config.waiver import Waiver, check_known, read, settled
from enkash_contract.contract.contract import bundled
from enkash_contract.errors import ConfigError
from enkash_contract.generation import suite
from enkash_contract.generation.mutation import mutations
from enkash_contract.judging.result import Result
from enkash_contract.place import Place
from tests.config.test_waivers import PLACE, RULE, TODAY, finding, told, whole_run
from tests.support.second_document import second

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

CASE = f"{RULE}/one-over"
OPERATION = "changeInvoiceStatus"


def written(**members: Any) -> Waiver:
    """Return the waiver that such a table holds."""
    table = {"reason": "known", "until": TODAY, **members}
    found = read(table, lambda _: PLACE)
    assert isinstance(found, Waiver), found
    return found


@pytest.mark.parametrize(
    ("members", "matches"),
    [
        ({"rule": RULE}, True),
        ({"rule": CASE}, True),
        ({"rule": "*/one-over"}, True),
        ({"rule": "pattern/one-over"}, True),
        ({"rule": "pattern/*"}, True),
        ({"rule": "request/b2bIds/*"}, True),
        ({"rule": f"{RULE}/far-over"}, False),
        ({"rule": "pattern/far-over"}, False),
        ({"rule": f"{OPERATION}:{RULE}"}, True),
        ({"rule": f"{OPERATION}:pattern/*"}, True),
        ({"rule": f"payInvoice:{RULE}"}, False),
        ({"rule": "payInvoice:*"}, False),
        ({"rule": RULE, "operation": OPERATION}, True),
        ({"rule": f"{OPERATION}:{RULE}", "operation": OPERATION}, True),
        ({"rule": RULE, "operation": "payInvoice"}, False),
        ({"fingerprint": "mark"}, True),
        ({"fingerprint": "mark", "operation": OPERATION}, True),
        ({"fingerprint": "mark", "operation": "payInvoice"}, False),
    ],
)
def test_a_waiver_is_as_narrow_as_it_is_written(members: dict[str, str], *, matches: bool) -> None:
    """By operation, rule, case, family or fingerprint; ids may be qualified by the operation."""
    found = finding(case=CASE, family="pattern/one-over")
    if "fingerprint" in members:
        members = {**members, "fingerprint": found.fingerprint}
    assert written(**members).matches(found) is matches


def test_a_waiver_is_named_with_its_operation() -> None:
    """As people write it; an id may hold a colon of its own."""
    assert str(written(rule=RULE)) == f"the waiver of {RULE}"
    assert str(written(rule=RULE, operation="a")) == f"the waiver of a:{RULE}"
    assert str(written(fingerprint="0" * 12, operation="a")) == f"the waiver of {'0' * 12}"
    assert written(rule="request/a:b#type").operation == ""


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"operation": ""}, "operation: operation must be the id of an operation in quotes"),
        ({"operation": 1}, "operation: operation must be the id of an operation in quotes"),
        (
            {"rule": f"a:{RULE}", "operation": "b"},
            "operation: operation is 'b', but rule is of 'a'",
        ),
        ({"operaton": "a"}, "operaton: a waiver has no member 'operaton'; did you mean operation?"),
    ],
)
def test_a_mistake_in_the_operation_is_one_line(members: dict[str, Any], problem: str) -> None:
    """It names the member."""
    table = {"rule": RULE, "reason": "known", "until": TODAY, **members}
    found = read(table, lambda name: Place(name, 1))
    assert found == [problem.replace(": ", ":1: ", 1)]


def known(*given: Waiver, folder: Path | None = None) -> str:
    """Return the message on waivers of what is not there; "" if all is there."""
    contract = bundled() if folder is None else second(folder)
    try:
        check_known(settled(given, contract), contract)
    except ConfigError as problem:
        return str(problem)
    return ""


def test_what_a_waiver_is_of_must_be_there() -> None:
    """Rules, cases and families, in full or by a glob; the nearest is named."""
    wishes = (RULE, CASE, "*/one-over", "pattern/*", "pattern/one-over", f"{OPERATION}:*/null")
    assert known(*(written(rule=wish) for wish in wishes)) == ""
    assert known(written(rule=f"{CASE}s")) == (
        f"c.toml:3: the waiver of {CASE}s matches no rule; did you mean {CASE}?"
    )
    assert known(written(rule="zz*")) == (
        "c.toml:3: the waiver of zz* matches no rule; `enkash-contract rules` lists them"
    )
    assert known(written(fingerprint="0" * 12)) == ""
    assert known(written(rule=RULE, operation="changeInvoiceState")) == (
        "c.toml:3: there is no operation 'changeInvoiceState'; did you mean changeInvoiceStatus?"
    )


def test_what_is_of_one_operation_is_not_of_another(tmp_path: Path) -> None:
    """A rule that only another operation has is not there."""
    assert known(written(rule="openThing:request/word#type"), folder=tmp_path) == ""
    assert known(written(rule="request/word#type", operation="closeThing"), folder=tmp_path) == (
        "c.toml:3: the waiver of closeThing:request/word#type matches no rule; "
        "did you mean request#type?"
    )


def test_whatever_a_run_may_find_can_be_waived(operation: Operation) -> None:
    """Also what only fuzzing draws: its ids end with a digest, its families with a word."""
    drawn = [
        *(f"{case.id}/drawn-0123abcd" for case in suite.build(operation)[1:30]),
        *(f"{mutation.family}/drawn" for mutation in mutations(operation, "request")[::20]),
        f"{RULE}/right/drawn-0123abcd",
        "pattern/two-at-once/drawn",
    ]
    assert known(*(written(rule=wish) for wish in drawn)) == ""


def test_a_waiver_of_a_case_is_needless_when_its_rule_was_looked_at(operation: Operation) -> None:
    """In a run that sent all cases of the rule; traffic has no cases."""
    whole, part = whole_run(operation), whole_run(operation, CASE)
    traffic = Result((), whole.verdicts, whole.tallies)
    for wish in (CASE, "*/b2bIds/buyerB2BId#pattern/one-over", f"{OPERATION}:{CASE}"):
        assert told(whole, written(rule=wish), operation) != ""
        assert told(part, written(rule=wish), operation) == ""
        assert told(traffic, written(rule=wish), operation) == ""
    assert told(whole, written(rule=f"payInvoice:{CASE}"), operation) == ""
    assert told(whole, written(rule=RULE, operation="payInvoice"), operation) == ""


def test_another_operation_s_finding_is_not_waived(operation: Operation) -> None:
    """Although the id of its rule is the same."""
    mine, other = finding(), finding(operation="payInvoice")
    result = Result((mine, other), {"violation": 2}, {}, "accepted")
    applied = waivers.waived(result, [written(rule=RULE, operation=OPERATION)], today=TODAY)
    assert [each.severity for each in applied.findings] == ["waived", "violation"]
    assert waivers.waived(result, [written(rule=RULE)], today=dt.date(2026, 1, 1)).violations == ()
