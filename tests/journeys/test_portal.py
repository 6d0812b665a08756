"""Every operation of the portal that is described: suite, strategies, defects and selftest.

Each run takes a few cases, draws and defects of three operations, and CI of each; under `slow`
there are all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.engine import selftest
from enkash_contract.engine.bench import Bench
from enkash_contract.generation import known_good, suite
from enkash_contract.generation.proof import request_of
from enkash_contract.validation.request import addressed_violations
from tests.support.draws import by_jsonschema, draws
from tests.support.second_judge import broken_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.case import Case
    from enkash_contract.wire.draft import Draft

FEW = ("confirmInvoice", "createInvoiceRequest", "shareBidRequest")
"""Operations with an enum, with optional members, and with lists in lists."""

OPERATIONS = pytest.mark.parametrize("name", tuple(bundled()))
SAMPLED = pytest.mark.parametrize(
    "name",
    [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in bundled()],
)


@SAMPLED
def test_the_suite_holds_for_each_operation(name: str) -> None:
    """Each rule of a request is broken, in a number of cases that grows with the rules alone."""
    operation = bundled()[name]
    cases = suite.build(operation)
    rules = operation.request.rules
    broken = {case.rule.id for case in cases if case.polarity == "reject"}
    firm = [case for case in cases if case.polarity == "reject" and is_firm(case)]

    assert [rule.id for rule in rules if rule.id not in broken and can_be_broken(rule)] == []
    assert len(cases) < 13 * len(rules)
    # Nothing obliges a partner to refuse, so a tolerant receiver of webhooks has no violation.
    assert (firm == []) is (operation.direction == "to-partner")
    assert misjudged(operation, cases[::50]) == []


@pytest.mark.slow
@OPERATIONS
def test_each_case_of_the_portal_is_what_it_says(name: str) -> None:
    """A second judge finds every case so, on its final bytes."""
    operation = bundled()[name]
    assert misjudged(operation, suite.build(operation)) == []


def broken_by(operation: Operation, wire: Draft) -> set[str]:
    """Return the rules that a request breaks."""
    found = addressed_violations(operation, request_of(operation, wire))
    return {violation.rule.id for violation in found}


def is_firm(case: Case) -> bool:
    """Return whether the acceptance of a reject case would be a violation."""
    return case.evidence.at_least(FAIL_ON)


def can_be_broken(rule: Any) -> bool:
    """Return whether a rule forbids anything."""
    return bool(rule.keyword != "additionalProperties")


def misjudged(operation: Operation, cases: Iterable[Case]) -> list[str]:
    """Return the cases that a second judge finds otherwise: an accept case must break no rule."""
    return [
        case.id
        for case in cases
        if (case.polarity == "reject") is not (case.rule.id in broken_rules(operation, case))
        or (case.polarity == "accept" and broken_rules(operation, case))
    ]


@SAMPLED
def test_drawn_values_are_what_they_say(name: str) -> None:
    """Payloads are valid by a judge that shares no code with the package, and invalid ones not."""
    operation = bundled()[name]
    schema = operation.json_schema(fail_on="assumed")
    valid = draws(ec.payloads(operation=name), 4)

    assert [value for value in valid if not by_jsonschema(schema, value)] == []


@pytest.mark.slow
@OPERATIONS
def test_many_drawn_values_are_what_they_say(name: str) -> None:
    """So are many others, and invalid ones break the rule that they name."""
    operation = bundled()[name]
    schema = operation.json_schema(fail_on="assumed")
    valid = draws(ec.payloads(operation=name), 300)
    invalid = draws(ec.invalid_payloads(operation=name), 300)

    assert [value for value in valid if not by_jsonschema(schema, value)] == []
    assert {each.rule.id in broken_by(operation, each.wire) for each in invalid} == {True}


@SAMPLED
def test_a_few_defects_of_each_operation_are_found(name: str) -> None:
    """A defect is named by its own rule, and a variant that conforms is not blamed."""
    bench = Bench(bundled(), name)
    chosen = [at for at, each in enumerate(bench.known) if each.rule is not None][:: STEP[name]]
    variant = next(at for at, each in enumerate(bench.known) if each.rule is None)

    assert [row for row in bench.rows([*chosen, variant]) if not row.ok] == []


STEP = {name: 97 + 40 * rank for rank, name in enumerate(bundled())}
"""One in how many defects of an operation is looked for in each run."""


@pytest.mark.slow
@OPERATIONS
def test_all_defects_of_each_operation_are_found(name: str) -> None:
    """The kill matrix is whole, and nothing that conforms is blamed."""
    matrix = selftest.selftest(operation=name, workers=1)

    assert [row.defect for row in matrix.rows if not row.ok] == []
    assert len(matrix.defects) > 200


def test_a_longer_base_has_as_many_cases() -> None:
    """Of a list, the first two items are changed: the others are like them."""
    operation = bundled()["payInvoice"]
    payment = known_good.base(operation)["payment"]

    def names(count: int) -> set[str]:
        listed = payment | {"invoicesPayInfos": payment["invoicesPayInfos"] * count}
        base = known_good.base(operation) | {"payment": listed}
        return {case.id for case in suite.build(operation, base)}

    assert names(3) == names(30)
