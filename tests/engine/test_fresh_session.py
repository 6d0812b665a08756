"""A base that moves on: such a server can be checked, and its defects are found."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest

import enkash_contract as ec
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.errors import UsageError
from enkash_contract.sandbox.server import in_background
from tests.support.moving import EXAMPLE, Moving

BUYER = "request/b2bIds/buyerB2BId"
VERSIONS = "/invoiceStatus/objectVersion"
ONLY = ["request#json*", f"{BUYER}#*", f"request{VERSIONS}/currentVersion#*"]


def test_without_a_fresh_base_nothing_can_be_concluded() -> None:
    """The baseline is accepted once, and stale ever after."""
    result = ec.check_target(Moving(), only=ONLY)
    assert (result.violations, result.exit_code) == ((), 3)


@pytest.mark.parametrize("remote", [False, True], ids=["in-process", "remote"])
def test_a_server_that_moves_on_conforms(remote: bool) -> None:  # noqa: FBT001 - a parameter
    """Every rule of another member is proven, one request at a time; versions may be looked up."""
    server = Moving()
    if remote:
        with in_background(server) as url:
            result = ec.check_target(url, base=server.payload, only=ONLY)
    else:
        result = ec.check_target(server, base=server.payload, only=ONLY)
    (note,) = result.notes
    assert (result.exit_code, result.violations, result.baseline) == (0, (), "accepted")
    assert f"of {VERSIONS}/currentVersion" in note
    assert "--pin" not in note
    assert result.tallies[f"{BUYER}#pattern", "reject"].held > 10
    assert result.tallies[f"{BUYER}#pattern", "accept"].held > 3
    assert result.tallies[f"{BUYER}#pattern", "reject"].inconclusive == 0


@pytest.mark.parametrize("name", [f"{BUYER}#pattern/unenforced", f"{BUYER}#required/crash"])
def test_a_defect_of_a_server_that_moves_on_is_found(name: str) -> None:
    """It is named, and nothing else."""
    server = Moving(name)
    result = ec.check_target(server, base=server.payload, only=ONLY)
    assert {finding.rule for finding in result.violations} == {name.rpartition("/")[0]}
    assert result.exit_code == 1


def test_cases_keep_their_ids_and_their_order() -> None:
    """The cases are those of the first payload, whatever the others are."""
    server, seen = Moving(), []
    plan = make_plan(base=server.payload)
    usual = make_plan(base=Moving().payload())
    assert [case.id for case in plan.cases] == [case.id for case in usual.cases]
    result = ec.check_target(
        server,
        base=server.payload,
        only=[f"{BUYER}#*"],
        pins={"/b2bIds/supplierB2BId": "PINNED"},
        skip=[f"{BUYER}#required/*"],
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(at + 1, len(seen)) for at in range(len(seen))]
    assert result.violations == ()


def test_the_payload_is_asked_for_no_more_often_than_it_moves() -> None:
    """Rejections move nothing, so what is derived for one is good for the next."""
    server = Moving()
    result = ec.check_target(
        server, base=server.payload, only=[f"{BUYER}#pattern/*"], polarity="reject"
    )
    # For the plan, before each of the two baselines, and after the first of these was accepted.
    assert (server.given, server.version, result.exit_code) == (4, 3, 0)


class Failing:
    """A base that is given some times, and then fails."""

    def __init__(self, server: Moving, times: int, problem: Any) -> None:
        self._server, self._left, self._problem = server, times, problem

    def __call__(self) -> Any:
        """Return the payload, or fail."""
        self._left -= 1
        if self._left >= 0:
            return self._server.payload()
        if isinstance(self._problem, Exception):
            raise self._problem
        return self._problem


SOME = [f"{BUYER}#*", "request#json/*"]


@pytest.mark.parametrize("times", [2, 3, 4, 12])
def test_a_base_that_fails_later_ends_the_run(times: int) -> None:
    """What was proven stays, the rest is inconclusive, and a note says why."""
    server = Moving()
    base = Failing(server, times, OSError("no database"))
    result = ec.check_target(server, base=base, only=SOME)
    assert (
        "the base could not be renewed: the base failed with OSError: no database" in result.notes
    )
    assert (result.violations, result.count("inconclusive") > 0) == ((), True)
    planned = make_plan(Selection(only=SOME), base=Moving().payload())
    assert result.total == 1 + len(planned.cases)


def test_a_base_that_fails_at_the_end_leaves_nothing_proven() -> None:
    """No baseline could be sent after the cases, so nobody knows why they were rejected."""
    server = Moving()
    base = Failing(server, 3, OSError("no database"))
    result = ec.check_target(server, base=base, only=[f"{BUYER}#pattern/*"], polarity="reject")
    assert (
        "the base could not be renewed: the base failed with OSError: no database" in result.notes
    )
    assert (result.violations, result.count("held"), server.version) == ((), 1, 2)


def test_a_case_that_the_present_base_has_no_place_for_is_left_out() -> None:
    """Its member is gone, so it is inconclusive, and no case of another."""
    payloads = itertools.chain([2], itertools.repeat(1))

    def base() -> Any:
        payload = copy.deepcopy(EXAMPLE)
        payload["invoiceStatus"]["objectVersion"]["newVersion"] = next(payloads)
        return payload

    name = f"request{VERSIONS}/newVersion#type/with-fraction"
    result = ec.check_target(base=base, only=[name, f"{BUYER}#required/removed"])
    assert result.notes == ("the base had no place for 1 case, by the time of sending",)
    assert (result.count("held"), result.count("inconclusive"), result.exit_code) == (2, 1, 0)


def test_fuzzing_wants_one_payload() -> None:
    """What is drawn is derived from it for the whole time."""
    with pytest.raises(UsageError, match="^fuzzing varies one payload; give that as the base"):
        ec.check_target(Moving(), base=lambda: EXAMPLE, fuzz=5, only=ONLY)
