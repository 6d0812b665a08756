"""A schema as the list of schemas that must all hold, and what all of them say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.plain_schema import TYPES
from enkash_contract.contract.unpublished import is_unpublished

if TYPE_CHECKING:
    from collections.abc import Iterator

Parts = Sequence[Mapping[str, Any]]


def parts_of(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the schemas that must all hold, without the keywords that only combine them."""
    yield {key: value for key, value in schema.items() if key not in ("allOf", "x-known-good")}
    for part in (*schema.get("allOf", ()), schema.get("x-known-good", {})):
        if part is False:
            yield {"x-known-good": False}
        elif part:
            yield from parts_of(part)


def stated(parts: Parts, keyword: str) -> list[Any]:
    """Return the values of a keyword in all of them that have it."""
    return [part[keyword] for part in parts if keyword in part]


def has_none(parts: Parts) -> bool:
    """Return whether no value is known, or none of the items of a list."""
    return any(
        part.get("x-known-good") is False or is_unpublished(part.get("items", {})) for part in parts
    )


def are_disjoint(branches: Sequence[Parts]) -> bool:
    """Return whether the alternatives differ in type, so that no value keeps two of them."""
    kinds = [kind.replace("integer", "number") for branch in branches for kind in kinds_of(branch)]
    return len(kinds) == len(set(kinds))


def kinds_of(parts: Parts) -> list[str]:
    """Return the JSON types that all of them allow, integers only where numbers are not."""
    kinds = set(TYPES)
    for types in stated(parts, "type"):
        names = {types} if isinstance(types, str) else set(types)
        kinds &= names | ({"integer"} if "number" in names else set())
    if "number" in kinds:
        kinds.discard("integer")
    return [kind for kind in TYPES if kind in kinds]


def of_member(parts: Parts, name: str) -> list[Mapping[str, Any]] | None:
    """Return the schemas of a member that must all hold; None when it is forbidden."""
    found: list[Mapping[str, Any]] = []
    for part in parts:
        schema = part.get("properties", {}).get(name, part.get("additionalProperties", True))
        if schema is False:
            return None
        found += [] if schema is True else parts_of(schema)
    return found


def is_member_unpublished(parts: Parts, name: str) -> bool:
    """Return whether no value of a member is known, so that it is better left out."""
    schemas = (part.get("properties", {}).get(name) for part in parts)
    return any(is_unpublished(schema) for schema in schemas if schema)
