"""Strict JSON, read of bytes and of text in every layout."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.wire.json_values import DEPTH, HUGE, Fault
from enkash_contract.wire.strict_json import decode, decode_again
from tests.support.anything import (
    JSON,
    LAYOUTS,
    nearly_json,
    strict,
)


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
        (b'{\n"a": }', "json", "it is not JSON: expecting value at line 2 column 6", 2),
        (b"{}\n{}", "json", "it is not JSON: extra data at line 2 column 1", 2),
        (b'["a\tb"]', "json", "it is not JSON: invalid control character at line 1 column 4", 1),
        (b'{"a":\n\n[NaN]}', "json", "it is not JSON: NaN is not a JSON number", 3),
        (b"[1,\n-Infinityx", "json", "it is not JSON: -Infinity is not a JSON number", 2),
        (
            '["NaN",\n"Infinity",\nInfinity]',
            "json",
            "it is not JSON: Infinity is not a JSON number",
            3,
        ),
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


def test_digits_that_matter_are_read_in_every_layout() -> None:
    """A number that the quick reader would round is read by the other one."""
    read, faults = decode('{"\\u00e4": 1.0000000000000000000000001 }')
    assert (read, faults) == ({"ä": Decimal("1.0000000000000000000000001")}, [])


def test_the_last_bytes_are_read_once() -> None:
    """The same bytes give the same payload; others, and equal ones read anew, one of their own."""
    first, equal = b'{"a": 1, "b": []}', bytearray(b'{"a": 1, "b": []}')
    payload = decode_again(first)

    assert decode_again(first) is payload
    assert decode_again(bytes(equal)) == payload
    assert decode_again(b"")[1] == decode(b"")[1] != []
