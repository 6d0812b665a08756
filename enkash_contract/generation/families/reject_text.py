"""The ways to break what is demanded of a text: its length, its pattern, what looks like either.

These families stand in the table of `mutations` like all others. They are the ones for which it
matters how a text is counted and cut: by bytes, by UTF-16 units, by lines, after trimming.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.generation import patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Schema = Mapping[str, Any]
    Named = Iterator[tuple[str, Any]]

FAR = 10_000
"""How many characters or items more than a bound are far beyond it."""


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


def shape_of(schema: Schema) -> patterns.Shape | None:
    """Return the shape of the schema's pattern, where it can be told."""
    return patterns.read(schema["pattern"])
