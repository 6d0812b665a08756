"""Misreadings of keywords: each judges whatever comes, and every rule has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enkash_contract.contract.operation import REQUEST
from enkash_contract.generation.families import reject
from enkash_contract.sandbox.defects import misreadings
from enkash_contract.sandbox.misreadings import keywords
from tests.support.keyword_cases import KEYWORDS, in_object
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.sandbox.misreadings.reading import Reading

JSONABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=120),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def of_rule(operation: Operation, rule: Rule) -> list[Reading]:
    """Return the readings of one rule of a schema, made from its own example."""
    right: Any = {rule.value: "x"} if rule.keyword == "required" else {}
    if rule.keyword not in ("required", "additionalProperties"):
        right = "x"
    return list(keywords.MISREADINGS[rule.keyword](rule, right))


def test_the_table_is_complete() -> None:
    """Every keyword that can be broken can be misread."""
    assert keywords.MISREADINGS.keys() == reject.REJECT.keys()


@pytest.mark.parametrize("schema", [schema for schema, *_ in KEYWORDS])
def test_every_value_is_judged(tmp_path: Path, schema: dict[str, Any]) -> None:
    """Whatever value comes, every reading says yes or no to it."""
    operation = small(tmp_path, in_object(schema)).pick()
    made = [
        reading
        for rule in operation.rules.values()
        if rule.side == REQUEST and rule.path
        for reading in of_rule(operation, rule)
    ]

    @given(JSONABLE | st.sampled_from(["\ud800", 10**4299, "7", "a ", [[]], {"it": ""}]))
    @settings(max_examples=20)
    def judged(value: Any) -> None:
        assert {type(reading.holds(value)) for reading in made} == {bool}

    judged()


@pytest.mark.parametrize(("schema", "right"), [(one[0], one[1]) for one in KEYWORDS])
def test_every_keyword_can_be_left_unenforced(
    tmp_path: Path, schema: dict[str, Any], right: Any
) -> None:
    """In a small document every rule on the way has a witness, or cannot be broken by itself."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    found = {
        rule.id: [one.name for one in misreadings(operation, rule) if one.witness is not None]
        for rule in operation.rules.values()
        if rule.pointer.startswith("/it") and rule.side == REQUEST
    }

    assert all(found.values())
    assert all("unenforced" in names or names == ["refused"] for names in found.values())


def test_of_a_choice_with_one_schema_none_is_forgotten(tmp_path: Path) -> None:
    """Such a server would refuse everything."""
    choice = {"anyOf": [{"type": "string"}]}
    operation = small(tmp_path, in_object(choice), example={"it": "a"}).pick()
    found = misreadings(operation, operation.rules["request/it#anyOf"])
    assert [one.name for one in found] == ["unenforced"]


def test_what_a_condition_requires_may_be_required_always_or_never(tmp_path: Path) -> None:
    """Each misreading of a condition has a witness."""
    condition = {
        "type": "object",
        "properties": {"reply": {"enum": ["YES", "NO"]}, "why": {"type": "string"}},
        "if": {"required": ["reply"], "properties": {"reply": {"const": "NO"}}},
        "then": {"required": ["why"]},
    }
    example = {"it": {"reply": "YES", "why": "x"}}
    operation = small(tmp_path, in_object(condition), example=example).pick()
    found = misreadings(operation, operation.rules["request/it#if"])
    assert [(one.name, one.witness is not None) for one in found] == [
        ("unenforced", True),
        ("always", True),
        ("met-refused", True),
    ]
