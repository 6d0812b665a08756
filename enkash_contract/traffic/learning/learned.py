"""The sum of what is learned, of a size that does not grow with recordings.

Sums of parts add up in any grouping and any order to the same, so that processes and machines can
share the work. Therefore, where there are more kinds of something than are counted, a hash decides
which of them are, and never which came first: whatever is counted is counted from the beginning.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from enkash_contract.traffic.learning.plain import SEVERAL

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.traffic.reading.address import Address

KINDS = 4096
"""So many different kinds are counted at a place."""

MEMBER, VALUE, STEP, TRANSITION, CODE, MESSAGE = "member value step transition code message".split()
"""The things that are learned at a place."""

Kind = tuple[str | int, ...]


class Spot(NamedTuple):
    """A place of an operation, and what is learned there."""

    operation: str
    side: str
    pointer: str
    what: str


@dataclass(slots=True)
class Tally:
    """The times that something was seen, those in accepted interactions, and the payloads.

    Of these, a few are told apart by their hashes; it is seen enough once there are so many.
    """

    number: int = 0
    accepted: int = 0
    payloads: set[int] = field(default_factory=set)

    def add(self, other: Tally) -> None:
        """Add what was seen elsewhere."""
        self.number += other.number
        self.accepted += other.accepted
        if len(self.payloads) < SEVERAL:
            self.payloads = {*sorted(self.payloads | other.payloads)[:SEVERAL]}


class Kinds:
    """Counts of different kinds; `number` counts all, those that are not told apart too."""

    def __init__(self) -> None:
        self.number = 0
        self._tallies: dict[Kind, Tally] = {}
        self._limit: int | None = None

    def count(self, kind: Kind, *, accepted: bool) -> Tally:
        """Count one of a kind, and return its tally."""
        self.number += 1
        known = self._tallies.get(kind) or self._new(kind)
        known.number += 1
        known.accepted += accepted
        return known

    def _new(self, kind: Kind) -> Tally:
        """Return a tally for a kind, which is kept unless its rank is too great."""
        tally = Tally()
        if self._limit is None or rank(kind) <= self._limit:
            self._tallies[kind] = tally
            if len(self._tallies) > 2 * KINDS:
                self._tallies = self._kept()
        return tally

    def merge(self, other: Kinds) -> None:
        """Add what was counted elsewhere."""
        if other._limit is not None:
            self._limit = min(other._limit, other._limit if self._limit is None else self._limit)
            self._tallies = self._kept()
        self.number += other.number
        for kind, tally in other._tallies.items():
            (self._tallies.get(kind) or self._new(kind)).add(tally)

    def most(self) -> list[tuple[Kind, Tally]]:
        """Return the kinds, the most frequent first."""
        found = self._kept() if len(self._tallies) > KINDS else self._tallies
        return sorted(found.items(), key=lambda item: (-item[1].number, [*map(str, item[0])]))

    def _kept(self) -> dict[Kind, Tally]:
        """Return those of the smallest ranks, and accept no greater one from now on."""
        ranked = sorted((rank(kind), kind) for kind in self._tallies)
        if len(ranked) > KINDS:
            self._limit = ranked[KINDS - 1][0]
        limit = self._limit
        return {kind: self._tallies[kind] for at, kind in ranked if limit is None or at <= limit}


def rank(kind: Kind) -> int:
    """Return a number that nothing but the kind decides."""
    return int.from_bytes(blake2b(repr(kind).encode(), digest_size=8).digest(), "big")


@dataclass
class Learned:
    """All that is learned: what was seen where, what was left out, and of which recordings."""

    spots: dict[Spot, Kinds] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    number: int = 0
    first: float | None = None
    last: float | None = None
    files: list[Path | Address] = field(default_factory=list)

    def at(self, spot: Spot) -> Kinds:
        """Return the counts at a place."""
        kinds = self.spots.get(spot)
        if kinds is None:
            kinds = self.spots[spot] = Kinds()
        return kinds

    def time(self, first: float | None, last: float | None) -> None:
        """Note when something was sent."""
        if first is not None:
            self.first = first if self.first is None else min(self.first, first)
        if last is not None:
            self.last = last if self.last is None else max(self.last, last)

    def add(self, other: Learned) -> None:
        """Add what was learned elsewhere."""
        for spot, kinds in other.spots.items():
            self.at(spot).merge(kinds)
        self.left += other.left
        self.number += other.number
        self.time(other.first, other.last)
        self.files += other.files
