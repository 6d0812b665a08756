"""Small schemas, one or more for each keyword, with the names of their accept and reject cases."""

from __future__ import annotations

from typing import Any

from tests.support.case_names import (
    BEHIND,
    ENDS,
    EVERY_TYPE,
    LETTERS,
    SPOTS,
    but,
    forbidden,
    misspelt,
)

MANY = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}


def in_object(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of objects with one member, `it`, that has `schema`."""
    return {"type": "object", "properties": {"it": schema}}


UNDER = ["one-under", "empty", "one-under-in-astral"]
OVER = ["one-over", "far-over", "one-over-in-combining"]
BY_BLANK = "one-over-by-blank"
LEAST = ["on-bound", "on-bound-by-blank"]
NO_FORMAT = ["leading-blank", "trailing-blank"]
ON = ["on-bound", "on-bound-in-umlauts", "on-bound-in-astral", "other-scripts"]
BELOW = ["one-under", "minus-zero", "minus-one", "far-under", "other-sign"]
UNKNOWN = ["unknown", "other-case", "leading-blank", "trailing-blank", "prefix"]
GENERATED = ["cut", "beheaded", "doubled", "other-case"]

KEYWORDS: list[tuple[dict[str, Any], Any, dict[str, list[str]], dict[str, list[str]]]] = [
    (
        {"enum": ["Paid", "Void"], "type": "string"},
        "Paid",
        {"#enum": ["value-2"]},
        {"#enum": UNKNOWN},
    ),
    ({"enum": [1, None, True]}, 1, {"#enum": ["value-2", "value-3"]}, {"#enum": ["unknown"]}),
    ({"enum": ["A", 1]}, 1, {"#enum": ["value-1"]}, {"#enum": [*UNKNOWN, "null"]}),
    ({"const": "A"}, "A", {}, {"#const": [*UNKNOWN, "null"]}),
    ({"const": None}, None, {}, {"#const": EVERY_TYPE[1:]}),
    (
        {"type": "string", "minLength": 2, "maxLength": 4},
        "abc",
        {"#minLength": LEAST, "#maxLength": ON},
        {"#minLength": UNDER, "#maxLength": [*OVER, BY_BLANK]},
    ),
    (
        {"type": "string", "pattern": "^(?:ab|cd)$"},
        "ab",
        # The first text made from the pattern is the base's own, and has another case already.
        {"#pattern": ["generated-2"]},
        {
            "#pattern": [
                *("full-width-letter", "cyrillic-letter"),
                *ENDS,
                *(f"generated-1-{way}" for way in GENERATED[:3]),
                *(f"generated-2-{way}" for way in GENERATED),
                "empty",
            ]
        },
    ),
    (
        {"type": "string", "format": "date"},
        "2026-01-31",
        {},
        {"#format": ["words", "empty", "no-such-day", *NO_FORMAT]},
    ),
    (
        {"type": "string", "format": "date-time"},
        "2026-01-31T12:00:00Z",
        {},
        {"#format": ["words", "empty", "no-such-day", *NO_FORMAT]},
    ),
    (
        {"type": "string", "format": "uuid"},
        "123e4567-e89b-12d3-a456-426614174000",
        {},
        {"#format": ["words", "empty", *NO_FORMAT, "no-such-digits"]},
    ),
    (
        {"type": "string", "format": "email"},
        "a@example.com",
        {},
        {"#format": ["words", "empty", *NO_FORMAT, "sign-alone"]},
    ),
    (
        {"type": "string", "format": "uri"},
        "https://example.com/",
        {},
        {"#format": ["words", "empty", *NO_FORMAT, "colon-alone"]},
    ),
    (
        {"type": "integer", "minimum": 2, "maximum": 5},
        3,
        {"#minimum": ["on-bound"], "#maximum": ["on-bound"]},
        {"#minimum": BELOW, "#maximum": ["one-over", "far-over"]},
    ),
    (
        {"type": ["integer", "null"], "minimum": 2},
        3,
        {"#minimum": ["on-bound"]},
        {"#minimum": BELOW},
    ),
    (
        {"type": "number", "exclusiveMinimum": 2, "exclusiveMaximum": 5},
        3,
        {"#exclusiveMinimum": ["one-inside"], "#exclusiveMaximum": ["one-inside"]},
        {"#exclusiveMinimum": ["on-bound", "other-sign"], "#exclusiveMaximum": ["on-bound"]},
    ),
    ({"type": "integer", "multipleOf": 5}, 10, {}, {"#multipleOf": ["one-more"]}),
    ({"type": "number", "multipleOf": 0.01}, 19.99, {}, {"#multipleOf": ["half-a-step"]}),
    (
        {**MANY, "minItems": 1, "maxItems": 2},
        ["a"],
        {"/*#minLength": LEAST[1:], "#maxItems": ["on-bound"]},
        {
            "/*#minLength": ["one-under", "one-under-in-second-item"],
            "#minItems": ["one-under"],
            "#maxItems": ["one-over"],
            "#uniqueItems": ["repeated", "repeated-apart"],
        },
    ),
    (
        {**MANY, "minItems": 2},
        ["a", "b"],
        {"/*#minLength": LEAST[1:]},
        {
            "/*#minLength": ["one-under", "one-under-in-second-item"],
            "#minItems": ["one-under"],
            "#uniqueItems": ["repeated", "replaced"],
        },
    ),
    (
        {"type": "array", "items": in_object({"type": "null"}) | {"required": ["it"]}},
        [{"it": None}],
        {},
        {"/*/it#required": [*misspelt("it"), "removed-in-second-item"]},
    ),
    # The item that is changed is built.
    (
        {"type": "array", "items": {"type": "string", "minLength": 1}},
        [],
        {"/*#minLength": ["on-bound", "on-bound-by-blank"]},
        {"/*#minLength": ["one-under", "one-under-in-second-item"]},
    ),
    (
        {"type": "object", "additionalProperties": False},
        {},
        {},
        {"#additionalProperties": ["unknown-member"]},
    ),
    (
        {"type": "object", "additionalProperties": True},
        {},
        {"#additionalProperties": ["unknown-member"]},
        {},
    ),
    (
        {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
        {"a": "x"},
        {"/*#minLength": LEAST},
        {"/*#minLength": ["one-under"]},
    ),
    (
        {"allOf": [{"type": "string", "minLength": 2}, {"maxLength": 3}]},
        "ab",
        {"#allOf/0/minLength": LEAST[1:], "#allOf/1/maxLength": ON},
        {"#allOf/0/minLength": UNDER, "#allOf/1/maxLength": [*OVER, BY_BLANK]},
    ),
    (
        {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0}]},
        "a",
        {"#anyOf": ["schema-1", "schema-2"]},
        {"#anyOf": [*but("integer", "string"), "empty-string", "minus-one"]},
    ),
    (
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "a",
        {"#oneOf": ["schema-1", "schema-2"]},
        {"#oneOf": but("integer", "string")},
    ),
    (
        {
            "type": "object",
            "properties": {"kind": {"enum": ["OFF", "ON"]}, "reply": {"enum": ["YES", "NO"]}},
            "required": ["kind"],
            "if": {"required": ["reply"], "properties": {"reply": {"const": "NO"}}},
            "then": {"properties": {"kind": {"const": "OFF"}}},
        },
        {"kind": "ON"},
        {
            "#if": ["met", "without-condition-1"],
            "/kind#enum": ["value-1"],
            "/reply#enum": ["value-1"],
        },
        {
            "#if": ["unmet-1"],
            "/kind#enum": [*UNKNOWN, "null"],
            "/reply#enum": [*UNKNOWN, "null"],
            "/kind#required": misspelt("kind"),
        },
    ),
    (
        {
            "type": "object",
            "properties": {name: {"const": 1} for name in "abcd"},
            "minProperties": 2,
            "maxProperties": 3,
        },
        {"a": 1, "b": 1},
        {"#maxProperties": ["on-bound"]},
        {
            **{f"/{name}#const": ["unknown", "null"] for name in "abcd"},
            "#minProperties": ["one-under"],
            "#maxProperties": ["one-over"],
        },
    ),
    # Nothing but its examples is known to be right.
    (
        {"type": "string", "maxLength": 3, "examples": ["A", "BBB"]},
        "A",
        {},
        {"#maxLength": [*OVER, BY_BLANK]},
    ),
    (
        {"type": "string", "pattern": "^a{2,3}$", "examples": ["aaa"]},
        "aaa",
        {},
        {
            "#pattern": [
                *("one-under", "empty", *OVER),
                *forbidden("`b", 1, *SPOTS),
                *BEHIND,
                *(name.format(1) for name in LETTERS),
                # The longest is the base, so what is trimmed to it is among these already.
                *ENDS,
            ]
        },
    ),
]
