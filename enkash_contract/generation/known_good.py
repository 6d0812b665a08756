"""Values known to be valid, built from the document alone and always the same.

A member's `examples` are all its known values; without them every value that keeps the constraints
(and `x-known-good`) is valid. The choice is the plainest one, because people read it in reports.
"""

from __future__ import annotations

import copy
import math
import operator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.subschemas import subschemas
from enkash_contract.contract.unpublished import is_unpublished
from enkash_contract.errors import UsageError
from enkash_contract.generation import patterns
from enkash_contract.wire.pointer import ABSENT, get, put, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.contract.operation import Operation, Side

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
        payload = example_of(operation.request)
    payload = copy.deepcopy(payload)
    for where, value in (pins or {}).items():
        try:
            at = tokens(where)
            if get(payload, at) is ABSENT and not _described(operation.request.schema, at):
                raise LookupError(where)
            payload = put(payload, at, value)
        except (LookupError, ValueError, TypeError):
            what = f"the pin {where!r} points at nothing in the payload"
            raise UsageError(
                f"{what}; write it as a JSON Pointer, e.g. /b2bIds/buyerB2BId"
            ) from None
    return payload


def _described(schema: Mapping[str, Any], at: tuple[str, ...]) -> bool:
    for token in at:
        schema = schema.get("properties", {}).get(token)
        if schema is None:
            return False
    return True


def example_of(side: Side) -> Any:
    """Return the document's example of a side, or else the plainest value known to be valid."""
    return plainest(side.schema) if side.example is None else side.example


def is_known_good(schema: Mapping[str, Any], at: tuple[str, ...], value: Any) -> bool:
    """Return whether a valid `value` at `at` is known to be so, by all that `schema` says there.

    What an enum lists is known, even where examples show less of it.
    """
    there = list(schemas_at(schema, at))
    listed = any({"enum", "const"} & one.keys() for one in there)
    shown = [one["examples"] for one in there if "examples" in one]
    known = (one["x-known-good"] for one in there if "x-known-good" in one)
    return (listed or all(value in examples for examples in shown)) and all(
        engines.is_valid(one, value) for one in known
    )


