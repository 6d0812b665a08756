"""What each keyword demands, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import WIRE
from enkash_contract.contract.rules import CONSTRAINTS
from enkash_contract.contract.wording import PHRASES, expectation

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation


def test_every_keyword_that_makes_a_rule_has_its_phrase() -> None:
    """No rule of a document or of the wire is without words, and no phrase without a rule."""
    wire = {keyword for keywords in WIRE.values() for keyword in keywords}
    assert PHRASES.keys() == CONSTRAINTS | wire | {"method", "path", "status"}


@pytest.mark.parametrize(
    ("keyword", "value", "phrase"),
    [
        ("type", "string", "must be a string"),
        ("type", "integer", "must be an integer"),
        ("type", ["array", "null"], "must be an array or null"),
        ("enum", ["a", 1, None], 'must be one of "a", 1, null'),
        ("const", {"ä": True}, 'must be {"ä": true}'),
        ("required", "tag", "is required"),
        ("additionalProperties", True, "may have members the document does not describe"),
        ("additionalProperties", False, "must have no other members"),
        ("minLength", 1, "must have at least 1 character"),
        ("maxLength", 1000, "must have at most 1,000 characters"),
        ("minItems", 2, "must have at least 2 items"),
        ("maxItems", 1, "must have at most 1 item"),
        ("uniqueItems", True, "must have no two equal items"),
        ("pattern", "^a$", "must match ^a$"),
        ("format", "email", "must have the format email"),
        ("minimum", 1, "must be at least 1"),
        ("maximum", 9, "must be at most 9"),
        ("exclusiveMinimum", 0, "must be more than 0"),
        ("exclusiveMaximum", 10.5, "must be less than 10.5"),
        ("multipleOf", 0.01, "must be a multiple of 0.01"),
        ("anyOf", [{}, {}], "must match at least one of 2 schemas"),
        ("oneOf", [{}, {}, {}], "must match exactly one of 3 schemas"),
        ("method", "POST", "must be sent by POST"),
        ("path", "/change", "must be sent to exactly /change"),
        ("content-type", "application/json", "must be labelled application/json"),
        ("content-type-present", "application/json", "must state its media type"),
        ("content-type-single", "application/json", "must state one media type"),
        ("encoding", "application/json", "must be UTF-8"),
        ("json", "application/json", "must be JSON as RFC 8259 defines it"),
        ("duplicate-names", "application/json", "must not repeat a member's name"),
        ("status", ["200", "4XX"], "must have one of the documented statuses 200, 4XX"),
    ],
)
def test_a_phrase_says_the_value(keyword: str, value: Any, phrase: str) -> None:
    """Each phrase reads on after the place it speaks of."""
    assert PHRASES[keyword](value) == phrase


def test_a_rule_is_explained_by_its_keyword_and_value(operation: Operation) -> None:
    """The phrase of a rule is that of its keyword, filled with its value."""
    rule = operation.rule("request/b2bIds/buyerB2BId#pattern")
    assert expectation(rule) == r'must match ^[^\\"]{1,100}$'
