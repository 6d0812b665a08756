"""Families that go to the edge of a keyword without crossing it."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.keywords import CONSTRAINTS
from enkash_contract.generation.families import accept, reject
from enkash_contract.wire.spelling import Spelled
from tests.support.families import Named, families_in, offered

ASTRAL = "𠮷"
MANY = 10**40


def test_only_keywords_are_stretched() -> None:
    """Each row of the table is of a keyword that is a rule, and has a family."""
    assert set(accept.ACCEPT) < CONSTRAINTS
    assert all(accept.ACCEPT.values())


def test_what_is_unsettled_stands_in_the_table() -> None:
    """No family is called unsettled that is not used."""
    assert families_in(accept.ACCEPT) > accept.NO_EDGE > accept.UNSETTLED
    assert {family.__name__ for family in accept.UNSETTLED} == {
        "another_value",
        "blank_on_bound",
        "more_objects",
        "no_items",
        "nothing_inside",
        "wide_integers",
        "spelled_otherwise",
        "unusual_texts",
    }


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        (
            "required",
            {},
            "x",
            {
                "false": False,
                "zero": 0,
                "empty-string": "",
                "empty-list": [],
                "empty-object": {},
                "null": None,
            },
        ),
        (
            "anyOf",
            {"anyOf": [{"type": "integer", "minimum": 4}, {"type": "null"}]},
            None,
            {"schema-1": 4, "schema-2": None},
        ),
        ("oneOf", {"oneOf": [{"const": "A"}]}, "A", {"schema-1": "A"}),
        ("type", {"type": "string"}, "x", {"another": "0"}),
        ("type", {"type": "string"}, "10", {"another": "11"}),
        ("type", {"type": "string"}, "", {}),
        ("type", {"type": "string", "enum": ["x"]}, "x", {}),
        ("type", {"type": "string", "examples": ["x"]}, "x", {}),
        ("type", {"type": "boolean"}, True, {}),
        ("type", {"type": "number"}, 1.5, {}),
        (
            "type",
            {"type": ["null", "integer"]},
            -2,
            {
                "another": -1,
                "two-to-31": 2147483648,
                "two-to-53": 9007199254740992,
                "two-to-63": 9223372036854775808,
                "ten-to-40": MANY,
                "minus-zero": Spelled("-0"),
                "exponent": Spelled("-2e0"),
                "decimal-point": Spelled("-2.0"),
            },
        ),
        (
            "type",
            {"type": ["null", "integer"], "minimum": 4},
            None,
            {
                "another": 5,
                "two-to-31": 2147483648,
                "two-to-53": 9007199254740992,
                "two-to-63": 9223372036854775808,
                "ten-to-40": MANY,
                "minus-zero": Spelled("-0"),
                "exponent": Spelled("4e0"),
                "decimal-point": Spelled("4.0"),
            },
        ),
        ("minimum", {"minimum": 3}, 5, {"on-bound": 3}),
        ("maximum", {"maximum": 3}, 1, {"on-bound": 3}),
        ("exclusiveMinimum", {"exclusiveMinimum": 3}, 5, {"one-inside": 3.5}),
        ("exclusiveMaximum", {"exclusiveMaximum": 3, "type": "integer"}, 1, {"one-inside": 2}),
        ("enum", {"enum": ["A", 2]}, "A", {"value-1": "A", "value-2": 2}),
        ("minItems", {"minItems": 1}, [1, 2], {"on-bound": [1]}),
        ("maxItems", {"maxItems": 2, "items": {"const": 9}}, [1], {"on-bound": [1, 9]}),
        (
            "additionalProperties",
            {"additionalProperties": True},
            {},
            {"unknown-member": {reject.EXTRA: "x"}},
        ),
        ("additionalProperties", {"additionalProperties": False}, {}, {}),
    ],
)
def test_how_a_keyword_is_stretched(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """Each keyword with an edge is gone to the edge of, and not across."""
    odd = accept.NO_EDGE - accept.UNSETTLED
    table = {
        key: tuple(family for family in row if family not in odd)
        for key, row in accept.ACCEPT.items()
    }

    assert offered(table, keyword, schema, right) == named


@pytest.mark.parametrize(
    ("items", "right", "family"),
    [
        ({"type": "string"}, ["a"], accept.more_items),
        ({}, ["a"], accept.more_items),
        ({"properties": {"a": {}}}, [{"a": "b"}], accept.more_objects),
        ({"allOf": [{"type": "object"}]}, [{"a": "b"}], accept.more_objects),
        ({"type": ["object", "null"]}, [], accept.more_objects),
    ],
)
def test_longer_lists_are_settled_only_where_their_items_are_plain(
    items: Any, right: list[Any], family: Any
) -> None:
    """A server may look up, compare or add up the objects of a list."""
    longer = (accept.more_items, accept.more_objects)
    offering = [one for one in longer if [*one({"items": items}, right)] or [*one({}, {})]]

    assert offering == [family]
