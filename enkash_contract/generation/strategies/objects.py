"""Objects of members that are drawn: all of them, some of them, and further ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from enkash_contract.generation.strategies.leaves import Leaves
from enkash_contract.wire.pointer import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def optional(leaves: Leaves, *, there_first: bool) -> Leaves:
    """Return the plan of a member that may be left out."""
    both = [leaves.strategy(), st.just(ABSENT)]
    return Leaves((st.one_of(both if there_first else both[::-1]),), next)


def whole(members: Mapping[str, Leaves]) -> Leaves:
    """Return the plan of an object of these members, without those that are drawn as absent."""
    builds = [(name, leaves.build) for name, leaves in members.items()]

    def build(drawn: Iterator[Any]) -> dict[str, Any]:
        made = {name: one(drawn) for name, one in builds}
        return {name: value for name, value in made.items() if value is not ABSENT}

    return Leaves(tuple(leaf for leaves in members.values() for leaf in leaves.leaves), build)


def counted(
    members: Mapping[str, Leaves], required: frozenset[str], least: int, most: int
) -> Leaves | None:
    """Return the plan of an object of at least and at most so many of these members."""
    others = [name for name in members if name not in required]
    low, high = max(0, least - len(required)), min(len(others), most - len(required))
    if low > high:
        return None
    everything = whole(members)
    if not others:
        return everything
    kept = st.lists(st.sampled_from(others), min_size=low, max_size=high, unique=True)

    def build(drawn: Iterator[Any]) -> dict[str, Any]:
        made = everything.build(drawn)
        names = required | {*next(drawn)}
        return {name: value for name, value in made.items() if name in names}

    return Leaves((*everything.leaves, kept), build)


def with_further(described: Leaves, others: Leaves | None, taken: frozenset[str]) -> Leaves:
    """Return the plan of an object with members of any name that is not taken, if any can be."""
    if others is None:
        return described

    def named(name: str) -> str:
        return name if name not in taken else named(f"{name}_")

    names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8).map(named)
    further = st.dictionaries(names, others.strategy(), max_size=3)
    return Leaves(
        (*described.leaves, further),
        lambda drawn: {**described.build(drawn), **next(drawn)},
    )
