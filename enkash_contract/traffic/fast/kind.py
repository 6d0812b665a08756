"""Entries that are alike in all that a result says of them: they are judged once, and counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from enkash_contract.judging.durations import rounded
from enkash_contract.traffic.entries.moments import MOST_SECONDS
from enkash_contract.traffic.fast.known import kept

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.result import Result
    from enkash_contract.traffic.counting.reduction import Reduction


class Kind:
    """Entries that add the same to a result, but for how long they took."""

    def __init__(self, operation: Operation, result: Result) -> None:
        self._operation, self._result = operation, result
        self._took: dict[float | None, int] = {}
        self._rounded: dict[float, tuple[str, int]] = {}

    def add(self, seconds: float | None) -> None:
        """Count an entry, and how long it took."""
        self._took[seconds] = self._took.get(seconds, 0) + 1

    def flush(self, total: Reduction) -> None:
        """Add to `total` what was counted since the last time."""
        if not self._took:
            return
        durations = Counter[tuple[str, int]]()
        for seconds, number in self._took.items():
            if seconds is not None and 0 <= seconds < MOST_SECONDS:
                durations[self._duration(seconds)] += number
        total.add(self._result, sum(self._took.values()), dict(durations))
        self._took.clear()

    def _duration(self, seconds: float) -> tuple[str, int]:
        known = self._rounded.get(seconds)
        return known or kept(self._rounded, seconds, (self._operation.id, rounded(seconds)))
