"""The formats of integers are bounds to everything that judges or generates."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.integers import stated_as, with_bounds


@pytest.mark.parametrize(
    ("schema", "bounded"),
    [
        ({"type": "integer"}, {"type": "integer"}),
        ({"format": "date"}, {"format": "date"}),
        (
            {"type": "integer", "format": "int32", "x-a": 1},
            {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1, "x-a": 1},
        ),
        ({"format": "int64"}, {"minimum": -(2**63), "maximum": 2**63 - 1}),
        ({"format": "int32", "minimum": 1}, {"minimum": 1, "maximum": 2**31 - 1}),
        ({"format": "int32", "maximum": 9}, {"minimum": -(2**31), "maximum": 9}),
    ],
)
def test_a_format_is_two_bounds(schema: dict[str, Any], bounded: dict[str, Any]) -> None:
    """They stand in its place, unless the schema has its own."""
    assert with_bounds(schema) == bounded


def test_a_bound_is_stated_as_the_format_that_it_comes_from() -> None:
    """Only the bounds that are the schema's own are stated as such."""
    schema = {"type": "integer", "format": "int32", "minimum": 1}
    stated = {keyword: stated_as(keyword, schema) for keyword in ("type", "minimum", "maximum")}
    assert stated == {"type": "type", "minimum": "minimum", "maximum": "format"}
