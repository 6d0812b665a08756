"""From a schema to a strategy for the values it is known to allow.

A schema is read as the list of schemas that must all hold (its own, those of `allOf`, and what
`x-known-good` adds), alternatives are multiplied out, and every value is then built to keep all of
them: one small function for each JSON type, in a table. Only what cannot be built is
filtered: that one alternative of `oneOf` holds and no other, and strings whose pattern is no plain
sequence.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.plain_schema import TYPES
from enkash_contract.contract.subschemas import CHOICES
from enkash_contract.generation.known_good import plainest
from enkash_contract.generation.strategies.leaves import Leaves, constant, either, leaf
from enkash_contract.generation.strategies.number import Range, integers, numbers
from enkash_contract.generation.strategies.objects import counted, optional, whole, with_further
from enkash_contract.generation.strategies.parts import (
    are_disjoint,
    has_none,
    is_member_unpublished,
    kinds_of,
    of_member,
    parts_of,
    stated,
)
from enkash_contract.generation.strategies.text import Demand, Manner, text
from enkash_contract.wire.pointer import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from enkash_contract.generation.strategies.parts import Parts
    from enkash_contract.generation.strategies.text import Strategy

    Builder = Callable[[Parts, Any, Manner], "Leaves | None"]

FULL = 20
"""The most items that a list is given to reach its upper bound."""


def from_schema(schema: Mapping[str, Any], example: Any = ABSENT) -> Strategy | None:
    """Return a strategy for the values that `schema` is known to allow; None when there are none.

    It shrinks to `example`, or else to the plainest value there is.
    """
    parts = list(parts_of(schema))
    plans = [_plan(parts, example, manner) for manner in Manner]
    made = [leaves for leaves in plans if leaves is not None]
    if made and not made[0].leaves:
        return made[0].strategy()
    return st.one_of([leaves.strategy() for leaves in made]) if made else None


def _judge(parts: Parts) -> Callable[[Any], bool]:
    return engines.compiled({"allOf": [*parts]}).is_valid


def _plan(parts: Parts, example: Any, manner: Manner) -> Leaves | None:
    is_valid = _judge(parts)
    # Everything that an enum lists is known to be valid, even where examples show less of it.
    listed = [*stated(parts, "enum"), *([one] for one in stated(parts, "const"))]
    listed = listed or stated(parts, "examples")
    if listed:
        # The document's example is known to be valid, whether it is listed or not.
        known = [*([] if example is ABSENT else [example]), *min(listed, key=len)]
        return _one_of_these([value for value in known if is_valid(value)])
    if example is ABSENT or not is_valid(example):
        example = plainest({"allOf": [*parts]})
        example = example if is_valid(example) else ABSENT
    if example is not ABSENT and has_none(parts):
        return constant(example)
    for index, part in enumerate(parts):
        if "if" in part:
            return _conditioned(parts, index, example, manner)
        for keyword in CHOICES:
            if keyword in part:
                return _chosen(parts, index, keyword, example, manner)
    kinds = kinds_of(parts)
    fitting = [kind for kind in kinds if example is not ABSENT and _fits(example, kind)]
    ordered = [*fitting, *(kind for kind in kinds if kind not in fitting)]
    return either(
        BUILDERS[kind](parts, example if kind in fitting else ABSENT, manner) for kind in ordered
    )


def _identity(value: Any) -> Any:
    """Return a key that is equal for two values exactly when they are equal in JSON."""
    if isinstance(value, dict):
        return "object", frozenset((name, _identity(one)) for name, one in value.items())
    if isinstance(value, list):
        return "array", tuple(_identity(one) for one in value)
    return isinstance(value, bool), value


def _one_of_these(values: list[Any]) -> Leaves | None:
    distinct: dict[Any, Any] = {}
    for value in values:
        distinct.setdefault(_identity(value), value)
    listed = [*distinct.values()]
    if len(listed) > 1:
        return leaf(st.sampled_from(listed).map(copy.deepcopy))
    return constant(listed[0]) if listed else None


def _chosen(parts: Parts, index: int, keyword: str, example: Any, manner: Manner) -> Leaves | None:
    """Return a plan for the alternatives of one keyword, that of the example first."""
    part = parts[index]
    rest = {key: value for key, value in part.items() if key != keyword}
    others = [*parts[:index], rest, *parts[index + 1 :]]
    branches = [[*others, *parts_of(branch)] for branch in part[keyword]]
    if example is not ABSENT:
        branches.sort(key=lambda branch: not _judge(branch)(example))
    leaves = either(_plan(branch, example, manner) for branch in branches)
    if leaves is None or keyword == "anyOf" or are_disjoint(branches):
        return leaves
    return leaf(leaves.strategy().filter(_judge([{keyword: part[keyword]}])))


def _conditioned(parts: Parts, index: int, example: Any, manner: Manner) -> Leaves | None:
    """Return a plan for values that match what a condition demands, or not the condition."""
    part = parts[index]
    rest = {key: value for key, value in part.items() if key not in ("if", "then")}
    others = [*parts[:index], rest, *parts[index + 1 :]]
    leaves = _plan(others, example, manner)
    if leaves is not None:
        condition = {"if": part["if"], "then": part["then"]}
        leaves = leaf(leaves.strategy().filter(_judge([condition])))
    return either([leaves, _plan([*others, *parts_of(part["then"])], example, manner)])


def _fits(value: Any, kind: str) -> bool:
    return engines.is_valid({"type": kind}, value)


# Leaves


def _numbers(parts: Parts, example: Any, _: Manner) -> Leaves | None:
    return leaf(numbers(_range(parts), example))


def _integers(parts: Parts, example: Any, _: Manner) -> Leaves | None:
    return leaf(integers(_range(parts), example))


def _range(parts: Parts) -> Range:
    bounds = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")
    return Range(*(tuple(stated(parts, keyword)) for keyword in bounds))


def _booleans(_: Parts, example: Any, __: Manner) -> Leaves | None:
    return leaf(st.sampled_from([False, True] if example is False else [True, False]))


def _null(_: Parts, __: Any, ___: Manner) -> Leaves:
    return constant(None)


def _strings(parts: Parts, example: Any, manner: Manner) -> Leaves | None:
    most = min(stated(parts, "maxLength"), default=None)
    demand = Demand(
        max(stated(parts, "minLength"), default=0),
        most,
        tuple(dict.fromkeys(stated(parts, "pattern"))),
        tuple(dict.fromkeys(stated(parts, "format"))),
    )
    made, exact = text(demand, example, manner)
    return leaf(made if exact or made is None else made.filter(_judge(parts)))


# Containers


def _arrays(parts: Parts, example: Any, manner: Manner) -> Leaves | None:
    least = max(stated(parts, "minItems"), default=0)
    most = min(stated(parts, "maxItems"), default=None)
    schemas = [one for part in stated(parts, "items") for one in parts_of(part)] or [_SCALAR]
    leaves = _plan(schemas, _first(example), manner) if most != 0 else None
    if (most is not None and most < least) or (leaves is None and least):
        return None
    if leaves is None:
        return constant([])
    unique = any(stated(parts, "uniqueItems"))
    if manner is Manner.EDGE and not unique and most is not None and most <= FULL:
        least = most
    items = st.lists(
        leaves.strategy(), min_size=least, max_size=most, unique_by=_identity if unique else None
    )
    return either([None if example is ABSENT else constant(example), leaf(items)])


def _first(example: Any) -> Any:
    return example[0] if example is not ABSENT and example else ABSENT


_SCALAR: dict[str, Any] = {"type": [kind for kind in TYPES if kind not in ("object", "array")]}
"""The items of a list of anything, which could otherwise nest without end."""


def _objects(parts: Parts, example: Any, manner: Manner) -> Leaves | None:
    shown: dict[str, Any] = {} if example is ABSENT else example
    required = {name for names in stated(parts, "required") for name in names}
    names = [name for members in stated(parts, "properties") for name in members]
    members: dict[str, Leaves] = {}
    # In the order of the example, which is the order people know.
    for name in dict.fromkeys([*shown, *names, *sorted(required)]):
        schemas = of_member(parts, name)
        if name not in required and name not in shown and is_member_unpublished(parts, name):
            continue
        leaves = None if schemas is None else _member(schemas, name, shown, manner)
        if leaves is None and name in required:
            return None
        if leaves is not None:
            members[name] = leaves
    further = [one for one in stated(parts, "additionalProperties") if one is not True]
    if stated(parts, "minProperties") or stated(parts, "maxProperties"):
        return _counted(parts, members, required, manner)
    described = whole(
        {
            name: leaves if name in required else optional(leaves, there_first=name in shown)
            for name, leaves in members.items()
        }
    )
    if not further or False in further:
        return described
    others = _plan([part for one in further for part in parts_of(one)], ABSENT, manner)
    return with_further(described, others, frozenset(names).union(members))


def _counted(
    parts: Parts, members: dict[str, Leaves], required: set[str], manner: Manner
) -> Leaves | None:
    """Return a plan for an object whose members are counted."""
    least = max(stated(parts, "minProperties"), default=0)
    most = min(stated(parts, "maxProperties"), default=max(least, len(members)))
    names = (name for number in range(1, 2 * least + 1) if (name := f"x-{number}") not in members)
    for name in names if len(members) < least else ():
        schemas = of_member(parts, name)
        leaves = None if schemas is None else _plan(schemas or [_SCALAR], ABSENT, manner)
        if leaves is not None:
            members[name] = leaves
    return counted(members, frozenset(required), least, most)


def _member(
    schemas: list[Mapping[str, Any]], name: str, shown: Mapping[str, Any], manner: Manner
) -> Leaves | None:
    if name in shown and not schemas:
        # Shown, but not described: this is all that is known of it.
        return constant(shown[name])
    return _plan(schemas or [_SCALAR], shown.get(name, ABSENT), manner)


BUILDERS: dict[str, Builder] = {
    "string": _strings,
    "integer": _integers,
    "number": _numbers,
    "boolean": _booleans,
    "null": _null,
    "object": _objects,
    "array": _arrays,
}
"""How to plan a value of each JSON type."""
