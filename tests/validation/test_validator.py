"""The compiled rules of one side of an operation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json
from tests.support.anything import nested
from tests.support.second_document import second
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path


def test_compiled_rules_are_kept(tmp_path: Path) -> None:
    """Judging many payloads compiles the schema once for each side and level."""
    operation = bundled().pick()
    assert validator(operation) is validator(operation)
    assert validator(operation) is not validator(operation, level=Level.SIBLING)
    assert validator(second(tmp_path)["openThing"]) is not validator(operation)


def test_the_engine_accepts_only_what_it_has_read() -> None:
    """A value too deep for it is not accepted: whether that is valid takes a closer look."""
    rules = validator(bundled().pick())
    payload = bundled().pick().request.example

    assert rules.accepts(payload)
    assert not rules.accepts([])
    assert not rules.accepts({**payload, "device": nested(300)})


def test_text_that_was_decoded_is_not_decoded_again() -> None:
    """The violations are the same ones, with their lines."""
    rules = validator(bundled().pick())
    for text in ('{"device":\n1}', '{"device":1,"device":{}}', "{", b"\xff"):
        decoded = strict_json.decode(text)
        assert [*rules.of_bytes(text, decoded)] == [*rules.of_bytes(text)] != []


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "a"),
        ({"type": "string", "pattern": "."}, "\0"),
        ({"type": "string", "enum": ["a"]}, "a"),
        ({"type": "integer"}, 0),
        ({"type": "integer", "minimum": 0}, 1),
        ({"type": "array", "items": {"type": "string"}}, ["a"]),
        ({"type": ["array", "null"], "items": {"type": "string"}}, None),
        ({"type": "object", "properties": {"a": {"type": "boolean"}}}, {"a": True}),
        ({"type": "object"}, {}),
    ],
)
def test_a_plain_value_is_surely_valid(tmp_path: Path, schema: Any, value: Any) -> None:
    """The engine alone decides on it, and the value is looked at only once."""
    rules = validator(small(tmp_path, schema).pick())
    assert rules.surely_valid(value) is True
    assert rules.accepts(value) is True


def test_the_example_of_the_document_is_surely_valid() -> None:
    """A payload of described members never takes the slow way."""
    operation = bundled().pick()
    for level in (FAIL_ON, Level.ASSUMED):
        rules = validator(operation, level=level)
        assert rules.surely_valid(operation.request.example) is True


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "allOf": [{"maximum": 5}]}, 10**5000),
        ({"type": "integer", "anyOf": [{"maximum": 5}]}, 10**5000),
        ({"type": "integer", "oneOf": [{"maximum": 5}]}, 10**5000),
        ({"type": "string", "allOf": [{"pattern": "."}]}, "\ud800"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {"a": "\ud800"}),
    ],
    ids=["allOf", "anyOf", "oneOf", "text", "further-members"],
)
def test_a_value_that_is_not_seen_whole_is_never_surely_valid(
    tmp_path: Path, schema: Any, value: Any
) -> None:
    """In a schema of several parts, the engine may pass over what it cannot read."""
    rules = validator(small(tmp_path, schema).pick())
    assert rules.surely_valid(value) is False
    assert rules.is_valid(value) is False


def test_a_value_that_the_engine_rejects_is_not_accepted() -> None:
    """Neither are those that it cannot read; both are False."""
    rules = validator(bundled().pick())
    assert rules.accepts({}) is False
    assert rules.accepts("\ud800") is False


@pytest.mark.parametrize("code", [0xD800, 0xDABC, 0xDFFF])
def test_a_lone_surrogate_counts_as_one_character(tmp_path: Path, code: int) -> None:
    """The engine cannot read it, but the rules on the length of the text hold for it."""
    character = chr(code)
    schema = {"type": "string", "minLength": 2, "maxLength": 3}
    rules = validator(small(tmp_path, schema).pick())
    broken = {
        text: [violation.rule.id for violation in rules.of_json(text)]
        for text in (character, character * 2, character * 3, character * 4)
    }
    assert list(broken.values()) == [
        ["request#minLength"],
        [],
        [],
        ["request#maxLength"],
    ]


@pytest.mark.parametrize("depth", [150, 300, 900])
def test_members_within_members_are_judged_at_any_depth(tmp_path: Path, depth: int) -> None:
    """An error holds the whole object, of which the engine is shown no more than it can read."""
    deep: Any = {}
    for _ in range(depth):
        deep = {"a": deep}
    schema = {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]}
    rules = validator(small(tmp_path, schema).pick())
    found = [violation.rule.id for violation in rules.of_json({"c": deep})]
    assert found == ["request/b#required"]


def test_no_secret_is_quoted(tmp_path: Path) -> None:
    """Those of a run are hidden by their value, in what is read as JSON and as bytes."""
    secrets = Secrets()
    secrets.add("hunter2-of-the-run")
    rules = validator(small(tmp_path, {"type": "integer"}).pick())
    value = "hunter2-of-the-run"
    raw = json.dumps(value)

    assert [one.actual for one in rules.of_json(value)] == [f"it is {raw}"]
    assert [one.actual for one in rules.of_json(value, secrets=secrets)] == ['it is "***"']
    assert [one.actual for one in rules.of_bytes(raw)] == [f"it is {raw}"]
    assert [one.actual for one in rules.of_bytes(raw, secrets=secrets)] == ['it is "***"']
