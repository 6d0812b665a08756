"""Schemas made narrower: what they accept is valid, and was looked at whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.contract.engines import choice as engines
from enkash_contract.validation.closed import closed
from tests.support.drawn_schemas import JSON_VALUES, PLAIN, arrays, objects

VALUES = JSON_VALUES | st.text(min_size=1, max_size=26) | st.floats(-600, 600) | st.just(10**5000)


def accepts(schema: Any, value: Any) -> bool:
    """Return whether the engine finds a value valid, and has read it."""
    try:
        return engines.compiled(schema).is_valid(value)
    except ValueError:
        return False


@given(objects(PLAIN | arrays(PLAIN)) | arrays(PLAIN) | PLAIN, VALUES)
@example({"type": ["string", "null"], "pattern": "^[^a]{0,1}$"}, None)
@example({"type": ["string", "integer"], "pattern": "^[^a]{0,1}$", "minimum": 0}, "a")
@example({"type": "object", "properties": {"a": {"type": "null"}}, "required": ["a"]}, {})
def test_what_a_closed_schema_accepts_is_valid(schema: Any, value: Any) -> None:
    """It may refuse what is valid, but not the other way round."""
    for is_json in (False, True):
        narrow = closed(schema, is_json=is_json)
        assert narrow is None or not accepts(narrow, value) or accepts(schema, value)


CHARACTERS = st.sampled_from(
    ['"', "\\", "a", "\n", "\u2028", "\U0001f600", "^", "]", "-", "e\u0301"]
)


@given(st.lists(CHARACTERS, max_size=5).map("".join), st.integers(0, 2), st.integers(2, 4))
def test_a_search_for_what_is_forbidden_decides_as_the_pattern_does(
    text: str, least: int, most: int
) -> None:
    """Also of characters that take two units or four bytes."""
    schema = {"type": "string", "pattern": f'^[^\\\\"]{{{least},{most}}}$'}
    narrow = closed(schema)
    assert narrow is not None
    assert "pattern" not in narrow
    assert accepts(narrow, text) is accepts(schema, text)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, {"type": "string", "not": {"enum": ["\0"]}}),
        (
            {"type": "string", "pattern": '^[^\\\\"]{1,50}$', "minLength": 2, "maxLength": 9},
            {"type": "string", "not": {"pattern": '[\\\\"]'}, "minLength": 2, "maxLength": 9},
        ),
        (
            {"type": "string", "pattern": "^[^ ]{1,50}$"},
            {"type": "string", "not": {"pattern": "[ ]"}, "minLength": 1, "maxLength": 50},
        ),
        ({"type": "string", "pattern": "^[^a-z]{1,5}$"}, None),
        ({"type": "string", "pattern": "^[^[:alpha:]&&x]{1,5}$"}, None),
        ({"type": "string", "pattern": "^[^\\d]{1,5}$"}, None),
        ({"type": "string", "pattern": "[^a]{1,5}"}, None),
        ({"type": ["string", "null"], "pattern": "^[^a]{1,5}$"}, None),
        (
            {"type": "integer", "minimum": 1},
            {"type": "integer", "minimum": 1, "not": {"enum": [0, "\0"]}},
        ),
        (
            {"type": "object", "properties": {"a": {"type": "null"}}, "required": ["a"]},
            {
                "type": "object",
                "properties": {"a": {"type": "null"}},
                "additionalProperties": False,
                "minProperties": 1,
            },
        ),
        (
            {"type": "object", "properties": {"a": {"type": "null"}}},
            {
                "type": "object",
                "properties": {"a": {"type": "null"}},
                "additionalProperties": False,
            },
        ),
    ],
)
def test_what_a_closed_schema_accepts_is_valid_examples(schema: Any, expected: Any) -> None:
    """Patterns of one list of forbidden characters are searched for; all others stay."""
    assert closed(schema) == (schema if expected is None else expected)


def test_a_value_that_was_json_need_not_be_looked_at_twice() -> None:
    """A reader has made sure that each text has characters, and each number its digits."""
    items = [{"type": "string"}, {"type": "integer", "minimum": 1}]
    for schema in items:
        whole = {"type": "array", "items": schema}
        assert closed(whole, is_json=True) == whole
        assert closed(whole) != whole
