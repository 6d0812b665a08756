"""Work that a worker of a cluster is sent."""

from __future__ import annotations

import pickle
from typing import Any

from enkash_contract.traffic.parts import sent


def joined(plan: list[int], part: int) -> list[int]:
    """Add a part to a plan, which remembers it."""
    plan.append(part)
    return plan


def test_a_plan_is_read_once() -> None:
    """What it remembers between two parts stays; another plan knows nothing of it."""
    work, other = (pickle.dumps((joined, [number])) for number in (1, 2))
    found: list[Any] = [[*sent.judged(each, 7)] for each in (work, work, other)]
    assert found == [[1, 7], [1, 7, 7], [2, 7]]
