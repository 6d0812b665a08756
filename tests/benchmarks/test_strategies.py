"""Examples a second, beside Schemathesis on the same document and beside strategies by hand.

pytest tests/benchmarks/test_strategies.py --benchmark-only -p no:randomly
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from enkash_contract.contract import contract
from enkash_contract.generation.strategies.operation import invalid_payloads, payloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

EXAMPLES = 300


def _by_hand() -> st.SearchStrategy[Any]:
    """Return what a careful user would write for the same payloads."""
    characters = st.characters(
        categories=("L", "M", "N", "P", "S"), include_characters=" ", exclude_characters='\\"'
    )
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    of = st.fixed_dictionaries
    text = st.text(characters, min_size=1, max_size=100)
    return of(
        {
            "device": of({"tag": of({"name": st.just("GEOCODE"), "value": st.just("string")})}),
            "b2bIds": of({"buyerB2BId": text, "supplierB2BId": text}),
            "invoiceStatus": of(
                {
                    "objectId": st.text(letters, min_size=32, max_size=32).map("INV".__add__),
                    "supplierInvoiceNumber": st.text(characters, min_size=1, max_size=50),
                    "objectVersion": of({"currentVersion": st.just(1), "newVersion": st.just(1)}),
                    "supplierAction": st.just("CANCEL"),
                    "supplierRemarks": text,
                    "statusTransition": of(
                        {"currentStatus": st.just("CREATED"), "newStatus": st.just("CREATED")}
                    ),
                }
            ),
        }
    )


def _schemathesis(mode: schemathesis.GenerationMode) -> st.SearchStrategy[Any]:
    document = json.loads(json.dumps(contract.bundled().document.data))
    found = schemathesis.openapi.from_dict(document)[contract.bundled().pick().path]["POST"]
    return found.as_strategy(generation_mode=mode)


RIGHT: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "enkash_contract": payloads,
    "fixed_dictionaries by hand": _by_hand,
    "schemathesis": lambda: _schemathesis(schemathesis.GenerationMode.POSITIVE),
}

WRONG: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "enkash_contract": invalid_payloads,
    "schemathesis": lambda: _schemathesis(schemathesis.GenerationMode.NEGATIVE),
}


def _measure(benchmark: BenchmarkFixture, strategy: st.SearchStrategy[Any]) -> None:
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(strategy)
    def run(value: Any) -> None:
        assert value is not None

    benchmark.pedantic(run, rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]  # it has no types
    assert benchmark.stats is not None
    benchmark.extra_info["examples a second"] = round(EXAMPLES / benchmark.stats.stats.median)


@pytest.mark.benchmark(group="right payloads")
@pytest.mark.parametrize("name", [*RIGHT])
def test_right(name: str, benchmark: BenchmarkFixture) -> None:
    """Payloads that keep every rule."""
    _measure(benchmark, RIGHT[name]())


@pytest.mark.benchmark(group="wrong payloads")
@pytest.mark.parametrize("name", [*WRONG])
def test_wrong(name: str, benchmark: BenchmarkFixture) -> None:
    """Payloads, or whole requests, that break a rule."""
    _measure(benchmark, WRONG[name]())
