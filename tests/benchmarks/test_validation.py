"""Validation beside bare jsonschema-rs, jsonschema and fastjsonschema, on the document's example.

pytest tests/benchmarks --benchmark-only -p no:randomly --benchmark-group-by=group
"""

from __future__ import annotations

import math
import timeit
from typing import TYPE_CHECKING, Any

import fastjsonschema
import jsonschema
import jsonschema_rs
import orjson
import pytest

import enkash_contract as ec
from enkash_contract.contract import contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

OPERATION = contract.bundled().pick()
SCHEMA = OPERATION.json_schema()
PAYLOAD: Any = OPERATION.request.example
RAW = orjson.dumps(PAYLOAD)
ENGINE = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
FAST: Callable[[Any], Any] = fastjsonschema.compile(
    {**SCHEMA, "$schema": "http://json-schema.org/draft-07/schema#"}, use_default=False
)
REFERENCE = jsonschema.Draft202012Validator(SCHEMA)
VALIDATOR = ec.json_schema_validator()


def _bare_json() -> bool:
    return ENGINE.is_valid(orjson.loads(RAW))


VALUES: dict[str, Callable[[], Any]] = {
    "enkash_contract.is_valid": lambda: ec.is_valid(PAYLOAD),
    "jsonschema-rs": lambda: ENGINE.is_valid(PAYLOAD),
    "enkash_contract.is_valid by jsonschema": lambda: ec.is_valid(PAYLOAD, engine="jsonschema"),
    "ec.json_schema_validator": lambda: VALIDATOR.is_valid(PAYLOAD),
    "jsonschema": lambda: REFERENCE.is_valid(PAYLOAD),
    "fastjsonschema": lambda: FAST(PAYLOAD),
}

TEXTS: dict[str, Callable[[], Any]] = {
    "enkash_contract.validate_json": lambda: ec.validate_json(RAW),
    "orjson + jsonschema-rs": _bare_json,
}


@pytest.mark.benchmark(group="a right payload as a value")
@pytest.mark.parametrize("name", [*VALUES])
def test_values(name: str, benchmark: BenchmarkFixture) -> None:
    """A right payload is judged right."""
    VALUES[name]()
    assert benchmark(VALUES[name]) not in (False, None)


@pytest.mark.benchmark(group="a right payload as bytes")
@pytest.mark.parametrize("name", [*TEXTS])
def test_texts(name: str, benchmark: BenchmarkFixture) -> None:
    """A right compact body is judged right."""
    TEXTS[name]()
    assert benchmark(TEXTS[name])


def ratio(judge: Callable[[], Any], beside: Callable[[], Any], number: int) -> float:
    """Return how many times as long as another one a judge takes; both take turns."""
    least = [math.inf, math.inf]
    for _ in range(40):
        for index, each in enumerate((judge, beside)):
            least[index] = min(least[index], timeit.timeit(each, number=number))
    return least[0] / least[1]


MOST = 1.15
"""How many times as long as the bare engine it may take."""


@pytest.mark.benchmark(group="the default judges, beside the bare engine")
@pytest.mark.parametrize(
    ("name", "judge", "beside"),
    [
        (
            "is_valid",
            VALUES["enkash_contract.is_valid"],
            VALUES["jsonschema-rs"],
        ),
        (
            "validate_json",
            TEXTS["enkash_contract.validate_json"],
            TEXTS["orjson + jsonschema-rs"],
        ),
    ],
)
def test_judging_costs_what_the_engine_costs(
    name: str, judge: Callable[[], Any], beside: Callable[[], Any], benchmark: BenchmarkFixture
) -> None:
    """As a ratio, on the document's example."""
    found = ratio(judge, beside, 2000)
    benchmark.extra_info["ratio"] = round(found, 2)
    benchmark(judge)
    assert found < MOST, name


SLOWER = 2
"""How many times as long as plain jsonschema it may take: it looks at every value once more."""


@pytest.mark.benchmark(group="jsonschema with our verdicts, beside plain jsonschema")
@pytest.mark.parametrize(
    "name", ["enkash_contract.is_valid by jsonschema", "ec.json_schema_validator"]
)
def test_jsonschema_costs_what_jsonschema_costs(name: str, benchmark: BenchmarkFixture) -> None:
    """As a ratio, which is the same on every machine."""
    found = ratio(VALUES[name], VALUES["jsonschema"], 50)
    benchmark.extra_info["ratio"] = round(found, 2)
    benchmark(VALUES[name])
    assert found < SLOWER
