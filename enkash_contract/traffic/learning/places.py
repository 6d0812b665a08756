"""The places of an operation's payloads at which something is left open."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.contract.schema_rules import QUESTIONS
from enkash_contract.contract.subschemas import CHOICES
from enkash_contract.traffic.redacting.texts import is_code
from enkash_contract.wire.pointer import pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.contract.operation import Operation

    Schema = Mapping[str, Any]

BEFORE, AFTER = "current", "new"
"""The beginnings of the names of two members that hold a value before a change, and after it."""


_ASKS_FOR_VALUES = re.compile(r"Which (?:\w+ )+(?:are there|may be sent)\b")
_ASKS_FOR_CODES = re.compile(r"Which (?:\w+ )*codes are there\b")
"""How questions ask for the values of a list, and for those of a list of codes of errors."""


class Pair(NamedTuple):
    """Two members that tell of a change: of numbers, or of statuses."""

    before: str
    after: str
    is_number: bool


@dataclass(slots=True)
class Place:
    """A place in a payload, with the members that are described there.

    `items` is the place of the items of a list, and `others` that of members of any name. An
    `is_open` value is one of a list of codes that is not published, and may have digits if it
    `has_labels`; `takes_more` tells that there may be members that nobody has described.
    """

    pointer: str
    members: dict[str, Place] = field(default_factory=dict)
    items: Place | None = None
    others: Place | None = None
    is_open: bool = False
    has_labels: bool = False
    takes_more: bool = False
    pairs: tuple[Pair, ...] = ()


@functools.lru_cache(maxsize=256)
def place_of(operation: Operation, side: str) -> Place:
    """Return the place of the payload of a side as a whole."""
    return _place([operation.sides[side].schema], ())


def _place(schemas: Iterable[Schema], at: tuple[str, ...], *, changes: bool = False) -> Place:
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
    changing = {
        probe.get(end)
        for each in _questions(parts)
        if (probe := each.get("probe", {})).get("kind") == "transitions"
        for end in ("from", "to")
    }
    members = {
        name: _place(found, (*at, name), changes=name in changing) for name, found in named.items()
    }
    return Place(
        pointer(at),
        members,
        _place(items, (*at, "*")) if items else None,
        _place(others, (*at, "*")) if others else None,
        is_open=_is_open(parts, changes=changes),
        has_labels=_asks(parts, _ASKS_FOR_CODES),
        takes_more=takes_more and any("object" in _types(part) for part in parts),
        pairs=tuple(_pairs(named, members)),
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


def _questions(parts: Iterable[Schema]) -> Iterator[Schema]:
    for part in parts:
        yield from part.get(QUESTIONS, {}).values()


def _asks(parts: Iterable[Schema], form: re.Pattern[str]) -> bool:
    return any(form.match(each["asks"]) for each in _questions(parts))


def _is_open(parts: list[Schema], *, changes: bool) -> bool:
    """Return whether a text is one of a list that is not published.

    An example is written as one, somebody asks which there are, or it is a status that `changes`.
    """
    if any("enum" in part or "const" in part for part in parts):
        return False
    shown = [example for part in parts for example in part.get("examples", ())]
    is_text = any("string" in _types(part) for part in parts)
    return any(map(is_code, shown)) or (is_text and (changes or _asks(parts, _ASKS_FOR_VALUES)))


def _pairs(named: Mapping[str, list[Schema]], members: Mapping[str, Place]) -> Iterator[Pair]:
    for name, schemas in named.items():
        after = AFTER + name.removeprefix(BEFORE)
        if name.startswith(BEFORE) and after in named:
            parts = [part for schema in schemas for part in _parts(schema)]
            if any("integer" in _types(part) for part in parts):
                yield Pair(name, after, is_number=True)
            elif members[name].is_open:
                yield Pair(name, after, is_number=False)
