"""Places below lines that others have counted."""

from __future__ import annotations

import pytest

from enkash_contract.traffic.counting.numbering import below, within


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (f"{within('a.ndjson')}3", "a.ndjson:10"),
        (f"{within('a.ndjson')}3:log.entries[2]", "a.ndjson:10:log.entries[2]"),
        (f"{within('a.ndjson', 'log.entries')}3]", "a.ndjson:log.entries[10]"),
        ("a.ndjson", "a.ndjson"),
        ("a.ndjson:3", "a.ndjson:3"),
        (f"{within('b.ndjson')}3", "b.ndjson:+3"),
    ],
)
def test_a_place_below_others(place: str, expected: str) -> None:
    """Only the number of a line or an item is another then, and only in that file."""
    assert below("a.ndjson", 7, place) == expected
