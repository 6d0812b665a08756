"""Sets of characters are whole, apart and complete, and are written for either engine."""

from __future__ import annotations

import re
import sys

from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.engines import characters

CODES = st.integers(0, sys.maxunicode)
PAIRS = st.tuples(CODES, CODES).map(lambda pair: (min(pair), max(pair)))
SETS = st.lists(PAIRS, max_size=5).map(tuple)


def has(ranges: characters.Ranges, code: int) -> bool:
    """Return whether a character is in a set."""
    return any(low <= code <= high for low, high in ranges)


@given(st.lists(SETS, max_size=3), CODES)
def test_a_union_has_all_of_its_parts(parts: list[characters.Ranges], code: int) -> None:
    """In ranges that neither overlap nor touch."""
    whole = characters.union(parts)
    assert has(whole, code) == any(has(part, code) for part in parts)
    edges = [edge for pair in whole for edge in pair]
    assert edges == sorted(edges)
    assert all(after - before > 1 for before, after in zip(edges[1:-1:2], edges[2::2], strict=True))


@given(SETS, CODES)
def test_a_complement_has_all_others(ranges: characters.Ranges, code: int) -> None:
    """And its own complement is the set."""
    others = characters.complement(ranges)
    assert has(others, code) != has(ranges, code)
    assert characters.complement(others) == characters.union([ranges])


@given(SETS, CODES)
def test_python_reads_a_set_that_is_written_for_it(ranges: characters.Ranges, code: int) -> None:
    """An empty set matches nothing."""
    found = re.fullmatch(characters.for_python(ranges), chr(code))
    assert (found is not None) == has(ranges, code)


def test_a_set_of_one_is_written_as_it_is() -> None:
    """No other has one."""
    assert characters.is_single(characters.only(65))
    assert not characters.is_single(((65, 66),))
    assert characters.escape(65) == r"\U00000041"
    assert characters.listed(((65, 90),)) == r"\u{41}-\u{5a}"


def test_general_categories() -> None:
    """By their short and by their long names; there is no other."""
    assert has(characters.category("Lu"), ord("Ä"))
    assert characters.category("Uppercase_Letter") == characters.category("Lu")
    assert characters.category("Emoji") == ()
