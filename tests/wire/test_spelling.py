"""JSON text, with values spelled in any way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.wire.spelling import Spelled, compact, written

MINUS = Spelled("-0")


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (MINUS, "-0"),
        ([MINUS, MINUS, 0], "[-0,-0,0]"),
        ({"a": {"b": [Spelled("1e0"), "x"]}, "c": Spelled("1.0")}, '{"a":{"b":[1e0,"x"]},"c":1.0}'),
        ({"a": Spelled('1,"a":2')}, '{"a":1,"a":2}'),
        ({"é": Spelled("")}, '{"é":}'),
        # What looks like the mark itself, in values, in names and in other spellings.
        (["\x00spelled 0\x00", Spelled("7")], r'["\u0000spelled 0\u0000",7]'),
        ([Spelled("7"), "\x00spelled 0\x00"], r'[7,"\u0000spelled 0\u0000"]'),
        ({"\x00spelled 0\x00": Spelled("7")}, r'{"\u0000spelled 0\u0000":7}'),
        (
            [Spelled(r'"\u0000spelled 1\u0000"'), Spelled("7")],
            r'["\u0000spelled 1\u0000",7]',
        ),
        (["\\", '"', "\n", None, True, 1.5], r'["\\","\"","\n",null,true,1.5]'),
    ],
)
def test_what_is_spelled_is_written_as_it_stands(payload: Any, text: str) -> None:
    """A spelling goes into the text as it is, wherever it stands and whatever is around it."""
    assert written(payload) == text
    assert compact(payload) == text.encode()


def test_what_is_spelled_shows_itself() -> None:
    """What is shown of a spelling is what is written of it."""
    assert repr([Spelled("1e0")]) == "[1e0]"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, '{"é":[-0,"𠮷"]}'),
        ({"ensure_ascii": True}, r'{"\u00e9":[-0,"\ud842\udfb7"]}'),
        ({"indent": 1}, '{\n "é": [\n  -0,\n  "𠮷"\n ]\n}'),
        ({"indent": 0, "ensure_ascii": True}, '{\n"\\u00e9": [\n-0,\n"\\ud842\\udfb7"\n]\n}'),
    ],
)
def test_how_the_text_is_laid_out(options: dict[str, Any], text: str) -> None:
    """Without indentation no blank is written, and only what must be is escaped unless asked."""
    assert written({"é": [MINUS, "𠮷"]}, **options) == text


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("\ud800", rb'"\ud800"'),
        ({"é\udfff": Spelled("1e0")}, rb'{"\u00e9\udfff":1e0}'),
        (["𠮷\udc00", MINUS], rb'["\ud842\udfb7\udc00",-0]'),
    ],
)
def test_half_a_character_is_written_as_its_escape(payload: Any, text: bytes) -> None:
    """A text that has no UTF-8 makes the whole payload ASCII, with whatever is spelled in it."""
    assert compact(payload) == text


@pytest.mark.parametrize(
    ("payload", "problem"),
    [({1, 2}, "a set is no JSON value"), ([b"x"], "a bytes is no JSON value")],
)
def test_what_is_no_json_is_not_written(payload: Any, problem: str) -> None:
    """A value of Python's own is refused by the name of its type."""
    with pytest.raises(TypeError) as caught:
        written(payload)

    assert str(caught.value) == problem


def meant(payload: Any) -> Any:
    """Return the payload with the value of everything that is spelled in it."""
    if isinstance(payload, dict):
        return {name: meant(value) for name, value in payload.items()}
    if isinstance(payload, list):
        return [meant(value) for value in payload]
    return json.loads(payload.text) if isinstance(payload, Spelled) else payload


FINITE = st.floats(allow_nan=False, allow_infinity=False)
SPELLED = st.one_of(
    st.integers().map("{}e0".format),
    st.integers().map("{}.0".format),
    FINITE.map(repr),
    st.sampled_from(["-0", "1E+2", " null ", '{"a": [1]}', r'"\u0000spelled 0\u0000"']),
).map(Spelled)
TEXTS = st.text(st.characters(codec=None), max_size=5) | st.sampled_from(
    ["\x00spelled 0\x00", "\x00spelled 1\x00", '"\x00spelled 0\x00"']
)
PAYLOADS: st.SearchStrategy[Any] = st.recursive(
    SPELLED | TEXTS | st.none() | st.booleans() | st.integers() | FINITE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)


@given(PAYLOADS, st.sampled_from([None, 0, 2]), st.integers(0, 1))
@example(["\x00spelled 0\x00", Spelled("-0")], None, 0)
def test_what_is_spelled_is_read_as_it_was_meant(
    payload: Any, indent: int | None, escaped: int
) -> None:
    """Whatever stands beside the spellings, and however the text is laid out, it is read right."""
    text = written(payload, indent=indent, ensure_ascii=bool(escaped))

    assert [json.loads(text), json.loads(compact(payload))] == [meant(payload)] * 2
