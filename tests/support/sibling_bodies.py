"""Bodies unlike the bundled one, each with a valid payload: the selftest holds on all of them."""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
NAME = TEXT | {"pattern": r'^[^\\"]+$', "minLength": 1, "maxLength": 60}
DEVICE = {
    "type": "object",
    "properties": {
        "tag": {"type": "array", "items": {"type": "object", "properties": {"n": TEXT}}}
    },
    "required": ["tag"],
}


def members(required: str = "", **properties: Any) -> dict[str, Any]:
    """Return a schema of objects; `required` names members, with blanks between them."""
    return {"type": "object", "properties": properties, "required": required.split()}


BODIES: dict[str, tuple[dict[str, Any], Any]] = {
    "text": (TEXT | {"minLength": 2, "maxLength": 5}, "abc"),
    "text-by-pattern": (TEXT | {"pattern": "^[a-z]{2,4}$"}, "abc"),
    "integer": ({"type": "integer", "minimum": 1}, 3),
    "boolean": ({"type": "boolean"}, True),
    "array": ({"type": "array", "items": {"type": "integer"}}, [1]),
    "empty-array": ({"type": "array", "items": TEXT}, []),
    "empty-object": ({"type": "object"}, {}),
    "map": ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": 1}),
    "empty-map": ({"type": "object", "additionalProperties": {"type": "integer"}}, {}),
    "closed": (members(a=TEXT) | {"additionalProperties": False}, {"a": "b"}),
    "no-numbers": (members("a b", a=TEXT, b={"type": "boolean"}), {"a": "b", "b": True}),
    "empty-arrays": (members("device", device=DEVICE), {"device": {"tag": []}}),
    "nothing-below-the-top": (
        members("entity checks", entity=TEXT, checks=members("id", id={"type": "integer"})),
        {"entity": "x", "checks": {"id": 7}},
    ),
    "lengths-beside-a-pattern": (
        members(
            "a b",
            a=NAME,
            b=TEXT | {"pattern": "^[A-Z]+$", "minLength": 2, "maxLength": 6},
            c=TEXT | {"pattern": "^INV", "minLength": 4, "maxLength": 8},
        ),
        {"a": "ABC", "b": "ABC", "c": "INV123"},
    ),
    "formats": (
        members(
            a=TEXT | {"format": "date"},
            b=TEXT | {"format": "uuid"},
            c=TEXT | {"format": "email"},
            d=TEXT | {"format": "uri"},
        ),
        {
            "a": "2026-01-31",
            "b": "123e4567-e89b-12d3-a456-426614174000",
            "c": "a@example.com",
            "d": "https://example.com/",
        },
    ),
    "numbers": (
        members(
            "a",
            a={"type": "number", "minimum": 0, "maximum": 10},
            b={"type": "integer", "exclusiveMinimum": 2},
            c={"type": "integer", "minimum": 100},
        ),
        {"a": 1.5, "b": 4, "c": 700},
    ),
    "choices": (
        members(
            "a",
            a={"anyOf": [TEXT, {"type": "integer"}]},
            b={"oneOf": [TEXT | {"maxLength": 3}, {"type": "integer"}]},
            c={"enum": ["A", "B"]},
            d={"const": 1},
        ),
        {"a": "x", "b": 1, "c": "A", "d": 1},
    ),
    "items": (
        members(
            "a",
            a={
                "type": "array",
                "items": members("n", n=TEXT, v={"type": ["integer", "null"]}),
                "minItems": 1,
                "maxItems": 3,
                "uniqueItems": True,
            },
        ),
        {"a": [{"n": "x", "v": None}]},
    ),
    "a-condition": (
        members(
            "type reply",
            type={"enum": ["OFFPLATFORM", "ONPLATFORM"]},
            reply={"enum": ["ACCEPT", "REJECT"]},
            note=TEXT,
        )
        | {
            "if": {"required": ["reply"], "properties": {"reply": {"const": "REJECT"}}},
            "then": {"properties": {"type": {"const": "OFFPLATFORM"}}},
        },
        {"type": "ONPLATFORM", "reply": "ACCEPT", "note": "x"},
    ),
    "counted-members": (
        members(
            "counted bits",
            counted={
                "type": "object",
                "properties": dict.fromkeys("abcd", TEXT),
                "minProperties": 2,
                "maxProperties": 3,
            },
            bits={"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
        ),
        {"counted": {"a": "x", "b": "y"}, "bits": 1},
    ),
}
