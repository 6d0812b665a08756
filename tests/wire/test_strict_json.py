"""Strict JSON: what is read of bytes, what is told of Python values, and on which line."""

from __future__ import annotations

import itertools
import json
from collections import OrderedDict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.wire.pointer import pointer
from enkash_contract.wire.strict_json import (
    DEPTH,
    HUGE,
    TOO_DEEP,
    Fault,
    Tokens,
    decode,
    locate,
    plain,
)
from tests.support.anything import (
    ANYTHING,
    CYCLE,
    JSON,
    LAYOUTS,
    WIDE,
    Action,
    Count,
    Kind,
    Members,
    Point,
    Real,
    Text,
    Whole,
    below,
    nearly_json,
    nested,
    strict,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@given(JSON, st.sampled_from(LAYOUTS), st.booleans())
def test_json_is_read_as_it_was_written(value: Any, layout: dict[str, Any], as_text: bool) -> None:  # noqa: FBT001 - drawn
    """However it is laid out, right JSON comes back whole and without faults."""
    text = json.dumps(value, **layout)
    assert repr(decode(text if as_text else text.encode())) == repr((value, []))


def without_numbers(value: Any) -> Any:
    """Return JSON with every number as 0."""
    if isinstance(value, dict):
        return {name: without_numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_numbers(one) for one in value]
    number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return 0 if number else value


@given(st.binary() | nearly_json())
@example(b"")
@example(b"NaNx")
@example(b"[NaN")
@example(b'{"a":{"b":1},"a":{"b":2}}')
@example(b"1e9999999999999999999")
@example(b"-1e9999999999999999999")
@example(b"1e-9999999999999999999")
@example(b"0e9999999999999999999")
@example(b"[" * 100_000)
@example(b"[" * 800 + b"]" * 800)
def test_any_bytes_are_read_or_told_wrong(raw: bytes) -> None:
    """Bytes have no faults exactly when a strict reader reads them, and then mean the same."""
    value, faults = decode(raw)
    try:
        expected = strict(raw, lambda _: 0)
    except (ValueError, RecursionError):
        assert faults
    else:
        assert (without_numbers(value), faults) == (expected, [])


@pytest.mark.parametrize(
    ("raw", "keyword", "message", "line"),
    [
        (b"", "json", "the body is empty", 1),
        (b" \n ", "json", "the body is empty", 2),
        (b"\xef\xbb\xbf{}", "json", "the body begins with a byte order mark", 1),
        ("\ufeff{}", "json", "the body begins with a byte order mark", 1),
        (b'{\n"a": }', "json", "not JSON: expecting value at line 2 column 6", 2),
        (b"{}\n{}", "json", "not JSON: extra data at line 2 column 1", 2),
        (b'["a\tb"]', "json", "not JSON: invalid control character at at line 1 column 4", 1),
        (b'{"a":\n\n[NaN]}', "json", "not JSON: NaN is not a JSON number", 3),
        (b"[1,\n-Infinityx", "json", "not JSON: -Infinity is not a JSON number", 2),
        ('["NaN",\n"Infinity",\nInfinity]', "json", "not JSON: Infinity is not a JSON number", 3),
        (b'{"a":\n"\xff"}', "encoding", "byte 0xff at offset 7 is not UTF-8", 2),
        (b"\xe2\x82", "encoding", "byte 0xe2 at offset 0 is not UTF-8", 1),
        ("{}".encode("utf-16"), "encoding", "byte 0xff at offset 0 is not UTF-8", 1),
        pytest.param(
            b"[" * 100_000, "json", "it is nested deeper than 500 levels", 1, id="endless"
        ),
        pytest.param(
            b"\n" + b"[" * 502 + b"]" * 502,
            "json",
            "it is nested deeper than 500 levels",
            2,
            id="deep",
        ),
    ],
)
def test_what_is_not_json_is_one_fault_without_payload(
    raw: bytes | str, keyword: Any, message: str, line: int
) -> None:
    """There is nothing to judge in such a body, and the message says where reading ended."""
    assert decode(raw) == (None, [Fault(keyword, message, (), line)])


def test_as_many_levels_as_are_promised_are_read() -> None:
    """The limit is no accident of how deep the caller stands in the stack."""
    text = "[" * (DEPTH + 1) + "]" * (DEPTH + 1)
    value, faults = decode(text)
    assert (json.dumps(value), faults) == (text, [])


SURROGATE = "holds the lone surrogate U+D800"


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": {"\\ud800": 1},\n "b":\n [2, "\\ud800"]}',
        '{"a": {"\ud800": 1},\n "b":\n [2, "\ud800"]}',
    ],
)
def test_a_lone_surrogate_is_no_utf_8(raw: bytes | str) -> None:
    """Escaped or not, half a character is told with its line, and the payload kept as it was."""
    assert decode(raw) == (
        {"a": {"\ud800": 1}, "b": [2, "\ud800"]},
        [
            Fault("encoding", f"a member's name {SURROGATE}", ("a",), 1, fatal=False),
            Fault("encoding", f"the string {SURROGATE}", ("b", 1), 3),
        ],
    )


