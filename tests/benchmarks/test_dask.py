"""A Dask cluster of this machine beside processes and one alone, on the same interactions.

pytest tests/benchmarks/test_dask.py --benchmark-only -p no:randomly
"""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from enkash_contract.traffic import check_traffic
from tests.benchmarks.test_traffic import valid

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

MANY = 200_000


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return valid and accepted entries of about 1.5 kB, one a line."""
    file = tmp_path_factory.mktemp("dask") / "day.ndjson"
    with file.open("wb") as lines:
        lines.writelines(orjson.dumps(valid(number)) + b"\n" for number in range(MANY))
    return file


def used() -> float:
    """Return the time of the processor that all processes have used so far."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


@pytest.mark.benchmark(group="the same interactions, in seconds of the processor for a million")
@pytest.mark.parametrize(
    "judges",
    [{}, *({**dask, "workers": number} for dask in ({}, {"dask": True}) for number in (1, 2, 4))],
    ids=str,
)
def test_seconds_for_a_million(
    judges: dict[str, Any], recording: Path, benchmark: BenchmarkFixture
) -> None:
    """Whoever judges finds the same; the start of each worker is part of it."""
    before = used()
    result = benchmark.pedantic(check_traffic, (recording,), judges, rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info["seconds for a million"] = round((used() - before) * 1e6 / MANY, 1)
    assert result.count("held") == MANY
