"""Values known to be right, and the places in a payload they are put into."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enkash_contract.errors import UsageError
from enkash_contract.generation import known_good
from enkash_contract.generation.known_good import item_list, plainest
from enkash_contract.wire.pointer import ABSENT, Renamed, get, places, put
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

Schema = dict[str, Any]


def is_valid(schema: Schema, value: Any) -> bool:
    """Say whether `value` keeps `schema`, by the engine and not by the package."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)


# The base


def test_the_base_is_the_document_s_example(operation: Operation) -> None:
    """Without a payload the document's example is the base, and it is a copy."""
    base = known_good.base(operation)

    assert base == operation.request.example
    assert base is not operation.request.example


def test_the_base_is_built_where_there_is_no_example(tmp_path: Path) -> None:
    """A document without an example gets the plainest payload its schema allows."""
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    operation = small(tmp_path, schema).pick()

    assert known_good.base(operation) == {"name": "string"}


def test_pins_are_set_in_the_user_s_payload(operation: Operation) -> None:
    """Pins change the payload that is vouched for, and leave the user's own object alone."""
    mine = {"b2bIds": {"buyerB2BId": "A"}, "list": [1, 2]}
    pins = {"/b2bIds/buyerB2BId": "B", "/list/1": None, "/b2bIds/supplierB2BId": "C"}
    expected = {"b2bIds": {"buyerB2BId": "B", "supplierB2BId": "C"}, "list": [1, None]}

    assert known_good.base(operation, mine, pins) == expected
    assert mine == {"b2bIds": {"buyerB2BId": "A"}, "list": [1, 2]}


@pytest.mark.parametrize(
    "where",
    [
        "b2bIds",
        "/nowhere",
        "/nowhere/at/all",
        "/b2bIds/buyerB2Bid",
        "/device/tag",
        "/list/2",
        "/list/-1",
        "/list/x",
        "/text/deeper",
    ],
)
def test_a_pin_that_points_at_nothing(operation: Operation, where: str) -> None:
    """A pin that leads nowhere is refused with its own text and an example of a right one."""
    with pytest.raises(UsageError) as caught:
        known_good.base(operation, {"list": [1, 2], "text": "x", "b2bIds": {}}, {where: 1})

    assert str(caught.value) == (
        f"the pin {where!r} points at nothing in the payload; "
        "write it as a JSON Pointer, e.g. /b2bIds/buyerB2BId"
    )


# Places

JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def spots(draw: st.DrawFn) -> tuple[Any, tuple[str, ...]]:
    """Draw a payload and the tokens of one place in it."""
    payload = value = draw(JSON_VALUES)
    at: list[str] = []
    while isinstance(value, (dict, list)) and draw(st.integers(0, 3)):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        key = draw(st.sampled_from(keys))
        at.append(str(key))
        value = value[key]
    return payload, tuple(at)


@given(spots(), JSON_VALUES)
def test_what_is_put_is_found_again(place: tuple[Any, tuple[str, ...]], value: Any) -> None:
    """What is put at a place is got from it, and the payload it was put into is untouched."""
    payload, at = place
    before = copy.deepcopy(payload)

    assert get(put(payload, at, value), at) == value
    assert put(payload, at, get(payload, at)) == payload
    assert payload == before


@given(spots())
def test_what_is_taken_away_is_gone(place: tuple[Any, tuple[str, ...]]) -> None:
    """Nothing put at a place takes one value away there, and leaves all others."""
    payload, at = place
    around = get(payload, at[:-1])
    left = get(put(payload, at, ABSENT), at[:-1])
    expected = copy.deepcopy(around)
    if not at:
        expected = ABSENT
    elif isinstance(expected, list):
        del expected[int(at[-1])]
    else:
        del expected[at[-1]]

    assert left is expected is ABSENT or left == expected


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (("items", "*", "n"), 1),
        (("items", "1", "n"), 2),
        (("items", "2"), ABSENT),
        (("items", "-1"), ABSENT),
        (("items", "n"), ABSENT),
        (("items", "0", "n", "deeper"), ABSENT),
        (("more", "*"), ABSENT),
        (("none", "at", "all"), ABSENT),
        ((), {"items": [{"n": 1}, {"n": 2}], "more": {"a": 1}}),
    ],
)
def test_places_there_and_not_there(at: tuple[str, ...], found: Any) -> None:
    """A place that is not there gives ABSENT; `*` is the first item of a list."""
    assert get({"items": [{"n": 1}, {"n": 2}], "more": {"a": 1}}, at) == found


