"""Values are found in a text where they stand, long ones also without their end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.secrets.needles import CUT, LONG, SHORTEST, Needles

TEXTS = st.text("ab", max_size=60)
VALUES = st.text("ab", min_size=SHORTEST, max_size=LONG - 1)


def covered(spans: list[tuple[int, int]]) -> set[int]:
    """Return the positions that lie in one of the spans."""
    return {at for start, end in spans for at in range(start, end)}


@pytest.mark.parametrize("others", [0, 100], ids=["few", "many"])
@given(values=st.lists(VALUES, max_size=5), text=TEXTS)
def test_each_occurrence_is_covered(others: int, values: list[str], text: str) -> None:
    """Short values are found wherever they stand, overlapping or not, and nothing else is."""
    needles = Needles()
    for number in range(others):
        needles.add(f"{number:04}-other")
    for value in values:
        needles.add(value)
    stand = {
        place
        for value in values
        for at in range(len(text))
        if text.startswith(value, at)
        for place in range(at, at + len(value))
    }

    assert covered(list(needles.find(text))) == stand


@given(st.text("abcdef", min_size=LONG, max_size=200), st.integers(0, CUT), TEXTS.map(str.upper))
def test_a_long_value_is_known_without_its_end(value: str, cut: int, before: str) -> None:
    """What a server cut off a little is still the secret."""
    needles = Needles()
    needles.add(value)
    shown = value[: len(value) - cut]

    assert covered(list(needles.find(f"{before}{shown}."))) >= set(
        range(len(before), len(before) + len(shown))
    )


def test_what_only_begins_alike_is_something_else() -> None:
    """Half a value is none, and as many values as are kept of one beginning are told apart."""
    needles = Needles()
    for number in range(20):
        needles.add("x" * 64 + f"{number:02}")
    needles.add("abcdefgh-ijklmnop")
    needles.add("abc")

    assert list(needles.find("abcdefgh-ijk abc")) == []
    assert list(needles.find("x" * 64 + "07")) == [(0, 65)] * 7 + [(0, 66)]


def test_a_value_that_goes_on_is_hidden_with_its_word() -> None:
    """Of a very long value only the beginning is known, and all that hangs on to it is hidden."""
    needles = Needles()
    needles.add("abcdef", goes_on=True)

    assert list(needles.find("-abcdefghi jkl")) == [(1, 10)]
    assert list(needles.find("abcdef")) == [(0, 6)]
