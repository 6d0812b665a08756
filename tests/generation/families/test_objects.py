"""Families of what is demanded of members together: their number, and conditions."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.generation.families import accept, reject
from enkash_contract.generation.families.objects import beside_a_condition
from enkash_contract.wire.pointer import ABSENT

COUNTED = {
    "type": "object",
    "properties": {name: {"const": name} for name in "abc"},
    "required": ["b"],
    "minProperties": 2,
    "maxProperties": 3,
}
REPLY = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["OFF", "ON"]},
        "reply": {"enum": ["ACCEPT", "REJECT"]},
        "count": {"type": "integer"},
    },
    "if": {"required": ["reply"], "properties": {"reply": {"const": "REJECT"}}},
    "then": {
        "required": ["why"],
        "properties": {"kind": {"const": "OFF"}, "count": {"minimum": 0}, "free": {}},
    },
}


def offered(table: Any, keyword: str, schema: Any, valid: Any) -> dict[str, Any]:
    """Return what the families of a keyword offer, by name."""
    return {name: value for family in table[keyword] for name, value in family(schema, valid)}


@pytest.mark.parametrize(
    ("table", "keyword", "values"),
    [
        (reject.REJECT, "minProperties", {"one-under": {"b": 1}}),
        (accept.ACCEPT, "minProperties", {"on-bound": {"b": 1, "z": 2}}),
        (accept.ACCEPT, "maxProperties", {"on-bound": {"b": 1, "z": 2, "a": "a"}}),
        (
            reject.REJECT,
            "maxProperties",
            {"one-over": {"b": 1, "z": 2, "a": "a", "c": "c"}},
        ),
    ],
)
def test_members_are_counted(table: Any, keyword: str, values: dict[str, Any]) -> None:
    """Those required stay, then those of the valid value, and then those described."""
    assert offered(table, keyword, COUNTED, {"b": 1, "z": 2}) == values


def test_a_condition_is_met_and_one_demand_is_not() -> None:
    """Each demand by itself, with a value that the member may have otherwise."""
    valid = {"kind": "ON", "reply": "ACCEPT"}
    met = {"kind": "OFF", "reply": "REJECT", "count": 0, "free": "string"}
    assert offered(reject.REJECT, "if", REPLY, valid) == {
        "unmet-1": {**met, "kind": "ON"},
        "unmet-2": {**met, "count": -1},
        "unmet-3": met,
    }


def test_a_condition_is_kept_with_it_and_without() -> None:
    """What is demanded is there, or the condition does not hold."""
    valid = {"kind": "ON", "reply": "ACCEPT", "why": "x"}
    met = {"kind": "OFF", "reply": "REJECT", "why": "x", "count": 0, "free": "string"}
    beside = {**met, "reply": "ACCEPT"}
    assert offered(accept.ACCEPT, "if", REPLY, valid) == {
        "met": met,
        "without-condition-1": {**beside, "kind": "ON"},
        "without-condition-2": {**beside, "count": -1},
        "without-condition-3": {name: beside[name] for name in beside if name != "why"},
    }


@pytest.mark.parametrize("table", [reject.REJECT, accept.ACCEPT])
def test_only_objects_have_conditions(table: Any) -> None:
    """Of anything else there is nothing to change."""
    assert offered(table, "if", REPLY, ABSENT) == {}


def test_a_condition_is_broken_by_another_value_rather_than_by_none() -> None:
    """The member that the condition names and wants to be there may be required anyway."""
    schema: dict[str, Any] = {
        "properties": {"a": {"enum": ["x", "y"]}, "b": {"enum": ["x", "y"]}},
        "if": {"required": ["a"], "properties": {"a": {"const": "x"}}},
        "then": {"properties": {"b": {"const": "x"}}},
    }
    beside = dict(beside_a_condition(schema, {"a": "x", "b": "x"}))
    assert beside["without-condition-1"] == {"a": "y", "b": "y"}
