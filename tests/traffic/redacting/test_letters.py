"""Each text of a shape becomes another one of it."""

from __future__ import annotations

import itertools
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.redacting.letters import alphabet_of, turned


@pytest.mark.parametrize(
    "texts",
    [
        [f"{number}" for number in range(10, 100)],
        ["".join(pair) for pair in itertools.product("aßüÿ", string.digits)],
        [*string.ascii_uppercase],
        ["0"],
    ],
    ids=["numbers", "other letters", "one letter", "nothing else"],
)
def test_different_texts_become_different_ones(texts: list[str]) -> None:
    """Even where there are no more of their shape."""
    assert len({turned(text, b"salt") for text in texts}) == len(texts)


@given(st.text(), st.integers(0, 3))
def test_what_is_kept_stays_and_the_rest_has_its_alphabet(text: str, kept: int) -> None:
    """Each character is one of its alphabet, and what has none stays."""
    after = turned(text, b"salt", kept)
    assert after[:kept] == text[:kept]
    for one, other in zip(text, after, strict=True):
        assert one == other or other in alphabet_of(one)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1200", "9xxx"),
        ("007", "0xx"),
        ("0.250", "0.x90"),
        ("12.50", "9x.90"),
        ("12.0", "99.0"),
        ("1250e-1", "9x90e-1"),
        ("0e7", "0e7"),
        ("-5", "-9"),
        ("0.0", "0.0"),
    ],
)
def test_the_zeros_of_a_number_stay(text: str, shape: str) -> None:
    """As far as they say whether it is whole."""
    for salt in range(20):
        after = turned(text, b"%d" % salt)
        for sort, before, letter in zip(shape, text, after, strict=True):
            expected = {"9": "123456789", "x": string.digits}.get(sort, before)
            assert letter in expected


def test_a_text_of_many_letters_is_turned_too() -> None:
    """In fewer rounds."""
    text = "ab" * 4000
    assert text != turned(text, b"salt") == turned(text, b"salt")
