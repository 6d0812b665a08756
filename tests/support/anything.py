"""Values to try: JSON of every kind, JSON that is not quite right, and Python's own."""

from __future__ import annotations

import copy
import enum
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from enkash_contract.wire.json_values import DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

FINITE = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | st.integers() | FINITE | st.text()
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
LAYOUTS: list[dict[str, Any]] = [
    {"separators": (",", ":"), "ensure_ascii": False},
    {"separators": (",", ":")},
    {},
    {"indent": 2},
    {"indent": "\t", "ensure_ascii": False},
]


class Text(str):
    """A string of a framework's own, which shows itself in another way."""

    __slots__ = ()

    def __str__(self) -> str:
        return "shown"

    __repr__ = __str__


class Whole(int):
    """An integer of a framework's own."""


class Real(float):
    """A number of a framework's own."""

    def __repr__(self) -> str:
        return "shown"


class Members(dict[str, Any]):
    """A mapping of a framework's own."""


class Point(NamedTuple):
    """A tuple with names."""

    x: int
    y: int


class Action(enum.StrEnum):
    """A member that is a string."""

    CANCEL = "CANCEL"


class Count(enum.IntEnum):
    """A member that is an integer."""

    ONE = 1


class Kind(enum.Enum):
    """Members that only have a value, one of which is another member."""

    LIST = (1, "a")
    OTHER = Action.CANCEL


CYCLE: dict[str, Any] = {"first": 1}
CYCLE |= {"again": CYCLE, "and": [CYCLE, CYCLE]}
WIDE: list[Any] = []
WIDE += [WIDE] * 100


def nested(levels: int) -> Any:
    """Return a list within a list, so many levels deep."""
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


ANYTHING = st.recursive(
    LEAVES
    | st.floats()
    | st.binary()
    | st.dates()
    | st.decimals()
    | st.sampled_from([Action.CANCEL, Count.ONE, Kind.LIST, Text("a"), object(), CYCLE])
    | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(st.integers(), max_size=2)
        | st.dictionaries(st.text() | st.integers() | st.none(), inner, max_size=4)
    ),
    max_leaves=8,
)


class _NotStrictError(ValueError):
    """The standard library's reader let something pass that is refused here."""


def strict(raw: bytes, number: Callable[[str], Any]) -> Any:
    """Read JSON by the standard library alone, and refuse what it stretches.

    Raises:
        ValueError: it is not UTF-8, not JSON, repeats a name, or is too deep.

    """

    def constant(_: str) -> Any:
        raise _NotStrictError

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise _NotStrictError
        return dict(pairs)

    value = json.loads(
        raw.decode(),
        parse_constant=constant,
        parse_float=number,
        parse_int=number,
        object_pairs_hook=members,
    )
    if levels(value) > DEPTH:
        raise _NotStrictError
    json.dumps(value, ensure_ascii=False, default=str).encode()  # a lone surrogate is no UTF-8
    return value


def below(value: Any) -> list[Any]:
    """Return what stands directly in an object or list."""
    return (
        [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    )


def levels(value: Any) -> int:
    """Count the levels of nesting, without recursion."""
    row, count = below(value), 0
    while row:
        row, count = [inner for one in row for inner in below(one)], count + 1
    return count


PIECES = st.sampled_from(
    [b"NaN", b"-Infinity", b'"\\ud800"', b'{"a":1,"a":1}', b'"\xed\xa0\x80"', b"\xff", b"'", b",,"]
) | st.sampled_from(b"01 1. .5 +1 0x1 [ } /**/ \x00 -0 1e9 \xef\xbb\xbf".split())


@st.composite
def nearly_json(draw: st.DrawFn, values: st.SearchStrategy[Any] = JSON) -> bytes:
    """Draw JSON with something put into it; shrinks towards nothing put in."""
    raw = json.dumps(draw(values), **draw(st.sampled_from(LAYOUTS))).encode()
    at = draw(st.integers(0, len(raw)))
    return raw[:at] + draw(st.just(b"") | PIECES | st.binary(max_size=3)) + raw[at:]


def spots(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List where anything stands in `value`."""
    keys: Any = ()
    if isinstance(value, (dict, list)):
        keys = value if isinstance(value, dict) else range(len(value))
    return [at, *(spot for key in keys for spot in spots(value[key], (*at, key)))]


REMOVED = object()
"""Stands for the absence of a value."""


def changed(value: Any, at: tuple[Any, ...], new: object) -> Any:
    """Return `value` with what is at `at` replaced, added or removed."""
    if not at:
        return new
    made = copy.deepcopy(value)
    parent = made
    for token in at[:-1]:
        parent = parent[token]
    if new is REMOVED:
        del parent[at[-1]]
    else:
        parent[at[-1]] = new
    return made


@st.composite
def near(draw: st.DrawFn, right: Any, values: st.SearchStrategy[Any]) -> Any:
    """Draw a payload with up to two changes to a right one; shrinks towards none."""
    made = right
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.sampled_from(spots(right)))
        at = (*at, "other") if draw(st.integers(0, 4)) == 4 else at
        try:
            made = changed(made, at, draw(st.just(REMOVED) | values if at else values))
        except (KeyError, TypeError, IndexError):
            continue  # nothing stands there any more, or nothing can
    return made
