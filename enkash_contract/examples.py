"""Values known to be right, built from the document alone and always the same.

A member's `examples` are all its known values; without them every value that keeps the constraints
(and `x-known-good`) is right. The choice is the plainest one, because people read it in reports.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from enkash_contract import patterns
from enkash_contract.errors import UsageError
from enkash_contract.place import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract import Operation

ABSENT: Any = object()
"""Stands for a member that is not there."""

_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "email": "accounts@example.com",
    "uri": "https://example.com/invoices/1",
}


def base(operation: Operation, payload: Any = None, pins: Mapping[str, Any] | None = None) -> Any:
    """Return the payload that every case is derived from: `payload` or the document's example.

    `pins` maps JSON Pointers to the values to set in it.

    Raises:
        UsageError: a pin points at nothing.

    """
    if payload is None:
        example = operation.request.example
        payload = known_good(operation.request.schema) if example is None else example
    made = copy.deepcopy(payload)
    for where, value in (pins or {}).items():
        try:
            made = put(made, tokens(where), value)
        except (LookupError, ValueError, TypeError):
            what = f"the pin {where!r} points at nothing in the payload"
            raise UsageError(
                f"{what}; write it as a JSON Pointer, e.g. /b2bIds/buyerB2BId"
            ) from None
    return made


def get(payload: Any, at: tuple[str, ...]) -> Any:
    """Return the value at `at`, or ABSENT; `*` is the first item or a member that is there."""
    for token in at:
        if isinstance(payload, list):
            index = 0 if token == "*" else int(token) if token.isdecimal() else len(payload)
            payload = payload[index] if index < len(payload) else ABSENT
        else:
            payload = payload.get(token, ABSENT) if isinstance(payload, dict) else ABSENT
        if payload is ABSENT:
            return ABSENT
    return payload


def put(payload: Any, at: tuple[str, ...], value: Any) -> Any:
    """Return a copy of `payload` in which `value` (or nothing, for ABSENT) stands at `at`.

    Raises:
        LookupError, TypeError: the place around it is not there.

    """
    if not at:
        return value
    first, rest = at[0], at[1:]
    if isinstance(payload, list):
        index = 0 if first == "*" else int(first)
        changed = [] if not rest and value is ABSENT else [put(payload[index], rest, value)]
        return [*payload[:index], *changed, *payload[index + 1 :]]
    if not isinstance(payload, dict):
        raise TypeError(f"there is no member {first!r} of {type(payload).__name__}")
    made = dict(payload)
    if rest:
        made[first] = put(payload[first], rest, value)
    elif value is ABSENT:
        del made[first]
    else:
        made[first] = value
    return made


def known_good(schema: Mapping[str, Any]) -> Any:
    """Return the plainest value that `schema` is known to allow."""
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    for key in ("examples", "enum"):
        if key in schema:
            return schema[key][0]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return known_good({**schema[key][0], **{k: v for k, v in schema.items() if k != key}})
    if "allOf" in schema:
        return known_good(_merged(schema))
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    return _BUILD[kind]({**schema, **schema.get("x-known-good", {})})


def _merged(schema: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for part in (*schema["allOf"], {key: one for key, one in schema.items() if key != "allOf"}):
        flat = _merged(part) if "allOf" in part else part
        joined = {
            "properties": {**made.get("properties", {}), **flat.get("properties", {})},
            "required": [*made.get("required", []), *flat.get("required", [])],
        }
        made |= {**flat, **{key: value for key, value in joined.items() if value}}
    return made


def _string(schema: Mapping[str, Any]) -> str:
    if "format" in schema:
        return _FORMATS[str(schema["format"])]
    least: int = schema.get("minLength", 0)
    shape = patterns.read(schema["pattern"]) if "pattern" in schema else None
    if shape is not None:
        return shape.text(max(least, min(shape.shortest + 8, shape.longest or patterns.FAR)))
    most: int = schema.get("maxLength", max(least, 6))
    return ("string" + "x" * least)[: max(least, min(6, most))]


def _number(schema: Mapping[str, Any], step: float) -> Any:
    if "minimum" in schema or "exclusiveMinimum" in schema:
        low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + step)
    else:
        low = min(1, schema.get("maximum", 1), schema.get("exclusiveMaximum", 2) - step)
    multiple = schema.get("multipleOf")
    return low if multiple is None else -(-low // multiple) * multiple


def _object(schema: Mapping[str, Any]) -> dict[str, Any]:
    members = schema.get("properties", {})
    return {name: known_good(members[name]) for name in members}


def _array(schema: Mapping[str, Any]) -> list[Any]:
    count = max(schema.get("minItems", 0), min(1, schema.get("maxItems", 1)))
    return [known_good(schema.get("items", {}))] * count


_BUILD: dict[str, Any] = {
    "string": _string,
    "integer": lambda schema: _number(schema, 1),
    "number": lambda schema: _number(schema, 0.5),
    "boolean": lambda _: True,
    "null": lambda _: None,
    "object": _object,
    "array": _array,
}
