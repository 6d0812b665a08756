"""JSON Pointers, and reading, changing and renaming the value at one."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.wire.pointer import ABSENT, Renamed, get, places, pointer, put, tokens
from tests.support.drawn_schemas import JSON_VALUES


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


def test_nothing_is_put_into_what_has_no_members() -> None:
    """What stands there is named by its type."""
    with pytest.raises(TypeError, match="^there is no member 'b' of int$"):
        put({"a": 1}, ("a", "b"), 2)


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


@given(st.lists(st.text()))
def test_a_pointer_leads_back_to_its_tokens(names: list[str]) -> None:
    """Whatever members are called, the pointer to them is read as the same names."""
    assert tokens(pointer(tuple(names))) == tuple(names)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("/", ("",)),
        ("/a/b", ("a", "b")),
        ("/a~1b/~0", ("a/b", "~")),
        ("/~01", ("~1",)),
        ("//", ("", "")),
    ],
)
def test_a_pointer_leads_back_to_its_tokens_examples(text: str, names: tuple[str, ...]) -> None:
    """The escapes of RFC 6901 are read and written, in the order that keeps `~01` apart."""
    assert (pointer(names), tokens(text)) == (text, names)


def test_items_of_a_list_are_counted_from_0() -> None:
    """A position in a list is a token like any other."""
    assert pointer(("tags", 0, "name")) == "/tags/0/name"


def test_what_does_not_begin_with_a_slash_is_no_pointer() -> None:
    """A member's bare name is refused, with what was given."""
    with pytest.raises(ValueError, match=r"^a JSON Pointer begins with a slash: 'device'$"):
        tokens("device")
