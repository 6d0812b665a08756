"""Mutations: the ways to break one rule, proven on a valid payload and tried on others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.generation.mutation import mutations, mutations_of, selected, statuses
from tests.support.second_document import second
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

LENGTH = {"type": "object", "properties": {"a": {"type": "string", "minLength": 2}}}
TOO_SHORT = "request/a#minLength"


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


def test_mutations_are_selected_by_rule_and_family(operation: Operation) -> None:
    """A glob over rules and one over families leave those that match both."""
    chosen = selected(operation, "request", "request/b2bIds/*", "type/n*")

    assert [f"{mutation.rule.id}/{mutation.name}" for mutation in chosen] == [
        "request/b2bIds/buyerB2BId#type/null",
        "request/b2bIds/supplierB2BId#type/null",
    ]


def test_a_range_of_statuses_leaves_out_those_that_are_documented(tmp_path: Path) -> None:
    """Of `4XX` every status is meant that has no side of its own and may have content."""
    answers = {status: {"schema": {"type": "object"}} for status in ("200", "2XX", "404", "4XX")}
    operation = small(tmp_path, LENGTH, answers=answers).pick()

    assert statuses(operation, "404") == [404]
    assert {404}.isdisjoint(statuses(operation, "4XX"))
    assert {200, 204, 205}.isdisjoint(statuses(operation, "2XX"))
    assert statuses(operation, "2XX")[:2] == [201, 202]


EVERY = ("2XX", "3XX", "4XX", "5XX")


@pytest.mark.parametrize(
    ("documented", "meant"), [((), [200, 400]), (("200", "4XX"), [201, 202]), (EVERY, [599])]
)
def test_by_default_two_statuses_are_meant_that_are_not_documented(
    tmp_path: Path, documented: tuple[str, ...], meant: list[int]
) -> None:
    """One of acceptance and one of rejection, where no other response documents them."""
    media = {"schema": {"type": "object"}}
    answers = dict.fromkeys((*documented, "default"), media)
    assert statuses(small(tmp_path, LENGTH, answers=answers).pick(), "default") == meant
