"""Objects of members that are drawn."""

from __future__ import annotations

from hypothesis import strategies as st

from enkash_contract.generation.strategies.leaves import Leaves, constant, leaf
from enkash_contract.generation.strategies.objects import counted, optional, whole, with_further
from tests.support.draws import draws, simplest

ONE = constant(1)


def drawn(leaves: Leaves | None) -> list[object]:
    """Return some of the values that are drawn."""
    assert leaves is not None
    return draws(leaves.strategy(), 30)


def test_a_member_may_be_left_out() -> None:
    """It shrinks to whichever comes first."""
    for there_first, plainest in ((True, {"a": 1}), (False, {})):
        leaves = whole({"a": optional(ONE, there_first=there_first)})
        assert simplest(leaves.strategy(), lambda _: True) == plainest
        assert {"a": 1} in drawn(leaves)
        assert {} in drawn(leaves)


def test_members_are_counted() -> None:
    """Those required are always there."""
    members = dict.fromkeys("abcd", ONE)
    made = drawn(counted(members, frozenset("b"), 2, 3))
    assert {len(each) for each in made if isinstance(each, dict)} == {2, 3}
    assert all("b" in each for each in made if isinstance(each, dict))
    assert drawn(counted({"a": ONE}, frozenset("a"), 0, 1)).count({"a": 1}) > 0
    assert counted(members, frozenset("b"), 5, 9) is None
    assert counted(members, frozenset("ab"), 0, 1) is None


def test_further_members_have_other_names() -> None:
    """Where there is nothing for them to be, there are none."""
    described = whole({"a": ONE})
    assert with_further(described, None, frozenset("a")) is described
    made = drawn(with_further(described, leaf(st.just(2)), frozenset("abcdefgh")))
    assert all(each["a"] == 1 for each in made if isinstance(each, dict))
    assert any(2 in each.values() for each in made if isinstance(each, dict))
