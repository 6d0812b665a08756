"""A sample: at most so many, always the same."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.entries.entry import Entry
from enkash_contract.traffic.sample import Sample, rank_of


@given(st.lists(st.integers(0, 20)), st.integers(1, 5))
def test_the_smallest_ranks_are_kept(ranks: list[int], size: int) -> None:
    """In the order in which they came; of equal ranks, the first ones stay."""
    sample = Sample(size)
    dropped = 0
    for number, rank in enumerate(ranks):
        had_room = sample.has_room(rank)
        entry = Entry(str(number), None)
        dropped += sample.add(rank, entry)
        assert (entry in sample.entries()) == had_room
    chosen = sorted(range(len(ranks)), key=lambda number: (ranks[number], number))[:size]

    assert [entry.source for entry in sample.entries()] == [
        str(number) for number in sorted(chosen)
    ]
    assert dropped == len(ranks) - len(chosen)


def test_the_rank_of_a_place_stays() -> None:
    """Wherever the file is, and whatever its name is made of."""
    place = "day.har:log.entries[3]"

    assert rank_of(place, Path("day.har")) == rank_of(f"logs/{place}", Path("logs/day.har"))
    assert rank_of(place, Path("day.har")) == 15265696476979615361
    assert rank_of("\udcff:1", Path("\udcff")) != rank_of("\udcff:2", Path("\udcff"))
