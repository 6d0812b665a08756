"""Values known to be valid: the base, and the plainest values of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enkash_contract.errors import UsageError
from enkash_contract.generation import known_good
from enkash_contract.generation.known_good import item_list, plainest
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
from tests.support.drawn_schemas import PLAIN, Schema, arrays, objects, strings


def is_valid(schema: Schema, value: Any) -> bool:
    """Say whether `value` keeps `schema`, by the engine and not by the package."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)


# The base


def test_the_base_is_the_document_s_example(operation: Operation) -> None:
    """Without a payload the document's example is the base, and it is a copy."""
    base = known_good.base(operation)

    assert base == operation.request.example
    assert base is not operation.request.example


def test_the_base_is_built_where_there_is_no_example(tmp_path: Path) -> None:
    """A document without an example gets the plainest payload its schema allows."""
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    operation = small(tmp_path, schema).pick()

    assert known_good.base(operation) == {"name": "string"}


def test_pins_are_set_in_the_user_s_payload(operation: Operation) -> None:
    """Pins change the payload that is vouched for, and leave the user's own object alone."""
    mine = {"b2bIds": {"buyerB2BId": "A"}, "list": [1, 2]}
    pins = {"/b2bIds/buyerB2BId": "B", "/list/1": None, "/b2bIds/supplierB2BId": "C"}
    expected = {"b2bIds": {"buyerB2BId": "B", "supplierB2BId": "C"}, "list": [1, None]}

    assert known_good.base(operation, mine, pins) == expected
    assert mine == {"b2bIds": {"buyerB2BId": "A"}, "list": [1, 2]}


@pytest.mark.parametrize(
    "where",
    [
        "b2bIds",
        "/nowhere",
        "/nowhere/at/all",
        "/b2bIds/buyerB2Bid",
        "/device/tag",
        "/list/2",
        "/list/-1",
        "/list/x",
        "/text/deeper",
    ],
)
def test_a_pin_that_points_at_nothing(operation: Operation, where: str) -> None:
    """A pin that leads nowhere is refused with its own text and an example of a right one."""
    with pytest.raises(UsageError) as caught:
        known_good.base(operation, {"list": [1, 2], "text": "x", "b2bIds": {}}, {where: 1})

    assert str(caught.value) == (
        f"the pin {where!r} points at nothing in the payload; "
        "write it as a JSON Pointer, e.g. /b2bIds/buyerB2BId"
    )


def split(schema: Schema) -> Schema:
    """Say a schema in two parts that hold together; a closed object only holds as a whole."""
    if "additionalProperties" in schema:
        return {"allOf": [schema]}
    keys = list(schema)
    first = {key: schema[key] for key in keys[::2]}
    second = {key: schema[key] for key in keys[1::2]}
    return {"allOf": [{"allOf": [first]}, second]}


