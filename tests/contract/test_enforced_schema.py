"""A schema with only the rules that are known well enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from enkash_contract.contract.enforced_schema import enforced
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.contract.rules import Rule
from enkash_contract.place import Place
from enkash_contract.validation.validate import is_valid

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.yaml_nodes import Tokens

KNOWN, ASSUMED = Evidence(Level.DOCUMENTED), Evidence(Level.ASSUMED)


def rule(*path: str | int, value: Any = None, evidence: Evidence = KNOWN) -> Rule:
    """Return a rule whose keyword stands at `path` within the schema."""
    return Rule("", "request", "", str(path[-1]), value, evidence, Place("a.yaml", 1), {}, path)


def weak(*path: str | int, value: Any = None) -> Rule:
    """Return such a rule that is only assumed."""
    return rule(*path, value=value, evidence=ASSUMED)


@pytest.mark.parametrize(
    ("schema", "rules", "expected"),
    [
        ({"title": "a", "default": 1, "x-note": 2}, [], {"title": "a", "default": 1}),
        (
            {"minimum": 1, "maximum": 2},
            [rule("minimum"), weak("maximum")],
            {"minimum": 1},
        ),
        ({"enum": [{"x-note": 1}]}, [rule("enum")], {"enum": [{"x-note": 1}]}),
        (
            {"required": ["a", "b"]},
            [rule("required", value="a"), weak("required", value="b")],
            {"required": ["a"]},
        ),
        ({"required": ["a"]}, [weak("required", value="a")], {}),
        ({"additionalProperties": False}, [weak("additionalProperties")], {}),
        (
            {"additionalProperties": {"const": 1, "type": "integer"}},
            [weak("additionalProperties", "const"), rule("additionalProperties", "type")],
            {"additionalProperties": {"type": "integer"}},
        ),
        (
            {"properties": {"x-a": {"const": 1}}},
            [weak("properties", "x-a", "const")],
            {"properties": {"x-a": {}}},
        ),
        (
            {"allOf": [{"const": 1}, {"type": "integer"}]},
            [weak("allOf", 0, "const"), rule("allOf", 1, "type")],
            {"allOf": [{}, {"type": "integer"}]},
        ),
        (
            {"anyOf": [{"const": 1, "x-note": 2, "items": {"type": "null", "x-note": 3}}]},
            [rule("anyOf"), weak("anyOf", 0, "const")],
            {"anyOf": [{"const": 1, "items": {"type": "null"}}]},
        ),
        ({"oneOf": [{"const": 1}]}, [weak("oneOf")], {}),
    ],
)
def test_a_rule_below_the_level_is_left_out(
    schema: dict[str, Any], rules: list[Rule], expected: dict[str, Any]
) -> None:
    """So are extensions; a choice is kept or left out with everything inside it."""
    by_path: dict[Tokens, list[Rule]] = {}
    for each in rules:
        by_path.setdefault(each.path, []).append(each)
    assert enforced(schema, by_path, Level.SIBLING) == expected


PAYLOADS: list[Any] = [
    {},
    [],
    None,
    {"device": {}},
    {"b2bIds": {"buyerB2BId": 'a"', "supplierB2BId": "b"}},
    {"invoiceStatus": {"objectId": "INV"}},
]


@pytest.mark.parametrize("level", Level)
def test_a_json_schema_judges_as_the_contract_does(
    operation: Operation, payload: Any, level: Level
) -> None:
    """The schema rejects just the payloads that break a rule at or above the level."""
    judge = jsonschema.Draft202012Validator(operation.json_schema(fail_on=level.value))
    versions = payload["invoiceStatus"] | {"objectVersion": {"currentVersion": 0}}
    broken = [*PAYLOADS, payload | {"invoiceStatus": versions}, payload | {"device": {"tag": {}}}]
    for candidate in (payload, *broken):
        assert judge.is_valid(candidate) == is_valid(candidate, fail_on=level)
