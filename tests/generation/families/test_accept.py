"""Families that go to the edge of a keyword without crossing it."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.keywords import CONSTRAINTS
from enkash_contract.generation import patterns
from enkash_contract.generation.families import accept, reject
from enkash_contract.wire.spelling import Spelled
from tests.support.families import Named, families_in, offered

ASTRAL = "𠮷"
MANY = 10**40


def test_only_keywords_are_stretched() -> None:
    """Each row of the table is of a keyword that is a rule, and has a family."""
    assert set(accept.ACCEPT) < CONSTRAINTS
    assert all(accept.ACCEPT.values())


def test_what_is_unsettled_stands_in_the_table() -> None:
    """No family is called unsettled that is not used."""
    assert families_in(accept.ACCEPT) > accept.UNSETTLED
    assert {family.__name__ for family in accept.UNSETTLED} == {
        "wide_integers",
        "spelled_otherwise",
        "unusual_texts",
    }


SCRIPTS = patterns.SCRIPTS.strip()


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        ("minLength", {"minLength": 3}, "abcdef", {"on-bound": "abc"}),
        ("minLength", {"minLength": 3}, "a ", {"on-bound": "a a"}),
        ("minLength", {"minLength": 2}, "a ", {"on-bound": "ax"}),
        ("minLength", {"minLength": 2}, "", {"on-bound": "xx"}),
        ("type", {"type": "string"}, "x", {}),
        ("type", {"type": "boolean"}, True, {}),
        ("type", {"type": "number"}, 1.5, {}),
        (
            "type",
            {"type": ["null", "integer"]},
            -2,
            {
                "two-to-31": 2147483648,
                "two-to-53": 9007199254740992,
                "two-to-63": 9223372036854775808,
                "ten-to-40": MANY,
                "minus-zero": Spelled("-0"),
                "exponent": Spelled("-2e0"),
                "decimal-point": Spelled("-2.0"),
            },
        ),
        (
            "maxLength",
            {"maxLength": 5},
            "abc",
            {
                "on-bound": "abcab",
                "on-bound-in-astral": ASTRAL * 5,
                "other-scripts": "इनवॉइ",
            },
        ),
        (
            "pattern",
            {"pattern": "^(?:ab|cd)$"},
            "ab",
            {"generated-1": "ab", "generated-2": "cd", "other-scripts": SCRIPTS},
        ),
        (
            "pattern",
            {"pattern": "^(?:ab|cd)$", "maxLength": 2},
            "ab",
            {"generated-1": "ab", "generated-2": "cd", "other-scripts": "इन"},
        ),
        ("pattern", {"pattern": r"^\p{L}$"}, "ab", {"other-scripts": SCRIPTS}),
        (
            "pattern",
            {"pattern": "^[^x]{1,3}$"},
            "ab",
            {
                "shortest": "a",
                "longest": "abc",
                "longest-in-astral": ASTRAL * 3,
                "other-scripts": "इनव",
                "blanks-only": " ",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]+$"},
            "abcde",
            {
                "shortest": "a",
                "other-scripts": SCRIPTS,
                "blanks-only": " ",
                "newline-inside": "ab\nde",
            },
        ),
        # Of no characters at all, one is put there.
        (
            "pattern",
            {"pattern": "^[^x]*$"},
            "",
            {"shortest": "", "other-scripts": SCRIPTS, "blanks-only": " "},
        ),
        ("pattern", {"pattern": "^[^x]+$"}, 1, {"shortest": "a", "other-scripts": SCRIPTS}),
        (
            "pattern",
            {"pattern": "^.{4}$", "x-known-good": {"pattern": "^A[B-C]{3}$"}},
            "x",
            {
                "shortest": "ABCB",
                "longest": "ABCB",
                "other-scripts": "इनवॉ",
                "blanks-only": "    ",
            },
        ),
        ("minimum", {"minimum": 3}, 5, {"on-bound": 3}),
        ("maximum", {"maximum": 3}, 1, {"on-bound": 3}),
        ("exclusiveMinimum", {"exclusiveMinimum": 3}, 5, {"one-inside": 3.5}),
        ("exclusiveMaximum", {"exclusiveMaximum": 3, "type": "integer"}, 1, {"one-inside": 2}),
        ("enum", {"enum": ["A", 2]}, "A", {"value-1": "A", "value-2": 2}),
        ("minItems", {"minItems": 1}, [1, 2], {"on-bound": [1]}),
        ("maxItems", {"maxItems": 2, "items": {"const": 9}}, [1], {"on-bound": [1, 9]}),
        (
            "additionalProperties",
            {"additionalProperties": True},
            {},
            {"unknown-member": {reject.EXTRA: "x"}},
        ),
        ("additionalProperties", {"additionalProperties": False}, {}, {}),
    ],
)
def test_how_a_keyword_is_stretched(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """Each keyword with an edge is gone to the edge of, and not across."""
    assert offered(accept.ACCEPT, keyword, schema, right) == named
