"""JSON as lenient readers read it: which bytes some reader takes, and which none does."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.wire.lenient_json import may_be_read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
ENCODINGS = st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-8-sig"])

HELD = st.lists(JSON) | st.dictionaries(st.text(), JSON)
"""Values that have an end of their own: of a number, the beginning is a number as well."""


@given(JSON, ENCODINGS)
def test_json_is_read(value: Any, encoding: str) -> None:
    """All that is JSON, and NaN as Python writes it, in encodings that readers recognise."""
    assert may_be_read(json.dumps(value).encode(encoding))


@given(HELD, ENCODINGS, st.binary())
def test_a_reader_of_streams_does_not_look_behind_a_value(
    value: Any, encoding: str, behind: bytes
) -> None:
    """Whatever follows it may be the next message."""
    assert may_be_read(json.dumps(value).encode(encoding) + behind)


@given(HELD, st.data())
def test_half_of_a_value_is_none(value: Any, data: st.DataObject) -> None:
    """No reader supplies what is missing at the end."""
    raw = json.dumps(value).encode()
    assert not may_be_read(raw[: data.draw(st.integers(0, len(raw) - 1))])


@given(st.binary())
def test_any_bytes_have_an_answer(raw: bytes) -> None:
    """Nothing is so odd that there is no verdict."""
    assert may_be_read(raw) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "{'a': 'b'}",
        "{a: 1}",
        '{"a": b}',
        '{"a": 1,}',
        "[1,]",
        "[,1,,2]",
        '{"a" = 1; "b" => 2}',
        '// c\n{"a": /* c * / */ 1 # c\n}',
        '{"a": 0x1F, "b": 007, "c": +1, "d": .5, "e": 5., "f": -Infinity, "g": NaN}',
        '{"a": "\t\n\0"}',
        '{"a": "\\x41\\\n"}',
        '{"a": 1}x',
        '{"a": 1}{',
        "\ufeff{}",
        "'a'",
        "-1x",
        "NaN",
        '{"a": TRUE}',
    ],
)
def test_what_some_reader_takes(text: str) -> None:
    """JSON5, Gson, Jackson, Perl and Python, and readers of streams."""
    assert may_be_read(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \r\n",
        "# nothing",
        "/* nothing",
        "/",
        "x",
        "nothing",
        "nullable=1",
        "true.or=1",
        "a=b&c=d",
        "=5",
        "<a>1</a>",
        "<?xml version='1.0'?>",
        '{"a":',
        '{"a"}',
        '{"a":}',
        '{"a":1]',
        '["a":1]',
        "[1}",
        '{,"a":1}',
        '{"a"::1}',
        '{"a":1 "b":2}',
        "[1 2]",
        "[1",
        '"a',
        "'a\"",
        "]",
        ",",
        "{[1]: 2}",
    ],
)
def test_what_no_reader_takes(text: str) -> None:
    """Nothing, half of a value, another format, and signs in places where nobody expects them."""
    assert not may_be_read(text.encode())


@pytest.mark.parametrize("piece", ["[", "/*", "/**/", "#\n", '"', '"\\', "a:", " ", "{a:", "'a',"])
def test_time_grows_with_the_text(piece: str) -> None:
    """However odd it is, a text of 200 kB takes far less than a second, at any depth."""
    began = time.process_time()
    may_be_read((piece * (200_000 // len(piece))).encode())
    may_be_read(("[" + piece * (200_000 // len(piece))).encode())
    assert time.process_time() - began < 2
