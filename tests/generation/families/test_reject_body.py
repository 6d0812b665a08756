"""Families that write another body: no JSON, no UTF-8, or repeated names."""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.generation.families import reject, reject_body
from enkash_contract.wire.spelling import compact
from tests.support.families import BODY, FORM, PAYLOAD, VALID, XML, drafts, families_in


def test_what_is_unsettled_stands_in_the_table() -> None:
    """No family is called unsettled that is not used."""
    assert families_in(reject_body.REJECT) > reject_body.UNSETTLED


def test_how_json_is_broken() -> None:
    """Bytes that are no JSON, or none that every reader takes, come from the valid ones."""
    made = drafts(reject_body.REJECT, "json")
    labels = {
        name: one.content_type for name, one in made.items() if one != VALID.but(body=one.body)
    }
    numbers = {
        "leading-zero": "01",
        "hexadecimal": "0x1",
        "plus-sign": "+1",
        "no-digit-behind-point": "1.",
        "nan": "NaN",
        "infinity": "Infinity",
    }
    deep = "[" * 10_000 + "]" * 10_000
    texts = {
        "malformed": '{"a"="é","n":1}',
        "doubled-colon": '{"a"::"é","n":1}',
        "last-byte-missing": '{"a":"é","n":1',
        "empty": "",
        "empty-without-length": "",
        "blank": " \r\n",
        "trailing-bytes": BODY + "x",
        "trailing-nul": BODY + "\0",
        "second-value": BODY + BODY,
        "trailing-comma": '{"a":"é","n":1,}',
        "single-quotes": "{'a':'é','n':1}",
        "unquoted-name": '{a:"é","n":1}',
        "comment-in-line": '{// JSON5\n"a":"é","n":1}',
        "comment-in-block": '{/* JSON5 */"a":"é","n":1}',
        "bare-line-break": '{"a":"\né","n":1}',
        "bare-tab": '{"a":"\té","n":1}',
        "bare-nul": '{"a":"\0é","n":1}',
        "bare-tab-in-unknown-member": f'{{"a":"é","n":1,"{reject.EXTRA}":"a\tb"}}',
        **{name: f'{{"a":"é","n":{number}}}' for name, number in numbers.items()},
        "form-body": FORM,
        "xml-body": XML,
        "byte-order-mark": "\ufeff" + BODY,
        "nested-deeply": f'{{"a":"é","n":1,"{reject.EXTRA}":{deep}}}',
    }

    assert {name: one.body for name, one in made.items()} == {
        **{name: text.encode() for name, text in texts.items()},
        "truncated": BODY.encode()[:8],
        "utf-16-le": BODY.encode("utf-16-le"),
        "utf-16-le-declared": b"\xff\xfe" + BODY.encode("utf-16-le"),
        "utf-16-be": BODY.encode("utf-16-be"),
        "utf-16-be-declared": b"\xfe\xff" + BODY.encode("utf-16-be"),
        "latin-1-declared": b'{"a":"\xe9' + BODY.encode()[6:],
    }
    assert labels == {
        "empty-without-length": "application/json",
        "utf-16-le-declared": "application/json; charset=utf-16",
        "utf-16-be-declared": "application/json; charset=utf-16",
        "latin-1-declared": "application/json; charset=iso-8859-1",
    }
    assert [name for name, one in made.items() if not one.sized] == ["empty-without-length"]


def test_how_the_encoding_is_broken() -> None:
    """Bytes that are not UTF-8, in it or all of them, and halves of characters as escapes."""
    made = drafts(reject_body.REJECT, "encoding")
    pieces = {
        "invalid-byte": b"\xff",
        "latin-1": b"\xe9",
        "overlong": b"\xc0\xaf",
        "overlong-nul": b"\xc0\x80",
        "encoded-surrogate": b"\xed\xa0\x80",
        "lone-surrogate-high": rb"\ud800",
        "lone-surrogate-low": rb"\udc00",
        "lone-surrogate-swapped": rb"\udc00\ud800",
    }
    json_ = drafts(reject_body.REJECT, "json")
    names = [f"utf-16-{end}" for end in ("le", "le-declared", "be", "be-declared")]
    names += ["latin-1-declared"]

    assert made == {
        **{
            name: VALID.but(body=b'{"a":"' + piece + VALID.body[6:])
            for name, piece in pieces.items()
        },
        **{name: json_[name] for name in names},
    }


