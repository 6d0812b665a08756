"""Where in a JSON text its values stand, and which names repeat."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.wire.json_lines import locate
from enkash_contract.wire.json_values import Fault, Tokens
from enkash_contract.wire.strict_json import decode
from tests.support.anything import (
    JSON,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Pairs(NamedTuple):
    """An object as it is written: names may repeat."""

    members: list[tuple[str, Any]]


def written(value: Any) -> str:
    """Write JSON, with `Pairs` as objects."""
    if isinstance(value, Pairs):
        return (
            "{"
            + ",".join(f"{json.dumps(name)}:{written(one)}" for name, one in value.members)
            + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(written(one) for one in value) + "]"
    return json.dumps(value)


def repeated(value: Any, at: Tokens) -> Iterator[Tokens]:
    """Yield where a name stands that its object has had before, in the order of the text."""
    if isinstance(value, Pairs):
        for index, (name, one) in enumerate(value.members):
            if name in [before for before, _ in value.members[:index]]:
                yield (*at, name)
            yield from repeated(one, (*at, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from repeated(one, (*at, index))


OBJECTS = st.recursive(
    st.integers(0, 1) | st.sampled_from(["a", "{", '":', ","]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(st.sampled_from(["a", "b", "", '"', "a:"]), inner), max_size=3).map(
            Pairs
        )
    ),
    max_leaves=12,
)


@given(OBJECTS)
@example(Pairs([("a", Pairs([("x", 1)])), ("a", Pairs([("x", 2)]))]))
@example([Pairs([("a", 1)]), Pairs([("a", 1)])])
def test_a_repeated_name_is_told_where_it_repeats(value: Any) -> None:
    """Each name is counted within its own object, and the last value is the one that stands."""
    text = written(value)
    read, faults = decode(text)
    assert read == json.loads(text)
    assert [(fault.keyword, fault.tokens, fault.fatal) for fault in faults] == [
        ("duplicate-names", at, False) for at in repeated(value, ())
    ]


def test_a_repeated_name_is_told_where_it_repeats_examples() -> None:
    """The fault names the member, and stands on the line of the repetition."""
    assert decode('{"a": [\n{"b": 1,\n"b": 2}],\n"a": 3}') == (
        {"a": 3},
        [
            Fault(
                "duplicate-names", f"the name {name!r} is repeated in one object", at, line, False
            )
            for name, at, line in (("b", ("a", 0, "b"), 3), ("a", ("a",), 4))
        ],
    )


GAPS = st.sampled_from(["", " ", "\n", "\t", "\r\n", "\n \n"])


class Layout:
    """JSON text being written, with the line of every value noted on the way."""

    def __init__(self, gaps: list[str]) -> None:
        self.text = ""
        self.lines: dict[Tokens, int] = {}
        self._gaps = itertools.cycle(gaps)

    def put(self, token: str, at: Tokens | None = None) -> None:
        self.text += next(self._gaps)
        if at is not None:
            self.lines[at] = self.text.count("\n") + 1
        self.text += token

    def value(self, value: Any, at: Tokens, *, named: bool = False) -> None:
        spot = None if named else at
        if isinstance(value, dict):
            self.put("{", spot)
            for index, (name, member) in enumerate(value.items()):
                if index:
                    self.put(",")
                self.put(json.dumps(name), (*at, name))
                self.put(":")
                self.value(member, (*at, name), named=True)
            self.put("}")
        elif isinstance(value, list):
            self.put("[", spot)
            for index, item in enumerate(value):
                if index:
                    self.put(",")
                self.value(item, (*at, index))
            self.put("]")
        else:
            self.put(json.dumps(value), spot)


@given(JSON, st.lists(GAPS, min_size=1, max_size=9))
def test_every_value_is_found_on_its_line(value: Any, gaps: list[str]) -> None:
    """A member stands on the line of its name, an item on its own, whatever the layout."""
    layout = Layout(gaps)
    layout.value(value, ())
    assert json.loads(layout.text) == value
    assert locate(layout.text) == layout.lines


def test_every_value_is_found_on_its_line_examples() -> None:
    """Brackets, commas, colons and line feeds within strings are not those of the text."""
    text = '{"a": [\n1, "x\\n]",\n{}],\n"b:{\\"":\n{"c":\nnull}}'
    assert locate(text) == {
        (): 1,
        ("a",): 1,
        ("a", 0): 2,
        ("a", 1): 2,
        ("a", 2): 3,
        ('b:{"',): 4,
        ('b:{"', "c"): 5,
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a": 1, "a": 1}',
        '{"a b": 1, "a b": 1}',
        '{"\\u00e4": 1, "\\u00e4": 1}',
        '{"\\u00e4": 1, "ä": 1}',
        '[{"a": [1 ], "a": [ 1]}]',
    ],
)
def test_a_repeated_name_is_found_in_every_layout(text: str) -> None:
    """The reader that is quick and overlooks it is not trusted with it."""
    assert [fault.keyword for fault in decode(text)[1]] == ["duplicate-names"]


def test_names_that_differ_by_blanks_are_two() -> None:
    """Blanks carry nothing between values, and much within a text."""
    assert decode('{"a b": 1, "ab": "1 "}') == ({"a b": 1, "ab": "1 "}, [])


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("{" + '"a": 1, ' * 151 + '"a": 1}', "51 more names are repeated"),
        ("[" + '"\\ud800", ' * 149 + '"\\udfff"]', "50 more such values"),
    ],
)
def test_many_faults_are_counted(text: str, more: str) -> None:
    """The first hundred are told one by one; of the rest only the number is of use."""
    payload, faults = decode(text)

    assert len(faults) == 101
    assert faults[-1].message == more
    assert (payload is None) == ("ud800" in text)
