"""The values that keywords may have; `test_openapi` has the message of each check."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.keyword_values import (
    _PLAIN_PATTERN,
    FORMATS,
    is_pattern,
    is_plain_pattern,
)
from enkash_contract.contract.plain_schema import TYPES

PATTERNS = st.from_regex(_PLAIN_PATTERN, fullmatch=True)


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
    assert not is_plain_pattern(pattern) or is_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "plain", "accepted"),
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
    plain: bool,  # noqa: FBT001
    accepted: bool,  # noqa: FBT001
) -> None:
    """The order of bounds counts, and what is not plain is left to the engine."""
    assert is_plain_pattern(pattern) is plain
    assert is_pattern(pattern) is accepted


def test_the_patterns_of_the_bundled_document_need_no_engine() -> None:
    """They are plain, so that commands which validate nothing start fast."""
    rules = [rule for operation in bundled().values() for rule in operation.rules.values()]
    patterns = [rule.value for rule in rules if rule.keyword == "pattern"]
    assert patterns
    assert [pattern for pattern in patterns if not is_plain_pattern(pattern)] == []
