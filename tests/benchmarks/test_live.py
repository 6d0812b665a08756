"""The whole suite against a server that takes 50 ms for each answer, by one worker and by eight."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import enkash_contract as ec
from tests.support.faults import Faults
from tests.support.faulty import faulty

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

LATENCY = 0.05
"""Seconds."""

GOAL = 5
"""So many times as fast are eight workers as one, at least."""


def test_eight_workers_and_one(benchmark: BenchmarkFixture) -> None:
    """Eight workers need at most a fifth of the time of one."""
    with faulty(Faults(latency=(LATENCY, LATENCY))) as server:
        begun = time.perf_counter()
        alone = ec.check_target(server.url, workers=1)
        seconds = time.perf_counter() - begun
        many = benchmark.pedantic(  # type: ignore[no-untyped-call]  # it has no types
            ec.check_target, (server.url,), {"workers": 8}, rounds=3
        )
    assert benchmark.stats is not None
    ratio = seconds / benchmark.stats.stats.median
    benchmark.extra_info["cases"] = alone.total
    benchmark.extra_info["seconds by one worker"] = round(seconds, 1)
    benchmark.extra_info["times as fast"] = round(ratio, 1)
    assert (alone.verdicts, alone.ok) == (many.verdicts, True)
    assert ratio >= GOAL
