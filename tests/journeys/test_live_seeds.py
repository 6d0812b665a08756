"""A hundred runs, each against a server that fails in ways of its own: no verdict may follow suit.

The seed chooses the faults, the cases, how many are sent at a time, and what stands behind the
faults: the right sandbox, one with a defect, or one that changes its mind. A run must end, judge
every case it was given, and say nothing of the target that it would not say on a quiet day.
"""

from __future__ import annotations

import functools
import random
from typing import Any

import pytest

import enkash_contract as ec
from enkash_contract.engine.transport import client
from tests.support.faults import FORMS, LOST, Faults
from tests.support.faulty import faulty
from tests.support.live_runs import named, run, undisturbed, verdicts, without_chance

RUNS, TESTS, QUICK = 100, 20, 1
"""How many runs there are, among how many tests they are divided, and how many are not slow."""

CHOICES = (
    ("request/b2bIds/buyerB2BId#*",),
    ("request/device/tag/name#*", "request/device#*"),
    ("request/invoiceStatus/objectVersion/newVersion#*",),
    ("request#method", "request#content-type*", "request#path", "request#type"),
    ("request#json", "request#encoding"),
)
"""Cases that are quickly sent, of all kinds."""

STALE = "the baseline was accepted"
"""How the note begins that says what came of a target that changes its mind."""

CARRIED_OUT = LOST | {"reset", "close"}
"""What may carry a request out and lose the answer, so that the next one is refused."""


@pytest.fixture(autouse=True)
def _quick(
    monkeypatch: pytest.MonkeyPatch,
    brisk: None,
) -> None:
    """Wait for lost connections by a tenth of the usual time."""
    monkeypatch.setattr(client, "BACKOFF", 0.025)


def faults_of(chance: random.Random, **more: Any) -> Faults:
    """Mix faults; a client that does not give up gets through all of them."""
    often = chance.uniform(0.005, 0.03)
    failing = {
        name: often * chance.random()
        for name in chance.sample(["reset", "close", "cut_head", "cut_body", "crash"], 3)
    }
    failing |= {"reuse": 0.05 * chance.random(), "busy": often, "unavailable": often}
    made: dict[str, Any] = {
        "seed": chance.randrange(1 << 30),
        "failing": failing,
        "forms": dict.fromkeys(chance.sample(sorted(FORMS), 3), chance.uniform(0.05, 0.3)),
        "latency": (0, chance.choice([0, 0.001, 0.004])),
        "burst": chance.randint(1, 6),
        "waits": ("0", "+0", "-30"),
        "token_uses": chance.choice([0, 0, chance.randint(20, 40)]),
        "outage": chance.choice([None, None, (chance.randint(2, 40), 0.05)]),
    }
    return Faults(**(made | more))


def run_right(seed: int, chance: random.Random) -> None:
    """Of a right sandbox nothing is said that is not said without the faults."""
    only, workers = chance.choice(CHOICES), chance.choice([1, 2, 8])
    with faulty(faults_of(chance)) as server:
        result = without_chance(run(server, only, workers=workers))
    expected = undisturbed(only)
    told = (seed, workers, dict(server.happened), result.notes)
    assert named(result.findings) == named(expected.findings), told
    assert verdicts(result) == verdicts(expected), told
    assert result.tallies == expected.tallies, told
    assert (result.baseline, result.exit_code) == ("accepted", 0), told


@functools.lru_cache(maxsize=1)
def wrong_ones() -> list[tuple[str, str]]:
    """List the defects in the reading of requests, each with the rule it breaks."""
    found = [(one.id, one.rule) for one in ec.defects()]
    return [(name, rule.id) for name, rule in found if rule and rule.side == "request"]


def run_wrong(seed: int, chance: random.Random) -> None:
    """A defect is named by its rule, and no other rule is."""
    (defect, rule), workers = chance.choice(wrong_ones()), chance.choice([1, 8])
    only = (rule, *chance.choice(CHOICES[:3]))
    with faulty(faults_of(chance), ec.Sandbox(defect=defect)) as server:
        result = without_chance(run(server, only, workers=workers))
    expected = undisturbed(only, defect)
    told = (seed, defect, workers, dict(server.happened), result.notes)
    assert {one.rule for one in expected.findings} == {rule}, told
    # A case whose failure chance could explain is inconclusive, and then nothing more is said.
    lost = result.count("inconclusive") - expected.count("inconclusive")
    assert {*named(result.findings)} <= {*named(expected.findings)}, told
    assert len(named(expected.findings)) - len(named(result.findings)) <= lost, told
    assert result.total == expected.total, told
    assert result.exit_code or not expected.exit_code, told
    if not lost:
        assert verdicts(result) == verdicts(expected), told


def run_moody(seed: int, chance: random.Random) -> None:
    """What a target refuses that has changed its mind is inconclusive, and a note says so."""
    only, workers = chance.choice(CHOICES), chance.choice([1, 8])
    state: dict[str, Any] = chance.choice([{"stale_after": chance.randint(1, 8)}, {"once": True}])
    with faulty(faults_of(chance, outage=None, **state)) as server:
        result = without_chance(run(server, only, workers=workers))
    expected = undisturbed(only)
    told = (seed, workers, state, dict(server.happened), result.notes)
    unproven = result.count("inconclusive")
    assert {*named(result.findings)} <= {*named(expected.findings)}, told
    assert (result.violations, result.total) == ((), expected.total), told
    # Each of these was refused for being stale, and nothing was accepted after that.
    assert unproven >= len(server.state.stale - {server.state.first}), told
    stale = bool(server.state.stale and unproven)
    assert any(note.startswith(STALE) for note in result.notes) == stale, told
    if not server.state.stale and not CARRIED_OUT & {*server.happened}:
        assert verdicts(result) == verdicts(expected), told


@pytest.mark.parametrize(
    "at",
    [*range(QUICK), *(pytest.param(at, marks=pytest.mark.slow) for at in range(QUICK, TESTS))],
)
def test_no_verdict_follows_from_a_fault(at: int) -> None:
    """No wrong verdict, no hang and no lost result, whatever the seed."""
    for seed in range(at, RUNS, TESTS):
        chance = random.Random(f"run {seed}")
        kind = chance.choice([run_right, run_right, run_right, run_wrong, run_moody])
        kind(seed, chance)
