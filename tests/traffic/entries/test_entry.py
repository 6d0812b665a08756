"""Entries of recordings: what can be meant only one way is read, and each problem is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.entries.entry import (
    BrokenError,
    Entry,
    Missing,
    address,
    entry_of,
    headers_of,
    member,
    method_of,
    number_of,
)
from enkash_contract.wire.message import Interaction, Request, Response
from tests.support.recorded import anything

REQUEST, RESPONSE = Request("POST", "http://h/"), Response(200)


def test_a_member_is_read() -> None:
    """Whatever it holds, if it is an object."""
    assert member({"name": {}}, "name") == {}


@pytest.mark.parametrize(
    ("owner", "problem"),
    [
        ([], "what should hold 'name' is not an object"),
        (None, "what should hold 'name' is not an object"),
        ({}, "'name' is missing"),
        ({"name": None}, "'name' is missing"),
        ({"name": "a"}, "'name' is not an object"),
    ],
)
def test_a_member_that_is_missing_or_of_another_kind(owner: Any, problem: str) -> None:
    """The problem names the member, and quotes no value."""
    with pytest.raises(BrokenError) as raised:
        member(owner, "name")
    assert str(raised.value) == problem


def test_an_address_has_one_of_several_names() -> None:
    """The first that is there counts; one that cannot be taken apart is an address as well."""
    assert address({"url": "http://h/a?b", "uri": ""}, "uri", "url") == "http://h/a?b"
    assert address({"url": "http://["}, "url") == "http://["
    for owner, problem in (({}, "'uri' is missing"), ({"url": 7}, "'url' is not a string")):
        with pytest.raises(BrokenError) as raised:
            address(owner, "uri", "url")
        assert str(raised.value) == problem


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (200, 200),
        (200.0, 200),
        ("200", 200),
        (" 404 Not Found", 404),
        (0, 0),
        (-2, -2),
        (200.5, None),
        (1000, None),
        (float("inf"), None),
        (float("nan"), None),
        (True, None),
        (None, None),
        ("2000", None),
        ("\u0662\u0660\u0660", None),
        ({}, None),
    ],
)
def test_a_status_is_a_number(value: Any, number: int | None) -> None:
    """However it is written."""
    assert number_of(value) == number


def test_a_method_is_in_capitals() -> None:
    """One that was not recorded is empty."""
    methods = [
        method_of(owner) for owner in ({"method": "post"}, {"method": ":post"}, {"method": 7}, {})
    ]
    assert methods == ["POST", "POST", "", ""]


A = (("a", "1"),)


@pytest.mark.parametrize(
    ("recorded", "headers"),
    [
        ({"a": "1", "b": ["2", b"\xe9"]}, (*A, ("b", "2"), ("b", "é"))),
        ([{"name": "a", "value": "1"}, {"name": "a"}, {"value": "1"}], A),
        ([["a", "1"], ["a"], [], 7], A),
        (["a: 1", "no field"], A),
        ("a: 1\r\nb: 2:3", (*A, ("b", "2:3"))),
        ({"a": 1}, A),
        ({"a": [1, 1 << 20_000, float("inf")]}, (*A, ("a", "inf"))),
        ([{"key": "a", "value": 1}, {"key": "b", "value": "2", "disabled": True}], A),
        ({"a": 1.0, "b": 1.5, "c": True}, (*A, ("b", "1.5"), ("c", "true"))),
        ({"a": [["1"]], "b": None, "c": {}, "": "2", "d": []}, A),
        (None, ()),
        (7, ()),
    ],
)
def test_headers_become_text_or_are_left_out(recorded: Any, headers: Any) -> None:
    """Each value is a field of its own, whatever the list of them looks like."""
    assert headers_of({"headers": recorded}) == headers


@given(st.fixed_dictionaries({"headers": anything("name value a: 1 b", st.floats())}))
def test_whatever_stands_for_headers_is_text(owner: dict[str, Any]) -> None:
    """Names and values are texts, and no name is empty."""
    for name, value in headers_of(owner):
        assert (type(name), type(value), bool(name)) == (str, str, True)


def broken(_: Any, __: list[Missing]) -> Any:
    """Read nothing."""
    raise BrokenError("it is torn")


def test_each_half_is_read_by_itself() -> None:
    """What is wrong with the response leaves the request; without a request there is nothing."""
    odd = Missing("request body", "odd")
    torn = Missing("address", "unreadable", detail="(it is torn)")
    no_object = replace(torn, detail="(what should hold 'request' is not an object)")

    def lost(reason: str, detail: str = "") -> Entry:
        missing = Missing("response", reason, detail=detail)
        made = Interaction(REQUEST, None, str(missing), aborted=True, source="a")
        return Entry("a", made, (odd, missing))

    def request_of(_: Any, problems: list[Missing]) -> Request:
        problems.append(odd)
        return REQUEST

    recorded: dict[str, Any] = {"request": {}, "response": {}}
    found = [
        entry_of(recorded, "a", request_of, lambda *_: RESPONSE),
        entry_of(recorded, "a", request_of, lambda *_: Missing("response", "left")),
        entry_of(recorded, "a", request_of, broken),
        entry_of({"request": {}}, "a", request_of, broken),
        entry_of({"request": {}, "response": 7}, "a", request_of, broken),
        entry_of(recorded, "a", broken, broken),
        entry_of([], "a", broken, broken),
    ]
    assert found == [
        Entry("a", Interaction(REQUEST, RESPONSE, source="a"), (odd,)),
        lost("left"),
        lost("unreadable", "(it is torn)"),
        lost("not recorded"),
        lost("unreadable", "('response' is not an object)"),
        Entry("a", None, (torn,)),
        Entry("a", None, (no_object,)),
    ]


@pytest.mark.parametrize("status", [100, 101, 103])
def test_an_interim_response_is_none(status: int) -> None:
    """It only announces one, so neither its status nor its body says anything."""

    def response_of(_: Any, problems: list[Missing]) -> Response:
        problems.append(Missing("response body", "not recorded"))
        return Response(status, (), None)

    found = entry_of({"request": {}, "response": {}}, "a", lambda *_: REQUEST, response_of)

    assert found.problem == f"the response was not recorded (status {status} is interim)"
    assert found.interaction is not None
    assert (found.interaction.response, found.interaction.aborted) == (None, True)


def test_lists_in_lists_have_an_end() -> None:
    """A field is not written so, and what is nested deeper than any stack is no reason to fail."""
    deep: Any = "1"
    for _ in range(2_000):
        deep = [deep]
    assert headers_of({"headers": {"a": deep}}) == ()
