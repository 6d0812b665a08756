"""Sixty runs on a right server and sixty on one with a defect, each in a weather of its own.

No false alarm, no defect missed with exit code 0, and nothing named that is not the defect: the
seed chooses the weather, the cases, how many are sent at a time, and the defect.
"""

from __future__ import annotations

import functools
import random
from collections import Counter

import pytest

import enkash_contract as ec
from enkash_contract.contract.evidence import FAIL_ON
from tests.support.live_runs import named, run, undisturbed
from tests.support.stormy import SPELLS, Weather, compress, stormy, weather_of

RUNS, TESTS, QUICK = 60, 20, 1
"""How many runs of each kind there are, among how many tests, and how many are not slow."""

CHOICES = (
    ("request/b2bIds/*", "request/device#*"),
    ("request/invoiceStatus/objectId#*", "request/device/tag/*"),
    ("request#method", "request#path", "request#json*", "request/b2bIds/buyerB2BId#*"),
    ("request/invoiceStatus/objectVersion/*", "request/invoiceStatus/statusTransition/*"),
)

SEEDS = [
    *range(QUICK),
    *(pytest.param(at, marks=pytest.mark.slow) for at in range(QUICK, TESTS)),
]


@pytest.fixture(autouse=True)
def _compressed(monkeypatch: pytest.MonkeyPatch) -> None:
    compress(monkeypatch)


@functools.lru_cache(maxsize=1)
def wrong_ones() -> list[tuple[str, str]]:
    """List the defects in the reading of requests, each with the rule it breaks."""
    found = [(one.id, one.rule) for one in ec.defects()]
    return [
        (name, rule.id)
        for name, rule in found
        if rule and rule.side == "request" and rule.evidence.at_least(FAIL_ON)
    ]


@pytest.mark.parametrize("at", SEEDS)
def test_a_right_server_is_right_in_any_weather(at: int) -> None:
    """Nothing is found that is not found on a quiet day."""
    for seed in range(at, RUNS, TESTS):
        chance = random.Random(f"right {seed}")
        only, workers = chance.choice(CHOICES), chance.choice([1, 8])
        expected = undisturbed(only)
        with stormy(weather_of(chance, expected.total)) as server:
            result = run(server, only, workers=workers, max_unstable=2)
        told = (seed, server.weather, dict(server.happened), workers, result, result.notes)
        assert result.violations == (), told
        assert {*named(result.findings)} <= {*named(expected.findings)}, told
        assert result.total == expected.total, told
        assert result.exit_code in (0, 3), told


@pytest.mark.slow
@pytest.mark.parametrize("at", SEEDS)
def test_a_defect_is_named_in_any_weather(at: int) -> None:
    """Or else nothing is concluded; and nothing else is named."""
    for seed in range(at, RUNS, TESTS):
        chance = random.Random(f"wrong {seed}")
        (defect, rule), workers = chance.choice(wrong_ones()), chance.choice([1, 8])
        only = (rule, *chance.choice(CHOICES))
        expected = undisturbed(only, defect)
        if expected.exit_code != 1:
            continue
        with stormy(weather_of(chance, expected.total), ec.Sandbox(defect=defect)) as server:
            result = run(server, only, workers=workers, max_unstable=2)
        told = (seed, defect, server.weather, dict(server.happened), workers, result, result.notes)
        assert {*named(result.findings)} <= {*named(expected.findings)}, told
        assert {one.rule for one in result.violations} <= {rule}, told
        assert result.exit_code in (1, 3), told


def test_all_kinds_of_weather_come() -> None:
    """A day without any fault would show nothing."""
    weathers = [weather_of(random.Random(f"right {seed}"), 100) for seed in range(RUNS)]
    kinds = Counter(kind for weather in weathers for _, kind, _ in weather.spells)
    assert set(kinds) == set(SPELLS)
    assert {weather.out_of_date for weather in weathers} == {0.0, 0.1, 0.5}
    assert {bool(weather.token_uses) for weather in weathers} == {True, False}


def test_spells_and_losses_show_on_the_wire() -> None:
    """Each fault happens as it is told."""
    weather = Weather(3, 0.1, 0.1, ((5, "mixed", 1.0), (60, "conflict", 1.0)), 0.5)
    with stormy(weather) as server:
        run(server, CHOICES[0], workers=1, max_unstable=2)
    assert {"reset", "half", "409", "out of date"} <= set(server.happened)
    assert {"500", "502", "503"} & set(server.happened)
