"""The keywords of JSON Schema that a document may use; `test_openapi` has the message of each."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.contract import keywords, openapi
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.keywords import FORMATS, SCHEMA, TYPES
from enkash_contract.contract.rules import CONSTRAINTS

PATTERNS = st.from_regex(keywords._PLAIN_PATTERN, fullmatch=True)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just("null"))
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*openapi._PLAIN]), inner)
    ),
)


def test_every_constraint_has_its_check() -> None:
    """What makes a rule is among the keywords that a document may use."""
    assert SCHEMA.keys() >= CONSTRAINTS


@pytest.mark.parametrize("name", TYPES)
def test_a_type_is_one_of_json_schema(name: str) -> None:
    """The engine knows each type that is honoured."""
    jsonschema_rs.Draft202012Validator({"type": name})


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_one_that_the_engine_asserts(name: str) -> None:
    """A format that nothing looked at would be a promise nobody keeps."""
    schema = {"type": "string", "format": name}
    assert not jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid("\0")


@given(PATTERNS)
def test_a_plain_pattern_is_one_to_the_engine(pattern: str) -> None:
    """What is accepted at a glance is what the engine accepts."""
    assert not keywords._is_plain_pattern(pattern) or keywords._is_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "is_plain", "is_pattern"),
    [
        ("^[A-Z]{3,35}$", True, True),
        (r'^[^\\"]{1,100}$', True, True),
        (r"\d+\.\d*", True, True),
        ("^a|b$", False, True),
        (r"\S{0,999}" * 4, True, True),
        (r"\S{0,999}" * 5, False, False),
        ("a{2,1}", False, False),
        ("[z-a]", False, False),
        ("[", False, False),
        (r"\_", False, False),
        ("a**", False, False),
    ],
)
def test_a_plain_pattern_is_one_to_the_engine_examples(
    pattern: str,
    is_plain: bool,  # noqa: FBT001
    is_pattern: bool,  # noqa: FBT001
) -> None:
    """The order of bounds counts, and what is not plain is left to the engine."""
    assert keywords._is_plain_pattern(pattern) is is_plain
    assert keywords._is_pattern(pattern) is is_pattern


@given(VALUES)
@example({"required": ["a", "a"]})
@example({"type": ["null"], "anyOf": []})
@example({"minimum": True})
def test_a_plain_schema_is_one_to_the_engine(value: Any) -> None:
    """What is accepted at a glance is what the engine accepts."""
    if openapi._is_plain_schema(value):
        jsonschema_rs.Draft202012Validator(value)


def test_the_bundled_document_needs_no_engine() -> None:
    """Its outcomes and patterns are plain, so that commands which validate nothing start fast."""
    for operation in bundled().values():
        assert all(map(openapi._is_plain_schema, operation.outcomes.values()))
        patterns = [rule.value for rule in operation.rules.values() if rule.keyword == "pattern"]
        assert [one for one in patterns if not keywords._is_plain_pattern(one)] == []
