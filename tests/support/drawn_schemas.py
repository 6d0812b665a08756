"""Schemas that are drawn: each is kept by some value."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def strings(draw: st.DrawFn) -> Schema:
    """Draw a schema of strings that some string keeps."""
    least, more = draw(st.integers(0, 12)), draw(st.integers(0, 12))
    form = draw(st.sampled_from(["bounds", "pattern", "counted", "both", "format"]))
    if form == "bounds":
        made: Schema = {"minLength": least, "maxLength": least + more}
        return {
            "type": "string",
            **{key: made[key] for key in draw(st.sets(st.sampled_from([*made])))},
        }
    if form == "format":
        known = ["date", "date-time", "uuid", "email", "uri"]
        return {"type": "string", "format": draw(st.sampled_from(known))}
    letters = draw(st.sampled_from(["[A-Z]", "[^a-z]", r"\d", "x", r"[^ -~]"]))
    counts = {"pattern": "*", "counted": f"{{{least},{least + more}}}", "both": "+"}
    shape = {"type": "string", "pattern": f"^{letters}{counts[form]}$"}
    bounds = {"minLength": least, "maxLength": max(1, least + more)}
    return shape | bounds if form == "both" else shape


@st.composite
def numbers(draw: st.DrawFn) -> Schema:
    """Draw a schema of numbers around one number that keeps it."""
    kind = draw(st.sampled_from(["integer", "number"]))
    unit = draw(st.sampled_from([1, 2, 5, 10] if kind == "integer" else [0.01, 0.1, 0.5, 2, 2.5]))
    count, stepped = draw(st.integers(-500, 500)), draw(st.booleans())
    right = round(count * unit, 2) if stepped else count
    schema: Schema = {"type": kind, **({"multipleOf": unit} if stepped else {})}
    gaps = st.integers(0, 20) if kind == "integer" else st.integers(0, 80).map(lambda n: n / 4)
    for key, sign in (("minimum", -1), ("maximum", 1)):
        if draw(st.booleans()):
            schema[key] = right + sign * draw(gaps)
    for key, sign in (("exclusiveMinimum", -1), ("exclusiveMaximum", 1)):
        if draw(st.booleans()):
            schema[key] = right + sign * (draw(gaps) + 1)
    return schema


SIMPLE: list[Schema] = [
    {},
    {"type": "boolean"},
    {"type": "null"},
    {"type": ["null", "string"]},
    {"type": "string", "examples": ["b", "a"], "minLength": 1},
]
PLAIN = st.one_of(
    strings(),
    numbers(),
    st.sampled_from(SIMPLE),
    st.fixed_dictionaries({"const": JSON_VALUES}),
    st.fixed_dictionaries({"enum": st.lists(JSON_VALUES, min_size=1, max_size=3)}),
)


@st.composite
def arrays(draw: st.DrawFn, items: st.SearchStrategy[Schema]) -> Schema:
    """Draw a schema of lists; lists of distinct items are made of what has enough of them."""
    least, more = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    made: Schema = {"type": "array", "items": draw(items), "minItems": least}
    many: list[Schema] = [
        {"type": "string", "minLength": 2, "maxLength": 4},
        {"type": "integer", "minimum": 3, "multipleOf": 2},
        {"type": "number"},
        {"enum": ["A", "B", "C"]},
    ]
    made |= draw(st.sampled_from([{}, {"maxItems": least + more}]))
    return made | draw(
        st.sampled_from([{}, *({"items": one, "uniqueItems": True} for one in many)])
    )


@st.composite
def objects(draw: st.DrawFn, members: st.SearchStrategy[Schema]) -> Schema:
    """Draw a schema of objects, some of whose members are required."""
    properties = draw(st.dictionaries(st.sampled_from("abc"), members, max_size=3))
    required = [name for name in properties if draw(st.booleans())]
    made: Schema = {"properties": properties, **({"required": required} if required else {})}
    return made | draw(st.sampled_from([{}, {"type": "object", "additionalProperties": False}]))
