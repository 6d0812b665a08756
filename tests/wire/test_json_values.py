"""Python values as JSON values, and all that JSON cannot say."""

from __future__ import annotations

import json
from collections import OrderedDict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from enkash_contract.wire.json_values import DEPTH, HUGE, TOO_DEEP, Fault, plain
from enkash_contract.wire.pointer import pointer
from enkash_contract.wire.strict_json import decode
from tests.support.anything import (
    ANYTHING,
    CYCLE,
    JSON,
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
    nested,
)


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
