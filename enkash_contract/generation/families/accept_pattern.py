"""The ways to go to the edge of a text: as long, and of such characters, as its rules allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.generation.families.reject_text import shape_of
from enkash_contract.generation.patterns import ASTRAL, SCRIPTS, UMLAUT, samples

if TYPE_CHECKING:
    from enkash_contract.generation.families.reject import Family, Named, Schema
    from enkash_contract.generation.patterns import Shape


def on_length_bound(keyword: str) -> Family:
    """Exactly as many characters as the bound allows."""

    def on_bound(schema: Schema, valid: Any) -> Named:
        text = (str(valid) or "x") * (schema[keyword] // max(1, len(str(valid))) + 1)
        yield "on-bound", text[: schema[keyword]].rstrip().ljust(schema[keyword], "x")

    return on_bound


def blank_on_bound(schema: Schema, valid: Any) -> Named:
    """As few characters as the bound allows, the last of them a blank: a reader may trim first."""
    least = schema["minLength"]
    if "examples" not in schema:
        yield "on-bound-by-blank", str(valid)[: max(0, least - 1)].ljust(least)


def beyond_ascii(schema: Schema, valid: Any) -> Named:
    """As many characters as the bound allows, each of which counts twice in UTF-8, or in UTF-16."""
    yield "on-bound-in-umlauts", UMLAUT * schema["maxLength"]
    yield "on-bound-in-astral", ASTRAL * schema["maxLength"]


def on_pattern_bounds(schema: Schema, valid: Any) -> Named:
    """The shortest and the longest string the pattern allows, with the ends of its ranges."""
    known = {**schema, **(schema.get("x-known-good") or {})}
    shape = shape_of(known)
    if shape is None:
        # No shape, no bounds: texts made from the pattern are the next best thing.
        for number, text in enumerate(samples(known["pattern"]), 1):
            yield f"generated-{number}", text
        return
    yield "shortest", shape.text(shape.shortest)
    most = _most(known, shape)
    if most is not None:
        yield "longest", shape.text(most)
        for name, char in (("umlauts", UMLAUT), ("astral", ASTRAL)):
            if char in (full := shape.text(most, char)):
                yield f"longest-in-{name}", full
    elif ASTRAL in (full := shape.text(shape.shortest + 1, ASTRAL)):
        yield "in-astral", full


def _most(schema: Schema, shape: Shape) -> int | None:
    """Return the greatest length that the pattern and the bound beside it allow together."""
    bounds = [bound for bound in (shape.longest, schema.get("maxLength")) if bound is not None]
    return min(bounds, default=None)


def range_ends(schema: Schema, valid: Any) -> Named:
    """The valid value with one end of a range of the pattern in it, where it has too few of them.

    A text on a bound has room for all of them only where it is long enough.
    """
    known = {**schema, **(schema.get("x-known-good") or {})}
    shape = shape_of(known)
    if shape is None or not isinstance(valid, str):
        return
    most = _most(known, shape)
    sent = f"{shape.text(shape.shortest)}{'' if most is None else shape.text(most)}"
    for number, (atom, start, end) in enumerate(shape.spans(valid), 1):
        for char in "" if atom.characters.negated else atom.characters.samples():
            if char not in sent and end > start:
                name = f"u{ord(char):04x}-in-part-{number}"
                yield name, f"{valid[: end - 1]}{char}{valid[end:]}"


def other_ends(schema: Schema, valid: Any) -> Named:
    """The valid value with another last character, where the pattern has no known shape."""
    if shape_of(schema) is None and isinstance(valid, str) and valid:
        for name, char in (("script", SCRIPTS[0]), ("astral", ASTRAL), ("slash", "/")):
            yield f"ends-in-{name}", valid[:-1] + char


def other_scripts(schema: Schema, valid: Any) -> Named:
    """Text that is not ASCII, as long as the valid value at most."""
    shape = shape_of(schema) if "pattern" in schema else None
    most = schema.get("maxLength", len(SCRIPTS)) if shape is None else _most(schema, shape)
    yield "other-scripts", SCRIPTS[:most].strip()


def unusual_texts(schema: Schema, valid: Any) -> Named:
    """Texts that the pattern allows and a careful server may still reject."""
    shape = shape_of(schema)
    if shape is None and isinstance(valid, str) and valid:
        yield "newline-at-end", f"{valid[:-1]}\n"
    elif shape is not None and isinstance(valid, str):
        yield "blanks-only", " " * max(1, shape.shortest)
        middle = len(valid) // 2
        if 0 < middle < len(valid) - 1:
            yield "newline-inside", f"{valid[:middle]}\n{valid[middle + 1 :]}"