def combined(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """Draw schemas made of others."""
    other = st.sampled_from([{"type": "null"}, {"const": "nothing else is this"}])
    beside = st.fixed_dictionaries({"title": st.just("x")})
    return (
        arrays(inner)
        | objects(inner)
        | inner.map(split)
        | st.tuples(inner, other, beside).map(lambda all_: {**all_[2], "anyOf": [*all_[:2]]})
        | strings().map(lambda one: {"oneOf": [one, {"type": "null"}], "description": "x"})
    )


@given(st.recursive(PLAIN, combined, max_leaves=6))
@settings(max_examples=300)
def test_what_is_known_good_is_valid(schema: Schema) -> None:
    """A schema that something keeps is kept by the value called known good."""
    value = plainest(schema)
    assert is_valid(schema, value), (schema, value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({}, "string"),
        ({"properties": {"a": {"type": "boolean"}}}, {"a": True}),
        ({"const": None, "default": 1}, None),
        ({"default": 2, "examples": [1], "type": "integer"}, 2),
        ({"examples": [1], "enum": [3, 1], "type": "integer"}, 1),
        ({"enum": ["B", "A"]}, "B"),
        ({"type": "string", "minLength": 8}, "stringxx"),
        ({"type": "string", "maxLength": 3}, "str"),
        ({"type": "string", "pattern": "^[a-z]+$", "maxLength": 5}, "azaza"),
        ({"type": "string", "pattern": "^[a-z]*$", "minLength": 12}, "az" * 6),
        ({"type": "string", "pattern": "^(?:ab|cd)$"}, "string"),
        ({"type": "string", "pattern": "^.*$", "x-known-good": {"pattern": "^[a-b]{2}$"}}, "ab"),
        ({"type": "string", "format": "date-time"}, "2026-01-31T12:00:00Z"),
        ({"type": ["null", "string"]}, None),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 0.5}, 1),
        ({"type": "integer", "exclusiveMinimum": 0.5}, 1),
        ({"type": "integer", "exclusiveMinimum": 7, "minimum": 3}, 8),
        ({"type": "integer", "maximum": 3, "multipleOf": 5}, 0),
        ({"type": "integer", "minimum": 1, "multipleOf": 0.4}, 2),
        ({"type": "integer", "exclusiveMaximum": 1}, 0),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 0.3}, 0.15),
        ({"type": "number", "minimum": 19.985, "multipleOf": 0.01}, 19.99),
        ({"type": "number", "minimum": 2, "maximum": 1}, 2),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"type": "array", "maxItems": 0}, []),
        ({"type": "array", "items": {"type": "null"}, "minItems": 2}, [None, None]),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, None),
        (
            {"oneOf": [{"required": ["a"], "properties": {"a": {}}}], "type": "object"},
            {"a": "string"},
        ),
        (
            {"allOf": [{"minLength": 9, "maxLength": 20}, {"minLength": 2}], "maxLength": 30},
            "stringxxx",
        ),
        (
            {"allOf": [{"allOf": [{"minLength": 8}]}, {"allOf": [{"maxLength": 9}]}]},
            "stringxx",
        ),
        ({"allOf": [{"enum": [1, 2, 3]}, {"enum": [4, 3]}]}, 3),
        ({"allOf": [{"examples": [1]}, {"examples": [2]}]}, 2),
        (
            {
                "properties": {"a": {"minLength": 1}, "b": {"type": "null"}},
                "allOf": [{"properties": {"a": {"type": "string", "maxLength": 2}}}],
            },
            {"a": "st", "b": None},
        ),
    ],
)
def test_plainest_values(schema: Schema, value: Any) -> None:
    """The value chosen is the plainest one, and always the same."""
    assert plainest(schema) == value


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"type": "string"}, ["string", "strin1", "strin2"]),
        ({"type": "integer", "multipleOf": 5}, [5, 10, 15]),
        ({"enum": ["B", "A", "C"]}, ["B", "A", "C"]),
        ({"examples": [7, 8], "type": "integer"}, [7, 8, 7]),
        ({"type": "boolean"}, [True, False, True]),
        ({"type": "null"}, [None, None, None]),
    ],
)
def test_lists_of_distinct_items(items: Schema, expected: list[Any]) -> None:
    """Items that must be distinct are, as long as there are enough different right ones."""
    assert item_list({"items": items, "uniqueItems": True}, None, 3) == expected


def test_lists_keep_what_is_right_in_them() -> None:
    """A list is lengthened and shortened at its end, and never below nothing."""
    schema = {"items": {"type": "integer"}, "uniqueItems": True}

    assert item_list(schema, [2, 1], 4) == [2, 1, 3, 4]
    assert item_list(schema, [2, 1], 1) == [2]
    assert item_list(schema, [2, 1], -1) == []
    assert item_list({"items": {"const": 1}}, [2], 3) == [2, 1, 1]


def test_what_a_condition_demands_is_the_plainest() -> None:
    """Whatever matches `then` keeps the condition, whether it holds or not."""
    schema = {
        "type": "object",
        "properties": {"kind": {"enum": ["ON", "OFF"]}},
        "if": {},
        "then": {"properties": {"kind": {"const": "OFF"}}},
    }
    assert known_good.plainest(schema) == {"kind": "OFF"}
