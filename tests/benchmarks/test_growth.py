"""How loading, building cases, proving defects and the selftest grow with the rules of a document.

pytest tests/benchmarks/test_growth.py --benchmark-only -p no:randomly --benchmark-group-by=group
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import load
from enkash_contract.engine import selftest
from enkash_contract.generation import suite
from enkash_contract.sandbox import defects
from tests.support.wide_documents import wide, wide_overlay

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_benchmark.fixture import BenchmarkFixture

SIZES = pytest.mark.parametrize("rules", [100, 300, 1000])


def grown(benchmark: BenchmarkFixture, count: int) -> None:
    """Note how many things were made."""
    benchmark.extra_info["made"] = count


@SIZES
@pytest.mark.benchmark(group="loading")
def test_loading(rules: int, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """A document is read in a time that grows with its rules."""
    contract = benchmark(wide, tmp_path, rules)
    grown(benchmark, len(contract.pick().rules))
    assert len(contract.pick().rules) > rules


@SIZES
@pytest.mark.benchmark(group="loading with an overlay")
def test_overlays(rules: int, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """So it is with an overlay that speaks of each member."""
    wide(tmp_path, rules)
    overlay = wide_overlay(tmp_path, rules)
    contract = benchmark(load, overlay, document=tmp_path / "small.json")
    grown(benchmark, len(contract.pick().rules))


@SIZES
@pytest.mark.benchmark(group="cases")
def test_cases(rules: int, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Each case is proven on its bytes, which grow with the rules as well."""
    operation = wide(tmp_path, rules).pick()
    cases = benchmark(suite.build, operation, operation.request.example)
    grown(benchmark, len(cases))


@SIZES
@pytest.mark.benchmark(group="defects")
def test_defects(rules: int, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """So is each defect."""
    found = benchmark(lambda: defects.of_operation(wide(tmp_path, rules).pick()))
    grown(benchmark, len(found))


@pytest.mark.parametrize("rules", [50, 100, 200])
@pytest.mark.benchmark(group="selftest")
def test_selftest(rules: int, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Each defect is looked for by all cases: that is the square of the rules at least."""
    contract = wide(tmp_path, rules)
    # One run takes long enough; the method has no annotations.
    once: Any = benchmark.pedantic
    matrix = once(selftest.selftest, kwargs={"contract": contract}, rounds=1)
    grown(benchmark, len(matrix.rows))
    assert matrix.ok