def schemas_at(schema: Mapping[str, Any], at: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """Yield each schema within `schema` that speaks of the value at `at`, branches of `allOf` too.

    Of alternatives nobody knows which one applies.
    """
    if not at:
        yield schema
    for keyword in ("allOf", "properties", "items", "additionalProperties"):
        for inner in subschemas(keyword, schema[keyword]) if keyword in schema else ():
            if inner.members == at[: len(inner.members)]:
                yield from schemas_at(inner.schema, at[len(inner.members) :])


def value_at(payload: Any, at: tuple[str, ...], schema: Mapping[str, Any]) -> Any:
    """Return the value at `at` in `payload`, or else the plainest one that `schema` allows."""
    value = get(payload, at)
    return plainest(schema) if value is ABSENT else value


def plainest(schema: Mapping[str, Any]) -> Any:
    """Return the plainest value that `schema` is known to allow."""
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    for key in ("examples", "enum"):
        if key in schema:
            return schema[key][0]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            rest = {name: value for name, value in schema.items() if name != key}
            return plainest({"allOf": [rest, schema[key][0]]})
    if "if" in schema:
        # Whatever matches what a condition demands keeps it.
        rest = {name: value for name, value in schema.items() if name not in ("if", "then")}
        return plainest({"allOf": [rest, schema["then"]]})
    if "allOf" in schema:
        return plainest(_merged(schema))
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    return _BUILD[kind]({**schema, **(schema.get("x-known-good") or {})})


def _merged(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return one schema for all of `allOf` and the keywords beside it."""
    merged: dict[str, Any] = {}
    for part in (*schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}):
        flat = _merged(part) if "allOf" in part else part
        for key, value in flat.items():
            both = key in merged and key in _JOIN
            merged[key] = _JOIN[key](merged[key], value) if both else value
    return merged


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    shared = {name: {"allOf": [one[name], other[name]]} for name in one if name in other}
    return {**one, **other, **shared}


_JOIN: dict[str, Any] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum"), max),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum"), min),
    "required": lambda one, other: [*one, *(name for name in other if name not in one)],
    **dict.fromkeys(
        ("enum", "examples"), lambda one, other: [value for value in one if value in other] or other
    ),
    "properties": _both,
}
"""How to join the values of a keyword in two schemas; other keywords take the later value."""


def _string(schema: Mapping[str, Any]) -> str:
    if "format" in schema:
        return _FORMATS[str(schema["format"])]
    least: int = schema.get("minLength", 0)
    most: int = schema.get("maxLength", patterns.FAR)
    shape = patterns.read(schema["pattern"]) if "pattern" in schema else None
    if shape is not None:
        longest = patterns.FAR if shape.longest is None else shape.longest
        return shape.text(max(least, min(shape.shortest + 8, longest, most)))
    return ("string" + "x" * least)[: max(least, min(6, most))]


_KEEPS: dict[str, Any] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
    "multipleOf": lambda value, unit: value % unit == 0,
}


def _number(schema: Mapping[str, Any], step: Fraction) -> int | float:
    """Return the lowest number, or 1 where there is no lower bound; calculated without rounding."""
    exact = {key: Fraction(str(value)) for key, value in schema.items() if key in _KEEPS}
    lows = [exact[key] for key in ("minimum", "exclusiveMinimum") if key in exact]
    highs = [exact[key] for key in ("maximum", "exclusiveMaximum") if key in exact]
    unit = exact.get("multipleOf", step)
    if step == 1:
        unit *= unit.denominator
    low = max(lows, default=min([Fraction(1), *highs]))
    up, down = math.ceil(low / unit) * unit, math.floor(low / unit) * unit
    between = (low + min(highs, default=low)) / 2

    def allowed(value: Fraction) -> bool:
        return all(_KEEPS[key](value, bound) for key, bound in exact.items())

    number = next(filter(allowed, (up, up + unit, down, down - unit, between)), low)
    return int(number) if number.denominator == 1 else float(number)


def _object(schema: Mapping[str, Any]) -> dict[str, Any]:
    required = schema.get("required", ())
    known = {
        name: plainest(member)
        for name, member in schema.get("properties", {}).items()
        if name in required or not is_unpublished(member)
    }
    least, most = schema.get("minProperties", 0), schema.get("maxProperties", len(known))
    count = max(least, min(len(known), most))
    return known if count == len(known) else with_members(schema, known, count)


def with_members(schema: Mapping[str, Any], valid: Any, count: int) -> dict[str, Any]:
    """Return an object of `count` members: those required, those of `valid`, and then others."""
    there = valid if isinstance(valid, dict) else {}
    members, further = schema.get("properties", {}), schema.get("additionalProperties", True)
    required = schema.get("required", ())
    names = dict.fromkeys((*required, *there, *members, *(f"x-{n}" for n in range(1, count + 1))))
    described = further if isinstance(further, dict) else {}
    chosen = [*names][: max(0, count)]
    return {
        name: there[name] if name in there else plainest(members.get(name, described))
        for name in chosen
    }


def filled(schema: Mapping[str, Any], keyword: str, valid: Any) -> dict[str, Any]:
    """Return an object with the members that a part of a condition names, as it demands them."""
    own, demanded = schema.get("properties", {}), schema[keyword].get("properties", {})
    return {
        **valid,
        **{name: plainest({"allOf": [own.get(name, {}), part]}) for name, part in demanded.items()},
    }


def _array(schema: Mapping[str, Any]) -> list[Any]:
    return item_list(schema, [], max(schema.get("minItems", 0), min(1, schema.get("maxItems", 1))))


def item_list(schema: Mapping[str, Any], valid: Any, count: int) -> list[Any]:
    """Return a list of `count` items, those of `valid` first, distinct where they must be."""
    items = list(valid) if isinstance(valid, list) else []
    inner = schema.get("items", {})
    if schema.get("uniqueItems"):
        for number in range(len(items) + count):
            item = _another(inner, number)
            items += [item] if item not in items else []
    items += [plainest(inner)] * (count - len(items))
    return items[: max(0, count)]


def _another(schema: Mapping[str, Any], number: int) -> Any:
    """Return a valid value, a different one for each number where the schema allows that."""
    listed = schema.get("examples", schema.get("enum"))
    if listed is not None:
        return listed[number % len(listed)]
    item = plainest(schema)
    if isinstance(item, bool):
        return item is (number % 2 == 0)
    if isinstance(item, (int, float)):
        return item + number * schema.get("multipleOf", 1)
    if isinstance(item, str) and number:
        return item[: -len(str(number))] + str(number)
    return item


_BUILD: dict[str, Any] = {
    "string": _string,
    "integer": lambda schema: _number(schema, Fraction(1)),
    "number": lambda schema: _number(schema, Fraction(1, 2)),
    "boolean": lambda _: True,
    "null": lambda _: None,
    "object": _object,
    "array": _array,
}