def test_a_star_in_an_object_is_one_more_member() -> None:
    """In an object `*` is put as a member of that name, which stands for any further one."""
    assert put({"more": {"a": 1}}, ("more", "*"), 2) == {"more": {"a": 1, "*": 2}}


@pytest.mark.parametrize("at", [("a",), ("list", "*"), ("list", "7"), ("list", "x"), ("no", "a")])
def test_nothing_is_taken_from_where_nothing_is(at: tuple[str, ...]) -> None:
    """A place that is not there cannot be emptied."""
    with pytest.raises(LookupError):
        put({"list": []}, at, ABSENT)


@pytest.mark.parametrize(
    ("payload", "at", "spell", "made"),
    [
        ({"a": 1, "b": 2, "c": 3}, ("b",), str.upper, {"a": 1, "B": 2, "c": 3}),
        ({"a": {"b": [2]}, "c": 3}, ("a", "b"), " {}".format, {"a": {" b": [2]}, "c": 3}),
        ([{"a": 1}, {"a": 2}], ("*", "a"), str.upper, [{"A": 1}, {"a": 2}]),
        ([{"a": 1}, {"a": 2}], ("1", "a"), "{} ".format, [{"a": 1}, {"a ": 2}]),
        ({"a": 1}, ("a",), str.lower, {"a": 1}),
        ({"a": 1}, ("b",), str.upper, {"a": 1}),
        ({"a": 1, "A": 2}, ("a",), str.upper, {"A": 2}),
    ],
)
def test_a_member_is_renamed_where_it_stands(
    payload: Any, at: tuple[str, ...], spell: Any, made: Any
) -> None:
    """A member keeps its place and its value and gets what is made of its name; others stay."""
    again = put(payload, at, Renamed(spell))

    assert (again, json.dumps(again)) == (made, json.dumps(made))


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (7, [((), 7)]),
        ({}, [((), {})]),
        (
            {"a": [1, {"b": None}], "c": "x"},
            [
                ((), {"a": [1, {"b": None}], "c": "x"}),
                (("a",), [1, {"b": None}]),
                (("a", "0"), 1),
                (("a", "1"), {"b": None}),
                (("a", "1", "b"), None),
                (("c",), "x"),
            ],
        ),
        ({1: [True]}, [((), {1: [True]}), (("1",), [True]), (("1", "0"), True)]),
    ],
)
def test_places_of_all_values(payload: Any, found: list[tuple[tuple[str, ...], Any]]) -> None:
    """Every value is found with its place, the outermost first, in the order they stand in."""
    assert list(places(payload)) == found


@given(JSON_VALUES)
def test_every_place_leads_to_its_value(payload: Any) -> None:
    """What stands at a place is what is got from it, and no place is there twice."""
    found = list(places(payload))

    assert [get(payload, at) for at, _ in found] == [value for _, value in found]
    assert len({at for at, _ in found}) == len(found)


# Known to be right


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


def split(schema: Schema) -> Schema:
    """Say a schema in two parts that hold together; a closed object only holds as a whole."""
    if "additionalProperties" in schema:
        return {"allOf": [schema]}
    keys = list(schema)
    first = {key: schema[key] for key in keys[::2]}
    second = {key: schema[key] for key in keys[1::2]}
    return {"allOf": [{"allOf": [first]}, second]}


