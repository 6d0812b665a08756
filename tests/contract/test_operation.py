"""One operation: its sides, its rules, and its JSON Schema for other validators."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.contract.evidence import Level
from enkash_contract.errors import UsageError
from tests.support.second_document import second

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.contract.operation import Operation


def test_an_operation_says_what_it_is(tmp_path: Path, operation: Operation) -> None:
    """Method, path, summary and outcomes are those of the document; the id stands in for words."""
    others = second(tmp_path)
    assert [(each.method, each.path, each.summary) for each in (operation, *others.values())] == [
        ("POST", "/api/v0/invoice/req-status-change-invoice", "Change the status of an invoice"),
        ("PUT", "/things", "Open a thing"),
        ("POST", "/things/closed", "closeThing"),
    ]
    assert others["openThing"].outcomes == {
        "accepted": {"properties": {"status": {"const": 204}}},
        "rejected": {"properties": {"status": {"const": 400}}},
        "error": True,
    }


def test_an_operation_has_sides(operation: Operation, tmp_path: Path) -> None:
    """The request, and each response that carries something; a bare name means the first."""
    assert list(operation.sides) == ["request", "response.200", "response.4XX"]
    assert list(second(tmp_path)["openThing"].sides) == ["request"]
    assert operation.request is operation.side("request")
    assert operation.side("response") is operation.side("response.200")
    assert repr(operation.request) == "<Side request: application/json, 62 rules>"


@pytest.mark.parametrize(
    ("status", "name"),
    [(200, "response.200"), (400, "response.4XX"), (499, "response.4XX"), (201, None), (500, None)],
)
def test_the_side_of_a_status_is_its_own_or_its_range(
    operation: Operation, status: int, name: str | None
) -> None:
    """An exact status comes before a range; for others nothing is documented."""
    side = operation.response(status)
    assert (side.name if side else None) == name


def test_a_side_that_is_not_there_names_those_that_are(
    operation: Operation, tmp_path: Path
) -> None:
    """The message says which there are, also where no response carries anything."""
    with pytest.raises(UsageError) as raised:
        operation.side("answer")
    assert str(raised.value) == (
        "changeInvoiceStatus has no side 'answer'; it has request, response.200, response.4XX"
    )
    with pytest.raises(UsageError) as raised:
        second(tmp_path)["openThing"].side("response")
    assert str(raised.value) == "openThing has no side 'response'; it has request"


TAG = "request/device/tag"


@pytest.mark.parametrize(
    ("rule_id", "hint"),
    [
        (
            "request/device/tag/nam#type",
            f"did you mean {TAG}/name#type or {TAG}#type or {TAG}/value#type?",
        ),
        ("nothing", "`enkash-contract rules` lists them"),
        (
            "tag/nam",
            f"did you mean {TAG}/name#required or {TAG}/name#type or {TAG}/name#minLength?",
        ),
    ],
)
def test_a_rule_that_is_not_there_names_the_nearest(
    operation: Operation, rule_id: str, hint: str
) -> None:
    """Ids are long and typed by hand."""
    with pytest.raises(UsageError) as raised:
        operation.rule(rule_id)
    assert str(raised.value) == f"changeInvoiceStatus has no rule {rule_id!r}; {hint}"


def test_the_rules_of_a_member_are_found_by_its_name_or_a_glob(operation: Operation) -> None:
    """An id is itself, whatever else it may match; a name of nothing is an error."""
    ids = [rule for rule in operation.rules if rule.startswith("request/b2bIds/buyerB2BId#")]

    def found(wish: str) -> list[str]:
        return [rule.id for rule in operation.rules_of(wish)]

    assert found("buyerB2BId") == found("request/b2bIds/buyer*") == ids
    assert found(ids[0]) == ids[:1]
    for nothing in ("zzz*", "", "buyer"):
        with pytest.raises(UsageError, match="has no rule"):
            operation.rules_of(nothing)


def test_a_rule_is_found_by_its_id(operation: Operation) -> None:
    """The id that a message quotes leads back to the rule."""
    for rule_id, rule in operation.rules.items():
        assert operation.rule(rule_id) is rule
        assert rule.id == rule_id


def test_a_side_finds_its_rules_by_their_place_in_the_schema(operation: Operation) -> None:
    """A keyword leads to its rules: one, or one for each required member."""
    by_path = operation.request.by_path
    ids = [rule.id for rule in by_path["properties", "b2bIds", "required"]]
    assert ids == [
        "request/b2bIds/buyerB2BId#required",
        "request/b2bIds/supplierB2BId#required",
    ]
    assert sorted(rule.id for rules in by_path.values() for rule in rules) == sorted(
        rule.id for rule in operation.request.rules
    )


def test_the_described_members_are_those_that_rules_speak_of(operation: Operation) -> None:
    """They are never secrets by their names, on whichever side they stand."""
    assert {"b2bIds", "buyerB2BId", "response_code"} <= operation.described
    assert "password" not in operation.described


def test_an_operation_is_shown_as_a_sentence(operation: Operation) -> None:
    """Its schemas, of which a test's failure would print thousands of characters, are left out."""
    assert repr(operation) == (
        "<Operation changeInvoiceStatus: POST /api/v0/invoice/req-status-change-invoice, "
        f"{len(operation.rules)} rules>"
    )


def contracts(folder: Path) -> list[Contract]:
    """Return the bundled contract and the second one."""
    return [bundled(), second(folder)]


def keys(schema: Any) -> Iterator[str]:
    """Yield the keywords of a schema and of all schemas in it."""
    yield from schema
    for name in ("properties",):
        for inner in schema.get(name, {}).values():
            yield from keys(inner)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from keys(schema[name])
    for name in ("allOf", "anyOf", "oneOf"):
        for inner in schema.get(name, ()):
            yield from keys(inner)


@pytest.mark.parametrize("level", Level)
def test_a_json_schema_stands_by_itself(tmp_path: Path, level: Level) -> None:
    """Any validator can use it: valid by its metaschema, without references or extensions."""
    for contract in contracts(tmp_path):
        for operation in contract.values():
            for side in operation.sides:
                schema = operation.json_schema(side, fail_on=level)
                jsonschema.Draft202012Validator.check_schema(schema)
                assert [key for key in keys(schema) if key == "$ref" or key.startswith("x-")] == []


def test_a_json_schema_says_what_it_is_of(operation: Operation) -> None:
    """It names its dialect, and the operation and side."""
    schema = operation.json_schema("response")
    assert (schema["$schema"], schema["title"]) == (
        "https://json-schema.org/draft/2020-12/schema",
        "changeInvoiceStatus response.200",
    )


def test_a_json_schema_may_be_changed_by_its_owner(operation: Operation) -> None:
    """It is a copy: what is done to it is not done to the contract."""
    before = copy.deepcopy(operation.json_schema())
    operation.json_schema()["properties"]["device"].clear()
    assert operation.json_schema() == before
