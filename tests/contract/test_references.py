"""References in YAML are found where OpenAPI has them, each with the kind that it names."""

from __future__ import annotations

import pytest

from enkash_contract.contract.references import PATH_ITEM, references
from enkash_contract.contract.yaml_nodes import parse


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("schema: {$ref: a}", [("a", "schemas", ("schema",))]),
        ("properties: {$ref: {$ref: a}}", [("a", "schemas", ("properties", "$ref"))]),
        ("properties: {items: {$ref: a}}", [("a", "schemas", ("properties", "items"))]),
        ("allOf: [{}, {$ref: a}]", [("a", "schemas", ("allOf", 1))]),
        ("responses: {'200': {$ref: a}}", [("a", "responses", ("responses", "200"))]),
        ("x-outcome: {$ref: a}", [("a", "x-outcomes", ("x-outcome",))]),
        ("paths: {/a: {$ref: a}}", [("a", PATH_ITEM, ("paths", "/a"))]),
        ("webhooks: {paid: {$ref: a}}", [("a", PATH_ITEM, ("webhooks", "paid"))]),
        ("{example: {$ref: a}, const: {$ref: b}, enum: [{$ref: c}]}", []),
        ("schema: {$ref: 1}", []),
        ("text", []),
    ],
)
def test_references_name_a_kind(
    text: str, found: list[tuple[str, str, tuple[str | int, ...]]]
) -> None:
    """A name, an example and a value are none, even if they are written as one."""
    root = parse(text.encode(), "a.yaml")
    assert [(node.value, kind, at) for node, kind, at in references(root)] == found
