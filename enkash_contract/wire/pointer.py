"""JSON Pointer (RFC 6901): naming a place in a payload, and reading or changing what stands there.

Payloads are never changed in place: `put` returns a copy that shares all it does not change.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ABSENT: Any = object()
"""Stands for a member that is not there."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """Stands for a member that is there, but under what `spell` makes of its name."""

    spell: Callable[[str], str]


def pointer(tokens: tuple[str | int, ...]) -> str:
    """Write `tokens` as a JSON Pointer (RFC 6901); the whole document is the empty string."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def tokens(pointer: str) -> tuple[str, ...]:
    """Read a JSON Pointer (RFC 6901) into its reference tokens.

    Raises:
        ValueError: the text neither is empty nor begins with a slash.

    """
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"a JSON Pointer begins with a slash: {pointer!r}")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def get(payload: Any, at: tuple[str, ...]) -> Any:
    """Return the value at `at`, or ABSENT; `*` is the first item, or a member of that name."""
    for token in at:
        if isinstance(payload, list):
            index = _index(token)
            payload = payload[index] if index < len(payload) else ABSENT
        else:
            payload = payload.get(token, ABSENT) if isinstance(payload, dict) else ABSENT
        if payload is ABSENT:
            return ABSENT
    return payload


def put(payload: Any, at: tuple[str, ...], value: Any) -> Any:
    """Return a copy of `payload` in which `value` (or nothing, for ABSENT) stands at `at`.

    For `Renamed`, what stands there keeps its value and gets another name.

    Raises:
        LookupError, TypeError: the place around it is not there.

    """
    if not at:
        return value
    first, rest = at[0], at[1:]
    if isinstance(payload, list):
        index = _index(first)
        there = payload[index]
        changed = [] if not rest and value is ABSENT else [put(there, rest, value)]
        return [*payload[:index], *changed, *payload[index + 1 :]]
    if not isinstance(payload, dict):
        raise TypeError(f"there is no member {first!r} of {type(payload).__name__}")
    members = dict(payload)
    if rest:
        members[first] = put(payload[first], rest, value)
    elif value is ABSENT:
        del members[first]
    elif isinstance(value, Renamed):
        other = value.spell(first)
        members = {other if name == first else name: member for name, member in members.items()}
    else:
        members[first] = value
    return members


def places(payload: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value of `payload` with its place, the outermost first."""
    yield at, payload
    if isinstance(payload, dict):
        for name, value in payload.items():
            yield from places(value, (*at, str(name)))
    elif isinstance(payload, list):
        for index, value in enumerate(payload):
            yield from places(value, (*at, str(index)))


def _index(token: str) -> int:
    """Return the position in a list that `token` names; what names none is beyond any end."""
    if token == "*":
        return 0
    return int(token) if token.isdecimal() else sys.maxsize
