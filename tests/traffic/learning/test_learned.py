"""The sum of what is learned: the same in any grouping, and of a size that does not grow."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.learning import learned
from enkash_contract.traffic.learning.learned import Kinds, Learned, Spot

SPOT = Spot("pay", "request", "/status", "value")

SEEN = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5), st.booleans()), max_size=30)

Seen = list[tuple[int, int, bool]]


def counted(seen: Seen) -> Learned:
    """Count kinds of certain payloads."""
    total = Learned()
    for kind, payload, accepted in seen:
        total.number += 1
        total.time(payload, payload)
        total.left["kind"] += kind == 0
        tally = total.at(SPOT).count((kind,), accepted=accepted)
        tally.payloads.add(payload)
    return total


def shown(total: Learned) -> Any:
    """Return all that an overlay depends on."""
    spots = [
        (
            spot,
            kinds.number,
            [
                (kind, tally.number, tally.accepted, min(len(tally.payloads), 3))
                for kind, tally in kinds.most()
            ],
        )
        for spot, kinds in total.spots.items()
    ]
    return spots, total.left, total.number, total.first, total.last, total.files


@given(SEEN, SEEN, SEEN, st.integers(1, 15))
def test_parts_add_up_in_any_grouping_and_order(
    one: Seen, two: Seen, three: Seen, kinds: int
) -> None:
    """Also where there are more kinds than are counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learned, "KINDS", kinds)
        whole = shown(counted([*one, *two, *three]))
        for parts in ((one, two, three), (three, one, two)):
            left = Learned()
            for part in parts:
                left.add(counted(part))
            right, rest = counted(parts[0]), counted(parts[1])
            rest.add(counted(parts[2]))
            right.add(rest)
            assert shown(left) == shown(right) == whole


def test_of_too_many_kinds_a_hash_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    """These are counted from the beginning, and the others are not lost from the sum."""
    monkeypatch.setattr(learned, "KINDS", 10)
    kinds = Kinds()
    for number in range(300):
        kinds.count((number % 100,), accepted=True)
    most = kinds.most()
    assert [tally.number for _, tally in most] == [3] * 10
    assert kinds.number == 300
    ranked = sorted(range(100), key=lambda number: learned.rank((number,)))
    assert {kind for kind, _ in most} == {(number,) for number in ranked[:10]}


def test_files_and_times_add_up() -> None:
    """What was learned without times has none."""
    one, two = Learned(files=[Path("a")]), Learned(files=[Path("b")])
    one.add(copy.deepcopy(two))
    assert (one.first, one.last, one.files) == (None, None, [Path("a"), Path("b")])
    two.time(5, 5)
    one.add(two)
    assert (one.first, one.last) == (5, 5)


def test_a_limit_is_shared_with_what_was_counted_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever is added to the other."""
    monkeypatch.setattr(learned, "KINDS", 2)
    many, few = Kinds(), Kinds()
    for number in range(20):
        many.count((str(number),), accepted=True)
    few.count(("one",), accepted=False)
    few.merge(many)
    other = Kinds()
    other.count(("one",), accepted=False)
    many.merge(other)
    assert few.number == many.number == 21
    assert [kind for kind, _ in few.most()] == [kind for kind, _ in many.most()]
