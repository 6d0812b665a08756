"""Python values as JSON values, and the faults that keep one from being JSON.

Faults are values; nothing here raises on bad input.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEPTH = 500
"""How many levels of nesting are read; RFC 8259 section 9 lets a reader set such a limit. The
standard library's reader gives up at its caller's distance from 1,000."""

HUGE = 10**4299
"""The stand-in for an integer of more digits than Python turns into text: no bound lies beyond
it."""

TOO_DEEP = f"it is nested deeper than {DEPTH:,} levels"

MANY = 100
"""So many faults are told one by one; a value that has more is not looked into any further."""

Keyword = Literal["encoding", "json", "duplicate-names"]
Tokens = tuple[str | int, ...]

_Entry = tuple[object, Any, str | int, Tokens]
"""A value still to be copied, the container and key that will hold it, and where it stands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps bytes or values from being JSON; `line` is 0 when there is no text.

    Of a value with a `fatal` fault no schema can say anything; in spite of another, it can.
    """

    keyword: Keyword
    message: str
    tokens: Tokens = ()
    line: int = 0
    fatal: bool = True


def plain(payload: object) -> tuple[Any, list[Fault]]:
    """Copy a Python value as `json.dumps` would understand it, and list what it could not write.

    Subclasses become their base type, tuples lists, and members of an enumeration their value.
    Walks without recursion, deepest first, so that a value without end is found too deep.
    A value with too `MANY` faults is None, and the last of them counts those that are not listed.
    """
    faults = _Faults()
    root: list[Any] = [None]
    stack: list[Iterator[_Entry]] = [iter([(payload, root, 0, ())])]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
            continue
        value, parent, key, tokens = entry
        while isinstance(value, Enum):
            value = value.value
        if len(tokens) > DEPTH:
            return None, [Fault("json", TOO_DEEP)]
        if isinstance(value, dict):
            members: dict[str, Any] = {}
            parent[key] = members
            stack.append(_children(value, members, tokens, faults))
        elif isinstance(value, (list, tuple)):
            items: list[Any] = [None] * len(value)
            parent[key] = items
            stack.append(_items(value, items, tokens))
        else:
            parent[key] = _leaf(value, tokens, faults)
    if faults.more:
        return None, [*faults, Fault(faults.keyword, f"{faults.more:,} more such values")]
    return root[0], list(faults)


class _Faults(list[Fault]):
    """The first faults of a value, and how many `more` of them there are."""

    more = 0
    keyword: Keyword = "json"

    def add(self, keyword: Keyword, message: str, tokens: Tokens, *, fatal: bool = True) -> None:
        """Add a fault, or count it where there are too many."""
        if len(self) < MANY:
            self.append(Fault(keyword, message, tokens, fatal=fatal))
        else:
            self.more, self.keyword = self.more + 1, keyword


def _items(value: Iterable[object], items: list[Any], tokens: Tokens) -> Iterator[_Entry]:
    for at, item in enumerate(value):
        yield item, items, at, (*tokens, at)


def _children(
    value: dict[Any, Any], members: dict[str, Any], tokens: Tokens, faults: _Faults
) -> Iterator[_Entry]:
    for name, member in value.items():
        if isinstance(name, str):
            spelled = str.__str__(name)
            _text_fault(spelled, tokens, faults, "a member's name")
            yield member, members, spelled, (*tokens, spelled)
        else:
            what = f"a member's name is a Python {type(name).__name__}, not a string"
            faults.add("json", what, tokens, fatal=False)


def _leaf(value: object, tokens: Tokens, faults: _Faults) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = str.__str__(value)
        _text_fault(text, tokens, faults)
        return text
    if isinstance(value, int):
        return max(-HUGE, min(HUGE, int(value)))
    if isinstance(value, float):
        if not math.isfinite(value):
            faults.add("json", f"{float(value)!r} is not a JSON number", tokens)
        return float(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    faults.add("json", f"a Python {type(value).__name__} is not a JSON value", tokens)
    return None


_SURROGATE = re.compile("[\ud800-\udfff]")


def _text_fault(text: str, tokens: Tokens, faults: _Faults, what: str = "") -> None:
    surrogate = _SURROGATE.search(text)
    if surrogate:
        message = f"{what or 'the string'} holds the lone surrogate U+{ord(surrogate[0]):04X}"
        faults.add("encoding", message, tokens, fatal=not what)
