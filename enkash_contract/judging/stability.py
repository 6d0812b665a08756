"""How steady a target was: what came of its requests beside the verdicts, as a value that adds up.

Gateways say 502, 503 and 504, connections are lost, and one of several instances may be out of
date. None of that is held against a target; but what was concluded of one that does so often is
not worth much.
"""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 3
"""Fewer than so many are chance, however few requests there were."""


@dataclass(frozen=True, slots=True)
class Stability:
    """The `requests` of a run, and how many of them were `unstable`: lost, or left to chance.

    Of the `valid` requests some were `contradicted`: rejected, and accepted another time. `limit`
    is the percentage above which nothing is concluded, None if there is none. `ended` is whether
    the target was busy for so long that the run ended early.
    """

    requests: int = 0
    unstable: int = 0
    valid: int = 0
    contradicted: int = 0
    limit: float | None = None
    ended: bool = False

    def __add__(self, other: Stability) -> Stability:
        return Stability(
            self.requests + other.requests,
            self.unstable + other.unstable,
            self.valid + other.valid,
            self.contradicted + other.contradicted,
            other.limit if self.limit is None else self.limit,
            self.ended or other.ended,
        )

    @property
    def exceeded(self) -> bool:
        """Whether a target was too unstable for anything to be concluded."""
        return self._above(self.unstable, self.requests) or self._above(
            self.contradicted, self.valid
        )

    def _above(self, number: int, total: int) -> bool:
        limit = self.limit
        return limit is not None and number >= LEAST and 100 * number > limit * total
