"""Schemas of which no value is known to be right, because pages show them without their members.

A document says so by `x-known-good: false`. Such a value is built only where it cannot be avoided,
and a server that rejects one that was built is held to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_unpublished(schema: Mapping[str, Any]) -> bool:
    """Return whether no value that `schema` allows is known to be right.

    That is so where it says so itself, or where an item of it, or a member that must be there,
    does.
    """
    if schema.get("x-known-good") is False:
        return True
    members, required = schema.get("properties", {}), schema.get("required", ())
    inside = [schema.get("items"), *map(members.get, required), *schema.get("allOf", ())]
    return any(is_unpublished(inner) for inner in inside if inner)
