"""The places of an operation's payloads at which something is left open."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.contract.subschemas import CHOICES
from enkash_contract.traffic.redacting.texts import is_code
from enkash_contract.wire.pointer import pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.contract.operation import Operation

    Schema = Mapping[str, Any]

BEFORE, AFTER = "current", "new"
"""How the names of two members begin that tell what was before, and what is after."""


class Pair(NamedTuple):
    """Two members that tell of a change: of numbers, or of statuses."""

    before: str
    after: str
    is_number: bool


@dataclass(slots=True)
class Place:
    """A place in a payload, with the members that are described there.

    `items` is the place of the items of a list, and `others` that of members of any name. An
    `is_open` value is one of a list of codes that is not published, and `takes_more` tells that
    there may be members that nobody has described.
    """

    pointer: str
    members: dict[str, Place] = field(default_factory=dict)
    items: Place | None = None
    others: Place | None = None
    is_open: bool = False
    takes_more: bool = False
    pairs: tuple[Pair, ...] = ()


@functools.lru_cache(maxsize=256)
def place_of(operation: Operation, side: str) -> Place:
    """Return the place of the payload of a side as a whole."""
    return _place([operation.sides[side].schema], ())


def _place(schemas: Iterable[Schema], at: tuple[str, ...]) -> Place:
    parts = [part for schema in schemas for part in _parts(schema)]
    named: dict[str, list[Schema]] = {}
    for part in parts:
        for name, schema in part.get("properties", {}).items():
            named.setdefault(name, []).append(schema)
    items, others = (
        [part[key] for part in parts if isinstance(part.get(key), dict)]
        for key in ("items", "additionalProperties")
    )
    takes_more = all(part.get("additionalProperties", True) is True for part in parts)
    return Place(
        pointer(at),
        {name: _place(found, (*at, name)) for name, found in named.items()},
        _place(items, (*at, "*")) if items else None,
        _place(others, (*at, "*")) if others else None,
        _is_open(parts),
        takes_more and any("object" in _types(part) for part in parts),
        tuple(_pairs(named)),
    )


def _parts(schema: Schema) -> Iterator[Schema]:
    """Yield a schema with those that it is put together of."""
    yield schema
    for keyword in ("allOf", *CHOICES):
        for inner in schema.get(keyword, ()):
            yield from _parts(inner)


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else [*types]


def _is_open(parts: list[Schema]) -> bool:
    shown = [example for part in parts for example in part.get("examples", ())]
    return any(map(is_code, shown)) and not any("enum" in part or "const" in part for part in parts)


def _pairs(named: Mapping[str, list[Schema]]) -> Iterator[Pair]:
    for name, schemas in named.items():
        after = AFTER + name.removeprefix(BEFORE)
        if name.startswith(BEFORE) and after in named:
            parts = [part for schema in schemas for part in _parts(schema)]
            if any("integer" in _types(part) for part in parts):
                yield Pair(name, after, is_number=True)
            elif _is_open(parts):
                yield Pair(name, after, is_number=False)
