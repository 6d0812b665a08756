"""The ways to break a keyword: one table, keyword -> families.

A family is a small function from (schema, right value) to named values. It knows nothing of
payloads, operations or the wire; whether a value really breaks this rule and no other is proven by
`suite` on the finished payload, so a family may offer more than holds in a given place. To add a
family, write a function and put it in the table: names become part of case ids, so they never
change their meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract import patterns
from enkash_contract.examples import ABSENT, Renamed, item_list
from enkash_contract.spelling import Spelled, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Schema = Mapping[str, Any]
    Named = Iterator[tuple[str, Any]]
    Family = Callable[[Schema, Any], Named]

EXTRA = "x-unknown-member"
"""The name of a member that the document does not describe."""

FAR = 10_000
"""How many characters or items more than a bound are far beyond it."""

_OF_TYPE: dict[str, tuple[tuple[str, Any], ...]] = {
    "null": (("null", None),),
    "boolean": (("boolean", True),),
    "integer": (("integer", 7),),
    "number": (("fraction", 1.5),),
    "string": (("string", "seven"),),
    "object": (("object", {}),),
    "array": (("array", []),),
}


def other_types(schema: Schema, right: Any) -> Named:
    """A value of every other JSON type."""
    for named in _OF_TYPE.values():
        yield from named
    yield "false", False


def spelled_as_text(schema: Schema, right: Any) -> Named:
    """A number or boolean as the string that a coercing reader takes for it."""
    if isinstance(right, bool):
        yield "boolean-string", "true" if right else "false"
    elif isinstance(right, (int, float)):
        yield "numeric-string", str(right)
        yield "numeric-string-leading-blank", f" {right}"
        yield "numeric-string-trailing-blank", f"{right} "
        yield "numeric-string-exponent", f"{right}e0"
        yield "numeric-string-decimal", f"{float(right)}"
        yield "numeric-string-plus", f"+{right}"
    elif isinstance(right, (dict, list)):
        yield "json-text", compact(right).decode()


def spelled_as_number(schema: Schema, right: Any) -> Named:
    """A whole number where a coercing reader takes it for the boolean, and the other way round."""
    if isinstance(right, bool):
        yield "zero-or-one", int(right)


def emptied(schema: Schema, right: Any) -> Named:
    """The empty string, which forms and spreadsheets write for nothing."""
    if not isinstance(right, str):
        yield "empty-string", ""


def wrapped(schema: Schema, right: Any) -> Named:
    """The right value as the only item of a list."""
    yield "wrapped-in-list", [right]


def removed(schema: Schema, right: Any) -> Named:
    """The member is not there."""
    yield "removed", ABSENT


def misspelt(schema: Schema, right: Any) -> Named:
    """The member is there under almost its name, which readers of other names take for it."""
    yield "misspelt-capital", Renamed(lambda name: name[:1].swapcase() + name[1:])
    yield "misspelt-lower", Renamed(str.lower)
    yield "misspelt-upper", Renamed(str.upper)
    yield "misspelt-leading-blank", Renamed(" {}".format)
    yield "misspelt-trailing-blank", Renamed("{} ".format)


def nothing_listed(schema: Schema, right: Any) -> Named:
    """A value of the right type that is none of those listed."""
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
        yield from other_types(schema, right)
    yield "null", None


def one_character_short(schema: Schema, right: Any) -> Named:
    """One character fewer than the bound, and what other counts than that of characters let in."""
    least = schema["minLength"]
    yield "one-under", str(right)[: least - 1].ljust(least - 1, "x")
    if least > 1:
        yield "empty", ""
        yield "one-under-in-astral", patterns.ASTRAL * (least - 1)


def one_character_long(schema: Schema, right: Any) -> Named:
    """One character more than the bound, many more, and what other counts let in."""
    size = schema["maxLength"] + 1
    yield "one-over", str(right)[:size].ljust(size, "x")
    yield "far-over", "x" * (size + FAR)
    yield "one-over-in-combining", patterns.combining(size)


def pattern_counts(schema: Schema, right: Any) -> Named:
    """One character fewer, and one more, than the bounds that stand inside the pattern."""
    shape = shape_of(schema)
    if shape is None:
        return
    if shape.shortest:
        yield "one-under", shape.text(shape.shortest)[:-1]
    if shape.shortest > 1:
        yield "empty", ""
        if patterns.ASTRAL in (few := shape.text(shape.shortest, patterns.ASTRAL)[:-1]):
            yield "one-under-in-astral", few
    if shape.longest is not None:
        full = shape.text(shape.longest)
        yield "one-over", full + full[-1:]
        yield "far-over", full + full[-1:] * FAR
        yield "one-over-in-combining", patterns.combining(shape.longest + 1)


def trimmed_bounds(schema: Schema, right: Any) -> Named:
    """The longest text with a blank behind it: who trims before counting counts one less."""
    shape = shape_of(schema)
    if shape is not None and shape.longest is not None:
        full = shape.text(shape.longest)
        yield "one-over-by-blank", f"{full} "
        yield "one-over-by-newline", f"{full}\n"


def part_counts(schema: Schema, right: Any) -> Named:
    """One character more, and one fewer, in one part of several."""
    shape = shape_of(schema)
    if shape is None or len(shape.atoms) == 1 or not isinstance(right, str):
        return
    for number, (_, start, end) in enumerate(shape.spans(right), 1):
        if end > start:
            yield f"one-over-in-part-{number}", right[:end] + right[end - 1 :]
            yield f"one-under-in-part-{number}", right[:start] + right[start + 1 :]


def pattern_characters(schema: Schema, right: Any) -> Named:
    """A character just outside the set, at the start, in the middle and at the end of each part."""
    shape = shape_of(schema)
    if shape is None or not isinstance(right, str):
        return
    for number, (atom, start, end) in enumerate(shape.spans(right), 1):
        spots = {"first": start, "middle": (start + end) // 2, "last": end - 1}
        for char in atom.characters.outsiders() if end > start else "":
            # A part of one or two characters has fewer distinct spots than three.
            for at, called in {at: called for called, at in reversed(spots.items())}.items():
                name = f"forbidden-u{ord(char):04x}-{called}-of-part-{number}"
                yield name, right[:at] + char + right[at + 1 :]


def behind_an_end(schema: Schema, right: Any) -> Named:
    """A forbidden character behind what some readers take for the end of the text."""
    shape = shape_of(schema)
    if shape is None or not isinstance(right, str):
        return
    every = [atom.characters for atom in shape.atoms]
    near = (char for part in every for char in part.outsiders())
    char = next((char for char in near if not any(char in part for part in every)), None)
    if char is not None:
        yield "forbidden-behind-nul", f"{right}\0{char}"
        yield "forbidden-behind-newline", f"{right}\n{char}"


def look_alikes(schema: Schema, right: Any) -> Named:
    """A character that looks, or counts, like the right one to Unicode and not to ECMA-262."""
    shape = shape_of(schema)
    if shape is None or not isinstance(right, str):
        return
    for number, (_, start, end) in enumerate(shape.spans(right), 1):
        for name, table in patterns.LOOK_ALIKES.items():
            at = next((at for at in range(start, end) if right[at] in table), None)
            if at is not None:
                yield f"{name}-in-part-{number}", f"{right[:at]}{table[right[at]]}{right[at + 1 :]}"


_BLANKS = {
    "newline": "\n",
    "blank": " ",
    "tab": "\t",
    "line-break": "\r\n",
    "no-break-space": "\u00a0",
    "zero-width-space": "\u200b",
    "nul": "\0",
}


def pattern_ends(schema: Schema, right: Any) -> Named:
    """A right value with something before or after it: unanchored or trimming readers take it."""
    if isinstance(right, str):
        for name, blank in _BLANKS.items():
            yield f"trailing-{name}", right + blank
            yield f"leading-{name}", blank + right
        yield "suffixed", f"{right}-x"
        yield "prefixed", f"x-{right}"
        yield "second-line", f"{right}\nx"
        yield "other-case", right.swapcase()


def pattern_samples(schema: Schema, right: Any) -> Named:
    """Where the shape of a pattern cannot be told: texts made from it, with an end cut or added."""
    if shape_of(schema) is None:
        for number, text in enumerate(patterns.samples(schema["pattern"]), 1):
            yield f"generated-{number}-cut", text[:-1]
            yield f"generated-{number}-beheaded", text[1:]
            yield f"generated-{number}-doubled", text + text
            yield f"generated-{number}-other-case", text.swapcase()
        yield "empty", ""


def just_below(schema: Schema, right: Any) -> Named:
    """One step below the lower bound."""
    yield "one-under", schema["minimum"] - step_of(schema)
    yield "minus-zero", Spelled("-0")
    yield "minus-one", -1
    yield "far-under", -(10**40)


def just_above(schema: Schema, right: Any) -> Named:
    """One step above the upper bound."""
    yield "one-over", schema["maximum"] + step_of(schema)
    yield "far-over", 10**40


def on_open_minimum(schema: Schema, right: Any) -> Named:
    """The lower bound itself, where it is excluded."""
    yield "on-bound", schema["exclusiveMinimum"]


def on_open_maximum(schema: Schema, right: Any) -> Named:
    """The upper bound itself, where it is excluded."""
    yield "on-bound", schema["exclusiveMaximum"]


def between_multiples(schema: Schema, right: Any) -> Named:
    """Half a step away from a right value, or one whole number where only those are right."""
    if isinstance(right, (int, float)):
        yield "half-a-step", right + schema["multipleOf"] / 2
        yield "one-more", right + 1


def one_item_short(schema: Schema, right: Any) -> Named:
    """One item fewer than the bound."""
    yield "one-under", item_list(schema, right, schema["minItems"] - 1)


def one_item_long(schema: Schema, right: Any) -> Named:
    """One item more than the bound."""
    yield "one-over", item_list(schema, right, schema["maxItems"] + 1)


def item_repeated(schema: Schema, right: Any) -> Named:
    """The first item once more, and in the place of another."""
    items = item_list(schema, right, max(1, schema.get("minItems", 1)))
    yield "repeated", [*items, items[0]]
    if len(items) > 1:
        yield "replaced", [items[0], items[0], *items[2:]]


def member_added(schema: Schema, right: Any) -> Named:
    """A member that the document does not describe."""
    if isinstance(right, dict):
        yield "unknown-member", {**right, EXTRA: "x"}


def malformed(schema: Schema, right: Any) -> Named:
    """A string that the format does not allow."""
    yield "words", "not a value of this format"
    yield "empty", ""
    if schema["format"] in ("date", "date-time"):
        yield "no-such-day", str(right).replace(str(right)[5:10], "02-30", 1)


def no_alternative(schema: Schema, right: Any) -> Named:
    """A value of each JSON type: what matches none of the alternatives is kept by the proof."""
    yield from other_types(schema, right)
    yield "empty-string", ""
    yield "minus-one", -1


REJECT: dict[str, tuple[Family, ...]] = {
    "type": (other_types, spelled_as_text, spelled_as_number, emptied, wrapped),
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
    "uniqueItems": (item_repeated,),
    "additionalProperties": (member_added,),
    "anyOf": (no_alternative,),
    "oneOf": (no_alternative,),
}
"""How to break each keyword; every honoured keyword that is a rule has a row."""


def shape_of(schema: Schema) -> patterns.Shape | None:
    """Return the shape of the schema's pattern, where it can be told."""
    return patterns.read(schema["pattern"])


def step_of(schema: Schema) -> Any:
    """Return the smallest step between two numbers that the schema allows."""
    if "multipleOf" in schema:
        return schema["multipleOf"]
    types = schema.get("type", ())
    return 0.5 if "number" in types or "integer" not in types else 1
