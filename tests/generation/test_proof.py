"""Proofs: one value is put into a payload, and the final bytes say which rules it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.generation.proof import base_of, goes_along, put_and_prove, shows, valid_draft
from enkash_contract.wire.draft import Draft
from enkash_contract.wire.pointer import ABSENT
from enkash_contract.wire.spelling import compact
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

LENGTH = {"type": "object", "properties": {"a": {"type": "string", "minLength": 2}}}
TOO_SHORT = "request/a#minLength"


def test_a_valid_draft_is_the_plainest_way_to_send_a_payload(operation: Operation) -> None:
    """Method, path and label are those of the operation, and the body is compact JSON."""
    assert valid_draft(operation, operation.request, {"a": 1}) == Draft(
        "POST", "application/json", b'{"a":1}', operation.path
    )


@pytest.mark.parametrize(
    ("value", "broken"),
    [("x", {TOO_SHORT}), (1, {"request/a#type"}), ("xy", set()), (ABSENT, set())],
)
def test_a_change_is_proven_on_its_bytes(tmp_path: Path, value: Any, broken: set[str]) -> None:
    """One value is put into the payload, and the rules that the request then breaks are named."""
    operation = small(tmp_path, LENGTH).pick()
    base = base_of(operation, operation.request, {"a": "abc", "b": 1})
    proof = put_and_prove(operation, base, ("a",), value)

    assert proof is not None
    assert proof.broken.keys() == broken
    assert proof.draft.body == compact({"b": 1} if value is ABSENT else {"a": value, "b": 1})
    assert base.payload == {"a": "abc", "b": 1}


def test_what_the_base_breaks_is_no_part_of_a_proof(tmp_path: Path) -> None:
    """A rule that the payload breaks already is known, and not named again."""
    operation = small(tmp_path, LENGTH).pick()
    base = base_of(operation, operation.request, {"a": "x"})
    proof = put_and_prove(operation, base, ("b",), 1)

    assert base.known == {TOO_SHORT}
    assert proof is not None
    assert proof.broken == {}


def test_there_may_be_no_place_for_a_value(tmp_path: Path) -> None:
    """Nothing is proven of a value that cannot be put anywhere."""
    operation = small(tmp_path, LENGTH).pick()
    base = base_of(operation, operation.request, {"a": "abc"})

    assert put_and_prove(operation, base, ("b", "c"), 1) is None
    assert put_and_prove(operation, base, ("a", "c"), 1) is None


MANY_RULES = {
    "type": "object",
    "required": ["a", "b"],
    "additionalProperties": False,
    "properties": {
        "a": {"type": "string", "minLength": 2, "enum": ["ab", "cd"]},
        "b": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
    },
}


@pytest.mark.parametrize(
    ("rule", "other", "along"),
    [
        ("/a#type", "/a#enum", True),
        ("/a#enum", "/a#type", False),
        ("/a#enum", "/a#minLength", True),
        ("/a#minLength", "/a#enum", True),
        ("/a#minLength", "/b#uniqueItems", False),
        ("/a#required", "#additionalProperties", True),
        ("/b/*#type", "/b#uniqueItems", True),
        ("/b#uniqueItems", "/b/*#type", True),
        ("#duplicate-names", "/a#enum", True),
        ("/a#enum", "#duplicate-names", False),
        ("#json", "#encoding", False),
    ],
)
def test_what_may_break_along(tmp_path: Path, rule: str, other: str, *, along: bool) -> None:
    """One change concerns its value, what is around it and in it; another type is its own case."""
    operation = small(tmp_path, MANY_RULES).pick()
    one, two = (operation.rules[f"request{name}"] for name in (rule, other))

    assert goes_along(one, two) is along
    assert shows(operation, one, {one.id, two.id}) is along
    assert shows(operation, one, {one.id})
    assert not shows(operation, one, {two.id})


def test_nothing_of_another_side_goes_along(tmp_path: Path) -> None:
    """A request and a response have no value in common."""
    answers = {"200": {"schema": MANY_RULES}}
    operation = small(tmp_path, MANY_RULES, answers=answers).pick()

    assert not goes_along(operation.rules["request/a#type"], operation.rules["response.200/a#enum"])
