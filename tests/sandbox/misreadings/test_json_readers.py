"""Readers of JSON that accept more than RFC 8259 allows, or less."""

from __future__ import annotations

import codecs
import json
from typing import Any

import pytest

from enkash_contract.sandbox.misreadings import json_readers
from enkash_contract.wire.message import Request
from tests.support.misread import LABEL, VALID, read_body, wire_readings
from tests.support.small_documents import PATH


@pytest.mark.parametrize(
    ("name", "body", "taken"),
    [
        ("empty-taken", b"", VALID.body),
        ("rest-overlooked", b'{"a": 1} x', b'{"a": 1}'),
        ("second-value-overlooked", b"[1]\n[2]", b"[1]"),
        ("second-value-overlooked", b"[1] x", b"[1] x"),
        ("end-supplied", b'{"a": {"b": "}"', b'{"a": {"b": "}"}}'),
        ("trailing-comma-taken", b'{"a": ",}", }', b'{"a": ",}" }'),
        ("comments-taken", b'/* x */{"a": "// no"} // x', b'{"a": "// no"} '),
        ("single-quotes-taken", b"{'a': \"it's\"}", b'{"a": "it\'s"}'),
        ("bare-names-taken", b'{a: "b: c"}', b'{"a": "b: c"}'),
        ("nan-taken", b'[NaN, "NaN"]', b'[1, "NaN"]'),
        ("infinity-taken", b"[-Infinity, Infinity]", b"[1, 1]"),
        ("leading-zeros-taken", b'[007, 0, 1.007, "007"]', b'[7, 0, 1.007, "007"]'),
        ("hexadecimal-taken", b'[0xFF, "0xFF"]', b'[1, "0xFF"]'),
        ("plus-taken", b'[+1, 1e+2, "+1"]', b'[1, 1e+2, "+1"]'),
        ("control-characters-taken", b'{"a\n":\n"\tb"}', b'{"a ":\n" b"}'),
        ("byte-order-mark-taken", codecs.BOM_UTF8 + b"[]", b"[]"),
        ("utf-16-taken", "[1]".encode("utf-16-be"), b"[1]"),
        ("utf-16-taken", "[1]".encode("utf-16-le"), b"[1]"),
        ("depth-unlimited", b"[" * 600 + b"]" * 600, b"[]"),
    ],
)
def test_what_a_lenient_reader_makes_of_json(name: str, body: bytes, taken: bytes) -> None:
    """The bytes are made strict outside of strings, and left alone within."""
    assert read_body("json", name, body) == taken


@pytest.mark.parametrize(
    ("name", "body", "taken"),
    [
        ("first-taken", b'{"a": 1, "a": 2}', {"a": 1}),
        ("equal-values-taken", b'{"a": 1, "a": 1}', {"a": 1}),
        ("equal-values-taken", b'{"a": 1, "a": 2}', None),
        ("top-only", b'{"a": {"b": 1, "b": 2}}', {"a": {"b": 2}}),
        ("top-only", b'{"a": 1, "a": 1}', None),
    ],
)
def test_what_a_repeated_name_is_taken_for(name: str, body: bytes, taken: Any) -> None:
    """Which value counts, and where a repetition is overlooked; None: the body stays as it is."""
    found = read_body("duplicate-names", name, body)
    assert found == body if taken is None else json.loads(found or b"") == taken


def test_payloads_of_other_types_have_fewer_misreadings() -> None:
    """Of a payload that is no object, no name can be repeated and no member added in place."""
    right = Request("POST", PATH, (LABEL,), b"[]")
    assert [one.witnesses for one in wire_readings("duplicate-names", right, []).values()] == [
        ()
    ] * 4
    assert list(json_readers.repeated_below({"a": {"b": 1}})) == [b'{"a": {"b": 1,"b": 1}}']
    empty = Request("POST", PATH, (LABEL,), b"{}")
    nan = wire_readings("json", empty, {})["nan-taken"]
    assert [one.body for one in nan.witnesses] == [b'{"x-unheard-of":NaN}', b"{}"]
