"""One record for each keyword: what is checked, which rules it makes, and how they are worded."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.keywords import (
    CONSTRAINTS,
    KEYWORDS,
    PHRASES,
    WIRE_KEYWORDS,
    Demand,
)
from enkash_contract.contract.operation import REQUEST, RESPONSE
from enkash_contract.contract.reading import WIRE
from enkash_contract.contract.subschemas import CHOICES

VALUES: dict[str, Any] = {
    "additionalProperties": False,
    "anyOf": [{}],
    "enum": [1],
    "oneOf": [{}],
    "required": ["a"],
    "type": "string",
}
"""A value for each keyword for which not every number would do."""


def test_a_keyword_makes_rules_just_where_it_has_a_phrase() -> None:
    """No rule is without words, and no words are without a rule."""
    made = {
        name for name, keyword in KEYWORDS.items() if list(keyword.demands(VALUES.get(name, 1)))
    }
    assert made == CONSTRAINTS
    assert made == {name for name, keyword in KEYWORDS.items() if keyword.phrase}
    assert {*CHOICES} < CONSTRAINTS


def test_every_keyword_that_makes_a_rule_has_its_phrase() -> None:
    """No rule of a document or of the wire is without words, and no phrase without a rule."""
    wire = {keyword for keywords in WIRE.values() for keyword in keywords}
    assert PHRASES.keys() == CONSTRAINTS | wire | {"method", "path", "status"}


def test_a_keyword_is_of_a_schema_or_of_the_wire() -> None:
    """An id that ends in a keyword says which of the two tables has it."""
    assert KEYWORDS.keys() & WIRE_KEYWORDS.keys() == set()


def test_the_tables_hold_the_keyword_of_every_rule() -> None:
    """The bundled document has no rule that the tables do not know."""
    rules = [rule for operation in bundled().values() for rule in operation.rules.values()]
    assert {rule.keyword for rule in rules} <= CONSTRAINTS | WIRE_KEYWORDS.keys()


def test_a_media_type_carries_the_rules_of_its_side() -> None:
    """What a request must keep on the wire is more than what a response must."""
    assert WIRE == {
        REQUEST: (
            "content-type",
            "content-type-present",
            "content-type-single",
            "encoding",
            "json",
            "duplicate-names",
        ),
        RESPONSE: ("content-type", "content-type-single", "json"),
    }


@pytest.mark.parametrize(
    ("keyword", "value", "demands"),
    [
        ("minLength", 3, [Demand(3)]),
        ("anyOf", [{}, {}], [Demand([{}, {}])]),
        ("required", ["a", "b"], [Demand("a", (0,), ("a",)), Demand("b", (1,), ("b",))]),
        ("required", [], []),
        ("additionalProperties", True, [Demand(True)]),
        ("additionalProperties", {"type": "string"}, []),
        ("properties", {"a": {}}, []),
        ("title", "A thing", []),
    ],
)
def test_a_keyword_makes_its_rules(keyword: str, value: Any, demands: list[Demand]) -> None:
    """Most make one; a list of required members makes one for each, and a schema has its own."""
    assert list(KEYWORDS[keyword].demands(value)) == demands


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
