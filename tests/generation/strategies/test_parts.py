"""Schemas that must all hold are found in one schema, and read as if they were one."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.generation.strategies.parts import (
    are_disjoint,
    has_none,
    is_member_unpublished,
    kinds_of,
    of_member,
    parts_of,
    stated,
)

NESTED: dict[str, Any] = {
    "type": "string",
    "allOf": [{"maxLength": 3, "allOf": [{"pattern": "a"}]}, {}],
    "x-known-good": {"maxLength": 2},
}


def test_a_schema_is_cut_into_parts() -> None:
    """Those of `allOf`, at any depth, and what is known to be good."""
    parts = list(parts_of(NESTED))
    assert parts == [{"type": "string"}, {"maxLength": 3}, {"pattern": "a"}, {"maxLength": 2}]
    assert stated(parts, "maxLength") == [3, 2]


def test_of_a_schema_that_is_published_nowhere_no_value_is_known() -> None:
    """Nor of its items."""
    assert has_none(list(parts_of({"x-known-good": False})))
    assert has_none([{"type": "array", "items": {"x-known-good": False}}])
    assert not has_none(list(parts_of(NESTED)))


@pytest.mark.parametrize(
    ("types", "kinds"),
    [
        ([], ["string", "number", "boolean", "null", "object", "array"]),
        (["string"], ["string"]),
        ([["integer", "null"], "number"], ["integer"]),
        (["string", "null"], []),
    ],
)
def test_types_that_all_parts_allow(types: list[Any], kinds: list[str]) -> None:
    """A number is of one kind, unless only integers are allowed."""
    assert sorted(kinds_of([{"type": each} for each in types])) == sorted(kinds)


def test_alternatives_of_other_types_share_no_value() -> None:
    """An integer is a number."""
    assert are_disjoint([[{"type": "string"}], [{"type": "null"}]])
    assert not are_disjoint([[{"type": "number"}], [{"type": "integer"}]])


def test_a_member_has_the_schemas_of_all_parts() -> None:
    """None is left where one part forbids it."""
    described = {"properties": {"a": {"type": "null"}}}
    parts: list[dict[str, Any]] = [described, {"additionalProperties": {"title": "t"}}]
    assert of_member(parts, "a") == [{"type": "null"}, {"title": "t"}]
    assert of_member(parts, "b") == [{"title": "t"}]
    assert of_member([*parts, {"additionalProperties": False}], "a") is None
    assert not is_member_unpublished(parts, "a")
    assert is_member_unpublished([{"properties": {"a": {"x-known-good": False}}}], "a")
