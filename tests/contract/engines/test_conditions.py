"""A condition is one rule, whatever of what it demands is not there."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.engines import choice
from enkash_contract.contract.engines.choice import has_condition

REPLY = {
    "type": "object",
    "properties": {"kind": {"type": "string"}, "then": {"type": "integer"}},
    "if": {"required": ["reply"], "properties": {"reply": {"const": "REJECT"}}},
    "then": {"required": ["why", "kind"], "properties": {"kind": {"const": "OFF"}}},
}
WITHIN = {"properties": {"list": {"type": "array", "items": {"allOf": [REPLY]}}}}


@pytest.mark.parametrize("engine", choice.ENGINES)
@pytest.mark.parametrize(
    ("schema", "value", "errors"),
    [
        (REPLY, {"reply": "ACCEPT"}, []),
        (REPLY, {"reply": "REJECT", "why": "", "kind": "OFF"}, []),
        (REPLY, {"reply": "REJECT"}, [([], ["if"])]),
        (REPLY, {"reply": "REJECT", "kind": "ON"}, [([], ["if"])]),
        (REPLY, {"then": "x"}, [(["then"], ["properties", "then", "type"])]),
        (
            WITHIN,
            {"list": [{"reply": "REJECT"}, {}, {"reply": "REJECT"}]},
            [(["list", at], ["properties", "list", "items", "allOf", 0, "if"]) for at in (0, 2)],
        ),
    ],
)
def test_a_condition_is_broken_once(
    engine: str, schema: Any, value: Any, errors: list[tuple[Any, Any]]
) -> None:
    """Both engines lead to the keyword `if`, in the value that the condition is about."""
    compiled = choice.compiled(schema, engine)
    found = [
        ([*error.instance_path], [*error.schema_path]) for error in compiled.iter_errors(value)
    ]
    assert found == errors
    assert compiled.is_valid(value) == (not errors)
    assert all(
        error.kind.property is None
        for error in compiled.iter_errors(value)
        if "if" in error.schema_path
    )


@pytest.mark.parametrize(
    ("schema", "has"),
    [(REPLY, True), (WITHIN, True), ({"allOf": [{"type": "string"}]}, False), (True, False)],
)
def test_a_condition_is_found_wherever_it_stands(schema: Any, has: object) -> None:
    """Within lists and members as well."""
    assert has_condition(schema) is has