@pytest.mark.parametrize(
    ("payload", "bodies"),
    [
        (
            PAYLOAD,
            {
                "same-value": '{"a":"é","a":"é","n":1}',
                "other-value-first": r'{"a":"\u00e92","a":"\u00e9","n":1}',
                "other-value-last": r'{"a":"\u00e9","a":"\u00e92","n":1}',
                "escaped-name": r'{"a":"\u00e9","\u0061":"\u00e9","n":1}',
            },
        ),
        # The first member is repeated whole, the first text where it lies; `1` is no plain name.
        (
            {"n": [1], "deep": {"1": "x", "to": "y"}},
            {
                "same-value": '{"n":[1],"n":[1],"deep":{"1":"x","to":"y"}}',
                "other-value-first": '{"n":[1],"deep":{"1":"x","to":"y2","to":"y"}}',
                "other-value-last": '{"n":[1],"deep":{"1":"x","to":"y","to":"y2"}}',
                "escaped-name": '{"n":[1],"deep":{"1":"x","to":"y","\\u0074o":"y"}}',
            },
        ),
        ({"n": 1}, {"same-value": '{"n":1,"n":1}'}),
        # Where no text lies below the top, any member there will do.
        (
            {"a": "x", "n": [{}, {"b": 1, "c": 2}]},
            {
                "same-value": '{"a":"x","a":"x","n":[{},{"b":1,"c":2}]}',
                "other-value-first": '{"a":"x2","a":"x","n":[{},{"b":1,"c":2}]}',
                "other-value-last": '{"a":"x","a":"x2","n":[{},{"b":1,"c":2}]}',
                "escaped-name": '{"a":"x","\\u0061":"x","n":[{},{"b":1,"c":2}]}',
                "same-value-below": '{"a":"x","n":[{},{"b":1,"b":1,"c":2}]}',
            },
        ),
        (["x"], {}),
        ("x", {}),
        ({}, {}),
    ],
)
def test_how_names_are_repeated(payload: Any, bodies: dict[str, str]) -> None:
    """A member is there twice, whole or at its leaf, with one value or with two."""
    right = VALID.but(body=compact(payload))

    assert drafts(reject_body.REJECT, "duplicate-names", payload) == {
        name: right.but(body=body.encode()) for name, body in bodies.items()
    }


@pytest.mark.parametrize(
    ("payload", "invalid", "tab"),
    [
        ({"a": "x"}, b'{"a":"\xffx"}', b'{"a":"\tx"}'),
        ("x", b'"\xffx"', b'"\tx"'),
        (["x", "y"], b'["\xffx","y"]', b'["\tx","y"]'),
        ({"a": ["x"]}, b'{"a":["\xffx"]}', b'{"a":["\tx"]}'),
        # Without a text it is put into one that nobody knows, or behind the end.
        ({"n": 1}, b'{"n":1,"x-unknown-member":"\xffx"}', b'{"n":1,"x-unknown-member":"\tx"}'),
        ({}, b'{"x-unknown-member":"\xffx"}', b'{"x-unknown-member":"\tx"}'),
        ([1], b"[1]\xff", b"[1]\t"),
        (7, b"7\xff", b"7\t"),
    ],
)
def test_bytes_are_put_into_a_text(payload: Any, invalid: bytes, tab: bytes) -> None:
    """Whatever the payload, there is a place for what breaks the encoding or the JSON."""
    encoding = drafts(reject_body.REJECT, "encoding", payload)

    assert encoding["invalid-byte"].body == invalid
    assert drafts(reject_body.REJECT, "json", payload)["bare-tab"].body == tab
    text = isinstance(payload, str) or b"x" in compact(payload)
    assert ("invalid-byte-behind" in encoding) is not text


@pytest.mark.parametrize(
    ("payload", "zero"),
    [
        ({"a": [7]}, b'{"a":[07]}'),
        (7, b"07"),
        ({"a": [-7, 1.5]}, b'{"a":[-7,1.5],"x-unknown-member":01}'),
        ({"a": "x"}, b'{"a":"x","x-unknown-member":01}'),
        (["x"], None),
        (True, None),
    ],
)
def test_numbers_of_other_notations(payload: Any, zero: bytes | None) -> None:
    """They stand in the place of a valid number, or else in a member that nobody knows."""
    found = drafts(reject_body.REJECT, "json", payload).get("leading-zero")
    assert (None if found is None else found.body) == zero


@pytest.mark.parametrize(
    ("payload", "names"),
    [
        (
            [1],
            {
                "trailing-comma": b"[1,]",
                "comment-in-block": b"[/* JSON5 */1]",
                "second-value": b"[1][1]",
            },
        ),
        (7, {"comment-in-line": b"// JSON5\n7", "second-value": b"7\n7"}),
        ("x", {"comment-in-block": b'/* JSON5 */"x"', "second-value": b'"x""x"'}),
    ],
)
def test_json_of_any_type_can_be_broken(payload: Any, names: dict[str, bytes]) -> None:
    """A comma, a comment and a second value stand where a lenient reader ignores them."""
    made = drafts(reject_body.REJECT, "json", payload)
    assert {name: made[name].body for name in names} == names


def test_only_objects_hold_unknown_members() -> None:
    """What is put into a member that nobody knows is left out of other payloads."""
    all_, list_ = drafts(reject_body.REJECT, "json"), drafts(reject_body.REJECT, "json", [1])
    assert all_.keys() - list_.keys() == {"nested-deeply", "bare-tab-in-unknown-member"}
