"""The formats of integers, which are nothing but bounds.

JSON Schema leaves `int32` and `int64` to OpenAPI, and most validators assert neither. As `minimum`
and `maximum` they mean the same to every validator, and to everything here that knows bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

BITS = {"int32": 32, "int64": 64}
"""The formats, each with the bits of its integers, of which one is the sign."""

FORMAT = "format"


def with_bounds(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with the bounds in the place of such a format; its own may be closer."""
    bits = BITS.get(str(schema.get(FORMAT)))
    if bits is None:
        return schema
    bounded: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword != FORMAT:
            bounded[keyword] = value
            continue
        if "minimum" not in schema:
            bounded["minimum"] = -(2 ** (bits - 1))
        if "maximum" not in schema:
            bounded["maximum"] = 2 ** (bits - 1) - 1
    return bounded


def stated_as(keyword: str, schema: Mapping[str, Any]) -> str:
    """Return the keyword of the document that a keyword of the schema made of it comes from."""
    return FORMAT if keyword in ("minimum", "maximum") and keyword not in schema else keyword
