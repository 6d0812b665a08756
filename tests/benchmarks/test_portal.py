"""How the work on each operation of the portal grows with its rules.

pytest tests/benchmarks/test_portal.py --benchmark-only -p no:randomly --benchmark-group-by=group
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import bundled, load
from enkash_contract.engine import selftest
from enkash_contract.generation import known_good, suite
from enkash_contract.sandbox import defects

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

OPERATIONS = pytest.mark.parametrize("name", tuple(bundled()))


def noted(benchmark: BenchmarkFixture, name: str, count: int) -> None:
    """Note the rules of an operation, and how many things were made of them."""
    benchmark.extra_info.update(rules=len(bundled()[name].request.rules), made=count)


@pytest.mark.parametrize("operations", [1, 25])
@pytest.mark.benchmark(group="loading")
def test_loading(operations: int, benchmark: BenchmarkFixture) -> None:
    """A command that needs one operation reads one file; all of them are read within 0.5 s."""
    made = benchmark(lambda: [load().pick()] if operations == 1 else [*load().values()])
    assert len(made) == operations


@OPERATIONS
@pytest.mark.benchmark(group="cases")
def test_cases(name: str, benchmark: BenchmarkFixture) -> None:
    """Each case is proven on its bytes."""
    operation = bundled()[name]
    base = known_good.base(operation)
    noted(benchmark, name, len(benchmark(suite.build, operation, base)))


@OPERATIONS
@pytest.mark.benchmark(group="defects")
def test_defects(name: str, benchmark: BenchmarkFixture) -> None:
    """Each defect is proven by a request."""
    once: Any = benchmark.pedantic
    found = once(lambda: defects.of_operation(load()[name]), rounds=1)
    noted(benchmark, name, len(found))


@OPERATIONS
@pytest.mark.benchmark(group="selftest")
def test_selftest(name: str, benchmark: BenchmarkFixture) -> None:
    """Every defect is found, and nothing that conforms is blamed."""
    once: Any = benchmark.pedantic
    matrix = once(selftest.selftest, kwargs={"operation": name}, rounds=1)
    noted(benchmark, name, len(matrix.rows))
    assert matrix.ok
