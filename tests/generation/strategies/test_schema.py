"""From a schema to values: for every combination of keywords, and for the corners of each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from enkash_contract.contract.engines import choice as engines
from enkash_contract.generation.strategies.schema import from_schema
from tests.support.draws import by_jsonschema, draws, simplest


def words() -> st.SearchStrategy[dict[str, Any]]:
    """Generate schemas of strings."""
    bounds = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(sorted)
    counted = bounds.map(lambda two: {"minLength": two[0], "maxLength": two[1]})
    said = [
        "^[a-z]+$",
        "^A{2}[0-9]{1,3}b?$",
        r"^[^\\\"]{1,9}$",
        "^(?:a|bc)+$",
        "x",
        "^.*$",
        r"^\d+$",
    ]
    patterned = st.sampled_from([{"pattern": one} for one in said])
    formats = ["date", "date-time", "uuid", "email", "uri"]
    parts = st.sampled_from([{"format": one} for one in formats])
    return st.one_of(counted, patterned, parts, st.just({})).map(
        lambda one: {"type": "string"} | one
    )


def figures() -> st.SearchStrategy[dict[str, Any]]:
    """Generate schemas of numbers."""
    number = st.one_of(st.integers(-9, 9), st.sampled_from([0.5, -2.25, 7.1]))
    return st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={
            "minimum": number,
            "exclusiveMinimum": number,
            "maximum": number.map(lambda one: one + 12),
            "exclusiveMaximum": number.map(lambda one: one + 12),
            "multipleOf": st.sampled_from([1, 3, 0.5, 0.01, 2.5]),
        },
    )


def combined(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Generate schemas that hold others."""
    members = st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": members},
        optional={
            "required": st.lists(st.sampled_from("abcd"), max_size=2, unique=True),
            "additionalProperties": st.one_of(st.booleans(), inner),
            "minProperties": st.integers(0, 2),
            "maxProperties": st.integers(1, 4),
        },
    )
    lists = st.fixed_dictionaries(
        {"type": st.just("array")},
        optional={
            "items": inner,
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(1, 4),
            "uniqueItems": st.booleans(),
        },
    )
    several = st.lists(inner, min_size=1, max_size=2)
    choices = st.sampled_from(["allOf", "anyOf", "oneOf"])
    mixed = st.tuples(choices, several, st.one_of(st.just({}), inner)).map(
        lambda one: one[2] | {one[0]: one[1]}
    )
    return st.one_of(objects, lists, mixed)


SCHEMAS = st.recursive(
    st.one_of(
        words(),
        figures(),
        st.sampled_from(
            [
                {},
                {"type": "boolean"},
                {"type": "null"},
                {"type": ["string", "null"], "minLength": 2},
                {"enum": ["a", 1, None, [1]]},
                {"const": {"a": 1}},
                {"type": "string", "examples": ["a", "bc"]},
                {"type": "string", "x-known-good": {"pattern": "^[ab]{2}$"}},
            ]
        ),
    ),
    combined,
    max_leaves=5,
)


@settings(max_examples=100, suppress_health_check=[*HealthCheck])
@example({"allOf": [{"type": "object", "additionalProperties": False}], "required": ["a"]}, None)
@given(SCHEMAS, st.data())
def test_what_is_drawn_for_any_schema_is_right(schema: dict[str, Any], data: Any) -> None:
    """For every combination of the keywords, two judges accept what is drawn."""
    strategy = from_schema(schema)
    if strategy is None:
        # Nothing is known to be right, and the plainest try is not right by mistake.
        return
    for _ in range(5):
        value = data.draw(strategy)
        ours = engines.compiled(schema)
        assert ours.is_valid(value)
        assert by_jsonschema(schema, value)


OBJECT = {"type": "object"}

