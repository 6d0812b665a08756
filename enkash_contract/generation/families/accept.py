"""The ways to go to the edge of a keyword without crossing it: one table, keyword -> families.

The accepted twins of `reject`: values that an implementation with a bound one off rejects. The same
signature, the same rule for names, the same proof by `suite`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.subschemas import CHOICES
from enkash_contract.generation.families.accept_pattern import (
    beyond_ascii,
    blank_on_bound,
    on_length_bound,
    on_pattern_bounds,
    other_ends,
    other_scripts,
    range_ends,
    unusual_texts,
)
from enkash_contract.generation.families.accept_text import odd_texts, odd_texts_without_pattern
from enkash_contract.generation.families.objects import beside_a_condition, on_members_bound
from enkash_contract.generation.families.reject import member_added, step_of
from enkash_contract.generation.known_good import item_list, plainest
from enkash_contract.wire.pointer import ABSENT
from enkash_contract.wire.spelling import Spelled

if TYPE_CHECKING:
    from enkash_contract.generation.families.reject import Family, Named, Schema


def on_bound(keyword: str) -> Family:
    """Exactly on the bound of a number."""

    def on_bound(schema: Schema, valid: Any) -> Named:
        yield "on-bound", schema[keyword]

    return on_bound


def beside_open_bound(keyword: str, sign: int) -> Family:
    """One step inside an excluded bound."""

    def beside(schema: Schema, valid: Any) -> Named:
        yield "one-inside", schema[keyword] + sign * step_of(schema)

    return beside


LISTS = frozenset(("enum", "const", "examples"))
"""The keywords that list all texts that are known."""

_HUGE = {"two-to-31": 2**31, "two-to-53": 2**53, "two-to-63": 2**63, "ten-to-40": 10**40}


def _whole(schema: Schema, valid: Any) -> int | None:
    """Return a valid whole number, or None where none is known or it is spelled unusually."""
    types = schema["type"]
    kinds = {types} if isinstance(types, str) else {*types}
    if kinds.isdisjoint({"integer", "number"}) or type(valid) is float:
        return None
    return valid if type(valid) is int else plainest({**schema, "type": "integer"})


def wide_integers(schema: Schema, valid: Any) -> Named:
    """Integers that need more bits than most implementations have, and zero with a sign."""
    if _whole(schema, valid) is not None:
        yield from _HUGE.items()
        yield "minus-zero", Spelled("-0")


def spelled_otherwise(schema: Schema, valid: Any) -> Named:
    """The valid integer in spellings that JSON Schema calls integers and few readers expect."""
    number = _whole(schema, valid)
    if number is not None:
        yield "exponent", Spelled(f"{number}e0")
        yield "decimal-point", Spelled(f"{number}.0")


def falsy(schema: Schema, valid: Any) -> Named:
    """Values that some languages take for nothing."""
    yield "false", False
    yield "zero", 0


def nothing_inside(schema: Schema, valid: Any) -> Named:
    """Values with nothing in them, which some servers take for a member that is missing."""
    yield "empty-string", ""
    yield "empty-list", []
    yield "empty-object", {}
    yield "null", None


def present(schema: Schema, valid: Any) -> Named:
    """The valid value, where the base has left the member out."""
    yield "present", valid


def left_out(schema: Schema, valid: Any) -> Named:
    """No value, where the base has one and none is required."""
    yield "left-out", ABSENT


def no_items(schema: Schema, valid: Any) -> Named:
    """An empty list, which some servers take for a member that is missing."""
    if isinstance(valid, list):
        yield "no-items", []


def more_items(schema: Schema, valid: Any) -> Named:
    """A list of two plain items, and one with an item more than the base has."""
    if isinstance(valid, list) and not _has_objects(schema):
        yield from _longer(schema, valid)


def more_objects(schema: Schema, valid: Any) -> Named:
    """The same of objects, which a server may look up, compare or add up."""
    if isinstance(valid, list) and _has_objects(schema):
        yield from _longer(schema, valid)


def _has_objects(schema: Schema) -> bool:
    return isinstance(plainest(schema.get("items", {})), dict)


def _longer(schema: Schema, valid: list[Any]) -> Named:
    yield "two-items", item_list(schema, valid, 2)
    yield "item-added", item_list(schema, valid, len(valid) + 1)


def every_alternative(schema: Schema, valid: Any) -> Named:
    """The plainest value of each alternative."""
    for keyword in CHOICES:
        for index, branch in enumerate(schema.get(keyword, ()), 1):
            yield f"schema-{index}", plainest(branch)


def another_value(schema: Schema, valid: Any) -> Named:
    """A value as like the valid one as can be, which only a target that looks it up rejects."""
    number = _whole(schema, valid)
    if number is not None:
        yield "another", number + 1
    elif isinstance(valid, str) and valid and LISTS.isdisjoint(schema):
        yield "another", valid[:-1] + ("1" if valid[-1] == "0" else "0")


def every_listed(schema: Schema, valid: Any) -> Named:
    """Each value of the list."""
    for index, value in enumerate(schema["enum"], 1):
        yield f"value-{index}", value


def on_items_bound(keyword: str) -> Family:
    """Exactly as many items as the bound allows."""

    def on_bound(schema: Schema, valid: Any) -> Named:
        yield "on-bound", item_list(schema, valid, schema[keyword])

    return on_bound


def member_tolerated(schema: Schema, valid: Any) -> Named:
    """A member that the document does not describe, where such members are ignored."""
    if schema["additionalProperties"] is True:
        yield from member_added(schema, valid)


ACCEPT: dict[str, tuple[Family, ...]] = {
    "type": (
        another_value,
        wide_integers,
        spelled_otherwise,
        odd_texts_without_pattern,
        no_items,
        more_items,
        more_objects,
        left_out,
        present,
    ),
    "required": (falsy, nothing_inside),
    "minLength": (on_length_bound("minLength"), blank_on_bound),
    "maxLength": (on_length_bound("maxLength"), beyond_ascii, other_scripts),
    "pattern": (
        on_pattern_bounds,
        other_scripts,
        range_ends,
        other_ends,
        unusual_texts,
        odd_texts,
    ),
    "minimum": (on_bound("minimum"),),
    "maximum": (on_bound("maximum"),),
    "exclusiveMinimum": (beside_open_bound("exclusiveMinimum", 1),),
    "exclusiveMaximum": (beside_open_bound("exclusiveMaximum", -1),),
    "enum": (every_listed,),
    "anyOf": (every_alternative,),
    "oneOf": (every_alternative,),
    "minItems": (on_items_bound("minItems"),),
    "maxItems": (on_items_bound("maxItems"),),
    "minProperties": (on_members_bound("minProperties"),),
    "maxProperties": (on_members_bound("maxProperties"),),
    "if": (beside_a_condition,),
    "additionalProperties": (member_tolerated,),
}
"""The families of each keyword that has an edge; for the others the baseline is all there is."""

UNSETTLED: frozenset[Family] = frozenset(
    (
        another_value,
        blank_on_bound,
        more_objects,
        no_items,
        nothing_inside,
        spelled_otherwise,
        unusual_texts,
        wide_integers,
    )
)
"""Families of which no evidence says that a server must accept them: findings are assumptions."""

NO_EDGE: frozenset[Family] = UNSETTLED | {
    left_out,
    more_items,
    odd_texts,
    odd_texts_without_pattern,
    present,
}
"""Families whose values are at no edge, and so are twins of nothing just beyond one."""