def test_a_pair_of_surrogates_is_one_character() -> None:
    """The escapes of a character beyond the first plane are no fault."""
    assert decode(b'"\\ud834\\udd1e"') == ("\U0001d11e", [])


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("1", 1),
        ("-0", 0),
        ("1.0", 1.0),
        ("1e2", 100.0),
        ("19.99", 19.99),
        ("18446744073709551616", 2**64),
        pytest.param("1" + "0" * 4299, HUGE, id="4300 digits"),
        pytest.param("1" * 5000, HUGE, id="5000 digits"),
        pytest.param("-" + "1" * 5000, -HUGE, id="-5000 digits"),
        ("1e400", Decimal("1e400")),
        ("-1.5e400", Decimal("-1.5e400")),
        ("1e-400", Decimal("1e-400")),
        ("1.0000000000000000000000001", Decimal("1.0000000000000000000000001")),
        ("0.99999999999999999999", Decimal("0.99999999999999999999")),
        ("0.1000000000000000055511151231257827", 0.1),
        ("0.0e-400", 0.0),
        ("3.524868405752571e+16", 3.524868405752571e16),
        ("1e23", 1e23),
        pytest.param("1e9999999999999999999", HUGE, id="beyond decimals"),
        pytest.param("-1e9999999999999999999", -HUGE, id="-beyond decimals"),
        ("0e9999999999999999999", 0.0),
    ],
)
def test_a_number_is_read_as_the_number_it_is(digits: str, value: Any) -> None:
    """Neither size nor rounding makes another number of it, as far as any bound could tell."""
    read, faults = decode(digits)
    assert (type(read), read, faults) == (type(value), value, [])


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


@given(JSON)
def test_a_plain_value_is_copied(value: Any) -> None:
    """What is JSON comes back equal, of the same types and in the same order, sharing nothing."""
    copied, faults = plain(value)
    assert (repr(copied), faults) == (repr(value), [])
    assert not isinstance(value, (dict, list)) or copied is not value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Text("a"), "a"),
        (Whole(1), 1),
        (Real(1.5), 1.5),
        (Members(a=Text("a")), {"a": "a"}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        ({Text("a"): 1}, {"a": 1}),
        (Point(1, 2), [1, 2]),
        (((), [()]), [[], [[]]]),
        (Action.CANCEL, "CANCEL"),
        ({Action.CANCEL: Count.ONE}, {"CANCEL": 1}),
        ([Kind.LIST, Kind.OTHER], [[1, "a"], "CANCEL"]),
        (Decimal("1.50"), Decimal("1.50")),
        pytest.param(10**5000, HUGE, id="huge"),
        pytest.param(-(10**5000), -HUGE, id="-huge"),
    ],
)
def test_what_only_looks_different_becomes_plain(value: object, expected: Any) -> None:
    """Subclasses, tuples and members of enumerations are the JSON values they stand for."""

    def types(one: Any) -> Any:
        names = [type(name) for name in one] if isinstance(one, dict) else []
        return type(one), names, [types(inner) for inner in below(one)]

    copied, faults = plain(value)
    assert (copied, types(copied), faults) == (expected, types(expected), [])


