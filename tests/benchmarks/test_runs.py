"""Cases a second, in this process and over loopback, beside Schemathesis on the same document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

import enkash_contract as ec
from enkash_contract.contract import contract
from enkash_contract.engine import selftest
from enkash_contract.sandbox import server

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

GROUP = "one run"
EXAMPLES = 100


def tell(benchmark: BenchmarkFixture, count: int) -> None:
    """Note how many requests were made, and how many that is in a second."""
    assert benchmark.stats is not None
    benchmark.extra_info["cases"] = count
    benchmark.extra_info["cases a second"] = round(count / benchmark.stats.stats.median)


@pytest.mark.benchmark(group=GROUP)
def test_in_this_process(benchmark: BenchmarkFixture) -> None:
    """The whole suite against the sandbox, in this process."""
    result = benchmark(ec.check_target)
    tell(benchmark, result.total)
    assert result.ok


@pytest.mark.benchmark(group=GROUP)
def test_over_loopback(benchmark: BenchmarkFixture) -> None:
    """The whole suite against the sandbox, over HTTP."""
    with server.in_background(ec.Sandbox()) as url:
        result = benchmark(ec.check_target, url)
    tell(benchmark, result.total)
    assert result.ok


@pytest.mark.benchmark(group="selftest")
def test_selftest(benchmark: BenchmarkFixture) -> None:
    """The whole kill matrix, on all processors; the goal is under 60 s on two."""
    matrix = benchmark.pedantic(selftest.selftest, rounds=1)  # type: ignore[no-untyped-call]  # it has no types
    benchmark.extra_info["defects"] = len(matrix.defects)
    assert matrix.ok


@pytest.mark.benchmark(group=GROUP)
def test_schemathesis_in_this_process(benchmark: BenchmarkFixture) -> None:
    """As many positive examples of Schemathesis as it is asked for, against the same sandbox."""
    document = json.loads(json.dumps(contract.bundled().document.data))
    schema = schemathesis.openapi.from_dict(document)
    schema.app = ec.Sandbox()
    found = schema["/api/v0/invoice/req-status-change-invoice"]["POST"]

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(case=found.as_strategy())
    def run(case: schemathesis.Case[Any]) -> None:
        case.call()

    benchmark.pedantic(run, rounds=3)  # type: ignore[no-untyped-call]  # not annotated there
    tell(benchmark, EXAMPLES)
