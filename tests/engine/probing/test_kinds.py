"""The kinds of probes: a function for each, whatever the operation has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.operation import TO_ENKASH
from enkash_contract.contract.questions import Question
from enkash_contract.contract.shapes import PROBES
from enkash_contract.engine.probing.kinds import KINDS
from enkash_contract.engine.probing.probe import Context
from enkash_contract.engine.probing.survey import context_of, every, probe_of

CONTRACT = ec.load()
CONTEXT = context_of(CONTRACT.pick())


def asks(kind: str, pointer: str = "", **more: Any) -> list[str]:
    """Return what is sent for a question of that kind, in words."""
    question = Question("q", "?", side="request", pointer=pointer, probe={"kind": kind, **more})
    return [ask.says for ask in KINDS[kind](question, CONTEXT).asks]


def test_the_table_is_complete() -> None:
    """The document may name these, in that order, and no others."""
    assert list(KINDS) == list(PROBES)


def test_values_are_the_guesses_of_the_document() -> None:
    """Those that are known already are not sent."""
    assert asks("values", "/invoiceStatus/supplierAction", guesses=["CANCEL", "É"]) == ['"É"']


def test_versions_are_near_the_current_one() -> None:
    """Where it is no number, there is nothing to count from."""
    at = "/invoiceStatus/objectVersion"
    names = {"current": "currentVersion", "new": "newVersion"}
    assert asks("versions", at, **names) == ["1 more (2)", "2 more (3)", "1 less (0)"]
    assert asks("versions", "/nowhere", **names) == []


def test_a_length_may_stand_in_a_pattern_or_not() -> None:
    """Of a text without a greatest length, nothing can be asked."""
    assert len(asks("lengths", "/b2bIds/buyerB2BId")) == 1
    assert asks("lengths", "/invoiceStatus/supplierAction") == []


def test_an_error_is_asked_by_a_rule_that_can_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first cannot, by the next."""
    invalid = CONTEXT.builder.invalid
    monkeypatch.setattr(
        CONTEXT.builder,
        "invalid",
        lambda rule: invalid(rule) if rule.pointer == "/b2bIds" else iter(()),
    )
    (ask,) = KINDS["error"](Question("q", "?"), CONTEXT).asks
    assert ask.case is not None
    assert ask.case.rule.id == "request/b2bIds#type"


def test_an_operation_may_have_no_rule_to_ask_by() -> None:
    """Then nothing is sent."""
    bare = Context(replace(CONTEXT.operation, rules={}), CONTEXT.builder)
    for kind in ("error", "unknown-members", "lengths"):
        assert KINDS[kind](Question("q", "?", side="request"), bare).asks == ()


@pytest.mark.parametrize(
    "operation", [each.id for each in CONTRACT.values() if each.direction == TO_ENKASH]
)
def test_every_question_with_a_probe_can_be_asked(operation: str) -> None:
    """Of each operation that a partner calls: what is sent may be accepted, or is rejected once."""
    context = context_of(CONTRACT[operation])
    probed = [each for each in every(CONTRACT, CONTRACT[operation]) if each.probe]
    kinds = {each.kind: probe_of(each, context) for each in probed}
    assert {"twice", "unknown-members", "error"} <= kinds.keys()
    assert kinds["error"].requests - kinds["error"].carried_out == 1
    for each in probed:
        assert len(probe_of(each, context).asks) <= 6