@pytest.mark.parametrize("value", [CYCLE, WIDE, nested(DEPTH + 1), nested(5000)])
def test_a_value_without_end_is_one_fault(value: object) -> None:
    """A value that holds itself, however often, is told like one that is too deep."""
    assert plain(value) == (None, [Fault("json", TOO_DEEP)])


SHARED: list[Any] = []


@pytest.mark.parametrize("value", [nested(DEPTH), [SHARED, SHARED, {"a": SHARED}]])
def test_a_value_with_an_end_is_no_fault(value: object) -> None:
    """Neither the deepest level that is read nor a part that stands in two places is wrong."""
    assert plain(value) == (value, [])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "nan is not a JSON number"),
        (float("inf"), "inf is not a JSON number"),
        (Real("-inf"), "-inf is not a JSON number"),
        (Decimal("nan"), "a Python Decimal is not a JSON value"),
        (Decimal("inf"), "a Python Decimal is not a JSON value"),
        (b"a", "a Python bytes is not a JSON value"),
        ({1}, "a Python set is not a JSON value"),
        (object(), "a Python object is not a JSON value"),
        (1j, "a Python complex is not a JSON value"),
        (len, "a Python builtin_function_or_method is not a JSON value"),
    ],
)
def test_what_json_cannot_say_is_a_fault_where_it_stands(value: object, message: str) -> None:
    """The fault names the type or number, and leads to the value."""
    fault = Fault("json", message, ("a", 1))
    assert plain({"a": [1, value]})[1] == [fault]
    assert fault.fatal


def test_names_that_are_no_strings_are_faults_of_their_object() -> None:
    """Such a member is left out, and what the object holds besides is judged all the same."""
    assert plain({"a": {1: 2, None: 3, "b": 4}}) == (
        {"a": {"b": 4}},
        [
            Fault("json", f"a member's name is a Python {kind}, not a string", ("a",), fatal=False)
            for kind in ("int", "NoneType")
        ],
    )


def test_faults_come_in_the_order_of_the_payload() -> None:
    """The tenth item is told after the second, and a member before the next."""
    faults = plain({"b": [b""] * 11, "a": b""})[1]
    assert [pointer(fault.tokens) for fault in faults] == [*[f"/b/{at}" for at in range(11)], "/a"]


@given(ANYTHING)
def test_any_python_value_is_copied_or_told_wrong(value: object) -> None:
    """Nothing raises, and without faults the copy is what `json.dumps` would write."""
    copied, faults = plain(value)
    if not faults:
        text = json.dumps(copied, default=str)
        assert decode(text)[1] == []


@pytest.mark.parametrize(
    "text", ['{"a": [1, 1.5, "ä", null, true]}', '{"ä, ": " :\\n\\ud83d\\ude00"}']
)
def test_the_readers_are_the_same_for_every_layout(text: str) -> None:
    """Which of the two readers is used shows in nothing but speed."""
    value = json.loads(text)
    layouts = [text, text.replace('": ', '":'), f"\n {text}\t\r", json.dumps(value)]
    layouts += [json.dumps(value, indent=2), json.dumps(value, ensure_ascii=False)]
    assert [repr(decode(one)) for one in layouts] == [repr((value, []))] * 6
    assert [repr(decode(one.encode())) for one in layouts] == [repr((value, []))] * 6


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


def test_digits_that_matter_are_read_in_every_layout() -> None:
    """A number that the quick reader would round is read by the other one."""
    read, faults = decode('{"\\u00e4": 1.0000000000000000000000001 }')
    assert (read, faults) == ({"ä": Decimal("1.0000000000000000000000001")}, [])
