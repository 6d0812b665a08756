"""Recordings with very many findings: the time of four times as many, as a ratio.

pytest tests/benchmarks/test_findings.py --benchmark-only -p no:randomly
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.traffic import check_traffic
from tests.support.recorded import OPERATION, entry, log, written

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

FEW, MANY = 1_000, 4_000
MOST = 6
"""Four times as many take no more than so many times as long, on a busy machine."""


def invalid(number: int) -> Any:
    """Return an entry with four violations, and a token of its own."""
    body = {**OPERATION.request.example, "device": number, "b2bIds": {}}
    token = {"name": "Authorization", "value": f"Bearer {number:032}"}
    label = {"name": "Content-Type", "value": "application/json"}
    return entry({"postData": {"text": json.dumps(body)}, "headers": [label, token]})


KINDS = {
    "invalid": invalid,
    "unreadable": lambda number: entry({"url": None, "id": number}),
    "without a body": lambda number: entry({"postData": None, "id": number}),
    "of others": lambda number: entry({"url": f"https://other.example/{number}"}),
}


def spent(file: Path) -> float:
    """Return the seconds of processor time that a recording takes, the best of three."""
    times = []
    for _ in range(3):
        began = time.process_time()
        check_traffic(file)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.benchmark(group="many findings")
def test_time_grows_with_the_number(name: str, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """And no faster than that."""
    few, many = (
        written(tmp_path, log(*map(KINDS[name], range(number))), f"{number}.har")
        for number in (FEW, MANY)
    )
    # A time of 32 runs is not needed to tell four from sixteen.
    once: Any = benchmark.pedantic
    once(check_traffic, args=(many,), rounds=1)
    ratio = spent(many) / spent(few)
    benchmark.extra_info["ratio"] = round(ratio, 2)
    benchmark.extra_info["entries a second"] = round(MANY / spent(many))
    assert ratio < MOST
