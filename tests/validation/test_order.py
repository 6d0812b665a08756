"""The order in which errors are told."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.engines import choice as engines
from enkash_contract.validation.order import in_order

SCHEMA: dict[str, Any] = {
    "required": ["z", "y"],
    "properties": {
        "b": {"maxLength": 1, "type": "integer", "pattern": "x"},
        "a": {"type": "integer"},
        "list": {
            "items": {
                "additionalProperties": {"type": "integer"},
                "properties": {"d": {"type": "null"}},
                "type": "object",
            },
            "minItems": 9,
        },
        "both": {"allOf": [{"maxLength": 1}, {"type": "integer"}], "maxLength": 0},
    },
    "additionalProperties": False,
}
VALUE = {
    "more": 1,
    "a": "aa",
    "list": [{"c": "", "d": 1, "b": ""}, {}, 5],
    "both": "aa",
    "b": "bb",
}
EXPECTED = """
    : required
    : required
    b: properties/b/maxLength
    b: properties/b/type
    b: properties/b/pattern
    a: properties/a/type
    list/0/c: properties/list/items/additionalProperties/type
    list/0/d: properties/list/items/properties/d/type
    list/0/b: properties/list/items/additionalProperties/type
    list/2: properties/list/items/type
    list: properties/list/minItems
    both: properties/both/allOf/0/maxLength
    both: properties/both/allOf/1/type
    both: properties/both/maxLength
    : additionalProperties
"""


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_errors_are_told_in_the_order_of_the_document(engine: str) -> None:
    """Items and further members in that of the payload, all errors of one before the next."""
    errors = list(engines.compiled(SCHEMA, engine).iter_errors(VALUE))
    told = [
        f"{'/'.join(map(str, error.instance_path))}: {'/'.join(map(str, error.schema_path))}"
        for error in in_order(errors, SCHEMA, VALUE)
    ]
    assert told == [line.strip() for line in EXPECTED.strip().splitlines()]


def test_one_error_is_in_order() -> None:
    """Nothing is looked up for it."""
    errors = list(engines.compiled({"type": "null"}).iter_errors(1))
    assert in_order(errors, None, None) is errors
