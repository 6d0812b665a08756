"""The ways to break a keyword: one table, keyword -> families.

A family is a small function from (schema, valid value) to named values. It knows nothing of
payloads, operations or the wire; whether a value really breaks this rule and no other is proven by
`mutation` on the finished payload, so a family may offer more than holds in a given place. To add a
family, write a function and put it in the table: names become part of case ids, so they never
change their meaning.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from enkash_contract.generation.families.objects import (
    condition_unmet,
    one_member_long,
    one_member_short,
)
from enkash_contract.generation.families.reject_text import (
    behind_an_end,
    look_alikes,
    one_character_long,
    one_character_short,
    part_counts,
    pattern_characters,
    pattern_counts,
    pattern_ends,
    pattern_samples,
    trimmed_bounds,
)
from enkash_contract.generation.known_good import item_list
from enkash_contract.wire.pointer import ABSENT, Renamed
from enkash_contract.wire.spelling import Spelled, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Schema = Mapping[str, Any]
    Named = Iterator[tuple[str, Any]]
    Family = Callable[[Schema, Any], Named]

EXTRA = "x-unknown-member"
"""The name of a member that the document does not describe."""

_OF_TYPE: dict[str, tuple[tuple[str, Any], ...]] = {
    "null": (("null", None),),
    "boolean": (("boolean", True),),
    "integer": (("integer", 7),),
    "number": (("fraction", 1.5),),
    "string": (("string", "seven"),),
    "object": (("object", {}),),
    "array": (("array", []),),
}


def other_types(schema: Schema, valid: Any) -> Named:
    """A value of every other JSON type."""
    for named in _OF_TYPE.values():
        yield from named
    yield "false", False


def spelled_as_text(schema: Schema, valid: Any) -> Named:
    """A number or boolean as the string that a coercing reader reads as the same value."""
    if isinstance(valid, bool):
        yield "boolean-string", "true" if valid else "false"
    elif isinstance(valid, (int, float)):
        yield "numeric-string", str(valid)
        yield "numeric-string-leading-blank", f" {valid}"
        yield "numeric-string-trailing-blank", f"{valid} "
        yield "numeric-string-exponent", f"{valid}e0"
        yield "numeric-string-decimal", f"{float(valid)}"
        yield "numeric-string-plus", f"+{valid}"
    elif isinstance(valid, (dict, list, type(None))):
        yield "json-text", compact(valid).decode()


def with_fraction(schema: Schema, valid: Any) -> Named:
    """The valid number and a half: 1.5 may break a bound as well."""
    if is_number(valid) and valid != 1:
        yield "with-fraction", valid + 0.5


def spelled_as_number(schema: Schema, valid: Any) -> Named:
    """The whole number that a coercing reader reads as the boolean."""
    if isinstance(valid, bool):
        yield "zero-or-one", int(valid)


def emptied(schema: Schema, valid: Any) -> Named:
    """The empty string, which forms and spreadsheets write for an empty field."""
    if not isinstance(valid, str):
        yield "empty-string", ""


def wrapped(schema: Schema, valid: Any) -> Named:
    """The valid value as the only item of a list."""
    yield "wrapped-in-list", [valid]


def removed(schema: Schema, valid: Any) -> Named:
    """The member is missing."""
    yield "removed", ABSENT


def misspelt(schema: Schema, valid: Any) -> Named:
    """The member under almost its name, which lenient readers take for the name itself."""
    yield "misspelt-capital", Renamed(lambda name: name[:1].swapcase() + name[1:])
    yield "misspelt-lower", Renamed(str.lower)
    yield "misspelt-upper", Renamed(str.upper)
    yield "misspelt-leading-blank", Renamed(" {}".format)
    yield "misspelt-trailing-blank", Renamed("{} ".format)


def nothing_listed(schema: Schema, valid: Any) -> Named:
    """A value of the same type that is none of those listed."""
    known = schema.get("enum", [schema.get("const")])
    text = next((value for value in known if isinstance(value, str)), None)
    if text is not None:
        yield "unknown", f"{text}-UNKNOWN"
        yield "other-case", text.swapcase()
        yield "leading-blank", f" {text}"
        yield "trailing-blank", f"{text} "
        yield "prefix", text[:-1]
    numbers = [value for value in known if isinstance(value, (int, float))]
    if numbers:
        yield "unknown", max(numbers) + 1
    if text is None and not numbers:
        yield from other_types(schema, valid)
    yield "null", None


def just_below(schema: Schema, valid: Any) -> Named:
    """One step below the lower bound."""
    yield "one-under", schema["minimum"] - step_of(schema)
    yield "minus-zero", Spelled("-0")
    yield "minus-one", -1
    yield "far-under", -(10**40)
    if is_number(valid) and valid != 1:
        # Whoever ignores the sign accepts this, and may have a bound for what is far under.
        yield "other-sign", -valid


def just_above(schema: Schema, valid: Any) -> Named:
    """One step above the upper bound."""
    yield "one-over", schema["maximum"] + step_of(schema)
    yield "far-over", 10**40


def on_open_minimum(schema: Schema, valid: Any) -> Named:
    """The lower bound itself, where it is excluded, and the other sign."""
    yield "on-bound", schema["exclusiveMinimum"]
    if is_number(valid):
        yield "other-sign", -valid


def on_open_maximum(schema: Schema, valid: Any) -> Named:
    """The upper bound itself, where it is excluded."""
    yield "on-bound", schema["exclusiveMaximum"]


def between_multiples(schema: Schema, valid: Any) -> Named:
    """Half a step away from a valid value, or one whole number where only those are valid."""
    if isinstance(valid, (int, float)):
        yield "half-a-step", valid + schema["multipleOf"] / 2
        yield "one-more", valid + 1
        yield "next-whole", math.floor(valid) + 1


def one_item_short(schema: Schema, valid: Any) -> Named:
    """One item fewer than the bound."""
    yield "one-under", item_list(schema, valid, schema["minItems"] - 1)


def one_item_long(schema: Schema, valid: Any) -> Named:
    """One item more than the bound."""
    yield "one-over", item_list(schema, valid, schema["maxItems"] + 1)


def item_repeated(schema: Schema, valid: Any) -> Named:
    """The first item once more, and in the place of another."""
    items = item_list(schema, valid, max(1, schema.get("minItems", 1)))
    yield "repeated", [*items, items[0]]
    if len(items) > 1:
        yield "replaced", [items[0], items[0], *items[2:]]
    first, *others = item_list(schema, valid, max(2, len(items)))
    yield "repeated-apart", [first, *others, first]


def member_added(schema: Schema, valid: Any) -> Named:
    """A member that the document does not describe."""
    if isinstance(valid, dict):
        yield "unknown-member", {**valid, EXTRA: "x"}


def malformed(schema: Schema, valid: Any) -> Named:
    """A string that the format does not allow."""
    yield "words", "not a value of this format"
    yield "empty", ""
    if schema["format"] in ("date", "date-time"):
        yield "no-such-day", str(valid).replace(str(valid)[5:10], "02-30", 1)
    yield "leading-blank", f" {valid}"
    yield "trailing-blank", f"{valid} "
    yield from _OUTLINES.get(schema["format"], ())


_OUTLINES: dict[str, tuple[tuple[str, str], ...]] = {
    "uuid": (("no-such-digits", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz"),),
    "email": (("sign-alone", "@"),),
    "uri": (("colon-alone", ":"),),
}
"""Texts that are like one of a format to whoever looks at its outline only."""


def no_alternative(schema: Schema, valid: Any) -> Named:
    """A value of each JSON type: the proof keeps those that match none of the alternatives."""
    yield from other_types(schema, valid)
    yield "empty-string", ""
    yield "minus-one", -1


REJECT: dict[str, tuple[Family, ...]] = {
    "type": (other_types, spelled_as_text, with_fraction, spelled_as_number, emptied, wrapped),
    "required": (removed, misspelt),
    "enum": (nothing_listed,),
    "const": (nothing_listed,),
    "minLength": (one_character_short,),
    "maxLength": (one_character_long,),
    "pattern": (
        pattern_counts,
        part_counts,
        pattern_characters,
        behind_an_end,
        look_alikes,
        pattern_ends,
        trimmed_bounds,
        pattern_samples,
    ),
    "format": (malformed,),
    "minimum": (just_below,),
    "maximum": (just_above,),
    "exclusiveMinimum": (on_open_minimum,),
    "exclusiveMaximum": (on_open_maximum,),
    "multipleOf": (between_multiples,),
    "minItems": (one_item_short,),
    "maxItems": (one_item_long,),
    "minProperties": (one_member_short,),
    "maxProperties": (one_member_long,),
    "if": (condition_unmet,),
    "uniqueItems": (item_repeated,),
    "additionalProperties": (member_added,),
    "anyOf": (no_alternative,),
    "oneOf": (no_alternative,),
}
"""The families of each keyword; every honoured keyword that is a rule has a row."""


def is_number(value: Any) -> bool:
    """Return whether `value` is a number in JSON, as a boolean is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def step_of(schema: Schema) -> Any:
    """Return the smallest step between two numbers that the schema allows."""
    if "multipleOf" in schema:
        return schema["multipleOf"]
    types = schema.get("type", ())
    return 0.5 if "number" in types or "integer" not in types else 1
