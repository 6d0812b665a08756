"""The requests of one question: what is sent at a place, and what is not worth sending."""

from __future__ import annotations

import json

import enkash_contract as ec
from enkash_contract.contract.questions import Question
from enkash_contract.engine.probing.probe import Ask, Probe, member, named
from enkash_contract.engine.probing.survey import context_of

CONTEXT = context_of(ec.load().pick())
ACTION = "/invoiceStatus/supplierAction"


def test_a_value_is_put_in_its_place() -> None:
    """All else is the baseline."""
    ask = CONTEXT.trying("PAID", {ACTION: "PAID"}, ACTION)
    assert ask is not None
    assert ask.wire is not None
    payload = json.loads(ask.wire.body)
    assert payload["invoiceStatus"].pop("supplierAction") == "PAID"
    assert (ask.at, ask.value, ask.valid) == (ACTION, "PAID", True)
    assert payload["b2bIds"] == CONTEXT.builder.base.payload["b2bIds"]


def test_nothing_is_sent_from_which_nothing_follows() -> None:
    """No such member, the baseline itself, or a value that is well known to be invalid."""
    assert CONTEXT.trying("", {"/nowhere": 1}) is None
    assert CONTEXT.trying("", {ACTION: "CANCEL"}) is None
    assert CONTEXT.trying("", {ACTION: 7}) is None
    weak = CONTEXT.trying("", {"/invoiceStatus/objectVersion/newVersion": 0})
    assert weak is not None
    assert not weak.valid


def test_what_a_base_breaks_itself_is_known() -> None:
    """It is vouched for, and each request keeps it."""
    base = json.loads(CONTEXT.builder.base.draft.body)
    base["b2bIds"]["buyerB2BId"] = "x" * 101
    asked = context_of(CONTEXT.operation, base).trying("", {ACTION: "PAID"})
    assert asked is not None
    assert asked.valid


def test_requests_are_counted() -> None:
    """What looks at a response once more is none."""
    baseline = CONTEXT.builder.baseline.wire
    probe = Probe((Ask("a"), Ask("b", baseline), Ask("c", baseline, valid=False)), str)
    assert (probe.requests, probe.carried_out) == (2, 1)


def test_questions_are_named_by_what_they_are_about() -> None:
    """A member of the request goes without its side."""
    assert named(Question("a", "?")) == "a"
    assert named(Question("a", "?", side="request", pointer="/b")) == "a /b"
    assert named(Question("a", "?", side="response.200", pointer="/b")) == "a response.200/b"
    assert member(Question("a", "?", pointer="/b"), "c/d") == "/b/c~1d"


def test_a_value_may_be_accepted_until_it_was_rejected() -> None:
    """By itself, in the same run."""
    context = context_of(CONTEXT.operation)
    assert context.may_be("/x", 1)
    context.tried["/x"] = [1, 2]
    context.accepted["/x"] = [2]
    assert [context.may_be("/x", value) for value in (1, 2, 3)] == [False, True, True]
