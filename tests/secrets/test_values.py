"""Values known to be secret are found in any spelling, and what is no secret is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.secrets import values
from enkash_contract.secrets.escapes import layers
from enkash_contract.secrets.values import Values

SECRET = "Q7-zebra/14+x"


def found(text: str, *secrets: str) -> list[str]:
    """Return the parts of a text in which values were found."""
    known = Values()
    for secret in secrets:
        known.add(secret)
    return [text[start:end] for start, end in sorted({*known.find(layers(text))})]


@given(st.text("ab {}:,", max_size=8), st.text("ab {}:,", max_size=8))
def test_a_value_is_found_wherever_it_stands(before: str, after: str) -> None:
    """Exactly there."""
    assert SECRET in found(f"{before} {SECRET} {after}", SECRET)
    assert found(f"{before} {after}", SECRET) == []


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET.encode().hex(),
        "Q7-zebra%2F14%2Bx",
        r"Q7-zebra\/14+x",
        "Q7-zebra&#47;14+x",
        "Q7-ze\nbra/14+x",
        SECRET.swapcase(),
    ],
)
def test_a_value_is_found_in_other_spellings(spelled: str) -> None:
    """Encoded, escaped, broken into two lines, or in the other case."""
    assert found(f"[{spelled}]", SECRET) == [spelled]


@pytest.mark.parametrize("word", ["abc", "true", "Null", "undefined", "***", "application/json"])
def test_words_that_stand_everywhere_are_no_secrets(word: str) -> None:
    """Nor is what is hidden already."""
    assert found(f"a {word} b", word) == []


def test_only_so_many_values_are_searched_for() -> None:
    """Whoever sends a request chooses how many there are."""
    secrets = [f"{number:04}-secret-value" for number in range(values.MOST + 1)]
    assert found(f"{secrets[-2]} {secrets[-1]}", *secrets) == [secrets[-2]]
