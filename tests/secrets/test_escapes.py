"""Texts with their escapes undone, and where each part of them stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.secrets.escapes import LEVELS, layers, plain


def test_levels_lead_back_to_the_text() -> None:
    """A part of what was undone is found where it stood, whatever was undone around it."""
    text = "\0a\\\\u0062%63+&amp;\\nd"
    found = layers(text)
    at = found[-1].text.index("c")

    assert [one.text for one in found] == [text, "a\\u0062c &\nd", "abc &\nd"]
    assert text[slice(*found[-1].source(at, at + 1))] == "%63"
    assert text[slice(*found[-1].source(0, 1))] == "a"
    assert text[slice(*found[-1].source(1, 2))] == "\\\\u0062"
    assert len(layers("%25" * 1 + "25" * 20)) == LEVELS + 1


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("plain", "plain"),
        (r"a\u0062", "ab"),
        (r"\ud83e\uddfe", "🧾"),
        (r"\xc3\xa9", "é"),
        (r"\xe9", "é"),
        (r"\303\251", "é"),
        ("%C3%A9+%2B", "é  "),
        ("%2541", "A"),
        ("&lt;&#x41;&#66;&amp;", "<AB&"),
        (r"\"\/\n", '"/\n'),
        ("a\0b", "ab"),
    ],
)
def test_what_escapes_stand_for(text: str, meant: str) -> None:
    """JSON, Python, octal, percent, HTML and UTF-16, one inside of another as well."""
    assert plain(text) == meant


@given(st.text("ab%25\\u0041&#x;+\0"), st.data())
def test_every_part_has_a_source(text: str, data: st.DataObject) -> None:
    """What is found in any level stood somewhere in the text, in the same order."""
    for layer in layers(text):
        start = data.draw(st.integers(0, len(layer.text)))
        end = data.draw(st.integers(start, len(layer.text)))
        first, last = layer.source(start, end)
        assert 0 <= first <= len(text)
        assert 0 <= last <= len(text)
        assert first <= last or start == end
