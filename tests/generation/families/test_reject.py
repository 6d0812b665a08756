"""Families that break a keyword: a complete table, stable names, and the values they offer."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.contract.keywords import CONSTRAINTS
from enkash_contract.generation.families import reject
from enkash_contract.wire.pointer import ABSENT
from enkash_contract.wire.spelling import Spelled
from tests.support.families import Named, offered


def test_every_keyword_can_be_broken() -> None:
    """Each keyword that is a rule has families that break it, and nothing else has."""
    assert set(reject.REJECT) == CONSTRAINTS
    assert all(reject.REJECT.values())


TYPES: Named = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "fraction": 1.5,
    "string": "seven",
    "object": {},
    "array": [],
    "false": False,
}

WRONG_TYPES = TYPES | {"empty-string": ""}
"""What is offered where the right value is no text."""


def numerals(right: float, text: str) -> Named:
    """Return a number as the texts that a coercing reader takes for it."""
    return WRONG_TYPES | {
        "numeric-string": text,
        "numeric-string-leading-blank": f" {text}",
        "numeric-string-trailing-blank": f"{text} ",
        "numeric-string-exponent": f"{text}e0",
        "numeric-string-decimal": str(float(right)),
        "numeric-string-plus": f"+{text}",
        "with-fraction": right + 0.5,
        "wrapped-in-list": [right],
    }


def texts(text: str) -> Named:
    """Return texts that are almost one of those listed."""
    return {
        "unknown": f"{text}-UNKNOWN",
        "other-case": text.swapcase(),
        "leading-blank": f" {text}",
        "trailing-blank": f"{text} ",
        "prefix": text[:-1],
        "null": None,
    }


def around(text: str) -> Named:
    """Return texts that are none of any format, and one with blanks around it."""
    return {
        "words": "not a value of this format",
        "empty": "",
        "leading-blank": f" {text}",
        "trailing-blank": f"{text} ",
    }


MANY = 10**40
BELOW = {"minus-zero": Spelled("-0"), "minus-one": -1, "far-under": -MANY}


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        ("type", {}, "x", TYPES | {"wrapped-in-list": ["x"]}),
        ("type", {}, None, WRONG_TYPES | {"json-text": "null", "wrapped-in-list": [None]}),
        ("type", {}, 12, numerals(12, "12")),
        ("type", {}, 1.5, numerals(1.5, "1.5")),
        (
            "type",
            {},
            True,
            WRONG_TYPES | {"boolean-string": "true", "zero-or-one": 1, "wrapped-in-list": [True]},
        ),
        (
            "type",
            {},
            False,
            WRONG_TYPES | {"boolean-string": "false", "zero-or-one": 0, "wrapped-in-list": [False]},
        ),
        (
            "type",
            {},
            {"é": [1]},
            WRONG_TYPES | {"json-text": '{"é":[1]}', "wrapped-in-list": [{"é": [1]}]},
        ),
        ("type", {}, [], WRONG_TYPES | {"json-text": "[]", "wrapped-in-list": [[]]}),
        ("enum", {"enum": [1, "Paid"]}, "Paid", texts("Paid") | {"unknown": 2}),
        ("enum", {"enum": ["Paid"]}, "Paid", texts("Paid")),
        ("enum", {"enum": [[1]]}, [1], TYPES),
        ("const", {"const": None}, None, TYPES),
        ("const", {"const": 2.5}, 2.5, {"unknown": 3.5, "null": None}),
        (
            "format",
            {"format": "date"},
            "2026-01-31",
            around("2026-01-31") | {"no-such-day": "2026-02-30"},
        ),
        (
            "format",
            {"format": "date-time"},
            "2026-01-31T01:31:00Z",
            around("2026-01-31T01:31:00Z") | {"no-such-day": "2026-02-30T01:31:00Z"},
        ),
        (
            "format",
            {"format": "uuid"},
            "x",
            around("x") | {"no-such-digits": "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"},
        ),
        (
            "format",
            {"format": "email"},
            "x",
            around("x") | {"sign-alone": "@"},
        ),
        ("format", {"format": "uri"}, "x", around("x") | {"colon-alone": ":"}),
        *(
            ("minimum", {"minimum": 3, **types}, 5, {"one-under": under, "other-sign": -5, **BELOW})
            for types, under in (
                ({"type": "integer"}, 2),
                ({"type": ["null", "integer"]}, 2),
                ({"type": "number"}, 2.5),
                ({}, 2.5),
                ({"type": ["integer", "number"]}, 2.5),
                ({"multipleOf": 3}, 0),
            )
        ),
        ("minimum", {"minimum": 3}, None, {"one-under": 2.5, **BELOW}),
        ("maximum", {"maximum": 3, "multipleOf": 3}, 3, {"one-over": 6, "far-over": MANY}),
        ("exclusiveMinimum", {"exclusiveMinimum": 3}, 5, {"on-bound": 3, "other-sign": -5}),
        ("exclusiveMinimum", {"exclusiveMinimum": 3}, True, {"on-bound": 3}),
        ("exclusiveMaximum", {"exclusiveMaximum": 3}, 1, {"on-bound": 3}),
        (
            "multipleOf",
            {"multipleOf": 5},
            10,
            {"half-a-step": 12.5, "one-more": 11, "next-whole": 11},
        ),
        ("multipleOf", {"multipleOf": 5}, "x", {}),
        ("minItems", {"minItems": 2}, [1, 2, 3], {"one-under": [1]}),
        ("maxItems", {"maxItems": 2, "items": {"const": 9}}, [1], {"one-over": [1, 9, 9]}),
        (
            "uniqueItems",
            {"uniqueItems": True},
            [1],
            {"repeated": [1, 1], "repeated-apart": [1, "string", 1]},
        ),
        (
            "uniqueItems",
            {"uniqueItems": True, "minItems": 3, "items": {"type": "integer"}},
            [4],
            {"repeated": [4, 1, 2, 4], "replaced": [4, 4, 2], "repeated-apart": [4, 1, 2, 4]},
        ),
        ("additionalProperties", {}, {"a": 1}, {"unknown-member": {"a": 1, reject.EXTRA: "x"}}),
        ("additionalProperties", {}, [], {}),
        ("anyOf", {}, 1, TYPES | {"empty-string": "", "minus-one": -1}),
        ("oneOf", {}, 1, TYPES | {"empty-string": "", "minus-one": -1}),
    ],
)
def test_how_a_keyword_is_broken(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """Each keyword is broken in all the ways its families know, under names that stay."""
    assert offered(reject.REJECT, keyword, schema, right) == named


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("buyerId", ["BuyerId", "buyerid", "BUYERID", " buyerId", "buyerId "]),
        ("B2B", ["b2B", "b2b", "B2B", " B2B", "B2B "]),
        ("", ["", "", "", " ", " "]),
    ],
)
def test_how_a_member_s_name_is_misspelt(name: str, spelled: list[str]) -> None:
    """A required member is taken away, or called almost as it should be."""
    made = offered(reject.REJECT, "required", {}, "x")
    removed = made.pop("removed")

    assert removed is ABSENT
    assert {called: one.spell(name) for called, one in made.items()} == dict(
        zip(
            (
                "misspelt-capital",
                "misspelt-lower",
                "misspelt-upper",
                "misspelt-leading-blank",
                "misspelt-trailing-blank",
            ),
            spelled,
            strict=True,
        )
    )
