"""Interactions whose direction is a guess that would accuse somebody, until all hosts are known.

A host to which webhooks go is a partner's, and one to which nothing else is sent than what EnKash
serves is EnKash's. Both may be recorded later than what is in doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.operation import TO_ENKASH, TO_PARTNER

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Direction
    from enkash_contract.traffic.counting.reduction import Reduction

HOSTS = 100
"""The hosts that are told apart; all others count as one."""


class Doubts:
    """The sums in doubt, by host, with the directions in which certain requests went."""

    def __init__(self) -> None:
        self.parts: dict[str, Reduction] = {}
        self._ways: dict[str, set[Direction]] = {}

    @property
    def judged(self) -> int:
        """The number of interactions in doubt."""
        return sum(part.recordings.judged for part in self.parts.values())

    def went(self, direction: Direction, host: str) -> None:
        """Remember that a request went to a host, in a direction that is certain."""
        self._ways.setdefault(self._key(host, self._ways), set()).add(direction)

    def at(self, host: str, empty: Reduction) -> Reduction:
        """Return the sum of what is in doubt at a host, which may be `empty`."""
        return self.parts.setdefault(self._key(host, self.parts), empty)

    def stands(self, host: str) -> bool:
        """Return whether what went to a host went to EnKash, as far as anybody can tell."""
        both = any(TO_PARTNER in ways for ways in self._ways.values())
        return not both or self._ways.get(host) == {TO_ENKASH}

    def learn(self, other: Doubts) -> None:
        """Take over the directions that are known to another one."""
        for host, ways in other._ways.items():
            for way in ways:
                self.went(way, host)

    def _key(self, host: str, known: dict[str, Reduction] | dict[str, set[Direction]]) -> str:
        return host if host in known or len(known) < HOSTS else ""