CORNERS: dict[str, dict[str, Any]] = {
    "bounded number": {"type": "number", "minimum": 0.1, "maximum": 0.2},
    "open number": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "bounds that are no floats": {"type": "number", "minimum": 2**53 + 1, "maximum": 2**53 + 3},
    "two lengths in one pattern": {
        "type": "string",
        "pattern": "^[a-c]{1,3}[0-9]{1,3}$",
        "maxLength": 3,
    },
    "a pattern and a length": {"type": "string", "pattern": "^A[a-c]+$", "maxLength": 3},
    "one pattern within another": {
        "type": "string",
        "allOf": [{"pattern": "^[^x]+$"}, {"pattern": "^[^xy]+$"}],
    },
    "a plain pattern within an open one": {
        "type": "string",
        "allOf": [{"pattern": "^[^x]+$"}, {"pattern": "^[ab]+$"}],
    },
    "two patterns, neither within the other": {
        "type": "string",
        "allOf": [{"pattern": "^[a-f]+$"}, {"pattern": "^[^a]+$"}],
    },
    "a very long string": {"type": "string", "minLength": 600},
    "what Python cannot read": {
        "type": "string",
        "pattern": r"^\p{Lu}$",
        "default": "A",
    },
    "a further member like a known one": {
        **OBJECT,
        "properties": {name: {"type": "null"} for name in "abcdefghijklmnopqrstuvwxyz"},
        "additionalProperties": {"type": "integer"},
    },
    "further members of which none is right": {
        **OBJECT,
        "additionalProperties": {"type": "string", "enum": [1]},
    },
    "a member that is never right": {
        **OBJECT,
        "properties": {"a": {"type": "string", "enum": [1]}, "b": {"type": "null"}},
    },
    "unprintable": {"type": "string", "pattern": "^[\\t\\n]{1,2}$"},
    "false first": {"type": "boolean", "default": False},
    "an empty list": {"type": "array", "items": {"type": "string", "enum": [1]}},
    "a list of distinct items": {
        "type": "array",
        "items": {"type": "object", "properties": {"a": {"type": "boolean"}}},
        "uniqueItems": True,
    },
    "a condition": {
        **OBJECT,
        "properties": {"a": {"enum": ["x", "y"]}, "b": {"type": "boolean"}},
        "required": ["a"],
        "if": {"properties": {"a": {"const": "y"}}},
        "then": {"required": ["b"]},
    },
    "a condition that always holds": {
        **OBJECT,
        "properties": {"a": {"type": "boolean"}},
        "if": {},
        "then": {"required": ["a"], "properties": {"a": {"const": True}}},
    },
    "counted members": {
        **OBJECT,
        "properties": {name: {"type": "boolean"} for name in "abcde"},
        "required": ["a"],
        "minProperties": 2,
        "maxProperties": 3,
    },
    "more members than are described": {**OBJECT, "minProperties": 3},
    "as many members as are required": {
        **OBJECT,
        "properties": {"a": {"type": "boolean"}},
        "required": ["a"],
        "maxProperties": 1,
    },
    "no blank": {"type": "string", "pattern": "^[^ ]{1,3}$"},
}

NOTHING: dict[str, dict[str, Any]] = {
    "no length": {"type": "string", "minLength": 3, "maxLength": 2},
    "no length for the pattern": {"type": "string", "pattern": "^[a]{3}$", "maxLength": 2},
    "no number": {"type": "number", "minimum": 1, "exclusiveMaximum": 1},
    "no whole number": {"type": "integer", "minimum": 0.1, "maximum": 0.9},
    "no type": {"allOf": [{"type": "string"}, {"type": "null"}]},
    "no list": {"type": "array", "minItems": 3, "maxItems": 2},
    "a member that may not be there": {
        **OBJECT,
        "allOf": [{"required": ["a"]}, {"additionalProperties": False}],
    },
    "no number of members": {**OBJECT, "minProperties": 3, "maxProperties": 2},
    "fewer members than are required": {**OBJECT, "required": ["a", "b"], "maxProperties": 1},
    "more members than may be there": {
        **OBJECT,
        "minProperties": 1,
        "additionalProperties": False,
    },
    "a condition on nothing": {
        "type": "string",
        "minLength": 2,
        "maxLength": 1,
        "if": {"const": "a"},
        "then": {"const": "a"},
    },
    "a pattern that Python cannot read": {"type": "string", "pattern": r"^\p{Lu}{2}$"},
}


@pytest.mark.parametrize("name", [*CORNERS])
def test_corners_are_drawn_right(name: str) -> None:
    """What is easily got wrong: bounds, patterns and members that bear on each other."""
    strategy = from_schema(CORNERS[name])
    engine = engines.compiled(CORNERS[name])

    assert strategy is not None
    assert [one for one in draws(strategy, 40) if not engine.is_valid(one)] == []


@pytest.mark.parametrize("name", [*NOTHING])
def test_where_nothing_is_right_nothing_is_drawn(name: str) -> None:
    """A schema that no value keeps, or whose values cannot be built, has no strategy."""
    assert from_schema(NOTHING[name]) is None


def test_a_member_that_is_shown_and_not_described_is_kept() -> None:
    """All that is known of it is what the example shows."""
    strategy = from_schema({"type": "object", "required": ["a"]}, {"a": [1]})
    assert strategy is not None
    assert {json.dumps(one) for one in draws(strategy, 20)} == {'{"a": [1]}'}


def test_an_unlisted_example_is_known_as_well() -> None:
    """What the request's example shows is right beside what the member lists."""
    strategy = from_schema({"type": "string", "examples": ["a"]}, "b")
    assert strategy is not None
    assert simplest(strategy, lambda _: True) == "b"
    assert {*draws(strategy, 20)} == {"a", "b"}


def test_an_optional_member_without_a_known_value_is_drawn_only_as_it_is_shown() -> None:
    """What must be there is built all the same, because nothing better is known."""
    unknown = {"type": "object", "x-known-good": False}
    members = {"a": unknown, "b": {"type": "array", "items": unknown}, "c": {"type": "null"}}
    schema = {"type": "object", "properties": members}
    shown, bare = from_schema(schema, {"a": {"x": 1}}), from_schema(schema)
    required = from_schema({**schema, "required": ["a"], "properties": {"a": unknown}})

    assert shown is not None
    assert bare is not None
    assert required is not None
    assert {json.dumps(one.get("a")) for one in draws(shown, 30)} == {'{"x": 1}', "null"}
    assert {name for one in draws(bare, 30) for name in one} == {"c"}
    assert draws(required, 1) == [{"a": {}}]
