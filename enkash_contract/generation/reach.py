"""Bases that hold the place a rule speaks of: what a base lacks is built from what is known good.

An example need not hold every optional member, and a list in it may be empty. So that the rules
below are exercised all the same, what is missing around the place of a rule is put into the base.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.generation.known_good import item_list, plainest, schemas_at
from enkash_contract.generation.proof import Base, base_of
from enkash_contract.wire.pointer import get, pointer, put, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation, Side
    from enkash_contract.contract.rules import Rule


class Reached(NamedTuple):
    """A base in which the place of a rule can be changed, and the places built into it for that."""

    base: Base
    built: tuple[str, ...] = ()


def reached(operation: Operation, side: Side, base: Base, rule: Rule) -> Reached | None:
    """Return `base`, or one with what it lacks around the place of `rule`; None where that fails.

    What is built breaks no rule that the base keeps.
    """
    around = tokens(rule.pointer)[:-1]
    there = isinstance(get(base.payload, around), _AROUND) or not rule.pointer
    if there and not _is_empty(base.payload, rule):
        return Reached(base)
    return _extended(operation, side, base, tokens(rule.pointer))


def in_second_item(
    operation: Operation, side: Side, base: Base, rule: Rule
) -> tuple[Base, tuple[str, ...]] | None:
    """Return a base with two items in the list around the place of `rule`, and that of the second.

    None where no list is around it, or two items are not known to be valid.
    """
    at, there = tokens(rule.pointer), reached(operation, side, base, rule)
    if there is None or "*" not in at:
        return None
    spot = len(at) - 1 - at[::-1].index("*")
    items, payload = get(there.base.payload, at[:spot]), there.base.payload
    schema = next((one for one in schemas_at(side.schema, at[:spot]) if "items" in one), None)
    if schema is None or not isinstance(items, list):
        return None
    whole = base_of(operation, side, put(payload, at[:spot], item_list(schema, items, 2)))
    second = (*at[:spot], "1", *at[spot + 1 :])
    return (whole, second) if whole.known <= base.known else None


def unreached(operation: Operation, payload: Any) -> Iterator[tuple[str, Rule]]:
    """Yield the rules of a request that no case can exercise, with the place that `payload` lacks.

    That is where nothing is known good that could be built there.
    """
    side = operation.request
    base = base_of(operation, side, payload)
    for rule in side.rules:
        if rule.path and reached(operation, side, base, rule) is None:
            yield pointer(_missing(payload, tokens(rule.pointer))), rule


def _is_empty(payload: Any, rule: Rule) -> bool:
    """Return whether `rule` speaks of the items of a list that has none."""
    at = tokens(rule.pointer)
    return at[-1:] == ("*",) and get(payload, at[:-1]) == []


def _missing(payload: Any, at: tuple[str, ...]) -> tuple[str, ...]:
    """Return the outermost place on the way to `at` that is not there; for an item, its list."""
    around = (size for size in range(len(at)) if not isinstance(get(payload, at[:size]), _AROUND))
    place = at[: next(around, len(at))]
    return place[:-1] if place[-1:] == ("*",) else place


_AROUND = (dict, list)
"""The values that hold others."""


@functools.lru_cache(maxsize=256)
def _extended(operation: Operation, side: Side, base: Base, at: tuple[str, ...]) -> Reached | None:
    place = _missing(base.payload, at)
    payload = base.payload
    try:
        for size in range(len(place), len(at)):
            inner = at[:size]
            value = get(payload, inner)
            # What is no object at the top is the user's own, and stays.
            absent = bool(inner) and not isinstance(value, _AROUND)
            if absent or (value == [] and at[size] == "*"):
                payload = put(payload, inner, _filled(side, inner, is_list=at[size] == "*"))
    except (LookupError, TypeError):
        return None
    whole = base_of(operation, side, payload, base.status)
    if not (whole.known <= base.known and isinstance(get(payload, at[:-1]), _AROUND)):
        return None
    return Reached(whole, (pointer(place),))


def _filled(side: Side, at: tuple[str, ...], *, is_list: bool) -> Any:
    """Return the plainest value at `at`, and of a list one with an item."""
    value = plainest({"allOf": list(schemas_at(side.schema, at))})
    if is_list and not value:
        return [plainest({"allOf": list(schemas_at(side.schema, (*at, "*")))})]
    return value
