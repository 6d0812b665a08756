"""Mutations: the ways to break one rule, proven on a valid payload and tried on others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.generation.mutation import (
    base_of,
    evenly,
    mutations,
    mutations_of,
    put_and_prove,
    selected,
    statuses,
    valid_draft,
)
from enkash_contract.wire.draft import Draft
from enkash_contract.wire.pointer import ABSENT
from enkash_contract.wire.spelling import compact
from tests.support.second_document import second
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

LENGTH = {"type": "object", "properties": {"a": {"type": "string", "minLength": 2}}}
TOO_SHORT = "request/a#minLength"


def test_a_valid_draft_is_the_plainest_way_to_send_a_payload(operation: Operation) -> None:
    """Method, path and label are those of the operation, and the body is compact JSON."""
    assert valid_draft(operation, operation.request, {"a": 1}) == Draft(
        "POST", "application/json", b'{"a":1}', operation.path
    )


@pytest.mark.parametrize(
    ("value", "broken"),
    [("x", {TOO_SHORT}), (1, {"request/a#type"}), ("xy", set()), (ABSENT, set())],
)
def test_a_change_is_proven_on_its_bytes(tmp_path: Path, value: Any, broken: set[str]) -> None:
    """One value is put into the payload, and the rules that the request then breaks are named."""
    operation = small(tmp_path, LENGTH).pick()
    base = base_of(operation, operation.request, {"a": "abc", "b": 1})
    proof = put_and_prove(operation, base, ("a",), value)

    assert proof is not None
    assert proof.broken.keys() == broken
    assert proof.draft.body == compact({"b": 1} if value is ABSENT else {"a": value, "b": 1})
    assert base.payload == {"a": "abc", "b": 1}


def test_what_the_base_breaks_is_no_part_of_a_proof(tmp_path: Path) -> None:
    """A rule that the payload breaks already is known, and not named again."""
    operation = small(tmp_path, LENGTH).pick()
    base = base_of(operation, operation.request, {"a": "x"})
    proof = put_and_prove(operation, base, ("b",), 1)

    assert base.known == {TOO_SHORT}
    assert proof is not None
    assert proof.broken == {}


def test_there_may_be_no_place_for_a_value(tmp_path: Path) -> None:
    """Nothing is proven of a value that cannot be put anywhere."""
    operation = small(tmp_path, LENGTH).pick()
    base = base_of(operation, operation.request, {"a": "abc"})

    assert put_and_prove(operation, base, ("b", "c"), 1) is None
    assert put_and_prove(operation, base, ("a", "c"), 1) is None


def test_a_mutation_is_tried_on_other_payloads(tmp_path: Path) -> None:
    """A rule is broken on the payload that is given, or else as it was proven to be broken."""
    operation = small(tmp_path, LENGTH, example={"a": "abc"}).pick()
    (mutation,) = mutations_of(operation, operation.rules[TOO_SHORT], {"one-under"})

    assert (mutation.name, mutation.family) == ("one-under", "minLength/one-under")
    assert mutation.proven.body == b'{"a":"a"}'
    assert mutation.broken(operation, {"a": "xyz", "n": 1}).body == b'{"a":"x","n":1}'
    assert mutation.tried(operation, [1]) is None
    assert mutation.broken(operation, [1]) is mutation.proven
    # A rule that the payload breaks already cannot be broken by a mutation.
    assert mutation.tried(operation, {"a": "x"}, frozenset({TOO_SHORT})) is None


def test_mutations_of_one_rule_are_those_of_all(operation: Operation) -> None:
    """To find one rule's mutations, no other is proven; they are the same as among all."""
    rule = operation.rules["request/b2bIds/buyerB2BId#type"]
    every = [one for one in mutations(operation, "request") if one.rule is rule]
    found = mutations_of(operation, rule, {one.name for one in every})

    assert [(one.name, one.proven, one.says) for one in found] == [
        (one.name, one.proven, one.says) for one in every
    ]


def test_rules_of_members_that_are_not_shown_are_reached(tmp_path: Path) -> None:
    """A member that the example leaves out can be broken all the same."""
    contract = second(tmp_path)
    found = {mutation.rule.id for mutation in mutations(contract["openThing"], "request")}

    assert {"request/between#multipleOf", "request/list#uniqueItems", "request/one#oneOf"} <= found


def test_each_rule_is_selected_as_often_as_any_other(operation: Operation) -> None:
    """Mutations are repeated until every rule has as many as the one with the most."""
    chosen = selected(operation, "request", "request/b2bIds/*", None)
    rules = [mutation.rule.id for mutation in chosen]

    assert len({rules.count(rule) for rule in rules}) == 1
    assert evenly(()) == ()


def test_a_range_of_statuses_leaves_out_those_that_are_documented(tmp_path: Path) -> None:
    """Of `4XX` every status is meant that has no side of its own and may have content."""
    answers = {status: {"schema": {"type": "object"}} for status in ("200", "2XX", "404", "4XX")}
    operation = small(tmp_path, LENGTH, answers=answers).pick()

    assert statuses(operation, "404") == [404]
    assert {404}.isdisjoint(statuses(operation, "4XX"))
    assert {200, 204, 205}.isdisjoint(statuses(operation, "2XX"))
    assert statuses(operation, "2XX")[:2] == [201, 202]
