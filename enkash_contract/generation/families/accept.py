"""The ways to go to the edge of a keyword without crossing it: one table, keyword -> families.

The accepted twins of `reject`: values that an implementation with a bound one off rejects. The same
signature, the same rule for names, the same proof by `suite`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.generation.families.reject import member_added, step_of
from enkash_contract.generation.families.reject_text import shape_of
from enkash_contract.generation.known_good import item_list
from enkash_contract.generation.patterns import ASTRAL, SCRIPTS, samples
from enkash_contract.wire.spelling import Spelled

if TYPE_CHECKING:
    from enkash_contract.generation.families.reject import Family, Named, Schema


def on_length_bound(keyword: str) -> Family:
    """Exactly as many characters as the bound allows."""

    def on_bound(schema: Schema, valid: Any) -> Named:
        text = (str(valid) or "x") * (schema[keyword] // max(1, len(str(valid))) + 1)
        yield "on-bound", text[: schema[keyword]].rstrip().ljust(schema[keyword], "x")

    return on_bound


def in_astral_characters(schema: Schema, valid: Any) -> Named:
    """As many characters as the bound allows, each of which counts twice in UTF-16."""
    yield "on-bound-in-astral", ASTRAL * schema["maxLength"]


def on_pattern_bounds(schema: Schema, valid: Any) -> Named:
    """The shortest and the longest string the pattern allows, with the ends of its ranges."""
    known = {**schema, **schema.get("x-known-good", {})}
    shape = shape_of(known)
    if shape is None:
        # No shape, no bounds: texts made from the pattern are the next best thing.
        for number, text in enumerate(samples(known["pattern"]), 1):
            yield f"generated-{number}", text
        return
    yield "shortest", shape.text(shape.shortest)
    if shape.longest is not None:
        yield "longest", shape.text(shape.longest)
        if ASTRAL in (full := shape.text(shape.longest, ASTRAL)):
            yield "longest-in-astral", full


def other_scripts(schema: Schema, valid: Any) -> Named:
    """Text that is not ASCII, as long as the valid value at most."""
    shape = shape_of(schema) if "pattern" in schema else None
    most = schema.get("maxLength", len(SCRIPTS)) if shape is None else shape.longest
    yield "other-scripts", SCRIPTS[:most].strip()


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


def unusual_texts(schema: Schema, valid: Any) -> Named:
    """Texts that the pattern allows and a careful server may still reject."""
    shape = shape_of(schema)
    if shape is not None and isinstance(valid, str):
        yield "blanks-only", " " * max(1, shape.shortest)
        middle = len(valid) // 2
        if 0 < middle < len(valid) - 1:
            yield "newline-inside", f"{valid[:middle]}\n{valid[middle + 1 :]}"


_HUGE = {"two-to-31": 2**31, "two-to-53": 2**53, "two-to-63": 2**63, "ten-to-40": 10**40}


def _is_whole(schema: Schema, valid: Any) -> bool:
    types = schema["type"]
    return type(valid) is int and not {"integer", "number"}.isdisjoint(
        [types] if isinstance(types, str) else types
    )


def wide_integers(schema: Schema, valid: Any) -> Named:
    """Integers that need more bits than most implementations have, and zero with a sign."""
    if _is_whole(schema, valid):
        yield from _HUGE.items()
        yield "minus-zero", Spelled("-0")


def spelled_otherwise(schema: Schema, valid: Any) -> Named:
    """The valid integer in spellings that JSON Schema calls integers and few readers expect."""
    if _is_whole(schema, valid):
        yield "exponent", Spelled(f"{valid}e0")
        yield "decimal-point", Spelled(f"{valid}.0")


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
    "type": (wide_integers, spelled_otherwise),
    "minLength": (on_length_bound("minLength"),),
    "maxLength": (on_length_bound("maxLength"), in_astral_characters, other_scripts),
    "pattern": (on_pattern_bounds, other_scripts, unusual_texts),
    "minimum": (on_bound("minimum"),),
    "maximum": (on_bound("maximum"),),
    "exclusiveMinimum": (beside_open_bound("exclusiveMinimum", 1),),
    "exclusiveMaximum": (beside_open_bound("exclusiveMaximum", -1),),
    "enum": (every_listed,),
    "minItems": (on_items_bound("minItems"),),
    "maxItems": (on_items_bound("maxItems"),),
    "additionalProperties": (member_tolerated,),
}
"""The families of each keyword that has an edge; for the others the baseline is all there is."""

UNSETTLED: frozenset[Family] = frozenset((unusual_texts, wide_integers, spelled_otherwise))
"""Families of which no evidence says that a server must accept them: findings are assumptions."""
