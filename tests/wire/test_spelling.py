"""A request as it will stand on the wire: bytes, labels, path, and JSON spelled in any way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.wire.message import Request
from enkash_contract.wire.spelling import JSON, Draft, Spelled, compact, written

BODY = b'{"a":1}'
RIGHT = Draft("POST", JSON, BODY, "/v0/change")
LABEL = ("Content-Type", JSON)


# The request


@pytest.mark.parametrize(
    ("wire", "headers"),
    [
        (RIGHT, (LABEL,)),
        (RIGHT.but(content_type=None), ()),
        (RIGHT.but(repeated=(JSON, "text/plain")), (LABEL, LABEL, ("Content-Type", "text/plain"))),
        (RIGHT.but(content_type=None, repeated=("a/b",)), (("Content-Type", "a/b"),)),
    ],
)
def test_labels_are_sent_in_their_order(wire: Draft, headers: tuple[tuple[str, str], ...]) -> None:
    """Each label is a field of its own, the first one first; without one there is no field."""
    assert wire.headers == headers
    assert wire.request("/v0/change") == Request("POST", "/v0/change", headers, BODY)


OTHER = "/v0//change"


@pytest.mark.parametrize(
    ("path", "url", "sent_to"),
    [
        ("/v0/change", None, "/v0/change"),
        ("/v0/change", "http://h/v0/change", "http://h/v0/change"),
        ("/v0/change", "http://h/v0/change?key=1", "http://h/v0/change?key=1"),
        ("/v0/change", "http://h/base/v0/change", "http://h/base/v0/change"),
        ("", "http://h/anything?key=1", "http://h/anything?key=1"),
        (OTHER, None, OTHER),
        (OTHER, "http://h/v0/change", f"http://h{OTHER}"),
        (OTHER, "http://h:1/base/v0/change?to=/v0/change", f"http://h:1/base{OTHER}?to=/v0/change"),
        (OTHER, "http://h/v0/change?", f"http://h{OTHER}?"),
        # Only what stands at the end is the operation's path.
        (OTHER, "http://h/v0/change/v0/change?a=b?c", f"http://h/v0/change{OTHER}?a=b?c"),
    ],
)
def test_a_request_is_sent_to_its_own_path(path: str, url: str | None, sent_to: str) -> None:
    """Another path takes the place of the operation's; host, what is before it and query stay."""
    wire = RIGHT.but(path=path)

    assert wire.request("/v0/change", url) == Request("POST", sent_to, (LABEL,), BODY)


def test_a_request_may_be_sent_without_its_length() -> None:
    """What is not sized stays so, and everything is sized unless it is said."""
    assert RIGHT.request("/a").sized
    assert RIGHT.but(sized=False, body=b"").request("/a") == Request(
        "POST", "/v0/change", (LABEL,), b"", sized=False
    )


def test_parts_are_changed_in_a_copy() -> None:
    """The request that another one is made of stays as it is."""
    other = RIGHT.but(method="PUT", path="/x")

    assert other == Draft("PUT", JSON, BODY, "/x")
    assert Draft("POST", JSON, BODY, "/v0/change", (), sized=True) == RIGHT


# The spelling

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