def combined(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """Draw schemas made of others."""
    other = st.sampled_from([{"type": "null"}, {"const": "nothing else is this"}])
    beside = st.fixed_dictionaries({"title": st.just("x")})
    return (
        arrays(inner)
        | objects(inner)
        | inner.map(split)
        | st.tuples(inner, other, beside).map(lambda all_: {**all_[2], "anyOf": [*all_[:2]]})
        | strings().map(lambda one: {"oneOf": [one, {"type": "null"}], "description": "x"})
    )


@given(st.recursive(PLAIN, combined, max_leaves=6))
@settings(max_examples=300)
def test_what_is_known_good_is_valid(schema: Schema) -> None:
    """A schema that something keeps is kept by the value called known good."""
    value = plainest(schema)
    assert is_valid(schema, value), (schema, value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({}, "string"),
        ({"properties": {"a": {"type": "boolean"}}}, {"a": True}),
        ({"const": None, "default": 1}, None),
        ({"default": 2, "examples": [1], "type": "integer"}, 2),
        ({"examples": [1], "enum": [3, 1], "type": "integer"}, 1),
        ({"enum": ["B", "A"]}, "B"),
        ({"type": "string", "minLength": 8}, "stringxx"),
        ({"type": "string", "maxLength": 3}, "str"),
        ({"type": "string", "pattern": "^[a-z]+$", "maxLength": 5}, "azaza"),
        ({"type": "string", "pattern": "^[a-z]*$", "minLength": 12}, "az" * 6),
        ({"type": "string", "pattern": "^(?:ab|cd)$"}, "string"),
        ({"type": "string", "pattern": "^.*$", "x-known-good": {"pattern": "^[a-b]{2}$"}}, "ab"),
        ({"type": "string", "format": "date-time"}, "2026-01-31T12:00:00Z"),
        ({"type": ["null", "string"]}, None),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 0.5}, 1),
        ({"type": "integer", "exclusiveMinimum": 0.5}, 1),
        ({"type": "integer", "exclusiveMinimum": 7, "minimum": 3}, 8),
        ({"type": "integer", "maximum": 3, "multipleOf": 5}, 0),
        ({"type": "integer", "minimum": 1, "multipleOf": 0.4}, 2),
        ({"type": "integer", "exclusiveMaximum": 1}, 0),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 0.3}, 0.15),
        ({"type": "number", "minimum": 19.985, "multipleOf": 0.01}, 19.99),
        ({"type": "number", "minimum": 2, "maximum": 1}, 2),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"type": "array", "maxItems": 0}, []),
        ({"type": "array", "items": {"type": "null"}, "minItems": 2}, [None, None]),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, None),
        (
            {"oneOf": [{"required": ["a"], "properties": {"a": {}}}], "type": "object"},
            {"a": "string"},
        ),
        (
            {"allOf": [{"minLength": 9, "maxLength": 20}, {"minLength": 2}], "maxLength": 30},
            "stringxxx",
        ),
        (
            {"allOf": [{"allOf": [{"minLength": 8}]}, {"allOf": [{"maxLength": 9}]}]},
            "stringxx",
        ),
        ({"allOf": [{"enum": [1, 2, 3]}, {"enum": [4, 3]}]}, 3),
        ({"allOf": [{"examples": [1]}, {"examples": [2]}]}, 2),
        (
            {
                "properties": {"a": {"minLength": 1}, "b": {"type": "null"}},
                "allOf": [{"properties": {"a": {"type": "string", "maxLength": 2}}}],
            },
            {"a": "st", "b": None},
        ),
    ],
)
def test_plainest_values(schema: Schema, value: Any) -> None:
    """The value chosen is the plainest one, and always the same."""
    assert plainest(schema) == value


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"type": "string"}, ["string", "strin1", "strin2"]),
        ({"type": "integer", "multipleOf": 5}, [5, 10, 15]),
        ({"enum": ["B", "A", "C"]}, ["B", "A", "C"]),
        ({"examples": [7, 8], "type": "integer"}, [7, 8, 7]),
        ({"type": "boolean"}, [True, False, True]),
        ({"type": "null"}, [None, None, None]),
    ],
)
def test_lists_of_distinct_items(items: Schema, expected: list[Any]) -> None:
    """Items that must be distinct are, as long as there are enough different right ones."""
    assert item_list({"items": items, "uniqueItems": True}, None, 3) == expected


def test_lists_keep_what_is_right_in_them() -> None:
    """A list is lengthened and shortened at its end, and never below nothing."""
    schema = {"items": {"type": "integer"}, "uniqueItems": True}

    assert item_list(schema, [2, 1], 4) == [2, 1, 3, 4]
    assert item_list(schema, [2, 1], 1) == [2]
    assert item_list(schema, [2, 1], -1) == []
    assert item_list({"items": {"const": 1}}, [2], 3) == [2, 1, 1]
