"""Entries that are alike are counted, and so are the times that they took."""

from __future__ import annotations

from enkash_contract.judging.result import Result
from enkash_contract.traffic.counting.reduction import Reduction
from enkash_contract.traffic.entries.moments import MOST_SECONDS
from enkash_contract.traffic.fast.kind import Kind
from tests.support.recorded import OPERATION


def test_what_was_counted_is_added_once() -> None:
    """Durations that nobody measured, or that cannot be, are left out."""
    kind, total = Kind(OPERATION, Result(verdicts={"held": 1})), Reduction()
    kind.flush(total)
    assert total.result() == Result()
    for seconds in (0.25, None, 0.2501, -1, 0.25, MOST_SECONDS):
        kind.add(seconds)
    kind.flush(total)
    kind.flush(total)

    assert total.result().verdicts == {"held": 6}
    assert total.result().durations == {(OPERATION.id, 250_000): 3}
