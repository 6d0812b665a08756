"""The ways to break the rules of a text: its length and its pattern.

These families stand in the table of `reject` like all others. They are the ones for which it
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


def one_character_short(schema: Schema, valid: Any) -> Named:
    """One character fewer than the bound, and texts that are long enough by other counts."""
    least = schema["minLength"]
    yield "one-under", str(valid)[: least - 1].ljust(least - 1, "x")
    if least > 1:
        yield "empty", ""
        yield "one-under-in-astral", patterns.ASTRAL * (least - 1)


def one_character_long(schema: Schema, valid: Any) -> Named:
    """One character more than the bound, many more, and texts short enough by other counts."""
    size = schema["maxLength"] + 1
    yield "one-over", str(valid)[:size].ljust(size, "x")
    yield "far-over", "x" * (size + FAR)
    yield "one-over-in-combining", patterns.combining(size)
    yield "one-over-by-blank", str(valid)[: size - 1].rstrip().ljust(size - 1, "x") + " "


def pattern_counts(schema: Schema, valid: Any) -> Named:
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


def trimmed_bounds(schema: Schema, valid: Any) -> Named:
    """The longest text with a blank behind it: a reader that trims first counts one less."""
    shape = shape_of(schema)
    if shape is not None and shape.longest is not None:
        full = shape.text(shape.longest)
        yield "one-over-by-blank", f"{full} "
        yield "one-over-by-newline", f"{full}\n"


def part_counts(schema: Schema, valid: Any) -> Named:
    """One character more, and one fewer, in one part of several."""
    shape = shape_of(schema)
    if shape is None or len(shape.atoms) == 1 or not isinstance(valid, str):
        return
    for number, (_, start, end) in enumerate(shape.spans(valid), 1):
        if end > start:
            yield f"one-over-in-part-{number}", valid[:end] + valid[end - 1 :]
            yield f"one-under-in-part-{number}", valid[:start] + valid[start + 1 :]


def pattern_characters(schema: Schema, valid: Any) -> Named:
    """A character just outside the set, at the start, in the middle and at the end of each part."""
    shape = shape_of(schema)
    if shape is None or not isinstance(valid, str):
        return
    for number, (atom, start, end) in enumerate(shape.spans(valid), 1):
        spots = {"first": start, "middle": (start + end) // 2, "last": end - 1}
        for char in atom.characters.outsiders() if end > start else "":
            # A part of one or two characters has fewer distinct spots than three.
            for at, called in {at: called for called, at in reversed(spots.items())}.items():
                name = f"forbidden-u{ord(char):04x}-{called}-of-part-{number}"
                yield name, valid[:at] + char + valid[at + 1 :]


def behind_an_end(schema: Schema, valid: Any) -> Named:
    """A forbidden character behind what some readers take for the end of the text."""
    shape = shape_of(schema)
    if shape is None or not isinstance(valid, str):
        return
    every = [atom.characters for atom in shape.atoms]
    near = (char for part in every for char in part.outsiders())
    char = next((char for char in near if not any(char in part for part in every)), None)
    if char is not None:
        yield "forbidden-behind-nul", f"{valid}\0{char}"
        yield "forbidden-behind-newline", f"{valid}\n{char}"


def look_alikes(schema: Schema, valid: Any) -> Named:
    """A character that is like the valid one in Unicode, and another one in ECMA-262."""
    shape = shape_of(schema)
    if not isinstance(valid, str):
        return
    parts = {"": (0, len(valid))}
    if shape is not None:
        spans = enumerate(shape.spans(valid), 1)
        parts = {f"-in-part-{number}": (start, end) for number, (_, start, end) in spans}
    for part, (start, end) in parts.items():
        for name, table in patterns.LOOK_ALIKES.items():
            at = next((at for at in range(start, end) if valid[at] in table), None)
            if at is not None:
                yield f"{name}{part}", f"{valid[:at]}{table[valid[at]]}{valid[at + 1 :]}"


_BLANKS = {
    "newline": "\n",
    "blank": " ",
    "tab": "\t",
    "line-break": "\r\n",
    "no-break-space": "\u00a0",
    "zero-width-space": "\u200b",
    "nul": "\0",
}


def pattern_ends(schema: Schema, valid: Any) -> Named:
    """A valid value with something before or after it: unanchored or trimming readers accept it."""
    if isinstance(valid, str):
        for name, blank in _BLANKS.items():
            yield f"trailing-{name}", valid + blank
            yield f"leading-{name}", blank + valid
        yield "suffixed", f"{valid}-x"
        yield "prefixed", f"x-{valid}"
        yield "second-line", f"{valid}\nx"
        yield "other-case", valid.swapcase()


def pattern_samples(schema: Schema, valid: Any) -> Named:
    """Texts made from a pattern of unknown shape, with an end cut or added."""
    if shape_of(schema) is None:
        for number, text in enumerate(patterns.samples(schema["pattern"]), 1):
            yield f"generated-{number}-cut", text[:-1]
            yield f"generated-{number}-beheaded", text[1:]
            yield f"generated-{number}-doubled", text + text
            yield f"generated-{number}-other-case", text.swapcase()
        yield "empty", ""


def shape_of(schema: Schema) -> patterns.Shape | None:
    """Return the shape of the schema's pattern, or None where it is unknown."""
    return patterns.read(schema["pattern"])
