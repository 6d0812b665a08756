"""Schemas of which no value is known to be right."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.unpublished import is_unpublished

NONE: dict[str, Any] = {"type": "object", "x-known-good": False}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (NONE, True),
        ({"type": "array", "items": NONE}, True),
        ({"properties": {"a": NONE}, "required": ["a"]}, True),
        ({"properties": {"a": NONE}, "required": ["b"]}, False),
        ({"properties": {"a": NONE}}, False),
        ({"allOf": [{}, {"items": NONE}]}, True),
        ({"type": "object", "x-known-good": {"type": "object"}}, False),
        ({}, False),
    ],
)
def test_no_value_is_known_where_a_part_that_must_be_there_has_none(
    schema: dict[str, Any],
    expected: bool,  # noqa: FBT001
) -> None:
    """An optional member may be left out, so what is not known of it spoils nothing."""
    assert is_unpublished(schema) is expected
