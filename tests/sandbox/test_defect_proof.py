"""Proofs of defects: a misreading is one only if a request shows the difference by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.sandbox.defect_proof import baseline, candidates, ignoring, located, look
from enkash_contract.wire.message import Request
from enkash_contract.wire.pointer import ABSENT
from tests.support.keyword_cases import in_object
from tests.support.misread import LABEL
from tests.support.small_documents import PATH, small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

TEXT = {"type": "string", "minLength": 2}


def operation_of(folder: Path, schema: dict[str, Any], example: Any) -> Operation:
    """Return the operation of a small document with one member, `it`."""
    return small(folder, in_object(schema), example={"it": example}).pick()


def sent(body: bytes) -> Request:
    """Return the request with that body."""
    return Request("POST", PATH, (LABEL,), body)


@pytest.mark.parametrize(
    ("body", "rules", "payload"),
    [
        (b'{"it":"ab"}', set(), {"it": "ab"}),
        (b'{"it":"a"}', {"request/it#minLength"}, {"it": "a"}),
        (b'{"it":"ab","it":"abc"}', {"request#duplicate-names"}, {"it": "abc"}),
        (b"{", {"request#json"}, ABSENT),
        (b"\xff", {"request#encoding"}, ABSENT),
        (b'{"it":"\\ud800"}', {"request#encoding"}, {"it": "\ud800"}),
    ],
)
def test_all_of_a_request_is_seen(
    tmp_path: Path, body: bytes, rules: set[str], payload: Any
) -> None:
    """Every rule that it breaks, and the payload where the bytes can be read as one."""
    seen = look(operation_of(tmp_path, TEXT, "ab"), sent(body))
    assert ({rule.id for rule in seen.rules}, seen.payload) == (rules, payload)


def test_every_witness_shows_its_rule_alone(tmp_path: Path) -> None:
    """It breaks that rule and no other, or none; the misreading decides otherwise on it."""
    operation = operation_of(tmp_path, {**TEXT, "pattern": "^[a-z]*$"}, "abc")
    for rule in operation.rules.values():
        for candidate in candidates(operation, rule) if rule.side == "request" else ():
            if candidate.witness is not None:
                seen = look(operation, candidate.witness)
                assert seen.rules <= {rule}
                assert bool(candidate.judge(seen)) is not bool(seen.broken)


def test_without_an_accepted_baseline_nothing_is_proven(tmp_path: Path) -> None:
    """A misreading that rejects the document's own example has no witness."""
    operation = operation_of(tmp_path, {"type": "integer"}, 2**40)
    found = {
        candidate.name: candidate.witness
        for candidate in candidates(operation, operation.rules["request/it#type"])
    }
    assert found["beyond-31-bits-refused"] is None
    assert found["beyond-53-bits-refused"] is not None


def test_a_rule_that_is_ignored_leaves_the_others(tmp_path: Path) -> None:
    """Only its own violations are dropped; a request that does not break it stays as it is."""
    operation = operation_of(tmp_path, {**TEXT, "pattern": "^[a-z]*$"}, "abc")
    short, pattern = (operation.rules[f"request/it#{name}"] for name in ("minLength", "pattern"))
    both, valid = look(operation, sent(b'{"it":"1"}')), baseline(operation)[1]

    assert [one.rule for one in ignoring(short, both)] == [pattern]
    assert ignoring(short, valid) is valid.broken


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ((), [{"a": [1, 2], "b": {"c": 3}}]),
        (("allOf", 0, "properties", "a", "items"), [1, 2]),
        (("properties", "b", "additionalProperties"), [3]),
        (("properties", "b", "properties", "d"), []),
        (("properties", "absent"), []),
    ],
)
def test_the_values_that_a_schema_applies_to(path: tuple[Any, ...], values: list[Any]) -> None:
    """They are found by the schema's place in the document."""
    schema = {
        "allOf": [{"properties": {"a": {"items": {}}}}],
        "properties": {
            "absent": {},
            "b": {"properties": {"d": {}}, "additionalProperties": {}},
        },
    }
    payload = json.loads('{"a": [1, 2], "b": {"c": 3}}')
    assert list(located(schema, path, payload)) == values
